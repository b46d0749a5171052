"""The question that facts cannot answer: which class does this base or callee mean?

Class factories, classes made by `type(...)` and names of a function's own scope need inference. Whoever can do that
stands behind this protocol; `astroid_resolver` does. A program without a resolver knows less and is never wrong for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from schedlint import facts
from schedlint.program.symbols import External, Unknown


@dataclass(frozen=True, slots=True)
class ClassPlace:
    """A class statement of the project: its file, its name and the row of the keyword `class`."""

    path: str
    name: str
    row: int


Meaning: TypeAlias = ClassPlace | External | Unknown


class Resolver(Protocol):
    """Says which classes an expression may mean."""

    def classes(self, path: str, expr: facts.Expr) -> tuple[Meaning, ...]:
        """The classes that `expr`, where it stands in the file `path`, may evaluate to, or Unknown.

        A class that `type(...)` makes without methods of its own stands for its bases.
        """


class Deferred:
    """A resolver that is made when it is first asked: importing astroid takes longer than most runs do without it."""

    def __init__(self, make: Callable[[], Resolver]) -> None:
        self._make = make
        self._made: Resolver | None = None

    def classes(self, path: str, expr: facts.Expr) -> tuple[Meaning, ...]:
        """See `Resolver.classes`."""
        if self._made is None:
            self._made = self._make()
        return self._made.classes(path, expr)
