"""Runs in which nothing can be reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schedlint.config import Config, Selectors
from schedlint.glance import quiet_files

QUIET = "import torch\n\nmodel = torch.nn.Linear(1, 1)\n"
LOUD = "from torch.optim.lr_scheduler import StepLR\n"


def glanced(folder: Path, files: dict[str, str], *paths: str, config: Config | None = None) -> int | None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return quiet_files(paths or (".",), config or Config(), str(folder))


@pytest.mark.parametrize(
    ("files", "paths", "count"),
    [
        pytest.param({}, (), 0, id="no files"),
        pytest.param({"a.py": QUIET, "b.py": QUIET}, (), 2, id="files without schedulers"),
        pytest.param({"a.py": QUIET, "b.py": QUIET}, ("a.py", "."), 2, id="a file that is named twice"),
        pytest.param({"a.py": QUIET, "b.py": LOUD}, (), None, id="one that speaks of schedulers"),
        pytest.param({"a.py": QUIET, "b.py": LOUD}, ("a.py",), 1, id="one beside what speaks of schedulers"),
        pytest.param({"a.py": "import b\n", "b.py": LOUD}, ("a.py",), None, id="one that imports it"),
        pytest.param({"a.py": QUIET}, ("missing.py",), None, id="a file that is not there"),
    ],
)
def test_whether_anything_can_be_reported(
    files: dict[str, str], paths: tuple[str, ...], count: int | None, tmp_path: Path
) -> None:
    assert glanced(tmp_path, files, *paths) == count


def test_a_selector_has_to_be_checked(tmp_path: Path) -> None:
    config = Config(selectors=(Selectors(ignore=("LRS777",)),))
    assert glanced(tmp_path, {"a.py": QUIET}, config=config) is None


def test_what_is_excluded_says_nothing(tmp_path: Path) -> None:
    config = Config(exclude=("b.py",))
    assert glanced(tmp_path, {"a.py": QUIET, "b.py": LOUD}, config=config) == 1


def test_the_command_analyses_nothing_then(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(QUIET, encoding="utf-8")
    program = (
        "import sys\nfrom schedlint.cli import carried_out\nfound = carried_out(['a.py', '--output-format', 'json'])\n"
        "assert (found.status, found.output) == (0, '[]'), found\n"
        "sys.exit(any(name in sys.modules for name in ('schedlint.app', 'libcst', 'astroid')))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False).returncode == 0
