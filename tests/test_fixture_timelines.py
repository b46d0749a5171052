"""What `schedlint timeline --why` prints for a fixture is what stands beside it in timeline.txt, read against the code.

`python -m tests.test_fixture_timelines --write` writes these files anew, and the example in the README; read the
difference against the code before you keep it.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schedlint import cli
from tests.oracle.recording import FIXTURES, fixture_folders, script_of

PINNED = "timeline.txt"
README = FIXTURES.parent / "README.md"
EXAMPLE = re.compile(r"^cd (?P<folder>\S+) && \S+/schedlint (?P<arguments>.+)\n```\n\n```text\n(?P<text>[^`]*)", re.M)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """The folder is the current one."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def printed(folder: Path, *arguments: str) -> str:
    """What the command prints in a folder; it must not fail."""
    with inside(folder):
        outcome = cli.carried_out(arguments)
    assert (outcome.status, outcome.remarks) == (0, ())
    return outcome.output


@functools.cache
def timeline(folder: Path) -> str:
    """What is printed for a fixture."""
    return printed(folder, "timeline", "--why", script_of(folder).name)


def unaligned(text: str) -> list[str]:
    """The lines, without the spaces that put their columns under each other."""
    return [re.sub(" {2,}", "  ", line) for line in text.splitlines()]


def example() -> re.Match[str]:
    """The command in the README and the output that is shown for it."""
    found = EXAMPLE.search(README.read_text(encoding="utf-8"))
    assert found is not None
    return found


def output_of_example(found: re.Match[str]) -> str:
    """What the README's command prints."""
    return printed(README.parent / found["folder"], *found["arguments"].split())


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_the_timeline_of_a_fixture_is_the_one_that_was_read_against_its_code(folder: Path) -> None:
    expected = (folder / PINNED).read_text(encoding="utf-8")
    assert unaligned(timeline(folder)) == unaligned(expected)


def test_no_timeline_is_pinned_for_a_fixture_that_is_gone() -> None:
    assert {path.parent for path in FIXTURES.rglob(PINNED)} == set(fixture_folders())


def test_the_readme_shows_what_its_command_prints() -> None:
    found = example()
    assert found["text"] == output_of_example(found)


def write() -> None:
    """Write all expected timelines and the README's example as they are now."""
    for folder in fixture_folders():
        (folder / PINNED).write_text(timeline(folder), encoding="utf-8")
    found = example()
    text = found.string[: found.start("text")] + output_of_example(found) + found.string[found.end("text") :]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("to write the expected timelines: python -m tests.test_fixture_timelines --write")
    write()
