"""The README lists every rule as the rules say it. `python -m tests.test_rule_table` writes the table anew."""

from __future__ import annotations

from pathlib import Path

from schedlint import pages
from schedlint.checks import RULES

README = Path(__file__).parent.parent / "README.md"
HEAD = "| code | rule | what it finds |\n|---|---|---|\n"


def table() -> str:
    """One row for each rule, with its page."""
    files = {path.name.partition("-")[0]: path.name for path in pages.folder().glob("*.md")}
    off = {True: "", False: " Off by default."}
    rows = (
        f"| [{rule.code}](rules/{files[rule.code]}) | {rule.name} | {rule.summary}{off[rule.default]} |\n"
        for rule in RULES
    )
    return HEAD + "".join(rows)


def written() -> str:
    """The table as it stands in the README, to its last row."""
    text = README.read_text(encoding="utf-8")
    start = text.index(HEAD)
    return text[start : text.index("\n\n", start) + 1]


def test_the_table_in_the_readme_is_what_the_rules_say() -> None:
    assert written() == table()


if __name__ == "__main__":
    README.write_text(README.read_text(encoding="utf-8").replace(written(), table()), encoding="utf-8")
