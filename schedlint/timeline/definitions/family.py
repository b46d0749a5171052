"""A scheduler class with the classes of the project that it derives from: their methods, and what these store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from schedlint import facts
from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.mro import Ancestor
from schedlint.program.program import Program
from schedlint.program.symbols import Assigned, Class, External, Function, Module
from schedlint.program.walk import Block, nodes, scope_statements

HARMLESS_BASES = frozenset(
    ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol")
)
PROPERTIES = frozenset(("property", "cached_property"))
DYNAMIC = ("__getattr__", "__getattribute__", "__setattr__", "__new__")


class Stored(NamedTuple):
    """A store to an attribute of `self`: in which method, what (None where that is no expression), and where."""

    method: Function
    value: facts.Expr | None
    at: facts.Span


class Outside(NamedTuple):
    """A method that is the library's own."""

    name: str


class Family:
    """A class of the project that derives from a class which asks `get_lr()` for the learning rates."""

    def __init__(self, program: Program, knowledge: Knowledge, cls: Class) -> None:
        self.program = program
        self.cls = cls
        self._knowledge = knowledge
        self._line = program.mro(cls)

    @cached_property
    def bases(self) -> tuple[External, ...]:
        """The library's classes that it derives from."""
        return tuple(each for each in self._line if isinstance(each, External) and each.qualified not in HARMLESS_BASES)

    @property
    def is_understood(self) -> bool:
        """Whether nothing but known classes makes it what it is: no metaclass, no decorator, no dynamic attribute."""
        known = all(self._is_known(each) for each in self._line)
        return known and bool(self.bases) and not any(self.own(name) for name in DYNAMIC)

    def _is_known(self, ancestor: Ancestor) -> bool:
        if isinstance(ancestor, External):
            return ancestor.qualified in HARMLESS_BASES or self._knowledge.is_template(ancestor.qualified)
        if not isinstance(ancestor, Class) or not all(map(is_registration, ancestor.node.decorators)):
            return False
        keywords = {each.keyword for each in ancestor.node.arguments if each.keyword}
        metaclasses = [each.value for each in ancestor.node.arguments if each.keyword == "metaclass"]
        return keywords <= {"metaclass"} and all("ABCMeta" in names(each) for each in metaclasses)

    @property
    def has_no_other_schedule(self) -> bool:
        """Whether the library's classes among its bases have no schedule, and so no attributes, of their own."""
        tables = [self._knowledge.scheduler(base.qualified) for base in self.bases]
        return all(table is not None and table.abstract for table in tables)

    def constant(self, qualified: str) -> float | None:
        """The number that a library has under a name."""
        return self._knowledge.constant(qualified)

    def own(self, name: str) -> tuple[Function | Assigned, ...]:
        """What the classes of the project bind a name to in their bodies."""
        found = self.program.class_attribute(self.cls, name)
        return tuple(each for each in found if isinstance(each, (Function, Assigned)))

    def method(self, name: str, after: Class | None = None) -> Function | Outside | None:
        """The method that a call on an instance reaches; None where that is not known."""
        found = self.program.method(self.cls, name, after)
        if isinstance(found, External):
            return Outside(name)
        return found if isinstance(found, Function) else None

    @cached_property
    def methods(self) -> tuple[Function, ...]:
        """Every method of its classes of the project, overridden ones included."""
        return tuple(method for cls in self._line if isinstance(cls, Class) for method in self.program.methods(cls))

    @cached_property
    def stores(self) -> dict[str, tuple[Stored, ...]]:
        """Every store to an attribute of `self` in its methods, local functions included."""
        found: defaultdict[str, list[Stored]] = defaultdict(list)
        for method in self.methods:
            for name, stored in stores_in(method):
                found[name].append(stored)
        return {name: tuple(each) for name, each in found.items()}


def stores_in(method: Function) -> Iterator[tuple[str, Stored]]:
    """The stores to attributes of `self` in a method, local functions included."""
    for target, value in stores_below(method.node.body, receiver(method)):
        yield target.attr, Stored(method, value, target.at)


def stores_below(body: Block, me: str) -> Iterator[tuple[facts.Attribute, facts.Expr | None]]:
    """The stores to attributes of the object called `me` in some statements, local functions included."""
    stack = [body]
    while stack:
        for statement in scope_statements(stack.pop()):
            if isinstance(statement, facts.FunctionDef):
                stack.append(statement.body)
            for target, value in targets(statement):
                if is_self(target, me) and isinstance(target, facts.Attribute):
                    yield target, value


def targets(statement: facts.Statement) -> Iterator[tuple[facts.Expr, facts.Expr | None]]:
    """What a statement stores to, each with the value where one expression is it."""
    given: list[tuple[facts.Expr, facts.Expr | None]] = []
    if isinstance(statement, facts.Assign):
        given = [(target, statement.value) for target in statement.targets]
    elif isinstance(statement, facts.AnnAssign):
        given = [(statement.target, statement.value)] if statement.value is not None else []
    elif isinstance(statement, (facts.AugAssign, facts.For)):
        given = [(statement.target, None)]
    elif isinstance(statement, facts.With):
        given = [(item.target, None) for item in statement.items if item.target is not None]
    while given:
        target, value = given.pop()
        if isinstance(target, facts.Sequence):
            same = isinstance(value, facts.Sequence) and len(value.items) == len(target.items)
            parts = value.items if same and isinstance(value, facts.Sequence) else (None,) * len(target.items)
            given += zip(target.items, parts, strict=True)
        else:
            yield (target.value, None) if isinstance(target, facts.Starred) else (target, value)


def receiver(method: Function) -> str:
    """The name of the parameter that holds the object; "" in a static or class method."""
    if any(names(each) & {"staticmethod", "classmethod"} for each in method.node.decorators):
        return ""
    first = method.node.parameters[:1]
    return first[0].name if first and first[0].kind in ("positional", "normal") else ""


def is_self(expr: facts.Expr, me: str) -> bool:
    """Whether an expression is an attribute of the object itself."""
    return bool(me) and isinstance(expr, facts.Attribute) and is_name(expr.value, me)


def is_name(expr: facts.Expr, name: str) -> bool:
    """Whether an expression is that name."""
    return isinstance(expr, facts.Name) and expr.id == name


def is_registration(decorator: facts.Expr) -> bool:
    """Whether a decorator of a class says that it notes the class somewhere: `@SCHEDULERS.register_module()`."""
    return any("regist" in name.lower() for name in names(decorator))


def is_property(method: Function) -> bool:
    """Whether reading the attribute calls the method."""
    return any(names(each) & PROPERTIES for each in method.node.decorators)


def names(expr: facts.Expr) -> set[str]:
    """Every identifier in an expression, attributes included."""
    found = set()
    for node in nodes(expr):
        if isinstance(node, facts.Name):
            found.add(node.id)
        elif isinstance(node, facts.Attribute):
            found.add(node.attr)
    return found


def placed(module: Module, at: facts.Span) -> Place:
    """Where something stands."""
    return Place(module.path, at.row, at.column, at.end_row, at.end_column)
