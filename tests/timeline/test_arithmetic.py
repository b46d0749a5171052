"""Numbers and terms of quantities."""

from __future__ import annotations

import pytest

from schedlint.timeline.arithmetic import defaulted, greatest, number, substituted, terms
from schedlint.timeline.quantity import Items, Length, Literal, Quantity, Symbol
from tests.timeline.build import named, op, option, quantity

STEP = Symbol("step", "epoch", role="step")
EPOCHS = Symbol("epochs", "EPOCHS", role="constant", default=Literal(24))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(quantity(3), 3, id="a literal"),
        pytest.param(EPOCHS, 24, id="a constant with a telling name"),
        pytest.param(op("-", op("-", 10, 3), 2), 5, id="from the left"),
        pytest.param(op("//", 7, 2), 3, id="a quotient without a rest"),
        pytest.param(op("**", 2, 3), 8, id="a power"),
        pytest.param(op("**", 0.1, op("/", 1, 2)), 0.1**0.5, id="a root"),
        pytest.param(op("int", 3.7), 3, id="a number cut off"),
        pytest.param(op("neg", 3), -3, id="a negation"),
        pytest.param(op("pow", 2, 3), 8, id="a power by its function"),
        pytest.param(op("sqrt", 4), 2, id="a root by its function"),
        pytest.param(op("+", 1, op("cos", 0)), 2, id="a cosine"),
        pytest.param(op("exp", 0), 1, id="an exponential"),
        pytest.param(op("min", 3, op("*", 2, 2)), 3, id="the least"),
        pytest.param(op("max", 3, op("*", 2, 2)), 4, id="the greatest"),
        pytest.param(op("choose", op("<", 3, 5), 1, 2), 1, id="a choice that is decided"),
        pytest.param(op("choose", op(">=", 3, 5), 1, 2), 2, id="a choice that is decided against"),
        pytest.param(op("choose", op("==", EPOCHS, 24), 1, named("x")), 1, id="a choice whose other side is unknown"),
    ],
)
def test_a_number_is_computed(value: Quantity, expected: float) -> None:
    assert number(value) == pytest.approx(expected)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param(Literal(True), id="a truth"),
        pytest.param(Literal("3"), id="a text"),
        pytest.param(Literal(float("inf")), id="infinity"),
        pytest.param(named("x"), id="a symbol"),
        pytest.param(option("args.epochs", 24), id="an option, whatever its default is"),
        pytest.param(Length("loader", "loader"), id="a length"),
        pytest.param(op("+", 1, named("x")), id="a sum with a symbol"),
        pytest.param(op("/", 1, 0), id="a division by zero"),
        pytest.param(op("**", 10.0, 1000), id="a power that is too large"),
        pytest.param(op("**", -1, 0.5), id="the root of a negative number"),
        pytest.param(op("sum", 4), id="a function that is not computed"),
        pytest.param(op("choose", op("<", named("x"), 5), 1, 2), id="a choice that is open"),
        pytest.param(op("choose", named("x"), 1, 2), id="a choice by a truth"),
        pytest.param(op("choose", op("in", 1, 2), 1, 2), id="a choice by a membership"),
    ],
)
def test_what_is_no_number_is_none(value: Quantity | None) -> None:
    assert number(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(quantity([16, 22]), 22, id="of a list"),
        pytest.param(quantity([22, 16]), 22, id="of a list that is out of order"),
        pytest.param(quantity(3), 3, id="of a number"),
        pytest.param(Items((Literal(3), named("x"))), None, id="of a list with a symbol"),
        pytest.param(Items(()), None, id="of an empty list"),
    ],
)
def test_the_greatest(value: Quantity, expected: float | None) -> None:
    assert greatest(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(STEP, 0, id="the symbol itself"),
        pytest.param(op("/", STEP, 500), 0, id="a part of it"),
        pytest.param(op("/", STEP, named("warmup")), 0, id="a part of it by an unknown number"),
        pytest.param(op("*", named("x"), STEP), 0, id="an unknown number of it"),
        pytest.param(op("**", 0.95, STEP), 1, id="a power"),
        pytest.param(op("**", 0.1, op("//", STEP, 30)), 1, id="a power of so many parts of it"),
        pytest.param(op("min", 1.0, op("/", STEP, 500)), 0, id="at most one"),
        pytest.param(op("choose", op("<", STEP, 500), op("/", STEP, 500), 1.0), 0, id="a warm-up"),
        pytest.param(op("choose", op(">", STEP, 500), 1.0, op("/", STEP, named("x"))), 0, id="a warm-up turned around"),
        pytest.param(op("-", 1, op("/", STEP, named("total"))), 1, id="one less a part of it by an unknown number"),
    ],
)
def test_a_symbol_is_replaced_by_zero(value: Quantity, expected: float) -> None:
    assert number(substituted(value, "step", Literal(0))) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(op("/", named("x"), STEP), id="a division by zero"),
        pytest.param(op("+", named("x"), STEP), id="an unknown number more"),
        pytest.param(op("choose", op("<", STEP, named("x")), STEP, 1.0), id="a choice by an unknown number"),
        pytest.param(named("other"), id="another symbol"),
    ],
)
def test_what_stays_unknown_when_a_symbol_is_zero(value: Quantity) -> None:
    assert number(substituted(value, "step", Literal(0))) is None


def test_only_the_symbol_that_is_meant_is_replaced() -> None:
    assert substituted(op("+", STEP, named("x")), "step", Literal(3)) == op("+", 3, named("x"))
    assert substituted(Length("loader", "step"), "step", Literal(3)) == Length("loader", "step")


def test_defaults_take_the_place_of_options() -> None:
    assert defaulted(op("*", option("args.epochs", 24), named("x"))) == op("*", 24, named("x"))
    assert defaulted(Items((option("a", 1), Literal(2)), whole=False)) == Items((Literal(1), Literal(2)), whole=False)
    assert defaulted(None) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(op("+", named("a"), named("b"), 1), ["a", "b"], id="a sum"),
        pytest.param(op("int", op("-", named("a"), named("b"))), ["a", "b"], id="a difference that is cut off"),
        pytest.param(op("*", named("a"), named("b")), [], id="a product"),
        pytest.param(None, [], id="nothing"),
    ],
)
def test_the_terms_of_a_sum(value: Quantity | None, expected: list[str]) -> None:
    assert [term.name for term in terms(value)] == expected
