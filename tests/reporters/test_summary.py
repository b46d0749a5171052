"""The line that closes a report."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.diagnostics import Diagnostic, Severity
from schedlint.reporters.summary import closing
from tests.reporters.builders import diagnostic

ERROR, WARNING, INFO = (replace(diagnostic(), severity=severity) for severity in Severity)


@pytest.mark.parametrize(
    ("found", "files", "said"),
    [
        ((), 0, "no Python files found"),
        ((), 1, "checked 1 file: no findings"),
        ((ERROR,), 0, "checked 0 files: 1 error"),
        ((ERROR,), 2, "checked 2 files: 1 error"),
        ((WARNING, ERROR, ERROR), 2, "checked 2 files: 2 errors, 1 warning"),
        ((INFO, WARNING, INFO), 2, "checked 2 files: 1 warning, 2 info"),
    ],
)
def test_the_closing_line_counts(found: tuple[Diagnostic, ...], files: int, said: str) -> None:
    assert closing(found, files) == said
