"""Which files of a project, asked about one by one, can have anything reported in them: told from bytes and names of
files, nothing is parsed for it, and what was found out of one file is remembered for the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from schedlint.sources.discover import discover, matters
from schedlint.sources.following import MOST_FOLLOWED, leads_to
from schedlint.sources.import_index import imported_names
from schedlint.sources.importing import ImportPaths, Tree
from schedlint.sources.roots import find_root
from schedlint.sources.text import Unreadable, read_bytes

_STEPS = re.compile(rb"\.\s*(?:step|get_lr)\b")
"""What is called of a scheduler that somebody else has made."""


class Reach:
    """What is known of the files of one process. `src` are the absolute folders that imports start from; a file that
    holds one of `words` matters.
    """

    def __init__(self, cwd: str, src: Sequence[str] = (), words: Sequence[bytes] = ()) -> None:
        self._words = tuple(words)
        self._cwd = Path(cwd)
        self._src = tuple(map(Path, src))
        self._tree = Tree()
        self._roots: dict[Path, Path] = {}
        self._matter: dict[Path, bool] = {}
        self._names: dict[Path, tuple[str, ...]] = {}
        self._paths: dict[Path, ImportPaths] = {}
        self._harmless: dict[Path, set[Path]] = {}
        self._led_to: dict[tuple[Path, Path], tuple[Path, ...]] = {}
        self._projects: dict[Path, bool] = {}

    def may_be_reported_on(self, path: str, data: bytes) -> bool:
        """Whether anything can be reported in a file that holds `data`: it speaks of schedulers, it steps something in
        a project that does, or what it imports does.
        """
        if matters(data, self._words):
            return True
        file = Path(path)
        root = self._root(file.parent)
        if not self._project_matters(root):  # quicker to find out than where the imports of one file lead
            return False
        return _STEPS.search(data) is not None or self._leads_to_what_matters(file, data, root)

    def _root(self, folder: Path) -> Path:
        if folder not in self._roots:
            self._roots[folder] = find_root(folder, self._cwd)
        return self._roots[folder]

    def _project_matters(self, root: Path) -> bool:
        if root not in self._projects:
            files, _ = discover([str(root)])
            self._projects[root] = any(matters(_read(file), self._words) for file in files)
        return self._projects[root]

    def _leads_to_what_matters(self, start: Path, data: bytes, root: Path) -> bool:
        """Whether the imports of a file lead to one that matters; what leads to none is not followed again."""
        paths = self._import_paths(root, start.parent)
        harmless = self._harmless.setdefault(start.parent, set())
        waiting = [*_led_to(sorted(imported_names(data)), start, paths)]
        seen = {start}
        for file in waiting:
            if file in seen or file in harmless:
                continue
            if self._matters(file):
                return True
            if len(seen) > MOST_FOLLOWED:
                return False
            seen.add(file)
            waiting += self._edges(file, start.parent, paths)
        harmless |= seen
        return False

    def _edges(self, file: Path, entry_folder: Path, paths: ImportPaths) -> tuple[Path, ...]:
        """The files that one imports, in a program that starts in that folder."""
        key = (file, entry_folder)
        if key not in self._led_to:
            self._led_to[key] = tuple(dict.fromkeys(_led_to(self._names[file], file, paths)))
        return self._led_to[key]

    def _import_paths(self, root: Path, folder: Path) -> ImportPaths:
        if folder not in self._paths:
            self._paths[folder] = ImportPaths(root, folder, self._src, tree=self._tree)
        return self._paths[folder]

    def _matters(self, path: Path) -> bool:
        """Whether a file on disk matters; what it imports is remembered with the answer."""
        if path not in self._matter:
            data = _read(path)
            self._matter[path] = matters(data, self._words)
            self._names[path] = () if self._matter[path] else tuple(sorted(imported_names(data)))
        return self._matter[path]


def _led_to(names: Sequence[str], importing: Path, paths: ImportPaths) -> Iterator[Path]:
    for name in names:
        yield from leads_to(name, importing, paths)


def _read(path: str | Path) -> bytes:
    try:
        return read_bytes(path)
    except Unreadable:
        return b""
