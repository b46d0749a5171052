"""Programs that were once judged wrongly, or told of in words that were not true, and what is right of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedlint import app

HEAD = "from torch.optim import SGD\nfrom torch.optim.lr_scheduler import *\n\n\n"
MAKE = "    optimizer = SGD(model.parameters(), lr=0.1)\n"
TRAIN = "        for x, y in loader:\n            model(x, y).backward()\n            optimizer.step()\n"


def program(files: dict[str, str], *expected: tuple[str, str], id: str) -> object:
    return pytest.param(files, set(expected), id=id)


def checked(files: dict[str, str], folder: Path) -> tuple[tuple[str, str, str], ...]:
    """Code, place and message of each report."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = app.check([str(folder)], cwd=str(folder)).diagnostics
    return tuple((each.code, f"{each.at.path}:{each.at.row}", each.message) for each in found)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        program(
            {
                "train.py": f"{HEAD}def main(model, loader):\n{MAKE}"
                "    scheduler = ExponentialLR(optimizer, gamma=0.95)\n    for epoch in range(24):\n"
                f"{TRAIN}            scheduler.step()\n"
            },
            ("LRS101", "train.py:12"),
            id="a decay of 5% per batch",
        ),
        program(
            {
                "builders.py": f"{HEAD}def make(model):\n{MAKE}    StepLR(optimizer, 30)\n    return optimizer\n",
                "train.py": "from builders import make\n\n\ndef main(model, loader):\n    optimizer = make(model)\n"
                f"    for epoch in range(24):\n{TRAIN}",
            },
            ("LRS202", "builders.py:7"),
            id="a scheduler thrown away in a file, trained in another",
        ),
        program(
            {
                "train.py": f"{HEAD}def main(model, loader):\n{MAKE}    schedulers = [StepLR(optimizer, 10)]\n"
                f"    for epoch in range(24):\n{TRAIN}        list(map(lambda each: each.step(), schedulers))\n"
            },
            id="schedulers that map steps",
        ),
    ],
)
def test_a_program_is_judged_rightly(files: dict[str, str], expected: set[tuple[str, str]], tmp_path: Path) -> None:
    assert {(code, place) for code, place, _ in checked(files, tmp_path)} == expected


def test_a_learning_rate_that_moves_is_not_said_to_hardly_move(tmp_path: Path) -> None:
    text = (
        f"{HEAD}def main(model, loader):\n{MAKE}    scheduler = CosineAnnealingLR(optimizer, T_max=len(loader))\n"
        f"    for epoch in range(200):\n{TRAIN}        scheduler.step()\n"
    )
    ((_, _, message),) = checked({"train.py": text}, tmp_path)
    assert "hardly moves" not in message


def test_what_is_wrong_is_said_before_what_is_right(tmp_path: Path) -> None:
    text = (
        f"{HEAD}def main(model, loader, cosine):\n{MAKE}    if not cosine:\n"
        "        scheduler = OneCycleLR(optimizer, max_lr=0.1, total_steps=9)\n    else:\n"
        "        scheduler = CosineAnnealingLR(optimizer, T_max=9)\n"
        f"    for epoch in range(9):\n{TRAIN}        scheduler.step()\n        print(scheduler.get_lr())\n"
    )
    ((_, _, message),) = checked({"train.py": text}, tmp_path)
    assert "gives the right value" not in message


def test_a_line_of_another_file_is_said_to_be_of_it(tmp_path: Path) -> None:
    files = {
        "trainer.py": f"{HEAD}class Trainer:\n    def __init__(self, model):\n"
        "        self.model, self.optimizer = model, SGD(model.parameters(), lr=0.1)\n"
        "        self.scheduler = StepLR(self.optimizer, 30)\n\n    def fit(self, loader):\n"
        "        for x, y in loader:\n            self.model(x, y).backward()\n            self.optimizer.step()\n",
        "train.py": "from trainer import Trainer\n\nTrainer(model).fit(loader)\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = app.check([str(tmp_path / "train.py")], cwd=str(tmp_path)).diagnostics
    assert found.at.path == "train.py"
    assert "line 13 of trainer.py" in found.message
