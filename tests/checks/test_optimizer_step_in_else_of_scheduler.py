"""LRS205 on timelines written by hand; which steps take turns is in tests/timeline/test_alternation.py."""

from __future__ import annotations

from schedlint.checks.optimizer_step_in_else_of_scheduler import optimizer_step_in_else_of_scheduler as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import GuardKind
from tests.timeline.build import Story, guard, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def turns(*, both: bool = False) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9), story.loader():
        if both:
            story.optimize()
        story.step(2, guard(GuardKind.NEUTRAL, "scheduler"))
        story.optimize(1, guard(GuardKind.NEUTRAL, "scheduler", denied=True))
    return story


def test_a_step_in_place_of_the_optimizers_is_reported_with_both_places() -> None:
    story = turns()
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS205", story.events[2].place)
    assert story.events[4].place in [each.place for each in finding.related if each.essential]
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert f"(line {story.events[4].place.row})" in finding.message


def test_an_optimizer_that_is_stepped_all_the_same_is_not_reported() -> None:
    assert findings(turns(both=True)) == []
