"""Rows and what holds for them."""

from __future__ import annotations

import pytest

from schedlint.place import by_row


@pytest.mark.parametrize(
    ("spread", "expected"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([(range(2, 4), "a")], {2: ("a",), 3: ("a",)}, id="every row of a range"),
        pytest.param([(range(2, 3), "a"), (range(2, 3), "a")], {2: ("a",)}, id="a thing said twice is one"),
        pytest.param(
            [(range(1, 3), "a"), (range(2, 4), "b")], {1: ("a",), 2: ("a", "b"), 3: ("b",)}, id="ranges that overlap"
        ),
    ],
)
def test_what_holds_for_ranges_holds_for_their_rows(
    spread: list[tuple[range, str]], expected: dict[int, tuple[str, ...]]
) -> None:
    assert by_row(spread) == expected


def test_many_things_that_hold_for_one_long_range_take_no_more_room_than_one() -> None:
    found = by_row((range(10_000), "a") for _ in range(10_000))
    assert set(found.values()) == {("a",)}
