"""The examples on the pages of the rules, with the markers in them.

A Python fence is a program of one file; fences of one section that have a file name (` ```python engine.py `) are one
program, which ends with the next fence that has none.
`# expect: LRS101` marks the line it is on, or the next one where it stands alone; `# ok: LRS101` a line that looks like
the mistake and is none, `# ok: LRS101, though torch warns` one that torch takes for it.
A `text` fence holds, word for word, a finding of the section it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from schedlint import pages
from schedlint.checks import RULES
from schedlint.config import Config, Selectors
from schedlint.pages import Page

FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>[\w./-]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(
    r"(?P<alone>^\s*)?# (?P<kind>expect|ok): (?P<codes>LRS\d{3}(?:, LRS\d{3})*)(?P<warns>, though torch warns)?$"
)
ALONE = "example.py"


class Mark(NamedTuple):
    """A marked line of an example."""

    file: str
    row: int
    code: str
    expected: bool
    torch_warns: bool = False


@dataclass(frozen=True)
class Example:
    """A program on a page: its files by name. `number` counts the examples of the page."""

    page: Page
    section: str
    number: int
    files: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """What to call it in a report of the tests."""
        return f"{self.page.code}-{self.section}-{self.number}"

    def marks(self) -> Iterator[Mark]:
        """The marked lines."""
        for file, text in self.files:
            for row, line in enumerate(text.splitlines(), start=1):
                if match := MARK.search(line):
                    expected = match["kind"] == "expect"
                    for code in match["codes"].split(", "):
                        yield Mark(file, row + (match["alone"] is not None), code, expected, bool(match["warns"]))

    def expects(self) -> set[tuple[str, int, str]]:
        """The lines to report: file, row and code."""
        return {(mark.file, mark.row, mark.code) for mark in self.marks() if mark.expected}

    def write(self, folder: Path) -> None:
        """Put the files into a folder."""
        for name, text in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def asked_for(texts: Iterable[str]) -> Config:
    """Settings under which rules that are off by default are run if a text names them."""
    together = "".join(texts)
    named = tuple(rule.code for rule in RULES if not rule.default and rule.code in together)
    return Config(selectors=(Selectors(extend_select=named),))


def examples() -> tuple[Example, ...]:
    """Every program of every page."""
    return tuple(example for page in pages.pages() for example in _of(page))


def pinned(page: Page) -> dict[str, tuple[str, ...]]:
    """The findings that a page shows, by section, each on one line."""
    fences = {section: FENCE.finditer(text) for section, text in page.sections.items()}
    texts = {
        section: tuple(" ".join(fence["body"].split()) for fence in found if fence["kind"] == "text")
        for section, found in fences.items()
    }
    return {section: shown for section, shown in texts.items() if shown}


def _of(page: Page) -> Iterator[Example]:
    number = 0
    for section, text in page.sections.items():
        for files in _programs(text):
            number += 1
            yield Example(page, section, number, files)


def _programs(text: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """The programs of a section: files with names that follow one another are one."""
    python = [fence for fence in FENCE.finditer(text) if fence["kind"] == "python"]
    for is_file, fences in groupby(python, key=lambda fence: fence["file"] is not None):
        if is_file:
            yield tuple((fence["file"], fence["body"]) for fence in fences)
        else:
            yield from (((ALONE, fence["body"]),) for fence in fences)
