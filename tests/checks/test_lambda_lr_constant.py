"""LRS705 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.lambda_lr_constant import lambda_lr_constant as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.quantity import Curve, Items, Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option

STEP = Symbol("step", "epoch", role="step")
POWER = op("**", 0.5, STEP)


def always(value: Value, steady: bool = True) -> Curve:
    return Curve(STEP, (Literal(value) if isinstance(value, int | float) else value,), steady=steady)  # type: ignore[arg-type]


def given(function: Argument, cls: str = "LambdaLR", lr: Value = 0.1) -> Story:
    story = Story()
    story.optimizer(lr=lr)
    story.amend(1, own_rates=())
    story.scheduler(cls, lr_lambda=function)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_the_learning_rate_that_stays_is_said() -> None:
    story = given(always(0.95))
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS705", Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert "is given is 0.95, whatever the step" in finding.message
    assert "the one of the optimizer, 0.095, from the first step" in finding.message


def test_nothing_is_said_of_a_learning_rate_that_is_not_known() -> None:
    (finding,) = findings(given(always(0.95), lr=named("lr")))
    assert "the one of the optimizer from the first step" in finding.message


def test_a_default_is_likely() -> None:
    (finding,) = findings(given(always(option("args.gamma", 0.9))))
    assert finding.confidence is Confidence.LIKELY
    assert "0.9, the default of `args.gamma`" in finding.message


def test_one_of_several_functions_may_be_given() -> None:
    (finding,) = findings(given((always(0.95), Curve(STEP, (POWER,)))))
    assert finding.confidence is Confidence.LIKELY
    assert "`LambdaLR` may be given" in finding.message


def beside_another() -> Story:
    story = given(always(0.1))
    story.scheduler("StepLR", step_size=10)
    return story


def inside_another() -> Story:
    story = given(always(0.1))
    story.scheduler("SequentialLR", children=(2,), schedulers=named("schedulers"))
    return story


def listed(*functions: Quantity) -> Items:
    return Items(functions)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(given(always(1)), id="the factor 1"),
        pytest.param(given(always(1.0)), id="the factor 1.0"),
        pytest.param(given(Curve(STEP, (POWER,))), id="a power of the step"),
        pytest.param(given(always(0.5, steady=False)), id="what may change"),
        pytest.param(given(Curve(STEP, (Literal(0.5), Literal(0.1)), exact=False)), id="one of two"),
        pytest.param(given(always(named("factor"))), id="a factor that is not known"),
        pytest.param(given(always(0.95), "MultiplicativeLR"), id="a class that multiplies the rate in use"),
        pytest.param(given(named("function")), id="a function that is not known"),
        pytest.param(given(listed(always(0), Curve(STEP, (POWER,)))), id="a frozen group"),
        pytest.param(given(listed(always(0.1), always(1))), id="a factor for each group"),
        pytest.param(given(always(0.95), "mine.Schedule"), id="a class that is not known"),
        pytest.param(beside_another(), id="beside another schedule"),
        pytest.param(inside_another(), id="inside another schedule"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []
