"""The ways through a block of statements: what is read on all of them, and which lead past it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from schedlint import facts
from schedlint.place import Place
from schedlint.program.walk import Block, scope_statements

Reads = dict[str, Place]


class Way(NamedTuple):
    """What a block reads on every way through it.

    `ends` says that no way leads past it, `dies` that all end in an exception. `leaving` is what is read on each of the
    ways that leave the function in it, where others lead past it, which read `onward` too.
    """

    reads: Reads
    ends: bool = False
    dies: bool = False
    leaving: tuple[Reads, ...] = ()
    onward: Mapping[str, Place] = MappingProxyType({})


def folded(reads: Reads, pending: list[tuple[Reads, tuple[Reads, ...]]], last: Way) -> Way:
    """A block whose last statement is `last`; `pending` are the places where some ways leave it, with what is read up
    to there and on these ways, and `reads` what is read behind the last of them.
    """
    rest = () if last.dies else (reads,)
    result = reads
    for before, ways in reversed(pending):
        result = before | common((*ways, *rest))
        rest = (result,)
    if last.ends or not pending:
        return Way(result, last.ends, last.dies and not pending)
    return Way(result, leaving=(result,), onward=result)


def leaving(*bodies: Block) -> tuple[Reads, ...]:
    """What is known to be read on the ways that leave the function inside some blocks: nothing; () if there is none."""
    returns = any(isinstance(each, facts.Return) for body in bodies for each in scope_statements(body))
    return ({},) if returns else ()


def common(ways: Iterable[Reads]) -> Reads:
    """What is read on each of several ways."""
    found = list(ways)
    if not found:
        return {}
    first, *others = found
    return {name: place for name, place in first.items() if all(name in other for other in others)}


def children(node: object) -> list[object]:
    """What stands directly inside a node."""
    if isinstance(node, tuple):
        return list(node)
    fields = getattr(node, "__struct_fields__", ())
    return [value for value in (getattr(node, name) for name in fields) if isinstance(value, (tuple, Struct))]
