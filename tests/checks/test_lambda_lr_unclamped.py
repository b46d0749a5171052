"""LRS716 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.lambda_lr_unclamped import lambda_lr_unclamped as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.quantity import Curve, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option

STEP = Symbol("step", "epoch", role="step")
LINE = op("-", 1, op("/", STEP, 10))


def curve(result: Quantity) -> Curve:
    return Curve(STEP, (result,))


def trained(function: Argument, epochs: Value = 15, cls: str = "LambdaLR") -> Story:
    story = Story()
    story.optimizer(lr=0.1)
    scheduler = story.scheduler(cls, lr_lambda=function)
    with story.range("epoch", epochs):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_a_line_that_goes_on() -> None:
    story = trained(curve(LINE))
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS716", Severity.INFO, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert finding.message.startswith("after 11 steps (of 15) the function")
    assert "is negative (-0.1)" in finding.message
    assert not rule.default


def test_a_root_raises() -> None:
    (finding,) = findings(trained(curve(op("**", LINE, 0.9))))
    assert finding.severity is Severity.ERROR
    assert "the learning rate is a complex number" in finding.message
    assert finding.message.endswith("raises RuntimeError")


def test_a_default_is_likely() -> None:
    (finding,) = findings(trained(curve(LINE), option("args.epochs", 15)))
    assert finding.confidence is Confidence.LIKELY
    assert "(of 15, the default of `args.epochs`)" in finding.message


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(trained(curve(LINE), 10), id="as many steps as it lasts"),
        pytest.param(trained(curve(LINE), 11), id="one step more, after which nothing is trained"),
        pytest.param(trained(curve(op("max", 0, LINE))), id="kept at zero"),
        pytest.param(trained(curve(op("**", 0.9, STEP))), id="a power"),
        pytest.param(trained(curve(LINE), named("epochs")), id="a number of steps that is not known"),
        pytest.param(trained(curve(op("-", 1, op("/", STEP, named("n"))))), id="a length that is not known"),
        pytest.param(trained((curve(LINE), curve(op("**", 0.9, STEP)))), id="one of two functions"),
        pytest.param(trained(curve(LINE), cls="MultiplicativeLR"), id="a class that multiplies the rate in use"),
        pytest.param(trained(curve(LINE), cls="mine.Schedule"), id="a class that is not known"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []
