"""Values that a number of steps is never equal to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.timeline.misfits import Kind, may_be_fraction, misfits
from schedlint.timeline.quantity import Literal, Quantity, Symbol, Text
from tests.timeline.build import LOADER_LENGTH, Value, named, op, option, quantity

EPOCHS = named("epochs")
CONSTANT = Symbol("N", "N", role="constant", default=Literal(15))


def kinds(value: Quantity) -> list[Kind]:
    return [each.kind for each in misfits(value)]


def typed(text: Text, default: Value = None) -> Symbol:
    """An option that gives text."""
    return replace(option("args.n", default), text=text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param([30, 60], [], id="whole numbers"),
        pytest.param(quantity([30.0, 60]), [], id="a float that is whole"),
        pytest.param([22.5, 30], [Kind.FRACTION], id="a fraction"),
        pytest.param(["30", "60"], [Kind.TEXT, Kind.TEXT], id="strings"),
        pytest.param("30,60", [Kind.TEXT], id="a string in place of a list"),
        pytest.param(None, [], id="None"),
        pytest.param(True, [], id="a truth"),
        pytest.param(EPOCHS, [], id="not known"),
        pytest.param(op("/", CONSTANT, 2), [Kind.FRACTION], id="half of a constant"),
        pytest.param(op("/", CONSTANT, 5), [], id="a fifth of it, which is whole"),
        pytest.param(op("/", option("args.epochs", 15), 2), [Kind.FRACTION], id="half of a default"),
        pytest.param(op("*", 0.5, option("args.epochs", 30)), [], id="half of one that is even"),
        pytest.param(op("/", EPOCHS, 2), [Kind.DIVIDED], id="half of what is not known"),
        pytest.param(op("int", op("/", EPOCHS, 2)), [], id="rounded"),
        pytest.param(typed(Text.LIST, [30, 60]), [Kind.TYPED], id="an option with a list of numbers as default"),
        pytest.param(typed(Text.LIST), [Kind.TYPED], id="an option without a default"),
        pytest.param(typed(Text.WHOLE, "30,60"), [Kind.TEXT], id="an option whose default is a string too"),
        pytest.param(typed(Text.WHOLE, 30), [Kind.TYPED], id="an option with a number as default"),
        pytest.param(option("args.n", [0.5, 30]), [Kind.FRACTION], id="a list of numbers by default, one a fraction"),
        pytest.param(option("args.n", [30, 60]), [], id="a list of whole numbers by default"),
        pytest.param(
            Symbol("s", "args.n.split(',')", text=Text.LIST), [Kind.TEXT], id="what is always a list of strings"
        ),
    ],
)
def test_what_is_no_number_of_steps(value: Value, expected: list[Kind]) -> None:
    assert kinds(quantity(value)) == expected


def test_a_default_is_named_with_its_value() -> None:
    (found,) = misfits(op("/", option("args.epochs", 15), 2))
    assert (found.value, found.source and found.source.name) == (7.5, "args.epochs")


def test_a_list_that_is_a_default_names_its_option() -> None:
    (found,) = misfits(option("args.n", [0.5, 30]))
    assert (found.value, found.source and found.source.name) == (0.5, "args.n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(op("/", op("*", EPOCHS, LOADER_LENGTH), 2), True, id="a quotient"),
        pytest.param(op("*", op("/", EPOCHS, 4), 3), True, id="times a number"),
        pytest.param(op("-", op("/", EPOCHS, 4), 3), True, id="less a number"),
        pytest.param(op("*", 0.75, EPOCHS), True, id="a share"),
        pytest.param(op("*", 2, EPOCHS), False, id="a multiple"),
        pytest.param(op("*", 2.0, EPOCHS), False, id="a multiple by a float"),
        pytest.param(op("/", EPOCHS, 1), False, id="divided by 1"),
        pytest.param(op("//", EPOCHS, 2), False, id="divided and cut"),
        pytest.param(op("round", op("*", 0.75, EPOCHS)), False, id="a share that is rounded"),
        pytest.param(op("ceil", op("/", EPOCHS, 2)), False, id="a quotient that is rounded"),
        pytest.param(op("max", 1, op("/", EPOCHS, 2)), False, id="one of two"),
        pytest.param(EPOCHS, False, id="a name"),
    ],
)
def test_what_may_be_a_fraction(value: Quantity, expected: bool) -> None:
    assert may_be_fraction(value) is expected
