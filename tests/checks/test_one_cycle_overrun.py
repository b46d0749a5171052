"""LRS106 on timelines written by hand; how many steps are taken is in tests/timeline/test_counts.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.checks.one_cycle_overrun import one_cycle_overrun as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, GuardKind, ObjectKind
from schedlint.timeline.quantity import Length, Literal, Quantity
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, guard, named, op, option, place

EPOCHS = replace(option("args.epochs", 100), place=place(90))
SAMPLES = Length("dataset", "dataset", 3)


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def trained(rounds: Value, cls: str = "OneCycleLR", **arguments: Argument) -> Story:
    """A schedule that is stepped in each batch of so many epochs."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    with story.range("epoch", rounds), story.loader():
        story.optimize()
        story.step(2)
    return story


def told(epochs: Value) -> Quantity:
    return op("*", epochs, LOADER_LENGTH)


def test_more_epochs_than_it_was_told_is_an_error_at_the_step() -> None:
    story = trained(24, epochs=20, steps_per_epoch=LOADER_LENGTH)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence, finding.place) == (
        Severity.ERROR,
        Confidence.CERTAIN,
        story.events[-1].place,
    )
    assert "has `20 * len(train_loader)` steps but takes `24 * len(train_loader)`" in finding.message
    assert "raises ValueError, 83% of the way" in finding.message
    assert "`for epoch in range(24)` has `24` rounds" in [related.message for related in finding.related]


def test_numbers_say_which_call_raises() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("OneCycleLR", total_steps=100)
    with story.range("step", 101):
        story.optimize()
        story.step(2)
    (finding,) = findings(story)
    assert (
        "has 100 steps but takes 101: call number 101 of `step()` raises ValueError, 99% of the way" in finding.message
    )


def test_defaults_are_no_more_than_likely() -> None:
    (finding,) = findings(trained(EPOCHS, total_steps=told(90)))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "by default" in finding.message
    assert "`args.epochs` is 100 by default" in [related.message for related in finding.related]


def over_dataset(drop_last: bool, length: Quantity) -> Story:
    """A schedule of 24 epochs over a loader with batches of 10."""
    story = Story()
    story.optimizer()
    story.scheduler("OneCycleLR", epochs=24, steps_per_epoch=length)
    story.make(ObjectKind.DATASET, "dataset", ("torch.utils.data.TensorDataset",))
    given: tuple[Bound, ...] = (Bound("dataset", (named("dataset"),), (3,)), Bound("batch_size", (Literal(10),)))
    if drop_last:
        given = (*given, Bound("drop_last", (Literal(True),)))
    story.make(ObjectKind.LOADER, "loader", ("torch.utils.data.DataLoader",), arguments=given)
    with story.range("epoch", 24), story.loader():
        story.optimize()
        story.step(2)
    story.loops[-1] = replace(story.loops[-1], object=4, length=Length("loader", "loader", 4))
    return story


def test_the_last_batch_of_an_epoch_is_likely_to_be_one_too_many() -> None:
    (finding,) = findings(over_dataset(False, op("//", SAMPLES, 10)))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "makes up to 24 steps more" in finding.message


def resumed() -> Story:
    story = trained(24, total_steps=told(20))
    story.loops[0] = replace(story.loops[0], start=named("start_epoch"))
    return story


def left_early() -> Story:
    story = trained(24, total_steps=told(20))
    story.loops[0] = replace(story.loops[0], left=True)
    return story


def prepared() -> Story:
    story = trained(24, total_steps=told(20))
    story.amend(2, wrapped_at=place(5))
    return story


def twice() -> Story:
    story = trained(24, total_steps=told(24))
    story.stack.append(1)
    story.step(2)
    story.stack.clear()
    return story


def sometimes() -> Story:
    story = trained(24, total_steps=told(20))
    story.events[-1] = replace(story.events[-1], guards=(guard(GuardKind.UNKNOWN, "ready()"),))
    return story


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: trained(24, total_steps=told(24)), id="as many as it was told"),
        pytest.param(lambda: trained(EPOCHS, epochs=EPOCHS, steps_per_epoch=LOADER_LENGTH), id="the same option"),
        pytest.param(lambda: trained(EPOCHS, total_steps=told(100)), id="as many by default"),
        pytest.param(lambda: trained(24, total_steps=told(30)), id="fewer"),
        pytest.param(lambda: trained(24, total_steps=named("total")), id="a length that is not known"),
        pytest.param(lambda: trained(24, total_steps=(told(20), told(24))), id="one of two lengths"),
        pytest.param(lambda: trained(24, "CosineAnnealingLR", T_max=told(20)), id="a schedule that may go on"),
        pytest.param(lambda: over_dataset(True, op("//", SAMPLES, 10)), id="the last batch is dropped"),
        pytest.param(lambda: over_dataset(False, op("ceil", op("/", SAMPLES, 10))), id="the last batch is counted"),
        pytest.param(lambda: over_dataset(False, op("//", SAMPLES, 4)), id="another batch size"),
        pytest.param(resumed, id="a run that goes on"),
        pytest.param(left_early, id="a run that may end early"),
        pytest.param(prepared, id="a library that steps it at its own pace"),
        pytest.param(sometimes, id="a test that is not understood"),
    ],
)
def test_not_reported(make: Callable[[], Story]) -> None:
    assert findings(make()) == []


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: trained(24, total_steps=20), "LRS101", id="a schedule in epochs"),
        pytest.param(twice, "LRS104", id="two places that step it"),
    ],
)
def test_another_mistake_is_told_in_its_place(make: Callable[[], Story], code: str) -> None:
    assert spoken(make()) == [code]
