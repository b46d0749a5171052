"""Quantities that are compared: which are one and the same, which are surely greater, and how they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from schedlint.timeline.polynomials import Polynomial, divides, is_positive, polynomial, spare, unrounded, written
from schedlint.timeline.quantity import Length, Quantity, Symbol, spelled
from tests.timeline.build import LOADER_LENGTH, named, op, option, quantity

EPOCHS, ACCUM = named("epochs"), named("accum")
SAMPLES = Length("dataset", "dataset", 3)
CONSTANT = Symbol("EPOCHS", "EPOCHS", "constant", default=quantity(24))
TOTAL = op("*", EPOCHS, LOADER_LENGTH)


def difference(one: Quantity, other: Quantity) -> Polynomial:
    return polynomial(one) - polynomial(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(TOTAL, op("*", LOADER_LENGTH, EPOCHS), id="a product in another order"),
        pytest.param(op("*", CONSTANT, LOADER_LENGTH), op("*", 24, LOADER_LENGTH), id="a constant and its value"),
        pytest.param(op("-", op("*", op("+", EPOCHS, 1), 2), 2), op("*", 2, EPOCHS), id="multiplied out"),
        pytest.param(op("*", 0.1, op("*", 10, EPOCHS)), EPOCHS, id="a decimal fraction is exact"),
        pytest.param(op("//", LOADER_LENGTH, ACCUM), op("int", op("/", LOADER_LENGTH, ACCUM)), id="two roundings down"),
        pytest.param(op("int", TOTAL), op("float", TOTAL), id="whole numbers need no rounding"),
        pytest.param(op("//", op("*", 4, EPOCHS), 2), op("*", 2, EPOCHS), id="divided without a rest"),
        pytest.param(op("//", 1003, 10), quantity(100), id="numbers rounded down"),
        pytest.param(op("ceil", op("/", 1003, 10)), quantity(101), id="numbers rounded up"),
        pytest.param(op("max", 1, LOADER_LENGTH), LOADER_LENGTH, id="a guard against zero"),
        pytest.param(op("or", EPOCHS, EPOCHS), EPOCHS, id="alternatives that are the same"),
        pytest.param(op("min", EPOCHS, 5), op("min", EPOCHS, 5), id="what is not taken apart is itself"),
    ],
)
def test_one_and_the_same(one: Quantity, other: Quantity) -> None:
    assert polynomial(one) == polynomial(other)


@pytest.mark.parametrize(
    ("greater", "less"),
    [
        pytest.param(op("*", 90, LOADER_LENGTH), op("*", 80, LOADER_LENGTH), id="more of the same"),
        pytest.param(op("+", TOTAL, EPOCHS), TOTAL, id="so many more"),
        pytest.param(TOTAL, op("-", TOTAL, 1), id="one more"),
        pytest.param(op("*", op("+", EPOCHS, 1), LOADER_LENGTH), TOTAL, id="one more epoch"),
        pytest.param(op("+", LOADER_LENGTH, 1), op("//", LOADER_LENGTH, ACCUM), id="what is rounded down"),
        pytest.param(op("ceil", op("/", LOADER_LENGTH, 2)), op("-", op("//", LOADER_LENGTH, 2), 1), id="rounded up"),
        pytest.param(op("*", 2, op("//", LOADER_LENGTH, ACCUM)), op("//", LOADER_LENGTH, ACCUM), id="twice as many"),
        pytest.param(
            op("ceil", op("/", EPOCHS, LOADER_LENGTH)),
            op("//", op("ceil", op("/", EPOCHS, LOADER_LENGTH)), 2),
            id="half of what is rounded up",
        ),
    ],
)
def test_surely_greater(greater: Quantity, less: Quantity) -> None:
    assert is_positive(difference(greater, less))
    assert not is_positive(difference(less, greater))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(EPOCHS, named("n"), id="two symbols"),
        pytest.param(TOTAL, EPOCHS, id="an epoch may have one batch"),
        pytest.param(LOADER_LENGTH, op("//", LOADER_LENGTH, ACCUM), id="the divisor may be one"),
        pytest.param(op("+", EPOCHS, option("warmup", 0)), EPOCHS, id="an option that is 0 by default"),
        pytest.param(op("+", EPOCHS, op("min", named("a"), 5)), EPOCHS, id="nothing is known of the sign"),
        pytest.param(op("ceil", op("/", SAMPLES, 10)), op("//", SAMPLES, 10), id="it may divide without a rest"),
    ],
)
def test_not_surely_greater(one: Quantity, other: Quantity) -> None:
    assert not is_positive(difference(one, other))
    assert not is_positive(difference(other, one))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(op("*", LOADER_LENGTH, CONSTANT), "24 * len(train_loader)", id="numbers first, lengths last"),
        pytest.param(op("-", TOTAL, 3), "epochs * len(train_loader) - 3", id="numbers last in a sum"),
        pytest.param(op("*", EPOCHS, op("//", LOADER_LENGTH, ACCUM)), "epochs * (len(train_loader) // accum)", id="//"),
        pytest.param(op("/", op("*", 3, EPOCHS), 2), "3 * epochs / 2", id="a fraction"),
        pytest.param(op("-", EPOCHS, EPOCHS), "0", id="nothing"),
    ],
)
def test_written_as_people_write(value: Quantity, text: str) -> None:
    assert spelled(written(polynomial(value))) == text


def test_how_many_times_another_it_is() -> None:
    assert polynomial(op("*", 3, TOTAL)).ratio(polynomial(op("*", 4, TOTAL))) == Fraction(3, 4)
    assert polynomial(op("+", TOTAL, 1)).ratio(polynomial(TOTAL)) is None


def test_what_roundings_leave_open() -> None:
    kept = op("*", EPOCHS, op("ceil", op("/", SAMPLES, 10)))
    left_out = op("*", EPOCHS, op("//", SAMPLES, 10))
    assert spare(difference(kept, left_out)) == polynomial(EPOCHS)
    assert spare(difference(left_out, left_out)) is None
    assert spare(difference(left_out, kept)) is None
    assert spare(difference(op("+", kept, 1), left_out)) is None


def test_a_length_may_be_taken_apart() -> None:
    loader = Length("loader", "loader", 7)
    made_of = {7: op("ceil", op("/", SAMPLES, 10))}
    assert polynomial(op("*", EPOCHS, loader), made_of) == polynomial(op("*", EPOCHS, made_of[7]))


def test_nothing_is_rounded_in_what_is_left() -> None:
    nested = op("*", EPOCHS, op("//", op("ceil", op("/", LOADER_LENGTH, 2)), ACCUM))
    assert unrounded(polynomial(nested)) == polynomial(op("/", op("*", EPOCHS, LOADER_LENGTH), op("*", 2, ACCUM)))


@pytest.mark.parametrize(
    ("divisor", "value", "true"),
    [
        pytest.param(ACCUM, op("//", LOADER_LENGTH, ACCUM), True, id="inside a rounding"),
        pytest.param(ACCUM, op("//", LOADER_LENGTH, op("*", 2, ACCUM)), True, id="together with a number"),
        pytest.param(ACCUM, op("*", LOADER_LENGTH, ACCUM), False, id="multiplied"),
        pytest.param(ACCUM, TOTAL, False, id="not there"),
        pytest.param(quantity(8), op("//", TOTAL, 8), True, id="a number"),
        pytest.param(quantity(8), TOTAL, False, id="no number"),
    ],
)
def test_what_is_divided(divisor: Quantity, value: Quantity, true: bool) -> None:
    assert divides(polynomial(divisor), polynomial(value)) is true


def test_what_nobody_would_write_is_not_multiplied_out() -> None:
    value: Quantity = op("+", EPOCHS, named("n"))
    for _ in range(12):
        value = op("*", value, value)
    assert len(polynomial(value).terms) == 1
    assert polynomial(value) == polynomial(value)
    assert not is_positive(difference(value, EPOCHS))


def test_a_number_beyond_all_limits_is_no_number() -> None:
    endless = op("*", 1e300, 1e300)
    assert polynomial(endless).constant is None
