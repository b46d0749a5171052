"""The store of an abstract run: every variable and attribute, with undo.

A key is an owner (a frame or an object) and a name. Branches are walked one after the other on the same store: what one
side changed is taken back (and kept as a `Delta`), the other side is walked, then the deltas are joined. The cost of
a join is the number of keys that changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from schedlint.timeline.model import Condition
from schedlint.timeline.run.values import Thing, Value, alternatives

Key: TypeAlias = tuple[int, str]
Delta: TypeAlias = dict[Key, "Value | None"]


class Store:
    """Variables and attributes. `None` as a value in a delta means that the key is not bound."""

    def __init__(self) -> None:
        self._values: dict[Key, Value] = {}
        self._log: list[tuple[Key, Value | None]] = []
        self._names: dict[int, dict[str, None]] = {}

    def get(self, key: Key) -> Value | None:
        """What the key holds."""
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Store to the key."""
        self._log.append((key, self._values.get(key)))
        self._values[key] = value
        self._names.setdefault(key[0], {})[key[1]] = None

    def begin_with(self, key: Key, value: Value) -> None:
        """What a key holds from the start of the run on, found out only now: no change, and never taken back."""
        self._values.setdefault(key, value)
        self._names.setdefault(key[0], {})[key[1]] = None

    def settle(self, mark: int) -> None:
        """Make what was stored since the mark hold from the start of the run on."""
        for key, value in self.undo(mark).items():
            if value is not None and key not in self._values:
                self.begin_with(key, value)
            elif value is not None:
                self.put(key, value)

    def held_by(self, owner: int) -> list[Value]:
        """Everything that an owner holds, in the order in which its names were first stored."""
        held = (self._values.get((owner, name)) for name in self._names.get(owner, ()))
        return [value for value in held if value is not None]

    def keys_of(self, thing: Thing) -> list[Key]:
        """The keys that hold this thing now, alone or as one of several."""
        return [key for key, value in self._values.items() if any(option.thing == thing for option in value)]

    def drop(self, key: Key) -> None:
        """Unbind the key."""
        if key in self._values:
            self._log.append((key, self._values.pop(key)))

    def mark(self) -> int:
        """A point to come back to."""
        return len(self._log)

    def changes(self, mark: int) -> Delta:
        """What changed since the mark: each key with what it holds now."""
        return {key: self._values.get(key) for key, _ in self._log[mark:]}

    def before(self, mark: int) -> Delta:
        """What the changed keys held at the mark."""
        held: Delta = {}
        for key, old in self._log[mark:]:
            held.setdefault(key, old)
        return held

    def undo(self, mark: int) -> Delta:
        """Go back to the mark; returns what is taken back."""
        delta = self.changes(mark)
        while len(self._log) > mark:
            key, old = self._log.pop()
            if old is None:
                self._values.pop(key, None)
            else:
                self._values[key] = old
        return delta

    def apply(self, delta: Delta) -> None:
        """Make the changes of a delta."""
        for key, value in delta.items():
            if value is None:
                self.drop(key)
            else:
                self.put(key, value)

    def join(self, sides: Iterable[tuple[Delta, Condition]]) -> None:
        """Make the changes of several ways that come together here, each taken under its condition."""
        ways = list(sides)
        if len(ways) == 1:
            self.apply(ways[0][0])
            return
        for key in dict.fromkeys(key for delta, _ in ways for key in delta):
            now = self._values.get(key)
            parts = [(delta.get(key, now), condition) for delta, condition in ways]
            first = parts[0][0]
            if first is not None and all(value is first or value == first for value, _ in parts):
                self.put(key, first)
                continue
            bound = [(value, condition) for value, condition in parts if value is not None]
            if not bound:
                self.drop(key)
            else:
                self.put(key, alternatives(bound, f"{key[0]}.{key[1]}"))
