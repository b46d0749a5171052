"""Texts with one remedy carried out, for tests: places are found by what stands there."""

from __future__ import annotations

import re
from textwrap import dedent

from schedlint.fixes import applied, edits_of
from schedlint.fixes.source import Source
from schedlint.place import Place
from schedlint.remedies import Change, Remedy

PATH = "train.py"


def spot(text: str, words: str, nth: int = 1) -> Place:
    """The place of the nth occurrence of some words in one row."""
    found = list(re.finditer(re.escape(words), text))[nth - 1]
    row = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    return Place(PATH, row, column, row, column + len(words))


def edited(text: str, *changes: Change) -> str | None:
    """The text after these changes; None where they cannot be made."""
    source = Source(text)
    edits = edits_of(Remedy("", changes), lambda path: source)
    return applied(text, edits) if edits else None


def plain(text: str) -> str:
    """A text written in the code of a test."""
    return dedent(text).lstrip("\n")
