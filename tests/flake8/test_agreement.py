"""flake8 over some files reports what `schedlint` reports of the same files: places, codes and messages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from schedlint import app
from schedlint.one_by_one import OneByOne
from tests.flake8.running import Shown, flake8, needs_flake8
from tests.oracle.recording import FIXTURES, fixture_folders

PATIENCE = 1e9
"""Seconds that no test takes."""


def reported(*paths: str, cwd: Path) -> list[Shown]:
    """What is reported outside notebooks, which flake8 does not read."""
    found = app.check(paths, cwd=str(cwd)).diagnostics
    lines = [Shown(one.at.path, one.at.row, one.at.column, one.code, one.message) for one in found]
    return sorted(line for line in lines if not line.path.endswith(".ipynb"))


def one_by_one(names: Iterable[str], cwd: Path) -> list[Shown]:
    """What is reported where the files are handed over in this order, to one process."""
    files = OneByOne(str(cwd), PATIENCE)
    found = []
    for name in names:
        text = (cwd / name).read_text(encoding="utf-8")
        if files.may_be_reported_on(name, text):
            found += [
                Shown(one.at.path, one.at.row, one.at.column, one.code, one.message) for one in files.check(name, text)
            ]
    return sorted(found)


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


@needs_flake8
def test_flake8_reports_of_all_fixtures_what_schedlint_does() -> None:
    found = flake8("-j2", ".", cwd=FIXTURES)
    assert found == reported(".", cwd=FIXTURES)
    assert len(found) > 10


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_the_files_of_a_fixture_in_any_order_give_what_they_give_together(folder: Path) -> None:
    names = names_in(folder)
    together = reported(*names, cwd=folder) if names else []
    assert one_by_one(names, folder) == together
    assert one_by_one(reversed(names), folder) == together


def test_what_is_shown_elsewhere_when_all_are_named_is_not_shown_twice() -> None:
    folder = FIXTURES / "detection_main_per_batch"
    assert [line.code for line in reported("train.py", cwd=folder)] == ["LRS101"]
    assert one_by_one(["train.py"], folder) == []
    assert [line.spot for line in one_by_one(["engine.py"], folder)] == [("engine.py", 21, 9, "LRS101")]


def test_a_file_that_speaks_of_no_scheduler_is_reported_on_for_what_another_hands_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "engine.py").write_text(
        "def train(model, loader, optimizer, annealing):\n"
        "    for inputs in loader:\n"
        "        model(inputs).backward()\n"
        "        optimizer.step()\n"
        "        annealing.step()\n"
    )
    (tmp_path / "train.py").write_text(
        "import torch\n"
        "from torch.utils.data import DataLoader\n"
        "from engine import train\n"
        "model = torch.nn.Linear(1, 1)\n"
        "loader = DataLoader(range(1000), batch_size=10)\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "annealing = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])\n"
        "for epoch in range(90):\n"
        "    train(model, loader, optimizer, annealing)\n"
    )
    assert [line.spot for line in reported(".", cwd=tmp_path)] == [("engine.py", 5, 9, "LRS101")]
    assert one_by_one(["engine.py", "train.py"], tmp_path) == reported(".", cwd=tmp_path)
