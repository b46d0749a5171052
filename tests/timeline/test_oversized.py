"""Schedules as long as a dataset that are stepped once per batch, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Confidence, ObjectKind
from schedlint.timeline.oversized import Oversized, oversized
from schedlint.timeline.quantity import Length, Quantity
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option, quantity

EPOCHS = named("epochs")
SAMPLES = Length("dataset", "dataset", 2, "len:2")
BATCHES = Length("loader", "loader", 3, "len:3")
ALL = op("*", SAMPLES, EPOCHS)


def trained(
    length: Argument,
    size: Value = 32,
    *,
    dataset: str = "torch.utils.data.TensorDataset",
    per_batch: bool = True,
    cls: str = "CosineAnnealingLR",
    parameter: str = "T_max",
) -> Story:
    """A schedule of some length that is stepped over a loader with batches of some size."""
    story = Story()
    story.optimizer()
    story.make(ObjectKind.DATASET, "dataset", (dataset,))
    given = (Bound("dataset", (named("dataset"),), (2,)), Bound("batch_size", (quantity(size),)))
    story.make(ObjectKind.LOADER, "loader", ("torch.utils.data.DataLoader",), arguments=given)
    made = story.schedule(cls, {parameter: length})
    with story.range("epoch", EPOCHS):
        with story.loader("loader"):
            story.optimize()
            if per_batch:
                story.step(made)
        if not per_batch:
            story.step(made)
    story.loops[-1] = replace(story.loops[-1], object=3, length=BATCHES)
    return story


def found(story: Story) -> list[Oversized]:
    return list(oversized(read(story.timeline(), load())))


def only(story: Story) -> Oversized:
    (one,) = found(story)
    return one


def test_a_step_for_each_sample_but_one_taken_for_each_batch() -> None:
    one = only(trained(ALL))
    assert (one.length, one.confidence, one.whole) == (ALL, Confidence.CERTAIN, True)
    assert one.size is not None
    assert one.size.number == 32


@pytest.mark.parametrize("length", [SAMPLES, op("*", 5, SAMPLES), op("*", op("-", EPOCHS, 2), SAMPLES)])
def test_a_part_of_the_training_counts_samples_too(length: Quantity) -> None:
    assert not only(trained(length)).whole


@pytest.mark.parametrize("size", [option("args.batch_size", 32), named("batch_size")])
def test_a_size_that_may_be_another_one_is_likely(size: Quantity) -> None:
    assert only(trained(ALL, size)).confidence is Confidence.LIKELY


def test_a_dataset_that_somebody_else_makes() -> None:
    story = trained(op("*", Length("unknown", "data", key="len:data"), EPOCHS))
    bounds = (Bound("dataset", (named("data"),)), Bound("batch_size", (quantity(32),)))
    story.amend(3, arguments=bounds)
    assert only(story).confidence is Confidence.CERTAIN


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: trained(op("*", BATCHES, EPOCHS)), id="batches"),
        pytest.param(lambda: trained(op("*", op("//", SAMPLES, 32), EPOCHS)), id="samples by the size of a batch"),
        pytest.param(lambda: trained(op("/", ALL, 32)), id="divided by a number"),
        pytest.param(lambda: trained(op("/", ALL, named("size"))), id="divided by a name"),
        pytest.param(lambda: trained(op("int", op("/", ALL, 32))), id="rounded"),
        pytest.param(lambda: trained(op("*", ALL, 0.1)), id="a part by a number"),
        pytest.param(lambda: trained(op("*", SAMPLES, named("share"))), id="times something that is no epochs"),
        pytest.param(lambda: trained(op("*", SAMPLES, SAMPLES)), id="no length of time"),
        pytest.param(lambda: trained(op("+", ALL, 1)), id="a sum with a number"),
        pytest.param(lambda: trained((ALL, op("*", BATCHES, EPOCHS))), id="one of two lengths"),
        pytest.param(lambda: trained(ALL, 1), id="batches of one sample"),
        pytest.param(lambda: trained(ALL, option("args.batch_size", 1)), id="batches of one sample by default"),
        pytest.param(lambda: trained(ALL, None), id="samples that are batches"),
        pytest.param(lambda: trained(ALL, dataset="torch.utils.data.IterableDataset"), id="a dataset without a length"),
        pytest.param(lambda: trained(ALL, per_batch=False), id="stepped once per epoch"),
        pytest.param(
            lambda: trained(op("*", Length("dataset", "other", 9, "len:9"), EPOCHS)), id="the length of another dataset"
        ),
    ],
)
def test_what_does_not_count_samples(make: Callable[[], Story]) -> None:
    assert found(make()) == []
