"""What one walk over a module knows as it goes: the places handed out, the scope it is in, how deep it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from schedlint import facts
from schedlint.extract.places import Places

Statements: TypeAlias = "list[facts.Statement]"
"""Where handlers put what they make: a statement may come to nothing, or to several."""

DEEPEST = 100
"""Expressions inside expressions. What lies deeper in a sum of thousands of terms is kept as a flat `Opaque`."""


@dataclass(slots=True)
class Frame:
    """One scope: what it binds, what it declares to be bound elsewhere, whether it yields."""

    stores: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    yields: bool = False

    def bind(self, target: facts.Expr | None) -> None:
        """Notes the names that storing to a target binds."""
        if isinstance(target, facts.Name):
            self.stores.add(target.id)
        elif isinstance(target, facts.Sequence):
            for item in target.items:
                self.bind(item)
        elif isinstance(target, facts.Starred):
            self.bind(target.value)

    def own(self) -> tuple[str, ...]:
        """The names it binds in its own scope, sorted."""
        return tuple(sorted(self.stores - self.elsewhere))


class Walk:
    """The state of a walk."""

    __slots__ = ("depth", "frame", "places")

    def __init__(self, places: Places) -> None:
        self.places = places
        self.frame = Frame()
        self.depth = 0

    def mark(self) -> int:
        """How many places have been handed out so far."""
        return len(self.places.spans)
