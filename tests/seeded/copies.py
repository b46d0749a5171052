"""A copy of a tree, which holds what the analyzer reads and no more: what lies around the tree has no say in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

READ = (".py", ".pyw", ".ipynb", ".toml", ".cfg", ".gitignore")


def copied(tree: Path, folder: Path) -> Path:
    """Copy a tree into an empty folder; its real path."""
    shutil.copytree(tree, folder, ignore=not_read, symlinks=True, dirs_exist_ok=True)
    return folder.resolve()


def not_read(folder: str, names: list[str]) -> list[str]:
    """The names in a folder that stand for nothing the analyzer reads."""
    return [name for name in names if name == ".git" or not _is_read(Path(folder, name))]


def _is_read(path: Path) -> bool:
    return path.name.endswith(READ) or (path.is_dir() and not path.is_symlink()) or leads_inside(path)


def leads_inside(path: Path) -> bool:
    """Whether a path is a symbolic link that leads somewhere beside or below it."""
    return path.is_symlink() and not os.readlink(path).startswith("/")
