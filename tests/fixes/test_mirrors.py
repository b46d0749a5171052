"""Edits that save and load the state of a scheduler where its optimizer's is."""

from __future__ import annotations

import pytest

from schedlint.fixes.mirrors import renamed
from schedlint.fixes.source import Unfixable
from schedlint.remedies import Mirror
from tests.fixes.editing import edited, spot

HEAD = "scheduler = 1\n"


def saved(text: str) -> str | None:
    found = edited(HEAD + text, Mirror(spot(HEAD + text, "opt.state_dict"), "scheduler"))
    return None if found is None else found.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "save({'optimizer': opt.state_dict(), 'epoch': 1}, f)\n",
            "save({'optimizer': opt.state_dict(), 'scheduler': scheduler.state_dict(), 'epoch': 1}, f)\n",
        ),
        (
            'save({"optim_state": opt.state_dict()}, f)\n',
            'save({"optim_state": opt.state_dict(), "scheduler_state": scheduler.state_dict()}, f)\n',
        ),
        (
            "c = {\n    'opt': opt.state_dict(),  # all\n    'e': 1,\n}\n",
            "c = {\n    'opt': opt.state_dict(),  # all\n    'scheduler': scheduler.state_dict(),\n    'e': 1,\n}\n",
        ),
        (
            "c = {\n    'epoch': 1,\n    'optim': opt.state_dict()\n}\n",
            "c = {\n    'epoch': 1,\n    'optim': opt.state_dict(),\n    'scheduler': scheduler.state_dict()\n}\n",
        ),
        (
            "state = dict(optimizer=opt.state_dict())\n",
            "state = dict(optimizer=opt.state_dict(), scheduler=scheduler.state_dict())\n",
        ),
        (
            "state['OPTIMIZER'] = opt.state_dict()\n",
            "state['OPTIMIZER'] = opt.state_dict()\nstate['SCHEDULER'] = scheduler.state_dict()\n",
        ),
    ],
)
def test_a_state_is_saved_beside_the_optimizers(before: str, after: str) -> None:
    assert saved(before) == after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("save({'o': opt.state_dict()}, f)\n", id="the key says nothing of an optimizer"),
        pytest.param("save({'optimizer': opt.state_dict() if opt else None}, f)\n", id="not the whole entry"),
        pytest.param("save(opt.state_dict(), f)\n", id="there are no keys"),
        pytest.param(
            "save({'optimizer': opt.state_dict(), 'scheduler': scheduler.state_dict()}, f)\n", id="it is there already"
        ),
    ],
)
def test_a_state_is_not_saved_where_that_is_not_plain(text: str) -> None:
    assert saved(text) is None


def test_a_state_is_loaded_behind_the_optimizers() -> None:
    text = HEAD + "if f:\n    opt.load_state_dict(c['optimizer'])\n    go()\n"
    assert edited(text, Mirror(spot(text, "opt.load_state_dict"), "scheduler")) == (
        HEAD
        + "if f:\n    opt.load_state_dict(c['optimizer'])\n    scheduler.load_state_dict(c['scheduler'])\n    go()\n"
    )


def test_keys_are_said_of_a_scheduler() -> None:
    keys = ["optimizer", "optimizer_state_dict", "Optimizer", "optim", "g_opt", "optimiser"]
    expected = ["scheduler", "scheduler_state_dict", "Scheduler", "scheduler", "g_scheduler", "scheduler"]
    assert [renamed(key) for key in keys] == expected
    for other in ("option", "adopted", "state"):
        with pytest.raises(Unfixable):
            renamed(other)
