"""Where a schedule begins, for schedulers written by hand."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.beginnings import UNCHANGED, UNKNOWN, Beginning, Change, argument, beginning
from schedlint.timeline.model import Bound
from schedlint.timeline.quantity import Curve, Items, Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, named, op, quantity

STEP = Symbol("step", "step", role="step")
WARM_UP = "transformers.get_linear_schedule_with_warmup"


def factor(amount: float | None) -> Beginning:
    return Beginning(Change.FACTOR, amount)


def value(amount: float | None) -> Beginning:
    return Beginning(Change.VALUE, amount)


def curve(*results: Quantity) -> Curve:
    return Curve(STEP, results)


def begins(story: Story) -> Beginning:
    """Where the schedule that was made last begins."""
    reading = read(story.timeline(), load())
    return beginning(reading, reading.timeline.schedulers()[-1])


def alone(cls: str, **arguments: Argument) -> Beginning:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    return begins(story)


@pytest.mark.parametrize(
    ("cls", "arguments", "expected"),
    [
        pytest.param("StepLR", {"step_size": 30}, UNCHANGED, id="one that leaves it as it is"),
        pytest.param("LinearLR", {}, factor(1 / 3), id="a default factor"),
        pytest.param("LinearLR", {"start_factor": 0.01}, factor(0.01), id="a factor"),
        pytest.param("LinearLR", {"start_factor": named("x")}, factor(None), id="a factor that is not known"),
        pytest.param("LinearLR", {"start_factor": (0.1, 0.2)}, factor(None), id="one of two factors"),
        pytest.param("ConstantLR", {"factor": 0.5}, factor(0.5), id="a constant factor"),
        pytest.param("OneCycleLR", {"max_lr": 0.1}, value(0.1 / 25), id="a value, divided by a default"),
        pytest.param("OneCycleLR", {"max_lr": 0.1, "div_factor": 10}, value(0.01), id="a value, divided"),
        pytest.param("OneCycleLR", {"max_lr": named("x")}, value(None), id="a value that is not known"),
        pytest.param("OneCycleLR", {"max_lr": 0.1, "div_factor": named("x")}, value(None), id="divided by who knows"),
        pytest.param("OneCycleLR", {"max_lr": 0.1, "div_factor": 0}, value(None), id="divided by nothing"),
        pytest.param("CyclicLR", {"base_lr": 0.001}, value(0.001), id="a value"),
        pytest.param("StepLR", {"last_epoch": -1}, UNCHANGED, id="a new schedule, as it is said"),
        pytest.param("StepLR", {"last_epoch": 4}, UNKNOWN, id="one that goes on"),
        pytest.param("StepLR", {"last_epoch": named("x")}, UNKNOWN, id="one that may go on"),
        pytest.param("LinearLR", {"**": named("x")}, factor(None), id="arguments that are not known"),
        pytest.param("detectron2.solver.build_lr_scheduler", {}, UNKNOWN, id="one that its table leaves open"),
        pytest.param("mine.Schedule", {}, UNKNOWN, id="a class of the project"),
        pytest.param("LRScheduler", {}, UNKNOWN, id="a class that only others derive from"),
        pytest.param(WARM_UP, {"num_warmup_steps": 500}, factor(0), id="a library's warm-up"),
        pytest.param(WARM_UP, {"num_warmup_steps": 0}, UNCHANGED, id="a library's warm-up of no steps"),
        pytest.param(WARM_UP, {"num_warmup_steps": named("x")}, UNKNOWN, id="a library's warm-up of who knows"),
    ],
)
def test_a_schedule_begins(cls: str, arguments: dict[str, Argument], expected: Beginning) -> None:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    found = begins(story)
    assert found.change is expected.change
    assert found.amount == pytest.approx(expected.amount)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        pytest.param(curve(op("/", STEP, 500)), factor(0), id="from zero"),
        pytest.param(curve(op("-", 1, op("/", STEP, 24))), factor(1), id="from one"),
        pytest.param(curve(Literal(0.5)), factor(0.5), id="from half"),
        pytest.param(curve(op("**", 0.95, STEP), Literal(1)), factor(1), id="from the same on every way"),
        pytest.param(curve(op("/", STEP, 500), Literal(1)), UNKNOWN, id="from one of two"),
        pytest.param(curve(named("x")), UNKNOWN, id="from who knows"),
        pytest.param(named("x"), UNKNOWN, id="a function that is not followed"),
        pytest.param(Items((curve(Literal(1)), curve(Literal(1)))), factor(1), id="several that begin alike"),
        pytest.param(Items((curve(Literal(1)), curve(Literal(0)))), UNKNOWN, id="several that do not"),
        pytest.param(Items((curve(Literal(1)),), whole=False), UNKNOWN, id="some that are known"),
    ],
)
def test_a_schedule_begins_where_its_function_does(function: Quantity, expected: Beginning) -> None:
    assert alone("LambdaLR", lr_lambda=function) == expected


LINEAR: tuple[str, dict[str, Argument]] = ("LinearLR", {"start_factor": 0.1})
HALF: tuple[str, dict[str, Argument]] = ("ConstantLR", {"factor": 0.5})
STEPS: tuple[str, dict[str, Argument]] = ("StepLR", {"step_size": 3})
OPEN: tuple[str, dict[str, Argument]] = ("LinearLR", {"start_factor": named("x")})
CYCLE: tuple[str, dict[str, Argument]] = ("CyclicLR", {"base_lr": 0.001})
LAMBDA: tuple[str, dict[str, Argument]] = ("LambdaLR", {"lr_lambda": curve(Literal(1))})
MINE: tuple[str, dict[str, Argument]] = ("mine.Schedule", {})


@pytest.mark.parametrize(
    ("inner", "together", "one_after_the_other"),
    [
        pytest.param((STEPS, STEPS), UNCHANGED, UNCHANGED, id="none that changes anything"),
        pytest.param((LINEAR, STEPS), factor(0.1), factor(0.1), id="one that multiplies, first"),
        pytest.param((STEPS, LINEAR), factor(0.1), UNCHANGED, id="one that multiplies, second"),
        pytest.param((LINEAR, HALF), factor(0.05), factor(0.1), id="two that multiply"),
        pytest.param((LINEAR, OPEN), UNKNOWN, factor(0.1), id="one that multiplies by who knows, second"),
        pytest.param((LINEAR, LAMBDA), factor(1), factor(0.1), id="one that overwrites, second"),
        pytest.param((LAMBDA, LINEAR), factor(0.1), factor(1), id="one that overwrites, first"),
        pytest.param((CYCLE, HALF), value(0.0005), value(0.001), id="one that sets, and one that multiplies"),
        pytest.param((MINE, STEPS), UNKNOWN, UNKNOWN, id="one that is not known, first"),
        pytest.param((STEPS, MINE), UNKNOWN, UNCHANGED, id="one that is not known, second"),
        pytest.param((), UNKNOWN, UNKNOWN, id="none that is seen"),
    ],
)
def test_a_composite_begins_as_its_parts_do(
    inner: tuple[tuple[str, dict[str, Argument]], ...], together: Beginning, one_after_the_other: Beginning
) -> None:
    for cls, expected in (("ChainedScheduler", together), ("SequentialLR", one_after_the_other)):
        story = Story()
        story.optimizer()
        children = tuple(story.schedule(child, arguments) for child, arguments in inner)
        story.schedule(cls, {}, children=children)
        found = begins(story)
        assert found.change is expected.change
        assert found.amount == pytest.approx(expected.amount)


@pytest.mark.parametrize(
    ("start", "harmless", "lowers"),
    [
        pytest.param(UNCHANGED, True, False, id="no change"),
        pytest.param(factor(1), True, False, id="a factor of one"),
        pytest.param(factor(0.5), False, True, id="another factor"),
        pytest.param(factor(None), False, True, id="a factor that is not known"),
        pytest.param(value(0.1), False, True, id="a value"),
        pytest.param(UNKNOWN, False, False, id="nothing known"),
    ],
)
def test_what_a_beginning_does_to_training(start: Beginning, harmless: bool, lowers: bool) -> None:
    assert (start.harmless, start.lowers) == (harmless, lowers)


def test_an_argument_is_what_was_given_or_else_the_default() -> None:
    table = load().scheduler("torch.optim.lr_scheduler.OneCycleLR")
    assert table is not None
    story = Story()
    story.optimizer()
    story.schedule("OneCycleLR", {"max_lr": 0.1, "pct_start": (0.1, 0.2)})
    made = story.objects[-1]
    assert argument(table, made, "max_lr") == quantity(0.1)
    assert argument(table, made, "div_factor") == Literal(25.0)
    assert argument(table, made, "pct_start") is None
    assert argument(table, made, "no_such_parameter") is None


@pytest.mark.parametrize("parameter", ["*args", "**kwargs"])
def test_beside_arguments_that_are_not_known_there_are_no_defaults(parameter: str) -> None:
    table = load().scheduler("torch.optim.lr_scheduler.OneCycleLR")
    assert table is not None
    story = Story()
    story.optimizer()
    story.schedule("OneCycleLR", {})
    story.amend(2, arguments=(Bound(parameter, (named("x"),)),))
    assert argument(table, story.objects[-1], "div_factor") is None
