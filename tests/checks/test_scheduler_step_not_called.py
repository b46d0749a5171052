"""LRS203 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.scheduler_step_not_called import scheduler_step_not_called as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import Confidence as Sure
from schedlint.timeline.model import EventKind
from tests.timeline.build import Story, equals, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def named_only(cls: str = "LinearLR", **event: object) -> Story:
    """A scheduler whose step is named in the loop and not called."""
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler(cls)
    with story.range("epoch", 9):
        story.optimize()
        story.happen(EventKind.NOT_CALLED, 2, receiver="scheduler", **event)  # type: ignore[arg-type]
    return story


def test_a_step_that_is_not_called_is_reported_where_it_stands() -> None:
    story = named_only()
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS203", story.events[-1].place)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert [each.place for each in finding.related if each.essential] == [story.objects[1].place]


def test_what_becomes_of_the_learning_rate_is_said() -> None:
    (finding,) = findings(named_only())
    assert finding.message.endswith("multiplies the learning rate by 0.333, so that it stays at 0.0333333")


def test_where_another_step_is_taken_only_this_one_does_nothing() -> None:
    story = named_only()
    story.step(2)
    (finding,) = findings(story)
    assert finding.message.endswith("so `LinearLR` is not stepped: nothing happens here")


def test_a_finding_has_the_condition_and_the_doubt_of_what_it_rests_on() -> None:
    (finding,) = findings(named_only(condition=(equals("mode", "a"),), confidence=Sure.LIKELY))
    assert (finding.condition, finding.confidence) == ("mode == 'a'", Confidence.LIKELY)


@pytest.mark.parametrize("kind", [EventKind.STEPPED, EventKind.NOT_REACHED, EventKind.LR_READ])
def test_other_events_are_not_reported(kind: EventKind) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    story.happen(kind, 2)
    assert findings(story) == []


def test_a_plateau_is_called_with_its_metric() -> None:
    assert [each.help for each in findings(named_only("ReduceLROnPlateau"))] == ["call it, with the metric"]
    assert [each.help for each in findings(named_only("StepLR"))] == ["call it: `scheduler.step()`"]
