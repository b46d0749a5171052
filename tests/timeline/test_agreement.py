"""Numbers of steps against lengths: what is surely more or fewer, by how much, and on what that rests."""

from __future__ import annotations

import pytest

from schedlint.timeline.agreement import Gap, fewer, longer, more, more_by_rests
from schedlint.timeline.model import Confidence
from schedlint.timeline.quantity import Length, Quantity, spelled
from schedlint.timeline.reading import CountReading
from tests.timeline.build import LOADER_LENGTH, Value, named, op, option, quantity

EPOCHS = option("args.epochs", 100)
LOADER, SAMPLES = Length("loader", "loader", 7), Length("dataset", "dataset", 3)
MADE_OF = {7: op("ceil", op("/", SAMPLES, 10))}


def count(least: Value, most: Value) -> CountReading:
    limits = [None if limit is None else quantity(limit) for limit in (least, most)]
    return CountReading(1, limits[0], limits[1], Confidence.CERTAIN)


def exactly(steps: Value) -> CountReading:
    return count(steps, steps)


def total(epochs: Value) -> Quantity:
    return op("*", epochs, LOADER_LENGTH)


def found(gap: Gap | None) -> tuple[str, float | None, Confidence]:
    assert gap is not None
    return spelled(gap.by), gap.ratio, gap.confidence


def test_literals_are_certain() -> None:
    assert found(more(exactly(24), quantity(20))) == ("4", 1.2, Confidence.CERTAIN)
    assert found(fewer(exactly(total(80)), total(100))) == ("20 * len(train_loader)", 0.8, Confidence.CERTAIN)


def test_two_lengths_are_compared_like_steps_with_a_length() -> None:
    assert found(longer(total(10), total(4))) == ("6 * len(train_loader)", 2.5, Confidence.CERTAIN)
    assert found(longer(option("args.warmup", 10), quantity(4)))[2] is Confidence.LIKELY
    assert longer(total(4), total(4)) is None
    assert longer(named("warmup"), quantity(4)) is None


def test_defaults_are_likely_and_said() -> None:
    gap = more(exactly(total(EPOCHS)), total(90))
    assert found(gap) == ("10 * len(train_loader)", 100 / 90, Confidence.LIKELY)
    assert gap is not None
    assert [each.text for each in gap.evidence] == ["`args.epochs` is 100 by default"]


def test_a_length_that_is_another_one_on_a_resume_counts_as_it_is_at_first() -> None:
    begun = op("or", named("checkpoint['epoch']"), 0)
    gap = more(exactly(total(200)), total(op("-", op("+", begun, 200), 1)))
    assert found(gap) == ("len(train_loader)", 200 / 199, Confidence.LIKELY)
    assert gap is not None
    assert spelled(gap.length) == "199 * len(train_loader)"


@pytest.mark.parametrize(
    ("steps", "length"),
    [
        pytest.param(
            exactly(total(op("or", named("a"), 9))), total(op("or", named("a"), 9)), id="one of the same several"
        ),
        pytest.param(exactly(total(EPOCHS)), total(EPOCHS), id="the same"),
        pytest.param(exactly(total(EPOCHS)), total(100), id="the same by default"),
        pytest.param(exactly(total(named("n"))), total(EPOCHS), id="two that are not known"),
        pytest.param(exactly(total(op("+", EPOCHS, option("extra", 0)))), total(EPOCHS), id="the default denies it"),
        pytest.param(count(None, None), quantity(10), id="nothing is known"),
    ],
)
def test_no_difference_is_known(steps: CountReading, length: Quantity) -> None:
    assert more(steps, length) is None
    assert fewer(steps, length) is None


def test_an_upper_limit_says_nothing_of_more_nor_a_lower_one_of_fewer() -> None:
    assert more(count(None, 100), quantity(50)) is None
    assert fewer(count(10, None), quantity(50)) is None
    assert fewer(count(None, 100), quantity(150)) is not None
    assert more(count(100, None), quantity(50)) is not None


def test_the_last_batch_of_an_epoch_may_be_one_more() -> None:
    gap = more_by_rests(exactly(op("*", 24, LOADER)), op("*", 24, op("//", SAMPLES, 10)), MADE_OF)
    assert found(gap) == ("24", None, Confidence.LIKELY)
    assert more_by_rests(exactly(op("*", 24, LOADER)), op("*", 24, op("//", SAMPLES, 20)), MADE_OF) is None
    assert more_by_rests(exactly(op("*", 24, LOADER)), op("*", 24, MADE_OF[7]), MADE_OF) is None
    assert more_by_rests(count(None, op("*", 24, LOADER)), op("*", 24, op("//", SAMPLES, 10)), MADE_OF) is None
