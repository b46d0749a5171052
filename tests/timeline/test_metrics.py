"""Metrics that are left from the epoch before, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.metrics import stale_metrics
from schedlint.timeline.model import Bound, Guard, GuardKind
from schedlint.timeline.quantity import Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Story, guard

EPOCHS = 1
CARRIED = Symbol("loss", "val_loss", role="carried", loop=EPOCHS)


def told(
    *values: Quantity, cls: str = "ReduceLROnPlateau", guards: tuple[Guard, ...] = (), earlier: bool = False
) -> Story:
    """A scheduler that is stepped with one of these values at the top of the epoch."""
    story = Story()
    story.optimizer()
    story.scheduler(cls)
    with story.range("epoch", 9):
        if earlier:
            story.step(2)
        step = story.step(2, *guards)
        story.events[-1] = replace(step, arguments=(Bound("metrics", values),) if values else ())
        with story.loader():
            story.optimize()
    return story


def names(story: Story) -> list[str]:
    return [found.metric.name for found in stale_metrics(read(story.timeline(), load()))]


def test_what_the_epoch_before_has_left_is_stale() -> None:
    assert names(told(CARRIED)) == ["val_loss"]


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(told(Symbol("loss", "val_loss", loop=EPOCHS)), id="what this epoch computes"),
        pytest.param(told(CARRIED, Literal(0.5)), id="one of several values"),
        pytest.param(told(replace(CARRIED, loop=2)), id="what another loop carries"),
        pytest.param(told(), id="nothing"),
        pytest.param(told(CARRIED, cls="StepLR"), id="what is no metric"),
        pytest.param(told(CARRIED, guards=(guard(GuardKind.LATER, "epoch > 0"),)), id="not in the first epoch"),
        pytest.param(told(CARRIED, earlier=True), id="at the second of two steps"),
    ],
)
def test_what_is_not_stale(story: Story) -> None:
    assert names(story) == []
