"""One line per diagnostic."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.reporters.colour import coloured
from schedlint.reporters.concise import render
from tests.reporters.builders import diagnostic, location


def test_a_line_begins_as_editors_expect_it() -> None:
    assert render([diagnostic()]) == "engine.py:45:9: LRS101 it counts epochs\n"


def test_rows_of_a_notebook_are_those_of_the_cell() -> None:
    assert render([diagnostic(5, "nb.ipynb", cell=3)]) == "nb.ipynb:cell 3:5:9: LRS101 it counts epochs\n"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        pytest.param("a\x1b]0;title\x07b", r"a\x1b]0;title\x07b", id="a terminal title"),
        pytest.param("a\nb.py:1:1: E1 forged", r"a\nb.py:1:1: E1 forged", id="a forged second line"),
        pytest.param("a\x9b2Jb", r"a\x9b2Jb", id="an eight-bit control sequence"),
        pytest.param("a\u202eb", r"a\u202eb", id="text from right to left"),
        pytest.param("a\udc80b", r"a\udc80b", id="a byte that is no text"),
        pytest.param("größe×2", "größe×2", id="letters of any language stay"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(hostile: str, shown: str) -> None:
    finding = replace(diagnostic(), at=location(45, f"{hostile}.py"), message=hostile)
    assert render([finding]) == f"{shown}.py:45:9: LRS101 {shown}\n"


def test_colour_sets_off_the_place_and_the_code() -> None:
    assert render([diagnostic()], coloured) == (
        "\x1b[1mengine.py:45:9\x1b[0m: \x1b[1;31mLRS101\x1b[0m it counts epochs\n"
    )
