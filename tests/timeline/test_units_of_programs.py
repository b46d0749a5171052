"""Units and cadences that only a whole program shows: how its loops end, who makes what, how a value is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedlint import app
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Cadence, Reading, Unit

HEAD = """\
import argparse, itertools, math, os, torch
from torch.optim.lr_scheduler import *
from torch.utils.data import DataLoader
from transformers import get_scheduler
class Own(LRScheduler):
    def __init__(self, optimizer, span, *rest):
        super().__init__(optimizer)
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--steps", type=int, nargs="+", default=[2, 4])
parser.add_argument("--sched")
args = parser.parse_args()
epochs = args.epochs or 6
loader = DataLoader([1], batch_size=4)
optimizer = torch.optim.SGD([], lr=0.1)
"""

BATCHES = "    for x in loader:\n        optimizer.step()\n"
EPOCHS = f"for epoch in range(6):\n{BATCHES}    scheduler.step()\n"


def reading(folder: Path, text: str) -> Reading:
    """What is read off a script."""
    (folder / "train.py").write_text(HEAD + text, encoding="utf-8")
    (program,) = app.timelines(["train.py"], cwd=str(folder)).programs
    return program.readings[-1]


def unit(folder: Path, text: str) -> Unit:
    """The unit of the last scheduler of a script."""
    read = reading(folder, text)
    horizon = read.horizon(read.timeline.schedulers()[-1].id)
    assert horizon is not None
    return horizon.unit


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        pytest.param(f"e = 0\nwhile e < 6:\n{BATCHES}    e += 1\n", Unit.EPOCHS, id="a counter that grows by one"),
        pytest.param(
            f"e = 0\nwhile True:\n{BATCHES}    e += 1\n    if e >= 6:\n        break\n", Unit.EPOCHS, id="a break"
        ),
        pytest.param(
            f"for e in itertools.count():\n    if e >= 6:\n        break\n{BATCHES}", Unit.EPOCHS, id="a counted break"
        ),
        pytest.param(
            f"n = 0\nwhile n < 6:\n{BATCHES}    n += len(loader)\n", Unit.ITERATIONS, id="a whole pass at a time"
        ),
        pytest.param(f"n = 0\nwhile n < 6:\n{BATCHES}    n += found()\n", Unit.UNKNOWN, id="nobody knows by how much"),
        pytest.param(
            f"for e in itertools.count():\n    if done():\n        break\n{BATCHES}", Unit.UNKNOWN, id="an open end"
        ),
        pytest.param(f'for e in range(int(os.environ.get("N", 6))):\n{BATCHES}', Unit.EPOCHS, id="the environment"),
        pytest.param(f"for e in range(epochs):\n{BATCHES}", Unit.EPOCHS, id="an option or a number"),
    ],
)
def test_a_number_is_held_against_the_rounds_of(loop: str, expected: Unit, tmp_path: Path) -> None:
    assert unit(tmp_path, f"scheduler = StepLR(optimizer, 4)\n{loop}    scheduler.step()\n") is expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param("Own(optimizer, len(loader) * 6)", Unit.BATCHES, id="the one length that a class is given"),
        pytest.param("Own(optimizer, len(loader) * 6, 0.1)", Unit.BATCHES, id="beside a share"),
        pytest.param("Own(optimizer, len(loader), 6)", Unit.UNKNOWN, id="beside what may be a factor of it"),
        pytest.param("Own(optimizer, 4)", Unit.UNKNOWN, id="a number for a parameter whose name says nothing"),
        pytest.param(
            "get_scheduler('cosine', optimizer, num_warmup_steps=0, num_training_steps=epochs)",
            Unit.EPOCHS,
            id="a warm-up of nothing has no unit",
        ),
        pytest.param(
            "MultiStepLR(optimizer, [m * len(loader) for m in args.steps])", Unit.BATCHES, id="each of unknown items"
        ),
        pytest.param("MultiStepLR(optimizer, [m for m in args.steps])", Unit.UNKNOWN, id="unknown items alone"),
        pytest.param("LambdaLR(optimizer, lambda x: 1 - x / 4)", Unit.EPOCHS, id="a function that falls"),
        pytest.param("LambdaLR(optimizer, lambda x: min(1.0, x / 4))", Unit.UNKNOWN, id="a function that rises"),
        pytest.param(
            "LambdaLR(optimizer, lambda x: 1 + math.cos(math.pi * x / 4))", Unit.EPOCHS, id="half a turn of a cosine"
        ),
        pytest.param("StepLR(optimizer, int(0.5 * epochs))", Unit.EPOCHS, id="a part of an option or a number"),
    ],
)
def test_the_horizon_is_in(made: str, expected: Unit, tmp_path: Path) -> None:
    loop = EPOCHS.replace("range(6)", "range(epochs)") if "epochs" in made else EPOCHS
    assert unit(tmp_path, f"scheduler = {made}\n{loop}") is expected


@pytest.mark.parametrize(
    ("tail", "expected"), [("CosineAnnealingLR(optimizer, 6)", Unit.EPOCHS), ("ConstantLR(optimizer)", Unit.UNKNOWN)]
)
def test_a_warm_up_counts_what_it_is_stepped_with(tail: str, expected: Unit, tmp_path: Path) -> None:
    text = f"head = LinearLR(optimizer, total_iters=2)\nscheduler = ChainedScheduler([head, {tail}])\n{EPOCHS}"
    read = reading(tmp_path, text)
    horizon = read.horizon(read.timeline.schedulers()[0].id)
    assert horizon is not None
    assert horizon.unit is expected


def test_a_function_that_makes_its_optimizer_has_no_epochs_around_it(tmp_path: Path) -> None:
    text = "def main():\n    own = torch.optim.SGD([], lr=0.1)\n    scheduler = StepLR(own, 4)\n"
    text += "    for x in loader:\n        own.step()\n        scheduler.step()\n    scheduler.step()\n"
    assert [one.cadence for one in reading(tmp_path, text).cadences] == [Cadence.FLAT, Cadence.ONCE]


def test_a_function_that_is_given_its_optimizer_may_be_called_in_each_epoch(tmp_path: Path) -> None:
    text = "def train(own: torch.optim.Optimizer, scheduler: LRScheduler):\n"
    text += "    for x in loader:\n        own.step()\n        scheduler.step()\n    scheduler.step()\n"
    assert [one.cadence for one in reading(tmp_path, text).cadences] == [Cadence.BATCH, Cadence.UNKNOWN]


@pytest.mark.parametrize("chosen", ['args.sched or "a"', '"b" if args.sched else "a"'])
def test_alternatives_by_a_chosen_value_do_not_meet(chosen: str, tmp_path: Path) -> None:
    text = f'which = {chosen}\nif which == "a":\n    scheduler = StepLR(optimizer, 4)\n'
    text += 'elif which == "b":\n    scheduler = ExponentialLR(optimizer, 0.9)\n'
    text += f'for epoch in range(6):\n{BATCHES}    if which == "a":\n        scheduler.step()\n'
    read = reading(tmp_path, text)
    assert [read.timeline.object(one.object).classes[0].rpartition(".")[2] for one in read.cadences] == ["StepLR"]


@pytest.mark.parametrize(
    ("made", "length"),
    [
        pytest.param("data = make()\nloader = DataLoader(data, batch_size=8)", "len(loader.dataset)", id="a value"),
        pytest.param(
            "data = torch.utils.data.TensorDataset(x)\nloader = DataLoader(data, 8)",
            "len(data)",
            id="an object",
        ),
        pytest.param("loader = make()", "len(loader.dataset)", id="by its name alone"),
    ],
)
def test_the_dataset_of_a_loader_has_samples(tmp_path: Path, made: str, length: str) -> None:
    text = f"{made}\nscheduler = CosineAnnealingLR(optimizer, len(loader.dataset) * epochs)\n{EPOCHS}"
    read = reading(tmp_path, text)
    horizon = read.horizon(read.timeline.schedulers()[-1].id)
    assert horizon is not None
    assert horizon.quantity is not None
    assert spelled(horizon.quantity).startswith(length)
    assert horizon.unit is Unit.SAMPLES


@pytest.mark.parametrize("made", ["bundle.dataset_loader", "dataset.train_loader"])
def test_a_loader_of_something_called_a_dataset_has_batches(tmp_path: Path, made: str) -> None:
    assert unit(tmp_path, f"CosineAnnealingLR(optimizer, len({made}) * epochs)\n") is Unit.BATCHES
