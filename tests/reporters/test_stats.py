"""Coverage figures: each construction counts once, and every unknown has its reason."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from schedlint.reporters.stats import NO_REASON, Reason, Share, as_json, as_text, measure, normalised
from schedlint.timeline.model import Escape, Event, EventKind, Object, Subject
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit
from tests.reporters.builders import CADENCE, EVENTS, HORIZON, LOADER, OPTIMIZER, SCHEDULER, at, detection


def with_scheduler(
    thing: Object,
    *,
    horizons: tuple[HorizonReading, ...] = (HORIZON,),
    cadences: tuple[CadenceReading, ...] = (CADENCE,),
    events: tuple[Event, ...] = EVENTS,
) -> Reading:
    return detection(objects=(LOADER, OPTIMIZER, thing), horizons=horizons, cadences=cadences, events=events)


UNKNOWN_STEP = replace(CADENCE, cadence=Cadence.UNKNOWN, reason="the guard `flag` is not understood")


def test_what_is_known_needs_no_reason() -> None:
    coverage = measure([detection()])
    assert coverage.constructions == 1
    assert coverage.classes == coverage.optimizers == coverage.cadences == coverage.horizons == Share(1, 1)
    assert coverage.reasons == ()


def test_a_construction_that_two_entries_reach_counts_once_and_is_known_if_one_knows_it() -> None:
    blind = with_scheduler(replace(SCHEDULER, classes=(), class_reason="unknown caller"), cadences=(UNKNOWN_STEP,))
    coverage = measure([blind, detection()])
    assert (coverage.constructions, coverage.classes, coverage.cadences) == (1, Share(1, 1), Share(1, 1))


def test_the_cadence_is_known_only_if_that_of_every_step_site_is() -> None:
    second = replace(EVENTS[-1], id=7, place=at(60))
    coverage = measure([detection(events=(*EVENTS, second), cadences=(CADENCE, replace(UNKNOWN_STEP, event=7)))])
    assert coverage.cadences == Share(0, 1)
    assert coverage.reasons == (Reason("cadence", "the guard … is not understood", 1),)


def test_a_schedule_without_horizon_is_not_asked_for_its_unit() -> None:
    coverage = measure([detection(horizons=(replace(HORIZON, unit=Unit.NONE),))])
    assert coverage.horizons == Share(0, 0)
    assert "unit of the horizon known       -  0 of 0 that have a horizon" in as_text(coverage)


def test_an_unknown_without_a_reason_is_counted_as_such() -> None:
    coverage = measure([with_scheduler(replace(SCHEDULER, classes=()))])
    assert coverage.reasons == (Reason("class", NO_REASON, 1),)
    assert coverage.reasons_given == Share(0, 1)


def test_equal_causes_count_together_the_most_frequent_first() -> None:
    things = [
        replace(SCHEDULER, place=at(row), classes=(), class_reason=f"`{name}` is not in the project")
        for row, name in ((1, "build_scheduler"), (2, "make"))
    ]
    lost = replace(SCHEDULER, place=at(3), optimizers=(), optimizer_reason="more than 16 possibilities")
    coverage = measure([with_scheduler(thing) for thing in (*things, lost)])
    assert coverage.reasons == (
        Reason("class", "… is not in the project", 2),
        Reason("optimizer", "more than … possibilities", 1),
    )
    assert "      2  class: … is not in the project" in as_text(coverage).splitlines()


@pytest.mark.parametrize(
    ("thing", "extra", "fate"),
    [
        pytest.param(SCHEDULER, (), "never stepped", id="nothing happens to it"),
        pytest.param(
            replace(SCHEDULER, escapes=(Escape("returned", at(9)),)), (), "lost from sight", id="it leaves the program"
        ),
        pytest.param(
            SCHEDULER,
            (Event(9, EventKind.STEPPED_BY, at(9), (Subject(3),), "trainer", "fit", ()),),
            "stepped by a library",
            id="a framework steps it",
        ),
    ],
)
def test_a_scheduler_without_a_step_is_counted_apart(thing: Object, extra: tuple[Event, ...], fate: str) -> None:
    coverage = measure([with_scheduler(thing, cadences=(), events=(*EVENTS[:3], *extra))])
    assert (coverage.cadences, coverage.unstepped) == (Share(0, 0), {fate: 1})
    assert f"no step seen: 1 {fate}" in as_text(coverage)


def test_a_child_of_a_stepped_scheduler_is_not_one_that_was_never_stepped() -> None:
    child = replace(SCHEDULER, id=4, place=at(39), name="warmup")
    reading = detection(objects=(LOADER, OPTIMIZER, replace(SCHEDULER, children=(4,)), child))
    assert measure([reading]).unstepped == {"part of another scheduler": 1}


def test_a_scheduler_that_is_handed_in_is_no_construction() -> None:
    assert measure([with_scheduler(replace(SCHEDULER, handed_in=True))]).constructions == 0


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("`make_it` is not in the project", "… is not in the project"),
        ("the parameter self.opt of build_optimizer()", "the parameter … of …"),
        ("its callee LambdaLR is not known", "its callee … is not known"),
        ("more than 16 possibilities", "more than … possibilities"),
        ("the loop's kind is not known", "the loop's kind is not known"),
    ],
)
def test_a_reason_loses_its_names(reason: str, expected: str) -> None:
    assert normalised(reason) == expected


def test_the_figures_are_data_too() -> None:
    figures = json.loads(as_json(measure([detection()])))
    assert figures["classes"] == {"known": 1, "of": 1}


def test_where_nothing_is_constructed_there_are_no_shares() -> None:
    nothing = detection(objects=(LOADER, OPTIMIZER), horizons=(), cadences=(), events=EVENTS[:2])
    assert as_text(measure([nothing])) == "no scheduler is constructed here\n"
