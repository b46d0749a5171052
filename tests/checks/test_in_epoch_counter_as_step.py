"""LRS107 on timelines written by hand; what starts again with an epoch is in tests/timeline/test_positions.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.in_epoch_counter_as_step import in_epoch_counter_as_step as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import GuardKind
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, guard, index, op, option

EPOCH, BATCH = index(1, "epoch"), index(2)


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def told(
    position: Value = BATCH,
    cls: str = "CosineAnnealingWarmRestarts",
    method: str = "step",
    epochs: Value = 24,
    **arguments: Argument,
) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments or {"T_0": 10})
    with story.range("epoch", epochs), story.loader():
        story.optimize()
        story.step_with(2, position, method=method)
    return story


def test_the_number_of_the_batch_is_an_error_beside_the_epoch_loop() -> None:
    story = told()
    (finding,) = findings(story)
    assert (finding.code, finding.severity) == ("LRS107", Severity.ERROR)
    assert finding.place == story.events[-1].place
    assert story.loops[0].place in [related.place for related in finding.related]
    assert "by the counter of the batch loop alone (`step(i)`, in the loop of line 6)" in finding.message
    assert "all 24 epochs have the learning rates of the first one" in finding.message


def test_epochs_that_are_not_counted_are_not_told() -> None:
    (finding,) = findings(told(epochs=option("args.epochs")))
    assert "so every epoch has the learning rates of the first one" in finding.message


def test_what_is_likely_is_a_warning() -> None:
    story = told()
    story.events[-1] = replace(story.events[-1], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)


def test_a_scheduler_of_timm_that_counts_updates() -> None:
    story = told(
        method="step_update", cls="timm.scheduler.CosineLRScheduler", t_initial=option("args.steps"), t_in_epochs=False
    )
    (finding,) = findings(story)
    assert "`CosineLRScheduler` is told its position" in finding.message
    assert "`step_update(i)`" in finding.message


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(told(op("+", EPOCH, op("/", BATCH, LOADER_LENGTH))), id="the epoch and its share"),
        pytest.param(told(op("+", op("*", EPOCH, LOADER_LENGTH), BATCH)), id="all batches so far"),
        pytest.param(told(EPOCH), id="the epoch"),
        pytest.param(told(T_0=LOADER_LENGTH), id="a schedule of one epoch"),
        pytest.param(told(epochs=1), id="a single epoch"),
        pytest.param(told(cls="MultiplicativeLR", lr_lambda=option("f")), id="a class that only goes on"),
        pytest.param(told(cls="ReduceLROnPlateau", patience=3), id="a metric and no position"),
        pytest.param(
            told(cls="timm.scheduler.CosineLRScheduler", method="step_update", t_initial=9),
            id="a call that does nothing, since the schedule counts epochs",
        ),
    ],
)
def test_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_a_step_that_is_not_understood_is_not_reported() -> None:
    story = told()
    story.events[-1] = replace(story.events[-1], guards=(guard(GuardKind.UNKNOWN, "changed", loop=2),))
    assert findings(story) == []


def test_once_per_epoch_is_another_thing() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingWarmRestarts", T_0=10)
    with story.range("epoch", 24):
        with story.loader():
            story.optimize()
        story.step_with(2, EPOCH)
    assert findings(story) == []
