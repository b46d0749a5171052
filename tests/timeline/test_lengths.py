"""How loaders make batches of a dataset, on timelines written by hand; how many they are is in test_rounds."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.lengths import Batching, batchings, settled
from schedlint.timeline.model import Bound, ObjectKind
from schedlint.timeline.quantity import Length, Literal, Quantity
from tests.timeline.build import Story, Value, named, op, quantity

SAMPLES = Length("dataset", "dataset", 1, "len:1")
BATCHES = Length("loader", "loader", 2, "len:2")


def made(dataset: str = "torch.utils.data.TensorDataset", **more: Value) -> dict[int, Batching]:
    """The batching of a loader over a dataset."""
    story = Story()
    story.make(ObjectKind.DATASET, "dataset", (dataset, "torch.utils.data.Dataset"))
    given = [
        Bound("dataset", (named("dataset"),), (1,)),
        *(Bound(name, (quantity(each),)) for name, each in more.items()),
    ]
    story.make(ObjectKind.LOADER, "loader", ("torch.utils.data.DataLoader",), arguments=tuple(given))
    return batchings(story.timeline(), load())


def test_a_loader_has_the_samples_of_its_dataset_and_the_size_it_was_given() -> None:
    assert made(batch_size=32) == {2: Batching(SAMPLES, Literal(32))}
    assert made(batch_size=named("size"), sampler=named("sampler")) == {2: Batching(SAMPLES, named("size"))}


def test_without_a_size_or_a_length_nothing_is_known() -> None:
    assert made() == {}
    assert made("torch.utils.data.IterableDataset", batch_size=32) == {}


@pytest.mark.parametrize(
    ("quantity", "plain"),
    [
        (op("min", 1000, op("-", BATCHES, 1)), op("min", 1000, op("-", 1, 1))),
        (SAMPLES, SAMPLES),
        (named("steps"), named("steps")),
    ],
)
def test_a_loader_with_all_samples_in_one_batch_has_the_length_1(quantity: Quantity, plain: Quantity) -> None:
    assert settled(quantity, {2: op("ceil", op("/", SAMPLES, SAMPLES))}) == plain


def test_the_length_of_another_loader_stays() -> None:
    assert settled(BATCHES, {2: op("ceil", op("/", SAMPLES, 32))}) == BATCHES
