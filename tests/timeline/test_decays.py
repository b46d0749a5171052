"""When a schedule decays, and in which runs that matters."""

from __future__ import annotations

import pytest

from schedlint.diagnostics import Confidence
from schedlint.knowledge.tables import load
from schedlint.timeline.decays import is_drawn, is_passing, is_search, period, steps_taken
from schedlint.timeline.model import GuardKind
from schedlint.timeline.readings import read
from tests.timeline.build import Story, Value, guard, named, op, option


@pytest.mark.parametrize(
    ("size", "expected"),
    [(30, 30), (7.5, 15), (0.5, 1), (0.75, 3), (0.1, None), (10 / 3, None), (-2, 2), (0, None), (10**7, None)],
)
def test_every_how_many_steps_a_schedule_decays(size: float, expected: int | None) -> None:
    assert period(size) == expected


def stepped(rounds: Value, *, trains: bool = True, first: bool = False) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    with story.range("epoch", rounds) as epoch:
        if trains:
            story.optimize()
        story.step(2, *([guard(GuardKind.FIRST, "epoch < 5", epoch, limit=5)] if first else []))
    return story


def handed() -> Story:
    story = stepped(10, trains=False)
    story.hand_on()
    return story


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(stepped(10), False, id="trained"),
        pytest.param(stepped(10, trains=False), True, id="stepped alone"),
        pytest.param(handed(), False, id="its optimizer is handed to somebody"),
    ],
)
def test_a_curve_that_is_only_looked_at(story: Story, expected: bool) -> None:
    timeline = story.timeline()
    assert is_drawn(timeline, timeline.object(2)) is expected


def test_a_scheduler_that_nothing_steps_is_no_curve() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    timeline = story.timeline()
    assert not is_drawn(timeline, timeline.object(2))
    assert not is_passing(timeline, timeline.object(2))


@pytest.mark.parametrize("first", [True, False])
def test_a_warm_up_is_stepped_at_the_beginning_alone(first: bool) -> None:
    timeline = stepped(10, first=first).timeline()
    assert is_passing(timeline, timeline.object(2)) is first


@pytest.mark.parametrize(
    ("within", "expected"),
    [("find_lr", True), ("LRFinder.range_test", True), ("lr_find", True), ("train", False), ("", False)],
)
def test_a_search_is_told_by_the_name_of_its_function(within: str, expected: bool) -> None:
    story = stepped(10)
    story.amend(2, within=within)
    timeline = story.timeline()
    assert is_search(timeline, timeline.object(2)) is expected


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        pytest.param(30, (30, Confidence.CERTAIN), id="a number"),
        pytest.param(option("args.epochs", 30), (30, Confidence.LIKELY), id="a default"),
        pytest.param(op("sum", option("args.steps", [100, 300])), (300, Confidence.LIKELY), id="a sum of defaults"),
        pytest.param(named("epochs"), None, id="not known"),
    ],
)
def test_the_least_number_of_steps(rounds: Value, expected: tuple[float, Confidence] | None) -> None:
    reading = read(stepped(rounds).timeline(), load())
    found = steps_taken(reading, reading.timeline.object(2))
    assert (None if found is None else (found.number, found.confidence)) == expected
