"""A mistake that is seeded into a right program and fixed again: under the real torch the program trains with the same
learning rates as before, step by step.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import pytest

from schedlint import app
from schedlint.config import Config
from tests.oracle.recording import FIXTURES, Recording, record_scripts, script_of
from tests.seeded.candidates import Candidate, candidates
from tests.seeded.kinds import KINDS
from tests.seeded.seeds import Seed, Sowing

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]

FIXED = (
    "into-batch-loop",
    "out-of-batch-loop",
    "top-of-epoch",
    "before-optimizer",
    "deleted",
    "uncalled",
    "after-loop",
    "get-lr",
)
"""Kinds of mistakes in how often, when and whether a schedule is stepped, which fixes put right."""

IN_BATCHES = "write the schedule in batches"
"""The fix that makes the schedule a finer one: it has the rate of the original when an epoch begins."""

LEAST = 3
"""So many programs of each kind are fixed, at least: where a step stands in another function, no fix is made."""


@dataclass(frozen=True)
class Case:
    """A program with a seeded mistake, and the same program without it, in folders of their own: both fixed as far as
    they can be, as the program may have mistakes of its own.
    """

    seed: Seed
    folder: Path
    original: Path
    fixes: tuple[str, ...]


def rates(recording: Recording) -> list[float]:
    """The learning rate of every step of an optimizer, in the order of the run."""
    assert recording.status == 0, recording.error
    return [step.lr for step in recording.steps if step.made.kind == "optimizer"]


def starts(recording: Recording) -> list[bool]:
    """Which of these are the first of an innermost loop."""
    steps = [step for step in recording.steps if step.made.kind == "optimizer"]
    return [not step.loops or step.loops[-1].number == 0 for step in steps]


def repaired(folder: Path) -> tuple[Counter[str], tuple[str, ...]]:
    """Fix a folder; how often each rule still reports something, and what was done."""
    repair = app.repair([str(folder)], Config(), cwd=str(folder), unsafe=True)
    for path, data in repair.fixed.after.items():
        (folder / path).write_bytes(data)
    left = Counter(diagnostic.code for diagnostic in repair.report.diagnostics)
    return left, tuple(fix.title for fix in repair.fixed.fixes)


def is_plain(candidate: Candidate) -> bool:
    """Whether a schedule is stepped by `step()` in every round: what else a step was, no fix can know. A one-cycle
    schedule counts its steps less one, so that a finer one has not quite the same shape.
    """
    always = not candidate.step.arguments and not candidate.step.guards and not candidate.scheduler.guards
    return always and not any(name.endswith(".OneCycleLR") for name in candidate.scheduler.classes)


def cases(fixture: str, folder: Path) -> Iterator[Case]:
    """The programs made of one fixture of which all is fixed that is not wrong with the fixture itself."""
    original = folder / "original"
    shutil.copytree(FIXTURES / fixture, original)
    of_kinds = [kind for kind in KINDS if kind.name in FIXED]
    plain = [candidate for candidate in candidates(original).candidates if is_plain(candidate)]
    seeds = list(Sowing(2).seeds(plain, of_kinds))
    left, before = repaired(original)
    for number, seed in enumerate(seeds):
        seeded = folder / str(number)
        shutil.copytree(FIXTURES / fixture, seeded)
        for path, text in seed.texts:
            (seeded / path).write_text(text, encoding="utf-8")
        after, fixes = repaired(seeded)
        if after == left and len(fixes) > len(before):
            yield Case(seed, seeded, original, fixes)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Recording, Recording]]:
    """Every program that is fixed, with its run and that of the original."""
    names = sorted(path.name for path in FIXTURES.iterdir() if (path / "train.py").exists())
    done = [case for name in names for case in cases(name, tmp_path_factory.mktemp(name))]
    folders = list(dict.fromkeys(folder for case in done for folder in (case.original, case.folder)))
    runs = dict(zip(folders, record_scripts(map(script_of, folders)), strict=True))
    return [(case, runs[case.folder], runs[case.original]) for case in done]


@pytest.mark.parametrize("kind", FIXED)
def test_a_fixed_seed_trains_with_the_learning_rates_of_the_original(
    kind: str, fixed: list[tuple[Case, Recording, Recording]]
) -> None:
    of_kind = [runs for runs in fixed if runs[0].seed.kind.name == kind]
    assert len(of_kind) >= LEAST
    for case, run, original in of_kind:
        compared = starts(original) if IN_BATCHES in case.fixes else [True] * len(rates(original))
        was, now = (list(compress(rates(each), compared)) for each in (original, run))
        assert now == pytest.approx(was), case.seed.made_at
