"""The line that closes a report: how much was looked at, and how much was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schedlint.diagnostics import Diagnostic, Severity
from schedlint.remedies import Applicability
from schedlint.reporters.text import FIXABLE

NOTHING = "no Python files found"


def closing(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """`checked 3 files: 2 errors, 1 warning`."""
    if not files and not diagnostics:
        return NOTHING
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    found = [several(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return f"checked {several(files, 'file')}: {', '.join(found) or 'no findings'}"


def fixable(diagnostics: Sequence[Diagnostic], unsafe: bool) -> tuple[str, ...]:
    """`[*] 2 fixable with --fix (1 more with --unsafe-fixes)`; nothing where nothing is."""
    kinds = Counter(diagnostic.fix.applicability for diagnostic in diagnostics if diagnostic.fix is not None)
    safe, other = kinds[Applicability.SAFE], kinds[Applicability.UNSAFE]
    if unsafe or not other:
        return (f"{FIXABLE} {safe + other} fixable with --fix",) if safe + other else ()
    if not safe:
        return (f"{FIXABLE} {other} fixable with --fix --unsafe-fixes",)
    return (f"{FIXABLE} {safe} fixable with --fix ({other} more with --unsafe-fixes)",)


def fixed(count: int, files: int, *, would: bool) -> str:
    """`fixed 2 findings in 1 file`."""
    return f"{'would fix' if would else 'fixed'} {several(count, 'finding')} in {several(files, 'file')}"


def several(count: int, thing: str) -> str:
    """`1 error`, `2 errors`; `info` has no plural."""
    return f"{count} {thing}" if count == 1 or thing == Severity.INFO.value else f"{count} {thing}s"
