from __future__ import annotations

import pytest

from schedlint.timeline import dimensions as d
from schedlint.timeline import names
from schedlint.timeline.dimensions import Dimension
from schedlint.timeline.quantity import Symbol

MEANING: dict[str, Dimension | None] = {
    "args.num_epochs": d.EPOCHS,
    "cfg['TRAIN']['EPOCHS']": d.EPOCHS,
    "opt.nEpochs": d.EPOCHS,
    "max_epoch": d.EPOCHS,
    "numepochs": d.EPOCHS,
    "lr_decay_epochs": d.EPOCHS,
    "cfg['max-epochs']": d.EPOCHS,
    "start_epoch": d.EPOCHS,
    "steps_per_epoch": d.ITERATIONS_PER_EPOCH,
    "n_batches_per_epoch": d.BATCHES_PER_EPOCH,
    "len_epoch": d.ITERATIONS_PER_EPOCH,
    "num_batches": d.BATCHES_PER_EPOCH,
    "total_batches": d.BATCHES,
    "cfg.SOLVER.MAX_ITER": d.ITERATIONS,
    "maxiter": d.ITERATIONS,
    "total_steps": d.ITERATIONS,
    "num_training_steps": d.ITERATIONS,
    "t_total": d.ITERATIONS,
    "warmup_steps": d.ITERATIONS,
    "global_step": d.ITERATIONS,
    "max_updates": d.UPDATES,
    "gradient_accumulation_steps": d.ACCUMULATION,
    "args.batch_size": d.BATCH_SIZE,
    "bs": d.BATCH_SIZE,
    "num_samples": d.SAMPLES_PER_EPOCH,
    "warmup_ratio": d.PURE,
    "epoch_fraction": d.PURE,
    "world_size": d.PURE,
    "opt.niter": None,
    "n_iter": None,
    "niter_decay": None,
    "lr_steps": None,
    "decay_steps": None,
    "step_size": None,
    "T_max": None,
    "epoch_size": None,
    "last_epoch": None,
    "by_epoch": None,
    "args.batch": None,
}


@pytest.mark.parametrize(("name", "expected"), MEANING.items(), ids=MEANING)
def test_what_a_name_counts(name: str, expected: Dimension | None) -> None:
    assert names.dimension_of_name(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number of epochs to train", d.EPOCHS),
        ("decay the learning rate every N epochs", d.EPOCHS),
        ("iterations of warm-up", d.ITERATIONS),
        ("warmup steps", d.ITERATIONS),
        ("total batches", d.BATCHES),
        ("# of iter at starting learning rate", None),
        ("input batch size", None),
        ("step size of StepLR", None),
        ("epochs, or steps where negative", None),
        ("number of steps per epoch", None),
        ("", None),
    ],
)
def test_what_a_help_text_counts(text: str, expected: Dimension | None) -> None:
    assert names.dimension_of_help(text) == expected


def test_a_help_text_outranks_a_name_that_says_nothing() -> None:
    said = names.dimension_said(Symbol("n", "args.niter", help="number of epochs"))
    assert said == (d.EPOCHS, "its help text")


def test_a_help_text_against_the_name_says_nothing() -> None:
    dimension, why = names.dimension_said(Symbol("n", "args.warmup_steps", help="epochs of warm-up"))
    assert dimension is None
    assert "contradict" in why


@pytest.mark.parametrize(
    "source",
    ["enumerate(tqdm(train_loader))", "dataloaders[phase]", "self.trainLoader", "train_dl", "batches", "data_iter"],
)
def test_named_like_a_loader(source: str) -> None:
    assert names.is_loader(source)


@pytest.mark.parametrize("source", ["loaders.items()", "train_iterator", "generator", "range(10)", "models"])
def test_not_named_like_a_loader(source: str) -> None:
    assert not names.is_loader(source)


@pytest.mark.parametrize(
    ("variable", "epoch", "outer"),
    [("epoch", True, False), ("i_epoch", True, False), ("ep", True, False), ("fold, (a, b)", False, True),
     ("run_epoch", True, False), ("i", False, False), ("step", False, False)],
)  # fmt: skip
def test_what_a_target_suggests(variable: str, epoch: bool, outer: bool) -> None:
    assert names.is_epoch(variable) is epoch
    assert names.is_outer(variable) is outer


@pytest.mark.parametrize(("variable", "source"), [("phase", "phases"), ("x", "['train', 'val']"), ("split", "splits")])
def test_phases(variable: str, source: str) -> None:
    assert names.is_phase(variable, source)


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("cur_iter", True),
        ("last_epoch", True),
        ("start_epoch", True),
        ("globalStep", True),
        ("max_iter", False),
        ("decay_start_epoch", False),
        ("epochs", False),
        ("", False),
    ],
)
def test_named_for_where_a_count_stands(name: str, position: bool) -> None:
    assert names.is_position(name) is position


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("updates over which the rate rises", d.UPDATES, id="updates"),
        pytest.param("number of steps", d.ITERATIONS, id="steps"),
        pytest.param("steps, that is updates", d.ITERATIONS, id="steps and updates"),
        pytest.param("updates per epoch or epochs and updates", None, id="epochs and updates"),
    ],
)
def test_help_tells_updates_from_iterations(text: str, expected: Dimension | None) -> None:
    assert names.dimension_of_help(text) == expected
