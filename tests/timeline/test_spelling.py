"""Expressions as they are written in names, guards and messages."""

from __future__ import annotations

import pytest

from schedlint import facts
from schedlint.extract import extract
from schedlint.timeline.run.spelling import source, target


def value(text: str) -> facts.Expr:
    """The expression `text`, as the facts have it."""
    (statement,) = extract(f"x = {text}\n").body
    assert isinstance(statement, facts.Assign)
    return statement.value


@pytest.mark.parametrize(
    "text",
    [
        "(step + 1) % k == 0",
        "i == len(loader) - 1",
        "epoch + i / len(train_loader)",
        "a - (b - c)",
        "a - b - c",
        "(-a) ** b",
        "a ** -b",
        "(a ** b) ** c",
        "(a + b).mean()",
        "(a or b)[0]",
        "not a == b",
        "not (a and b)",
        "(a or b) and not c",
        "(a == b) == c",
        "f(*args, **kwargs)",
        "(x,)",
        "x[a, b]",
        "('train', 'val')",
    ],
)
def test_parentheses_only_where_python_needs_them(text: str) -> None:
    assert source(value(text)) == text


@pytest.mark.parametrize("text", ["images, targets", "i, (x, y)", "i, (x,)", "(x,)", "first, *rest", "epoch"])
def test_a_target_is_written_without_parentheses_of_its_own(text: str) -> None:
    (loop,) = extract(f"for {text} in loader:\n    f()\n").body
    assert isinstance(loop, facts.For)
    assert target(loop.target) == text
