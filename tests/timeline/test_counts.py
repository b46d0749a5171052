"""How many times a scheduler is stepped, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Confidence, EntryKind, Escape, Guard, GuardKind, Subject
from schedlint.timeline.quantity import Literal, Quantity, Symbol, spelled
from schedlint.timeline.reading import CountReading
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Story, equals, guard, named, op, option, place

EPOCHS, ACCUM = option("epochs"), named("accum")
EPOCH, BATCH = 1, 2
"""The loops of the stories below."""


def counts(story: Story) -> tuple[CountReading, ...]:
    return read(story.timeline(), load()).counts_of(2)


def limits(story: Story) -> tuple[str, str]:
    (count,) = counts(story)
    return said(count.least), said(count.most)


def said(limit: Quantity | None) -> str:
    return "" if limit is None else spelled(limit)


def story(cls: str = "StepLR", kind: EntryKind = EntryKind.SCRIPT) -> Story:
    made = Story(kind)
    made.optimizer()
    made.scheduler(cls, step_size=2)
    return made


def per_batch(*guards: Guard, epochs: int | Quantity = 24, start: int | Quantity | None = None) -> Story:
    made = story()
    with made.range("epoch", epochs, start), made.loader():
        made.optimize()
        made.step(2, *guards)
    return made


def per_epoch(*guards: Guard, epochs: int | Quantity = 24, start: int | None = None) -> Story:
    made = story()
    with made.range("epoch", epochs, start):
        with made.loader():
            made.optimize()
        made.step(2, *guards)
    return made


def every(offset: int | None) -> Guard:
    return guard(GuardKind.PERIODIC, "(i + 1) % accum == 0", BATCH, ACCUM, BATCH, limit=offset)


def on_epochs(kind: GuardKind, limit: int | Quantity | None) -> Guard:
    return guard(kind, "epoch < 5", EPOCH, 5, EPOCH, limit=limit)


ALL = "24 * len(train_loader)"


@pytest.mark.parametrize(
    ("made", "steps"),
    [
        pytest.param(per_batch(), ALL, id="each batch"),
        pytest.param(per_epoch(), "24", id="each epoch"),
        pytest.param(per_epoch(epochs=EPOCHS), "epochs", id="as many epochs as an option says"),
        pytest.param(per_epoch(epochs=op("+", EPOCHS, 1), start=1), "epochs", id="counted from 1"),
        pytest.param(per_batch(every(1)), "24 * (len(train_loader) // accum)", id="each update, the rest left"),
        pytest.param(
            per_batch(every(0)), "24 * ceil(len(train_loader) / accum)", id="each update from the first batch"
        ),
        pytest.param(per_batch(guard(GuardKind.NEUTRAL)), ALL, id="a test that always holds"),
        pytest.param(per_batch(guard(GuardKind.LAST, "last", BATCH)), "24", id="the last batch of each epoch"),
        pytest.param(per_epoch(on_epochs(GuardKind.FIRST, 5)), "5", id="the first epochs"),
        pytest.param(per_epoch(on_epochs(GuardKind.FIRST, 50)), "24", id="more epochs than there are"),
        pytest.param(per_epoch(on_epochs(GuardKind.LATER, 5)), "19", id="the later epochs"),
        pytest.param(per_epoch(on_epochs(GuardKind.LATER, 30)), "0", id="later than all epochs"),
        pytest.param(per_epoch(on_epochs(GuardKind.ONCE, 5)), "1", id="one epoch"),
        pytest.param(per_batch(on_epochs(GuardKind.ONCE, 0)), "len(train_loader)", id="each batch of one epoch"),
        pytest.param(
            per_epoch(guard(GuardKind.PERIODIC, "epoch % 5", EPOCH, 5, EPOCH, limit=3)), "5", id="every fifth"
        ),
    ],
)
def test_an_exact_number_of_steps(made: Story, steps: str) -> None:
    assert limits(made) == (steps, steps)


def later_start() -> Story:
    return per_batch(epochs=EPOCHS, start=named("start_epoch"))


FRESH = op("or", named("checkpoint['epoch']"), 0)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(option("args.start_epoch", 0), id="where an option says, 0 by default"),
        pytest.param(op("//", option("args.start_batch", 0), LOADER_LENGTH), id="a part of 0"),
        pytest.param(FRESH, id="0 or where a checkpoint says"),
    ],
)
def test_a_run_that_goes_on_from_no_other_one_likely_takes_all_steps(start: Quantity) -> None:
    (count,) = counts(per_batch(epochs=EPOCHS, start=start))
    assert limits(per_batch(epochs=EPOCHS, start=start)) == ("epochs * len(train_loader)",) * 2
    assert count.confidence is Confidence.LIKELY


def left_early() -> Story:
    made = per_batch()
    made.loops[0] = replace(made.loops[0], left=True)
    return made


def partly() -> Story:
    made = per_batch()
    made.loops[1] = replace(made.loops[1], partial=True)
    return made


def in_while() -> Story:
    made = story()
    with made.while_("step", "step < 100", 100):
        made.step(2)
    return made


def growing() -> Story:
    made = story()
    with made.range("epoch", 24), made.range("i", Symbol("e", "epoch", "index", loop=1)):
        made.step(2)
    return made


def lost() -> Story:
    made = per_epoch()
    made.amend(2, escapes=(Escape("stored to an attribute", place(50)),))
    return made


def one_of_two() -> Story:
    made = per_epoch()
    step = made.events[-1]
    made.events[-1] = replace(step, subjects=(Subject(2), Subject(1)))
    return made


def in_some_rounds_kept() -> Story:
    made = Story()
    made.optimizer()
    with made.range("epoch", 24):
        made.scheduler("StepLR", step_size=2)
        made.amend(2, guards=(on_epochs(GuardKind.ONCE, 5),))
        made.step(2)
    return made


@pytest.mark.parametrize(
    ("make", "least", "most"),
    [
        pytest.param(later_start, "", "epochs * len(train_loader)", id="a run that may be resumed"),
        pytest.param(left_early, "", ALL, id="a loop that may be left early"),
        pytest.param(partly, "", "", id="a part of a loader"),
        pytest.param(in_while, "", "", id="a while loop"),
        pytest.param(growing, "", "", id="a loop that is longer each time"),
        pytest.param(lost, "24", "", id="a scheduler that is lost from sight"),
        pytest.param(one_of_two, "", "24", id="one of several"),
        pytest.param(in_some_rounds_kept, "", "", id="made in one round and kept"),
        pytest.param(lambda: per_epoch(guard(GuardKind.UNKNOWN, "ok")), "", "24", id="a test that is not understood"),
        pytest.param(lambda: per_epoch(on_epochs(GuardKind.FIRST, None)), "", "24", id="a window without its end"),
        pytest.param(
            lambda: per_batch(every(None), epochs=1),
            "len(train_loader) / accum - 1",
            "len(train_loader) / accum + 1",
            id="each update, the rest left open",
        ),
        pytest.param(
            lambda: per_batch(guard(GuardKind.NEUTRAL, "i != last", BATCH), epochs=1),
            "len(train_loader) - 1",
            "len(train_loader)",
            id="all batches but the last",
        ),
    ],
)
def test_what_is_known_in_part(make: Callable[[], Story], least: str, most: str) -> None:
    assert limits(make()) == (least, most)
    assert counts(make())[0].reason


def positioned() -> Story:
    made = per_epoch()
    made.amend(2, arguments=(Bound("last_epoch", (named("start"),)),))
    return made


def jumping() -> Story:
    made = per_epoch()
    made.events[-1] = replace(made.events[-1], arguments=(Bound("epoch", (named("epoch"),)),))
    return made


def wrapped() -> Story:
    made = per_epoch()
    made.amend(2, wrapped_at=place(3))
    return made


def handed_in() -> Story:
    made = per_epoch()
    made.amend(2, handed_in=True)
    return made


def inside_another() -> Story:
    made = per_epoch()
    made.scheduler("ChainedScheduler", children=(2,))
    return made


@pytest.mark.parametrize("make", [positioned, jumping, wrapped, handed_in, inside_another])
def test_nothing_is_known_of_what_does_not_count_on_from_0(make: Callable[[], Story]) -> None:
    assert limits(make()) == ("", "")


def test_steps_at_two_places_are_added() -> None:
    made = story()
    with made.range("epoch", 24):
        with made.loader():
            made.step(2)
        made.step(2)
    assert limits(made) == (f"{ALL} + 24",) * 2


def test_what_excludes_each_other_is_counted_apart() -> None:
    made = story()
    yes, no = (equals("per_batch", 1),), (equals("per_batch", 1, positive=False),)
    with made.range("epoch", 24):
        with made.loader():
            made.step(2, condition=yes)
        made.step(2, condition=no)
    assert [(count.condition, said(count.exact)) for count in counts(made)] == [(yes, ALL), (no, "24")]


def test_what_has_other_conditions_may_happen_or_not() -> None:
    made = story()
    with made.range("epoch", 24):
        made.step(2)
        made.step(2, guard(GuardKind.FLAG, "twice"), condition=(equals("twice", 1),))
    assert [(said(count.least), said(count.most)) for count in counts(made)] == [("24", "48"), ("48", "48")]


def test_a_scheduler_made_anew_in_each_round_counts_from_there() -> None:
    made = Story()
    made.optimizer()
    with made.range("fold", 5):
        made.scheduler("StepLR", step_size=2)
        with made.range("epoch", 24):
            made.step(2)
    assert limits(made) == ("24", "24")


def test_a_method_that_nobody_was_seen_to_call_may_be_called_often() -> None:
    made = story(kind=EntryKind.CLASS)
    with made.loader():
        made.optimize()
        made.step(2)
    assert limits(made) == ("len(train_loader)", "")


def test_what_rests_on_the_last_batch_is_likely() -> None:
    (count,) = counts(per_batch(guard(GuardKind.LAST, "last", BATCH)))
    assert count.confidence is Confidence.LIKELY


def test_a_metric_is_no_position() -> None:
    made = story("ReduceLROnPlateau")
    made.amend(2, arguments=())
    with made.range("epoch", 24):
        made.step(2)
    made.events[-1] = replace(made.events[-1], arguments=(Bound("metrics", (named("loss"),)),))
    assert limits(made) == ("24", "24")


def test_the_loops_are_the_evidence() -> None:
    (count,) = counts(per_batch())
    assert [each.text for each in count.evidence] == [
        "`for epoch in range(24)` has `24` rounds",
        "`for x, y in train_loader` has `len(train_loader)` rounds",
    ]
    assert count.exact != Literal(24)
