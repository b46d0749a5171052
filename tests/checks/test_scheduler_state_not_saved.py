"""LRS501 on timelines written by hand; what is forgotten is in tests/timeline/test_checkpoints.py."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schedlint.checks.scheduler_state_not_saved import scheduler_state_not_saved as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.constructions import constructions
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, named


def findings(story: Story) -> list[Finding]:
    return [each for view in constructions([read(story.timeline(), load())]) for each in rule.check(view)]


def resumed(cls: str, arguments: Mapping[str, Argument], own: bool = False) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    story.load(1, "optimizer")
    if own:
        story.load(2, "scheduler")
    with story.range("epoch", 90, named("start")):
        with story.loader():
            story.optimize()
        story.step(2)
        story.save(story.state(1, "optimizer"))
    return story


def test_it_is_reported_where_the_optimizers_state_is_taken() -> None:
    story = resumed("StepLR", {"step_size": 30})
    (finding,) = findings(story)
    taken = story.events[-2]
    assert (finding.code, finding.severity, finding.place) == ("LRS501", Severity.WARNING, taken.place)
    essential = [related.place for related in finding.related if related.essential]
    assert essential == [story.events[-1].place, story.events[2].place]
    assert f"(line {story.events[2].place.row})" in finding.message


@pytest.mark.parametrize(
    ("cls", "arguments", "said"),
    [
        ("StepLR", {"step_size": 30}, "its next decay comes 30 steps after the resume"),
        ("StepLR", {"step_size": named("n")}, "its next decay comes late"),
        ("MultiStepLR", {"milestones": [30, 60]}, "its milestones (30, 60) are that many steps after the resume"),
        ("ReduceLROnPlateau", {"patience": 5}, "it has forgotten its best value and how many bad epochs it counted"),
        ("OneCycleLR", {"max_lr": 0.1}, "the learning rate jumps back to the beginning of the schedule"),
        ("CosineAnnealingLR", {"T_max": 90}, "begins again, with the learning rate that was reached"),
    ],
)
def test_what_becomes_of_the_schedule(cls: str, arguments: dict[str, Argument], said: str) -> None:
    (finding,) = findings(resumed(cls, arguments))
    assert finding.message.endswith(said)


def test_a_state_that_is_loaded_from_nowhere() -> None:
    story = resumed("StepLR", {"step_size": 30}, own=True)
    (finding,) = findings(story)
    assert (
        f"nothing to be loaded into it when training is resumed (line {story.events[3].place.row})" in finding.message
    )
