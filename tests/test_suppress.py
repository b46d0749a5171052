"""Which findings a comment silences."""

from __future__ import annotations

import pytest

from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.facts import Comment
from schedlint.place import Place
from schedlint.suppress import NONE, suppressions


def at(row: int, path: str = "train.py") -> Place:
    return Place(path, row, 5, row, 9)


def finding(row: int, *related: Related, code: str = "LRS101", name: str = "a-fault") -> Finding:
    return Finding(code, name, "wrong", at(row), Severity.ERROR, Confidence.CERTAIN, related)


def essential(row: int, path: str = "train.py") -> Related:
    return Related("built here", at(row, path), essential=True)


def behind(text: str, first: int = 5, last: int = 5) -> Comment:
    """A comment that ends a logical line."""
    return Comment(last, 20, text, first, last)


def above(text: str, first: int = 5, last: int = 5, row: int = 4) -> Comment:
    """A comment that stands alone above a logical line."""
    return Comment(row, 1, text, first, last)


def is_silenced(comment: Comment, found: Finding, path: str = "train.py") -> bool:
    return suppressions({path: (comment,)}).silences(found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# noqa", id="everything"),
        pytest.param("# noqa: LRS101", id="by code"),
        pytest.param("# noqa: lrs101", id="by code in small letters"),
        pytest.param("# noqa: LRS1", id="by the beginning of the code"),
        pytest.param("# noqa:E501 LRS101", id="by one of several codes"),
        pytest.param("# type: ignore  # noqa: LRS101", id="behind another comment"),
        pytest.param("# schedlint: ignore", id="everything of ours"),
        pytest.param("# schedlint: ignore[LRS101]", id="by code to schedlint"),
        pytest.param("# schedlint: ignore[LRS301, LRS1] because", id="by a prefix, with a reason"),
        pytest.param("# schedlint: ignore[a-fault]", id="by name"),
        pytest.param("# schedlint: ignore[LRS1O1, LRS101]", id="beside what is no rule"),
        pytest.param("# schedlint: steps=bach ignore[LRS101]", id="beside what is not understood"),
    ],
)
def test_a_comment_silences_what_it_names(text: str) -> None:
    assert is_silenced(behind(text), finding(5))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# noqa: E501", id="another linter's code"),
        pytest.param("# noqa: LRS301", id="another rule"),
        pytest.param("# noqa: LRS1010", id="a longer code"),
        pytest.param("# schedlint: ignore[LRS301]", id="another rule to schedlint"),
        pytest.param("# schedlint: ignore[a-fau]", id="the beginning of a name"),
        pytest.param("# schedlint: ignore[]", id="no rule"),
        pytest.param("# schedlint: ignore LRS101", id="what is not understood"),
        pytest.param("# schedlint: steps=batch", id="a telling"),
        pytest.param("# flake8: noqa", id="what is said of a file"),
    ],
)
def test_a_comment_silences_nothing_else(text: str) -> None:
    assert not is_silenced(behind(text), finding(5))


@pytest.mark.parametrize(
    ("comment", "row", "silenced"),
    [
        pytest.param(behind("# noqa", 3, 7), 3, True, id="the first row of its statement"),
        pytest.param(behind("# noqa", 3, 7), 7, True, id="the last row of its statement"),
        pytest.param(behind("# noqa", 3, 7), 2, False, id="the row before"),
        pytest.param(behind("# noqa", 3, 7), 8, False, id="the row after"),
        pytest.param(above("# schedlint: ignore", 5, 6), 6, True, id="the statement below, to schedlint"),
        pytest.param(above("# schedlint: ignore", 5, 6), 7, False, id="not the one after that"),
        pytest.param(above("# noqa", 5, 6), 5, False, id="the statement below, to all linters"),
        pytest.param(above("# noqa", 5, 6), 4, True, id="its own row, to all linters"),
        pytest.param(above("# schedlint: ignore", 5, 6), 4, True, id="its own row, to schedlint"),
    ],
)
def test_a_comment_silences_a_statement(comment: Comment, row: int, silenced: bool) -> None:
    assert is_silenced(comment, finding(row)) is silenced


def test_a_comment_at_any_essential_place_is_enough() -> None:
    assert is_silenced(behind("# noqa: LRS101"), finding(9, essential(5)))


def test_a_comment_at_an_essential_place_in_another_file_is_enough() -> None:
    found = finding(9, essential(5, "engine.py"))
    assert is_silenced(behind("# noqa: LRS101"), found, "engine.py")
    assert not is_silenced(behind("# noqa: LRS101"), found, "other.py")


def test_a_comment_at_a_place_that_is_not_essential_silences_nothing() -> None:
    assert not is_silenced(behind("# noqa: LRS101"), finding(9, Related("called from here", at(5))))


def test_without_comments_nothing_is_silenced() -> None:
    assert not NONE.silences(finding(5))
    assert not suppressions({"train.py": ()}).silences(finding(5))
