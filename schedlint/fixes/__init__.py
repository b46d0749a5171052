"""From remedies to text edits: what would put a finding right, written into the text as it stands.

A remedy speaks of places; here they are found in the text again, with the standard library's `ast` and `tokenize`, and
become ranges to replace. Nothing but these ranges is touched. What cannot be done in the text as it is written is not
done: the finding keeps its hint in words.
"""

from __future__ import annotations

from schedlint.fixes.applying import TextEdit, applied, overlaps
from schedlint.fixes.making import edits_of

__all__ = ["TextEdit", "applied", "edits_of", "overlaps"]
