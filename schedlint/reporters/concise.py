"""One line per diagnostic, as editors and people grep it: `path:line:column: CODE message`."""

from __future__ import annotations

from collections.abc import Sequence

from schedlint.diagnostics import Diagnostic
from schedlint.reporters.colour import Paint, plain
from schedlint.reporters.text import mark, position, printable


def render(diagnostics: Sequence[Diagnostic], paint: Paint = plain, *, unsafe: bool = False) -> str:
    """The diagnostics, one line each, in the order given."""
    return "".join(f"{line(diagnostic, paint, unsafe=unsafe)}\n" for diagnostic in diagnostics)


def line(diagnostic: Diagnostic, paint: Paint = plain, *, unsafe: bool = False) -> str:
    """`train.py:45:9: LRS101 message`, or `train.ipynb:cell 3:5:9: ...` in a notebook."""
    code = paint(diagnostic.code, diagnostic.severity.value)
    message = f"{mark(diagnostic, unsafe=unsafe)}{printable(diagnostic.message)}"
    return f"{paint(position(diagnostic.at), 'strong')}: {code} {message}"
