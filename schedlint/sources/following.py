"""Where the imports of one file lead, found from bytes: no file is parsed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from schedlint.sources.import_index import imported_names
from schedlint.sources.importing import Ambiguous, ImportPaths

MOST_FOLLOWED = 200
"""How many files that one imports are looked at, at most, to find out whether they matter."""


def imported_files(start: Path, paths: ImportPaths, read: Callable[[Path], bytes | None], most: int) -> Iterator[Path]:
    """The files that a file imports, directly or through others, nearest first and no more than `most` of them.

    `read` gives the bytes of a file, or None for one that cannot be read.
    """
    found = [start]
    for path in found:
        for name in sorted(imported_names(read(path) or b"")):
            for file in leads_to(name, path, paths):
                if file not in found and len(found) <= most:
                    found.append(file)
                    yield file


def leads_to(name: str, importing: Path, paths: ImportPaths) -> Iterator[Path]:
    """The file that a dotted name means, or those that it may mean."""
    module = name.lstrip(".")
    level = len(name) - len(module)
    found = paths.find_relative(level, module or None, importing) if level else paths.find(module, importing)
    if isinstance(found, Ambiguous):
        yield from (Path(candidate) for candidate in found.candidates)
    elif isinstance(found, Path):
        yield found
