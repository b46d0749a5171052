"""Arguments for parameters that are no more, in timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.gone import Gone, gone
from schedlint.timeline.model import Bound, GuardKind, Written
from schedlint.timeline.quantity import Literal
from schedlint.timeline.readings import read
from tests.timeline.build import TORCH, Argument, Story, guard, named, place, quantity

BY_POSITION = Written.POSITION


def made(cls: str, **arguments: Argument) -> Story:
    """A scheduler with arguments by keyword."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    return story


def positional(cls: str, *bounds: tuple[str, object]) -> Story:
    """A scheduler with arguments by position, under the names that they come to."""
    story = made(cls)
    given = tuple(Bound(name, (quantity(value),), written=BY_POSITION) for name, value in bounds)  # type: ignore[arg-type]
    story.amend(2, arguments=given)
    return story


def found(story: Story) -> list[Gone]:
    reading = read(story.timeline(), load())
    return list(gone(reading, reading.timeline.object(2)))


@pytest.mark.parametrize("value", [True, False, named("args.verbose")])
def test_an_argument_by_a_name_that_is_no_more(value: Argument) -> None:
    (one,) = found(made("StepLR", step_size=3, verbose=value))
    assert (one.parameter.name, one.position, one.taken) == ("verbose", 4, None)


def test_an_argument_behind_all_that_are_left() -> None:
    (one,) = found(positional("StepLR", ("step_size", 3), ("gamma", 0.1), ("last_epoch", -1), ("argument 5", True)))
    assert (one.parameter.name, one.position) == ("verbose", 4)


@pytest.mark.parametrize("value", [True, False])
def test_a_switch_where_another_parameter_stands_now(value: bool) -> None:
    (one,) = found(positional("ReduceLROnPlateau", ("patience", 5), ("threshold", value)))
    assert one.taken is not None
    assert one.value is not None
    assert (one.parameter.name, one.taken.name, one.position, one.since) == ("verbose", "threshold", 4, "1.7")
    assert one.value.value is value


def test_what_is_handed_up_to_the_class_of_the_library() -> None:
    story = made("mine.WarmUp", verbose=True)
    up = (Bound("argument 3", (named("verbose"),), place=place(77), written=BY_POSITION),)
    story.amend(2, classes=("mine.WarmUp", f"{TORCH}LRScheduler"), handed_up=up)
    (one,) = found(story)
    assert (one.table.name, one.parameter.name, one.bound.place) == (f"{TORCH}LRScheduler", "verbose", place(77))


def behind(text: str, kind: GuardKind = GuardKind.UNKNOWN) -> Story:
    story = made("StepLR", verbose=True)
    story.amend(2, guards=(guard(kind, text),))
    return story


def spread() -> Story:
    story = positional("ReduceLROnPlateau", ("patience", 5), ("threshold", True))
    story.amend(2, arguments=(Bound("*", (named("x"),)), *story.objects[1].arguments))
    return story


def by_keyword() -> Story:
    story = made("ReduceLROnPlateau")
    story.amend(2, arguments=(Bound("threshold", (Literal(True),)),))
    return story


def tried() -> Story:
    story = made("StepLR", verbose=True)
    story.amend(2, attempted=True)
    return story


def at_times() -> Story:
    story = made("StepLR")
    story.amend(2, arguments=(Bound("verbose", (Literal(True),), written=Written.AT_TIMES),))
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(made("StepLR", step_size=3, gamma=0.5), id="parameters that there are"),
        pytest.param(made("StepLR", step_size=3, loud=True), id="a name that never was"),
        pytest.param(made("mine.WarmUp", verbose=True), id="a class of the project"),
        pytest.param(made("torch.optim.swa_utils.SWALR", verbose=True), id="a class that never had it"),
        pytest.param(positional("ReduceLROnPlateau", ("threshold", 1e-3)), id="a threshold"),
        pytest.param(positional("ReduceLROnPlateau", ("threshold", 1)), id="a number that is no switch"),
        pytest.param(positional("ReduceLROnPlateau", ("threshold", named("x"))), id="a value that is not known"),
        pytest.param(by_keyword(), id="a threshold by its name"),
        pytest.param(at_times(), id="in a mapping that holds it at times"),
        pytest.param(behind("... < [2, 2]"), id="where numbers of a version are compared"),
        pytest.param(spread(), id="behind arguments that cannot be counted"),
        pytest.param(positional("StepLR", ("argument 9", True)), id="behind everything that ever was"),
        pytest.param(behind("version < (2, 2)"), id="where a version is asked for"),
        pytest.param(behind("not IS_NEW_TORCH_VERSION"), id="where a version was asked for"),
        pytest.param(tried(), id="tried"),
    ],
)
def test_what_is_right(story: Story) -> None:
    assert found(story) == []
