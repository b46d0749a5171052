"""LRS713 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.default_horizon import default_horizon as rule
from schedlint.diagnostics import Confidence, Severity
from tests.checks.numbers_given import drawn, findings, given, trained
from tests.timeline.build import Story, named, option, quantity


def test_a_polynomial_without_a_length_is_an_error() -> None:
    story = trained("PolynomialLR", 30, power=0.9)
    (finding,) = findings(rule, story)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert finding.message == (
        "`PolynomialLR` is not told how long it is: the learning rate is 0 after 5 steps, so nothing is learned from"
        " there on"
    )


def test_a_line_down_without_a_length_is_a_warning() -> None:
    (finding,) = findings(rule, given("LinearLR", start_factor=1.0, end_factor=0.1))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("the learning rate is down to 0.01 after 5 steps, where it stays")


def test_a_line_down_to_nothing_is_an_error() -> None:
    (finding,) = findings(rule, given("LinearLR", lr=named("lr"), start_factor=1.0, end_factor=option("args.end", 0.0)))
    assert finding.severity is Severity.ERROR
    assert "the learning rate is 0 after 5 steps" in finding.message


def test_what_is_left_is_a_share_where_the_learning_rate_is_not_known() -> None:
    (finding,) = findings(rule, given("LinearLR", lr=named("lr"), end_factor=0.1))
    assert "down to 0.1 times what the optimizer was given" in finding.message


def in_a_row(*milestones: int, last: bool) -> Story:
    """A schedule of default length among others that are stepped one after the other."""
    story = Story()
    story.optimizer()
    others = [story.scheduler("ConstantLR", total_iters=9) for _ in milestones]
    about = story.scheduler("PolynomialLR")
    children = (*others, about) if last else (about, *others)
    row = story.schedule(
        "SequentialLR",
        {"schedulers": quantity([0] * len(children)), "milestones": quantity(list(milestones))},
        children=children,
    )
    with story.range("epoch", 30), story.loader():
        story.optimize()
        story.step(row)
    return story


@pytest.mark.parametrize(
    ("story", "reported"),
    [
        pytest.param(in_a_row(5, last=True), True, id="the last one goes on to the end"),
        pytest.param(in_a_row(5, last=False), False, id="another one takes over when it is over"),
        pytest.param(in_a_row(15, last=False), True, id="another one takes over later"),
        pytest.param(in_a_row(5, 10, last=False), False, id="the first of three"),
    ],
)
def test_one_of_several_in_a_row(story: Story, reported: bool) -> None:
    assert bool(findings(rule, story)) is reported


def test_one_of_a_row_that_is_not_known() -> None:
    story = given("PolynomialLR")
    story.scheduler("SequentialLR", children=(2,), schedulers=named("many"), milestones=named("milestones"))
    assert findings(rule, story) == []


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(given("PolynomialLR", total_iters=30), id="a length"),
        pytest.param(given("PolynomialLR", total_iters=named("total")), id="a length that is not known"),
        pytest.param(given("PolynomialLR", **{"**": named("settings")}), id="settings that are not known"),
        pytest.param(given("LinearLR"), id="a warm-up"),
        pytest.param(given("LinearLR", start_factor=0.1, end_factor=1.0), id="a warm-up in numbers"),
        pytest.param(given("LinearLR", start_factor=named("start"), end_factor=0.1), id="a start that is not known"),
        pytest.param(given("ConstantLR", factor=0.1), id="a constant factor, which is a warm-up"),
        pytest.param(given("CosineAnnealingLR", T_max=10), id="a schedule without such a default"),
        pytest.param(trained("PolynomialLR", 5), id="a run of as many steps"),
        pytest.param(drawn("PolynomialLR", 30), id="a curve that is only looked at"),
        pytest.param(given("mine.PolynomialLR"), id="a class that is not known"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(rule, story) == []
