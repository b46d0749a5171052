"""The plugin inside the real flake8: what it is given, where it reports, and what it heeds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flake8.running import flake8, needs_flake8, process

pytestmark = needs_flake8

HEAD = """\
import torch
from torch.utils.data import DataLoader
model = torch.nn.Linear(1, 1)
loader = DataLoader(range(1000), batch_size=10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])
for epoch in range(90):
    for inputs in loader:
        model(inputs).backward()
        optimizer.step()
"""
WRONG = f"{HEAD}        scheduler.step()\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def codes(folder: Path, text: str, *arguments: str) -> list[str]:
    """The codes that are reported for a program."""
    (folder / "train.py").write_text(text, encoding="utf-8")
    return [line.code for line in flake8(*arguments, "train.py", cwd=folder)]


def test_flake8_names_the_plugin_and_its_version() -> None:
    assert "schedlint: " in process("--version", cwd=Path.cwd()).stdout.replace("\n", " ")


def test_a_mistake_is_reported_with_the_default_selection_and_fails_the_run(project: Path) -> None:
    (project / "train.py").write_text(WRONG)
    ran = process("--isolated", "train.py", cwd=project)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "train.py:11:9: LRS101 `MultiStepLR` counts epochs" in ran.stdout


@pytest.mark.parametrize(
    ("line", "column"),
    [("        scheduler.step()", 9), ("        größe = 'é𝛼'; scheduler.step()", 23), ("\t\tscheduler.step()", 3)],
    ids=["plain", "behind characters of several bytes", "behind tabs"],
)
def test_columns_count_characters(project: Path, line: str, column: int) -> None:
    indented = HEAD.replace("        ", "\t\t").replace("    for", "\tfor") if "\t" in line else HEAD
    (project / "train.py").write_text(f"{indented}{line}\n", encoding="utf-8")
    assert [found.spot for found in flake8("train.py", cwd=project)] == [("train.py", 11, column, "LRS101")]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "cp1252"])
def test_the_encoding_of_a_file_is_as_python_reads_it(project: Path, encoding: str) -> None:
    declaration = "" if encoding == "utf-8-sig" else f"# -*- coding: {encoding} -*-\n"
    text = f"{declaration}{HEAD}        x = 'é'; scheduler.step()\n"
    (project / "train.py").write_text(text, encoding=encoding)
    assert [found.column for found in flake8("train.py", cwd=project)] == [18]


def test_rows_are_those_of_a_file_with_other_line_ends(project: Path) -> None:
    (project / "train.py").write_bytes(WRONG.replace("\n", "\r\n").encode())
    assert [found.spot for found in flake8("train.py", cwd=project)] == [("train.py", 11, 9, "LRS101")]


@pytest.mark.parametrize("name", ["train.py", "./train.py", "ABSOLUTE"])
def test_the_buffer_of_an_editor_is_read_and_not_the_file(project: Path, name: str) -> None:
    (project / "train.py").write_text("scheduler = None\n")
    shown = str(project / "train.py") if name == "ABSOLUTE" else name
    found = flake8(f"--stdin-display-name={shown}", "-", cwd=project, text=WRONG)
    assert [(line.row, line.column, line.code) for line in found] == [(11, 9, "LRS101")]
    (project / "train.py").write_text(WRONG)
    found = flake8(f"--stdin-display-name={shown}", "-", cwd=project, text="scheduler = None\n")
    assert found == []


def test_the_buffer_of_an_editor_is_part_of_its_project(project: Path) -> None:
    engine = "def train(optimizer, scheduler, loader):\n    for x in loader:\n        optimizer.step()\n"
    loop = "for epoch in range(90):\n    train(optimizer, scheduler, loader)\n"
    (project / "engine.py").write_text(engine)
    (project / "train.py").write_text(f"from engine import train\n{HEAD.partition('for epoch')[0]}{loop}")
    found = flake8("--stdin-display-name=engine.py", "-", cwd=project, text=f"{engine}        scheduler.step()\n")
    assert [line.spot for line in found] == [("engine.py", 4, 9, "LRS101")]


def test_standard_input_needs_no_name(project: Path) -> None:
    assert [line.spot for line in flake8("-", cwd=project, text=WRONG)] == [("stdin", 11, 9, "LRS101")]


def test_the_cells_of_a_notebook_come_as_one_text(project: Path) -> None:
    found = flake8("--stdin-display-name=train.ipynb", "-", cwd=project, text=WRONG)
    assert [(line.row, line.code) for line in found] == [(11, "LRS101")]


SPREAD = f"{HEAD}        scheduler.step(\n        )"


@pytest.mark.parametrize(
    "text",
    [
        f"{WRONG[:-1]}  # noqa",
        f"{WRONG[:-1]}  # noqa: LRS101",
        f"{WRONG[:-1]}  # noqa: LRS1 because",
        f"{WRONG[:-1]}  # noqa: E501,LRS101",
        f"{SPREAD}  # noqa: LRS101",
        f"{SPREAD}  # noqa",
        f"{WRONG[:-1]}  # schedlint: ignore[LRS101] meant",
        f"{HEAD}        # schedlint: ignore[epoch-scheduler-stepped-per-batch] meant\n        scheduler.step()",
        WRONG.replace("[30, 60])", "[30, 60])  # noqa: LRS101"),
    ],
    ids=[
        "blanket",
        "code",
        "beginning of the code",
        "among others",
        "on the last row of the statement",
        "blanket on the last row",
        "ignore",
        "ignore above, by name",
        "where the scheduler is built",
    ],
)
def test_what_silences_schedlint_silences_the_plugin(project: Path, text: str) -> None:
    assert codes(project, f"{text}\n") == []


def test_a_comment_for_others_silences_nothing(project: Path) -> None:
    assert codes(project, f"{WRONG[:-1]}  # noqa: E501\n") == ["LRS101"]


def test_a_comment_that_comes_to_nothing_is_reported(project: Path) -> None:
    assert codes(project, f"{WRONG[:-1]}  # schedlint: steps=fortnight\n") == ["LRS101", "LRS902"]


def test_flake8_itself_selects_and_ignores(project: Path) -> None:
    assert codes(project, WRONG, "--extend-ignore=LRS1") == []
    assert codes(project, WRONG, "--per-file-ignores=train.py:LRS101") == []
    assert codes(project, WRONG, "--extend-select=LRS9") == ["LRS101"]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ('ignore = ["LRS1"]', []),
        ('select = ["LRS2"]', []),
        ('select = ["LRS1"]', ["LRS101"]),
        ('exclude = ["train.py"]', []),
        ('output-format = "json"', ["LRS101"]),
    ],
)
def test_the_settings_of_the_project_are_heeded(project: Path, setting: str, expected: list[str]) -> None:
    (project / "pyproject.toml").write_text(f"[tool.schedlint]\n{setting}\n")
    assert codes(project, WRONG) == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[tool.schedlint]\nselct = []\n", "pyproject.toml: `selct` is no setting"),
        ('[tool.schedlint]\nselect = ["LRS8888"]\n', "pyproject.toml: `select`: `LRS8888` is no rule"),
        ("[tool.schedlint\n", "pyproject.toml: it is not TOML"),
    ],
    ids=["unknown key", "unknown rule", "no TOML"],
)
def test_settings_that_cannot_be_used_are_said_where_there_is_something_to_check(
    project: Path, settings: str, message: str
) -> None:
    (project / "pyproject.toml").write_text(settings)
    (project / "train.py").write_text(WRONG)
    (project / "other.py").write_text("print('nothing of the kind')\n")
    [line] = flake8(".", cwd=project)
    assert line.spot == ("train.py", 1, 1, "LRS900")
    assert line.message.startswith(message)


def test_a_file_that_is_not_python_is_left_to_flake8(project: Path) -> None:
    (project / "train.py").write_text(f"{WRONG}def scheduler(:\n")
    assert flake8("train.py", cwd=project) == []


@pytest.mark.parametrize(("text", "is_analysed"), [("import os\nsteps = 1\n", False), (WRONG, True)])
def test_what_analyses_code_is_imported_only_for_what_can_matter(project: Path, text: str, is_analysed: bool) -> None:
    (project / "train.py").write_text(text)
    imported = {line.rpartition("|")[2].strip() for line in import_times(project).splitlines()}
    assert "schedlint.one_by_one" in imported
    assert is_analysed == ({"libcst", "msgspec", "schedlint.app"} <= imported)
    assert is_analysed == bool({"libcst", "astroid", "msgspec", "click", "schedlint.app"} & imported)


def test_how_long_programs_are_analysed_is_a_setting_of_flake8(project: Path) -> None:
    (project / ".flake8").write_text("[flake8]\nselect = LRS\nschedlint-seconds = 0\n")
    (project / "train.py").write_text(WRONG)
    ran = process("-j1", "train.py", cwd=project)
    assert ran.stdout.startswith("train.py:11:9: LRS101 ")
    assert ran.stderr.startswith("schedlint: 0 s of this process of flake8 went into programs of several files")


def import_times(folder: Path) -> str:
    """What Python says of its imports while flake8 runs in one process."""
    command = [sys.executable, "-X", "importtime", "-m", "flake8", "--isolated", "-j1", "train.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False).stderr
