"""What an expression in a method of a scheduler class is made of: numbers, the number of steps, learning rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from schedlint import facts
from schedlint.program.symbols import Assigned, External, Function
from schedlint.program.walk import dotted, nodes, scope_statements
from schedlint.timeline.definitions.family import Family, is_name, is_property, receiver, targets

POSITION, COUNTER = "last_epoch", "_step_count"
BUILTINS = frozenset("min max float int round abs len pow".split())
DEEP = 12
"""Expressions nested deeper than this, names looked through included, are not understood."""

OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "**": lambda a, b: math.pow(a, b),
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "math.cos": math.cos,
    "math.sin": math.sin,
    "math.exp": math.exp,
    "math.sqrt": math.sqrt,
    "pow": math.pow,
    "builtins.pow": math.pow,
    "builtins.min": min,
    "builtins.max": max,
    "builtins.float": float,
}


class Scope:
    """A method, seen from inside: what its names and the attributes of its object stand for."""

    def __init__(self, family: Family, method: Function, others: dict[Function, Scope] | None = None) -> None:
        self.family = family
        self.method = method
        self.me = receiver(method)
        self.looped: dict[str, facts.Expr] = {}
        """The names that go through something, in loops and comprehensions, with what they go through."""
        self._values: dict[str, list[facts.Expr | None]] = {}
        self._others = {} if others is None else others
        self._read()

    def _read(self) -> None:
        for statement in scope_statements(self.method.node.body):
            if isinstance(statement, facts.For):
                if isinstance(statement.target, facts.Name):
                    self.looped[statement.target.id] = statement.iterable
                continue
            for target, value in targets(statement):
                if isinstance(target, facts.Name):
                    self._values.setdefault(target.id, []).append(value)
        for node in (each for statement in self.method.node.body for each in nodes(statement)):
            if isinstance(node, facts.Generator) and isinstance(node.target, facts.Name):
                self.looped.setdefault(node.target.id, node.iterable)

    def inside(self, method: Function) -> Scope:
        """Another method of the class."""
        if method not in self._others:
            self._others[method] = Scope(self.family, method, self._others)
        return self._others[method]

    def attribute(self, expr: facts.Expr) -> str:
        """The name of an attribute of the object itself, dotted; "" for anything else."""
        bottom, chain = dotted(expr)
        return ".".join(chain) if self.me and is_name(bottom, self.me) else ""

    def values(self, name: str) -> list[facts.Expr | None]:
        """Everything that is stored to a local name; None stands for what has no expression."""
        return self._values.get(name, [])

    def only_value(self, name: str) -> facts.Expr | None:
        """The one expression that is stored to a local name; None where there is another store, or a parameter."""
        found = self.values(name)
        is_parameter = any(each.name == name for each in self.method.node.parameters)
        return found[0] if len(found) == 1 and not is_parameter and name not in self.looped else None

    def formula(self, expr: facts.Call | facts.Attribute) -> tuple[Scope, facts.Expr] | None:
        """What a property, or a method that is called without arguments, gives by one formula; where that stands."""
        called = isinstance(expr, facts.Call)
        name = self.attribute(expr.func if isinstance(expr, facts.Call) else expr)
        found = self.family.method(name) if name and "." not in name and name not in self.family.stores else None
        if not isinstance(found, Function) or len(found.node.parameters) != 1 or len(found.node.body) != 1:
            return None
        is_read_so = not found.node.decorators if called else is_property(found)
        only = found.node.body[0]
        if not is_read_so or not isinstance(only, facts.Return) or only.value is None:
            return None
        return self.inside(found), only.value

    def goes_through(self, name: str, *chains: str) -> bool:
        """Whether a name is an item of one of these attributes of the object, and nothing else."""
        return not self.values(name) and self.attribute(self.looped.get(name, facts.Constant(None))) in chains

    def is_group(self, expr: facts.Expr) -> bool:
        """Whether it is a parameter group of the optimizer."""
        if isinstance(expr, facts.Name):
            return self.goes_through(expr.id, "optimizer.param_groups")
        return isinstance(expr, facts.Subscript) and self.attribute(expr.value) == "optimizer.param_groups"

    def is_rate(self, expr: facts.Expr, key: str) -> bool:
        """Whether it is `group[key]` of a parameter group."""
        return isinstance(expr, facts.Subscript) and expr.index == facts.Constant(key) and self.is_group(expr.value)

    def called(self, call: facts.Call) -> str:
        """The canonical name of what is called, if that is no part of the project: `math.cos` for numpy's too."""
        if isinstance(call.func, facts.Name) and call.func.id in BUILTINS:
            bound = self.family.program.lookup(self.method.module, call.func.id)
            return "" if bound else f"builtins.{call.func.id}"
        found = self.family.program.expression(self.method.module, call.func)
        return found[0].qualified if len(found) == 1 and isinstance(found[0], External) else ""

    # --- numbers ----------------------------------------------------------------------------------------------------

    def number(self, expr: facts.Expr, position: float, depth: int = 0) -> float | None:
        """The value of an expression when so many steps were taken; parameters have their defaults."""
        if depth > DEEP:
            return None
        if isinstance(expr, facts.Constant):
            return float(expr.value) if is_number(expr) else None  # type: ignore[arg-type]
        if isinstance(expr, facts.Unary) and expr.op in "+-":
            value = self.number(expr.operand, position, depth + 1)
            return None if value is None else value if expr.op == "+" else -value
        if isinstance(expr, facts.Binary):
            return self._applied(OPERATIONS.get(expr.op), (expr.left, expr.right), position, depth)
        found = self.formula(expr) if isinstance(expr, (facts.Call, facts.Attribute)) else None
        if found is not None:
            return found[0].number(found[1], position, depth + 1)
        if isinstance(expr, facts.Call):
            plain = tuple(each.value for each in expr.arguments if not each.keyword and not each.star)
            whole = len(plain) == len(expr.arguments)
            return self._applied(FUNCTIONS.get(self.called(expr)) if whole else None, plain, position, depth)
        return self._named(expr, position, depth)

    def _applied(
        self, operation: Callable[..., float] | None, operands: tuple[facts.Expr, ...], position: float, depth: int
    ) -> float | None:
        values = [self.number(each, position, depth + 1) for each in operands]
        known = [value for value in values if value is not None]
        if operation is None or not known or len(known) < len(values):
            return None
        try:
            result = operation(*known)
        except (ArithmeticError, ValueError, TypeError):
            return None
        return result if math.isfinite(result) else None

    def _named(self, expr: facts.Expr, position: float, depth: int) -> float | None:
        name = self.attribute(expr)
        if name == POSITION:
            return position
        if name == COUNTER:
            return position + 1
        if name:
            return self._attribute_number(name, position, depth)
        if isinstance(expr, facts.Name):
            value = self.only_value(expr.id)
            if value is not None:
                return self.number(value, position, depth + 1)
            return default_number(self.method, expr.id) if not self.values(expr.id) else None
        found = self.family.program.expression(self.method.module, expr)
        known = found[0] if len(found) == 1 else None
        return self.family.constant(known.qualified) if isinstance(known, External) else None

    def _attribute_number(self, name: str, position: float, depth: int) -> float | None:
        stored = self.family.stores.get(name, ())
        if len(stored) == 1 and stored[0].value is not None:
            return self.inside(stored[0].method).number(stored[0].value, position, depth + 1)
        own = [each for each in self.family.own(name) if isinstance(each, Assigned)]
        if not stored and len(own) == 1 and own[0].value is not None and is_number(own[0].value):
            return self.number(own[0].value, position, depth + 1)
        return None


def default_number(method: Function, name: str) -> float | None:
    """The number that a parameter has by default."""
    found = [each.default for each in method.node.parameters if each.name == name]
    default = found[0] if found else None
    return float(default.value) if default is not None and is_number(default) else None  # type: ignore[arg-type, union-attr]


def is_number(expr: facts.Expr) -> bool:
    """Whether an expression is a literal number."""
    return (
        isinstance(expr, facts.Constant) and isinstance(expr.value, (int, float)) and not isinstance(expr.value, bool)
    )


def returns(method: Function) -> Iterator[facts.Return]:
    """The return statements of a method, those of local functions left out."""
    for statement in scope_statements(method.node.body):
        if isinstance(statement, facts.Return):
            yield statement
