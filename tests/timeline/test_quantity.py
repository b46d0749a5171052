"""How quantities are written."""

from __future__ import annotations

import pytest

from schedlint.timeline.quantity import Quantity, grouped, spelled
from tests.timeline.build import named, op

A, B, C = named("a"), named("b"), named("c")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        pytest.param(op("+", op("*", A, B), C), "a * b + c", id="a product in a sum"),
        pytest.param(op("*", op("+", A, B), C), "(a + b) * c", id="a sum in a product"),
        pytest.param(op("-", op("-", A, B), C), "a - b - c", id="from the left"),
        pytest.param(op("-", A, op("-", B, C)), "a - (b - c)", id="from the right"),
        pytest.param(op("**", op("neg", A), B), "(-a) ** b", id="the power of a negation"),
        pytest.param(op("**", 2, op("/", A, B)), "2 ** (a / b)", id="a quotient as exponent"),
        pytest.param(op("==", op("%", op("+", A, 1), B), 0), "(a + 1) % b == 0", id="a comparison"),
        pytest.param(op("choose", op("<", A, B), op("/", A, B), 1), "a / b if a < b else 1", id="a choice"),
        pytest.param(op("*", 2, op("choose", A, B, C)), "2 * (b if a else c)", id="a choice in a product"),
        pytest.param(op("in", A, B), "a in b", id="a membership"),
        pytest.param(op("not", op("==", A, B)), "not a == b", id="a negation"),
        pytest.param(op("and", op("or", A, B), C), "(a or b) and c", id="alternatives in a conjunction"),
        pytest.param(op("max", 1, op("-", A, B)), "max(1, a - b)", id="a call"),
    ],
)
def test_parentheses_only_where_python_needs_them(quantity: Quantity, expected: str) -> None:
    assert spelled(quantity) == expected


def test_an_alternative_is_in_parentheses_only_if_it_is_looser() -> None:
    assert grouped(op("-", A, B)) == "a - b"
    assert grouped(op("or", A, B)) == "(a or b)"
