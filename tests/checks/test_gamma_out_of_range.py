"""LRS704 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.gamma_out_of_range import gamma_out_of_range as rule
from schedlint.diagnostics import Confidence, Severity
from schedlint.timeline.model import GuardKind
from schedlint.timeline.quantity import Literal, Symbol
from tests.checks.numbers_given import drawn, findings, given, trained
from tests.checks.speaking import spoken
from tests.timeline.build import Story, Value, guard, named, op, option

PARAMETER = Symbol("gamma", "gamma", role="parameter", default=Literal(0.1))


@pytest.mark.parametrize(
    ("cls", "arguments", "severity", "words"),
    [
        pytest.param(
            "StepLR",
            {"step_size": 10, "gamma": 10},
            Severity.WARNING,
            "`gamma=10`: the learning rate grows 10 times at every decay: 0.1 becomes 100 after 30 steps",
            id="a decay that grows",
        ),
        pytest.param(
            "MultiStepLR", {"gamma": 2}, Severity.WARNING, "0.1 becomes 0.8 after 3 decays", id="at milestones"
        ),
        pytest.param(
            "ExponentialLR",
            {"gamma": 1.05},
            Severity.WARNING,
            "grows 1.05 times at every step: 0.1 becomes 0.26533 after 20 steps",
            id="at every step",
        ),
        pytest.param("StepLR", {"gamma": 0}, Severity.ERROR, "is 0 from the first decay on", id="zero"),
        pytest.param("ExponentialLR", {"gamma": 0.0}, Severity.ERROR, "is 0 from the first step on", id="zero at once"),
        pytest.param(
            "StepLR",
            {"gamma": -0.5},
            Severity.ERROR,
            "is negative from the first decay on: 0.1 becomes -0.05, and the loss is driven up",
            id="negative",
        ),
        pytest.param("StepLR", {"gamma": 8e-6}, Severity.WARNING, "a single decay leaves 8e-06", id="next to nothing"),
        pytest.param("ExponentialLR", {"gamma": 0.1}, Severity.WARNING, "0.001 of the", id="a tenth at every step"),
    ],
)
def test_a_factor_that_is_none(cls: str, arguments: dict[str, Value], severity: Severity, words: str) -> None:
    story = given(cls, **arguments)
    (finding,) = findings(rule, story)
    assert (finding.severity, finding.confidence) == (severity, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert words in finding.message


def test_a_default_is_likely_and_named() -> None:
    (finding,) = findings(rule, given("StepLR", step_size=10, gamma=option("args.gamma", 10)))
    assert finding.confidence is Confidence.LIKELY
    assert "`gamma=10` (the default of `args.gamma`)" in finding.message


def test_one_of_several_values_is_likely_and_told_once() -> None:
    (finding,) = findings(rule, given("StepLR", gamma=(0.5, 10, 100)))
    assert finding.confidence is Confidence.LIKELY


def test_what_is_left_is_worked_out_from_the_steps_of_the_run() -> None:
    (finding,) = findings(rule, trained("ExponentialLR", 100, gamma=0.8))
    assert "after the 100 steps that the run takes 2e-10 of the learning rate is left" in finding.message
    (finding,) = findings(rule, trained("ExponentialLR", option("args.epochs", 100), gamma=0.8))
    assert finding.confidence is Confidence.LIKELY
    assert "after the 100 steps that the run takes by default" in finding.message


def test_one_that_is_wrapped_is_taken_to_have_a_tenth_of_the_steps() -> None:
    def wrapped(steps: int) -> Story:
        story = given("ExponentialLR", gamma=0.8)
        story.scheduler("ChainedScheduler", children=(2,))
        with story.range("step", steps):
            story.optimize()
            story.step(3)
        return story

    (finding,) = findings(rule, wrapped(3000))
    assert "after a tenth of the 3000 steps" in finding.message
    assert findings(rule, wrapped(300)) == []


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(given("StepLR", gamma=0.1), id="a tenth"),
        pytest.param(given("StepLR", gamma=1), id="one, which switches it off"),
        pytest.param(given("MultiStepLR", gamma=0.001), id="a thousandth"),
        pytest.param(given("StepLR"), id="left at its default"),
        pytest.param(given("StepLR", gamma=named("gamma")), id="not known"),
        pytest.param(given("ExponentialLR", gamma=PARAMETER), id="the default of a function that others call"),
        pytest.param(given("ExponentialLR", gamma=op("**", 10, 0.01)), id="one that is worked out"),
        pytest.param(given("ExponentialLR", gamma=0.95), id="a usual rate"),
        pytest.param(given("ReduceLROnPlateau", factor=0), id="zero, where there is a lower limit"),
        pytest.param(given("mine.StepLR", gamma=10), id="a class that is not known"),
        pytest.param(trained("ExponentialLR", 5, gamma=0.1), id="a short run"),
        pytest.param(trained("ExponentialLR", 100, gamma=0.95), id="a run that leaves something"),
        pytest.param(drawn("ExponentialLR", 100, gamma=0.1), id="a curve that is only looked at"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(rule, story) == []


@pytest.mark.parametrize("within", ["find_lr", "LRFinder.range_test", "lr_finder"])
def test_a_search_for_a_learning_rate_may_grow(within: str) -> None:
    story = given("ExponentialLR", gamma=1.1)
    story.amend(2, within=within)
    assert findings(rule, story) == []


def test_a_warm_up_may_grow() -> None:
    story = given("ExponentialLR", gamma=1.1)
    with story.range("epoch", 90) as epoch:
        story.optimize()
        story.step(2, guard(GuardKind.FIRST, "epoch < 5", epoch, limit=5))
    assert findings(rule, story) == []


def test_one_inside_another_schedule_may_grow() -> None:
    story = given("ExponentialLR", gamma=1.1)
    story.scheduler("SequentialLR", children=(2,))
    assert findings(rule, story) == []


def test_a_default_that_another_schedule_has_too_may_be_meant_for_that() -> None:
    gamma = option("args.gamma", 0.1)
    story = given("ExponentialLR", gamma=gamma)
    story.scheduler("StepLR", step_size=30, gamma=gamma)
    assert findings(rule, story) == []


def test_what_is_stepped_far_too_often_is_told_as_that() -> None:
    story = given("ExponentialLR", gamma=0.95)
    with story.range("epoch", 24), story.range("batch", 1000):
        story.optimize()
        story.step(2)
    assert len(findings(rule, story)) == 1
    assert spoken(story) == ["LRS101"]
