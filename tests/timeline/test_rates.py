"""The factor by which a schedule without an end multiplies the learning rate at every step."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.quantity import Curve, Items, Quantity, Symbol
from schedlint.timeline.rates import power, rate
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, named, op, option

STEP = Symbol("step", "epoch", role="step")


def curve(*results: Quantity) -> Curve:
    return Curve(STEP, results)


@pytest.mark.parametrize(
    ("result", "base"),
    [
        pytest.param(op("**", 0.95, STEP), 0.95, id="a power"),
        pytest.param(op("pow", 0.95, STEP), 0.95, id="math.pow"),
        pytest.param(op("*", 0.5, op("**", 0.9, op("+", STEP, 1))), 0.9, id="with a factor, from the next step on"),
        pytest.param(op("/", 1, op("**", 1.25, STEP)), 0.8, id="divided by a power that grows"),
        pytest.param(op("**", op("-", 1, 0.1), STEP), 0.9, id="of a computed base"),
        pytest.param(op("exp", op("*", -0.1, STEP)), 0.904837, id="an exponential of the step"),
        pytest.param(op("**", op("**", 0.1, op("/", 1, 100)), STEP), None, id="of a root, which is for 100 steps"),
        pytest.param(op("**", 0.1, op("*", 0.01, STEP)), None, id="by a hundredth in each step"),
        pytest.param(op("exp", op("*", op("log", 0.01), STEP)), None, id="of a logarithm"),
        pytest.param(op("max", 0.01, op("**", 0.95, STEP)), None, id="with a floor"),
        pytest.param(op("**", named("gamma"), STEP), None, id="of a base that is not known"),
        pytest.param(op("+", 1, STEP), None, id="no power"),
        pytest.param(op("**", STEP, 2), None, id="a power of the step"),
        pytest.param(op("-", 1, op("/", STEP, 24)), None, id="a line"),
        pytest.param(op("+", 0.5, 0.5), None, id="a constant"),
    ],
)
def test_a_function_that_is_a_power_of_its_step(result: Quantity, base: float | None) -> None:
    found = power(curve(result))
    assert found == (None if base is None else pytest.approx(base))


def test_a_function_of_several_results_is_no_power() -> None:
    assert power(curve(op("**", 0.9, STEP), op("**", 0.5, STEP))) is None


def stepped(cls: str, *children: tuple[str, dict[str, Argument]], **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    inner = tuple(story.schedule(child, given) for child, given in children)
    made = story.schedule(cls, arguments, children=inner)
    with story.range("epoch", 24), story.loader():
        story.optimize()
        story.step(made)
    return story


def found(story: Story) -> tuple[str, float] | None:
    """The class that multiplies the learning rate and its factor, for the scheduler that was made last."""
    reading = read(story.timeline(), load())
    result = rate(reading, reading.timeline.objects[-1])
    name = "" if result is None else reading.timeline.object(result.scheduler).classes[0].rpartition(".")[2]
    return None if result is None else (name, result.factor)


POWER = curve(op("**", 0.95, STEP))


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (stepped("ExponentialLR", gamma=0.95), ("ExponentialLR", 0.95)),
        (stepped("ExponentialLR", gamma=op("**", 0.1, op("/", 1, 100))), None),
        (stepped("ExponentialLR", gamma=option("args.gamma")), None),
        (stepped("MultiplicativeLR", lr_lambda=curve(op("*", 1, 0.95))), ("MultiplicativeLR", 0.95)),
        (stepped("MultiplicativeLR", lr_lambda=POWER), None),
        (stepped("LambdaLR", lr_lambda=POWER), ("LambdaLR", 0.95)),
        (stepped("LambdaLR", lr_lambda=curve(op("*", 1, 0.95))), None),
        (
            stepped("LambdaLR", lr_lambda=Items((POWER, curve(op("**", 0.99, STEP))))),
            ("LambdaLR", 0.99),
        ),
        (stepped("LambdaLR", lr_lambda=Items((POWER, named("other")))), None),
        (stepped("LambdaLR", lr_lambda=curve(op("**", 0.1, op("//", STEP, 30)))), None),
        (stepped("StepLR", step_size=30), None),
    ],
    ids=[
        "by its parameter",
        "a parameter that was worked out for 100 steps",
        "a parameter that is not known",
        "a function that always gives the same",
        "one that gives something else each time",
        "a power of the step",
        "a constant share of the first learning rate",
        "the slowest of several groups",
        "several groups that are not all known",
        "stairs, which have a length",
        "a schedule with a horizon",
    ],
)
def test_the_rate_of_a_scheduler(story: Story, expected: tuple[str, float] | None) -> None:
    result = found(story)
    assert (result and result[0]) == (expected and expected[0])
    assert (result and result[1]) == pytest.approx(expected and expected[1])


FAST: tuple[str, dict[str, Argument]] = ("ExponentialLR", {"gamma": 0.9})
SLOW: tuple[str, dict[str, Argument]] = ("ExponentialLR", {"gamma": 0.999})
WARM_UP: tuple[str, dict[str, Argument]] = ("LinearLR", {"total_iters": 5})


def test_the_lowest_rate_of_those_that_run_side_by_side() -> None:
    assert found(stepped("ChainedScheduler", SLOW, FAST, WARM_UP)) == ("ExponentialLR", 0.9)


def test_the_last_of_a_row_goes_on_to_the_end() -> None:
    assert found(stepped("SequentialLR", WARM_UP, FAST, milestones=[500])) == ("ExponentialLR", 0.9)
    assert found(stepped("SequentialLR", FAST, SLOW, milestones=[500])) == ("ExponentialLR", 0.999)


def test_what_is_written_in_epochs_has_a_horizon() -> None:
    milestones = Items((option("args.warmup_epochs"),))
    assert found(stepped("SequentialLR", WARM_UP, FAST, milestones=milestones)) is None
