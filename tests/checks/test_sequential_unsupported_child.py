"""LRS715 on timelines written by hand; what goes wrong is in tests/timeline/test_handovers.py."""

from __future__ import annotations

import pytest

from schedlint.checks.sequential_unsupported_child import sequential_unsupported_child as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import Story, Value, equals, named
from tests.timeline.composed import Child, child, linear, put, sequence

RELATIVE = child("MultiplicativeLR", lr_lambda=named("decay"))


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def after(taker: Child, lr: Value = 0.1) -> Story:
    return sequence(linear(5), taker, milestones=[5], lr=lr)


def test_it_is_reported_at_the_sequence() -> None:
    story = after(RELATIVE)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert {story.objects[1].place, story.objects[2].place} <= {related.place for related in finding.related}


@pytest.mark.parametrize(
    ("taker", "said"),
    [
        (RELATIVE, "goes on from the learning rate that `LinearLR` leaves, 0.082 instead of 0.1"),
        (child("CyclicLR", base_lr=0.001, max_lr=0.1), "falls from 0.082, where `LinearLR` has brought it, to 0.001"),
        (
            child("OneCycleLR", max_lr=0.1, total_steps=100),
            "makes `max_lr / div_factor`, 0.004, the learning rate that the whole sequence begins with: `LinearLR` runs"
            " on that instead of 0.1",
        ),
    ],
)
def test_the_message_says_which_learning_rate_there_is(taker: Child, said: str) -> None:
    (finding,) = findings(after(taker))
    assert said in finding.message


def test_without_a_learning_rate_it_says_a_part_of_it() -> None:
    (finding,) = findings(after(RELATIVE, None))
    assert "leaves, 0.82 of what the optimizer was given" in finding.message


def test_a_composite_in_a_sequence_is_an_error() -> None:
    story = Story()
    story.optimizer()
    ((first,), (inner,)) = put(story, [linear(3), child("StepLR", step_size=30)])
    chained = story.scheduler("ChainedScheduler", children=(inner,))
    made = story.scheduler("SequentialLR", children=(first, chained), milestones=[3])
    story.amend(made, turns=((first,), (chained,)))
    (finding,) = findings(story)
    assert finding.severity is Severity.ERROR
    assert "call 3 of `step()` raises NotImplementedError" in finding.message


def test_one_of_two_alternatives_is_reported_once() -> None:
    relative = RELATIVE._replace(condition=(equals("kind", "relative"),))
    takers = [relative, child("ExponentialLR", gamma=0.9)]
    assert len(findings(sequence([linear(5), linear(6)], takers, milestones=[5]))) == 1


def test_one_that_goes_on_from_there_makes_no_jump() -> None:
    story = sequence(linear(10), RELATIVE, milestones=[5])
    with story.range("epoch", 20):
        with story.loader():
            story.optimize()
        story.step(len(story.objects))
    assert spoken(story) == ["LRS715"]


def test_those_that_begin_anew_are_not_reported() -> None:
    assert findings(after(child("ExponentialLR", gamma=0.9))) == []
    assert findings(after(child("mine.Decay"))) == []
