"""Edits of how many steps there are (twice, accumulated, a cycle too short), and conversions of right programs."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.seeded.builders import HEAD, body, kind_of, only, seed, text_of, understood, written
from tests.seeded.candidates import candidates
from tests.seeded.kinds import CONVERSIONS
from tests.seeded.measuring import measure_copy
from tests.seeded.seeds import Sowing, sown
from tests.seeded.source import Sources
from tests.seeded.test_edits import (
    ALTERNATIVES,
    HELD,
    IN_A_CLASS,
    IN_FUNCTIONS,
    LAST_BATCH_IN_A_FUNCTION,
    PER_BATCH,
    PER_EPOCH,
    PLATEAU,
    replaced,
)
from tests.seeded.unfit import Unfit

EXPONENTIAL = replaced(
    PER_EPOCH, ("CosineAnnealingLR(optimizer, T_max=epochs)", "torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95)")
)

COSINE_PER_BATCH = replaced(
    PER_BATCH,
    (
        "OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))",
        "CosineAnnealingLR(optimizer, epochs * len(loader))",
    ),
)

ONE_CYCLE = replaced(PER_BATCH, ("total_steps=epochs * len(loader)", "epochs=epochs, steps_per_epoch=len(loader)"))

ACCUMULATING = """
def main(model, data, epochs, accumulation):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    steps = epochs * (len(loader) // accumulation)
    scheduler = CosineAnnealingLR(optimizer, T_max=steps)
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            (model(x, y) / accumulation).backward()
            if (i + 1) % accumulation == 0:
                optimizer.step()
                scheduler.step()
                optimizer.zero_grad()
"""

IN_FOLDS = """
def main(model, loader, epochs):
    for fold in range(5):
        optimizer = SGD(model.parameters(), lr=0.1)
        scheduler = StepLR(optimizer, 3)
        for epoch in range(epochs):
            for x, y in loader:
                model(x, y).backward()
                optimizer.step()
            scheduler.step()
"""

COUNTED = ("for x, y in loader", "for i, (x, y) in enumerate(loader)")
LEAVING = "            if y is None:\n                break\n"
REUSING = "            for i in range(3):\n                print(y[i])\n"
RESET = ("            optimizer.zero_grad()\n", "")
"""The line that forgets the gradients, which goes under the test."""

CASES = {
    "a step that moves into the batch loop may stay where it was too": (
        "also-per-batch",
        PER_EPOCH,
        [(".step()\n", ".step()\n            scheduler.step()\n")],
    ),
    "a rate that leaves nothing after the batches of an epoch needs no horizon": (
        "into-batch-loop",
        EXPONENTIAL,
        [("        scheduler.step()\n", ""), (".step()\n", ".step()\n            scheduler.step()\n")],
    ),
    "a step per batch is repeated at the end of the epoch": (
        "again-per-epoch",
        PER_BATCH,
        [("scheduler.get_last_lr())\n", "scheduler.get_last_lr())\n        scheduler.step()\n")],
    ),
    "a step per epoch is repeated at the top of the loop, with the test that holds it": (
        "again-at-top",
        IN_FUNCTIONS,
        [("(epochs):\n", "(epochs):\n" + HELD)],
    ),
    "both steps go under one test, with the line that forgets the gradients": (
        "accumulated",
        PER_BATCH,
        [
            COUNTED,
            RESET,
            (
                "            optimizer.step()\n            scheduler.step()\n",
                "            if (i + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                scheduler.step()\n"
                "                optimizer.zero_grad()\n",
            ),
        ],
    ),
    "a counter that there is counts the batches": (
        "accumulated",
        replaced(LAST_BATCH_IN_A_FUNCTION, ("for x, y in loader", "for n, (x, y) in enumerate(loader)")),
        [
            ("        optimizer.zero_grad()\n", ""),
            (
                "        optimizer.step()\n        scheduler.step()\n",
                "        if (n + 1) % 4 == 0:\n"
                "            optimizer.step()\n"
                "            scheduler.step()\n"
                "            optimizer.zero_grad()\n",
            ),
        ],
    ),
    "a name that is taken is not the counter's": (
        "accumulated",
        replaced(PER_BATCH, RESET, ("print(epoch", "i = epoch; print(i")),
        [
            ("for x, y in loader", "for step, (x, y) in enumerate(loader)"),
            (
                "            optimizer.step()\n            scheduler.step()\n",
                "            if (step + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                scheduler.step()\n",
            ),
        ],
    ),
    "where something is made between the steps, each has a test of its own": (
        "accumulated",
        replaced(
            PER_BATCH,
            ("for x, y in", "for i, (x, y) in"),
            ("in loader", "in enumerate(loader, 0)"),
            ("            scheduler.step()", "            rate = 1\n            scheduler.step()"),
        ),
        [
            RESET,
            (
                "            optimizer.step()\n            rate = 1\n            scheduler.step()\n",
                "            if (i + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                optimizer.zero_grad()\n"
                "            rate = 1\n"
                "            if (i + 1) % 4 == 0:\n"
                "                scheduler.step()\n",
            ),
        ],
    ),
    "a target in parentheses is counted as it is": (
        "accumulated",
        replaced(PER_BATCH, RESET, ("for x, y in", "for (x, y) in")),
        [
            ("for (x, y) in loader", "for i, (x, y) in enumerate(loader)"),
            (
                "            optimizer.step()\n            scheduler.step()\n",
                "            if (i + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                scheduler.step()\n",
            ),
        ],
    ),
    "a scheduler that is built in the same round of a loop of folds": (
        "again-at-top",
        IN_FOLDS,
        [("(epochs):\n", "(epochs):\n            scheduler.step()\n")],
    ),
    "the optimizer alone goes under the test where the horizon is divided": (
        "updates-alone",
        PER_BATCH,
        [
            ("epochs * len(loader)", "epochs * len(loader) // 4"),
            COUNTED,
            RESET,
            (
                "            optimizer.step()\n",
                "            if (i + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                optimizer.zero_grad()\n",
            ),
        ],
    ),
    "of a product of parameters the batches are divided": (
        "updates-alone",
        ONE_CYCLE,
        [
            ("steps_per_epoch=len(loader)", "steps_per_epoch=len(loader) // 4"),
            COUNTED,
            RESET,
            (
                "            optimizer.step()\n",
                "            if (i + 1) % 4 == 0:\n"
                "                optimizer.step()\n"
                "                optimizer.zero_grad()\n",
            ),
        ],
    ),
    "a division of the horizon is forgotten, wherever it stands": (
        "undivided",
        ACCUMULATING,
        [("(len(loader) // accumulation)", "(len(loader))")],
    ),
    "a cycle of half the steps": (
        "fewer-steps",
        PER_BATCH,
        [("epochs * len(loader)", "epochs * len(loader) // 2")],
    ),
    "a cycle of one epoch less": ("fewer-epochs", ONE_CYCLE, [("epochs=epochs", "epochs=epochs - 1")]),
    "a cycle of half the batches": ("fewer-batches", ONE_CYCLE, [("len(loader))", "len(loader) // 2)")]),
    "a cosine of all epochs in place of a schedule in batches": (
        "cosine-per-batch",
        PER_BATCH,
        [
            (
                "OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))",
                "CosineAnnealingLR(optimizer, T_max=epochs)",
            )
        ],
    ),
    "a cycle of all batches in place of a schedule in epochs": (
        "one-cycle-per-epoch",
        IN_A_CLASS,
        [
            (
                "StepLR(self.optimizer, step_size=epochs // 3)",
                "OneCycleLR(self.optimizer, max_lr=0.1, epochs=self.epochs, steps_per_epoch=len(self.loader))",
            )
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "pairs"), CASES.values(), ids=CASES)
def test_an_edit(kind: str, text: str, pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    assert body(seed(kind, tmp_path, text)) == replaced(dedent(text), *pairs)


def test_a_class_is_imported_beside_the_one_in_whose_place_it_stands(tmp_path: Path) -> None:
    head = HEAD.replace("OneCycleLR, ", "")
    (tmp_path / "train.py").write_text(head + dedent(PER_EPOCH), encoding="utf-8")
    made = sown(kind_of("one-cycle-per-epoch"), only(candidates(tmp_path.resolve())), Sources())
    imported = next(line for line in text_of(made).splitlines() if "lr_scheduler" in line)
    assert imported.endswith("import CosineAnnealingLR, OneCycleLR, MultiStepLR, ReduceLROnPlateau, StepLR")


UNFIT = {
    "a rate that leaves something may be meant for batches": (
        "into-batch-loop",
        replaced(EXPONENTIAL, ("0.95", "0.9999")),
        "its horizon is not known to be in epochs",
    ),
    "a step that waits for an epoch may be kept apart from another one": (
        "again-at-top",
        replaced(
            PER_EPOCH,
            ("        scheduler.step()", "        if epoch > 3:\n            print(x)\n            scheduler.step()"),
        ),
        "a guard may keep the two steps apart",
    ),
    "a step that stands with the training behind a test would be without it at the top": (
        "again-at-top",
        replaced(
            IN_FUNCTIONS,
            ("        train_epoch", "        if epoch < 8:\n            train_epoch"),
            (HELD, "            scheduler.step()\n"),
        ),
        "a guard may keep the two steps apart",
    ),
    "one of several schedulers in a list": (
        "again-at-top",
        replaced(
            IN_FOLDS,
            ("        scheduler = StepLR(optimizer, 3)\n", "        every.append(StepLR(optimizer, 3))\n"),
            ("            scheduler.step()", "            every[0].step()"),
            ("    for fold", "    every = []\n    for fold"),
        ),
        "it is built in a loop",
    ),
    "a warm-up that is built in the epoch is over at its end": (
        "again-per-epoch",
        replaced(
            PER_BATCH,
            ("    scheduler = OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))\n", ""),
            ("(epochs):\n", "(epochs):\n        scheduler = StepLR(optimizer, len(loader))\n"),
        ),
        "it is built in the epoch, and ends with it",
    ),
    "a plateau may be told the same thing twice": ("again-at-top", PLATEAU, "its step is given an argument"),
    "a step in some batches is no base for accumulation": (
        "accumulated",
        ACCUMULATING,
        "it is not stepped per batch",
    ),
    "a horizon that is not made of the batches may be of anything": (
        "accumulated",
        replaced(PER_BATCH, ("epochs * len(loader)", "model.total_steps")),
        "its horizon is no product of a length",
    ),
    "a library that accumulates wants the horizon undivided": (
        "updates-alone",
        replaced(PER_BATCH, ("\ndef main", "\nimport accelerate\n\ndef main")),
        "a library may accumulate",
    ),
    "batches that are counted from 1": (
        "accumulated",
        replaced(PER_BATCH, ("for x, y in loader", "for n, (x, y) in enumerate(loader, 1)")),
        "its batches are not counted from 0",
    ),
    "a number that the loop uses for something else counts no batches": (
        "accumulated",
        replaced(PER_BATCH, COUNTED, ("            scheduler.step()\n", "            scheduler.step()\n" + REUSING)),
        "what counts its batches is changed in the loop",
    ),
    "a horizon that is divided nowhere has nothing to forget": (
        "undivided",
        replaced(ACCUMULATING, ("epochs * (len(loader) // accumulation)", "model.total_steps")),
        "its horizon is not divided where it is built",
    ),
    "only a one-cycle schedule raises at its end": ("fewer-steps", COSINE_PER_BATCH, "it is no one-cycle schedule"),
    "a cycle of another length is not known to be too short": (
        "fewer-steps",
        replaced(PER_BATCH, ("epochs * len(loader)", "3 * epochs * len(loader)")),
        "its length is not known to be that of the training",
    ),
    "a loop that is left early takes fewer steps": (
        "fewer-steps",
        replaced(PER_BATCH, ("            scheduler.step()\n", "            scheduler.step()\n" + LEAVING)),
        "its loop may be left early",
    ),
    "a schedule whose position is set by hand begins somewhere": (
        "fewer-steps",
        replaced(PER_BATCH, ("    for epoch", "    scheduler.last_epoch = 3\n    for epoch")),
        "its position is set by hand",
    ),
    "a quarter of a part of the training may be meant": (
        "updates-alone",
        replaced(
            PER_BATCH,
            ("OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))", "StepLR(optimizer, 2 * len(loader))"),
        ),
        "its length is not known to be that of the training",
    ),
    "a total is no number of epochs": ("fewer-epochs", PER_BATCH, "it is given no `epochs`"),
    "a number of epochs that is only known in the loop": (
        "one-cycle-per-epoch",
        replaced(PER_EPOCH, ("    for epoch in range(epochs)", "    count = epochs\n    for epoch in range(count)")),
        "the number of epochs is not known where it is built",
    ),
    "a loop that may count from 1": (
        "one-cycle-per-epoch",
        replaced(PER_EPOCH, ("range(epochs)", "range(model.first, epochs + 1)")),
        "its loop may begin with 1",
    ),
    "a loop that counts from somewhere else": (
        "one-cycle-per-epoch",
        replaced(PER_EPOCH, ("range(epochs)", "range(5, epochs)")),
        "its loop begins with another number",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "reason"), UNFIT.values(), ids=UNFIT)
def test_a_program_that_the_edit_does_not_fit(kind: str, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as raised:
        seed(kind, tmp_path, text)
    assert str(raised.value) == reason


# --- conversions ------------------------------------------------------------------------------------------------------


def converted(name: str, folder: Path, text: str) -> str:
    """What a conversion makes of a program."""
    conversion = next(one for one in CONVERSIONS if one.name == name)
    return body(sown(conversion, only(understood(folder, text)), Sources()))


IN_THE_LOOP = [("        scheduler.step()\n", ""), (".step()\n", ".step()\n            scheduler.step()\n")]
CONVERTED = {
    "a schedule in epochs becomes one in batches": (
        "to-batches",
        PER_EPOCH,
        [("T_max=epochs", "T_max=epochs * len(loader)"), *IN_THE_LOOP],
    ),
    "a schedule in epochs becomes a cycle of batches": (
        "to-one-cycle",
        PER_EPOCH,
        [
            (
                "CosineAnnealingLR(optimizer, T_max=epochs)",
                "OneCycleLR(optimizer, max_lr=0.1, epochs=epochs, steps_per_epoch=len(loader))",
            ),
            *IN_THE_LOOP,
        ],
    ),
    "a schedule in batches becomes a cycle of as many": (
        "to-one-cycle",
        COSINE_PER_BATCH,
        [
            (
                "CosineAnnealingLR(optimizer, epochs * len(loader))",
                "OneCycleLR(optimizer, max_lr=0.1, epochs=epochs, steps_per_epoch=len(loader))",
            )
        ],
    ),
    "a schedule that waits for a metric becomes a cosine, which needs none": (
        "to-cosine",
        PLATEAU,
        [
            ("ReduceLROnPlateau(optimizer)", "CosineAnnealingLR(optimizer, T_max=epochs)"),
            ("scheduler.step(loss)", "scheduler.step()"),
        ],
    ),
    "a schedule in epochs becomes a cycle of epochs": (
        "to-short-cycle",
        replaced(PER_EPOCH, ("range(epochs)", "range(1, epochs + 1)")),
        [("CosineAnnealingLR(optimizer, T_max=epochs)", "OneCycleLR(optimizer, max_lr=0.1, total_steps=epochs)")],
    ),
}


@pytest.mark.parametrize(("name", "text", "pairs"), CONVERTED.values(), ids=CONVERTED)
def test_a_conversion(name: str, text: str, pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    assert converted(name, tmp_path, text) == replaced(dedent(text), *pairs)


def test_a_step_that_several_schedulers_have_stays_where_it_is(tmp_path: Path) -> None:
    first, _ = understood(tmp_path, ALTERNATIVES).candidates
    with pytest.raises(Unfit, match="its step is one of several schedulers"):
        sown(CONVERSIONS[0], first, Sources())


def test_what_a_program_is_converted_to_is_right_and_seeded(tmp_path: Path) -> None:
    folder = written(tmp_path, PER_EPOCH)
    made = measure_copy(folder, Sowing(limit=9), [kind_of("again-per-epoch"), kind_of("fewer-epochs")], wrong=())
    assert [(one.kind, one.base) for one in made.verdicts] == [
        ("again-per-epoch", "to-batches"),
        ("again-per-epoch", "to-one-cycle"),
        ("fewer-epochs", "to-one-cycle"),
    ]
    assert dict(made.converted) == {("to-batches", "right"): 1, ("to-one-cycle", "right"): 1}
    assert made.alarms_converted == []


def test_a_converted_program_leaves_the_copy_as_it_was(tmp_path: Path) -> None:
    folder = written(tmp_path, PER_EPOCH)
    measure_copy(folder, Sowing(limit=9), [kind_of("fewer-epochs")], wrong=())
    assert (folder / "train.py").read_text(encoding="utf-8") == HEAD + dedent(PER_EPOCH)
