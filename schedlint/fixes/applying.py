"""Text edits: ranges of a text and what takes their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class TextEdit(NamedTuple):
    """The characters from `start` up to `end` of the text of a file are replaced by `text`."""

    path: str
    start: int
    end: int
    text: str


def overlaps(one: TextEdit, other: TextEdit) -> bool:
    """Whether two edits would touch the same characters, or insert at the same offset."""
    if one.path != other.path:
        return False
    if one.start == one.end or other.start == other.end:
        first, second = sorted((one, other), key=lambda edit: (edit.start, edit.end))
        return second.start < first.end or (one.start, one.end) == (other.start, other.end)
    return one.start < other.end and other.start < one.end


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after edits none of which overlap."""
    for edit in _backwards(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _backwards(edits: Iterable[TextEdit]) -> Sequence[TextEdit]:
    """The edits from the end to the beginning: an insertion stands before what is replaced from there on."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True)
