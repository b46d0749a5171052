"""LRS301 on timelines written by hand."""

from __future__ import annotations

from msgspec.structs import replace

from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.timeline.build import Story, equals


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def at_the_top(**step: object) -> Story:
    """A scheduler stepped at the top of each epoch."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        story.step(2, **step)  # type: ignore[arg-type]
        with story.loader():
            story.optimize()
    return story


def in_the_batch_loop() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3000)
    with story.range("epoch", 9), story.loader():
        story.step(2)
        story.optimize()
    return story


def test_a_step_at_the_top_of_the_epoch_is_a_warning() -> None:
    (finding,) = findings(at_the_top())
    assert finding.code == "LRS301"
    assert finding.severity is Severity.WARNING
    assert "epoch loop of line 5" in finding.message
    assert "one epoch early" in finding.message


def test_a_step_at_the_top_of_the_batch_is_worth_no_more_than_a_note() -> None:
    (finding,) = findings(in_the_batch_loop())
    assert finding.severity is Severity.INFO
    assert "one step early" in finding.message


def test_a_step_at_the_end_is_right() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        with story.loader():
            story.optimize()
        story.step(2)
    assert findings(story) == []


def test_it_is_reported_at_the_scheduler_and_points_at_the_optimizer() -> None:
    story = at_the_top()
    step, update = story.events[2], story.events[-1]
    (finding,) = findings(story)
    assert finding.place == step.place
    essential = [related.place for related in finding.related if related.essential]
    assert essential == [story.objects[1].place, update.place]


def test_the_condition_is_said() -> None:
    (finding,) = findings(at_the_top(condition=(equals("args.sched", "cos"),)))
    assert finding.condition == "args.sched == 'cos'"


def test_a_finding_is_no_surer_than_the_step() -> None:
    story = at_the_top()
    story.events[2] = replace(story.events[2], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_a_finding_is_no_surer_than_the_scheduler() -> None:
    story = at_the_top()
    story.objects[1] = replace(story.objects[1], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_a_class_that_torch_does_not_warn_about_is_left_alone() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingWarmRestarts", T_0=3)
    with story.range("epoch", 9):
        story.step(2)
        with story.loader():
            story.optimize()
    assert findings(story) == []


def test_a_class_with_a_step_of_its_own_is_left_alone() -> None:
    story = at_the_top()
    story.objects[1] = replace(story.objects[1], own_methods=("step",))
    assert findings(story) == []
