"""Comparisons with loop counters: what they mean for how often the code behind them runs."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind, GuardKind
from schedlint.timeline.quantity import spelled
from tests.timeline.run.programs import guards, script


def guards_of(test: str, orelse: bool = False) -> tuple[GuardKind, ...]:
    """The guards that a test puts before a step in a batch loop in an epoch loop."""
    body = f"if {test}:\n            {'pass' if orelse else 'opt.step()'}\n"
    body += "        else:\n            opt.step()" if orelse else ""
    text = f"""
step = 0
for epoch in range(10):
    for i, x in enumerate(loader):
        step += 1
        {body}
"""
    return tuple(guard.kind for guard in guards(script(text), EventKind.OPTIMIZED))


@pytest.mark.parametrize(
    ("test", "kind", "other"),
    [
        pytest.param("(i + 1) % 4 == 0", "PERIODIC", "UNKNOWN", id="every fourth batch"),
        pytest.param("i % accum == 0", "PERIODIC", "UNKNOWN", id="every batch of an unknown number"),
        pytest.param("step % accum == 0", "PERIODIC", "UNKNOWN", id="a counter of steps"),
        pytest.param("(i + 1) % 4 != 0", "UNKNOWN", "PERIODIC", id="all but every fourth batch"),
        pytest.param("(i + 1) % 4", "UNKNOWN", "PERIODIC", id="the remainder as a truth"),
        pytest.param("not (i + 1) % 4", "PERIODIC", "UNKNOWN", id="no remainder"),
        pytest.param("0 == i % 4", "PERIODIC", "UNKNOWN", id="the constant on the left"),
        pytest.param("i == len(loader) - 1", "LAST", "NEUTRAL", id="the last batch"),
        pytest.param("i + 1 == len(loader)", "LAST", "NEUTRAL", id="the last batch, counted from one"),
        pytest.param("(i + 1) % len(loader) == 0", "LAST", "NEUTRAL", id="a whole pass over the loader"),
        pytest.param("epoch == 0", "ONCE", "LATER", id="the first epoch"),
        pytest.param("epoch == 5", "ONCE", "UNKNOWN", id="one epoch"),
        pytest.param("epoch != 0", "LATER", "ONCE", id="all epochs but the first"),
        pytest.param("epoch < 3", "FIRST", "LATER", id="the first epochs"),
        pytest.param("epoch <= 3", "FIRST", "LATER", id="the first epochs, the last one included"),
        pytest.param("3 > epoch", "FIRST", "LATER", id="the first epochs, the other way round"),
        pytest.param("epoch >= warmup", "LATER", "FIRST", id="the epochs after the warm-up"),
        pytest.param("epoch > 0", "LATER", "FIRST", id="the epochs after the first"),
        pytest.param("i == unknown", "ONCE", "UNKNOWN", id="one batch, whichever it is"),
        pytest.param("x > 3", "UNKNOWN", "UNKNOWN", id="an item of the loader"),
        pytest.param("ok(x)", "UNKNOWN", "UNKNOWN", id="an unknown function of a batch"),
        pytest.param("cfg.train", "FLAG", "FLAG", id="a flag"),
        pytest.param("cfg.epochs > 3", "FLAG", "FLAG", id="a comparison of configuration"),
        pytest.param("scaler.get_scale() >= scale", "NEUTRAL", "NEUTRAL", id="the scale of mixed precision"),
    ],
)
def test_a_test_of_a_counter(test: str, kind: str, other: str) -> None:
    assert guards_of(test) == (GuardKind[kind],)
    assert guards_of(test, orelse=True) == (GuardKind[other],)


@pytest.mark.parametrize(
    ("test", "kinds"),
    [
        pytest.param("epoch < 3 and (i + 1) % 4 == 0", ("FIRST", "PERIODIC"), id="both are kept"),
        pytest.param("(i + 1) % 4 == 0 or i + 1 == len(loader)", ("PERIODIC",), id="a period and the last batch"),
        pytest.param("(i + 1) % 4 == 0 or x > 3", ("UNKNOWN",), id="one of two that have nothing in common"),
        pytest.param("cfg.train and epoch < 3", ("FLAG", "FIRST"), id="a flag and a window"),
    ],
)
def test_two_tests_at_once(test: str, kinds: tuple[str, ...]) -> None:
    assert guards_of(test) == tuple(GuardKind[kind] for kind in kinds)


@pytest.mark.parametrize(
    ("test", "loop", "period"),
    [
        pytest.param("(i + 1) % accum == 0", 2, "accum", id="the divisor is the period, the batch loop counts"),
        pytest.param("epoch < warmup", 1, "warmup", id="the bound is the period, the epoch loop counts"),
        pytest.param("epoch == 0", 1, "0", id="the number is the period"),
        pytest.param("epoch * len(loader) + i < warmup", 2, "warmup", id="the innermost counter counts"),
    ],
)
def test_what_a_guard_says_of_its_counter(test: str, loop: int, period: str) -> None:
    text = f"for epoch in range(10):\n    for i, x in enumerate(loader):\n        if {test}:\n            opt.step()"
    (guard,) = guards(script(text), EventKind.OPTIMIZED)
    assert guard.loop == loop
    assert guard.period is not None
    assert spelled(guard.period) == period
    assert guard.within == 2


def test_a_parameter_of_an_unknown_caller_that_is_called_like_a_counter_counts() -> None:
    text = "def f(o, epoch):\n    if epoch < 5:\n        opt.step()\nf(opt)"
    (guard,) = guards(script(text), EventKind.OPTIMIZED)
    assert guard.kind is GuardKind.FIRST


def test_a_parameter_with_another_name_is_a_flag() -> None:
    text = "def f(o, limit):\n    if limit < 5:\n        opt.step()\nf(opt)"
    (guard,) = guards(script(text), EventKind.OPTIMIZED)
    assert guard.kind is GuardKind.FLAG


def test_a_guard_says_where_it_stands_and_what_it_says() -> None:
    (guard,) = guards(script("if not cfg.fast:\n    pass\nelse:\n    opt.step()"), EventKind.OPTIMIZED)
    assert (guard.text, guard.denied) == ("cfg.fast", False)
    assert guard.place.path == "train.py"
