"""Where a module names a class that another one has taken the place of, and for what.

A place that chooses between the two (by a version, by what can be imported, or by taking both) is no such use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from schedlint import facts
from schedlint.knowledge.schema import Scheduler
from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import External, Module, Symbol
from schedlint.program.walk import nodes
from schedlint.timeline.text import Found, asks_for_a_version, is_call_of, walked
from schedlint.timeline.understood import Role, Use

PROBES = frozenset({"hasattr", "getattr"})

CHOICES = (
    facts.Try,
    facts.If,
    facts.Match,
    facts.Conditional,
    facts.BoolOp,
    facts.Binary,
    facts.Sequence,
    facts.Subscript,
    facts.Call,
    facts.Assign,
    facts.FunctionDef,
    facts.Import,
)
"""What may choose between two names, or take both."""


def uses(program: Program, module: Module, knowledge: Knowledge, says: Callable[[str], bool]) -> tuple[Use, ...]:
    """Every use of a class that has a successor, in the order of the text, which `says` a word or does not."""
    old = {table.name.rpartition(".")[2]: table for table in knowledge.schedulers.values() if table.successor}
    if not any(map(says, old)):
        return ()
    found = _Uses(program, module, knowledge, old).all()
    return tuple(sorted(found, key=lambda use: use.place))


class _Uses:
    """The uses in one module of the classes in `old`, which has them by the last part of their names."""

    def __init__(self, program: Program, module: Module, knowledge: Knowledge, old: dict[str, Scheduler]) -> None:
        self._program = program
        self._module = module
        self._knowledge = knowledge
        self._old = old
        self._found = list(walked(module.facts.body))
        self._names = [each.node for each in self._found if isinstance(each.node, facts.Name)]
        self._imported = dict(self._imports())
        self._probed = {
            node.value
            for each in self._found
            if isinstance(each.node, facts.Call) and is_call_of(each.node, PROBES)
            for node in nodes(each.node)
            if isinstance(node, facts.Constant)
        }

    def all(self) -> Iterator[Use]:
        """All of them, but those that choose."""
        for found in self._found:
            use = self._use(found)
            if use is not None and not self._chooses(found, use.table):
                yield use

    def _imports(self) -> Iterator[tuple[facts.Alias, Scheduler]]:
        """What statements import of them from where they stand, and not through a module of the project."""
        for each in self._found:
            node = each.outer.node if each.outer is not None else None
            if not isinstance(each.node, facts.Alias) or not isinstance(node, facts.Import) or node.level:
                continue
            table = self._old.get(each.node.name)
            if table is None or self._knowledge.canonical(f"{node.module}.{each.node.name}") != table.name:
                continue
            if self._is_all(self._program.imported(self._module, node, each.node), table):
                yield each.node, table

    def _use(self, found: Found) -> Use | None:
        node = found.node
        if isinstance(node, facts.Alias):
            table = self._imported.get(node)
            return None if table is None else self._made(node.at, Role.IMPORT, table, self._renames(node))
        if isinstance(node, facts.Attribute) and node.attr in self._old:
            table = self._old[node.attr]
            if self._is_all(self._program.expression(self._module, node), table):
                return self._made(node.at, found.role, table, (node.at,), dotted=True)
        if isinstance(node, facts.Name):
            alias = next((each for each in self._imported if (each.asname or each.name) == node.id), None)
            table = self._old.get(node.id) if alias is None else self._imported[alias]
            bound = self._program.lookup(self._module, node.id)
            if table is not None and (self._is_all(bound, table) if bound else alias is not None):
                return self._made(node.at, found.role, table, self._renames(alias) if alias is not None else ())
        return None

    def _made(
        self, at: facts.Span, role: Role, table: Scheduler, renames: Iterable[facts.Span], *, dotted: bool = False
    ) -> Use:
        return Use(self._place(at), role, table, dotted, tuple(sorted(map(self._place, renames))))

    def _place(self, at: facts.Span) -> Place:
        return Place(self._module.path, at.row, at.column, at.end_row, at.end_column)

    @staticmethod
    def _is_all(symbols: Iterable[Symbol], table: Scheduler) -> bool:
        """Whether a name can stand for nothing else."""
        return {each.qualified if isinstance(each, External) else "" for each in symbols} == {table.name}

    def _renames(self, alias: facts.Alias) -> tuple[facts.Span, ...]:
        """What must say another name where an import does: the import, and every use of it unless that has a name of
        its own; nothing where the new name may mean something else here, or the old one may be meant elsewhere.
        """
        if alias.asname is not None:
            return (alias.at,)
        name, new = alias.name, self._imported[alias].successor.rpartition(".")[2]
        once = sum((each.asname or each.name) == name for each in self._aliases()) == 1
        alone = once and len(self._program.lookup(self._module, name)) == 1 and not self._is_spoken_of(name)
        if (
            not alone
            or any(new in spoken(each.node) for each in self._found)
            or self._program.is_imported_from(self._module, name)
        ):
            return ()
        return (alias.at, *(each.at for each in self._names if each.id == name))

    def _aliases(self) -> Iterator[facts.Alias]:
        return (each.node for each in self._found if isinstance(each.node, facts.Alias))

    def _is_spoken_of(self, name: str) -> bool:
        """Whether a text says the name (`__all__`, a quoted annotation), or something else is called so in a scope of
        its own.
        """
        word = re.compile(rf"\b{re.escape(name)}\b")
        for each in (found.node for found in self._found):
            if isinstance(each, facts.Constant) and isinstance(each.value, str) and word.search(each.value):
                return True
            if isinstance(each, facts.FunctionDef) and name in each.stores:
                return True
        return False

    def _chooses(self, found: Found, table: Scheduler) -> bool:
        """Whether something around a use, or the module as a whole, looks which of the two there is."""
        new = table.successor.rpartition(".")[2]
        around = (each for each in found.around if isinstance(each, CHOICES))
        if isinstance(found.node, facts.Alias):
            name = found.node.asname or found.node.name
            named = [each for each in self._found if isinstance(each.node, facts.Name) and each.node.id == name]
            if named and all(self._chooses(each, table) for each in named):
                return True
        return new in self._probed or any(_speaks_of(each, new) or asks_for_a_version(each) for each in around)


def spoken(node: Struct) -> tuple[object, ...]:
    """The identifiers, and the text, that a node itself says."""
    match node:
        case facts.Name(id=name) | facts.Attribute(attr=name) | facts.Constant(value=name) | facts.Parameter(name=name):
            return (name,)
        case facts.FunctionDef(name=name) | facts.ClassDef(name=name):
            return (name,)
        case facts.Alias(name=name, asname=other):
            return (name, other)
        case _:
            return ()


def _speaks_of(node: Struct, name: str) -> bool:
    """Whether a name stands anywhere in a node."""
    return any(name in spoken(each) for each in nodes(node))
