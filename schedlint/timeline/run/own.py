"""Classes and functions of the project that the user's own tables speak of: what these say wins over what is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.program.symbols import Class, Function
from schedlint.timeline.run.members import decorator_names
from schedlint.timeline.run.values import Given, Thing, Value

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk


class Own:
    """Finds the entries of the user's tables for definitions of the project."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._names: dict[Class | Function, str] = {}

    def name(self, definition: Class | Function) -> str:
        """The name under which the user's tables have a definition; "" if they have it not.

        A name without a dot means every definition that is so called, any other one what an import of it would find.
        """
        if definition not in self._names:
            names = self._machine.knowledge.own.get(definition.node.name, ())
            found = (name for name in names if self._means(name, definition))
            self._names[definition] = self._machine.knowledge.canonical(next(found, ""))
        return self._names[definition]

    def _means(self, name: str, definition: Class | Function) -> bool:
        if "." not in name:
            return not isinstance(definition, Function) or definition.owner is None
        return definition in self._machine.program.named(name, definition.module.path)

    def call(
        self, function: Function, receiver: Thing | None, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value | None:
        """Call a function or method of the project as the tables say; None if they say nothing of it."""
        name = self.name(function) if self._machine.knowledge.own else ""
        if not name:
            return None
        library = self._walk.library
        effect = self._machine.knowledge.function(name)
        if effect is not None:
            return library.effect(effect, given, at, spelled, receiver)
        return library.call(name, self._by_name(function, receiver, given), at, spelled)

    @staticmethod
    def _by_name(function: Function, receiver: Thing | None, given: tuple[Given, ...]) -> tuple[Given, ...]:
        """The arguments, those given by position under the names of the function's own parameters."""
        skipped = receiver is not None and "staticmethod" not in decorator_names(function.node)
        names = [each.name for each in function.node.parameters if each.kind in ("normal", "positional")][skipped:]
        found: list[Given] = []
        for argument in given:
            if argument.star == "*":
                names = []
            by_position = argument.keyword is None and not argument.star and names
            found.append(replace(argument, keyword=names.pop(0)) if by_position else argument)
        return tuple(found)
