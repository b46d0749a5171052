"""What `get_lr()` of a scheduler class gives, where that is no value for each parameter group."""

from __future__ import annotations

from collections.abc import Iterable

from schedlint import facts
from schedlint.diagnostics import Confidence
from schedlint.program.symbols import External, Function
from schedlint.program.walk import nodes
from schedlint.timeline.definitions.family import Family, names, placed
from schedlint.timeline.definitions.formulas import (
    COUNTER,
    DEEP,
    POSITION,
    Scope,
    default_number,
    is_number,
    returns,
)
from schedlint.timeline.definitions.model import Answer, AnswerKind

ARITHMETIC = frozenset(("+", "-", "*", "/", "//", "**", "%"))
TO_NUMBERS = ("builtins.float", "builtins.int", "builtins.len", "builtins.round")
SURE, LIKELY = Confidence.CERTAIN, Confidence.LIKELY
NUMERIC = frozenset(("int", "float"))


def answers(family: Family, method: Function) -> tuple[Answer, ...]:
    """The ways through a `get_lr()` that give no list; () for a generator, and where a part of it is left open."""
    if method.node.is_generator or method.node.is_async or method.node.decorators or not method.node.body:
        return ()
    found = list(returns(method))
    given = [each for each in found if each.value is not None and each.value != facts.Constant(None)]
    if not given:
        return nothing(method, found)
    scope = Scope(family, method)
    sure = [(each, is_scalar(scope, each.value)) for each in given if each.value is not None]
    always = len(given) == len(found) and all(confidence is not None for _, confidence in sure)
    return tuple(
        Answer(AnswerKind.NUMBER, placed(method.module, each.at or method.at), always, confidence if always else LIKELY)
        for each, confidence in sure
        if confidence is not None
    )


def nothing(method: Function, found: list[facts.Return]) -> tuple[Answer, ...]:
    """A `get_lr()` that does something and returns nothing: not one that is left for others to define."""
    raises = any(isinstance(node, facts.Raise) for statement in method.node.body for node in nodes(statement))
    if raises or method.node.body == tuple(found):
        return ()
    return (Answer(AnswerKind.NOTHING, placed(method.module, method.at), True, SURE),)


def is_scalar(scope: Scope, expr: facts.Expr, depth: int = 0) -> Confidence | None:
    """How sure it is that an expression is a number, and no list, array or tensor with an item for each group."""
    if depth > DEEP:
        return None
    if isinstance(expr, facts.Constant):
        return SURE if is_number(expr) else None
    if isinstance(expr, facts.Unary) and expr.op in "+-":
        return is_scalar(scope, expr.operand, depth + 1)
    if isinstance(expr, facts.Binary):
        sides = (expr.left, expr.right) if expr.op in ARITHMETIC else ()
        return every(is_scalar(scope, each, depth + 1) for each in sides)
    if isinstance(expr, facts.Conditional):
        return every(is_scalar(scope, each, depth + 1) for each in (expr.body, expr.orelse))
    if isinstance(expr, facts.Call):
        return of_call(scope, expr, depth)
    if isinstance(expr, facts.Subscript):
        return of_item(scope, expr)
    if isinstance(expr, facts.Name):
        return of_name(scope, expr.id, depth)
    return of_attribute(scope, scope.attribute(expr), depth)


def every(found: Iterable[Confidence | None]) -> Confidence | None:
    """How sure all of several are."""
    given = list(found)
    if None in given or not given:
        return None
    return LIKELY if LIKELY in given else SURE


def of_call(scope: Scope, call: facts.Call, depth: int) -> Confidence | None:
    """`min` and `max` of several give one of them, a method what it returns; numpy's functions work on arrays too."""
    name = scope.called(call)
    if name in TO_NUMBERS or (name and of_math_itself(scope, call)):
        return SURE
    if name.startswith("math."):
        return every(is_scalar(scope, each.value, depth + 1) for each in call.arguments)
    if name in ("builtins.min", "builtins.max") and len(call.arguments) > 1:
        return every(None if each.star else is_scalar(scope, each.value, depth + 1) for each in call.arguments)
    own = scope.attribute(call.func)
    method = scope.family.method(own) if own and "." not in own and own not in scope.family.stores else None
    if not isinstance(method, Function) or method.node.is_generator or method.node.decorators:
        return None
    inner = scope.inside(method)
    values = [each.value for each in returns(method)]
    return every(None if value is None else is_scalar(inner, value, depth + 4) for value in values)


def of_math_itself(scope: Scope, call: facts.Call) -> bool:
    """Whether it calls a function of the module `math`, which works on numbers alone."""
    module = call.func.value if isinstance(call.func, facts.Attribute) else None
    found = () if module is None else scope.family.program.expression(scope.method.module, module)
    return found == (External("math"),)


def of_item(scope: Scope, expr: facts.Subscript) -> Confidence | None:
    """The rate of one parameter group."""
    if scope.is_rate(expr, "lr") or scope.is_rate(expr, "initial_lr"):
        return SURE
    whole = scope.attribute(expr.value) == "base_lrs" and "base_lrs" not in scope.family.stores
    return SURE if whole and not isinstance(expr.index, facts.Slice) else None


def of_name(scope: Scope, name: str, depth: int) -> Confidence | None:
    """A local name, by everything that is stored to it."""
    values = scope.values(name)
    if not values and scope.goes_through(name, "base_lrs") and "base_lrs" not in scope.family.stores:
        return SURE
    if not values or name in scope.looped:
        return of_parameter(scope.method, name) if not values else None
    return every(None if value is None else is_scalar(scope, value, depth + 1) for value in values)


def of_parameter(method: Function, name: str) -> Confidence | None:
    """A parameter that is said to be a number, or is one by default."""
    found = [each.annotation for each in method.node.parameters if each.name == name]
    annotated = bool(found) and found[0] is not None and names(found[0]) <= NUMERIC and bool(names(found[0]))
    return LIKELY if annotated or default_number(method, name) is not None else None


def of_attribute(scope: Scope, name: str, depth: int) -> Confidence | None:
    """An attribute of the object, by everything that is stored to it."""
    if name in (POSITION, COUNTER):
        return SURE
    stored = scope.family.stores.get(name, ())
    if not stored or scope.family.own(name):
        return None
    return every(
        None if each.value is None else is_scalar(scope.inside(each.method), each.value, depth + 2) for each in stored
    )
