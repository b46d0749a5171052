"""Steps that are written and not taken, as the run records them."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind, Timeline
from tests.timeline.run.programs import happens, script, unreached

MADE = "s = StepLR(opt, 3)\n"
PARTS = "opt = SGD(parameters, lr=0.1)\ns = StepLR(opt, 3)"


def idle(text: str | Timeline) -> list[str]:
    """What is not called or not reached in a program, and behind what."""
    timeline = text if isinstance(text, Timeline) else script(text)
    kinds = (EventKind.NOT_CALLED, EventKind.NOT_REACHED)
    events = [event for event in timeline.events if event.kind in kinds]
    return [" ".join(filter(None, (event.receiver, event.kind.value, event.behind))) for event in events]


# --- without parentheses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(MADE + "s.step", ["s not called"], id="a variable"),
        pytest.param("class T: pass\nt = T()\nt.s = StepLR(opt, 3)\nt.s.step", ["t.s not called"], id="an attribute"),
        pytest.param(MADE + "both = [s]\nboth[0].step", ["both[0] not called"], id="an item"),
        pytest.param(MADE + "s.step()", [], id="a call"),
        pytest.param(MADE + "f = s.step", [], id="a value that is kept"),
        pytest.param(MADE + "call(s.step)", [], id="an argument"),
        pytest.param(MADE + "s.last_epoch", [], id="another attribute"),
        pytest.param("opt.step", [], id="an optimizer"),
        pytest.param("s.step", [], id="something that is not known"),
        pytest.param(MADE + "same(s).step", [], id="what a call returns, which is not made twice"),
    ],
)
def test_a_step_that_is_not_called(text: str, expected: list[str]) -> None:
    assert idle(text) == expected


def test_a_step_of_one_of_two_is_not_called_under_the_condition_of_each() -> None:
    text = "s = StepLR(opt, 3) if fast else StepLR(opt, 4)\nfor epoch in range(9):\n    s.step"
    assert happens(text) == ["epoch: s (fast) or s (not fast): not called"]


# --- behind what always leaves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for x in loader:\n    continue\n    s.step()", ["s not reached continue"], id="continue"),
        pytest.param("for x in loader:\n    break\n    s.step()", ["s not reached break"], id="break"),
        pytest.param("def f():\n    return 1\n    s.step()\nf()", ["s not reached return"], id="return"),
        pytest.param(
            "for x in loader:\n    break\n    if x:\n        s.step()", ["s not reached break"], id="inside an if"
        ),
        pytest.param(
            "for x in loader:\n    break\n    opt.step()\n    s.step()",
            ["opt not reached break", "s not reached break"],
            id="with the optimizer's",
        ),
        pytest.param("def f():\n    raise ValueError\n    s.step()\nf()", [], id="raise, which people put there"),
        pytest.param("for x in loader:\n    if x:\n        break\n    s.step()", [], id="an exit that may be taken"),
        pytest.param(
            "for x in loader:\n    if x:\n        break\n        s.step()", ["s not reached break"], id="in it"
        ),
        pytest.param(
            "for x in loader:\n    break\n    def g():\n        s.step()", [], id="in a function that is defined there"
        ),
        pytest.param(
            "both = [s, LinearLR(opt)]\nfor x in loader:\n    break\n    for each in both:\n        each.step()",
            ["each not reached break"],
            id="in a loop over schedulers",
        ),
        pytest.param("for x in loader:\n    break\n    noise.step()", [], id="of something else"),
        pytest.param("for x in loader:\n    break\n    make(s).step()", [], id="of what a call returns"),
    ],
)
def test_a_step_behind_what_leaves(text: str, expected: list[str]) -> None:
    assert idle(MADE + text) == expected


def test_what_stands_behind_is_looked_up_and_not_run() -> None:
    timeline = script(MADE + "for x in loader:\n    break\n    s.step()\n    StepLR(opt, 4)\n    keep(s)")
    assert len(timeline.schedulers()) == 1
    assert timeline.schedulers()[0].escapes == ()


def test_a_global_that_is_only_named_behind_what_leaves_is_made_all_the_same() -> None:
    timeline = unreached("from parts import s\ndef f():\n    return 1\n    s.step()", {"parts.py": PARTS})
    assert idle(timeline) == ["s not reached return"]
    assert timeline.creation(timeline.schedulers()[0].id) is not None


# --- the other side of a test -----------------------------------------------------------------------------------------

SIDES = "for x in loader:\n    if {test}:\n        s.step()\n    else:\n        opt.step()"


@pytest.mark.parametrize("test", ["s", "s is not None", "s != None"])
def test_the_else_of_a_test_for_a_scheduler_that_is_there(test: str) -> None:
    assert idle(MADE + SIDES.format(test=test)) == [f"opt not reached {test}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MADE + SIDES.format(test="True"), id="a test of something else"),
        pytest.param(MADE + SIDES.format(test="x"), id="a test that is open"),
        pytest.param("s = StepLR(opt, 3) if fast else None\n" + SIDES.format(test="s"), id="one that may not be there"),
        pytest.param("s = None\n" + SIDES.format(test="s"), id="one that is not there"),
    ],
)
def test_an_else_that_may_be_run_or_is_not_about_schedulers(text: str) -> None:
    assert idle(text) == []
