"""LRS104 on timelines written by hand; when a scheduler is stepped twice is in tests/timeline/test_repetition.py."""

from __future__ import annotations

from msgspec.structs import replace

from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import LOADER_LENGTH, Argument, Story, op, option

EPOCHS = option("args.epochs")


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def per_batch_and_epoch(cls: str = "OneCycleLR", **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments or {"total_steps": op("*", EPOCHS, LOADER_LENGTH)})
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
            story.step(2)
        story.step(2)
    return story


def test_a_second_step_in_the_epoch_is_an_error_with_the_first_beside_it() -> None:
    story = per_batch_and_epoch()
    (finding,) = findings(story)
    first, second = (event.place for event in story.events[-2:])
    assert (finding.code, finding.severity, finding.place) == ("LRS104", Severity.ERROR, second)
    assert first in [related.place for related in finding.related if related.essential]
    assert f"in the same epoch (the first is line {first.row})" in finding.message
    assert "ahead by one step in each round" in finding.message


def test_two_steps_in_one_body_halve_the_time() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
        story.step(2)
        story.step(2)
    (finding,) = findings(story)
    assert "half the time" in finding.message


def test_a_schedule_in_epochs_that_is_stepped_per_batch_is_another_mistake() -> None:
    assert spoken(per_batch_and_epoch("CosineAnnealingLR", T_max=EPOCHS)) == ["LRS101"]


def test_what_is_likely_is_a_warning() -> None:
    story = per_batch_and_epoch()
    story.events[-1] = replace(story.events[-1], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
