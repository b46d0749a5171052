"""Which functions can have anything to do with some names, directly or through what they call in the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from schedlint import facts
from schedlint.program.hierarchy import Hierarchy
from schedlint.program.links import Links, Symbols
from schedlint.program.symbols import Class, Function
from schedlint.program.walk import dotted, nodes

Definition: TypeAlias = Function | Class

REACH = 2_000
"""More functions than these behind one call, and it counts as relevant: looking further costs more than entering it."""


class Relevance:
    """Follows calls by name through the project, breadth first, and keeps every verdict."""

    def __init__(self, links: Links, hierarchy: Hierarchy) -> None:
        self._links = links
        self._hierarchy = hierarchy
        self._shelf = links.modules.shelf
        self._callees: dict[Definition, tuple[Definition, ...]] = {}
        self._verdicts: dict[frozenset[str], dict[Definition, bool]] = {}

    def is_relevant(self, start: Definition, interesting: frozenset[str]) -> bool:
        """Whether `start` mentions an interesting name, or calls, however indirectly, something that does."""
        verdicts = self._verdicts.setdefault(interesting, {})
        if start in verdicts:
            return verdicts[start]
        caller: dict[Definition, Definition | None] = {start: None}
        queue = [start]
        for current in queue:
            known = verdicts.get(current)
            if known or len(queue) > REACH or (known is None and _mentions(current, interesting)):
                verdicts.update((each, True) for each in _way(current, caller))
                return True
            if known is None:
                fresh = [callee for callee in self._called_by(current) if callee not in caller]
                caller.update((callee, current) for callee in fresh)
                queue += fresh
        verdicts.update((each, False) for each in queue)
        return False

    def _called_by(self, caller: Definition) -> tuple[Definition, ...]:
        if caller not in self._callees:
            found = self._parts(caller) if isinstance(caller, Class) else self._calls(caller)
            self._callees[caller] = tuple(dict.fromkeys(found))
        return self._callees[caller]

    def _parts(self, cls: Class) -> Iterator[Definition]:
        """What an instance of a class may run: its methods and those of its bases."""
        yield from self._hierarchy.methods(cls)
        yield from (base for base in self._hierarchy.bases(cls) if isinstance(base, Class))

    def _calls(self, caller: Function) -> Iterator[Definition]:
        for expr in self._shelf.references(caller):
            for symbol in self._resolve(caller, expr):
                if isinstance(symbol, (Function, Class)):
                    yield symbol

    def _resolve(self, caller: Function, expr: facts.Expr) -> Symbols:
        bottom, attributes = dotted(expr)
        if isinstance(bottom, facts.Call):
            return self._through_super(caller, bottom, attributes)
        if not isinstance(bottom, facts.Name):
            return ()
        if caller.owner is not None and len(attributes) == 1 and bottom.id == _receiver(caller.node):
            return self._hierarchy.attribute(caller.owner, attributes[0])
        if bottom.id not in caller.node.stores:
            return self._hierarchy.expression(caller.module, expr)
        imported = self._shelf.local_imports(caller).get(bottom.id, ())
        return self._hierarchy.members(self._links.resolve(caller.module, imported), attributes)

    def _through_super(self, caller: Function, call: facts.Call, attributes: tuple[str, ...]) -> Symbols:
        is_super = isinstance(call.func, facts.Name) and call.func.id == "super"
        if caller.owner is None or not is_super or len(attributes) != 1:
            return ()
        return self._hierarchy.attribute(caller.owner, attributes[0], caller.owner)


def _mentions(definition: Definition, interesting: frozenset[str]) -> bool:
    if isinstance(definition, Function):
        return not interesting.isdisjoint(definition.node.mentions)
    return any(
        (isinstance(node, facts.Name) and node.id in interesting)
        or (isinstance(node, facts.Attribute) and node.attr in interesting)
        for argument in definition.node.arguments
        for node in nodes(argument)
    )


def _way(end: Definition, caller: dict[Definition, Definition | None]) -> Iterable[Definition]:
    step: Definition | None = end
    while step is not None:
        yield step
        step = caller[step]


def _receiver(function: facts.FunctionDef) -> str | None:
    """The name of `self` or `cls`."""
    return function.parameters[0].name if function.parameters else None
