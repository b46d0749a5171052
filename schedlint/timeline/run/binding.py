"""Binding arguments to parameters: by position, keyword, default, `*` and `**`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.program.symbols import Function
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.run.machine import Frame
from schedlint.timeline.run.names import called_by_name
from schedlint.timeline.run.values import (
    Given,
    LambdaRoutine,
    Pack,
    Routine,
    Table,
    Value,
    just,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk


WRAPPED = frozenset({"step", "step_update"})
"""Methods that people wrap in methods of the same name."""


class Binding:
    """Binds arguments."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self.from_outside = False

    @contextmanager
    def unknown_caller(self) -> Iterator[None]:
        """Bind the parameters of the next function as for a caller that is not known: defaults may be overridden."""
        self.from_outside = True
        try:
            yield
        finally:
            self.from_outside = False

    def bind(
        self,
        frame: Frame,
        parameters: Sequence[facts.Parameter],
        routine: Routine | LambdaRoutine,
        given: tuple[Given, ...],
        name: str,
    ) -> None:
        """Bind arguments to parameters: by position, keyword, default, `*` and `**`."""
        machine = self._machine
        plain = [argument.value for argument in given if argument.keyword is None and not argument.star]
        keywords = {argument.keyword: argument.value for argument in given if argument.keyword is not None}
        opaque = any(argument.star for argument in given)
        position = 0
        if not given and self._is_composed(frame, parameters, routine):
            return
        for parameter in parameters:
            if parameter.kind == "*":
                machine.store.put((frame.id, parameter.name), just(Pack(tuple(plain[position:]))))
                position = len(plain)
            elif parameter.kind == "**":
                rest = Table(tuple((key, value) for key, value in keywords.items()))
                machine.store.put((frame.id, parameter.name), just(self._walk.containers.make("dict", rest)))
            elif parameter.kind != "keyword" and position < len(plain):
                self._give(frame, parameter, routine, plain[position])
                position += 1
            elif parameter.name in keywords:
                self._give(frame, parameter, routine, keywords.pop(parameter.name))
            else:
                machine.store.put((frame.id, parameter.name), self._missing(frame, parameter, routine, name, opaque))

    def _give(self, frame: Frame, parameter: facts.Parameter, routine: Routine | LambdaRoutine, value: Value) -> None:
        """Bind what the call gives for a parameter, whose annotation may say more of it than is known."""
        self._machine.store.put((frame.id, parameter.name), called_by_name(value, parameter.name))
        if isinstance(routine, Routine) and parameter.annotation is not None:
            self._walk.making.heed_annotation(value, parameter.annotation, routine.function)

    def _is_composed(
        self, frame: Frame, parameters: Sequence[facts.Parameter], routine: Routine | LambdaRoutine
    ) -> bool:
        """Whether a decorator gives a function its only argument, which is bound then: settings (`hydra.main`)."""
        if not isinstance(routine, Routine) or not routine.function.node.decorators or len(parameters) != 1:
            return False
        composed = self._walk.settings.composed(routine.function)
        if composed is not None:
            self._machine.store.put((frame.id, parameters[0].name), composed)
        return composed is not None

    def _missing(
        self, frame: Frame, parameter: facts.Parameter, routine: Routine | LambdaRoutine, name: str, opaque: bool
    ) -> Value:
        """What a parameter holds that the call gives nothing for."""
        if parameter.default is not None and not opaque and not self.from_outside:
            for known, value in routine.defaults:
                if known == parameter.name:
                    return value
            if isinstance(routine, Routine):
                return self._default(parameter.default, routine.function)
        if opaque:
            reason = f"`{name}` gets `{parameter.name}` through `*` or `**`"
        else:
            reason = f"`{name}` is called without `{parameter.name}`"
        key = f"{frame.module.path}:{name}:{frame.id}:{parameter.name}"
        given = self._left_out(parameter, routine)
        symbol = Symbol(key=key, name=parameter.name, role="parameter", reason=reason, default=given)
        self._machine.mapped[key] = tuple(_entries(symbol, parameter.default))
        if isinstance(routine, Routine) and parameter.annotation is not None:
            self._walk.making.adopt_annotated(symbol, parameter.annotation, routine.function)
        return just(symbol)

    def _left_out(self, parameter: facts.Parameter, routine: Routine | LambdaRoutine) -> Literal | None:
        """What a parameter is where a caller that is not known leaves it out. A `step(metric, epoch=None)` of the
        project is given an epoch if any `step` is.
        """
        if not isinstance(parameter.default, facts.Constant):
            return None
        if parameter.default.value is None and isinstance(routine, Routine):
            function = routine.function
            if function.node.name in WRAPPED and self._machine.program.is_given(function, parameter.name):
                return None
        return Literal(parameter.default.value)

    def _default(self, default: facts.Expr, function: Function) -> Value:
        if isinstance(default, facts.Constant):
            return just(Literal(default.value))
        return self._walk.names.evaluate_in(function.module, default)

    def defaults(self, parameters: Sequence[facts.Parameter]) -> tuple[tuple[str, Value], ...]:
        """The values of defaults, evaluated where a nested function or lambda is defined."""
        evaluate = self._walk.evaluator.evaluate
        return tuple((each.name, evaluate(each.default)) for each in parameters if each.default is not None)


def _entries(symbol: Symbol, default: facts.Expr | None) -> Iterator[tuple[str, Symbol]]:
    """The entries of a mapping that a parameter holds unless it is given another one."""
    written: list[tuple[object, facts.Expr]] = []
    match default:
        case facts.Mapping(items=items):
            written = [(key.value, value) for key, value in items if isinstance(key, facts.Constant)]
        case facts.Call(func=facts.Name(id="dict"), arguments=arguments):
            written = [(argument.keyword, argument.value) for argument in arguments]
    for name, value in written:
        if isinstance(name, str):
            given = Literal(value.value) if isinstance(value, facts.Constant) else None
            spelled = f"{symbol.name}['{name}']"
            yield name, replace(symbol, key=f"{symbol.key}[{name}]", name=spelled, default=given)
