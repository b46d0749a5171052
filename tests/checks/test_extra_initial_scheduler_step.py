"""LRS302 on timelines written by hand; which steps are initial is in tests/timeline/test_order.py."""

from __future__ import annotations

import pytest

from schedlint.checks.extra_initial_scheduler_step import extra_initial_scheduler_step as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.quantity import Curve, Symbol
from tests.timeline.build import Argument, Story, op, understood

STEP = Symbol("step", "step", role="step")


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def ahead(cls: str = "StepLR", *, per_batch: bool = False, **arguments: Argument) -> Story:
    """A scheduler that is stepped once before the loops and then in one of them."""
    story = Story()
    story.optimizer(lr=0.1)
    story.schedule(cls, arguments)
    story.step(2)
    with story.range("epoch", 9):
        with story.loader():
            story.optimize()
            if per_batch:
                story.step(2)
        if not per_batch:
            story.step(2)
    return story


def test_a_step_before_the_loop_is_reported_where_it_stands() -> None:
    story = ahead()
    (finding,) = findings(story)
    assert (finding.code, finding.place) == ("LRS302", story.events[2].place)
    assert "stepped once before the epoch loop of line" in finding.message


@pytest.mark.parametrize(
    ("per_batch", "severity", "unit"), [(False, Severity.WARNING, "one epoch early"), (True, Severity.INFO, "one step")]
)
def test_it_is_as_bad_as_the_step_is_long(*, per_batch: bool, severity: Severity, unit: str) -> None:
    (finding,) = findings(ahead(per_batch=per_batch))
    assert finding.severity is severity
    assert unit in finding.message


def test_it_is_off_by_default() -> None:
    assert not rule.default


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(ahead("CosineAnnealingWarmRestarts", T_0=10), id="a class that goes anywhere"),
        pytest.param(ahead("warmup_scheduler.GradualWarmupScheduler", total_epoch=5), id="a warm-up that is primed"),
        pytest.param(ahead("LambdaLR", lr_lambda=Curve(STEP, (op("/", STEP, 500),))), id="a schedule that begins at 0"),
    ],
)
def test_what_is_stepped_first_for_a_reason_is_not_reported(story: Story) -> None:
    assert findings(story) == []
