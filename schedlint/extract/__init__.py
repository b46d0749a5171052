"""From the text of a module to its facts. This package is the only place that knows LibCST.

LibCST is imported by the first call and not before: most files of a tree are never parsed, and start-up should not pay.
"""

from __future__ import annotations

from schedlint.extract.fault import SyntaxFault
from schedlint.extract.tokens import scan
from schedlint.facts import ModuleFacts

__all__ = ["SyntaxFault", "extract", "parses"]


def extract(text: str, path: str = "<string>") -> ModuleFacts:
    """The facts of a module. Nothing of it is imported or executed.

    Positions count the text as given, but for a byte order mark at its start, which is not part of row 1.
    Raises SyntaxFault for a text that is not Python, or nests deeper than code that people write.
    """
    from schedlint.extract.module import facts_of

    text = text.removeprefix("\ufeff")
    try:
        return facts_of(text, scan(text))
    except SyntaxFault as fault:
        raise SyntaxFault(fault.row, fault.column, fault.message, path) from fault


def parses(text: str) -> bool:
    """Whether the text is Python; one that nests too deeply to be read counts as not."""
    from schedlint.extract.parsing import parse

    text = text.removeprefix("\ufeff")
    try:
        scan(text)
        parse(text)
    except SyntaxFault:
        return False
    return True
