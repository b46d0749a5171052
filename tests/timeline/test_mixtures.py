"""Which schedulers in a composite cannot count the same, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.timeline.mixtures import mixture, overtaken
from schedlint.timeline.model import Confidence
from tests.timeline.build import LOADER_LENGTH, Story, Value, equals, named, op, option
from tests.timeline.composed import Child, chain, child, composite, linear, sequence

EPOCHS = named("epochs")


def trained(story: Story, epochs: Value = EPOCHS) -> Story:
    """The last scheduler is stepped in each batch of so many epochs."""
    with story.range("epoch", epochs), story.loader():
        story.optimize()
        story.step(len(story.objects))
    return story


def mixed(story: Story) -> tuple[int, int, Confidence] | None:
    """The ids of what counts epochs and what counts batches."""
    found = mixture(*composite(trained(story)))
    return None if found is None else (found.epochs.object, found.batches.object, found.confidence)


def test_a_warm_up_in_batches_beside_a_decay_in_epochs() -> None:
    story = chain(linear(LOADER_LENGTH), child("CosineAnnealingLR", T_max=EPOCHS))
    assert mixed(story) == (3, 2, Confidence.CERTAIN)


def test_a_milestone_in_batches_before_a_decay_in_epochs() -> None:
    story = sequence(linear(named("steps")), child("CosineAnnealingLR", T_max=EPOCHS), milestones=[LOADER_LENGTH])
    assert mixed(story) == (3, 4, Confidence.CERTAIN)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(
            lambda: chain(linear(LOADER_LENGTH), child("StepLR", step_size=op("*", 5, LOADER_LENGTH))), id="batches"
        ),
        pytest.param(lambda: chain(linear(5), child("CosineAnnealingLR", T_max=EPOCHS)), id="a short warm-up"),
        pytest.param(lambda: chain(linear(LOADER_LENGTH), child("ExponentialLR", gamma=0.9999)), id="no length"),
        pytest.param(
            lambda: chain(linear(LOADER_LENGTH), child("mine.Decay", steps=EPOCHS)), id="a class of the project"
        ),
        pytest.param(
            lambda: chain(
                child("LinearLR", (equals("unit", "batch"),), total_iters=LOADER_LENGTH),
                child("CosineAnnealingLR", (equals("unit", "epoch"),), T_max=EPOCHS),
            ),
            id="alternatives that are never both there",
        ),
    ],
)
def test_what_may_count_the_same(make: Callable[[], Story]) -> None:
    assert mixed(make()) is None


def left(story: Story) -> list[tuple[float, Confidence]]:
    """What is left of the learning rate at the end of a warm-up."""
    return [(each.left, each.confidence) for each in overtaken(*composite(story))]


@pytest.mark.parametrize(
    ("decay", "amount"),
    [(child("StepLR", step_size=5), 1e-100), (child("MultiStepLR", milestones=[30, 60]), 0.01)],
)
def test_a_decay_that_is_over_before_the_warm_up_leaves_nothing(decay: Child, amount: float) -> None:
    ((found, confidence),) = left(chain(linear(500), decay))
    assert found == pytest.approx(amount)
    assert confidence is Confidence.CERTAIN


def test_defaults_of_options_are_likely() -> None:
    assert left(chain(linear(option("args.warmup", 500)), child("StepLR", step_size=5)))[0][1] is Confidence.LIKELY
    assert left(chain(linear(500), child("StepLR", step_size=option("args.step", 5))))[0][1] is Confidence.LIKELY


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: chain(linear(5), child("StepLR", step_size=30)), id="a decay behind the warm-up"),
        pytest.param(lambda: chain(linear(5), child("MultiStepLR", milestones=[3, 30])), id="one decay within it"),
        pytest.param(lambda: chain(linear(500), child("StepLR", step_size=100, gamma=0.7)), id="a gentle decay"),
        pytest.param(lambda: chain(linear(500), child("StepLR", step_size=named("step"))), id="a length not known"),
        pytest.param(lambda: chain(linear(500), child("MultiStepLR", milestones=named("m"))), id="decays not known"),
        pytest.param(lambda: chain(linear(500, 1.0), child("StepLR", step_size=5)), id="nothing to warm up from"),
        pytest.param(
            lambda: sequence(linear(500), child("StepLR", step_size=5), milestones=[500]), id="one after the other"
        ),
    ],
)
def test_what_leaves_enough(make: Callable[[], Story]) -> None:
    assert left(make()) == []
