"""One line per diagnostic, as editors and people grep it: `path:line:column: CODE message`."""

from __future__ import annotations

from collections.abc import Sequence

from schedlint.diagnostics import Diagnostic
from schedlint.reporters.text import position, printable


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics, one line each, in the order given."""
    return "".join(f"{line(diagnostic)}\n" for diagnostic in diagnostics)


def line(diagnostic: Diagnostic) -> str:
    """`train.py:45:9: LRS101 message`, or `train.ipynb:cell 3:5:9: ...` in a notebook."""
    return f"{position(diagnostic.at)}: {diagnostic.code} {printable(diagnostic.message)}"


def closing(diagnostics: Sequence[Diagnostic]) -> str:
    """How many there were."""
    count = len(diagnostics)
    return f"{count} {'finding' if count == 1 else 'findings'}" if count else "no findings"
