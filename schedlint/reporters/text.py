"""Text that is safe to show. Names and messages hold what stands in somebody's file, terminal escapes included."""

from __future__ import annotations

import re

from schedlint.diagnostics import Diagnostic, Location
from schedlint.remedies import Applicability

UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: a terminal obeys them
    "\u2028\u2029"  # line separators: one line would be shown as two
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks: the text would be shown in another order
    "\ud800-\udfff]"  # lone surrogates: bytes of a path that are no text
)


def printable(text: str) -> str:
    """The text in one line, with every character that a terminal would act upon escaped as in a Python string."""
    return UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


FIXABLE = "[*]"
"""What marks a finding that `--fix` puts right, as ruff marks it."""


def mark(diagnostic: Diagnostic, *, unsafe: bool) -> str:
    """The mark of a finding that can be fixed, with a space behind it."""
    fix = diagnostic.fix
    return f"{FIXABLE} " if fix is not None and (unsafe or fix.applicability is Applicability.SAFE) else ""


def spot(path: str, cell: int | None, row: int) -> str:
    """`train.py:41`, or `train.ipynb:cell 3:5` in a notebook."""
    middle = f":cell {cell}" if cell is not None else ""
    return f"{printable(path)}{middle}:{row}"


def position(at: Location) -> str:
    """`train.py:41:9`, or `train.ipynb:cell 3:5:9` in a notebook."""
    return f"{spot(at.path, at.cell, at.row)}:{at.column}"


def last_row(at: Location) -> int:
    """The last row of which a range holds anything."""
    return at.end_row - 1 if at.end_column <= 1 and at.end_row > at.row else max(at.row, at.end_row)
