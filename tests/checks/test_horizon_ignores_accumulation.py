"""LRS103 on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.checks.horizon_ignores_accumulation import horizon_ignores_accumulation as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Guard, GuardKind
from schedlint.timeline.quantity import Quantity
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, guard, named, op, option, place

EPOCHS = option("args.epochs")
ACCUM = named("accum_steps")
BATCHES = op("*", EPOCHS, LOADER_LENGTH)
BATCH_LOOP = 2


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def waiting(period: Value, limit: Value = 1) -> Guard:
    text = "(i + 1) % k == 0"
    return guard(GuardKind.PERIODIC, text, BATCH_LOOP, period, BATCH_LOOP, limit=limit)


def trained(
    length: Argument, period: Value, *, shared: bool, cls: str = "CosineAnnealingLR", parameter: str = "T_max"
) -> Story:
    """A program whose optimizer waits, and its scheduler too where that is `shared`."""
    story = Story()
    story.optimizer()
    story.schedule(cls, {parameter: length})
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize(1, waiting(period))
        story.step(2, *([waiting(period)] if shared else []))
    return story


def test_batches_at_the_pace_of_the_optimizer_are_an_error_at_the_step() -> None:
    story = trained(BATCHES, 8, shared=True)
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS103", Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.events[-1].place
    assert "counts batches (`T_max=args.epochs * len(train_loader)`" in finding.message
    assert "one of 8 of its steps is taken, and the schedule is 12.5% of the way" in finding.message
    assert "the optimizer is stepped here" in [related.message for related in finding.related]


def test_updates_in_each_batch_are_over_early() -> None:
    (finding,) = findings(trained(op("//", BATCHES, 4), 4, shared=False))
    assert "counts updates" in finding.message
    assert "steps once per batch" in finding.message
    assert "over 25% of the way through the training, and the learning rate climbs again" in finding.message


@pytest.mark.parametrize(
    "amended",
    [pytest.param({"left": True}, id="left early"), pytest.param({"start": named("start_epoch")}, id="begun later")],
)
def test_the_steps_of_a_whole_run_count_where_it_may_be_shorter(amended: dict[str, object]) -> None:
    story = trained(op("//", BATCHES, 4), 4, shared=False)
    story.loops[0] = replace(story.loops[0], **amended)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_of_several_lengths_the_one_that_is_known_at_the_first_start_counts() -> None:
    epochs = option("args.epochs", 90)
    resumed = op("or", op("+", named("epoch_read"), epochs), op("+", 0, epochs))
    story = trained(op("*", resumed, op("//", LOADER_LENGTH, 4)), 4, shared=False)
    story.loops[0] = replace(story.loops[0], bound=epochs)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_of_several_lengths_that_are_all_known_none_is_chosen() -> None:
    epochs = option("args.epochs", 90)
    either = op("or", op("+", 5, epochs), op("+", 0, epochs))
    story = trained(op("*", either, op("//", LOADER_LENGTH, 4)), 4, shared=False)
    story.loops[0] = replace(story.loops[0], bound=epochs)
    assert findings(story) == []


def test_a_one_cycle_that_is_over_early_raises_and_is_reported_once() -> None:
    story = trained(op("//", BATCHES, 4), 4, shared=False, cls="OneCycleLR", parameter="total_steps")
    (finding,) = findings(story)
    assert "where the next call of `step()` raises ValueError" in finding.message
    assert spoken(story) == ["LRS103"]


def test_a_part_that_comes_again_comes_late() -> None:
    (finding,) = findings(trained(op("*", 5, LOADER_LENGTH), 4, shared=True, cls="StepLR", parameter="step_size"))
    assert "every change of the learning rate comes 4 times as late as written" in finding.message


@pytest.mark.parametrize(
    ("period", "said"),
    [
        pytest.param(ACCUM, "1/`accum_steps` (with 8: 12.5%)", id="not known"),
        pytest.param(option("args.accum", 4), "1/`args.accum` (25% by default)", id="an option"),
    ],
)
def test_a_period_that_is_no_number_is_likely(period: Quantity, said: str) -> None:
    (finding,) = findings(trained(BATCHES, period, shared=True))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert said in finding.message


def by_a_counter() -> Story:
    """The counter of steps says nothing of the rest of an epoch: the unit alone says what the length counts."""
    story = trained(BATCHES, ACCUM, shared=True)
    story.events = [
        replace(event, guards=tuple(replace(each, limit=None) for each in event.guards)) for event in story.events
    ]
    return story


def test_the_unit_says_so_where_the_arithmetic_does_not() -> None:
    (finding,) = findings(by_a_counter())
    assert finding.confidence is Confidence.LIKELY


def prepared() -> Story:
    story = trained(BATCHES, 8, shared=True)
    story.amend(2, wrapped_at=place(5))
    return story


def at_another_pace() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=BATCHES)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize(1, waiting(8))
        story.step(2, waiting(4))
    return story


def some_updates_at_once() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=op("//", BATCHES, 8))
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize(1, waiting(8))
        story.optimize(1)
        story.step(2)
    return story


def cycle_of_numbers(length: int, rounds: int) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingWarmRestarts", T_0=length)
    with story.range("step", rounds) as loop:
        waits = guard(GuardKind.PERIODIC, "(i + 1) % 2 == 0", loop, 2, loop, limit=1)
        story.optimize(1, waits)
        story.step(2)
    return story


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: trained(op("//", BATCHES, 8), 8, shared=True), id="updates per update"),
        pytest.param(lambda: trained(op("//", BATCHES, ACCUM), ACCUM, shared=True), id="updates by a symbol"),
        pytest.param(
            lambda: trained(op("*", EPOCHS, op("ceil", op("/", LOADER_LENGTH, 8))), 8, shared=True), id="rounded up"
        ),
        pytest.param(lambda: trained(BATCHES, 8, shared=False), id="batches per batch"),
        pytest.param(
            lambda: trained(op("int", op("*", 0.5, BATCHES)), 2, shared=False), id="a share of all batches, per batch"
        ),
        pytest.param(
            lambda: trained(op("*", op("ceil", op("/", LOADER_LENGTH, 2)), 6), named("k"), shared=True),
            id="divided by a number, which may be the period",
        ),
        pytest.param(
            lambda: cycle_of_numbers(18, 36), id="a cycle of some steps, which is a part of the run by chance"
        ),
        pytest.param(lambda: trained(BATCHES, 1, shared=True), id="one batch for each update"),
        pytest.param(lambda: trained(BATCHES, option("accum", 1), shared=True), id="one batch by default"),
        pytest.param(lambda: trained(op("//", BATCHES, 2), 8, shared=True), id="divided by another number"),
        pytest.param(lambda: trained(named("total"), 8, shared=True), id="a length that is not known"),
        pytest.param(lambda: trained(named("total"), 8, shared=False), id="a length that is not known, per batch"),
        pytest.param(lambda: trained(30, 8, shared=True), id="a bare number"),
        pytest.param(prepared, id="a library that steps it at its own pace"),
        pytest.param(at_another_pace, id="two paces"),
        pytest.param(some_updates_at_once, id="updates that do not wait"),
    ],
)
def test_not_reported(make: Callable[[], Story]) -> None:
    assert findings(make()) == []
