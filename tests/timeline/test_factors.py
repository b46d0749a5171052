"""What schedule functions give, as factors of the learning rate."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.factors import (
    are_factors,
    are_multiplied,
    compounded,
    constant,
    factor,
    functions,
    goes_below,
    is_complex,
    is_course,
    is_the_rate,
    peak,
    source,
)
from schedlint.timeline.quantity import Curve, Items, Literal, Quantity, Symbol
from tests.timeline.build import TORCH, Story, Value, named, op, option

STEP = Symbol("step", "epoch", role="step")
RATE = option("args.lr")
OTHER = option("args.min_lr")


def curve(*results: Value, exact: bool = True, steady: bool = True) -> Curve:
    found = tuple(Literal(each) if isinstance(each, int | float) else each for each in results)
    return Curve(STEP, found, exact, steady)  # type: ignore[arg-type]


POWER = op("**", 0.5, STEP)
LINE = op("-", 1, op("/", STEP, 10))


@pytest.mark.parametrize(
    ("name", "factors", "multiplied"),
    [
        ("LambdaLR", True, False),
        ("MultiplicativeLR", False, True),
        ("CyclicLR", False, False),
        ("StepLR", False, False),
    ],
)
def test_what_the_functions_of_a_class_are(name: str, factors: bool, multiplied: bool) -> None:
    table = load().schedulers[TORCH + name]
    assert (are_factors(table), are_multiplied(table)) == (factors, multiplied)


def test_the_functions_of_each_way_and_each_group() -> None:
    story = Story()
    story.optimizer()
    one, two = curve(POWER), curve(LINE)
    id = story.scheduler("LambdaLR", lr_lambda=(one, Items((one, two)), named("f"), Items((one,), whole=False)))
    found = functions(load().schedulers[TORCH + "LambdaLR"], story.objects[id - 1])
    assert list(found) == [(one,), (one, two)]


@pytest.mark.parametrize(
    ("curves", "value"),
    [
        pytest.param((curve(0.95),), 0.95, id="a number"),
        pytest.param((curve(option("args.k", 0.9)),), 0.9, id="a default"),
        pytest.param((curve(0.5), curve(0.5)), 0.5, id="the same for each group"),
        pytest.param((curve(0.5), curve(1)), None, id="another for each group"),
        pytest.param((curve(0.5), curve(POWER)), None, id="a course for one group"),
        pytest.param((curve(option("args.k")),), None, id="a value that is not known"),
        pytest.param((curve(0.5, steady=False),), None, id="something that may change"),
        pytest.param((curve(0.5, 0.1, exact=False),), None, id="one of two"),
        pytest.param((curve(POWER),), None, id="a course"),
    ],
)
def test_a_constant(curves: tuple[Curve, ...], value: float | None) -> None:
    found = constant(curves)
    assert (found and found.number) == value


def test_factors_are_worked_out_with_defaults() -> None:
    found = curve(op("**", option("args.k", 0.5), STEP))
    assert [factor(found, step) for step in range(3)] == [1, 0.5, 0.25]
    assert source(found) == option("args.k", 0.5)
    assert peak(found) == 1


def test_the_factor_of_one_of_several_results_is_not_known() -> None:
    assert factor(curve(POWER, LINE, exact=False), 1) is None


def choice(test: Quantity, one: Value, other: Value) -> Quantity:
    return op("choose", test, one, other)


@pytest.mark.parametrize(
    ("found", "rate", "is_rate"),
    [
        pytest.param(curve(op("*", RATE, POWER)), RATE, True, id="times a power"),
        pytest.param(curve(RATE), RATE, True, id="itself"),
        pytest.param(curve(op("*", RATE, 0.1), RATE, exact=False), RATE, True, id="times one of several factors"),
        pytest.param(curve(op("max", op("*", RATE, POWER), OTHER)), RATE, True, id="kept above another"),
        pytest.param(
            curve(op("+", op("*", op("-", RATE, OTHER), op("-", 1, op("/", STEP, 10))), OTHER)),
            RATE, True, id="down to another",
        ),
        pytest.param(
            curve(choice(op("<", STEP, 5), op("*", RATE, op("/", STEP, 5)), RATE)), RATE, True, id="after a warm-up"
        ),
        pytest.param(curve(op("*", RATE, POWER)), op("float", RATE), True, id="converted"),
        pytest.param(curve(op("*", RATE, POWER)), op("*", RATE, option("args.world_size")), True, id="scaled"),
        pytest.param(curve(op("*", 0.01, POWER)), Literal(0.01), True, id="the same number"),
        pytest.param(
            curve(op("*", named("cfg.lr"), op("**", named("cfg.gamma"), STEP))),
            named("cfg.lr"), True, id="a part of a configuration",
        ),
        pytest.param(curve(op("*", named("get_lr()"), POWER)), named("get_lr()"), False, id="what is not known"),
        pytest.param(curve(op("/", op("*", RATE, POWER), RATE)), RATE, False, id="divided by it"),
        pytest.param(curve(op("/", OTHER, RATE)), RATE, False, id="another divided by it"),
        pytest.param(curve(op("*", OTHER, POWER)), RATE, False, id="another one"),
        pytest.param(curve(op("*", RATE, named("np.cos()"))), RATE, False, id="times something unknown"),
        pytest.param(curve(op("*", option("args.lr", 1.0), POWER)), option("args.lr", 1.0), False, id="which is 1"),
        pytest.param(curve(op("*", 1.0, POWER)), Literal(1.0), False, id="the number 1"),
        pytest.param(curve(op("**", 0.1, op("//", STEP, 30))), Literal(0.1), False, id="a power of the same number"),
        pytest.param(curve(op("min", 1, op("*", 0.1, op("+", STEP, 1)))), Literal(0.1), False, id="a warm-up by it"),
        pytest.param(curve(choice(op("<", STEP, 10), 1, 0.1)), Literal(0.1), False, id="a drop to the same number"),
        pytest.param(curve(0.1), Literal(0.1), False, id="a constant of the same number"),
        pytest.param(curve(op("**", 0.1, op("+", STEP, 1))), Literal(0.1), False, id="which begins with the number"),
        pytest.param(curve(op("*", 0.5, LINE)), Literal(0.5), False, id="a number that may well be a factor"),
        pytest.param(curve(op("*", 0.1, POWER)), option("args.lr", 0.1), False, id="the number of a default"),
    ],
)  # fmt: skip
def test_a_function_gives_the_learning_rate(found: Curve, rate: Quantity, is_rate: bool) -> None:
    assert is_the_rate(found, rate) is is_rate


@pytest.mark.parametrize(
    ("found", "course"),
    [
        pytest.param(curve(POWER), True, id="a power"),
        pytest.param(curve(op("**", option("args.k"), STEP)), True, id="a power of something"),
        pytest.param(curve(LINE), True, id="a line"),
        pytest.param(curve(op("max", 0.1, POWER)), True, id="with a floor"),
        pytest.param(curve(op("min", 1, op("/", STEP, 5))), True, id="a warm-up"),
        pytest.param(curve(op("**", 0.1, op("//", STEP, 30))), True, id="stairs"),
        pytest.param(curve(choice(op("<", STEP, 5), op("/", STEP, 5), 1)), True, id="a warm-up by a test"),
        pytest.param(curve(0.95), False, id="a constant"),
        pytest.param(curve(choice(op("in", STEP, Items((Literal(3),))), 0.5, 1)), False, id="a factor at a milestone"),
        pytest.param(curve(choice(op("<", STEP, 10), 1, 0.95)), False, id="a factor from a step on"),
        pytest.param(curve(op("/", STEP, op("+", STEP, 1))), False, id="a quotient of two steps"),
        pytest.param(curve(op("-", 1, op("/", 1, op("-", 50, STEP)))), False, id="a part of what is left"),
        pytest.param(curve(op("**", 0.1, op("==", op("%", STEP, 5), 0))), False, id="a test in a power"),
        pytest.param(curve(op("cos", STEP)), False, id="a wave"),
        pytest.param(curve(op("*", named("f()"), STEP)), False, id="something unknown"),
        pytest.param(curve(POWER, LINE, exact=False), False, id="one of two"),
    ],
)
def test_a_function_is_a_course(found: Curve, course: bool) -> None:
    assert is_course(found, None) is course


def test_half_a_wave_is_a_course_over_its_own_length() -> None:
    wave = curve(op("cos", op("/", op("*", 3.14159, STEP), 10)))
    assert is_course(wave, 10)
    assert not is_course(wave, None)


def test_what_compounds() -> None:
    assert compounded(curve(POWER), 3) == (0.5**6, 0.125)
    assert compounded(curve(op("**", option("args.k"), STEP)), 3) is None


@pytest.mark.parametrize(
    ("found", "steps", "below"),
    [
        pytest.param(curve(LINE), 15, 11, id="a line beyond its end"),
        pytest.param(curve(LINE), 11, None, id="a line to its end"),
        pytest.param(curve(op("max", 0, LINE)), 15, None, id="kept at zero"),
        pytest.param(curve(op("**", LINE, 0.9)), 15, 11, id="a root of it"),
        pytest.param(curve(op("**", LINE, 2)), 15, None, id="a square of it"),
        pytest.param(curve(op("**", LINE, 3)), 15, 11, id="a cube of it"),
        pytest.param(curve(op("-", 1, op("/", STEP, option("args.epochs")))), 15, None, id="of a length unknown"),
        pytest.param(curve(-1), 15, None, id="never above zero"),
    ],
)
def test_where_a_function_goes_below_zero(found: Curve, steps: int, below: int | None) -> None:
    assert goes_below(found, steps) == below


def test_a_root_of_a_negative_number_is_complex() -> None:
    found = curve(op("**", LINE, 0.9))
    assert [is_complex(found, step) for step in (0, 10, 11)] == [False, False, True]
    assert not is_complex(curve(op("**", LINE, 2)), 11)
