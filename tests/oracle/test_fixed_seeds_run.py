"""A mistake that is seeded into a right program and fixed again: under the real torch the program trains with the same
learning rates as before, step by step.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from schedlint import app
from schedlint.config import Config
from tests.oracle.recording import FIXTURES, Recording, record_scripts, script_of
from tests.seeded.candidates import candidates
from tests.seeded.kinds import KINDS
from tests.seeded.seeds import Seed, Sowing

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]

FIXED = ("into-batch-loop", "out-of-batch-loop", "top-of-epoch", "before-optimizer", "deleted", "uncalled", "get-lr")
"""Kinds of mistakes in how often, when and whether a schedule is stepped, which fixes put right."""

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
    is_fixed: bool


def rates(recording: Recording) -> list[float]:
    """The learning rate of every step of an optimizer, in the order of the run."""
    assert recording.status == 0, recording.error
    return [step.lr for step in recording.steps if step.made.kind == "optimizer"]


def repaired(folder: Path) -> Counter[str]:
    """Fix a folder; how often each rule still reports something."""
    repair = app.repair([str(folder)], Config(), cwd=str(folder), unsafe=True)
    for path, data in repair.fixed.after.items():
        (folder / path).write_bytes(data)
    return Counter(diagnostic.code for diagnostic in repair.report.diagnostics)


def cases(fixture: str, folder: Path) -> Iterator[Case]:
    """The programs made of one fixture."""
    original = folder / "original"
    shutil.copytree(FIXTURES / fixture, original)
    of_kinds = [kind for kind in KINDS if kind.name in FIXED]
    seeds = list(Sowing(4).seeds(candidates(original).candidates, of_kinds))
    left = repaired(original)
    for number, seed in enumerate(seeds):
        seeded = folder / str(number)
        shutil.copytree(FIXTURES / fixture, seeded)
        for path, text in seed.texts:
            (seeded / path).write_text(text, encoding="utf-8")
        yield Case(seed, seeded, original, repaired(seeded) == left)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Recording, Recording]]:
    """Every program of which all is fixed, with its run and that of the original."""
    names = sorted(path.name for path in FIXTURES.iterdir() if (path / "train.py").exists())
    found = [case for name in names for case in cases(name, tmp_path_factory.mktemp(name))]
    done = [case for case in found if case.is_fixed]
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
        assert rates(run) == pytest.approx(rates(original)), case.seed.made_at
