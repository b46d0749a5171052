from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.timeline.cadence import cadences
from schedlint.timeline.loops import classify
from schedlint.timeline.model import Confidence, EntryKind, Guard, GuardKind
from schedlint.timeline.reading import Cadence, CadenceReading
from tests.timeline.build import LOADER_LENGTH, Story, equals, guard, named

EPOCH, BATCH = 1, 2


def read(story: Story) -> tuple[CadenceReading, ...]:
    timeline = story.timeline()
    return cadences(timeline, classify(timeline))


def in_batches(
    *guards: Guard, optimizer: tuple[Guard, ...] = (), entry: EntryKind = EntryKind.SCRIPT
) -> CadenceReading:
    """A scheduler stepped in the batch loop of an epoch loop, under guards."""
    story = Story(entry)
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=1000)
    with story.range("epoch", 10), story.loader():
        story.optimize(1, *optimizer)
        story.step(scheduler, *guards)
    return read(story)[0]


def in_epochs(*guards: Guard) -> CadenceReading:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 10):
        with story.loader():
            story.optimize()
        story.step(scheduler, *guards)
    return read(story)[0]


PERIODIC = guard(GuardKind.PERIODIC, "(i + 1) % k == 0", BATCH, named("k"), BATCH)
ACCUMULATED = guard(GuardKind.PERIODIC, "(i + 1) % accum == 0", BATCH, named("accum_steps"), BATCH)
FULL = guard(GuardKind.PERIODIC, "step % len(train_loader) == 0", 0, LOADER_LENGTH, BATCH)
FINITE = guard(GuardKind.UNKNOWN, "isfinite(loss)", within=BATCH)


@pytest.mark.parametrize(
    ("reading", "cadence"),
    [
        pytest.param(in_batches(), Cadence.BATCH, id="no guard"),
        pytest.param(in_batches(guard(GuardKind.NEUTRAL)), Cadence.BATCH, id="not None"),
        pytest.param(in_batches(guard(GuardKind.FLAG)), Cadence.BATCH, id="a flag"),
        pytest.param(in_batches(guard(GuardKind.FIRST, loop=EPOCH)), Cadence.BATCH, id="a warm-up window"),
        pytest.param(in_batches(guard(GuardKind.LATER, loop=EPOCH)), Cadence.BATCH, id="after the warm-up"),
        pytest.param(in_batches(guard(GuardKind.ONCE, loop=EPOCH)), Cadence.BATCH, id="in one epoch"),
        pytest.param(
            in_batches(guard(GuardKind.PERIODIC, loop=EPOCH, period=2)), Cadence.BATCH, id="in every second epoch"
        ),
        pytest.param(in_batches(guard(GuardKind.LAST, loop=BATCH)), Cadence.EPOCH, id="on the last batch"),
        pytest.param(in_batches(guard(GuardKind.LAST)), Cadence.EPOCH, id="on the last batch, by another counter"),
        pytest.param(in_batches(guard(GuardKind.ONCE, loop=BATCH)), Cadence.EPOCH, id="on one batch"),
        pytest.param(in_batches(FULL), Cadence.EPOCH, id="every len(loader) batches"),
        pytest.param(in_batches(PERIODIC, optimizer=(PERIODIC,)), Cadence.UPDATE, id="at the optimizer's pace"),
        pytest.param(in_batches(ACCUMULATED), Cadence.UPDATE, id="every accumulated batch, by name"),
        pytest.param(
            in_batches(optimizer=(PERIODIC,)), Cadence.BATCH, id="each batch, while the optimizer accumulates"
        ),
        pytest.param(in_batches(FINITE, optimizer=(FINITE,)), Cadence.BATCH, id="a guard that the optimizer shares"),
        pytest.param(
            in_batches(guard(GuardKind.UNKNOWN, within=0)), Cadence.BATCH, id="an unknown guard around all loops"
        ),
        pytest.param(
            in_batches(guard(GuardKind.UNKNOWN, within=EPOCH)), Cadence.BATCH, id="an unknown guard around the batches"
        ),
        pytest.param(in_batches(entry=EntryKind.FUNCTION), Cadence.BATCH, id="under an unknown caller"),
        pytest.param(in_epochs(), Cadence.EPOCH, id="each epoch"),
        pytest.param(in_epochs(guard(GuardKind.FIRST, loop=EPOCH)), Cadence.EPOCH, id="the first epochs"),
        pytest.param(in_epochs(guard(GuardKind.ONCE, loop=EPOCH)), Cadence.ONCE, id="one epoch"),
    ],
)
def test_known(reading: CadenceReading, cadence: Cadence) -> None:
    assert reading.cadence is cadence
    assert reading.evidence
    assert not reading.reason


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        pytest.param(in_batches(PERIODIC), "every `k` iterations", id="every k batches"),
        pytest.param(in_batches(FINITE), "how often `isfinite(loss)` holds", id="an unknown guard"),
        pytest.param(
            in_batches(guard(GuardKind.UNKNOWN, "bad", within=BATCH, denied=True)),
            "`not (bad)`",
            id="the else of an unknown guard",
        ),
        pytest.param(in_batches(guard(GuardKind.UNKNOWN, "x")), "how often `x` holds", id="an unknown guard somewhere"),
        pytest.param(
            in_batches(guard(GuardKind.ONCE, "step == 5")), "how often `step == 5` holds", id="a counter of its own"
        ),
        pytest.param(
            in_epochs(guard(GuardKind.PERIODIC, "epoch % 5 == 0", EPOCH, 5)), "`epoch % 5 == 0`", id="each fifth epoch"
        ),
    ],
)
def test_unknown(reading: CadenceReading, reason: str) -> None:
    assert reading.cadence is Cadence.UNKNOWN
    assert reason in reading.reason


def test_the_evidence_is_the_loop_and_the_guard_that_decides() -> None:
    last = in_batches(guard(GuardKind.LAST, "i == len(loader) - 1", BATCH))
    assert last.cadence is Cadence.EPOCH
    assert [evidence.text for evidence in last.evidence] == [
        "in the epoch loop `for epoch in range(10)`",
        "`i == len(loader) - 1` is the last batch of an epoch",
    ]
    assert len(in_batches().evidence) == 1


def test_a_shared_guard_is_only_likely() -> None:
    assert in_batches().confidence is Confidence.CERTAIN
    assert in_batches(FINITE, optimizer=(FINITE,)).confidence is Confidence.LIKELY


def alone(story: Story, scheduler: int) -> None:
    story.step(scheduler)


def one_pass(story: Story, scheduler: int) -> None:
    with story.loader():
        story.optimize()
        story.step(scheduler)


def last_of_a_pass(story: Story, scheduler: int) -> None:
    with story.loader() as loop:
        story.optimize()
        story.step(scheduler, guard(GuardKind.LAST, loop=loop))


def after_the_epochs(story: Story, scheduler: int) -> None:
    with story.items("fold", "folds"):
        with story.range("epoch", 3), story.loader():
            story.optimize()
        story.step(scheduler)


def in_a_row(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3):
        with story.loader():
            story.optimize()
        with story.items("s", "schedulers"):
            story.step(scheduler, receiver="s")


def in_each_phase(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3), story.items("phase", "['train', 'val']"):
        with story.loader():
            story.optimize()
        story.step(scheduler)


def in_one_phase(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3), story.items("phase", "['train', 'val']") as phase:
        with story.loader():
            story.optimize()
        story.step(scheduler, guard(GuardKind.ONCE, "phase == 'train'", phase))


def in_a_phase_by_flag(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3), story.items("phase", "['train', 'val']"):
        with story.loader():
            story.optimize()
        story.step(scheduler, guard(GuardKind.FLAG, "phase == 'train'"))


def below_a_batch(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3), story.loader():
        story.optimize()
        with story.range("_", 5):
            story.step(scheduler)


def nested_loaders(story: Story, scheduler: int) -> None:
    with story.range("epoch", 3), story.loader():
        story.optimize()
        with story.loader("other"):
            story.step(scheduler)


@pytest.mark.parametrize(
    ("write", "script", "function"),
    [
        pytest.param(alone, Cadence.ONCE, Cadence.UNKNOWN, id="no loop"),
        pytest.param(one_pass, Cadence.FLAT, Cadence.BATCH, id="a loader alone"),
        pytest.param(last_of_a_pass, Cadence.ONCE, Cadence.EPOCH, id="the last batch of a pass"),
        pytest.param(after_the_epochs, Cadence.OUTER, Cadence.OUTER, id="after the epochs of a fold"),
        pytest.param(in_a_row, Cadence.EPOCH, Cadence.EPOCH, id="one of several schedulers"),
        pytest.param(in_each_phase, Cadence.UNKNOWN, Cadence.UNKNOWN, id="in each phase"),
        pytest.param(in_one_phase, Cadence.EPOCH, Cadence.EPOCH, id="in one phase"),
        pytest.param(in_a_phase_by_flag, Cadence.EPOCH, Cadence.EPOCH, id="in one phase, by a flag"),
        pytest.param(below_a_batch, Cadence.UNKNOWN, Cadence.UNKNOWN, id="in a loop inside a batch loop"),
        pytest.param(nested_loaders, Cadence.UNKNOWN, Cadence.UNKNOWN, id="in a batch loop inside a batch loop"),
    ],
)
def test_loops(write: Callable[[Story, int], None], script: Cadence, function: Cadence) -> None:
    for entry, expected in ((EntryKind.SCRIPT, script), (EntryKind.FUNCTION, function)):
        story = Story(entry)
        story.optimizer()
        write(story, story.scheduler("StepLR", step_size=30))
        (reading,) = read(story)
        assert reading.cadence is expected, reading.reason
        assert bool(reading.reason) is (expected is Cadence.UNKNOWN)


def test_a_pair_whose_conditions_contradict_does_not_exist() -> None:
    story = Story()
    story.optimizer()
    cosine = story.scheduler("CosineAnnealingLR", T_max=9, condition=(equals("sched", "cos"),))
    step = story.scheduler("StepLR", step_size=9, condition=(equals("sched", "step"),))
    story.step(cosine, condition=(equals("sched", "step"),))
    story.step(step, condition=(equals("sched", "step"),))
    assert [reading.object for reading in read(story)] == [step]


def test_each_site_is_judged_alone() -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=9)
    with story.range("epoch", 3):
        with story.loader():
            story.optimize()
            story.step(scheduler)
        story.step(scheduler)
    assert [reading.cadence for reading in read(story)] == [Cadence.BATCH, Cadence.EPOCH]


def test_the_pace_is_that_of_the_same_loop() -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=9)
    with story.range("epoch", 3), story.loader():
        story.optimize()
    with story.range("epoch", 3), story.loader() as batches:
        pace = guard(GuardKind.PERIODIC, "i % k == 0", batches, named("k"), batches)
        story.optimize(1, pace)
        story.step(scheduler, pace)
    assert read(story)[0].cadence is Cadence.UPDATE


def test_another_optimizer_does_not_set_the_pace() -> None:
    story = Story()
    story.optimizer()
    other = story.optimizer("other")
    scheduler = story.scheduler("StepLR", other, step_size=9)
    with story.range("epoch", 3), story.loader():
        story.optimize(1, PERIODIC)
        story.optimize(other)
        story.step(scheduler, PERIODIC)
    assert read(story)[0].cadence is Cadence.UNKNOWN
