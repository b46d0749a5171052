"""The pages of the rules are true: every Python fence is analysed and reported exactly as it says of itself, and every
message that is shown is one that is printed.

`tests/examples.py` says how examples are written; nothing but what they expect may be reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from schedlint import app, pages
from schedlint.checks import RULES
from schedlint.checks.rule import Rule, rule, timelines
from schedlint.diagnostics import Diagnostic, Finding, Severity, UsageError
from schedlint.pages import HEADINGS, Page
from schedlint.reporters import concise
from schedlint.selection import INTERNAL_ERROR, OWN
from schedlint.timeline.reading import Reading
from schedlint.timeline.run.machine import Budget
from tests.examples import Example, Mark, asked_for, examples, pinned

NAMES = {rule.code: rule.name for rule in RULES} | OWN
"""Every code that may be printed, with its name."""

NOT_TO_BE_SHOWN = {"LRS903", INTERNAL_ERROR}
"""What no example of a page can bring about: it takes a huge program, or a mistake in schedlint."""

MINIMAL = "# LRS101 a-name\n\nWhat it\nfinds.\n\n" + "".join(f"## {heading}\n\nText.\n\n" for heading in HEADINGS)
ALL = examples()
PAGES = pages.pages()

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
each_shown_page = pytest.mark.parametrize(
    "page", [page for page in PAGES if page.code not in NOT_TO_BE_SHOWN], ids=lambda page: page.code
)


def reported(example: Example, folder: Path) -> tuple[Diagnostic, ...]:
    """What schedlint says about an example in an empty folder, its own rule asked for even if it is off by default."""
    example.write(folder)
    config = asked_for(text for _, text in example.files)
    return app.check([str(folder)], config, cwd=str(folder)).diagnostics


def of(page: Page, section: str) -> list[Example]:
    """The examples of one section of a page."""
    return [example for example in ALL if (example.page, example.section) == (page, section)]


def marks(page: Page, section: str, *, expected: bool) -> list[Mark]:
    """The lines of a section that are marked for the page's own code."""
    found = [mark for example in of(page, section) for mark in example.marks()]
    return [mark for mark in found if (mark.code, mark.expected) == (page.code, expected)]


# --- examples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)
def test_an_example_is_reported_exactly_where_it_says(example: Example, tmp_path: Path) -> None:
    found = reported(example, tmp_path)
    assert {(each.at.path, each.at.row, each.code) for each in found} == example.expects()


def said(page: Page, section: str, folder: Path) -> set[str]:
    """Everything that is printed for the examples of a section, each on one line."""
    found = [each for example in of(page, section) for each in reported(example, folder / str(example.number))]
    return {" ".join(concise.line(each).split()) for each in found}


@each_shown_page
def test_a_message_that_is_shown_is_one_that_is_printed(page: Page, tmp_path: Path) -> None:
    for section, shown in pinned(page).items():
        assert set(shown) <= said(page, section, tmp_path)


def test_the_message_of_a_spent_budget_is_one_that_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "Budget", partial(Budget, entry=3))
    page = pages.find("LRS903")
    assert set(pinned(page)["Bad"]) <= said(page, "Good", tmp_path)


@rule(code="LRS101", name="breaks", summary="It breaks.", severity=Severity.ERROR, since="0.1.0", over=timelines)
def breaks(self: Rule, reading: Reading) -> Iterator[Finding]:
    """A rule with an error in it."""
    raise KeyError("oh")


def test_the_message_of_an_internal_error_is_one_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedlint.selection.RULES", (breaks,))
    page = pages.find(INTERNAL_ERROR)
    assert set(pinned(page)["Bad"]) <= said(page, "Good", tmp_path)


@each_shown_page
def test_only_the_section_of_bad_examples_has_lines_to_report(page: Page) -> None:
    assert [section for section in page.sections if marks(page, section, expected=True)] == ["Bad"]


@each_shown_page
def test_every_bad_example_has_a_line_to_report(page: Page) -> None:
    for example in of(page, "Bad"):
        assert any(mark.expected and mark.code == page.code for mark in example.marks()), example.name


@each_shown_page
def test_every_near_miss_is_marked(page: Page) -> None:
    assert of(page, "Not reported")
    for example in of(page, "Not reported"):
        assert any(not mark.expected and mark.code == page.code for mark in example.marks()), example.name


@each_page
def test_a_page_has_a_good_example_and_one_message(page: Page) -> None:
    assert of(page, "Good")
    assert {section: len(shown) for section, shown in pinned(page).items()} == {"Bad": 1}


# --- which pages there are --------------------------------------------------------------------------------------------


def test_every_code_has_one_page_with_its_name() -> None:
    assert [(page.code, page.name) for page in PAGES] == sorted(NAMES.items())


def test_pages_are_in_files_of_their_code_and_name() -> None:
    names = [f"{page.code}-{page.name}.md" for page in PAGES]
    assert names == sorted(path.name for path in pages.folder().glob("*.md"))


@each_page
def test_a_summary_is_a_sentence_or_two_without_an_example(page: Page) -> None:
    assert page.summary.endswith(".")
    assert len(page.summary) < 200
    assert "```" not in page.summary


@each_page
def test_a_page_names_only_codes_that_exist(page: Page) -> None:
    assert set(re.findall(r"\bLRS\d{3}\b", page.text)) <= set(NAMES)


# --- reading pages ----------------------------------------------------------------------------------------------------


def test_a_page_has_a_title_a_summary_and_the_fixed_headings() -> None:
    page = pages.parse(MINIMAL)
    assert (page.code, page.name, page.summary) == ("LRS101", "a-name", "What it finds.")
    assert tuple(page.sections) == HEADINGS
    assert page.text == MINIMAL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(MINIMAL.replace("# LRS101", "# 101"), "a page begins with", id="no title"),
        pytest.param(MINIMAL.replace("## Good", "## Fine"), "the headings are", id="another heading"),
        pytest.param(MINIMAL.replace("## Why\n\nText.\n\n", ""), "the headings are", id="a heading missing"),
    ],
)
def test_a_page_of_another_shape_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pages.parse(text)


def test_a_rule_is_found_by_code_or_name_in_any_case(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "LRS101-a-name.md").write_text(MINIMAL, encoding="utf-8")
    monkeypatch.setattr(pages, "folder", lambda: tmp_path)
    assert pages.find("lrs101") == pages.find("A-Name") == pages.parse(MINIMAL)
    with pytest.raises(UsageError, match="there is no rule 'LRS1'"):
        pages.find("LRS1")
