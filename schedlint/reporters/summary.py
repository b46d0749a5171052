"""The line that closes a report: how much was looked at, and how much was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schedlint.diagnostics import Diagnostic, Severity

NOTHING = "no Python files found"


def closing(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """`checked 3 files: 2 errors, 1 warning`."""
    if not files and not diagnostics:
        return NOTHING
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    found = [several(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return f"checked {several(files, 'file')}: {', '.join(found) or 'no findings'}"


def several(count: int, thing: str) -> str:
    """`1 error`, `2 errors`; `info` has no plural."""
    return f"{count} {thing}" if count == 1 or thing == Severity.INFO.value else f"{count} {thing}s"
