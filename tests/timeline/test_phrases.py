"""Conditions in words."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Test
from schedlint.timeline.phrases import said
from tests.timeline.build import equals


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param((), "", id="always"),
        pytest.param((equals("a", 1),), "a == 1", id="one test"),
        pytest.param((equals("a", 1, positive=False),), "a != 1", id="a denied test"),
        pytest.param((equals("a", 1), equals("b", 2)), "a == 1 and b == 2", id="two tests"),
    ],
)
def test_a_condition_in_words(condition: tuple[Test, ...], expected: str) -> None:
    assert said(condition) == expected
