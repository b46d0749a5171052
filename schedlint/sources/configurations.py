"""The configuration files that the programs of one folder load: found, read once, composed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from schedlint.configuration import Node, Unclear
from schedlint.sources.composing import MISSING, composed
from schedlint.sources.configuration import candidates, parse
from schedlint.sources.text import Unreadable

_PACKAGE = re.compile(rb"(?:\s*#[^\n]*\n)*?\s*#\s*@package:?[ \t]+([\w.]+)")


class Configurations:
    """What an entry in `entry_folder` of the project `root` (both without links) reads; `data` gives the bytes of a
    file by its real path, or None where it cannot be had.
    """

    def __init__(self, root: Path, entry_folder: Path, data: Callable[[str], bytes | None]) -> None:
        self._root = root
        self._entry_folder = entry_folder
        self._data = data
        self._kept: dict[tuple[str, str], Node] = {}

    def read(self, path: str, form: str) -> Node:
        """The tree of the file that a program calls `path`; Unclear where there is none, or two that differ."""
        key = (path, form)
        if key not in self._kept:
            self._kept[key] = self._read(path, form)
        return self._kept[key]

    def _read(self, path: str, form: str) -> Node:
        held = {real: data for real in self._candidates(path) if (data := self._data(real)) is not None}
        if not held:
            return Unclear(MISSING)
        if len(set(held.values())) > 1:
            return Unclear(f"two files that differ may be meant by `{path}`")
        real, data = next(iter(held.items()))
        try:
            return parse(real, data, form)
        except Unreadable as failure:
            return Unclear(f"`{path}` is not read: {failure.reason}")

    def _candidates(self, path: str) -> tuple[str, ...]:
        return candidates(path, self._root, self._entry_folder)

    def composed(self, folder: str, name: str) -> Node:
        """The configuration that Hydra composes from the folder, starting with the file of this name."""
        if not self._candidates(folder):
            return Unclear(MISSING)

        def read(path: str) -> Node:
            return self.read(f"{folder}/{path}.yaml", "omegaconf")

        def package_of(path: str) -> str | None:
            for real in self._candidates(f"{folder}/{path}.yaml"):
                said = _PACKAGE.match(self._data(real) or b"")
                if said:
                    return said[1].decode()
            return None

        return composed(name, read, package_of)
