"""The pages of the rules: one Markdown file each, which people read, tests execute and `schedlint rule` prints.

They are `rules/` of a checkout and `schedlint/_rules` of an installed wheel.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from schedlint.diagnostics import UsageError

HEADINGS = ("Why", "Bad", "Good", "Not reported", "How to fix", "References")
"""What every page answers, in this order, after its title and a summary."""

TITLE = re.compile(r"# (?P<code>LRS\d{3}) (?P<name>[a-z][a-z0-9-]*)\n+")


class Page(Struct, frozen=True):
    """What is said about one rule; `text` is the whole page and `sections` its parts by heading."""

    code: str
    name: str
    summary: str
    sections: dict[str, str]
    text: str


def folder() -> Path:
    """Where the pages are: the checkout's own folder before the wheel's copy."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "rules"
    return checkout if (package.parent / "pyproject.toml").is_file() and checkout.is_dir() else package / "_rules"


def pages() -> tuple[Page, ...]:
    """All pages, by code."""
    return tuple(parse(path.read_text(encoding="utf-8")) for path in sorted(folder().glob("LRS*.md")))


def find(wanted: str) -> Page:
    """The page of the rule with this code or name, in any case; `UsageError` if there is none."""
    for page in pages():
        if wanted.lower() in (page.code.lower(), page.name):
            return page
    raise UsageError(f"there is no rule {wanted!r}; `schedlint rule --all` prints all of them")


def parse(text: str) -> Page:
    """A page from its text; `ValueError` says what is missing or out of order."""
    title = TITLE.match(text)
    if title is None:
        raise ValueError("a page begins with `# LRS000 its-name`")
    summary, *parts = re.split(r"^## ", text[title.end() :], flags=re.MULTILINE)
    sections = {heading: body for heading, _, body in (part.partition("\n") for part in parts)}
    if tuple(sections) != HEADINGS:
        raise ValueError(f"the headings are {', '.join(HEADINGS)}; not {', '.join(sections)}")
    return Page(title["code"], title["name"], " ".join(summary.split()), sections, text)
