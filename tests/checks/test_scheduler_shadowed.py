"""LRS204 on timelines written by hand; what overwrites what is in tests/timeline/test_idle_steps.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.scheduler_shadowed import scheduler_shadowed as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.model import Bound, EventKind
from tests.timeline.build import Story, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def shadowed(first: str, second: str = "StepLR", *, stepped: int = 3, trained: bool = True) -> Story:
    """A scheduler that another one takes the name of; one of them is stepped."""
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler(first)
    other = story.scheduler(second)
    event = story.happen(EventKind.REBOUND, 2, receiver="scheduler")
    story.events[-1] = replace(event, arguments=(Bound("", (), (other,)),))
    with story.range("epoch", 9):
        if trained:
            story.optimize()
        story.step(stepped)
    return story


def test_the_scheduler_that_is_lost_is_reported_where_it_is_built() -> None:
    story = shadowed("ExponentialLR")
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS204", story.objects[1].place)
    assert [each.place for each in finding.related if each.essential] == [story.events[3].place]
    assert "overwritten by `StepLR` (line " in finding.message


@pytest.mark.parametrize(
    ("first", "words", "severity"),
    [
        pytest.param("ExponentialLR", "it has no effect, and `StepLR` alone", Severity.WARNING, id="without an effect"),
        pytest.param(
            "LinearLR",
            "building it may change the learning rate (times 0.333), and `StepLR` goes on from there",
            Severity.ERROR,
            id="with one",
        ),
    ],
)
def test_it_is_as_bad_as_what_building_it_does(first: str, words: str, severity: Severity) -> None:
    (finding,) = findings(shadowed(first))
    assert words in finding.message
    assert finding.severity is severity


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(shadowed("StepLR", stepped=2), id="the first one is stepped"),
        pytest.param(shadowed("StepLR", trained=False), id="nothing is trained"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_a_scheduler_that_keeps_its_name_is_not_reported() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9):
        story.optimize()
    assert findings(story) == []
