"""LRS202 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import EventKind
from tests.timeline.build import Argument, Story, equals, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def lost(cls: str = "StepLR", name: str = "", *, thrown_away: bool = True, **arguments: Argument) -> Story:
    """A scheduler that a statement builds, and an optimizer that is stepped."""
    story = Story()
    story.optimizer(lr=0.1)
    story.schedule(cls, arguments)
    story.amend(2, name=name)
    if thrown_away:
        story.happen(EventKind.THROWN_AWAY, 2)
    with story.range("epoch", 9), story.loader():
        story.optimize()
    return story


def test_a_scheduler_that_is_thrown_away_is_reported_where_it_is_built() -> None:
    story = lost()
    (finding,) = findings(story)
    assert (finding.code, finding.name) == ("LRS202", "scheduler-not-assigned")
    assert finding.place == story.objects[1].place
    assert [each.place for each in finding.related if not each.essential] == [story.events[-1].place]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(lost(), 1, id="a statement of its own"),
        pytest.param(lost(name="_", thrown_away=False), 1, id="a name for what is not used"),
        pytest.param(lost(name="scheduler", thrown_away=False), 0, id="a name"),
        pytest.param(lost(name="scheduler"), 0, id="a name inside the function that made it"),
        pytest.param(lost(thrown_away=False), 0, id="lost from sight"),
    ],
)
def test_what_is_kept_nowhere(story: Story, expected: int) -> None:
    assert len(findings(story)) == expected


def test_without_training_nothing_is_said() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    story.amend(2, name="")
    story.happen(EventKind.THROWN_AWAY, 2)
    assert findings(story) == []


@pytest.mark.parametrize(
    ("story", "words", "severity"),
    [
        pytest.param(lost(), "the learning rate stays 0.1", Severity.WARNING, id="one that leaves it as it is"),
        pytest.param(lost("LinearLR", start_factor=0.5), "so that it stays at 0.05", Severity.ERROR, id="a factor"),
        pytest.param(lost("OneCycleLR", max_lr=1.0), "sets the learning rate to 0.04", Severity.ERROR, id="a value"),
    ],
)
def test_the_message_says_where_the_learning_rate_stays(story: Story, words: str, severity: Severity) -> None:
    (finding,) = findings(story)
    assert "kept nowhere, so nothing can step it" in finding.message
    assert words in finding.message
    assert finding.severity is severity


def test_what_is_no_more_than_likely_is_a_warning() -> None:
    story = lost("LinearLR")
    story.amend(2, confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert (finding.confidence, finding.severity) == (Confidence.LIKELY, Severity.WARNING)


def test_the_condition_is_said() -> None:
    story = lost()
    story.amend(2, condition=(equals("args.sched", "step"),))
    (finding,) = findings(story)
    assert finding.condition == "args.sched == 'step'"
