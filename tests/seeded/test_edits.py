"""Each edit as what a program was and what it becomes, and the programs of which it makes none."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.seeded.builders import HEAD, body, kind_of, only, seed, text_of, understood
from tests.seeded.candidates import Spot, candidates
from tests.seeded.seeds import sown
from tests.seeded.source import Sources
from tests.seeded.unfit import Unfit

PER_EPOCH = """
def main(model, data, epochs):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
        scheduler.step()
        print(epoch)
"""

PER_BATCH = """
def main(model, data, epochs):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
            scheduler.step()
        print(epoch, scheduler.get_last_lr())
"""

IN_FUNCTIONS = """
def train_epoch(model, loader, optimizer):
    '''One pass.'''
    for x, y in loader:
        optimizer.zero_grad()
        model(x, y).backward()
        optimizer.step()

def main(model, data, epochs):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = MultiStepLR(optimizer, milestones=[epochs // 2, epochs - 2])
    for epoch in range(epochs):
        train_epoch(model, loader, optimizer)
        if scheduler is not None:
            scheduler.step()

main(torch.nn.Linear(2, 2), [], 10)
"""

IN_A_CLASS = """
class Trainer:
    def __init__(self, model, data, epochs):
        self.epochs = epochs
        self.model = model
        self.loader = DataLoader(data, batch_size=8)
        self.optimizer = SGD(model.parameters(), lr=0.1)
        self.scheduler = StepLR(self.optimizer, step_size=epochs // 3)

    def fit(self):
        for epoch in range(self.epochs):
            self.train_epoch()
            self.end_epoch()

    def train_epoch(self):
        for x, y in self.loader:
            self.optimizer.zero_grad()
            self.model(x, y).backward()
            self.optimizer.step()

    def end_epoch(self):
        self.scheduler.step()

Trainer(torch.nn.Linear(2, 2), [], 9).fit()
"""

LAST_BATCH_IN_A_FUNCTION = """
def train_epoch(model, loader, optimizer, scheduler):
    for x, y in loader:
        optimizer.zero_grad()
        model(x, y).backward()
        optimizer.step()
        scheduler.step()
    return model

def main(model, data, epochs):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))
    for epoch in range(epochs):
        train_epoch(model, loader, optimizer, scheduler)
"""

AMP = """
def main(model, data, epochs, scaler):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        for x, y in loader:
            if scaler is not None:
                scaler.scale(model(x, y)).backward()
                scaler.step(optimizer)
            else:
                model(x, y).backward()
                optimizer.step()
            print(x)
        scheduler.step()
"""

PLATEAU = """
def main(model, data, epochs):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = ReduceLROnPlateau(optimizer)
    for epoch in range(epochs):
        for x, y in loader:
            loss = model(x, y)
            loss.backward()
            optimizer.step()
        scheduler.step(loss)
"""

HELD = "        if scheduler is not None:\n            scheduler.step()\n"
"""The step of IN_FUNCTIONS with the test around it."""

LAMBDA = "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda x: (1 - x / (len(loader) * epochs)) ** 0.9)"


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """A text with some parts exchanged, each of which must be in it."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


CASES = {
    "a step per epoch goes behind the optimizer's step in the batch loop": (
        "into-batch-loop",
        PER_EPOCH,
        [("        scheduler.step()\n", ""), (".step()\n", ".step()\n            scheduler.step()\n")],
    ),
    "where the optimizer steps on two branches, it goes behind both": (
        "into-batch-loop",
        AMP,
        [
            ("        scheduler.step()\n", ""),
            ("            print(x)\n", "            scheduler.step()\n            print(x)\n"),
        ],
    ),
    "where the batch loop has a function of its own, the scheduler is handed on to it": (
        "into-batch-loop",
        IN_FUNCTIONS,
        [
            ("model, loader, optimizer)", "model, loader, optimizer, scheduler=None)"),
            (
                "        optimizer.step()\n",
                "        optimizer.step()\n" + HELD,
            ),
            ("model, loader, optimizer)", "model, loader, optimizer, scheduler=scheduler)"),
            ("scheduler=scheduler)\n" + HELD, "scheduler=scheduler)\n"),
        ],
    ),
    "it goes behind defaults, by another name where its own is taken": (
        "into-batch-loop",
        replaced(
            IN_FUNCTIONS,
            ("(model, loader, optimizer):", "(model, loader, optimizer: SGD, scheduler: int = 3):"),
        ),
        [
            ("scheduler: int = 3)", "scheduler: int = 3, epoch_scheduler=None)"),
            ("        optimizer.step()\n", "        optimizer.step()\n" + HELD.replace("scheduler", "epoch_scheduler")),
            ("model, loader, optimizer)", "model, loader, optimizer, epoch_scheduler=scheduler)"),
            ("=scheduler)\n" + HELD, "=scheduler)\n"),
        ],
    ),
    "in a class the call that steps goes into the batch loop of another method": (
        "into-batch-loop",
        IN_A_CLASS,
        [
            ("            self.end_epoch()\n", ""),
            ("self.optimizer.step()\n", "self.optimizer.step()\n            self.end_epoch()\n"),
        ],
    ),
    "a step per batch goes to the end of the epoch": (
        "out-of-batch-loop",
        PER_BATCH,
        [
            ("            scheduler.step()\n", ""),
            ("scheduler.get_last_lr())\n", "scheduler.get_last_lr())\n        scheduler.step()\n"),
        ],
    ),
    "where the batch loop has a function of its own, the step goes behind the loop": (
        "out-of-batch-loop",
        LAST_BATCH_IN_A_FUNCTION,
        [("        scheduler.step()\n", "    scheduler.step()\n")],
    ),
    "a step per epoch goes to the top of the loop, with the test that holds it": (
        "top-of-epoch",
        IN_FUNCTIONS,
        [
            (HELD, ""),
            ("(epochs):\n", "(epochs):\n" + HELD),
        ],
    ),
    "a step per batch goes before the optimizer's": (
        "before-optimizer",
        PER_BATCH,
        [
            ("            scheduler.step()\n", ""),
            ("            optimizer.step()\n", "            scheduler.step()\n            optimizer.step()\n"),
        ],
    ),
    "a deleted step takes the test that holds it along": (
        "deleted",
        IN_FUNCTIONS,
        [(HELD, "")],
    ),
    "a step that is deleted from a body with nothing else leaves a pass": (
        "deleted",
        IN_A_CLASS,
        [("        self.scheduler.step()\n", "        pass\n")],
    ),
    "a step with a metric is deleted too": ("deleted", PLATEAU, [("        scheduler.step(loss)\n", "")]),
    "a doubled step stands twice": (
        "doubled",
        IN_A_CLASS,
        [("        self.scheduler.step()\n", "        self.scheduler.step()\n        self.scheduler.step()\n")],
    ),
    "a horizon is multiplied by the length of the loader": (
        "horizon-times-loader",
        PER_EPOCH,
        [("T_max=epochs", "T_max=epochs * len(loader)")],
    ),
    "milestones are multiplied one by one": (
        "horizon-times-loader",
        IN_FUNCTIONS,
        [("[epochs // 2, epochs - 2]", "[milestone * len(loader) for milestone in [epochs // 2, epochs - 2]]")],
    ),
    "a term is multiplied as a whole, by a loader that is an attribute": (
        "horizon-times-loader",
        IN_A_CLASS,
        [("step_size=epochs // 3", "step_size=(epochs // 3) * len(self.loader)")],
    ),
    "the length of the loader is taken out of a product": (
        "horizon-over-loader",
        PER_BATCH,
        [("epochs * len(loader)", "epochs")],
    ),
    "the length of the loader is taken out of a lambda": (
        "horizon-over-loader",
        replaced(PER_BATCH, ("OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))", LAMBDA)),
        [("len(loader) * epochs", "epochs")],
    ),
    "a part of a product that has a name is divided": (
        "horizon-over-loader",
        replaced(
            PER_BATCH,
            ("    scheduler =", "    steps = 2 * epochs * len(loader)\n    scheduler ="),
            ("=epochs * len(loader))", "=steps)"),
        ),
        [("total_steps=steps", "total_steps=steps // len(loader)")],
    ),
    "a product that has a name is divided": (
        "horizon-over-loader",
        replaced(
            PER_BATCH,
            ("    scheduler =", "    steps = epochs * len(loader)\n    scheduler ="),
            ("=epochs * len(loader))", "=steps)"),
        ),
        [("total_steps=steps", "total_steps=steps // len(loader)")],
    ),
    "the optimizer is built anew behind the scheduler": (
        "rebound-optimizer",
        PER_EPOCH,
        [("T_max=epochs)\n", "T_max=epochs)\n    optimizer = SGD(model.parameters(), lr=0.1)\n")],
    ),
    "a scheduler that is not assigned is not stepped": (
        "not-assigned",
        PER_EPOCH,
        [("scheduler = Cosine", "Cosine"), ("        scheduler.step()\n", "")],
    ),
    "get_last_lr becomes get_lr": ("get-lr", PER_BATCH, [("get_last_lr", "get_lr")]),
    "where nothing reads the learning rate, get_lr is printed behind the step": (
        "get-lr",
        IN_A_CLASS,
        [("self.scheduler.step()\n", "self.scheduler.step()\n        print(self.scheduler.get_lr())\n")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "pairs"), CASES.values(), ids=CASES)
def test_an_edit(kind: str, text: str, pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    assert body(seed(kind, tmp_path, text)) == replaced(dedent(text), *pairs)


def swapped(text: str, old: str, new: str) -> str:
    """A program with one part exchanged."""
    return replaced(text, (old, new))


UNFIT = {
    "a step per batch cannot move into the batch loop": ("into-batch-loop", PER_BATCH, "it is not stepped per epoch"),
    "a horizon of unknown unit is no mistake for certain": (
        "into-batch-loop",
        swapped(PER_EPOCH, "T_max=epochs", "T_max=model.length"),
        "its horizon is not known to be in epochs",
    ),
    "a batch loop in a function that takes any arguments": (
        "into-batch-loop",
        swapped(IN_FUNCTIONS, "(model, loader, optimizer):", "(model, loader, optimizer, **options):"),
        "its batch loop cannot be given one more argument",
    ),
    "a metric that the epoch makes is not there in the batch loop": (
        "into-batch-loop",
        PLATEAU,
        "its step is given an argument",
    ),
    "the plateau of a metric has no order": ("top-of-epoch", PLATEAU, "its step is given an argument"),
    "a step that leaves out the first epoch is in order at the top": (
        "top-of-epoch",
        swapped(PER_EPOCH, "        scheduler.step()", "        if epoch > 0:\n            scheduler.step()"),
        "a guard may leave out its first step",
    ),
    "an optimizer that was stepped before the loop is in order": (
        "top-of-epoch",
        swapped(PER_EPOCH, "    for epoch", "    optimizer.step()\n    for epoch"),
        "its optimizer is stepped before the loop",
    ),
    "a position that is set by hand is in order": (
        "top-of-epoch",
        swapped(PER_EPOCH, "    for epoch", "    scheduler.last_epoch = 3\n    for epoch"),
        "its position is set by hand",
    ),
    "a scheduler whose name is used elsewhere must be assigned": (
        "not-assigned",
        PER_BATCH,
        "its name is used for more than its step",
    ),
    "a doubled step to a place is the same step": ("doubled", PLATEAU, "its step is given an argument"),
    "a loader of which the factory knows nothing": (
        "horizon-times-loader",
        replaced(
            PER_EPOCH,
            ("\ndef main", "\ndef make(optimizer, n):\n    return CosineAnnealingLR(optimizer, T_max=n)\n\ndef main"),
            ("CosineAnnealingLR(optimizer, T_max=epochs)\n    for", "make(optimizer, epochs)\n    for"),
        ),
        "no loader is known where it is built",
    ),
    "a horizon of one epoch has no epochs to be left": (
        "horizon-over-loader",
        swapped(PER_BATCH, "epochs * len(loader)", "len(loader)"),
        "its horizon is no product of a length",
    ),
    "a cycle of two parts is not as wrong as one of them": (
        "horizon-over-loader",
        swapped(
            PER_BATCH,
            "OneCycleLR(optimizer, 0.1, total_steps=epochs * len(loader))",
            "torch.optim.lr_scheduler.CyclicLR(optimizer, 0, 1, epochs * len(loader), epochs * len(loader))",
        ),
        "its horizon is in several arguments",
    ),
    "an optimizer from elsewhere cannot be built again": (
        "rebound-optimizer",
        replaced(
            PER_EPOCH,
            ("\ndef main", "\ndef make(model):\n    return SGD(model.parameters(), lr=0.1)\n\ndef main"),
            ("= SGD(model.parameters(), lr=0.1)", "= make(model)"),
        ),
        "its optimizer is built in another function",
    ),
    "an optimizer that something else has got may be the one that trains": (
        "rebound-optimizer",
        swapped(PER_EPOCH, "    scheduler =", "    model.prepare(optimizer)\n    scheduler ="),
        "its optimizer is used before it is built",
    ),
    "a class of the project may have a get_lr of its own": (
        "get-lr",
        replaced(
            PER_EPOCH,
            ("\ndef main", "\nclass Mine(CosineAnnealingLR):\n    pass\n\ndef main"),
            ("= Cosine", "= Mine(optimizer, T_max=epochs)  # "),
        ),
        "its class is not known to be torch's",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "reason"), UNFIT.values(), ids=UNFIT)
def test_a_program_that_the_edit_does_not_fit(kind: str, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as raised:
        seed(kind, tmp_path, text)
    assert str(raised.value) == reason


# --- where the mistake must be reported -------------------------------------------------------------------------------


def lines_of(kind: str, text: str, folder: Path) -> list[str]:
    """The lines at one of which the mistake of an edited program must be reported."""
    made = seed(kind, folder, text)
    rows = sorted(spot.row for spot in made.places if spot.path == "train.py")
    return [text_of(made).splitlines()[row - 1].strip() for row in rows]


def test_a_moved_step_is_looked_for_where_it_went_and_at_the_construction(tmp_path: Path) -> None:
    assert lines_of("into-batch-loop", PER_EPOCH, tmp_path) == [
        "scheduler = CosineAnnealingLR(optimizer, T_max=epochs)",
        "scheduler.step()",
    ]


def test_a_moved_call_is_looked_for_at_the_step_that_it_leads_to(tmp_path: Path) -> None:
    assert lines_of("into-batch-loop", IN_A_CLASS, tmp_path) == [
        "self.scheduler = StepLR(self.optimizer, step_size=epochs // 3)",
        "self.end_epoch()",
        "self.scheduler.step()",
    ]


def test_a_deleted_step_is_looked_for_at_the_construction_alone(tmp_path: Path) -> None:
    assert lines_of("deleted", PER_EPOCH, tmp_path) == ["scheduler = CosineAnnealingLR(optimizer, T_max=epochs)"]


def test_the_rows_below_an_edit_move(tmp_path: Path) -> None:
    made = seed("rebound-optimizer", tmp_path, PER_EPOCH)
    assert made.made_at == Spot("train.py", HEAD.count("\n") + 5)
    assert text_of(made).splitlines()[HEAD.count("\n") + 11] == "        scheduler.step()"


ALTERNATIVES = replaced(
    PER_EPOCH,
    (
        "    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)\n",
        "    if model.smooth:\n"
        "        scheduler = CosineAnnealingLR(optimizer, T_max=epochs)\n"
        "    else:\n"
        "        scheduler = StepLR(optimizer, step_size=epochs // 3)\n",
    ),
)
BOTH = [
    "scheduler = CosineAnnealingLR(optimizer, T_max=epochs)",
    "scheduler = StepLR(optimizer, step_size=epochs // 3)",
]


def test_what_becomes_of_a_step_may_be_reported_of_all_that_it_steps(tmp_path: Path) -> None:
    first, second = understood(tmp_path, ALTERNATIVES).candidates
    for candidate in (first, second):
        made = sown(kind_of("deleted"), candidate, Sources())
        rows = sorted(spot.row for spot in made.places)
        assert [text_of(made).splitlines()[row - 1].strip() for row in rows] == BOTH


def test_a_horizon_is_reported_of_its_own_construction(tmp_path: Path) -> None:
    candidate = understood(tmp_path, ALTERNATIVES).candidates[0]
    made = sown(kind_of("horizon-times-loader"), candidate, Sources())
    assert sorted(spot.row for spot in made.places) == [HEAD.count("\n") + row for row in (6, 14)]


def test_a_scheduler_is_handed_on_to_a_function_of_another_file(tmp_path: Path) -> None:
    function, main = dedent(IN_FUNCTIONS).split("def main")
    (tmp_path / "engine.py").write_text(function, encoding="utf-8")
    (tmp_path / "train.py").write_text(f"{HEAD}from engine import train_epoch\ndef main{main}", encoding="utf-8")
    made = sown(kind_of("into-batch-loop"), only(candidates(tmp_path.resolve())), Sources())
    texts = dict(made.texts)
    assert sorted(texts) == ["engine.py", "train.py"]
    assert "def train_epoch(model, loader, optimizer, scheduler=None):" in texts["engine.py"]
    assert texts["engine.py"].count("scheduler.step()") == 1
    assert "train_epoch(model, loader, optimizer, scheduler=scheduler)" in texts["train.py"]
    assert "scheduler.step()" not in texts["train.py"]
