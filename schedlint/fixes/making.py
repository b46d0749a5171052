"""From a remedy to its text edits, all of them or none."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from itertools import combinations

from schedlint.fixes import calls, mirrors, moving, putting
from schedlint.fixes.applying import TextEdit, applied, overlaps
from schedlint.fixes.names import refuse_unbound
from schedlint.fixes.source import Source, Unfixable
from schedlint.place import Place
from schedlint.remedies import (
    AddParentheses,
    After,
    Change,
    DropArgument,
    Insert,
    Mirror,
    Move,
    Remedy,
    Rename,
    RenameArgument,
    SetArgument,
    SwapArguments,
    WrapArgument,
)

_IDENTIFIER = re.compile(r"\w+\Z")


def edits_of(remedy: Remedy, source_of: Callable[[str], Source | None]) -> tuple[TextEdit, ...]:
    """The edits that carry a remedy out; none where it cannot be done in the texts as they are written.

    `source_of` gives the text at a path, None where it may not be edited.
    """
    sources: dict[str, Source] = {}
    edits: list[TextEdit] = []
    try:
        for change in remedy.changes:
            path = place_of(change).path
            source = sources.get(path) or source_of(path)
            if source is None:
                return ()
            sources[path] = source
            edits += _edits(source, change)
    except Unfixable:
        return ()
    edits = list(dict.fromkeys(edits))
    sound = not any(overlaps(*pair) for pair in combinations(edits, 2)) and all(
        _parses(applied(source.text, [edit for edit in edits if edit.path == path])) for path, source in sources.items()
    )
    return tuple(edits) if sound else ()


def place_of(change: Change) -> Place:
    """The place in whose file a change is made."""
    match change:
        case Rename(at=place) | AddParentheses(at=place) | Move(step=place):
            return place
        case Insert(to=to):
            return to.place if isinstance(to, After) else to.loop
        case _:
            return change.call


def _edits(source: Source, change: Change) -> Iterator[TextEdit]:
    refuse_unbound(source, _new_text(change), place_of(change))
    match change:
        case Rename():
            yield _renamed(source, change)
        case AddParentheses(at=place):
            yield TextEdit(place.path, source.end(place), source.end(place), "()")
        case DropArgument():
            yield calls.drop(source, change)
        case SetArgument():
            yield calls.set_to(source, change)
        case WrapArgument():
            yield from calls.wrap(source, change)
        case SwapArguments():
            yield from calls.swap(source, change)
        case RenameArgument():
            yield calls.rename_argument(source, change)
        case Mirror():
            yield mirrors.mirror(source, change)
        case Move():
            yield from moving.move(source, change)
        case Insert():
            yield putting.insert(source, change)


def _new_text(change: Change) -> str:
    """What a change brings into the text that was not there."""
    match change:
        case SetArgument(text=text) | WrapArgument(template=text) | Insert(text=text) | Mirror(receiver=text):
            return text
        case _:
            return ""


def _renamed(source: Source, change: Rename) -> TextEdit:
    end = source.end(change.at)
    found = _IDENTIFIER.search(source.text, 0, end)
    if found is None:
        raise Unfixable
    return TextEdit(change.at.path, found.start(), end, change.name)


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
