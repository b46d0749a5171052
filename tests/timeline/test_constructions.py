"""Constructions: the places that make schedulers, over all timelines."""

from __future__ import annotations

from schedlint.timeline.constructions import constructions
from schedlint.timeline.model import ObjectKind
from schedlint.timeline.reading import Reading
from tests.timeline.build import Story


def reading(story: Story) -> Reading:
    return Reading(story.timeline(), (), (), ())


def built() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    return story


def test_a_place_that_two_timelines_make_a_scheduler_at_is_one_construction() -> None:
    one, other = reading(built()), reading(built())
    (found,) = constructions([one, other])
    assert [made.reading for made in found.made] == [one, other]
    assert found.place == one.timeline.object(2).place


def test_two_schedulers_of_one_place_in_one_timeline_are_one_construction() -> None:
    story = built()
    second = story.scheduler("StepLR")
    story.amend(second, place=story.objects[1].place)
    (found,) = constructions([reading(story)])
    assert [made.object.id for made in found.made] == [2, 3]


def test_places_come_in_the_order_in_which_the_timelines_meet_them() -> None:
    story = built()
    story.scheduler("StepLR")
    assert [made.place.row for made in constructions([reading(story)])] == [
        scheduler.place.row for scheduler in story.timeline().schedulers()
    ]


def test_what_an_unknown_caller_hands_in_is_no_construction() -> None:
    story = Story()
    story.make(ObjectKind.SCHEDULER, "scheduler", (), handed_in=True)
    assert list(constructions([reading(story)])) == []


def test_an_optimizer_is_no_construction_of_a_scheduler() -> None:
    story = Story()
    story.optimizer()
    assert list(constructions([reading(story)])) == []
