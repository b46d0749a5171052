"""What is made of a file alone, whatever program it is part of. Programs with different entries share one shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePath

from schedlint import facts
from schedlint.program.bindings import Imported, Table, table
from schedlint.program.files import is_package
from schedlint.program.index import Index, index
from schedlint.program.symbols import Function, Module
from schedlint.program.walk import dotted, is_reference, nodes, scope_statements


class Shelf:
    """The modules of files, and what their text says, each made once and on demand.

    `read` gives the facts of a file, None when it cannot be read.
    """

    def __init__(self, read: Callable[[str], facts.ModuleFacts | None]) -> None:
        self._read = read
        self._modules: dict[str, Module | None] = {}
        self._tables: dict[Module, Table] = {}
        self._indexes: dict[Module, Index] = {}
        self._references: dict[Function, tuple[facts.Expr, ...]] = {}
        self._local_imports: dict[Function, dict[str, tuple[Imported, ...]]] = {}

    def module(self, path: str) -> Module | None:
        """The module of a file; None when the file cannot be read."""
        if path not in self._modules:
            read = self._read(path)
            self._modules[path] = None if read is None else Module(path, _dotted_name(path), read)
        return self._modules[path]

    def table(self, module: Module) -> Table:
        """What the module's body binds."""
        if module not in self._tables:
            self._tables[module] = table(module, module.facts.body)
        return self._tables[module]

    def index(self, module: Module) -> Index:
        """The definitions of the module's file."""
        if module not in self._indexes:
            self._indexes[module] = index(module)
        return self._indexes[module]

    def references(self, function: Function) -> tuple[facts.Expr, ...]:
        """What a function calls, and what it hands to calls: `Process(target=train)` calls `train`. Each chain once."""
        if function not in self._references:
            chains: dict[tuple[object, ...], facts.Expr] = {}
            for expr in _references(function.node):
                chains.setdefault(_spelled(expr), expr)
            self._references[function] = tuple(chains.values())
        return self._references[function]

    def local_imports(self, function: Function) -> dict[str, tuple[Imported, ...]]:
        """What the imports inside a function bind, by name."""
        if function not in self._local_imports:
            self._local_imports[function] = dict(_local_imports(function))
        return self._local_imports[function]


def _dotted_name(path: str) -> str:
    pure = PurePath(path)
    return pure.parent.name if is_package(path) else pure.stem


def _references(function: facts.FunctionDef) -> Iterator[facts.Expr]:
    for node in nodes(function):
        if isinstance(node, facts.Call):
            handed = (argument.value for argument in node.arguments)
            yield from (expr for expr in (node.func, *handed) if is_reference(expr))


def _local_imports(function: Function) -> Iterator[tuple[str, tuple[Imported, ...]]]:
    body = function.node.body
    if any(isinstance(statement, facts.Import) for statement in scope_statements(body)):
        for name, bound in table(function.module, body).names.items():
            yield name, tuple(entry for entry in bound if isinstance(entry, Imported))


def _spelled(expr: facts.Expr) -> tuple[object, ...]:
    """What a chain says: `super().step` and `self.step` wherever they stand."""
    bottom, attributes = dotted(expr)
    if isinstance(bottom, facts.Call) and isinstance(bottom.func, facts.Name):
        return (bottom.func.id, "()", *attributes)
    return (bottom.id, *attributes) if isinstance(bottom, facts.Name) else (bottom, *attributes)
