"""What a training program did under the real torch: typed, frozen, and with the questions that tests ask of it.

`record(folder)` runs a fixture (all fixtures at once, on the first call of a session), `record_scripts` any scripts.
Files are relative to the script's folder, rows count from 1. In a notebook rows count on through its code cells.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

FIXTURES = Path(__file__).parents[2] / "fixtures"
RECORDER = Path(__file__).with_name("recorder.py")


class Place(NamedTuple):
    """A row of one of the program's files."""

    file: str
    row: int


@dataclass(frozen=True)
class Iteration:
    """One iteration of a loop, counted from 0 each time the loop is entered; entries too are counted from 0."""

    loop: Place  # of its header
    entry: int
    number: int


@dataclass(frozen=True)
class Made:
    """An optimizer or scheduler that the program made.

    `optimizer` is the number of the one a scheduler drives, `children` are the numbers of the schedulers inside it.
    """

    number: int
    kind: str  # "optimizer" or "scheduler"
    class_name: str
    site: Place
    calls: tuple[Place, ...]
    loops: tuple[Iteration, ...]
    optimizer: int | None
    children: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """A step that the program took.

    `calls` are the call places on the way to `site`, `loops` the iterations around it, both outermost first.
    `lr` is the learning rate of the first parameter group after it.
    """

    made: Made
    site: Place
    calls: tuple[Place, ...]
    loops: tuple[Iteration, ...]
    lr: float


@dataclass(frozen=True)
class StepSite:
    """All steps of one kind of object (its construction site) at one site in one stack of loops.

    `passes` is, for each loop, in how many of its iterations at least one of the steps was taken. Fewer than
    `Recording.iterations` of that loop: some were left out. Fewer than `count`: several steps in one iteration.
    """

    kind: str
    class_name: str
    made_at: Place
    site: Place
    loops: tuple[Place, ...]
    passes: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class LoopCount:
    """How often a loop was entered, and how many iterations it had in all."""

    loop: Place
    entered: int
    iterations: int


@dataclass(frozen=True)
class TorchWarning:
    """A warning that was shown. `kind` is "order", "get_lr", "epoch argument" or "other"; `site` the program's row."""

    kind: str
    text: str
    category: str
    site: Place | None


@dataclass(frozen=True)
class Recording:
    """One run of one program.

    `status` is its exit status, `error` the traceback that ended it ("" if none did) and `raised` the program's row in
    it.
    """

    script: str
    made: tuple[Made, ...]
    steps: tuple[Step, ...]
    loops: tuple[LoopCount, ...]
    warnings: tuple[TorchWarning, ...]
    status: int
    error: str
    raised: Place | None

    def warned(self, kind: str) -> tuple[TorchWarning, ...]:
        """The warnings of this kind."""
        return tuple(warning for warning in self.warnings if warning.kind == kind)

    def iterations(self, loop: Place) -> int:
        """How many iterations a loop had in the whole run."""
        return next((count.iterations for count in self.loops if count.loop == loop), 0)

    def step_sites(self) -> tuple[StepSite, ...]:
        """The steps, summed up by where they are, in the order of the first of each."""
        groups: dict[tuple[Any, ...], list[Step]] = {}
        for step in self.steps:
            loops = tuple(iteration.loop for iteration in step.loops)
            groups.setdefault((step.made.site, step.made.class_name, step.site, loops), []).append(step)
        return tuple(_sum_up(steps) for steps in groups.values())


def _sum_up(steps: list[Step]) -> StepSite:
    first = steps[0]
    return StepSite(
        kind=first.made.kind,
        class_name=first.made.class_name,
        made_at=first.made.site,
        site=first.site,
        loops=tuple(iteration.loop for iteration in first.loops),
        passes=tuple(len({step.loops[depth] for step in steps}) for depth in range(len(first.loops))),
        count=len(steps),
    )


def script_of(folder: Path) -> Path:
    """The script or notebook that a fixture consists of, or begins with."""
    script = folder / "train.py"
    return script if script.exists() else folder / "train.ipynb"


def fixture_folders() -> tuple[Path, ...]:
    """Every fixture, by name."""
    return tuple(sorted(folder for folder in FIXTURES.iterdir() if script_of(folder).exists()))


def record(folder: Path) -> Recording:
    """The recording of a fixture. The first call of a session runs all fixtures."""
    return _record_fixtures()[folder.name]


def record_scripts(scripts: Iterable[Path]) -> tuple[Recording, ...]:
    """Run scripts under the recorder: one process imports torch, and a fork of it runs each script.

    A script that fails has a recording; RuntimeError is raised where the recorder itself fails, with what it said.
    """
    paths = [str(script) for script in scripts]
    command = [sys.executable, str(RECORDER), *paths]
    run = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=600)
    if run.returncode:
        raise RuntimeError(run.stderr)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return tuple(_read(path, answer) for path, answer in zip(paths, answers, strict=True))


@functools.cache
def _record_fixtures() -> Mapping[str, Recording]:
    folders = fixture_folders()
    recordings = record_scripts(map(script_of, folders))
    return {folder.name: recording for folder, recording in zip(folders, recordings, strict=True)}


def _read(script: str, answer: dict[str, Any]) -> Recording:
    made = tuple(_read_made(number, entry) for number, entry in enumerate(answer["objects"]))
    return Recording(
        script=script,
        made=made,
        steps=tuple(_read_step(made[entry["object"]], entry) for entry in answer["steps"]),
        loops=tuple(LoopCount(Place(file, row), *counts) for file, row, *counts in answer["loops"]),
        warnings=tuple(_read_warning(entry) for entry in answer["warnings"]),
        status=answer["status"],
        error=answer["error"],
        raised=Place(*answer["raised"]) if answer["raised"] else None,
    )


def _read_made(number: int, entry: dict[str, Any]) -> Made:
    place = Place(*entry["site"]), _read_calls(entry), _read_loops(entry)
    return Made(number, entry["kind"], entry["class"], *place, entry["optimizer"], tuple(entry["children"]))


def _read_step(made: Made, entry: dict[str, Any]) -> Step:
    return Step(made, Place(*entry["site"]), _read_calls(entry), _read_loops(entry), entry["lr"])


def _read_warning(entry: dict[str, Any]) -> TorchWarning:
    site = entry["site"]
    return TorchWarning(entry["kind"], entry["text"], entry["category"], Place(*site) if site else None)


def _read_calls(entry: dict[str, Any]) -> tuple[Place, ...]:
    return tuple(Place(*call) for call in entry["calls"])


def _read_loops(entry: dict[str, Any]) -> tuple[Iteration, ...]:
    return tuple(Iteration(Place(file, row), *current) for file, row, *current in entry["loops"])
