"""Programs in memory: texts by path, found and read without a disk."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import PurePosixPath

from schedlint import facts
from schedlint.program.files import Ambiguous, Found, Namespace
from schedlint.program.program import Program
from schedlint.program.resolver import Resolver
from schedlint.program.shelf import Shelf
from schedlint.program.symbols import Class, External, Function, Module, ModuleRef, Symbol, Unknown
from tests.program.facts_of import facts_of


class MemoryFiles:
    """Files under one root, imports looked up from that root alone; `ambiguous` names lead to two files."""

    def __init__(self, texts: dict[str, str], ambiguous: frozenset[str] = frozenset()) -> None:
        self.texts = {path: textwrap.dedent(text) for path, text in texts.items()}
        self.read: list[str] = []
        self._ambiguous = ambiguous
        self.shelf = Shelf(self.facts)

    def text(self, path: str) -> str | None:
        return self.texts.get(path)

    def facts(self, path: str) -> facts.ModuleFacts | None:
        self.read.append(path)
        text = self.text(path)
        return None if text is None or text.startswith("?") else facts_of(text)

    def find(self, module: str, importing: str) -> Found:
        if module in self._ambiguous:
            return Ambiguous((f"{module}.py", f"other/{module}.py"))
        return self._at(module.replace(".", "/"))

    def find_relative(self, level: int, module: str | None, importing: str) -> Found:
        folder = PurePosixPath(importing).parent
        if level - 1 > len(folder.parts):
            return None
        for _ in range(level - 1):
            folder = folder.parent
        return self._at(str(folder / (module or "").replace(".", "/")))

    def defining(self, function: str) -> tuple[str, ...]:
        return self.mentioning(f"def {function}(")

    def mentioning(self, word: str) -> tuple[str, ...]:
        return tuple(sorted(path for path, text in self.texts.items() if word in text))

    def _at(self, place: str) -> Found:
        for path in (f"{place}/__init__.py", f"{place}.py"):
            if path in self.texts:
                return path
        if any(path.startswith(f"{place}/") for path in self.texts):
            return Namespace((place,))
        return None


def canonical(qualified: str) -> str:
    """A stand-in for the tables: `_LRScheduler` is an old name."""
    return qualified.replace("_LRScheduler", "LRScheduler")


def program(
    texts: dict[str, str], resolver: Callable[[MemoryFiles], Resolver] | None = None, **options: frozenset[str]
) -> Program:
    """A program of texts by path."""
    files = MemoryFiles(texts, **options)
    return Program(files, canonical, None if resolver is None else resolver(files))


def module(linked: Program, path: str) -> Module:
    found = linked.module(path)
    assert found is not None
    return found


def looked_up(linked: Program, path: str, name: str) -> list[str]:
    """What a name stands for, each symbol in one word or two."""
    return [said(symbol) for symbol in linked.lookup(module(linked, path), name)]


def said(symbol: Symbol | None) -> str:
    """A symbol in one line: `train.py:fit`, `torch.optim.SGD`, `module engine.py`, `= train.py:3`, `unknown`."""
    if isinstance(symbol, (Function, Class)):
        return f"{symbol.module.path}:{symbol.node.name}"
    if isinstance(symbol, External):
        return symbol.qualified
    if isinstance(symbol, ModuleRef):
        return f"module {symbol.module.path}"
    if isinstance(symbol, Unknown):
        return "unknown"
    return "nothing" if symbol is None else f"= {symbol.module.path}:{symbol.at.row}"


def class_named(linked: Program, path: str, name: str) -> Class:
    """The only class of that name in a file, wherever in it."""
    (found,) = [cls for cls in linked.all_classes(module(linked, path)) if cls.node.name == name]
    return found


def function_named(linked: Program, path: str, name: str) -> Function:
    (found,) = [each for each in linked.functions(module(linked, path)) if each.node.name == name]
    return found
