"""LRS207 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.scheduler_step_unreachable import scheduler_step_unreachable as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Escape, EventKind
from schedlint.timeline.readings import read
from schedlint.timeline.understood import Understood
from tests.timeline.build import Story, place


def findings(*stories: Story) -> list[Finding]:
    readings = [read(story.timeline(), load()) for story in stories]
    return [finding for view in rule.over(Understood(tuple(readings))) for finding in rule.check(view)]


def behind(word: str = "continue", cls: str = "LinearLR") -> Story:
    """A scheduler whose step stands behind what leaves the loop body."""
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler(cls)
    with story.range("epoch", 9):
        story.optimize()
        event = story.happen(EventKind.NOT_REACHED, 2, receiver="self.scheduler")
        story.events[-1] = replace(event, behind=word)
    return story


def test_a_step_that_is_not_reached_is_reported_where_it_stands() -> None:
    story = behind()
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS207", story.events[-1].place)
    assert finding.message.startswith("`self.scheduler.step()` stands behind a `continue` that always leaves")
    assert finding.key == f"train.py:{story.objects[1].place.row}:1"


@pytest.mark.parametrize(("cls", "severity"), [("LinearLR", Severity.ERROR), ("StepLR", Severity.WARNING)])
def test_it_is_an_error_where_the_learning_rate_stays_low(cls: str, severity: Severity) -> None:
    (finding,) = findings(behind("return", cls))
    assert finding.severity is severity


def stepped() -> Story:
    story = behind()
    story.step(2)
    return story


def escaped() -> Story:
    story = behind()
    story.amend(2, escapes=(Escape("returned", place(99)),))
    return story


@pytest.mark.parametrize("story", [pytest.param(stepped(), id="another step"), pytest.param(escaped(), id="an escape")])
def test_a_step_that_is_left_over_is_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_what_another_program_steps_is_not_reported() -> None:
    assert findings(behind(), stepped()) == []
