"""What comments tell of a timeline, and what is known for certain all the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from schedlint.facts import Comment
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Confidence, EntryKind, GuardKind
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Unit
from schedlint.timeline.readings import read
from schedlint.timeline.told import Tellings, Told, tellings
from tests.timeline.build import LOADER_LENGTH, Story, guard, named, op, place


def told(*said: tuple[int, str], path: str = "train.py") -> Tellings:
    """Tellings behind rows of one file."""
    return tellings({path: [Comment(row, 30, f"# schedlint: {text}", row, row) for row, text in said]})


def one(text: str, row: int = 3) -> Told:
    """One telling."""
    (telling,) = told((row, text)).by_path["train.py"][row]
    return telling


def step_read(story: Story, step: int, text: str) -> CadenceReading:
    """The only cadence of a story, with something told at a row."""
    (reading,) = read(story.timeline(), load(), told((step, text))).cadences
    return reading


def horizon_read(story: Story, row: int, text: str) -> HorizonReading:
    """The first horizon of a story, with something told at a row."""
    return read(story.timeline(), load(), told((row, text))).horizons[0]


def in_unknown_loop() -> tuple[Story, int]:
    """A story with a step in a loop of unknown kind, and the row of the step."""
    story = Story(EntryKind.FUNCTION)
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=named("n"))
    with story.unclear("thing", "things"):
        return story, story.step(scheduler).place.row


def in_batch_loop() -> tuple[Story, int]:
    """A story with a step that certainly happens once per batch, and the row of the step."""
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=named("n"))
    with story.range("epoch", 3), story.loader():
        story.optimize()
        return story, story.step(scheduler).place.row


# --- cadences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cadence"), [("batch", Cadence.BATCH), ("update", Cadence.UPDATE), ("epoch", Cadence.EPOCH)]
)
def test_an_unknown_cadence_is_as_told(value: str, cadence: Cadence) -> None:
    story, row = in_unknown_loop()
    reading = step_read(story, row, f"steps={value}")
    assert (reading.cadence, reading.confidence, reading.reason) == (cadence, Confidence.CERTAIN, "")
    (evidence,) = reading.evidence
    assert evidence.text == f"`# schedlint: steps={value}` says so"
    assert evidence.place is not None
    assert evidence.place.row == row


def test_a_telling_of_another_row_or_file_or_thing_is_not_used() -> None:
    story, row = in_unknown_loop()
    elsewhere = [told((row + 1, "steps=batch")), told((row, "steps=batch"), path="b.py"), told((row, "horizon=epochs"))]
    for each in elsewhere:
        (reading,) = read(story.timeline(), load(), each).cadences
        assert reading.cadence is Cadence.UNKNOWN


def test_a_certain_cadence_stands() -> None:
    story, row = in_batch_loop()
    assert step_read(story, row, "steps=epoch") == read(story.timeline(), load()).cadences[0]


def test_a_cadence_that_was_possible_is_certain_where_it_is_told_and_keeps_its_reasons() -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 3) as epochs:
        row = story.step(scheduler).place.row
    before = read(story.timeline(), load()).cadences[0]
    reading = step_read(story, row, "steps=epoch")
    assert (before.confidence, reading.confidence) == (Confidence.POSSIBLE, Confidence.CERTAIN)
    assert (reading.cadence, reading.loop) == (Cadence.EPOCH, epochs)
    assert reading.evidence[1:] == before.evidence


def test_the_loop_that_counts_is_the_innermost_of_the_kind_that_is_told() -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 3) as epochs, story.loader() as batches:
        story.optimize()
        row = story.step(scheduler, guard(GuardKind.UNKNOWN)).place.row
    assert step_read(story, row, "steps=epoch").loop == epochs
    assert step_read(story, row, "steps=batch").loop == batches


def test_which_scheduler_is_stepped_is_not_told() -> None:
    story, row = in_unknown_loop()
    story.objects[1] = replace(story.objects[1], confidence=Confidence.POSSIBLE)
    assert step_read(story, row, "steps=batch").confidence is Confidence.POSSIBLE


def test_what_differs_does_not_count() -> None:
    story, row = in_unknown_loop()
    (reading,) = read(story.timeline(), load(), told((row, "steps=batch steps=epoch"))).cadences
    assert reading.cadence is Cadence.UNKNOWN
    (reading,) = read(story.timeline(), load(), told((row, "steps=batch"), (row, "steps=batch"))).cadences
    assert reading.cadence is Cadence.BATCH


# --- horizons ---------------------------------------------------------------------------------------------------------


def built(cls: str, **arguments: object) -> tuple[Story, int]:
    """A story with one scheduler, and the row of its construction."""
    story = Story()
    story.optimizer()
    scheduler = story.scheduler(cls, **arguments)  # type: ignore[arg-type]
    return story, story.objects[scheduler - 1].place.row


@pytest.mark.parametrize(
    ("value", "unit"), [("epochs", Unit.EPOCHS), ("batches", Unit.BATCHES), ("updates", Unit.UPDATES)]
)
def test_an_unknown_unit_is_as_told(value: str, unit: Unit) -> None:
    reading = horizon_read(*built("StepLR", step_size=named("n")), f"horizon={value}")
    assert (reading.unit, reading.confidence, reading.reason) == (unit, Confidence.CERTAIN, "")
    assert (reading.parameter, reading.recurs) == ("step_size", True)
    assert [evidence.text for evidence in reading.evidence] == [f"`# schedlint: horizon={value}` says so"]


def test_a_certain_unit_stands() -> None:
    story, row = built("CosineAnnealingLR", T_max=op("*", 3, LOADER_LENGTH))
    assert horizon_read(story, row, "horizon=epochs") == read(story.timeline(), load()).horizons[0]


def test_a_schedule_without_a_horizon_has_the_unit_that_is_told() -> None:
    reading = horizon_read(*built("ExponentialLR", gamma=0.9), "horizon=epochs")
    assert (reading.unit, reading.parameter) == (Unit.EPOCHS, "gamma")


def test_a_wrapper_has_the_unit_that_is_told_of_what_it_wraps() -> None:
    story, row = built("StepLR", step_size=named("n"))
    story.scheduler("ChainedScheduler", children=(2,))
    inner, outer = read(story.timeline(), load(), told((row, "horizon=epochs"))).horizons
    assert inner.unit is outer.unit is Unit.EPOCHS


# --- what contradicts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        ("batch", {Cadence.BATCH, Cadence.FLAT}),
        ("update", {Cadence.UPDATE, Cadence.BATCH, Cadence.FLAT}),
        ("epoch", {Cadence.EPOCH, Cadence.FLAT}),
    ],
)
def test_which_cadences_a_told_one_contradicts(value: str, fitting: set[Cadence]) -> None:
    telling = one(f"steps={value}")
    assert {each for each in Cadence if not telling.contradicts_cadence(each)} == fitting | {Cadence.UNKNOWN}


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        ("epochs", {Unit.EPOCHS}),
        ("batches", {Unit.BATCHES, Unit.ITERATIONS}),
        ("updates", {Unit.UPDATES, Unit.BATCHES, Unit.ITERATIONS}),
    ],
)
def test_which_units_a_told_one_contradicts(value: str, fitting: set[Unit]) -> None:
    telling = one(f"horizon={value}")
    assert {each for each in Unit if not telling.contradicts_unit(each)} == fitting | {Unit.UNKNOWN, Unit.NONE}


def test_what_is_told_otherwise_of_one_statement_are_rivals() -> None:
    tellings = told((3, "steps=batch, horizon=epochs"), (3, "steps=batch"), (3, "steps=epoch"), (4, "steps=update"))
    rivals = {each.telling.text: tellings.rivals(each) for row in (3, 4) for each in tellings.by_path["train.py"][row]}
    assert {text: [rival.telling.value for rival in some] for text, some in rivals.items()} == {
        "# schedlint: steps=batch": ["epoch"],
        "# schedlint: steps=epoch": ["batch"],
        "# schedlint: horizon=epochs": [],
        "# schedlint: steps=update": [],
    }


def test_what_is_told_of_a_construction_comes_before_what_is_told_of_a_call_that_leads_there() -> None:
    story, row = built("StepLR", step_size=named("n"))
    story.objects[1] = replace(story.objects[1], calls=(place(8), place(9)))
    for said, unit in (((row, 9), Unit.EPOCHS), ((9,), Unit.BATCHES), ((8,), Unit.UNKNOWN)):
        values = {row: "epochs", 9: "batches", 8: "updates"}
        (reading,) = read(
            story.timeline(), load(), told(*((each, f"horizon={values[each]}") for each in said))
        ).horizons
        assert reading.unit is unit


def test_a_file_without_tellings_is_left_out() -> None:
    comments: Mapping[str, list[Comment]] = {"a.py": [Comment(1, 1, "# noqa", 1, 1)], "b.py": []}
    assert tellings(comments) == Tellings()
