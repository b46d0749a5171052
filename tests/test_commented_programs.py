"""What comments do in whole programs: what they silence, wherever they stand, and what becomes of what they tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from schedlint import app
from schedlint.config import Config, Selectors
from schedlint.diagnostics import Diagnostic, Severity
from schedlint.reporters.text import spot
from schedlint.timeline.model import Confidence
from schedlint.timeline.reading import Cadence, Unit

TRAIN = """\
from torch.optim import SGD
from torch.utils.data import DataLoader

from build import scheduler_for
from engine import train_one_epoch

loader = DataLoader(data)
optimizer = SGD(model.parameters(), lr=0.1)
scheduler = scheduler_for(optimizer)
for epoch in range(24):
    train_one_epoch(model, optimizer, loader, scheduler)
"""

BUILD = """\
from torch.optim.lr_scheduler import MultiStepLR


def scheduler_for(optimizer):
    return MultiStepLR(
        optimizer,
        milestones=[16, 22],
    )
"""

ENGINE = """\
def train_one_epoch(model, optimizer, loader, scheduler):
    for x, y in loader:
        loss = model(x, y)
        loss.backward()
        optimizer.step()
        scheduler.step()
"""

FOUND = [("LRS101", "engine.py:6")]


def write(folder: Path, files: Mapping[str, str]) -> None:
    (folder / "setup.py").write_text("")
    for name, text in files.items():
        (folder / name).write_text(text)


def diagnostics(folder: Path, *paths: str, ignore: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    config = Config(selectors=(Selectors(ignore=ignore),))
    return app.check(paths or (".",), config, cwd=str(folder)).diagnostics


def checked(folder: Path, *paths: str, ignore: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = diagnostics(folder, *paths, ignore=ignore)
    return [(each.code, spot(each.at.path, each.at.cell, each.at.row)) for each in found]


def messages(folder: Path, text: str) -> list[tuple[int, str]]:
    """Row and message of everything reported for a program of one file."""
    write(folder, {"train.py": text})
    return [(each.at.row, each.message) for each in diagnostics(folder)]


# --- what is silenced -------------------------------------------------------------------------------------------------

FILES = {"train.py": TRAIN, "build.py": BUILD, "engine.py": ENGINE}


def commented(file: str, line: str, comment: str) -> dict[str, str]:
    """The program with a comment behind a line of one of its files."""
    assert FILES[file].count(f"{line}\n") == 1
    return {**FILES, file: FILES[file].replace(f"{line}\n", f"{line}  {comment}\n")}


def test_the_program_is_reported_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert checked(tmp_path) == FOUND


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: E501, LRS101", "# schedlint: ignore[LRS101] so it is meant"])
@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param("engine.py", "        scheduler.step()", id="the step"),
        pytest.param("build.py", "    return MultiStepLR(", id="the construction"),
        pytest.param("build.py", "        milestones=[16, 22],", id="an argument of the construction"),
        pytest.param("build.py", "    )", id="the end of the construction"),
        pytest.param("train.py", "scheduler = scheduler_for(optimizer)", id="the call of the factory"),
    ],
)
@pytest.mark.parametrize("named", [".", "engine.py", "build.py", "train.py"])
def test_a_comment_at_an_essential_place_silences_whatever_is_named(
    file: str, line: str, comment: str, named: str, tmp_path: Path
) -> None:
    write(tmp_path, commented(file, line, comment))
    assert checked(tmp_path, named) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param("engine.py", "        optimizer.step()", id="the statement before"),
        pytest.param("engine.py", "    for x, y in loader:", id="the loop"),
        pytest.param("build.py", "def scheduler_for(optimizer):", id="the function around the construction"),
        pytest.param("train.py", "    train_one_epoch(model, optimizer, loader, scheduler)", id="a call on the way"),
    ],
)
def test_a_comment_elsewhere_silences_nothing(file: str, line: str, tmp_path: Path) -> None:
    write(tmp_path, commented(file, line, "# noqa: LRS101"))
    assert checked(tmp_path) == FOUND


def test_a_timeline_does_not_mark_what_is_silenced(tmp_path: Path) -> None:
    write(tmp_path, commented("build.py", "    )", "# noqa: LRS101"))
    assert [note for program in app.timelines(["."], cwd=str(tmp_path)).programs for note in program.notes] == []


def notebook(*cells: str) -> str:
    sources = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": sources, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


BUILT = """\
from torch.optim import SGD
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader
%matplotlib inline
loader = DataLoader(data)
optimizer = SGD(model.parameters(), lr=0.1)
scheduler = MultiStepLR(
    optimizer, milestones=[16, 22])
"""

LOOP = """\
for epoch in range(24):
    for x, y in loader:
        model(x, y).backward()
        optimizer.step()
        scheduler.step()
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param("", "", [("LRS101", "train.ipynb:cell 2:5")], id="as it is"),
        pytest.param("scheduler.step()", "scheduler.step()  # noqa: LRS101", [], id="the step"),
        pytest.param(
            "        scheduler.step()", "        # schedlint: ignore\n        scheduler.step()", [], id="above the step"
        ),
        pytest.param("22])", "22])  # noqa: LRS101", [], id="the construction in another cell"),
        pytest.param(
            "scheduler.step()",
            "scheduler.step()  # schedlint: steps=epoch",
            [("LRS101", "train.ipynb:cell 2:5"), ("LRS902", "train.ipynb:cell 2:5")],
            id="a telling that contradicts",
        ),
    ],
)
def test_comments_in_a_notebook(old: str, new: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    cells = [cell.replace(old, new) if old else cell for cell in (BUILT, LOOP)]
    write(tmp_path, {"train.ipynb": notebook(*cells)})
    assert checked(tmp_path) == found


# --- what is told -----------------------------------------------------------------------------------------------------

UNKNOWN = """\
from torch.optim import SGD
from torch.optim.lr_scheduler import StepLR

def train(model, things, steps, hook):
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = StepLR(optimizer, steps)
    for thing in things:
        if hook(thing):
            optimizer.step()
            scheduler.step()
"""

BUILD_LINE, STEP_LINE = "StepLR(optimizer, steps)", "scheduler.step()"


def telling(build: str = "", step: str = "", program: str = UNKNOWN) -> str:
    """The program with something told at the construction and at the step."""
    lines = {BUILD_LINE: build, STEP_LINE: step}
    for line, said in lines.items():
        if said:
            program = program.replace(line, f"{line}  # schedlint: {said}")
    return program


@pytest.mark.parametrize(
    ("build", "step", "reported"),
    [
        pytest.param("", "", False, id="nothing told"),
        pytest.param("horizon=epochs", "", False, id="the horizon alone"),
        pytest.param("", "steps=batch", False, id="the cadence alone"),
        pytest.param("horizon=epochs", "steps=batch", True, id="epochs stepped per batch"),
        pytest.param("horizon=epochs", "steps=update", True, id="epochs stepped per update"),
        pytest.param("horizon=epochs", "steps=epoch", False, id="epochs stepped per epoch"),
        pytest.param("horizon=batches", "steps=batch", False, id="batches stepped per batch"),
    ],
)
def test_rules_use_what_is_told(build: str, step: str, reported: bool, tmp_path: Path) -> None:
    found = messages(tmp_path, telling(build, step))
    assert [row for row, _ in found] == [10] * reported


def test_a_finding_says_who_said_so(tmp_path: Path) -> None:
    ((_, message),) = messages(tmp_path, telling("horizon=epochs", "steps=batch"))
    assert message == (
        "`StepLR` counts epochs (`step_size=steps`; `# schedlint: horizon=epochs` says so, line 6) but steps once per "
        "batch (`# schedlint: steps=batch` says so, line 10): what was to take `steps` epochs takes `steps` batches"
    )


def test_a_telling_may_stand_alone_above_its_statement(tmp_path: Path) -> None:
    above = UNKNOWN.replace("    scheduler = ", "    # schedlint: horizon=epochs\n    scheduler = ")
    above = above.replace("            scheduler.", "            # schedlint: steps=batch\n\n            scheduler.")
    assert [row for row, _ in messages(tmp_path, above)] == [13]


def test_what_is_told_in_a_file_that_is_not_named_counts(tmp_path: Path) -> None:
    engine = "def stepped(hook, scheduler):\n    if hook():\n        scheduler.step()  # schedlint: steps=batch\n"
    train = telling("horizon=epochs").replace(STEP_LINE, "stepped(hook, scheduler)")
    write(tmp_path, {"train.py": f"from engine import stepped\n{train}", "engine.py": engine})
    assert checked(tmp_path, "train.py") == [("LRS101", "train.py:7")]


def test_the_call_of_a_factory_tells_of_what_it_builds(tmp_path: Path) -> None:
    build = "def build(optimizer, steps):\n    return StepLR(optimizer, steps)\n\n"
    program = UNKNOWN.replace("def train", f"{build}def train").replace("= StepLR(optimizer", "= build(optimizer")
    told = program.replace(
        "build(optimizer, steps)\n    for", "build(optimizer, steps)  # schedlint: horizon=epochs\n    for"
    )
    assert [row for row, _ in messages(tmp_path, telling(step="steps=batch", program=told))] == [13]


def test_a_parameter_through_which_a_scheduler_comes_tells_of_it(tmp_path: Path) -> None:
    program = (
        "from torch.optim.lr_scheduler import LRScheduler\n"
        "def train(loader, optimizer, scheduler: LRScheduler):  # schedlint: horizon=epochs\n"
        "    for x in loader:\n"
        "        loss(x).backward()\n"
        "        optimizer.step()\n"
        "        scheduler.step()\n"
    )
    ((row, message),) = messages(tmp_path, program)
    assert (row, message.startswith("`scheduler` counts epochs (`# schedlint: horizon=epochs` says so")) == (6, True)


def test_a_composite_takes_what_is_told_of_what_it_wraps(tmp_path: Path) -> None:
    program = UNKNOWN.replace("import StepLR", "import ChainedScheduler, StepLR").replace(
        f"    scheduler = {BUILD_LINE}\n", f"    inner = {BUILD_LINE}\n    scheduler = ChainedScheduler([inner])\n"
    )
    ((row, message),) = messages(tmp_path, telling("horizon=epochs", "steps=batch", program))
    assert (row, message.startswith("`ChainedScheduler` counts epochs")) == (11, True)


def test_the_timeline_shows_what_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": telling("horizon=epochs", "steps=batch")})
    (program,) = app.timelines(["."], cwd=str(tmp_path)).programs
    (reading,) = [each for each in program.readings if each.cadences]
    assert [(each.cadence, each.confidence) for each in reading.cadences] == [(Cadence.BATCH, Confidence.CERTAIN)]
    assert [(each.unit, each.confidence) for each in reading.horizons] == [(Unit.EPOCHS, Confidence.CERTAIN)]


# --- what comes to nothing --------------------------------------------------------------------------------------------

CERTAIN = """\
from torch.optim import SGD
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader

loader = DataLoader(data)
optimizer = SGD(model.parameters(), lr=0.1)
scheduler = OneCycleLR(optimizer, 1.0, epochs=3, steps_per_epoch=len(loader))
for epoch in range(3):
    for x, y in loader:
        model(x, y).backward()
        optimizer.step()
        scheduler.step()
"""


def test_a_cadence_that_contradicts_what_is_certain_is_reported_and_does_not_count(tmp_path: Path) -> None:
    assert messages(tmp_path, CERTAIN.replace("scheduler.step()", "scheduler.step()  # schedlint: steps=epoch")) == [
        (
            12,
            "`# schedlint: steps=epoch` contradicts what is certain: `OneCycleLR` steps once per batch (in the batch "
            "loop `for x, y in loader`, line 9)",
        )
    ]


def test_a_unit_that_contradicts_what_is_certain_is_reported_and_does_not_count(tmp_path: Path) -> None:
    ((row, message),) = messages(tmp_path, CERTAIN.replace("(loader))", "(loader))  # schedlint: horizon=epochs"))
    assert row == 7
    assert message.startswith(
        "`# schedlint: horizon=epochs` contradicts what is certain: `OneCycleLR` counts batches ("
    )


@pytest.mark.parametrize(
    ("build", "step"),
    [
        pytest.param("horizon=batches", "steps=batch", id="the same"),
        pytest.param("horizon=updates", "steps=update", id="every batch is an update"),
    ],
)
def test_what_is_certain_anyway_may_be_told(build: str, step: str, tmp_path: Path) -> None:
    program = CERTAIN.replace("(loader))", f"(loader))  # schedlint: {build}")
    assert messages(tmp_path, program.replace("scheduler.step()", f"scheduler.step()  # schedlint: {step}")) == []


def test_two_tellings_that_differ_are_reported_and_do_not_count(tmp_path: Path) -> None:
    above = UNKNOWN.replace("            scheduler.", "            # schedlint: steps=epoch\n            scheduler.")
    assert messages(tmp_path, telling("horizon=epochs", "steps=batch", above)) == [
        (10, "`# schedlint: steps=epoch` contradicts `# schedlint: steps=batch` on line 11: neither counts"),
        (11, "`# schedlint: steps=batch` contradicts `# schedlint: steps=epoch` on line 10: neither counts"),
    ]


@pytest.mark.parametrize(
    ("line", "comment", "said"),
    [
        pytest.param(
            STEP_LINE,
            "steps=bach",
            "`# schedlint: steps=bach` is not understood: did you mean `steps=batch`?",
            id="a value that is none",
        ),
        pytest.param(
            STEP_LINE,
            "",
            "`# schedlint:` is not understood: say `ignore[LRS101]`, `steps=batch` or `horizon=epochs`",
            id="nothing said",
        ),
        pytest.param(
            STEP_LINE,
            "ignore[LRS1O1, LRS301]",
            "`LRS1O1` in `# schedlint: ignore[...]` is no rule: did you mean `LRS101`?",
            id="a code that is none",
        ),
        pytest.param(
            STEP_LINE,
            "ignore[scheduler-after-optimizer]",
            "`scheduler-after-optimizer` in `# schedlint: ignore[...]` is no rule: "
            "did you mean `scheduler-before-optimizer`?",
            id="a name that is none",
        ),
        pytest.param(
            STEP_LINE,
            "ignore[E501]",
            "`E501` in `# schedlint: ignore[...]` is no rule: "
            "it is neither a code, nor the beginning of one, nor a name",
            id="another linter's code",
        ),
        pytest.param(
            BUILD_LINE,
            "steps=batch",
            "`# schedlint: steps=batch` has no effect: its statement steps no scheduler",
            id="the cadence of a construction",
        ),
        pytest.param(
            "optimizer.step()",
            "steps=batch",
            "`# schedlint: steps=batch` has no effect: its statement steps no scheduler",
            id="the cadence of an optimizer",
        ),
        pytest.param(
            STEP_LINE,
            "horizon=epochs",
            "`# schedlint: horizon=epochs` has no effect: its statement builds no scheduler",
            id="the horizon of a step",
        ),
        pytest.param(
            "for thing in things:",
            "horizon=epochs",
            "`# schedlint: horizon=epochs` has no effect: its statement builds no scheduler",
            id="the horizon of a loop",
        ),
    ],
)
def test_a_comment_that_comes_to_nothing_is_reported(line: str, comment: str, said: str, tmp_path: Path) -> None:
    row = next(row for row, text in enumerate(UNKNOWN.splitlines(), 1) if text.endswith(line))
    assert messages(tmp_path, UNKNOWN.replace(line, f"{line}  # schedlint: {comment}")) == [(row, said)]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# noqa: E501, F401", id="another linter's codes"),
        pytest.param("# schedlint: ignore[LRS101]", id="a rule that finds nothing here"),
        pytest.param("# schedlint: ignore[LRS1, syntax-error]", id="a prefix, and a name of what we say of ourselves"),
        pytest.param("# schedlint is a linter", id="prose"),
    ],
)
def test_other_comments_are_not_reported(comment: str, tmp_path: Path) -> None:
    assert messages(tmp_path, UNKNOWN.replace(STEP_LINE, f"{STEP_LINE}  {comment}")) == []


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            "def dead(scheduler):\n    scheduler.step()  # schedlint: steps=batch\n", id="a step nobody reaches"
        ),
        pytest.param("scheduler = registry(cfg)  # schedlint: horizon=epochs\n", id="a call that may build anything"),
        pytest.param(
            "def train(scheduler):  # schedlint: horizon=epochs\n    pass\n", id="a parameter of no known kind"
        ),
    ],
)
def test_what_was_not_understood_may_be_told_in_vain(program: str, tmp_path: Path) -> None:
    assert messages(tmp_path, program) == []


def test_several_things_wrong_in_one_comment_are_all_reported(tmp_path: Path) -> None:
    said = messages(tmp_path, "x = 1  # schedlint: step=batch, horizon=epoch ignore[LRS9999]\n")
    assert [(row, message.partition(" is n")[0]) for row, message in said] == [
        (1, "`# schedlint: horizon=epoch`"),
        (1, "`# schedlint: step=batch`"),
        (1, "`LRS9999` in `# schedlint: ignore[...]`"),
    ]


def test_a_comment_that_comes_to_nothing_is_a_warning_at_the_comment(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "x = 1  # schedlint: steps=bach\n"})
    (found,) = diagnostics(tmp_path)
    assert (found.code, found.name, found.severity) == ("LRS902", "unused-suppression", Severity.WARNING)
    assert (found.at.column, found.at.end_column) == (8, 31)


def test_comments_are_reported_in_named_files_only_and_once(tmp_path: Path) -> None:
    engine = ENGINE.replace("scheduler.step()", "scheduler.step()  # schedlint: steps=epoch")
    write(tmp_path, {**FILES, "engine.py": engine, "again.py": TRAIN})
    assert checked(tmp_path, "train.py") == [("LRS101", "train.py:9")]
    assert checked(tmp_path) == [("LRS101", "engine.py:6"), ("LRS902", "engine.py:6")]


@pytest.mark.parametrize("comment", ["# noqa: LRS902", "# noqa", "# schedlint: ignore[unused-suppression]"])
def test_a_report_about_a_comment_can_be_silenced(comment: str, tmp_path: Path) -> None:
    assert messages(tmp_path, f"x = 1  # schedlint: steps=bach  {comment}\n") == []
    assert messages(tmp_path, f"# schedlint: steps=bach  {comment}\n") == []


def test_reports_about_comments_can_be_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "x = 1  # schedlint: steps=bach\n"})
    assert checked(tmp_path, ignore=("LRS902",)) == []


def test_what_could_not_be_read_is_silenced_by_no_comment(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "sched = (  # noqa\n"})
    assert [code for code, _ in checked(tmp_path)] == ["LRS901"]


def test_a_timeline_notes_what_comes_to_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": UNKNOWN.replace(STEP_LINE, f"{STEP_LINE}  # schedlint: steps=bach")})
    notes = [note for program in app.timelines(["."], cwd=str(tmp_path)).programs for note in program.notes]
    assert [(note.code, note.at.row) for note in notes] == [("LRS902", 10)]
