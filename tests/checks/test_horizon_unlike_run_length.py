"""LRS108 on timelines written by hand; how many steps are taken is in tests/timeline/test_counts.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.checks.horizon_unlike_run_length import horizon_unlike_run_length as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, EventKind
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, named, op, option


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def per_epoch(rounds: Value, length: Argument, cls: str = "CosineAnnealingLR", parameter: str = "T_max") -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, {parameter: length})
    with story.range("epoch", rounds):
        with story.loader():
            story.optimize()
        story.step(2)
    return story


def test_it_is_asked_for() -> None:
    assert not rule.default


def test_a_cosine_that_is_too_short_climbs_again() -> None:
    story = per_epoch(80, 50)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert "has 50 steps but takes 80: the schedule is over 62% of the way" in finding.message
    assert "the learning rate climbs again" in finding.message


def test_a_schedule_that_is_too_long_does_not_come_to_its_end() -> None:
    (finding,) = findings(per_epoch(100, 200))
    assert "has 200 steps but takes 100: the training ends 50% of the way through the schedule" in finding.message


def test_defaults_are_likely() -> None:
    (finding,) = findings(per_epoch(option("args.epochs", 80), 50))
    assert finding.confidence is Confidence.LIKELY
    assert "takes 80 by default" in finding.message


def left_early() -> Story:
    story = per_epoch(80, 50)
    story.loops[0] = replace(story.loops[0], left=True)
    return story


def restored() -> Story:
    story = per_epoch(50, 100)
    story.happen(EventKind.STATE_LOADED, 2)
    return story


def placed() -> Story:
    story = per_epoch(50, 100)
    given = story.objects[1].arguments
    story.amend(2, arguments=(*given, Bound("last_epoch", (named("start"),))))
    return story


def per_batch() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=50)
    with story.range("epoch", 80), story.loader():
        story.optimize()
        story.step(2)
    return story


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: per_epoch(80, 80), id="as long as the run"),
        pytest.param(lambda: per_epoch(80, 79), id="from the first epoch to the last"),
        pytest.param(lambda: per_epoch(80, 85), id="nearly as long"),
        pytest.param(lambda: per_epoch(100, 25), id="whole cycles"),
        pytest.param(lambda: per_epoch(100, 12), id="an eighth of the run, rounded down"),
        pytest.param(lambda: per_epoch(100, op("//", named("epochs"), named("cycles"))), id="cycles by a name"),
        pytest.param(lambda: per_epoch(80, 50, "PolynomialLR", "total_iters"), id="a schedule that stays at its end"),
        pytest.param(lambda: per_epoch(80, 30, "StepLR", "step_size"), id="decays that come again"),
        pytest.param(lambda: per_epoch(80, 200, "StepLR", "step_size"), id="a decay that never comes"),
        pytest.param(lambda: per_epoch(80, 5, "LinearLR", "total_iters"), id="a warm-up"),
        pytest.param(left_early, id="a run that may end early"),
        pytest.param(restored, id="a run that goes on"),
        pytest.param(placed, id="a schedule that begins later"),
    ],
)
def test_not_reported(make: Callable[[], Story]) -> None:
    assert findings(make()) == []


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: per_epoch(80, op("*", 90, LOADER_LENGTH)), "LRS102", id="batches, stepped per epoch"),
        pytest.param(per_batch, "LRS101", id="epochs, stepped per batch"),
    ],
)
def test_another_mistake_is_told_in_its_place(make: Callable[[], Story], code: str) -> None:
    assert spoken(make(), "LRS108") == [code]
