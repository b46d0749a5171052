"""LRS707 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.multiplicative_lr_compounds import multiplicative_lr_compounds as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.quantity import Curve, Items, Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option

STEP = Symbol("step", "epoch", role="step")


def curve(result: Quantity) -> Curve:
    return Curve(STEP, (result,))


POWER = curve(op("**", 0.95, STEP))


def given(function: Argument, cls: str = "MultiplicativeLR", lr: Value = 0.1) -> Story:
    story = Story()
    story.optimizer(lr=lr)
    story.amend(1, own_rates=())
    story.scheduler(cls, lr_lambda=function)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_where_the_learning_rate_is_after_some_steps() -> None:
    story = given(POWER)
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS707", Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert "`epoch -> 0.95 ** epoch`" in finding.message
    assert finding.message.endswith("after 20 steps it is 2.1e-06, not 0.036")


def test_without_a_learning_rate_it_is_a_factor() -> None:
    (finding,) = findings(given(POWER, lr=named("lr")))
    assert finding.message.endswith("after 20 steps it is 2.1e-05 times the first one, not 0.36")


def test_a_default_is_said() -> None:
    (finding,) = findings(given(curve(op("**", option("args.gamma", 0.95), STEP))))
    assert finding.message.endswith("not 0.036, with the default of `args.gamma`")


def test_without_numbers_nothing_is_computed() -> None:
    (finding,) = findings(given(curve(op("**", option("args.gamma"), STEP))))
    assert finding.message.endswith("and the factors compound")


def test_stairs_that_begin_later_are_computed_later() -> None:
    (finding,) = findings(given(curve(op("**", 0.1, op("//", STEP, 30)))))
    assert "after 100 steps" in finding.message


def test_one_of_several_functions_may_be_given() -> None:
    (finding,) = findings(given((POWER, curve(Literal(0.95)))))
    assert finding.confidence is Confidence.LIKELY
    assert "may multiply" in finding.message


def test_one_finding_for_the_functions_of_all_groups() -> None:
    assert len(findings(given(Items((POWER, POWER))))) == 1


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(given(curve(Literal(0.95))), id="a constant"),
        pytest.param(given(curve(op("choose", op("in", STEP, [30, 60]), 0.1, 1))), id="milestones"),
        pytest.param(given(curve(op("choose", op("<", STEP, 10), 1, 0.9))), id="from a step on"),
        pytest.param(given(curve(op("/", STEP, op("+", STEP, 1)))), id="a quotient of two steps"),
        pytest.param(given(POWER, "LambdaLR"), id="a class that multiplies the optimizer's rate"),
        pytest.param(given(POWER, "mine.Schedule"), id="a class that is not known"),
        pytest.param(given(named("function")), id="a function that is not known"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []
