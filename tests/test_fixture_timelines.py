"""What `schedlint timeline --why` prints for a fixture is what stands beside it in timeline.txt, read against the code.

`python -m tests.test_fixture_timelines --write` writes these files anew, and the example in the README; read the
difference. What is known to be wrong is in FAULTS: the files hold what is true instead.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from schedlint import cli
from tests.oracle.recording import FIXTURES, fixture_folders, script_of

PINNED = "timeline.txt"
README = FIXTURES.parent / "README.md"
EXAMPLE = re.compile(r"^cd (?P<folder>\S+) && \S+/schedlint (?P<arguments>.+)\n```\n\n```text\n(?P<text>[^`]*)", re.M)


class Fault(NamedTuple):
    """Something false that is printed for a fixture, and what would be true in its place."""

    fixture: str
    printed: str
    true: str
    reason: str


ARGS = "an option is called `args.…` where the arguments are handed on without a name: timeline/run/builtin_calls.py"
ENDS = "the horizon of a function is what divides the step, without what was taken off it: timeline/curves.py"
UPDATES = "the bound of a loop around epochs counts no updates of the optimizer: timeline/scale.py"

FAULTS = (
    Fault("step_before_train_call", "args.", "opt.", ARGS),
    Fault(
        "gan",
        "horizon in epochs: lr_lambda = float(opt.niter_decay + 1)",
        "horizon in epochs: opt.niter + opt.niter_decay",
        ENDS,
    ),
    Fault(
        "accumulation",
        "horizon in updates: lr_lambda = float(max(1, … - args.warmup_steps)) (likely)",
        "horizon in updates: (len(train_dataloader) // … * args.num_train_epochs (likely)",
        ENDS,
    ),
    Fault(
        "accumulation",
        "`args.warmup_steps` counts iterations by its help text",
        "`args.warmup_steps` counts updates by its help text",
        "updates in a help text are taken for iterations of any kind: timeline/names.py, dimension_of_help",
    ),
    Fault("rl_loop", "horizon: 6 updates (likely)", "horizon: total_iters = 6, unit unknown", UPDATES),
    Fault(
        "rl_loop",
        "unit: `NUM_UPDATES` counts updates by its name",
        "unit unknown: `NUM_UPDATES` is the bound of a loop around epochs",
        UPDATES,
    ),
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
    """What the command prints in a folder; it must not fail."""
    with inside(folder):
        outcome = cli.carried_out(arguments)
    assert (outcome.status, outcome.remarks) == (0, ())
    return outcome.output


@functools.cache
def timeline(folder: Path) -> str:
    """What is printed for a fixture."""
    return printed(folder, "timeline", "--why", script_of(folder).name)


def corrected(fixture: str, text: str) -> str:
    """The text with what is known to be wrong in it put right."""
    for fault in FAULTS:
        if fault.fixture == fixture:
            text = text.replace(fault.printed, fault.true)
    return text


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
    assert unaligned(corrected(folder.name, timeline(folder))) == unaligned(expected)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=pytest.mark.xfail(reason=fault.reason, strict=True), id=f"{fault.fixture}-{number}")
        for number, fault in enumerate(FAULTS)
    ],
)
def test_nothing_false_is_printed(fault: Fault) -> None:
    before = tuple(earlier for earlier in FAULTS[: FAULTS.index(fault)] if earlier.fixture == fault.fixture)
    text = timeline(FIXTURES / fault.fixture)
    for earlier in before:
        text = text.replace(earlier.printed, earlier.true)
    assert fault.printed not in text


def test_no_timeline_is_pinned_for_a_fixture_that_is_gone() -> None:
    assert {path.parent for path in FIXTURES.rglob(PINNED)} == set(fixture_folders())


def test_the_readme_shows_what_its_command_prints() -> None:
    found = example()
    assert found["text"] == output_of_example(found)


def write() -> None:
    """Write all expected timelines and the README's example as they are now, corrected."""
    for folder in fixture_folders():
        (folder / PINNED).write_text(corrected(folder.name, timeline(folder)), encoding="utf-8")
    found = example()
    text = found.string[: found.start("text")] + output_of_example(found) + found.string[found.end("text") :]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("to write the expected timelines: python -m tests.test_fixture_timelines --write")
    write()
