"""schedlint from Python: what its functions answer, and that nothing is loaded before it is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import schedlint
from schedlint import Confidence, Config, Report, Selectors, UsageError, check_paths, check_source, load_config

TRAIN = """\
import torch
from torch.utils.data import DataLoader
from engine import train_one_epoch

loader = DataLoader(data)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[16, 22])
for epoch in range(24):
    train_one_epoch(optimizer, loader, scheduler)
"""

ENGINE = """\
def train_one_epoch(optimizer, loader, scheduler):
    for x, y in loader:
        optimizer.step()
        scheduler.step()
"""

ALONE = TRAIN.replace("from engine import train_one_epoch\n", ENGINE)

RIGHT = ENGINE.replace("        scheduler", "    scheduler")

FOUND = [("LRS101", "engine.py", 4)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program of two files with a mistake, and settings."""
    (tmp_path / "pyproject.toml").write_text('[tool.schedlint]\nignore = ["LRS101"]\nexclude = ["old"]\n')
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "engine.py").write_text(ENGINE)
    return tmp_path


def shown(report: Report) -> list[tuple[str, str, int]]:
    return [(found.code, found.at.path, found.at.row) for found in report.diagnostics]


# --- paths ------------------------------------------------------------------------------------------------------------


def test_paths_are_checked_with_the_program_around_them(project: Path) -> None:
    assert shown(check_paths(["engine.py"], cwd=project)) == FOUND
    assert shown(check_paths([Path("engine.py")], cwd=str(project))) == FOUND


def test_a_folder_is_the_files_in_it(project: Path) -> None:
    report = check_paths(["."], cwd=project)
    assert (shown(report), report.files, report.failed) == (FOUND, 2, False)


def test_without_a_folder_to_start_from_it_is_the_current_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert shown(check_paths(["engine.py"])) == FOUND
    monkeypatch.chdir(project.parent)
    assert shown(check_paths(["engine.py"], cwd=project.name)) == FOUND


def test_no_paths_are_no_files(project: Path) -> None:
    assert check_paths([], cwd=project) == Report(())


@pytest.mark.parametrize("path", ["train.py", Path("train.py"), b"train.py"], ids=["text", "path", "bytes"])
def test_one_path_is_not_taken_for_several(path: str) -> None:
    with pytest.raises(TypeError, match="list"):
        check_paths(path)


def test_what_cannot_be_read_is_said_in_the_report(project: Path) -> None:
    (project / "broken.py").write_text("scheduler = (\n")
    assert shown(check_paths(["gone.py", "broken.py"], cwd=project)) == [
        ("LRS901", "broken.py", 1),
        ("LRS900", "gone.py", 1),
    ]


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_read_only_where_that_is_asked_for(project: Path) -> None:
    assert shown(check_paths(["."], cwd=project)) == FOUND
    assert shown(check_paths(["."], cwd=project, config=load_config(project))) == []


def test_settings_can_be_made(project: Path) -> None:
    ignoring = Config(selectors=(Selectors(ignore=("LRS1",)),))
    assert shown(check_paths(["."], cwd=project, config=ignoring)) == []
    assert shown(check_paths(["."], cwd=project, config=Config(min_confidence=Confidence.CERTAIN))) == FOUND
    assert check_paths(["."], cwd=project, config=Config(exclude=("engine.py",))).files == 1
    assert shown(check_source(ALONE, config=ignoring)) == []


def test_settings_are_those_that_the_command_would_use(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "old").mkdir()
    monkeypatch.chdir(project / "old")
    assert load_config().exclude == ("old",)
    assert load_config(project.parent) == Config()


def test_a_file_of_settings_can_be_named(project: Path) -> None:
    (project / "lint.toml").write_text('min-confidence = "likely"\n')
    assert load_config(project, file="lint.toml").min_confidence is Confidence.LIKELY
    assert load_config(file=project / "lint.toml").min_confidence is Confidence.LIKELY


def test_settings_that_are_none_are_refused(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.schedlint]\nselec = []\n")
    with pytest.raises(UsageError, match=r"`selec` is no setting; did you mean `select`\?"):
        load_config(project)


@pytest.mark.parametrize("chosen", [Selectors(select=("LRS9999",)), Selectors(ignore=("LRS9999",))])
def test_a_selector_that_is_no_rule_is_refused_in_words_of_python(project: Path, chosen: Selectors) -> None:
    with pytest.raises(UsageError, match=r"^Selectors: `(select|ignore)`: `LRS9999` is no rule"):
        check_paths(["."], cwd=project, config=Config(selectors=(chosen,)))


# --- a text -----------------------------------------------------------------------------------------------------------


def test_a_text_is_checked() -> None:
    report = check_source(ALONE)
    assert shown(report) == [("LRS101", "<string>", 6)]
    assert report.lines(report.diagnostics[0].at)[5] == "        scheduler.step()"


def test_a_text_without_a_file_stands_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert shown(check_source(TRAIN)) == []
    assert shown(check_source(TRAIN, filename="<cell 3>", cwd=project)) == []


def test_a_text_is_checked_as_if_it_stood_in_its_file(project: Path) -> None:
    assert shown(check_source(ENGINE, filename="engine.py", cwd=project)) == FOUND
    assert shown(check_source(RIGHT, filename="engine.py", cwd=project)) == []
    assert (project / "engine.py").read_text() == ENGINE


def test_the_file_of_a_text_need_not_be_there_yet(project: Path) -> None:
    (project / "engine.py").unlink()
    assert shown(check_source(ENGINE, filename=Path("engine.py"), cwd=project)) == FOUND


def test_the_file_of_a_text_may_be_named_in_full(project: Path) -> None:
    name = str(project / "engine.py")
    assert shown(check_source(ENGINE, filename=name, cwd=project)) == FOUND
    assert shown(check_source(ENGINE, filename=name, cwd=Path(__file__).parent)) == [("LRS101", name, 4)]


def test_a_notebook_is_a_text_too(root: Path) -> None:
    text = (root / "fixtures" / "notebook_bug" / "train.ipynb").read_text(encoding="utf-8")
    [found] = check_source(text, filename="train.ipynb").diagnostics
    assert (found.at.path, found.code) == ("train.ipynb", "LRS101")
    assert found.at.cell is not None


@pytest.mark.parametrize(
    "line",
    ["# coding: latin-1", "# coding: utf-8", "# coding: future_fstrings", "\ufeff# caf\u00e9", "# caf\u00e9"],
    ids=ascii,
)
def test_a_text_means_the_same_whatever_encoding_its_file_would_have(line: str) -> None:
    marked = ALONE.replace("import torch\n", f"{line}\ncaf\u00e9 = '\u00e9'; import torch\n", 1)
    [found] = check_source(marked).diagnostics
    assert (found.code, found.at.row, found.at.column) == ("LRS101", 7, 9)


@pytest.mark.parametrize(
    "text", ["# coding: ascii\n'\u00e9'; scheduler", "scheduler = '\ud800'", "scheduler\0"], ids=ascii
)
def test_a_text_that_no_file_can_hold_is_said_to_be_unreadable(text: str) -> None:
    assert [found.code for found in check_source(text).diagnostics] == ["LRS900"]


# --- the names --------------------------------------------------------------------------------------------------------


def test_every_public_name_is_there_and_listed() -> None:
    assert sorted(schedlint.__all__) == schedlint.__all__
    assert set(schedlint.__all__) <= set(dir(schedlint))
    assert all(getattr(schedlint, name) for name in schedlint.__all__)


def test_a_name_that_is_none_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'schedlint' has no attribute 'chek_paths'"):
        _ = schedlint.chek_paths  # type: ignore[attr-defined]


def test_importing_schedlint_loads_nothing_else() -> None:
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import schedlint\n"
        "schedlint.__version__, dir(schedlint)\n"
        "sys.exit(', '.join(set(sys.modules) - before - {'schedlint'}) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_library_needs_no_command_line() -> None:
    program = "import sys, schedlint; schedlint.check_source('scheduler'); sys.exit('click' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_example_in_the_readme_runs(
    root: Path, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## From Python\n")[2].partition("\n## ")[0]
    examples = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert examples
    (project / "pyproject.toml").write_text("[tool.schedlint]\n")
    monkeypatch.chdir(project)
    for example in examples:
        exec(compile(example, "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out.startswith("engine.py:4:9: LRS101 `MultiStepLR` counts epochs")
