"""What configuration files say: trees of plain values, each with the place where it stands. How they are read is not
known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from schedlint.place import Place

Scalar: TypeAlias = bool | int | float | str | None


class Leaf(Struct, frozen=True):
    """One value."""

    value: Scalar
    at: Place


class Listing(Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    at: Place


class Section(Struct, frozen=True):
    """A mapping; `is_open` where there may be more keys than these."""

    entries: tuple[tuple[Scalar, Node], ...]
    at: Place
    is_open: bool = False


class Unclear(Struct, frozen=True):
    """Something that cannot be told, and why."""

    reason: str


Node: TypeAlias = Leaf | Listing | Section | Unclear


def merged(under: Node, over: Node) -> Node:
    """What holds where one tree is laid over another: sections key by key, anything else is replaced."""
    if isinstance(under, Section) and isinstance(over, Section):
        below = dict(under.entries)
        above = {key: merged(below[key], node) if key in below else node for key, node in over.entries}
        return Section(tuple((below | above).items()), over.at, is_open=under.is_open or over.is_open)
    if isinstance(under, Unclear) and isinstance(over, Section):
        return Section(over.entries, over.at, is_open=True)
    return over


def contested(one: Node, other: Node) -> Node:
    """What holds where two trees are laid over each other and it is not known which one is above."""
    if isinstance(one, Section) and isinstance(other, Section):
        first, second = dict(one.entries), dict(other.entries)
        both = {key: contested(first[key], second[key]) for key in first if key in second}
        return Section(tuple((first | second | both).items()), one.at, is_open=one.is_open or other.is_open)
    if isinstance(one, Leaf) and isinstance(other, Leaf) and one.value == other.value:
        return one
    return Unclear("two files give it, and it is not known which one comes last")


def walked(node: Node, trail: tuple[Scalar, ...] = ()) -> Iterator[tuple[tuple[Scalar, ...], Node]]:
    """Every node of a tree with the keys that lead to it; items of lists are not gone into."""
    yield trail, node
    if isinstance(node, Section):
        for key, inner in node.entries:
            yield from walked(inner, (*trail, key))


def found(node: Node, trail: tuple[Scalar, ...]) -> Node | None:
    """What stands at the end of these keys; None where nothing does."""
    for key in trail:
        if not isinstance(node, Section):
            return None
        inner = dict(node.entries).get(key)
        if inner is None:
            return None
        node = inner
    return node
