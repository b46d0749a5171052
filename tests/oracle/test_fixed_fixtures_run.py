"""What `--fix --unsafe-fixes` makes of the fixtures, under the real torch: every program runs, torch has nothing to
say against it, and it trains with the learning rates that were meant.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
from collections.abc import Callable

import pytest

from schedlint import app
from schedlint.config import Config
from tests.oracle.markers import markers
from tests.oracle.recording import Recording, fixture_folders, record, record_scripts, script_of

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]

Rates = list[float]


def held(*parts: tuple[float, int]) -> Rates:
    """Learning rates, each for so many batches."""
    return [rate for rate, batches in parts for _ in range(batches)]


def curve(rate: Callable[[int], float], steps: int, batches: int = 1) -> Rates:
    """A learning rate as a function of the number of steps, each of which is taken after so many batches."""
    return held(*((rate(step), batches) for step in range(steps)))


def cosine(begin: float, steps: int, batches: int = 1, end: float = 0.0) -> Rates:
    return curve(lambda t: end + (begin - end) * (1 + math.cos(math.pi * t / steps)) / 2, steps, batches)


def one_cycle(top: float, steps: int, up: float = 0.3) -> Rates:
    """From a 25th of the top up to it, and down to a 10,000th of where it began."""
    peak = up * steps - 1

    def between(first: float, last: float, share: float) -> float:
        return last + (first - last) * (1 + math.cos(math.pi * share)) / 2

    def rate(t: int) -> float:
        if t <= peak:
            return between(top / 25, top, t / peak)
        return between(top, top / 25 / 1e4, (t - peak) / (steps - 1 - peak))

    return curve(rate, steps)


MEANT: dict[str, dict[int, Rates]] = {
    "batch_step_in_helper": {0: cosine(0.05, 60)},
    "checkpoints_of_many_kinds": {1: held((0.01, 8))},
    "closure_step": {0: cosine(0.1, 80)},
    "cyclic_per_epoch": {0: curve(lambda t: 0.001 + 0.099 * t / 2000, 36)},
    "detection_main_per_batch": {
        0: curve(lambda t: 0.02 * min(1, 0.001 + 0.999 * t / 9), 20) + held((0.002, 10), (0.0002, 10))
    },
    "guarded_not_none": {1: curve(lambda t: 0.05 * (1 - t / 40) ** 0.9, 40)},
    "hydra_config": {1: cosine(0.05, 6, 8, end=1e-4)},
    "linear_warmup_per_epoch": {1: curve(lambda t: 0.002 * min(t / 4, (24 - t) / 20), 24)},
    "logged_only": {0: held((0.01, 8), (0.005, 8))},
    "never_stepped_trainer": {0: cosine(0.05, 5, 6)},
    "numbers_of_schedules": {
        0: held((0.01, 24), (0.001, 12), (0.0001, 16)),
        3: held((0.01, 16), (0.003, 16), (0.0009, 16), (0.00027, 4)),
    },
    "one_cycle_overrun": {0: one_cycle(0.1, 15)},
    "schedules_put_together": {4: held((0.001, 4)) + curve(lambda t: 0.09 * 0.9**t, 5, 4)},
    "star_import_config": {0: held((0.03, 36), (0.003, 24), (0.0003, 12))},
    "step_before_optimizer_in_batch": {0: one_cycle(0.1, 24)},
    "step_before_train_call": {0: held((0.05, 14), (0.025, 14), (0.0125, 7))},
    "step_not_called": {1: curve(lambda t: 0.01 * min(1, 1 / 3 + t / 6), 8, 4)},
    "steps_with_arguments": {0: held((0.1, 4), (0.01, 4)), 1: held((0.1, 4), (0.01, 4)), 2: held((0.1, 8))},
    "tutorial_top_of_epoch": {0: held((0.001, 24), (0.0001, 16))},
    "yacs_config": {1: one_cycle(0.1, 64)},
    "yaml_config": {0: curve(lambda t: 0.05 * min(1, 0.1 + 0.9 * t / 8), 32) + held((0.005, 16), (0.0005, 16))},
}
"""Fixtures whose training a fix changes: the learning rates of optimizers, by their number, batch by batch."""

SAME = frozenset({"get_lr_logged", "last_epoch_given", "old_names", "regression"})
"""Fixtures in which a fix changes what is logged, or what is never trained."""


def rates(recording: Recording, optimizer: int) -> Rates:
    """The learning rates that the steps of an optimizer were taken with."""
    numbers = [made.number for made in recording.made if made.kind == "optimizer"]
    return [step.lr for step in recording.steps if step.made.number == numbers[optimizer]]


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recording]:
    """The runs of all fixtures in which something is fixed."""
    folder = tmp_path_factory.mktemp("fixed")
    for fixture in fixture_folders():
        repair = app.repair([str(fixture)], Config(), cwd=str(fixture), unsafe=True)
        if repair.fixed.fixes:
            shutil.copytree(fixture, folder / fixture.name)
            for path, data in repair.fixed.after.items():
                (folder / fixture.name / path).write_bytes(data)
    scripts = [script_of(path) for path in sorted(folder.iterdir())]
    return {script.parent.name: run for script, run in zip(scripts, record_scripts(scripts), strict=True)}


def test_what_is_fixed_is_known(fixed: dict[str, Recording]) -> None:
    assert fixed.keys() == MEANT.keys() | SAME


def test_every_fixed_program_runs(fixed: dict[str, Recording]) -> None:
    assert {name: run.error for name, run in fixed.items() if run.status} == {}


def test_torch_has_nothing_to_say_against_what_was_fixed(fixed: dict[str, Recording]) -> None:
    assert {warning.kind for run in fixed.values() for warning in run.warnings} <= {"other"}


@pytest.mark.parametrize("name", MEANT)
def test_a_fixed_program_trains_with_the_learning_rates_that_were_meant(name: str, fixed: dict[str, Recording]) -> None:
    for optimizer, meant in MEANT[name].items():
        assert rates(fixed[name], optimizer) == pytest.approx(meant, abs=1e-12)


@pytest.mark.parametrize("name", sorted(SAME))
def test_a_fix_of_what_is_logged_leaves_the_training_alone(name: str, fixed: dict[str, Recording]) -> None:
    folder = next(each for each in fixture_folders() if each.name == name)
    assert any(marker.expected for marker in markers(folder))
    trained = [step.lr for step in record(folder).steps if step.made.kind == "optimizer"]
    assert [step.lr for step in fixed[name].steps if step.made.kind == "optimizer"] == trained
