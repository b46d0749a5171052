"""The pages of the rules are true: every Python fence is analysed and reported exactly as it says of itself.

A fence is a program of one file; fences of one section that have a file name (` ```python engine.py `) are one program.
`# expect: LRS101` marks the line it is on, or the next one where it stands alone; nothing else may be reported.
A `text` fence holds, word for word, findings of the section it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from schedlint import pages
from schedlint.diagnostics import Diagnostic, UsageError
from schedlint.pages import HEADINGS, Page
from schedlint.reporters import concise

FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>[\w./-]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
EXPECT = re.compile(r"# expect: (?P<codes>LRS\d{3}(?:, LRS\d{3})*)")
ALONE = "example.py"
MINIMAL = "# LRS101 a-name\n\nWhat it\nfinds.\n\n" + "".join(f"## {heading}\n\nText.\n\n" for heading in HEADINGS)


class Example(NamedTuple):
    """A program on a page: its files by name, and the messages that the page pins for it."""

    page: Page
    section: str
    files: dict[str, str]
    pinned: tuple[str, ...]


def examples() -> Iterator[Example]:
    """Every program of every page."""
    for page in pages.pages():
        for section, text in page.sections.items():
            fences = list(FENCE.finditer(text))
            pinned = tuple(" ".join(fence["body"].split()) for fence in fences if fence["kind"] == "text")
            python = [fence for fence in fences if fence["kind"] == "python"]
            together = {fence["file"]: fence["body"] for fence in python if fence["file"]}
            alone = [{ALONE: fence["body"]} for fence in python if not fence["file"]]
            yield from (Example(page, section, files, pinned) for files in [together, *alone] if files)


def expected(files: dict[str, str]) -> set[tuple[str, int, str]]:
    """What the markers say: file, row and code."""
    marks: set[tuple[str, int, str]] = set()
    for name, text in files.items():
        for row, line in enumerate(text.splitlines(), start=1):
            found = EXPECT.search(line)
            if found:
                target = row + 1 if line.strip().startswith("#") else row
                marks.update((name, target, code) for code in found["codes"].split(", "))
    return marks


def reported(files: dict[str, str], folder: Path) -> tuple[Diagnostic, ...]:
    """What schedlint says about these files in an empty folder."""
    from schedlint import app

    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = app.check([str(folder)], cwd=str(folder))
    assert not report.failed
    return report.diagnostics


ALL = list(examples())
IDS = [f"{example.page.code}-{example.section}-{number}" for number, example in enumerate(ALL)]


@pytest.mark.parametrize("example", ALL, ids=IDS)
def test_an_example_is_reported_exactly_where_it_says(example: Example, tmp_path: Path) -> None:
    found = reported(example.files, tmp_path)
    assert {(each.at.path, each.at.row, each.code) for each in found} == expected(example.files)


SECTIONS = {(each.page.code, each.section): each.pinned for each in ALL if each.pinned}


@pytest.mark.parametrize(("code", "section"), SECTIONS, ids=lambda part: part)
def test_a_pinned_message_is_what_is_printed(code: str, section: str, tmp_path: Path) -> None:
    found: set[str] = set()
    for number, example in enumerate(ALL):
        if (example.page.code, example.section) == (code, section):
            diagnostics = reported(example.files, tmp_path / str(number))
            found |= {" ".join(concise.line(each).split()) for each in diagnostics}
    assert set(SECTIONS[code, section]) <= found


@pytest.mark.parametrize("page", pages.pages(), ids=lambda page: page.code)
def test_a_page_shows_what_is_reported_and_what_is_not(page: Page) -> None:
    mine = [example for example in ALL if example.page == page]
    marked = {example.section for example in mine if any(code == page.code for *_, code in expected(example.files))}
    assert marked == {"Bad"}
    assert {"Bad", "Good"} <= {example.section for example in mine}
    assert any(example.pinned for example in mine)


def test_pages_are_named_after_their_rule() -> None:
    names = [f"{page.code}-{page.name}.md" for page in pages.pages()]
    assert names == sorted(path.name for path in pages.folder().glob("*.md"))


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
