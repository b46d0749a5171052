"""Where the imports of one file lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedlint.sources.following import imported_files
from schedlint.sources.importing import ImportPaths

FILES = {
    "main.py": "import sys, numpy\nfrom package import part\nfrom package.trainer import Trainer\n",
    "package/__init__.py": "",
    "package/part.py": "from . import other\n",
    "package/other.py": "import main\n",
    "package/trainer.py": "from ..outside import x\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def reached(root: Path, most: int = 99) -> list[str]:
    files = imported_files(root / "main.py", ImportPaths(root, root), Path.read_bytes, most)
    return [path.relative_to(root).as_posix() for path in files]


def test_everything_that_is_imported_is_found_once_nearest_first(root: Path) -> None:
    assert reached(root) == ["package/__init__.py", "package/part.py", "package/trainer.py", "package/other.py"]


def test_no_more_than_so_many_files_are_found(root: Path) -> None:
    assert reached(root, 2) == ["package/__init__.py", "package/part.py"]


def test_a_file_that_cannot_be_read_imports_nothing(root: Path) -> None:
    assert list(imported_files(root / "main.py", ImportPaths(root, root), lambda path: None, 9)) == []
