"""Places: where something stands in the text that was read. Everything that can be pointed at has one."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True, array_like=True, order=True):
    """Where something stands: a file (as it was named or found) and a range as in `schedlint.facts.Span`.

    Rows of a notebook count through all its code cells; `schedlint.sources` turns them into cell and row.
    """

    path: str
    row: int
    column: int
    end_row: int
    end_column: int
