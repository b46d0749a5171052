"""The edits of what is saved and loaded, and the programs of which they make nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.seeded.builders import body, seed
from tests.seeded.unfit import Unfit

SAVED = "{'epoch': epoch, 'optimizer': optimizer.state_dict(), 'scheduler': scheduler.state_dict()}"

RESUMED = f"""
def main(model, data, epochs, path):
    loader = DataLoader(data, batch_size=8)
    optimizer = SGD(model.parameters(), lr=0.1)
    scheduler = StepLR(optimizer, 30)
    checkpoint = torch.load(path)
    optimizer.load_state_dict(checkpoint['optimizer'])
    scheduler.load_state_dict(checkpoint['scheduler'])
    for epoch in range(checkpoint['epoch'], epochs):
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
        scheduler.step()
        torch.save({SAVED}, path)
"""

LOAD = "    scheduler.load_state_dict(checkpoint['scheduler'])\n"


def test_the_state_is_left_out_of_the_dict(tmp_path: Path) -> None:
    edited = seed("state-not-saved", tmp_path, RESUMED)
    assert "torch.save({'epoch': epoch, 'optimizer': optimizer.state_dict(), }, path)" in body(edited)


def test_the_assignment_of_the_state_is_left_out(tmp_path: Path) -> None:
    lines = "state = {'optimizer': optimizer.state_dict()}\n        state['s'] = scheduler.state_dict()\n"
    text = RESUMED.replace(f"torch.save({SAVED}, path)", f"{lines}        torch.save(state, path)")
    assert body(seed("state-not-saved", tmp_path, text)) == text.replace(
        "        state['s'] = scheduler.state_dict()\n", ""
    )


def test_the_load_of_the_state_is_left_out(tmp_path: Path) -> None:
    assert body(seed("state-not-loaded", tmp_path, RESUMED)) == RESUMED.replace(LOAD, "")


def test_the_scheduler_is_built_once_more_between_the_loads(tmp_path: Path) -> None:
    build = "    scheduler = LambdaLR(optimizer, lambda done: 0.9**done)\n"
    text = "from torch.optim.lr_scheduler import LambdaLR\n" + RESUMED.replace(
        "    scheduler = StepLR(optimizer, 30)\n", build
    )
    assert body(seed("built-late", tmp_path, text)) == text.replace(LOAD, build + LOAD)


@pytest.mark.parametrize(
    ("kind", "old", "new", "reason"),
    [
        pytest.param("state-not-saved", SAVED, "1", "is not saved beside", id="nothing is saved"),
        pytest.param(
            "state-not-saved", ".step()\n        t", ".step(epoch)\n        t", "something else", id="a position"
        ),
        pytest.param(
            "state-not-saved", "range(checkpoint['epoch'], epochs)", "range(epochs)", "first epoch", id="from the start"
        ),
        pytest.param("state-not-loaded", LOAD, "", "is not loaded at one place", id="the state is not loaded"),
        pytest.param("state-not-loaded", LOAD, LOAD * 2, "is not loaded at one place", id="it is loaded twice"),
        pytest.param("built-late", "epochs,", "epochs,", "no lasting harm", id="a class that changes nothing"),
    ],
)
def test_it_would_be_no_mistake(kind: str, old: str, new: str, reason: str, tmp_path: Path) -> None:
    assert old in RESUMED
    with pytest.raises(Unfit, match=reason):
        seed(kind, tmp_path, RESUMED.replace(old, new))
