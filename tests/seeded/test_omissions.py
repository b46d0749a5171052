"""The edits that take a step out of the training, as what a program was and what it becomes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.seeded.builders import body, seed
from tests.seeded.test_edits import IN_A_CLASS, IN_FUNCTIONS, PER_BATCH, PER_EPOCH, replaced
from tests.seeded.unfit import Unfit

AT_THE_END = replaced(PER_EPOCH, ("        scheduler.step()\n        print(epoch)\n", "        scheduler.step()\n"))

CASES = {
    "a step goes behind its loop": (
        "after-loop",
        PER_EPOCH,
        [
            ("        scheduler.step()\n", ""),
            ("        print(epoch)\n", "        print(epoch)\n    scheduler.step()\n"),
        ],
    ),
    "a call of what steps goes behind the loop": (
        "after-loop",
        IN_A_CLASS,
        [("            self.end_epoch()\n", "        self.end_epoch()\n")],
    ),
    "a step loses its parentheses": ("uncalled", PER_EPOCH, [("scheduler.step()", "scheduler.step")]),
    "a step behind a test loses them too": ("uncalled", IN_FUNCTIONS, [("scheduler.step()", "scheduler.step")]),
    "a continue comes before the step": (
        "behind-continue",
        AT_THE_END,
        [("        scheduler.step()\n", "        continue\n        scheduler.step()\n")],
    ),
    "a continue comes before the test that holds the step": (
        "behind-continue",
        IN_FUNCTIONS,
        [("        if scheduler is not", "        continue\n        if scheduler is not")],
    ),
    "a scheduler is built twice": (
        "shadowed",
        PER_EPOCH,
        [
            (
                "    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)\n",
                "    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)\n" * 2,
            )
        ],
    ),
}


@pytest.mark.parametrize(("kind", "text", "pairs"), CASES.values(), ids=CASES)
def test_an_edit(kind: str, text: str, pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    assert body(seed(kind, tmp_path, text)) == replaced(dedent(text), *pairs)


UNFIT = {
    "a step per batch is not one per epoch": ("after-loop", PER_BATCH, "it is not stepped per epoch"),
    "a loop of updates that goes on and on": (
        "after-loop",
        replaced(
            PER_EPOCH, ("    for epoch in range(epochs):", "    for run in range(3):\n      for epoch in range(9):")
        ),
        "a loop is around its epoch loop",
    ),
    "training that goes on behind the loop": (
        "after-loop",
        replaced(PER_EPOCH, ("        print(epoch)\n", "        print(epoch)\n    optimizer.step()\n")),
        "its optimizer is stepped outside its loop",
    ),
    "an object that may be used again": (
        "after-loop",
        replaced(IN_A_CLASS, ("\nTrainer(torch.nn.Linear(2, 2), [], 9).fit()\n", "")),
        "it may live longer than its loop",
    ),
    "statements behind the step": ("behind-continue", PER_EPOCH, "its step is not the last of its loop"),
    "a step in a function of its own": (
        "behind-continue",
        IN_A_CLASS,
        "it is stepped in another function than its loop",
    ),
    "a factory, which keeps no name": (
        "shadowed",
        replaced(
            PER_EPOCH,
            ("\ndef main", "\ndef make(optimizer, n):\n    return CosineAnnealingLR(optimizer, T_max=n)\n\ndef main"),
            ("CosineAnnealingLR(optimizer, T_max=epochs)\n    for", "make(optimizer, epochs)\n    for"),
        ),
        "it is not simply assigned",
    ),
}


@pytest.mark.parametrize(("kind", "text", "reason"), UNFIT.values(), ids=UNFIT)
def test_a_program_that_the_edit_does_not_fit(kind: str, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as raised:
        seed(kind, tmp_path, text)
    assert str(raised.value) == reason
