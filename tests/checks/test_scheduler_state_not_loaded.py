"""LRS502 on timelines written by hand; what is forgotten is in tests/timeline/test_checkpoints.py."""

from __future__ import annotations

from schedlint.checks.scheduler_state_not_loaded import scheduler_state_not_loaded as rule
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.constructions import constructions
from schedlint.timeline.readings import read
from tests.timeline.build import Story, named


def findings(story: Story) -> list[Finding]:
    return [each for view in constructions([read(story.timeline(), load())]) for each in rule.check(view)]


def resumed(*, own: bool) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    story.load(1, "optimizer")
    if own:
        story.load(2, "scheduler")
    with story.range("epoch", 90, named("start")):
        with story.loader():
            story.optimize()
        story.step(2)
        story.save(story.state(1, "optimizer"), story.state(2, "scheduler"))
    return story


def test_it_is_reported_where_the_optimizers_state_is_loaded() -> None:
    story = resumed(own=False)
    (finding,) = findings(story)
    saved = story.events[-2]
    assert (finding.code, finding.severity, finding.place) == ("LRS502", Severity.WARNING, story.events[2].place)
    assert saved.place in [related.place for related in finding.related if related.essential]
    assert f"which is saved beside it (line {saved.place.row}), is not" in finding.message
    assert "its next decay comes 30 steps after the resume" in finding.message


def test_a_state_that_is_loaded_is_no_mistake() -> None:
    assert findings(resumed(own=True)) == []
