"""The report for people."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from schedlint.diagnostics import Confidence, Diagnostic, Location, Note, Severity
from schedlint.reporters.colour import coloured
from schedlint.reporters.full import render
from tests.reporters.builders import diagnostic, location

TEXTS = {
    "engine.py": "def train(loader):\n    for x in loader:\n        step(x)\n        sched.step()\n",
    "train.py": "sched = build(\n    optimizer,\n)\ntrain(loader)\n",
}


def lines(at: Location) -> Sequence[str]:
    """The rows of the files above; a notebook has one in each cell."""
    return [f"cell_{at.cell}"] if at.cell else TEXTS[at.path].split("\n") if at.path in TEXTS else []


def finding(*related: Note, help: str = "") -> Diagnostic:
    """What is wrong in the step."""
    at = Location("engine.py", 4, 9, 4, 21)
    return replace(diagnostic(), at=at, related=related, help=help)


def rendered(*diagnostics: Diagnostic) -> str:
    return render(diagnostics, lines)


BUILT = Note("it is built here", Location("train.py", 1, 9, 3, 2), essential=True)
LOOP = Note("in this loop", Location("engine.py", 2, 5, 2, 8))


def test_a_finding_with_all_there_is_to_say() -> None:
    assert (
        rendered(finding(BUILT, LOOP, help="step it once per epoch"))
        == """\
error[LRS101]: it counts epochs
 --> engine.py:4:9
  |
2 |     for x in loader:
3 |         step(x)
4 |         sched.step()
  |         ^^^^^^^^^^^^
  |
 ::: train.py:1:9 it is built here
1 | sched = build(
  |         ------
 ::: engine.py:2:5 in this loop
help: step it once per epoch
help: `schedlint rule LRS101` explains epoch-scheduler-stepped-per-batch
"""
    )


def test_a_row_is_shown_once() -> None:
    assert rendered(finding(BUILT, replace(BUILT, message="and again"))).count("sched = build(") == 1


def test_findings_are_set_apart() -> None:
    assert rendered(finding(), finding()).count("\n\nerror[LRS101]") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"severity": Severity.WARNING}, "warning[LRS101]: it counts epochs\n"),
        ({"severity": Severity.INFO}, "info[LRS101]: it counts epochs\n"),
        ({"confidence": Confidence.LIKELY}, "error[LRS101] (likely): it counts epochs\n"),
    ],
)
def test_how_bad_and_how_sure_it_is(change: dict[str, str], said: str) -> None:
    assert rendered(replace(finding(), **change)).startswith(said)


def test_what_cannot_be_read_has_a_place_and_no_source() -> None:
    gone = Diagnostic(Location("gone.py", 1, 1, 1, 1), "LRS900", "unreadable-file", "there is no such file")
    assert rendered(gone) == "error[LRS900]: there is no such file\n --> gone.py:1:1\n"


def test_rows_of_a_notebook_are_those_of_its_cell() -> None:
    at = Location("nb.ipynb", 1, 1, 1, 5, cell=3)
    other = Note("here", replace(at, cell=2))
    text = rendered(replace(finding(other), at=at))
    assert " --> nb.ipynb:cell 3:1:1\n  |\n1 | cell_3\n  | ^^^^\n" in text
    assert " ::: nb.ipynb:cell 2:1:1 here\n1 | cell_2\n" in text


def test_numbers_of_all_rows_stand_under_each_other() -> None:
    far = Note("far", location(1000, "train.py"))
    assert "\n    --> engine.py:4:9\n     |\n   2 |     for" in rendered(finding(far))


def test_what_a_terminal_would_obey_is_escaped() -> None:
    at = Location("a\x1b.py", 1, 1, 1, 2)
    hostile = Diagnostic(at, "LRS101", "a-name", "m\x1b[2J\nx", related=(Note("n\x1b", at),), help="h\x1b")
    text = render([hostile], lambda at: ["s\x1b"])
    assert "\x1b" not in text
    assert text.count("\\x1b") == 6


def test_colour_changes_nothing_but_colour() -> None:
    found = finding(BUILT, LOOP, help="step it once per epoch")
    text = render([found], lines, coloured)
    assert "\x1b[1;31m^^^^^^^^^^^^\x1b[0m" in text
    without = text.replace("\x1b[0m", "")
    for code in ("1;31", "1;34", "1;36", "1"):
        without = without.replace(f"\x1b[{code}m", "")
    assert without == rendered(found)
