"""`--fix`, `--unsafe-fixes` and `--diff` on the command line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import Ran

WRONG = dedent(
    """\
    from torch.optim import SGD
    from torch.optim.lr_scheduler import MultiStepLR


    def main(model, loader):
        optimizer = SGD(model.parameters(), lr=0.1)
        scheduler = MultiStepLR(optimizer, milestones=[30, 60])
        for epoch in range(90):
            for x, y in loader:
                optimizer.zero_grad()
                model(x, y).backward()
                optimizer.step()
                scheduler.step()
            print(scheduler.get_lr())


    main()
    """
)
SAFE = WRONG.replace("get_lr()", "get_last_lr()")
RIGHT = SAFE.replace("            scheduler.step()\n", "", 1).replace(
    "get_last_lr())\n", "get_last_lr())\n        scheduler.step()\n"
)

Run = Callable[..., Ran]


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one mistake that can be fixed safely and one that cannot."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "train.py"
    path.write_text(WRONG)
    return path


def test_what_can_be_fixed_is_marked_and_counted(train: Path, run_cli: Run) -> None:
    ran = run_cli("--output-format", "concise", "train.py")
    assert [line.split()[1:3] for line in ran.out.splitlines()][1] == ["LRS601", "[*]"]
    assert "[*] 1 fixable with --fix (1 more with --unsafe-fixes)" in ran.err
    ran = run_cli("--output-format", "concise", "--unsafe-fixes", "train.py")
    assert [line.split()[1:3] for line in ran.out.splitlines()] == [["LRS101", "[*]"], ["LRS601", "[*]"]]
    assert "[*] 2 fixable with --fix" in ran.err
    assert "warning[LRS101] (likely): [*] `MultiStepLR`" in run_cli("--unsafe-fixes", "train.py").out
    assert train.read_text() == WRONG


def test_safe_fixes_are_made_and_the_rest_is_reported(train: Path, run_cli: Run) -> None:
    ran = run_cli("--fix", "train.py")
    assert train.read_text() == SAFE
    assert (ran.status, ran.out.count("warning[")) == (1, 1)
    assert "fixed 1 finding in 1 file" in ran.err
    assert "[*] 1 fixable with --fix --unsafe-fixes" in ran.err


def test_unsafe_fixes_are_made_if_they_are_asked_for(train: Path, run_cli: Run) -> None:
    ran = run_cli("--fix", "--unsafe-fixes", "train.py")
    assert (ran.status, ran.out, train.read_text()) == (0, "", RIGHT)
    assert ran.err == "schedlint: fixed 2 findings in 1 file\nschedlint: checked 1 file: no findings\n"


def test_the_settings_may_ask_for_fixes(train: Path, run_cli: Run) -> None:
    (train.parent / "pyproject.toml").write_text("[tool.schedlint]\nfix = true\nunsafe-fixes = true\n")
    run_cli("--no-fix", "train.py")
    assert train.read_text() == WRONG
    run_cli("--no-unsafe-fixes", "train.py")
    assert train.read_text() == SAFE
    run_cli("train.py")
    assert train.read_text() == RIGHT


def test_a_diff_changes_nothing_and_can_be_applied(train: Path, run_cli: Run) -> None:
    ran = run_cli("--diff", "--unsafe-fixes", "train.py")
    assert (ran.status, train.read_text()) == (1, WRONG)
    assert ran.err == "schedlint: would fix 2 findings in 1 file\n"
    patch = ["git", "apply", "-p0", "--unsafe-paths", "-"]
    subprocess.run(patch, input=ran.out.encode(), check=True, cwd=train.parent, env={**os.environ, "GIT_DIR": "none"})
    assert train.read_text() == RIGHT


def test_a_diff_of_nothing_is_clean(train: Path, run_cli: Run) -> None:
    train.write_text(RIGHT)
    ran = run_cli("--diff", "train.py")
    assert (ran.status, ran.out) == (0, "")


def test_standard_input_is_fixed_to_standard_output(train: Path, run_cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.replace("\n", "\r\n").encode())))
    ran = run_cli("--fix", "--output-format", "concise", "--stdin-filename", "other.py", "-")
    assert (ran.status, ran.out) == (1, SAFE.replace("\n", "\r\n"))
    assert "other.py:13:13: LRS101" in ran.err
    assert not (train.parent / "other.py").exists()


def test_a_fix_stands_in_json(train: Path, run_cli: Run) -> None:
    found = {each["code"]: each["fix"] for each in json.loads(run_cli("--output-format", "json", "train.py").out)}
    assert found["LRS601"] == {
        "applicability": "safe",
        "message": "call `get_last_lr()`",
        "edits": [
            {
                "filename": str(train),
                "cell": None,
                "location": {"row": 14, "column": 25},
                "end_location": {"row": 14, "column": 31},
                "content": "get_last_lr",
            }
        ],
    }
    assert (found["LRS101"]["applicability"], len(found["LRS101"]["edits"])) == ("unsafe", 2)


def test_a_suppressed_finding_is_not_fixed(train: Path, run_cli: Run) -> None:
    text = WRONG.replace("get_lr())", "get_lr())  # noqa: LRS601")
    train.write_text(text)
    run_cli("--fix", "train.py")
    assert train.read_text() == text


def test_a_file_that_is_not_named_is_not_changed(train: Path, run_cli: Run) -> None:
    (train.parent / "logs.py").write_text("def log(scheduler):\n    print(scheduler.get_lr())\n")
    train.write_text(
        SAFE.replace("print(scheduler.get_last_lr())", "log(scheduler)").replace(
            "from torch", "from logs import log\nfrom torch", 1
        )
    )
    run_cli("--fix", "train.py")
    assert "get_lr()" in (train.parent / "logs.py").read_text()
    run_cli("--fix", "train.py", "logs.py")
    assert "get_last_lr()" in (train.parent / "logs.py").read_text()


def test_a_link_stays_a_link(train: Path, run_cli: Run) -> None:
    link = train.parent / "link.py"
    link.symlink_to(train)
    run_cli("--fix", "link.py")
    assert (link.is_symlink(), train.read_text()) == (True, SAFE)


def test_a_notebook_is_not_fixed(train: Path, run_cli: Run) -> None:
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": WRONG,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = train.with_suffix(".ipynb")
    notebook.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    before = notebook.read_bytes()
    assert "fixable" not in run_cli("--fix", "--unsafe-fixes", "train.ipynb").err
    assert notebook.read_bytes() == before
