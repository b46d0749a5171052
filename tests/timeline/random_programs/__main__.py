"""How much is known of random programs, and what is said of them that is not true."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.timeline.random_programs.judge import Coverage, judged
from tests.timeline.random_programs.plans import draw
from tests.timeline.random_programs.writer import program


def say(*lines: object) -> None:
    """Print lines."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def show(seed: int) -> None:
    """Print the program of a seed, and what is true of it."""
    made = program(draw(seed))
    say(made.plan, *(f"## {name}\n{text}" for name, text in made.files.items()), made.truth)


def survey(count: int, first: int = 0) -> None:
    """Print what is contradicted and how much is known of so many programs."""
    coverage, wrong = Coverage(), 0
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            lines = judged(draw(seed), Path(folder), coverage)
        say(*(f"{seed}: {line}" for line in lines))
        wrong += bool(lines)
    say(f"{count} programs, {wrong} of them contradicted", *coverage.lines())


if __name__ == "__main__":
    if sys.argv[1] == "--show":
        show(int(sys.argv[2]))
    else:
        survey(*map(int, sys.argv[1:]))
