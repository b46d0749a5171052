"""The root of the program that a file belongs to."""

from __future__ import annotations

import os
from pathlib import Path

_MARKS = ("pyproject.toml", "setup.cfg", "setup.py", ".git")


def find_root(path: Path, cwd: Path) -> Path:
    """The folder that holds the program of `path` (a file or a folder), symbolic links resolved.

    It is the nearest folder upward with one of the usual marks of a project; else `cwd` if that holds the file; else
    the file's own folder.
    """
    real = Path(os.path.realpath(path))
    folder = real if os.path.isdir(real) else real.parent
    for candidate in (folder, *folder.parents):
        if any(os.path.exists(candidate / mark) for mark in _MARKS):
            return candidate
    current = Path(os.path.realpath(cwd))
    return current if real.is_relative_to(current) else folder
