"""LRS703 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.swapped_step_size_and_gamma import swapped_step_size_and_gamma as rule
from schedlint.diagnostics import Confidence, Severity
from schedlint.remedies import SwapArguments
from tests.checks.numbers_given import findings, given
from tests.timeline.build import Value, named, option


def test_a_fraction_of_a_step_and_a_factor_of_ten_are_an_error() -> None:
    story = given("StepLR", step_size=0.5, gamma=10)
    (finding,) = findings(rule, story)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert finding.message == (
        "`StepLR` has `step_size=0.5` and `gamma=10`, which look swapped: the learning rate is multiplied by 10 at"
        " every step: 0.1 becomes 10000 after 5 steps"
    )


@pytest.mark.parametrize(
    ("step_size", "gamma", "words"),
    [
        pytest.param(0.1, 30, "the learning rate never changes", id="a decimal, which has no whole multiple"),
        pytest.param(0.95, 1, "the learning rate never changes", id="a step of 1"),
        pytest.param(0.5, 1, "never changes, as it is multiplied by 1", id="a step of 1 at every step"),
        pytest.param(0.75, 2, "is multiplied by 2 every 3 steps", id="every third step"),
    ],
)
def test_the_message_says_what_becomes_of_the_learning_rate(step_size: float, gamma: int, words: str) -> None:
    (finding,) = findings(rule, given("StepLR", step_size=step_size, gamma=gamma))
    assert finding.message.endswith(words)


def test_the_learning_rate_is_only_named_where_it_is_known() -> None:
    (finding,) = findings(rule, given("StepLR", lr=named("lr"), step_size=0.5, gamma=10))
    assert finding.message.endswith("is multiplied by 10 at every step")


def test_defaults_are_likely_and_are_not_put_right() -> None:
    (finding,) = findings(rule, given("StepLR", step_size=option("args.gamma", 0.1), gamma=option("args.step", 30)))
    assert finding.confidence is Confidence.LIKELY
    assert "`step_size=0.1` (the default of `args.gamma`)" in finding.message
    assert finding.remedy is None


def test_the_remedy_puts_each_in_the_place_of_the_other() -> None:
    story = given("StepLR", step_size=0.5, gamma=10)
    (finding,) = findings(rule, story)
    call = story.objects[-1].place
    assert finding.remedy is not None
    assert finding.remedy.changes == (SwapArguments(call, ("step_size", "gamma"), (1, 2)),)


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        pytest.param("StepLR", {"step_size": 10, "gamma": 0.5}, id="in their places"),
        pytest.param("StepLR", {"step_size": 1, "gamma": 1}, id="a schedule that is switched off"),
        pytest.param("StepLR", {"step_size": 0.5, "gamma": 0.5}, id="two fractions"),
        pytest.param("StepLR", {"step_size": 0.5}, id="without a factor"),
        pytest.param("StepLR", {"step_size": 10, "gamma": 10}, id="two whole numbers"),
        pytest.param("StepLR", {"step_size": 0, "gamma": 10}, id="no steps at all"),
        pytest.param("StepLR", {"step_size": named("a"), "gamma": 10}, id="a number that is not known"),
        pytest.param("ConstantLR", {"factor": 10, "total_iters": 0.5}, id="another kind of schedule"),
        pytest.param("mine.StepLR", {"step_size": 0.5, "gamma": 10}, id="a class that is not known"),
    ],
)
def test_what_is_not_reported(cls: str, arguments: dict[str, Value]) -> None:
    assert findings(rule, given(cls, **arguments)) == []
