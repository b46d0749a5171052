"""LRS706 on timelines written by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schedlint.checks.absolute_lr_as_factor import absolute_lr_as_factor as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import EventKind, ObjectKind
from schedlint.timeline.quantity import Curve, Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option

STEP = Symbol("step", "epoch", role="step")
POWER = op("**", 0.5, STEP)
RATE = option("args.lr", 0.01)


def times(value: Value) -> Curve:
    return Curve(STEP, (op("*", value, POWER),))


def built(cls: str, lr: Value = RATE, own: tuple[Quantity, ...] | None = (), **arguments: Argument) -> Story:
    return built_with(arguments, cls, lr, own)


def built_with(
    arguments: Mapping[str, Argument], cls: str, lr: Value = RATE, own: tuple[Quantity, ...] | None = ()
) -> Story:
    story = Story()
    story.optimizer(lr=lr)
    story.amend(1, own_rates=own)
    story.schedule(cls, arguments)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_a_function_that_gives_the_learning_rate() -> None:
    story = built("LambdaLR", lr_lambda=times(RATE))
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS706", Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert [each.place for each in finding.related] == [story.objects[0].place]
    assert "by the optimizer's 0.01, it comes out as 0.0001 at most, with the default of `args.lr`" in finding.message


def test_a_learning_rate_that_is_not_known_is_squared() -> None:
    rate = option("args.lr")
    (finding,) = findings(built("LambdaLR", rate, lr_lambda=times(rate)))
    assert "it comes out as the square of what was meant" in finding.message


def test_one_of_several_functions_may_be_given() -> None:
    (finding,) = findings(built("LambdaLR", lr_lambda=(times(RATE), Curve(STEP, (POWER,)))))
    assert finding.confidence is Confidence.LIKELY
    assert "may be given" in finding.message


@pytest.mark.parametrize(
    ("cls", "parameter"), [("ConstantLR", "factor"), ("LinearLR", "start_factor"), ("LinearLR", "end_factor")]
)
def test_a_factor_that_is_the_learning_rate(cls: str, parameter: str) -> None:
    (finding,) = findings(built_with({parameter: RATE}, cls))
    assert finding.confidence is Confidence.CERTAIN
    assert finding.message == (
        f"`{parameter}=args.lr` is a learning rate, and `{cls}` multiplies the one of the optimizer by it: 0.01 becomes"
        " 0.0001, with the default of `args.lr`"
    )


def test_a_factor_that_is_named_for_a_learning_rate_is_likely() -> None:
    (finding,) = findings(built("LinearLR", end_factor=option("args.min_lr")))
    assert finding.confidence is Confidence.LIKELY
    assert finding.message.endswith("multiplies the one of the optimizer by it")


def test_two_factors_are_one_mistake() -> None:
    assert len(findings(built("LinearLR", start_factor=RATE, end_factor=option("args.min_lr")))) == 1


def handed_in() -> Story:
    story = Story()
    story.make(ObjectKind.OPTIMIZER, "optimizer", (), handed_in=True)
    story.scheduler("LambdaLR", lr_lambda=times(RATE))
    return story


def written() -> Story:
    story = Story()
    story.optimizer(lr=RATE)
    story.amend(1, own_rates=())
    story.happen(EventKind.LR_WRITTEN, 1)
    story.scheduler("LambdaLR", lr_lambda=times(RATE))
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(built("LambdaLR", lr_lambda=Curve(STEP, (POWER,))), id="a factor"),
        pytest.param(built("LambdaLR", 1.0, lr_lambda=times(RATE)), id="an optimizer with a learning rate of 1"),
        pytest.param(built("LambdaLR", own=(Literal(0.1),), lr_lambda=times(RATE)), id="groups with their own"),
        pytest.param(built("LambdaLR", own=None, lr_lambda=times(RATE)), id="groups that are not known"),
        pytest.param(built("LambdaLR", lr_lambda=times(named("other.lr"))), id="another value"),
        pytest.param(built("LambdaLR", lr_lambda=Curve(STEP, (op("/", RATE, RATE),))), id="divided by itself"),
        pytest.param(built("MultiplicativeLR", lr_lambda=times(RATE)), id="a class that multiplies the rate in use"),
        pytest.param(built("ConstantLR", 0.1, factor=0.1), id="the same number"),
        pytest.param(built("ConstantLR", factor=(RATE, 0.5)), id="one of two values"),
        pytest.param(built("LinearLR", start_factor=option("args.lr_factor")), id="a name that says factor"),
        pytest.param(built("LinearLR", start_factor=option("args.warmup_decay")), id="another name"),
        pytest.param(built("LinearLR", 1.0, end_factor=option("args.min_lr")), id="a learning rate of 1 for a factor"),
        pytest.param(built("LinearLR", end_factor=op("/", option("args.min_lr"), RATE)), id="a quotient"),
        pytest.param(built("mine.Schedule", factor=RATE), id="a class that is not known"),
        pytest.param(handed_in(), id="an optimizer that is handed in"),
        pytest.param(written(), id="a learning rate that was written"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []
