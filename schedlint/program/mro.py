"""The order in which classes are asked for an attribute: C3, and something sensible where C3 has no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from schedlint.program.symbols import Class, External, Unknown

Ancestor: TypeAlias = Class | External | Unknown
Line: TypeAlias = tuple[Ancestor, ...]


def linearise(cls: Class, bases: Callable[[Class], Line], known: dict[Class, Line]) -> Line:
    """The resolution order of `cls`, itself first; orders found on the way are added to `known`.

    What is not a class of the project has no bases here. A class that inherits from itself, which Python would refuse,
    is not visited twice.
    """
    stack = [cls]
    open_: set[Class] = set()
    while stack:
        current = stack[-1]
        if current in known:
            stack.pop()
            continue
        open_.add(current)
        missing = [b for b in bases(current) if isinstance(b, Class) and b not in known and b not in open_]
        if missing:
            stack.extend(reversed(missing))
            continue
        parents = bases(current)
        lines = [known.get(b, (b,)) if isinstance(b, Class) else (b,) for b in parents]
        known[current] = (current, *(_merge([*lines, parents]) or _depth_first(lines)))
        stack.pop()
    return known[cls]


def _merge(lines: list[Line]) -> Line | None:
    """C3: always the first head that no other line has further back; None when there is none."""
    rest = [list(reversed(line)) for line in lines if line]
    merged: list[Ancestor] = []
    later = _count_tails(lines)
    while rest:
        head = next((line[-1] for line in rest if not later.get(line[-1])), None)
        if head is None:
            return None
        merged.append(head)
        for line in rest:
            if line[-1] == head:
                line.pop()
                if line:
                    later[line[-1]] -= 1
        rest = [line for line in rest if line]
    return tuple(merged)


def _count_tails(lines: list[Line]) -> dict[Ancestor, int]:
    """In how many lines each class stands behind the head."""
    later: dict[Ancestor, int] = {}
    for line in lines:
        for ancestor in line[1:]:
            later[ancestor] = later.get(ancestor, 0) + 1
    return later


def _depth_first(lines: list[Line]) -> Line:
    return tuple(dict.fromkeys(ancestor for line in lines for ancestor in line))
