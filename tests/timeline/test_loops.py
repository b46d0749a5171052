from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.timeline.loops import classify
from schedlint.timeline.model import Confidence, EntryKind, EventKind, LoopKind
from tests.timeline.build import LOADER_LENGTH, Story, named, op

Write = Callable[[Story], None]


def kinds(write: Write, entry: EntryKind = EntryKind.SCRIPT) -> list[str]:
    story = Story(entry)
    write(story)
    return [reading.kind.value for reading in classify(story.timeline())]


def the_usual(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", named("epochs")), story.loader():
        story.optimize()


def unnamed(story: Story) -> None:
    story.optimizer()
    with story.range("_", 10), story.loader():
        story.optimize()


def folds(story: Story) -> None:
    with story.items("train_idx, val_idx", "kfold.split(x)"):
        story.optimizer()
        with story.range("epoch", 10), story.loader():
            story.optimize()


def set_up(story: Story) -> None:
    with story.items("i, section", "enumerate(sections)"):
        story.optimizer()
        with story.items("name, data", "tasks.items()"):
            story.happen(EventKind.HANDED_ON, 1)
    with story.range("epoch", 10), story.loader():
        story.optimize()


def folds_trained_elsewhere(story: Story) -> None:
    with story.items("train_idx, val_idx", "kfold.split(x)"):
        story.optimizer()
        with story.range("epoch", 10):
            story.happen(EventKind.HANDED_ON, 1)


def attack(story: Story) -> None:
    story.optimizer()
    with story.items("data", "tqdm(dataloader)"):
        story.optimizer("delta")
        with story.range("_", named("perturb_steps")):
            story.optimize(2)
        story.optimize(1)


def optimizer_of_each_epoch(story: Story) -> None:
    with story.range("epoch", 10), story.items("part", "parts"):
        story.optimizer()
        with story.loader():
            story.optimize()


def fast_forward(story: Story) -> None:
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("_", named("start_epoch")):
        story.step(2)
    with story.range("epoch", 10):
        with story.loader():
            story.optimize()
        story.step(2)


def named_seeds(story: Story) -> None:
    with story.items("seed", "seeds"), story.range("epoch", 10), story.loader():
        story.optimize()


def phases(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.items("phase", "['train', 'val']"), story.loader("dataloaders[phase]"):
        story.optimize()


def optimizers_in_a_row(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.loader():
        story.happen(EventKind.BACKWARD, receiver="loss")
        with story.items("opt", "optimizers"):
            story.happen(EventKind.OPTIMIZED, 1, receiver="opt")


def full_batch(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 100):
        story.optimize()


def iterations(story: Story) -> None:
    story.optimizer()
    with story.while_("it", "it < max_iter", named("max_iter")):
        story.optimize()
        with story.loader("val_loader"):
            story.happen(EventKind.LR_READ, 1)


def plain_range(story: Story) -> None:
    story.optimizer()
    with story.range("i", named("n")):
        story.optimize()


def one_pass(story: Story) -> None:
    story.optimizer()
    with story.loader():
        story.optimize()


def inner_iterations(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.loader(), story.range("_", 5):
        story.optimize()


def epochs_inside_batches(story: Story) -> None:
    story.optimizer()
    with story.loader(), story.range("epoch", 5):
        story.optimize()


def manual_batches(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.range("i", LOADER_LENGTH):
        story.optimize()


def slices(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.range("i", op("//", named("n"), named("k"))):
        story.optimize()


def loader_by_name(story: Story) -> None:
    story.optimizer()
    with story.unclear("x, y", "train_loader"):
        story.optimize()


def endless(story: Story) -> None:
    story.optimizer()
    with story.while_("step", "step < max_steps", named("max_steps")), story.loader():
        story.optimize()


def accumulated_over_an_epoch(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10):
        with story.loader():
            story.happen(EventKind.BACKWARD, receiver="loss")
        story.happen(EventKind.OPTIMIZED, 1)


def not_followed(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10):
        story.hand_on()


def validation_only(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10):
        story.hand_on()
        with story.loader("val_loader"):
            story.happen(EventKind.LR_READ, 1)


def several_datasets(story: Story) -> None:
    story.optimizer()
    with story.range("epoch", 10), story.items("name, part", "parts"), story.loader():
        story.optimize()


def proximal_policy(story: Story) -> None:
    story.optimizer()
    with story.range("i", named("n")), story.range("_", named("k_epochs")):
        story.optimize()


def unclear_around_batches(story: Story) -> None:
    story.optimizer()
    with story.items("x", "things"), story.loader():
        story.optimize()


def nothing(story: Story) -> None:
    with story.items("x", "things"):
        story.happen(EventKind.LR_READ)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        pytest.param(the_usual, ["epoch", "batch"], id="epochs of batches"),
        pytest.param(unnamed, ["epoch", "batch"], id="a loop around a batch loop needs no name"),
        pytest.param(folds, ["outer", "epoch", "batch"], id="folds make the optimizer anew"),
        pytest.param(set_up, ["unknown", "unknown", "epoch", "batch"], id="optimizers made in a row, trained later"),
        pytest.param(folds_trained_elsewhere, ["outer", "epoch"], id="folds that call what trains"),
        pytest.param(attack, ["flat", "unknown"], id="an attack makes an optimizer of its own"),
        pytest.param(optimizer_of_each_epoch, ["epoch", "unknown", "batch"], id="no training run is inside an epoch"),
        pytest.param(fast_forward, ["unknown", "epoch", "batch"], id="a resumed schedule is moved on"),
        pytest.param(named_seeds, ["outer", "epoch", "batch"], id="seeds by name"),
        pytest.param(phases, ["epoch", "unknown", "batch"], id="phases are not epochs"),
        pytest.param(optimizers_in_a_row, ["epoch", "batch", "unknown"], id="a loop over optimizers is no batch loop"),
        pytest.param(full_batch, ["flat"], id="full-batch training has no epochs, whatever the loop is called"),
        pytest.param(iterations, ["flat", "batch"], id="iterations with validation in between"),
        pytest.param(plain_range, ["flat"], id="a script's only loop"),
        pytest.param(one_pass, ["flat"], id="a single pass over the data"),
        pytest.param(inner_iterations, ["epoch", "batch", "unknown"], id="inner iterations on a batch"),
        pytest.param(epochs_inside_batches, ["flat", "unknown"], id="epochs inside a batch loop are none"),
        pytest.param(manual_batches, ["epoch", "batch"], id="a range over the length of the loader"),
        pytest.param(slices, ["epoch", "batch"], id="slices of the data in a loop named for epochs"),
        pytest.param(endless, ["epoch", "batch"], id="a while around the loader"),
        pytest.param(accumulated_over_an_epoch, ["epoch", "batch"], id="one update per epoch"),
        pytest.param(not_followed, ["epoch"], id="an epoch loop by its name, training elsewhere"),
        pytest.param(validation_only, ["epoch", "batch"], id="only validation is seen"),
        pytest.param(several_datasets, ["epoch", "unknown", "batch"], id="datasets between epochs and batches"),
        pytest.param(proximal_policy, ["unknown", "unknown"], id="epochs on one rollout, inside a loop over rollouts"),
        pytest.param(unclear_around_batches, ["unknown", "batch"], id="items of a collection may be anything"),
        pytest.param(nothing, ["unknown"], id="nothing to know a loop by"),
    ],
)
def test_loops_of_a_script(write: Write, expected: list[str]) -> None:
    assert kinds(write) == expected


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        pytest.param(the_usual, ["epoch", "batch"], id="epochs of batches"),
        pytest.param(one_pass, ["batch"], id="a loader alone"),
        pytest.param(loader_by_name, ["batch"], id="a parameter named like a loader"),
        pytest.param(iterations, ["batch", "batch"], id="iterations"),
        pytest.param(full_batch, ["flat"], id="full-batch training"),
        pytest.param(plain_range, ["unknown"], id="a loop that says nothing"),
    ],
)
def test_loops_under_an_unknown_caller(write: Write, expected: list[str]) -> None:
    assert kinds(write, EntryKind.FUNCTION) == expected


def test_every_unknown_has_a_reason_and_all_else_has_evidence() -> None:
    for write in (the_usual, folds, phases, several_datasets, proximal_policy, nothing, inner_iterations):
        story = Story()
        write(story)
        for reading in classify(story.timeline()):
            assert bool(reading.reason) is (reading.kind is LoopKind.UNKNOWN)
            assert bool(reading.evidence) is (reading.kind is not LoopKind.UNKNOWN)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        pytest.param(the_usual, [Confidence.CERTAIN, Confidence.CERTAIN], id="a loader that trains proves both"),
        pytest.param(endless, [Confidence.LIKELY, Confidence.CERTAIN], id="a while may be cut off in the middle"),
        pytest.param(not_followed, [Confidence.LIKELY], id="a name alone is likely"),
    ],
)
def test_how_sure(write: Write, expected: list[Confidence]) -> None:
    story = Story()
    write(story)
    assert [reading.confidence for reading in classify(story.timeline())] == expected


def test_a_scheduler_made_in_the_epoch_loop_does_not_make_it_an_outer_loop() -> None:
    story = Story()
    story.optimizer()
    with story.range("epoch", 10):
        story.scheduler("LinearLR", total_iters=5)
        with story.loader():
            story.optimize()
    assert [reading.kind for reading in classify(story.timeline())] == [LoopKind.EPOCH, LoopKind.BATCH]


def test_a_loader_loop_that_makes_an_optimizer_for_each_batch_is_still_one_over_batches() -> None:
    story = Story()
    with story.range("epoch", 10), story.loader():
        story.optimizer()
        with story.range("_", 5):
            story.optimize()
    assert [reading.kind for reading in classify(story.timeline())] == [
        LoopKind.EPOCH,
        LoopKind.BATCH,
        LoopKind.UNKNOWN,
    ]


def test_phases_only_visit() -> None:
    story = Story()
    phases(story)
    assert [reading.visits for reading in classify(story.timeline())] == [False, True, False]
