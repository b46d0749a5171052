"""The markers in fixtures: `# expect: LRS101` ends a line that must be reported, `# ok: LRS101` one that must not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MARKER = re.compile(r"# (expect|ok): (LRS\d{3}(?:, LRS\d{3})*)$")


@dataclass(frozen=True, order=True)
class Marker:
    """A marked line; `row` counts through all code cells of a notebook, `shown` is the line as a report says it."""

    file: str
    row: int
    code: str
    expected: bool
    shown: str

    def expects(self, code: str) -> bool:
        """Whether this rule must report the line."""
        return self.expected and self.code == code


def markers(folder: Path) -> tuple[Marker, ...]:
    """All markers of a fixture, in order."""
    files = [path for path in folder.rglob("*") if path.suffix in {".py", ".ipynb"}]
    return tuple(sorted(marker for path in files for marker in _markers_of(path, path.relative_to(folder).as_posix())))


def _markers_of(path: Path, file: str) -> Iterator[Marker]:
    text = path.read_text(encoding="utf-8")
    rows = _notebook_rows(file, text) if path.suffix == ".ipynb" else _script_rows(file, text)
    for row, (shown, line) in enumerate(rows, start=1):
        if match := _MARKER.search(line):
            for code in match[2].split(", "):
                yield Marker(file, row, code, match[1] == "expect", shown)


def _script_rows(file: str, text: str) -> Iterator[tuple[str, str]]:
    for row, line in enumerate(text.split("\n"), start=1):
        yield f"{file}:{row}", line


def _notebook_rows(file: str, text: str) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(json.loads(text)["cells"], start=1):
        if cell["cell_type"] == "code":
            for row, line in enumerate("".join(cell["source"]).split("\n"), start=1):
                yield f"{file}:cell {number}:{row}", line
