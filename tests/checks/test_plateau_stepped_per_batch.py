"""LRS105 on timelines written by hand; what the loss of a batch is, is in tests/timeline/test_measured.py."""

from __future__ import annotations

import pytest

from schedlint.checks.plateau_stepped_per_batch import plateau_stepped_per_batch as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import EventKind, Guard, GuardKind
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, guard, op, option

LOSS = Symbol("f:9:loss()", "loss", loop=2)


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def per_batch(
    *guards: Guard, cls: str = "ReduceLROnPlateau", metric: Value = LOSS, epochs: Value = 24, **arguments: Argument
) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    with story.range("epoch", epochs), story.loader():
        story.optimize(loss=LOSS)
        story.step_with(2, metric, *guards)
    return story


def test_the_loss_of_each_batch_is_a_warning_with_its_numbers() -> None:
    story = per_batch(factor=0.5, patience=7)
    (finding,) = findings(story)
    assert (finding.code, finding.severity) == ("LRS105", Severity.WARNING)
    assert finding.place == story.events[-1].place
    assert finding.confidence is Confidence.CERTAIN
    assert "it waits 7 batches and not epochs" in finding.message
    assert "falls to 0.5 times its value each time 8 batches in a row bring no new best" in finding.message


def test_what_is_not_given_is_known_by_default() -> None:
    (finding,) = findings(per_batch())
    assert "it waits 10 batches" in finding.message
    assert "falls to 0.1 times" in finding.message


def test_a_patience_that_an_option_has_by_default_is_likely() -> None:
    (finding,) = findings(per_batch(patience=option("args.patience", 5)))
    assert finding.confidence is Confidence.LIKELY


def test_a_factor_that_is_not_known_is_not_said() -> None:
    (finding,) = findings(per_batch(factor=option("args.factor")))
    assert "the learning rate falls each time 11 batches" in finding.message


def test_once_per_update_is_as_bad() -> None:
    accumulated = guard(GuardKind.PERIODIC, "i % 4 == 0", loop=2, period=4)
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("epoch", 24), story.loader():
        story.happen(EventKind.BACKWARD)
        story.optimize(1, accumulated, loss=LOSS)
        story.step_with(2, LOSS, accumulated)
    (finding,) = findings(story)
    assert "it waits 10 updates" in finding.message


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(per_batch(patience=100), id="a long patience"),
        pytest.param(per_batch(patience=5, cooldown=500), id="a long pause after each decay"),
        pytest.param(per_batch(patience=op("*", 2, LOADER_LENGTH)), id="a patience in batches"),
        pytest.param(per_batch(patience=option("args.patience_iters", 50)), id="a patience that is named for batches"),
        pytest.param(per_batch(patience=option("args.patience")), id="a patience that is not known"),
        pytest.param(per_batch(metric=Symbol("meter.avg", "meter.avg", loop=2)), id="another metric"),
        pytest.param(per_batch(guard(GuardKind.PERIODIC, loop=2, period=200)), id="every 200 batches"),
        pytest.param(per_batch(guard(GuardKind.LAST, loop=2)), id="the last batch"),
        pytest.param(per_batch(guard(GuardKind.UNKNOWN, "is_best", loop=2)), id="under a test nobody understands"),
        pytest.param(per_batch(epochs=1), id="a single epoch"),
        pytest.param(per_batch(cls="StepLR", step_size=30), id="a scheduler that takes no metric"),
    ],
)
def test_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_once_per_epoch_is_right() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("epoch", 24):
        with story.loader():
            story.optimize(loss=LOSS)
        story.step_with(2, LOSS)
    assert findings(story) == []


def test_a_loop_without_epochs_is_not_reported() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("step", 5000):
        story.optimize(loss=LOSS)
        story.step_with(2, LOSS)
    assert findings(story) == []
