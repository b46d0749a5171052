"""What fixes change, as a unified diff that `patch` and `git apply` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping


def render(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """The differences of the files, by the path that is shown, in the order of their names."""
    return "".join(line for path in sorted(after) for line in _of_file(path, before[path], after[path]))


def _of_file(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """The rows of one file's diff. A carriage return is part of its row, as `patch` wants it."""
    rows = [_rows(data.decode(errors="surrogateescape")) for data in (before, after)]
    for line in difflib.unified_diff(rows[0], rows[1], path, path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _rows(text: str) -> list[str]:
    *rows, last = text.split("\n")
    return [*(f"{row}\n" for row in rows), *([last] if last else [])]
