"""Source lines with a range marked in them."""

from __future__ import annotations

import pytest

from schedlint.diagnostics import Location
from schedlint.reporters.colour import coloured, plain
from schedlint.reporters.snippet import WIDEST, Style, snippet

STYLE = Style(gutter=2, mark="^", role="error", context=0, paint=plain)


def marked(text: str, *range: int, context: int = 0) -> list[str]:
    """The snippet of a text; the range is row, column, and row and column of its end."""
    return snippet(text.split("\n"), Location("a.py", *range), STYLE._replace(context=context))


def under(line: str, start: int, end: int) -> str:
    """What the marks stand under, cell by cell; for lines whose characters take one cell each."""
    shown, marks = marked(line, 1, start, 1, end)
    return "".join(character for character, mark in zip(shown, marks, strict=False) if mark == "^")


# --- one row ----------------------------------------------------------------------------------------------------------


def test_a_range_is_underlined() -> None:
    assert marked("x = 1\n    scheduler.step()\n", 2, 5, 2, 19) == [
        " 2 |     scheduler.step()",
        "   |     ^^^^^^^^^^^^^^",
    ]


def test_rows_around_it_are_shown_but_for_blank_ones_at_the_ends() -> None:
    text = "\na = 1\nb = 2\n\nc = 3\n\n\nd = 4"
    assert marked(text, 3, 1, 3, 2, context=2) == [
        " 2 | a = 1",
        " 3 | b = 2",
        "   | ^",
        " 4 |",
        " 5 | c = 3",
    ]
    assert marked(text, 5, 1, 5, 2, context=1) == [" 5 | c = 3", "   | ^"]


@pytest.mark.parametrize(
    ("row", "shown"), [(0, []), (1, [" 1 | a", "   | ^"]), (2, [])], ids=["before the first", "there", "after the last"]
)
def test_a_row_that_is_not_there_is_not_shown(row: int, shown: list[str]) -> None:
    assert marked("a", row, 1, row, 2, context=2) == shown


@pytest.mark.parametrize(
    ("columns", "marks"),
    [
        pytest.param((3, 3), "  ^", id="an empty range"),
        pytest.param((6, 7), "     ^", id="behind the end"),
        pytest.param((3, 90), "  ^^^", id="longer than the row"),
        pytest.param((90, 99), "     ^", id="far behind the end"),
    ],
)
def test_a_range_that_the_text_does_not_have_is_marked_as_well_as_can_be(columns: tuple[int, int], marks: str) -> None:
    assert marked("abcde", 1, columns[0], 1, columns[1])[1] == f"   | {marks}"


@pytest.mark.parametrize(
    ("line", "start", "end", "expected"),
    [
        pytest.param("\tstep()", 2, 6, "    ^^^^", id="a tab"),
        pytest.param("ab\tstep()", 4, 8, "    ^^^^", id="a tab that is only half as wide"),
        pytest.param("größe.step()", 7, 11, "      ^^^^", id="letters with marks of their own"),
        pytest.param("gro\u0308ße.step()", 8, 12, "      ^^^^", id="marks that stand above the letter before"),
        pytest.param("学习.step()", 4, 8, "     ^^^^", id="wide letters"),
        pytest.param("学习.step()", 1, 3, "^^^^", id="wide letters marked"),
        pytest.param("a\x1b.step()", 4, 8, "      ^^^^", id="something that a terminal would obey"),
    ],
)
def test_marks_stand_under_what_they_mark(line: str, start: int, end: int, expected: str) -> None:
    assert marked(line, 1, start, 1, end)[1] == f"   | {expected}"


def test_what_a_terminal_would_obey_is_escaped() -> None:
    assert marked("a\x1b[2J\x07\u202eb", 1, 1, 1, 2)[0] == r" 1 | a\x1b[2J\x07\u202eb"


@pytest.mark.parametrize("column", [1, WIDEST // 2, WIDEST, 5_000, 9_990])
def test_a_long_line_is_cut_to_the_part_that_matters(column: int) -> None:
    line = ("x" * (column - 1) + "HERE").ljust(10_000, "y")
    assert under(line, column, column + 4) == "HERE"
    assert len(marked(line, 1, column, 1, column + 4)[0]) < WIDEST + 10


def test_where_a_line_is_cut_it_says_so() -> None:
    line = marked("x" * 10_000, 1, 5_000, 1, 5_001)[0]
    assert (line[5], line[-1]) == ("…", "…")


def test_a_line_that_fits_is_not_cut() -> None:
    assert marked("x" * WIDEST, 1, WIDEST, 1, WIDEST + 1)[0] == " 1 | " + "x" * WIDEST


def test_a_range_that_is_longer_than_what_is_shown_is_marked_to_the_edge() -> None:
    shown, marks = marked("x" * 10_000, 1, 5, 1, 9_000)
    assert len(marks) == len(shown.rstrip("…"))


def test_frame_and_marks_are_coloured() -> None:
    assert snippet(["ab"], Location("a.py", 1, 2, 1, 3), STYLE._replace(paint=coloured)) == [
        "\x1b[1;34m 1 |\x1b[0m ab",
        "\x1b[1;34m   |\x1b[0m  \x1b[1;31m^\x1b[0m",
    ]


# --- several rows -----------------------------------------------------------------------------------------------------

CALL = """\
scheduler = OneCycleLR(
    optimizer,
    max_lr=0.1,
)
print()"""


def test_a_range_of_several_rows_is_bracketed() -> None:
    assert marked(CALL, 1, 13, 4, 2, context=1) == [
        " 1 |   scheduler = OneCycleLR(",
        "   |  _____________^",
        " 2 | |     optimizer,",
        " 3 | |     max_lr=0.1,",
        " 4 | | )",
        "   | |_^",
        " 5 |   print()",
    ]


def test_a_range_that_ends_where_a_row_begins_ends_in_the_row_before() -> None:
    assert marked(CALL, 2, 5, 3, 1) == [" 2 |     optimizer,", "   |     ^^^^^^^^^^"]


def test_a_long_range_is_shown_by_its_head_and_its_tail() -> None:
    rows = [f"row_{number}" for number in range(1, 31)]
    assert marked("\n".join(rows), 2, 1, 29, 3) == [
        " 2 |   row_2",
        "   |  _^",
        " 3 | | row_3",
        " 4 | | row_4",
        " 5 | | row_5",
        ".. | |",
        "28 | | row_28",
        "29 | | row_29",
        "   | |__^",
    ]
