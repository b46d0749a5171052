"""LRS208 and LRS304 on timelines written by hand; which steps they are is in tests/timeline/test_skipped.py."""

from __future__ import annotations

from msgspec.structs import replace

from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_ignores_skipped_amp_step import scheduler_ignores_skipped_amp_step
from schedlint.checks.scheduler_step_only_when_best import scheduler_step_only_when_best
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.model import GuardKind
from tests.timeline.build import Story, guard, understood


def findings(rule: Rule, story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def trained(test: str = "", *, may_skip: bool = False) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9), story.loader():
        step = story.optimize(receiver="scaler")
        story.events[-1] = replace(step, may_skip=may_skip)
        story.step(2, *([guard(GuardKind.UNKNOWN, test)] if test else []))
    return story


def test_a_step_that_only_the_best_value_brings_about_is_reported_with_its_test() -> None:
    story = trained("loss < best")
    (finding,) = findings(scheduler_step_only_when_best, story)
    assert (finding.code, finding.place, finding.severity) == ("LRS208", story.events[-1].place, Severity.INFO)
    assert "only stepped if `loss < best`" in finding.message
    assert findings(scheduler_step_only_when_best, trained()) == []


def test_a_step_beside_one_that_may_be_skipped_is_reported_with_it() -> None:
    story = trained(may_skip=True)
    (finding,) = findings(scheduler_ignores_skipped_amp_step, story)
    assert (finding.code, finding.place, finding.severity) == ("LRS304", story.events[-1].place, Severity.INFO)
    assert f"even where `scaler.step()` (line {story.events[-2].place.row}) skips" in finding.message
    assert findings(scheduler_ignores_skipped_amp_step, trained()) == []


def test_both_are_off_by_default() -> None:
    assert not scheduler_step_only_when_best.default
    assert not scheduler_ignores_skipped_amp_step.default
