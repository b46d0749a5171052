"""What `schedlint timeline --why` prints for a fixture is what stands beside it in timeline.txt, read against the code.

`python -m tests.test_fixture_timelines --write` writes these files anew, and the examples in the README; read the
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
from schedlint.cli.outcome import CLEAN, FINDINGS
from tests.oracle.recording import FIXTURES, fixture_folders, script_of

PINNED = "timeline.txt"
README = FIXTURES.parent / "README.md"
EXAMPLE = re.compile(
    r"^```console\n(?:cd (?P<folder>\S+) && )?(?:python3 .+ && )?\S+/schedlint (?P<arguments>.+)\n```\n\n"
    r"```text\n(?P<text>(?:(?!```).*\n)*)```$",
    re.MULTILINE,
)


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
    """What the command prints in a folder; it must be carried out."""
    with inside(folder):
        outcome = cli.carried_out(arguments)
    assert outcome.status in (CLEAN, FINDINGS)
    return outcome.output


@functools.cache
def timeline(folder: Path) -> str:
    """What is printed for a fixture."""
    return printed(folder, "timeline", "--why", script_of(folder).name)


def unaligned(text: str) -> list[str]:
    """The lines, without the spaces that put their columns under each other."""
    return [re.sub(" {2,}", "  ", line) for line in text.splitlines()]


def examples() -> list[re.Match[str]]:
    """The commands in the README that have their output below them."""
    return list(EXAMPLE.finditer(README.read_text(encoding="utf-8")))


def output_of(example: re.Match[str]) -> str:
    """What a command of the README prints."""
    return printed(README.parent / (example["folder"] or "."), *example["arguments"].split())


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_the_timeline_of_a_fixture_is_the_one_that_was_read_against_its_code(folder: Path) -> None:
    expected = (folder / PINNED).read_text(encoding="utf-8")
    assert unaligned(timeline(folder)) == unaligned(expected)


def test_no_timeline_is_pinned_for_a_fixture_that_is_gone() -> None:
    assert {path.parent for path in FIXTURES.rglob(PINNED)} == set(fixture_folders())


def test_the_readme_shows_findings_and_a_timeline() -> None:
    assert [example["arguments"].split()[0] for example in examples()] == [
        "fixtures/detection_main_per_batch",
        "timeline",
    ]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["arguments"])
def test_the_readme_shows_what_its_command_prints(example: re.Match[str]) -> None:
    assert example["text"] == output_of(example)


def write() -> None:
    """Write all expected timelines and the README's examples as they are now."""
    for folder in fixture_folders():
        (folder / PINNED).write_text(timeline(folder), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    for example in reversed(examples()):
        text = text[: example.start("text")] + output_of(example) + text[example.end("text") :]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("to write the expected timelines: python -m tests.test_fixture_timelines --write")
    write()
