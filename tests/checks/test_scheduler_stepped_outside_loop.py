"""LRS206 on timelines written by hand; what is outside is in tests/timeline/test_outside_training.py."""

from __future__ import annotations

import pytest

from schedlint.checks.scheduler_stepped_outside_loop import scheduler_stepped_outside_loop as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import Confidence as Sure
from schedlint.timeline.model import EventKind
from tests.timeline.build import Story, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def stepped(cls: str = "LinearLR", *, before: bool = False, sure: Sure = Sure.CERTAIN) -> Story:
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler(cls)
    if before:
        story.step(2)
    with story.range("epoch", 9):
        story.optimize()
    if not before:
        story.happen(EventKind.STEPPED, 2, receiver="scheduler", confidence=sure)
    return story


def test_a_step_behind_the_loop_is_reported_where_it_stands() -> None:
    story = stepped()
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS206", story.events[-1].place)
    assert {each.place for each in finding.related if each.essential} == {story.objects[1].place, story.loops[0].place}
    assert f"only stepped when the training loop of line {story.loops[0].place.row} is over" in finding.message


@pytest.mark.parametrize(
    ("story", "words", "severity"),
    [
        pytest.param(stepped(), "so that it stays at 0.0333333", Severity.ERROR, id="a low learning rate"),
        pytest.param(stepped("StepLR"), "the learning rate stays 0.1", Severity.WARNING, id="the one that was given"),
        pytest.param(
            stepped(before=True), "never in it: the learning rate stays where that leaves it", Severity.WARNING,
            id="before the loop",
        ),
        pytest.param(stepped(sure=Sure.LIKELY), "it stays at", Severity.WARNING, id="a step that is only likely"),
    ],
)  # fmt: skip
def test_what_becomes_of_the_learning_rate(story: Story, words: str, severity: Severity) -> None:
    (finding,) = findings(story)
    assert words in finding.message
    assert finding.severity is severity


def test_a_finding_is_no_surer_than_the_step() -> None:
    (finding,) = findings(stepped(sure=Sure.LIKELY))
    assert finding.confidence is Confidence.LIKELY


def test_a_step_in_the_loop_is_not_reported() -> None:
    story = stepped()
    with story.range("epoch", 9):
        story.optimize()
        story.step(2)
    assert findings(story) == []
