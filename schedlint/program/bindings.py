"""What the statements of one scope bind, read off the facts alone: a table of names for a module, class or function.

Branches join: a name bound under `if`, `try` or `match` keeps every binding that may hold after them, and code that
always runs replaces what was bound before. Imports stay as they are written; `links` follows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schedlint import facts
from schedlint.program.exports import literal_exports
from schedlint.program.symbols import Assigned, Class, Function, Module
from schedlint.program.walk import Block, branches


@dataclass(frozen=True, slots=True)
class Imported:
    """A name bound by an import statement, not followed yet."""

    node: facts.Import
    alias: facts.Alias


Bound: TypeAlias = Function | Class | Assigned | Imported


@dataclass(frozen=True, slots=True)
class Star:
    """`from x import *`; `certain` when it always runs."""

    node: facts.Import
    certain: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The names of one scope.

    `names` has every binding that may hold at the end of the body, in order; `certain` are the names bound on every way
    through it. `earlier` has what a class statement replaced: the `SGD` that `class SGD(SGD)` derives from. `exports`
    is a literal `__all__`.
    """

    names: Mapping[str, tuple[Bound, ...]]
    certain: frozenset[str]
    stars: tuple[Star, ...]
    earlier: Mapping[Class, tuple[Bound, ...]]
    exports: frozenset[str] | None


def table(module: Module, body: Block, owner: Class | None = None) -> Table:
    """The table of a body; functions in it are methods of `owner` where that is given."""
    reader = _Reader(module, owner)
    flow = reader.block(body)
    return Table(flow.names, frozenset(flow.certain), tuple(flow.stars), reader.earlier, literal_exports(body))


@dataclass(slots=True)
class _Flow:
    """What a block does to the names of its scope; `ends` when nothing after it runs."""

    names: dict[str, tuple[Bound, ...]] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    stars: list[Star] = field(default_factory=list)
    ends: bool = False

    def bind(self, name: str, *bound: Bound) -> None:
        self.names[name] = bound
        self.certain.add(name)

    def add(self, later: _Flow) -> None:
        """Run `later` after this one."""
        for name, bound in later.names.items():
            kept = () if name in later.certain else self.names.get(name, ())
            self.names[name] = _unique((*kept, *bound))
        self.certain |= later.certain
        self.stars += later.stars
        self.ends = self.ends or later.ends

    def maybe(self) -> _Flow:
        """The same block when it may not run, or not to its end."""
        return _Flow(dict(self.names), set(), [Star(star.node, False) for star in self.stars])


def _unique(items: Iterable[Bound]) -> tuple[Bound, ...]:
    return tuple(dict.fromkeys(items))


def _join(flows: Iterable[_Flow]) -> _Flow:
    """The flow of exactly one of several; those that end (`raise`) say nothing about what follows."""
    alive = [flow for flow in flows if not flow.ends]
    if not alive:
        return _Flow(ends=True)
    if len(alive) == 1:
        return alive[0]
    joined = _Flow()
    for flow in alive:
        for name, bound in flow.names.items():
            joined.names[name] = _unique((*joined.names.get(name, ()), *bound))
        joined.stars += flow.maybe().stars
    joined.certain = set.intersection(*(flow.certain for flow in alive))
    return joined


class _Reader:
    """Reads the blocks of one scope. Python nests blocks at most a hundred deep; `elif` chains do not count here."""

    def __init__(self, module: Module, owner: Class | None) -> None:
        self.module = module
        self.owner = owner
        self.earlier: dict[Class, tuple[Bound, ...]] = {}

    def block(self, body: Block) -> _Flow:
        flow = _Flow()
        for statement in body:
            self._statement(flow, statement)
            if flow.ends:
                break
        return flow

    def _statement(self, flow: _Flow, statement: facts.Statement) -> None:
        if isinstance(statement, facts.FunctionDef):
            self._function(flow, statement)
        elif isinstance(statement, facts.ClassDef):
            self._class(flow, statement)
        elif isinstance(statement, facts.Import):
            _import(flow, statement)
        elif isinstance(statement, (facts.Raise, facts.Return)):
            flow.ends = True
        elif isinstance(statement, facts.Delete):
            for target in statement.targets:
                if isinstance(target, facts.Name):
                    flow.bind(target.id)
        elif isinstance(statement, (facts.Assign, facts.AnnAssign, facts.AugAssign)):
            self._assign(flow, statement)
        else:
            self._compound(flow, statement)

    def _function(self, flow: _Flow, node: facts.FunctionDef) -> None:
        accessor = any(isinstance(d, facts.Attribute) and _is(d.value, node.name) for d in node.decorators)
        if not (accessor and node.name in flow.names):  # `@lr.setter` adds to the property; reading it is the first one
            flow.bind(node.name, Function(self.module, node, node.at, self.owner))

    def _class(self, flow: _Flow, node: facts.ClassDef) -> None:
        made = Class(self.module, node, node.at)
        if node.name in flow.names:
            self.earlier[made] = flow.names[node.name]
        flow.bind(node.name, made)

    def _assign(self, flow: _Flow, node: facts.Assign | facts.AnnAssign | facts.AugAssign) -> None:
        if isinstance(node, facts.Assign):
            for target in node.targets:
                self._store(flow, target, node.value, node.at)
        elif isinstance(node, facts.AugAssign):
            self._store(flow, node.target, None, node.at)
        elif node.value is not None:
            self._store(flow, node.target, node.value, node.at)

    def _store(self, flow: _Flow, target: facts.Expr, value: facts.Expr | None, at: facts.Span) -> None:
        for name, part in _stores(target, value):
            if part is not None and _is(part, name.id):
                continue  # `X = X`, as some mark a name that is kept for older code
            flow.bind(name.id, Assigned(self.module, part, name.at))

    def _compound(self, flow: _Flow, statement: facts.Statement) -> None:
        if isinstance(statement, facts.If):
            flow.add(_join([self.block(body) for body in branches(statement)]))
        elif isinstance(statement, (facts.For, facts.While)):
            flow.add(self._loop(statement).maybe())
        elif isinstance(statement, facts.Try):
            flow.add(self._try(statement))
        elif isinstance(statement, facts.With):
            for item in statement.items:
                if item.target is not None:
                    self._opaque(flow, item.target)
            flow.add(self.block(statement.body))
        elif isinstance(statement, facts.Match):
            flow.add(self._match(statement))

    def _opaque(self, flow: _Flow, target: facts.Expr) -> None:
        for name, _ in _stores(target, None):
            flow.bind(name.id, Assigned(self.module, None, name.at))

    def _loop(self, node: facts.For | facts.While) -> _Flow:
        flow = _Flow()
        if isinstance(node, facts.For):
            self._opaque(flow, node.target)
        flow.add(self.block(node.body))
        flow.ends = False
        flow.add(self.block(node.orelse).maybe())
        return flow

    def _try(self, node: facts.Try) -> _Flow:
        """Either the body and its `else` run, or a handler does after any part of the body."""
        body = self.block(node.body)
        ways = []
        for handler in node.handlers:
            way = body.maybe()
            way.add(self.block(handler.body))
            ways.append(way)
        if not body.ends:
            body.add(self.block(node.orelse))
        flow = _join([body, *ways])
        flow.add(self.block(node.finalbody))
        return flow

    def _match(self, node: facts.Match) -> _Flow:
        ways = [self.block(case.body) for case in node.cases]
        complete = any(case.exact and not case.values and case.guard is None for case in node.cases)
        return _join(ways if complete else [*ways, _Flow()])


def _is(expr: facts.Expr, name: str) -> bool:
    return isinstance(expr, facts.Name) and expr.id == name


def _import(flow: _Flow, node: facts.Import) -> None:
    for alias in node.names:
        if alias.name == "*":
            flow.stars.append(Star(node, True))
            continue
        name = alias.asname or alias.name
        top = name if node.module is not None or node.level or alias.asname else name.partition(".")[0]
        flow.bind(top, Imported(node, alias))


def _stores(target: facts.Expr, value: facts.Expr | None) -> Iterator[tuple[facts.Name, facts.Expr | None]]:
    """The names a target binds, each with its own value where unpacking pairs them by position."""
    stack = [(target, value)]
    while stack:
        expr, given = stack.pop()
        if isinstance(expr, facts.Name):
            yield expr, given
        elif isinstance(expr, facts.Starred):
            stack.append((expr.value, None))
        elif isinstance(expr, facts.Sequence):
            stack.extend(reversed(tuple(zip(expr.items, _parts(expr, given), strict=True))))


def _parts(target: facts.Sequence, value: facts.Expr | None) -> tuple[facts.Expr | None, ...]:
    unpacked = len(target.items) * (None,)
    if not isinstance(value, facts.Sequence) or len(value.items) != len(target.items):
        return unpacked
    if any(isinstance(item, facts.Starred) for item in (*target.items, *value.items)):
        return unpacked
    return value.items
