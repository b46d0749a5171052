"""Configuration files from the disk to a finding: which are read, when they are read again, what is shown of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import schedlint
from schedlint import app
from schedlint.config import Config
from schedlint.diagnostics import Severity
from schedlint.one_by_one import OneByOne
from schedlint.reporters import full
from schedlint.sources.configuration import SIZE_LIMIT

TRAIN = """\
import yaml
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader

loader = DataLoader(data)
with open("config.yaml") as stream:
    config = yaml.safe_load(stream)
optimizer = SGD(model.parameters(), lr=0.1)
scheduler = CosineAnnealingLR(optimizer, T_max=config["horizon"])
for epoch in range(config["epochs"]):
    for x, y in loader:
        model(x, y).backward()
        optimizer.step()
        scheduler.step()
"""
EPOCHS = "epochs: 90\nhorizon: 90\n"
BATCHES = "epochs: 90\nhorizon: 90000\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "train.py").write_text(TRAIN)
    return tmp_path


def codes(folder: Path) -> list[str]:
    return [each.code for each in app.check(["train.py"], cwd=str(folder)).diagnostics]


def test_a_number_in_a_file_is_a_number(project: Path) -> None:
    (project / "config.yaml").write_text(EPOCHS)
    (found,) = app.check(["train.py"], cwd=str(project)).diagnostics
    assert (found.code, found.at.path, found.at.row) == ("LRS101", "train.py", 15)
    assert found.severity is Severity.ERROR
    assert "the schedule is over after 90 batches instead of 90 epochs" in found.message
    (project / "config.yaml").write_text(BATCHES)
    assert codes(project) == []


def test_the_place_in_the_file_is_shown(project: Path) -> None:
    (project / "config.yaml").write_text(EPOCHS)
    report = app.check(["train.py"], cwd=str(project))
    text = full.render(report.diagnostics, report.lines)
    assert "::: config.yaml:1:9 `epochs` is 90 in config.yaml\n 1 | epochs: 90\n" in text


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"epochs: [90\n", b"epochs: 90\nhorizon: 90\n#" + b"x" * SIZE_LIMIT, b"", b"- 1\n"],
    ids=["no text", "broken", "too large", "empty", "a list"],
)
def test_a_file_that_is_not_read_is_silent(project: Path, content: bytes) -> None:
    (project / "config.yaml").write_bytes(content)
    assert codes(project) == []


def test_a_file_outside_the_project_is_silent(project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("")
    (inner / "train.py").write_text(TRAIN)
    (project / "config.yaml").write_text(EPOCHS)
    (inner / "config.yaml").symlink_to(project / "config.yaml")
    assert codes(inner) == []


def test_a_change_of_the_file_is_seen(project: Path) -> None:
    (project / "config.yaml").write_text(EPOCHS)
    kept = app.Project(Config(), cwd=str(project))
    assert [each.code for each in kept.check("train.py")] == ["LRS101"]
    assert kept.is_current()
    (project / "config.yaml").write_text(BATCHES)
    assert not kept.is_current()


def test_a_file_that_appears_is_seen(project: Path) -> None:
    kept = app.Project(Config(), cwd=str(project))
    assert kept.check("train.py") == ()
    assert kept.is_current()
    (project / "config.yaml").write_text(EPOCHS)
    assert not kept.is_current()


def test_files_that_are_handed_over_one_by_one_are_judged_by_what_the_file_says_now(project: Path) -> None:
    now = [0.0]
    process = OneByOne(str(project), 1e9, lambda: now[0])
    name = str(project / "train.py")
    (project / "config.yaml").write_text(EPOCHS)
    assert [each.code for each in process.check(name, TRAIN)] == ["LRS101"]
    (project / "config.yaml").write_text(BATCHES)
    now[0] += 10
    assert process.check(name, TRAIN) == ()


def test_a_text_reads_the_files_beside_the_file_that_it_is_for(project: Path) -> None:
    (project / "config.yaml").write_text(EPOCHS)
    found = schedlint.check_source(TRAIN, filename="other.py", cwd=str(project))
    assert [each.code for each in found.diagnostics] == ["LRS101"]


def test_a_file_may_be_laid_over_the_disk(project: Path) -> None:
    overlay = {os.path.join(str(project), "config.yaml"): EPOCHS.encode()}
    assert [each.code for each in app.check(["train.py"], cwd=str(project), overlay=overlay).diagnostics] == ["LRS101"]


def test_a_file_that_stands_alone_reads_nothing(project: Path) -> None:
    (project / "config.yaml").write_text(EPOCHS)
    assert app.Project(Config(), cwd=str(project), alone=True).check("train.py") == ()
