"""LRS303 on timelines written by hand; which metrics are stale is in tests/timeline/test_metrics.py."""

from __future__ import annotations

from msgspec.structs import replace

from schedlint.checks.plateau_before_validation import plateau_before_validation as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.model import Bound
from schedlint.timeline.quantity import Symbol
from tests.timeline.build import Story, understood


def findings(story: Story) -> list[Finding]:
    return [finding for view in rule.over(understood(story)) for finding in rule.check(view)]


def told(role: str) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("epoch", 9) as epochs:
        step = story.step(2)
        metric = Symbol("loss", "val_loss", role=role, loop=epochs)
        story.events[-1] = replace(step, arguments=(Bound("metrics", (metric,)),))
        with story.loader():
            story.optimize()
    return story


def test_a_metric_of_the_epoch_before_is_reported() -> None:
    story = told("carried")
    (finding,) = findings(story)
    assert (finding.code, finding.severity) == ("LRS303", Severity.INFO)
    assert "stepped with `val_loss` before the epoch of the loop of line" in finding.message


def test_a_metric_that_is_computed_is_not_reported() -> None:
    assert findings(told("unknown")) == []


def test_it_is_off_by_default() -> None:
    assert not rule.default
