from __future__ import annotations

import pytest

from schedlint.timeline import dimensions as d
from schedlint.timeline.dimensions import Dimension, agreed, spelled, total, unit
from schedlint.timeline.reading import Unit


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(d.EPOCHS * d.BATCHES_PER_EPOCH, d.BATCHES, id="epochs times batches per epoch"),
        pytest.param(d.SAMPLES_PER_EPOCH / d.BATCH_SIZE, d.BATCHES_PER_EPOCH, id="dataset over batch size"),
        pytest.param(d.BATCHES / d.ACCUMULATION, d.UPDATES, id="batches over accumulation steps"),
        pytest.param(d.ITERATIONS / d.ACCUMULATION, d.UPDATES, id="iterations over accumulation steps were batches"),
        pytest.param(d.ITERATIONS / d.BATCHES_PER_EPOCH, d.EPOCHS, id="iterations over batches per epoch"),
        pytest.param(d.PURE * d.EPOCHS, d.EPOCHS, id="a number of epochs"),
    ],
)
def test_products_and_quotients(result: Dimension, expected: Dimension) -> None:
    assert result == expected


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        (d.EPOCHS, Unit.EPOCHS),
        (d.BATCHES, Unit.BATCHES),
        (d.BATCHES_PER_EPOCH, Unit.BATCHES),
        (d.UPDATES_PER_EPOCH, Unit.UPDATES),
        (d.ITERATIONS, Unit.ITERATIONS),
        (d.SAMPLES_PER_EPOCH, Unit.SAMPLES),
        (d.BATCH_SIZE, Unit.UNKNOWN),
        (d.BATCHES_PER_EPOCH / d.EPOCHS, Unit.UNKNOWN),
        (d.PURE, Unit.UNKNOWN),
    ],
    ids=lambda value: spelled(value) if isinstance(value, Dimension) else value.value,
)
def test_the_unit_of_a_horizon(dimension: Dimension, expected: Unit) -> None:
    assert unit(dimension) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(d.EPOCHS, d.PURE, d.EPOCHS, id="a number takes any unit"),
        pytest.param(d.ITERATIONS, d.UPDATES, d.UPDATES, id="iterations may be updates"),
        pytest.param(d.BATCHES_PER_EPOCH, d.ITERATIONS_PER_EPOCH, d.BATCHES_PER_EPOCH, id="and batches per epoch"),
        pytest.param(d.BATCHES, d.BATCHES_PER_EPOCH, d.BATCHES, id="one epoch of batches is a number of batches"),
        pytest.param(d.EPOCHS, d.BATCHES, None, id="epochs are no batches"),
        pytest.param(d.BATCHES, d.UPDATES, None, id="batches are no updates"),
        pytest.param(d.EPOCHS, d.ITERATIONS, None, id="epochs are no iterations"),
    ],
)
def test_what_can_be_added(one: Dimension, other: Dimension, expected: Dimension | None) -> None:
    assert agreed(one, other) == expected
    assert agreed(other, one) == expected


def test_samples_per_batch_are_no_length_of_time() -> None:
    assert total(d.BATCH_SIZE) == d.BATCH_SIZE


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (d.BATCHES_PER_EPOCH, "batches per epoch"),
        (d.ACCUMULATION, "batches per update"),
        (d.BATCH_SIZE, "samples per batch"),
        (d.PURE, "a number"),
        (d.EPOCHS * d.EPOCHS, "epochs to the power 2"),
    ],
)
def test_in_words(dimension: Dimension, text: str) -> None:
    assert spelled(dimension) == text
