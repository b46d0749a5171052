"""The hooks for pre-commit: that their manifest is one, and what each does with the files that it is handed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Ran

Run = Callable[..., Ran]

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
MISSING = "pre-commit is not installed, which is part of the development environment"


@pytest.fixture
def hooks() -> dict[str, Mapping[str, Any]]:
    """The hooks of the manifest by their id, each with what it says."""
    yaml = pytest.importorskip("yaml", reason=MISSING)
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a mistake over two files, one in a notebook, one in a folder that is excluded, and none."""
    for name in ("detection_main_per_batch", "one_cycle_per_epoch", "notebook_bug"):
        folder = tmp_path / {"one_cycle_per_epoch": "old", "notebook_bug": "notebooks"}.get(name, "")
        folder.mkdir(exist_ok=True)
        for source in (ROOT / "fixtures" / name).iterdir():
            if source.suffix in (".py", ".ipynb"):
                (folder / source.name).write_bytes(source.read_bytes())
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text('[tool.schedlint]\nexclude = ["old"]\noutput-format = "concise"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def handed(hook: Mapping[str, Any], run_cli: Run, *names: str) -> Ran:
    """What the hook's command does with the files of a commit."""
    command, *arguments = shlex.split(hook["entry"])
    assert command == "schedlint"
    return run_cli(*arguments, *hook.get("args", ()), *(names if hook.get("pass_filenames", True) else ()))


def places(ran: Ran) -> list[str]:
    return [line.partition(": LRS")[0] for line in ran.out.splitlines()]


@pytest.mark.parametrize(
    ("names", "status", "found"),
    [
        pytest.param(("engine.py",), 1, ["engine.py:21:9"], id="a mistake that another file shows"),
        pytest.param(("train.py", "plain.py"), 1, ["train.py:25:20"], id="a mistake that another file has"),
        pytest.param(("plain.py",), 0, [], id="no scheduler"),
        pytest.param(("old/train.py",), 0, [], id="an excluded file"),
        pytest.param(("notebooks/train.ipynb",), 1, ["notebooks/train.ipynb:cell 7:10:9"], id="a notebook"),
    ],
)
def test_the_files_of_a_commit_are_checked(
    hooks: dict[str, Mapping[str, Any]],
    project: Path,
    run_cli: Run,
    names: tuple[str, ...],
    status: int,
    found: list[str],
) -> None:
    ran = handed(hooks["schedlint"], run_cli, *names)
    assert (ran.status, places(ran)) == (status, found)


def test_the_whole_project_is_checked_whatever_is_in_the_commit(
    hooks: dict[str, Mapping[str, Any]], project: Path, run_cli: Run
) -> None:
    ran = handed(hooks["schedlint-project"], run_cli, "plain.py")
    assert (ran.status, places(ran)) == (1, ["engine.py:21:9", "notebooks/train.ipynb:cell 7:10:9"])


def test_each_hook_is_one_process_that_sees_notebooks(hooks: dict[str, Mapping[str, Any]]) -> None:
    assert set(hooks) == {"schedlint", "schedlint-project"}
    for hook in hooks.values():
        assert hook["language"] == "python"
        assert hook["require_serial"] is True
        assert {"python", "jupyter"} <= set(hook["types_or"])


def test_pre_commit_takes_the_manifest() -> None:
    pytest.importorskip("pre_commit", reason=MISSING)
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_readme_shows_every_hook_in_yaml(hooks: dict[str, Mapping[str, Any]], root: Path) -> None:
    yaml = pytest.importorskip("yaml", reason=MISSING)
    readme = (root / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert all(yaml.safe_load(example) for example in examples)
    assert {name for example in examples for name in re.findall(r"- id: (.*)", example)} == set(hooks)
