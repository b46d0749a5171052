"""LRS602, LRS606 and LRS613: on what hand-written timelines and modules hold, and by what the project declares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from schedlint import app
from schedlint.checks.isinstance_private_lrscheduler import isinstance_private_lrscheduler
from schedlint.checks.private_lrscheduler import private_lrscheduler
from schedlint.checks.removed_verbose import removed_verbose
from schedlint.config import Config, Selectors
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.releases import Range, allowed
from schedlint.remedies import Applicability, DropArgument, Rename
from schedlint.timeline.model import Bound, Written
from schedlint.timeline.quantity import Literal
from schedlint.timeline.readings import read
from schedlint.timeline.understood import ModuleReading, Role, Use
from tests.timeline.build import Story, option, place

PRIVATE = load().schedulers["torch.optim.lr_scheduler._LRScheduler"]


def declared(versions: str) -> Mapping[str, Range]:
    return {"torch": allowed(versions)} if versions else {}


# --- an argument that is no more --------------------------------------------------------------------------------------


def built(bound: Bound, cls: str = "StepLR", versions: str = "") -> Finding:
    story = Story()
    story.optimizer()
    story.scheduler(cls)
    story.amend(2, arguments=(bound,))
    (finding,) = removed_verbose.check(read(story.timeline(), load(), releases=declared(versions)))
    return finding


VERBOSE = Bound("verbose", (Literal(False),))
SWITCH = Bound("threshold", (Literal(True),), written=Written.POSITION)


@pytest.mark.parametrize(
    ("versions", "severity"),
    [
        pytest.param("", Severity.ERROR, id="nothing"),
        pytest.param(">=2.0", Severity.ERROR, id="no limit above"),
        pytest.param(">=2.0,<2.8", Severity.ERROR, id="the first version that raises, among others"),
        pytest.param("<2.7", Severity.WARNING, id="no version that raises"),
        pytest.param("2.6", Severity.WARNING, id="the last that warns"),
        pytest.param("<2.2", Severity.INFO, id="none that warns"),
        pytest.param("1.13.1", Severity.INFO, id="one version of old"),
    ],
)
def test_how_bad_an_argument_is_depends_on_what_is_declared(versions: str, severity: Severity) -> None:
    assert built(VERBOSE, versions=versions).severity is severity


def test_a_finding_says_from_which_version_on_it_breaks() -> None:
    finding = built(VERBOSE, versions=">=2.0,<2.4")
    assert finding.message == (
        "`StepLR` takes no `verbose` from torch 2.7 on (torch>=2.0,<2.4 is declared): building it raises TypeError, "
        "and there is no schedule"
    )
    assert (finding.code, finding.place, finding.confidence) == ("LRS602", place(3), Confidence.CERTAIN)


def test_an_argument_that_is_written_in_the_call_can_be_dropped() -> None:
    remedy = built(VERBOSE).remedy
    assert remedy is not None
    assert remedy.changes == (DropArgument(place(3), "verbose", 4),)
    assert remedy.applicability is Applicability.SAFE


def test_one_that_comes_out_of_a_mapping_cannot() -> None:
    assert built(Bound("verbose", (Literal(True),), written=Written.UNPACKED)).remedy is None


def test_one_that_is_in_a_mapping_by_default_is_likely() -> None:
    finding = built(Bound("verbose", (option("kwargs['verbose']", 1),), written=Written.UNPACKED))
    assert finding.confidence is Confidence.LIKELY


def test_a_switch_that_another_parameter_takes_is_an_error_in_every_version_that_has_it_there() -> None:
    finding = built(SWITCH, "ReduceLROnPlateau", "<2.2")
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "`verbose` stood here before torch 1.7: today True sets `threshold` of `ReduceLROnPlateau` to 1 instead of "
        "0.0001"
    )
    assert finding.remedy is not None
    assert finding.remedy.applicability is Applicability.UNSAFE


def test_a_switch_is_right_where_it_was_meant() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    story.amend(2, arguments=(SWITCH,))
    assert not list(removed_verbose.check(read(story.timeline(), load(), releases=declared("1.6"))))


# --- a class that has a successor -------------------------------------------------------------------------------------


def module(role: Role, versions: str = "", *, dotted: bool = False, renames: int = 1) -> ModuleReading:
    use = Use(place(5), role, PRIVATE, dotted, tuple(map(place, range(5, 5 + renames))))
    return ModuleReading(place(1), (use,), releases=declared(versions))


def told(reading: ModuleReading) -> list[str]:
    """The codes of what is said of a module."""
    rules = (isinstance_private_lrscheduler, private_lrscheduler)
    return [finding.code for rule in rules for finding in rule.check(reading)]


@pytest.mark.parametrize(
    ("reading", "codes"),
    [
        pytest.param(module(Role.IMPORT), ["LRS613"], id="an import"),
        pytest.param(module(Role.BASE, dotted=True), ["LRS613"], id="a base through its module"),
        pytest.param(module(Role.BASE), [], id="a base whose import is told of"),
        pytest.param(module(Role.ANNOTATION), [], id="an annotation likewise"),
        pytest.param(module(Role.CHECK), ["LRS606"], id="a check"),
        pytest.param(module(Role.CHECK, dotted=True), ["LRS606"], id="a check through its module"),
        pytest.param(module(Role.CHECK, ">=1.13"), ["LRS606"], id="a check, if some versions are new"),
        pytest.param(module(Role.CHECK, "<2"), ["LRS606"], id="a check, if none is"),
        pytest.param(module(Role.IMPORT, "1.13.1"), ["LRS613"], id="an import, if none is"),
        pytest.param(ModuleReading(place(1)), [], id="nothing"),
    ],
)
def test_what_is_told_of_a_module(reading: ModuleReading, codes: list[str]) -> None:
    assert told(reading) == codes


@pytest.mark.parametrize(
    ("versions", "applicability"),
    [
        pytest.param("", Applicability.UNSAFE, id="nothing is declared"),
        pytest.param(">=1.13", Applicability.UNSAFE, id="a version that lacks the name"),
        pytest.param(">=2.0", Applicability.SAFE, id="versions that all have it"),
    ],
)
def test_a_new_name_is_safe_where_every_version_has_it(versions: str, applicability: Applicability) -> None:
    (finding,) = private_lrscheduler.check(module(Role.IMPORT, versions, renames=2))
    assert finding.remedy is not None
    assert finding.remedy.changes == (Rename(place(5), "LRScheduler"), Rename(place(6), "LRScheduler"))
    assert finding.remedy.applicability is applicability


def test_there_is_no_new_name_where_that_takes_more() -> None:
    (finding,) = isinstance_private_lrscheduler.check(module(Role.CHECK, renames=0))
    assert finding.remedy is None
    assert finding.severity is Severity.WARNING


# --- whole projects ---------------------------------------------------------------------------------------------------

PROGRAM = """\
from torch.optim.lr_scheduler import StepLR, _LRScheduler
def build(optimizer):
    scheduler = StepLR(optimizer, 3, verbose=True)
    assert isinstance(scheduler, _LRScheduler)
    return scheduler
"""
OURS = Config(selectors=(Selectors(("LRS602", "LRS606", "LRS613")),))


def reported(folder: Path, config: Config = OURS) -> dict[str, Severity]:
    return {found.code: found.severity for found in app.check(["train.py"], config, cwd=str(folder)).diagnostics}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["torch<2.0"]\n'),
        ("requirements.txt", "torch==1.13.1\n"),
        ("setup.cfg", "[options]\ninstall_requires = torch<2.0\n"),
        ("setup.py", "from setuptools import setup\nsetup(install_requires=['torch<2.0'])\n"),
    ],
)
def test_what_a_project_declares_counts_for_its_files(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "train.py").write_text(PROGRAM)
    assert reported(tmp_path) == {
        "LRS602": Severity.ERROR, "LRS606": Severity.WARNING, "LRS613": Severity.INFO,
    }  # fmt: skip
    (tmp_path / name).write_text(text)
    assert reported(tmp_path) == dict.fromkeys(("LRS602", "LRS606", "LRS613"), Severity.INFO)


def test_the_settings_win_over_what_is_declared(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(PROGRAM)
    (tmp_path / "requirements.txt").write_text("torch==1.13.1\n")
    meant = Config(selectors=OURS.selectors, releases={"torch": allowed(">=2.0,<2.7")})
    assert reported(tmp_path, meant)["LRS602"] is Severity.WARNING
    assert set(reported(tmp_path, meant)) == {"LRS602", "LRS606", "LRS613"}
