"""LRS702 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.decay_beyond_training import decay_beyond_training as rule
from schedlint.diagnostics import Confidence, Severity
from schedlint.timeline.model import EventKind
from tests.checks.numbers_given import drawn, findings, trained
from tests.checks.speaking import spoken
from tests.timeline.build import Story, named, op, option, place, quantity

EPOCHS = replace(option("args.epochs", 30), place=place(90))


def test_a_decay_behind_the_end_is_a_warning_at_the_construction() -> None:
    story = trained("StepLR", 50, step_size=100)
    (finding,) = findings(rule, story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert finding.message == (
        "`StepLR` first decays after 100 steps, and it takes 50 in the whole run: the learning rate stays 0.1"
    )


@pytest.mark.parametrize(
    ("story", "words"),
    [
        pytest.param(
            trained("MultiStepLR", 50, milestones=quantity([60, 90])), "first decays after 60 steps", id="milestones"
        ),
        pytest.param(
            trained("MultiStepLR", 30, milestones=quantity([30, 45])), "first decays after 30 steps", id="at the end"
        ),
        pytest.param(
            trained("ReduceLROnPlateau", 20, patience=30), "waits for more than 30 steps without", id="a patience"
        ),
        pytest.param(
            trained("CosineAnnealingWarmRestarts", 50, T_0=100),
            "comes down in 100 steps, and it takes 50 in the whole run: the training ends 50% of the way down",
            id="a first cycle",
        ),
        pytest.param(trained("StepLR", 50, lr=named("lr"), step_size=100), "never changes", id="a rate unknown"),
    ],
)
def test_the_message_says_when_it_would_decay(story: Story, words: str) -> None:
    (finding,) = findings(rule, story)
    assert words in finding.message


def test_the_defaults_of_options_are_likely_and_named() -> None:
    (finding,) = findings(rule, trained("MultiStepLR", EPOCHS, milestones=option("args.milestones", [60, 90])))
    assert finding.confidence is Confidence.LIKELY
    assert "after 60 (the default of `args.milestones`) steps, and it takes 30 in the whole run by default" in (
        finding.message
    )
    assert place(90) in [related.place for related in finding.related]


def resumed() -> Story:
    story = trained("StepLR", 50, step_size=100)
    story.load(2, "scheduler")
    return story


def wrapped() -> Story:
    story = trained("StepLR", 50, step_size=100)
    story.scheduler("ChainedScheduler", children=(2,))
    return story


def lost() -> Story:
    story = trained("StepLR", 50, step_size=100)
    story.happen(EventKind.HANDED_ON, 2)
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(trained("StepLR", 50, step_size=49), id="a decay in the last epoch"),
        pytest.param(trained("StepLR", 50, step_size=50), id="a decay at the end, which nobody wanted"),
        pytest.param(trained("StepLR", 50, step_size=51), id="a decay right behind the end, which nobody wanted"),
        pytest.param(trained("StepLR", 50, step_size=500), id="a decay that is switched off"),
        pytest.param(trained("StepLR", EPOCHS, step_size=op("+", EPOCHS, 10)), id="by the length of the run itself"),
        pytest.param(trained("MultiStepLR", 50, milestones=quantity([40, 90])), id="one decay of two"),
        pytest.param(
            trained("MultiStepLR", 30, first=True, milestones=quantity([30, 45])), id="at the top of the last epoch"
        ),
        pytest.param(trained("MultiStepLR", 50, milestones=op("+", named("a"), 60)), id="milestones unknown"),
        pytest.param(trained("StepLR", 50, step_size=(20, 100)), id="one of several values"),
        pytest.param(trained("StepLR", named("epochs"), step_size=100), id="a run of unknown length"),
        pytest.param(trained("StepLR", 3, step_size=10), id="a trial"),
        pytest.param(trained("StepLR", option("args.epochs", 9), step_size=30), id="a trial by default"),
        pytest.param(trained("StepLR", op("*", EPOCHS, named("n")), step_size=100), id="a length not all known"),
        pytest.param(trained("ReduceLROnPlateau", 5), id="a patience that nobody gave"),
        pytest.param(trained("CosineAnnealingWarmRestarts", 50, T_0=60), id="a cycle that is nearly over"),
        pytest.param(trained("CosineAnnealingLR", 50, T_max=100), id="a schedule without decays"),
        pytest.param(drawn("StepLR", 50, step_size=100), id="a curve that is only looked at"),
        pytest.param(resumed(), id="a run that goes on from another"),
        pytest.param(wrapped(), id="one inside another"),
        pytest.param(lost(), id="one that may be stepped elsewhere"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(rule, story) == []


def test_where_a_decay_would_be_is_not_told_of_what_is_no_step_at_all() -> None:
    assert spoken(trained("MultiStepLR", 20, milestones=quantity([30.5, 45.5]))) == ["LRS701"]
