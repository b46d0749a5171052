"""LRS708 on timelines written by hand; what has no step is in tests/timeline/test_composites.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.checks.zero_warm_up_sticks import zero_warm_up_sticks as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.remedies import WrapArgument
from schedlint.timeline.model import Bound, EventKind, GuardKind
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, equals, given, guard, named, option
from tests.timeline.composed import Child, chain, child, linear, put, sequence

WARMUP = option("args.warmup", 0)


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def alone(steps: Value = 0, cls: str = "LinearLR", lr: Value = 0.1, **more: Argument) -> Story:
    story = Story()
    story.optimizer(lr=lr)
    story.schedule(cls, {"total_iters": steps, **more})
    return story


def beside(other: Child) -> Story:
    """A warm-up of no steps and another schedule of the same optimizer."""
    story = alone(start_factor=0.1)
    put(story, [other])
    return story


def test_a_warm_up_of_no_steps_is_an_error_where_it_is_built() -> None:
    story = alone(start_factor=0.001, lr=0.02)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert "`total_iters` is 0" in finding.message
    assert "multiplies the learning rate by 0.001" in finding.message
    assert "2e-05 instead of 0.02" in finding.message
    assert finding.remedy is None


def test_a_default_of_0_is_a_warning_that_can_be_put_right() -> None:
    story = alone(WARMUP, start_factor=0.1)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "`total_iters` is 0, the default of `args.warmup`" in finding.message
    assert finding.remedy is not None
    assert finding.remedy.changes == (WrapArgument(story.objects[-1].place, "total_iters", "max(1, {})", 3),)


def test_a_constant_part_of_no_steps_has_its_argument_elsewhere() -> None:
    (finding,) = findings(alone(WARMUP, "ConstantLR"))
    assert finding.remedy is not None
    assert finding.remedy.changes[0] == WrapArgument(finding.place, "total_iters", "max(1, {})", 2)
    assert "0.333" in finding.message


def test_a_factor_that_is_not_known_is_one_all_the_same() -> None:
    (finding,) = findings(alone(start_factor=named("start")))
    assert "by where the warm-up begins" in finding.message


@pytest.mark.parametrize("other", [child("MultiStepLR", milestones=[8]), child("ReduceLROnPlateau")])
def test_a_schedule_beside_it_that_multiplies_goes_on_from_there(other: Child) -> None:
    assert len(findings(beside(other))) == 1


def test_schedulers_in_a_chain_multiply_too() -> None:
    assert len(findings(chain(linear(0), child("StepLR", step_size=30)))) == 1


def test_a_sequence_cannot_come_to_it() -> None:
    (finding,) = findings(sequence(child("StepLR", step_size=3), linear(0), milestones=[9]))
    assert "`step()` raises ZeroDivisionError at the milestone" in finding.message


def under(condition_on: str) -> Story:
    story = alone(WARMUP, start_factor=0.1)
    story.amend(2, condition=(equals(condition_on, 0, positive=False),))
    return story


def guarded() -> Story:
    story = alone(WARMUP, start_factor=0.1)
    story.amend(2, guards=(guard(GuardKind.UNKNOWN, "epoch < args.warmup"),))
    return story


def by_hand() -> Story:
    story = alone(start_factor=0.1)
    story.happen(EventKind.LR_WRITTEN, 1)
    story.events[-1] = replace(story.events[-1], method="param_groups", arguments=(given(0.1, "lr"),))
    return story


def function_default() -> Story:
    return alone(replace(WARMUP, role="parameter"), start_factor=0.1)


def several() -> Story:
    story = alone(start_factor=0.1)
    bounds = [replace(bound, values=(*bound.values, named("steps"))) for bound in story.objects[-1].arguments]
    story.amend(2, arguments=tuple(bounds))
    return story


def projects_own() -> Story:
    story = alone(start_factor=0.1)
    story.amend(2, classes=("train.Warmup", "torch.optim.lr_scheduler.LinearLR"))
    return story


def in_unknown_wrapper() -> Story:
    story = alone(start_factor=0.1)
    story.schedule("mine.Joined", {}, children=(2,))
    return story


def resumed() -> Story:
    story = alone(start_factor=0.1)
    story.amend(2, arguments=(*story.objects[1].arguments, Bound("last_epoch", (named("start"),))))
    return story


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: alone(5, start_factor=0.1), id="a warm-up with steps"),
        pytest.param(lambda: alone(named("steps"), start_factor=0.1), id="a length that is not known"),
        pytest.param(lambda: alone(start_factor=1.0), id="all of the learning rate from the start"),
        pytest.param(lambda: alone(0, "PolynomialLR"), id="no warm-up"),
        pytest.param(lambda: under("args.warmup"), id="built only where there are steps"),
        pytest.param(guarded, id="built under a test of the steps"),
        pytest.param(by_hand, id="a learning rate that is set by hand"),
        pytest.param(function_default, id="the default of a parameter"),
        pytest.param(several, id="one of several lengths"),
        pytest.param(projects_own, id="a class of the project"),
        pytest.param(in_unknown_wrapper, id="in something of the project"),
        pytest.param(resumed, id="a run that goes on"),
        pytest.param(lambda: beside(child("LambdaLR", lr_lambda=named("f"))), id="a schedule that starts over"),
        pytest.param(lambda: beside(child("mine.Decay")), id="a schedule of the project beside it"),
        pytest.param(lambda: sequence(linear(0), child("StepLR", step_size=3), milestones=[9]), id="the first in turn"),
        pytest.param(
            lambda: sequence(
                child("StepLR", step_size=3), child("ConstantLR", factor=0.1, total_iters=0), milestones=[9]
            ),
            id="a constant part that is over when its turn comes",
        ),
    ],
)
def test_not_reported(make: Callable[[], Story]) -> None:
    assert findings(make()) == []


def test_a_test_of_something_else_says_nothing() -> None:
    assert len(findings(under("args.schedule"))) == 1
