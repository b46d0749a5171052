"""Every change at every call of many files: it is made, and the text is still Python, or it is not made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedlint.fixes import applied, edits_of
from schedlint.fixes.source import Source
from schedlint.place import Place
from schedlint.remedies import (
    AddParentheses,
    After,
    Before,
    Change,
    DropArgument,
    EndOf,
    Insert,
    Mirror,
    Move,
    Remedy,
    Rename,
    RenameArgument,
    SetArgument,
    WrapArgument,
)
from tests.conftest import ROOT

FILES = sorted([*ROOT.glob("fixtures/*/*.py"), *ROOT.glob("schedlint/fixes/*.py")])
EACH = 5
"""One in so many calls of a file is tried."""


def callees(source: Source) -> list[Place]:
    """The places of all that is called by a name."""
    calls = [node.func for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    return [place_of(source, node) for node in calls if isinstance(node, (ast.Name, ast.Attribute))]


def place_of(source: Source, node: ast.expr) -> Place:
    (row, column), (end_row, end_column) = map(source.place_of, (source.node_start(node), source.node_end(node)))
    return Place("a.py", row, column, end_row, end_column)


def loops(source: Source) -> list[Place]:
    """The places of the keywords of all loops."""
    found = [node for node in ast.walk(source.tree) if isinstance(node, (ast.For, ast.While))]
    spots = [source.place_of(source.node_start(node)) for node in found]
    return [Place("a.py", row, column, row, column + 3) for row, column in spots]


def changes(at: Place, other: Place, loop: Place) -> Iterator[Change]:
    yield Rename(at, "other")
    yield AddParentheses(at)
    yield DropArgument(at, "optimizer", 0)
    yield SetArgument(at, "last", "1", 1)
    yield WrapArgument(at, "first", "max(1, {})", 0)
    yield WrapArgument(at, "first", "{} * 2", 0, each=True)
    yield RenameArgument(at, "lr", "rate")
    yield Mirror(at, "scheduler")
    for spot in (EndOf(loop), After(other), Before(loop, other)):
        yield Move(at, spot)
        yield Insert("pass", spot)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_change_at_any_place_is_sound_or_is_not_made(path: Path) -> None:
    source = Source(path.read_text(encoding="utf-8"))
    places, around = callees(source), [*loops(source), Place("a.py", 1, 1, 1, 4)]
    for index, place in enumerate(places[::EACH]):
        other, loop = places[index * 7 % len(places)], around[index % len(around)]
        for change in changes(place, other, loop):
            edits = edits_of(Remedy("", (change,)), lambda path: source)
            ast.parse(applied(source.text, edits))
