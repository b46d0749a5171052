"""The use cases from a folder to diagnostics and timelines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schedlint import app
from schedlint.app import ProgramTimelines, Report
from schedlint.checks.rule import Rule, rule, timelines
from schedlint.config import Config, Selectors
from schedlint.diagnostics import Confidence, Finding, Severity, UsageError
from schedlint.timeline.model import EntryKind
from schedlint.timeline.reading import Reading

TRAIN = """\
import torch
from torch.utils.data import DataLoader
from engine import train_one_epoch

EPOCHS = 24
loader = DataLoader(data)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[16, 22])
for epoch in range(EPOCHS):
    train_one_epoch(model, optimizer, loader, scheduler)
"""

ENGINE = """\
def train_one_epoch(model, optimizer, loader, scheduler):
    for x, y in loader:
        optimizer.zero_grad()
        loss = model(x, y)
        loss.backward()
        optimizer.step()
        scheduler.step()
"""

RIGHT = TRAIN.replace("loader, scheduler)", "loader)\n    scheduler.step()")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program of two files with an epoch schedule stepped per batch in the other file."""
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "engine.py").write_text(ENGINE)
    return tmp_path


def checked(folder: Path, *paths: str, config: Config = app.DEFAULT, **overlay: str) -> Report:
    """What is reported; `overlay` holds the texts of modules that are not those on disk."""
    laid = {f"{name}.py": text.encode() for name, text in overlay.items()}
    return app.check(paths or (".",), config, cwd=str(folder), overlay=laid)


def choosing(select: tuple[str, ...] | None = None, ignore: tuple[str, ...] = ()) -> Config:
    """Settings that select and ignore."""
    return Config(selectors=(Selectors(select, ignore=ignore),))


def told(folder: Path, *paths: str) -> list[ProgramTimelines]:
    return list(app.timelines(paths or (".",), cwd=str(folder)).programs)


def shown(report: Report) -> list[tuple[str, str, int]]:
    return [(found.code, found.at.path, found.at.row) for found in report.diagnostics]


# --- check ------------------------------------------------------------------------------------------------------------


def test_a_mistake_over_two_files_is_found_where_the_step_stands(project: Path) -> None:
    assert shown(checked(project)) == [("LRS101", "engine.py", 7)]


def test_the_file_of_the_step_alone_is_enough(project: Path) -> None:
    assert shown(checked(project, "engine.py")) == [("LRS101", "engine.py", 7)]


def test_where_only_the_construction_is_named_it_is_shown_there(project: Path) -> None:
    assert shown(checked(project, "train.py")) == [("LRS101", "train.py", 8)]


def test_a_program_that_is_right_has_no_finding(project: Path) -> None:
    (project / "train.py").write_text(RIGHT)
    (project / "engine.py").write_text(ENGINE.replace(", scheduler)", ")").replace("        scheduler.step()\n", ""))
    assert checked(project) == Report((), files=3)


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        pytest.param(choosing(select=("LRS101",)), ["LRS101"], id="selected"),
        pytest.param(choosing(select=("LRS301",)), [], id="another one selected"),
        pytest.param(choosing(ignore=("LRS101",)), [], id="ignored"),
        pytest.param(Config(min_confidence=Confidence.CERTAIN), ["LRS101"], id="sure enough"),
        pytest.param(Config(exclude=("engine.py",)), ["LRS101"], id="in a file that is left out, but built elsewhere"),
        pytest.param(Config(exclude=("engine.py", "train.py")), [], id="in files that are left out"),
    ],
)
def test_settings_decide_what_is_reported(project: Path, config: Config, codes: list[str]) -> None:
    assert [found.code for found in checked(project, config=config).diagnostics] == codes


def test_what_is_left_out_is_read_all_the_same(project: Path) -> None:
    assert shown(checked(project, config=Config(exclude=("engine.py",)))) == [("LRS101", "train.py", 8)]


def test_import_roots_are_those_of_the_settings(project: Path) -> None:
    (project / "library").mkdir()
    (project / "engine.py").rename(project / "library" / "engine.py")
    (project / "scripts").mkdir()
    (project / "train.py").rename(project / "scripts" / "train.py")
    assert shown(checked(project, "scripts")) == []
    found = checked(project, "scripts", config=Config(src=(str(project / "library"),)))
    assert shown(found) == [("LRS101", "scripts/train.py", 8)]


def test_a_selector_that_is_no_rule_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="LRS777"):
        checked(project, config=choosing(select=("LRS777",)))


def test_a_file_that_is_no_python_is_said_and_hides_no_other(project: Path) -> None:
    (project / "broken.py").write_text("sched = (\n")
    assert {code for code, _, _ in shown(checked(project))} == {"LRS101", "LRS901"}


def test_a_path_that_is_not_there_is_said(project: Path) -> None:
    assert [code for code, _, _ in shown(checked(project, "nowhere.py"))] == ["LRS900"]


def test_a_file_that_does_not_matter_is_not_even_parsed(project: Path) -> None:
    (project / "plain.py").write_text("x = (\n")
    assert shown(checked(project, "plain.py")) == []


def test_a_broken_file_that_nobody_named_is_not_reported(project: Path) -> None:
    (project / "broken.py").write_text("sched = (\n")
    assert shown(checked(project, "engine.py")) == [("LRS101", "engine.py", 7)]


def test_findings_are_sorted(project: Path) -> None:
    (project / "a.py").write_text(TRAIN)
    (project / "broken.py").write_text("sched = (\n")
    found = shown(checked(project))
    assert [path for _, path, _ in found] == sorted(path for _, path, _ in found)


def test_two_programs_that_use_one_engine_give_one_finding_at_the_step(project: Path) -> None:
    (project / "finetune.py").write_text(TRAIN)
    assert shown(checked(project)) == [("LRS101", "engine.py", 7)]


def test_nothing_of_what_is_read_is_run(project: Path) -> None:
    (project / "train.py").write_text("import pathlib\npathlib.Path('ran').touch()\n" + TRAIN)
    (project / "setup.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
    checked(project)
    assert not (project / "ran").exists()


# --- text that is not on disk -----------------------------------------------------------------------------------------


def test_text_is_analysed_as_if_it_were_the_file_with_the_rest_of_its_project(project: Path) -> None:
    assert shown(checked(project, "train.py", train="# one row more\n" + TRAIN)) == [("LRS101", "train.py", 9)]
    assert shown(checked(project, "train.py", train="sched = 1\n")) == []


def test_a_file_that_is_nowhere_on_disk_is_found_by_what_imports_it(project: Path) -> None:
    (project / "engine.py").unlink()
    assert shown(checked(project, "engine.py", engine=ENGINE)) == [("LRS101", "engine.py", 7)]


def test_text_that_is_no_python_is_said_of_its_name(project: Path) -> None:
    assert shown(checked(project, "new.py", new="sched = (\n")) == [("LRS901", "new.py", 1)]


def test_text_is_left_out_where_its_name_is_excluded_by_force(project: Path) -> None:
    config = Config(exclude=("engine.py",), force_exclude=True)
    assert checked(project, "engine.py", config=config, engine=ENGINE) == Report(())


def test_the_rows_of_what_was_read_can_be_shown(project: Path) -> None:
    report = checked(project, "engine.py")
    assert report.lines(report.diagnostics[0].at)[6].strip() == "scheduler.step()"
    missing = checked(project, "nowhere.py")
    assert list(missing.lines(missing.diagnostics[0].at)) == []


# --- errors of the analysis itself ------------------------------------------------------------------------------------


@rule(code="LRS101", name="breaks", summary="It breaks.", severity=Severity.ERROR, since="0.1.0", over=timelines)
def breaks(self: Rule, reading: Reading) -> Iterator[Finding]:
    """A rule with an error in it."""
    raise KeyError("oh")


@pytest.fixture
def with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that fails is among the rules."""
    monkeypatch.setattr("schedlint.selection.RULES", (breaks,))


@pytest.mark.usefixtures("with_an_error")
@pytest.mark.parametrize("ignore", [(), ("LRS904",), ("LRS9",)], ids=["", "ignored", "ignored with all its kind"])
def test_an_internal_error_is_always_said(project: Path, ignore: tuple[str, ...]) -> None:
    report = checked(project, config=choosing(ignore=ignore))
    assert report.failed
    assert [(each.code, each.severity, each.message, each.at.path) for each in report.diagnostics] == [
        ("LRS904", Severity.ERROR, "internal error: LRS101 failed: KeyError: 'oh'", "train.py")
    ]


@pytest.mark.usefixtures("with_an_error")
def test_an_internal_error_is_noted_beside_a_timeline(project: Path) -> None:
    understood = app.timelines(["."], cwd=str(project))
    assert understood.failed
    assert [note.code for note in understood.programs[0].notes] == ["LRS904"]


def fail(*_: object) -> None:
    """What a function with an error in it does."""
    raise KeyError("oh")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        pytest.param(
            "schedlint.timeline.run.executor.Executor.block",
            "internal error: the run of `train` failed: KeyError: 'oh'",
            id="while it is run",
        ),
        pytest.param(
            "schedlint.app.read",
            "internal error: `train` cannot be understood: KeyError: 'oh'",
            id="while it is read",
        ),
        pytest.param(
            "schedlint.workspace.extract",
            "internal error: the file cannot be analysed: KeyError: 'oh'",
            id="while its file is taken apart",
        ),
    ],
)
def test_a_program_that_is_lost_to_an_error_is_said_once(
    project: Path, monkeypatch: pytest.MonkeyPatch, broken: str, said: str
) -> None:
    monkeypatch.setattr(broken, fail)
    report = checked(project, "train.py")
    assert report.failed
    assert [(each.code, each.message, each.at.path) for each in report.diagnostics] == [("LRS904", said, "train.py")]


# --- timelines --------------------------------------------------------------------------------------------------------


def test_a_program_is_told_from_its_script(project: Path) -> None:
    (program,) = told(project)
    entries = [(reading.timeline.entry.kind, reading.timeline.entry.name) for reading in program.readings]
    assert (EntryKind.SCRIPT, "train") in entries
    assert (EntryKind.FUNCTION, "train_one_epoch") not in entries


def test_a_file_of_functions_is_told_from_what_uses_it(project: Path) -> None:
    (program,) = told(project, "engine.py")
    assert [reading.timeline.entry.name for reading in program.readings] == ["train"]


def test_a_function_that_nobody_uses_is_told_alone(project: Path) -> None:
    (project / "train.py").unlink()
    (program,) = told(project)
    assert [reading.timeline.entry.name for reading in program.readings] == ["train_one_epoch"]


def test_the_cadence_is_read(project: Path) -> None:
    (program,) = told(project, "train.py")
    (reading,) = program.readings
    assert [cadence.cadence.value for cadence in reading.cadences] == ["once per batch"]


def test_a_place_is_located(project: Path) -> None:
    (program,) = told(project, "train.py")
    (scheduler,) = program.readings[0].timeline.schedulers()
    assert program.locate(scheduler.place) == ("train.py", None, 8)


def test_two_projects_are_two_programs(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "setup.py").write_text("")
        (tmp_path / name / "engine.py").write_text(ENGINE)
    assert len(told(tmp_path)) == 2


@pytest.mark.parametrize(("ignore", "said"), [((), ["LRS901"]), (("LRS901",), []), (("LRS9",), [])])
def test_what_could_not_be_read_is_said_unless_it_is_ignored(
    project: Path, ignore: tuple[str, ...], said: list[str]
) -> None:
    (project / "broken.py").write_text("sched = (\n")
    report = checked(project, config=choosing(select=("LRS301",), ignore=ignore))
    assert [each.code for each in report.diagnostics if each.code.startswith("LRS9")] == said


def test_what_could_not_be_read_is_noted(project: Path) -> None:
    (project / "broken.py").write_text("sched = (\n")
    notes = [note.code for program in told(project) for note in program.notes]
    assert notes.count("LRS901") == 1


def test_a_path_that_is_not_there_is_noted(project: Path) -> None:
    notes = [note.code for program in told(project, "nowhere.py") for note in program.notes]
    assert notes == ["LRS900"]


def test_a_project_without_schedulers_has_no_program(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    assert told(tmp_path) == []
