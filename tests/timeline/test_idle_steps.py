"""Why nothing steps a scheduler, on timelines written by hand."""

from __future__ import annotations

from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.idle_steps import overwritten, unreached_step
from schedlint.timeline.model import Bound, EventKind
from schedlint.timeline.readings import read
from tests.timeline.build import Story

SCHEDULER = 2


def built() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    return story


def construction(*stories: Story) -> Construction:
    readings = [read(story.timeline(), load()) for story in stories]
    made = tuple(Made(reading, reading.timeline.object(SCHEDULER)) for reading in readings)
    return Construction(made[0].object.place, made)


def rebind(story: Story, other: int) -> None:
    event = story.happen(EventKind.REBOUND, SCHEDULER, receiver="scheduler")
    story.events[-1] = replace(event, arguments=(Bound("", (), (other,)),))


def test_a_step_that_is_not_reached_is_found_in_whichever_timeline_it_stands() -> None:
    story = built()
    event = story.happen(EventKind.NOT_REACHED, SCHEDULER, receiver="scheduler")
    found = unreached_step(construction(built(), story))
    assert found is not None
    assert found[1].place == event.place


def test_a_step_of_another_scheduler_says_nothing() -> None:
    story = built()
    story.happen(EventKind.NOT_REACHED, story.scheduler("LinearLR"))
    assert unreached_step(construction(story)) is None


def test_another_scheduler_of_the_same_optimizer_overwrites() -> None:
    story = built()
    rebind(story, story.scheduler("LinearLR"))
    found = overwritten(construction(story))
    assert found is not None
    assert (found[1].place, found[2].id) == (story.events[-1].place, 3)


def test_a_scheduler_of_another_optimizer_begins_something_else() -> None:
    story = built()
    rebind(story, story.scheduler("LinearLR", story.optimizer("other")))
    assert overwritten(construction(story)) is None


def test_what_is_trained_with_before_it_is_overwritten_lacks_a_step() -> None:
    story = built()
    with story.range("epoch", 9):
        story.optimize()
    rebind(story, story.scheduler("LinearLR"))
    assert overwritten(construction(story)) is None


def test_what_is_kept_in_one_timeline_is_not_lost() -> None:
    story = built()
    rebind(story, story.scheduler("LinearLR"))
    assert overwritten(construction(story, built())) is None
