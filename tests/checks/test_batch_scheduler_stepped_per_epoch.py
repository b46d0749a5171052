"""LRS102 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Condition, GuardKind
from schedlint.timeline.quantity import Curve, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Argument, Story, equals, guard, named, op, option

EPOCHS = option("args.epochs")
BATCHES = op("*", EPOCHS, LOADER_LENGTH)
STEP = Symbol("step", "step", role="step")


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def per_epoch(
    cls: str, bound: Quantity | int = EPOCHS, when: Condition = (), step: Condition = (), **arguments: Argument
) -> Story:
    """A scheduler stepped at the end of each epoch."""
    story = Story()
    story.optimizer(lr=0.1)
    story.schedule(cls, arguments, condition=when)
    with story.range("epoch", bound):
        with story.loader():
            story.optimize()
        story.step(2, condition=step)
    return story


def per_batch(cls: str, **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize()
        story.step(2)
    return story


def cosine(**more: Condition) -> Story:
    """The plainest case."""
    return per_epoch("CosineAnnealingLR", T_max=BATCHES, **more)  # type: ignore[arg-type]


def test_a_horizon_of_batches_stepped_per_epoch_is_reported() -> None:
    (finding,) = findings(cosine())
    assert (finding.code, finding.name) == ("LRS102", "batch-scheduler-stepped-per-epoch")
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(per_epoch("CosineAnnealingLR", T_max=LOADER_LENGTH), id="batches of one epoch"),
        pytest.param(per_epoch("OneCycleLR", max_lr=0.1, epochs=EPOCHS, steps_per_epoch=LOADER_LENGTH), id="a product"),
        pytest.param(per_epoch("CyclicLR", base_lr=0.01, max_lr=0.1), id="a default that counts batches"),
        pytest.param(
            per_epoch("LambdaLR", lr_lambda=Curve(STEP, (op("-", 1, op("/", STEP, BATCHES)),))), id="a function"
        ),
    ],
)
def test_what_is_reported_too(story: Story) -> None:
    assert len(findings(story)) == 1


def followed_by_hand() -> Story:
    """The step is given a position that does not go on with the epochs."""
    story = cosine()
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (named("n"),)),))
    return story


def stepped_in_the_first_epoch_too() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("LinearLR", total_iters=LOADER_LENGTH)
    with story.range("epoch", EPOCHS) as epochs:
        with story.loader():
            story.optimize()
            story.step(2, guard(GuardKind.FIRST, "epoch == 0", epochs, 1, epochs))
        story.step(2)
    return story


def stepped_by_who_knows() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=BATCHES)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
            story.step(2, guard(GuardKind.UNKNOWN, "ready"))
        story.step(2)
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(per_batch("CosineAnnealingLR", T_max=BATCHES), id="stepped per batch"),
        pytest.param(per_epoch("CosineAnnealingLR", T_max=EPOCHS), id="a horizon of epochs"),
        pytest.param(per_epoch("CosineAnnealingLR", T_max=named("mystery")), id="an unknown horizon"),
        pytest.param(per_epoch("CosineAnnealingLR", 1, T_max=LOADER_LENGTH), id="only one epoch"),
        pytest.param(per_epoch("OneCycleLR", max_lr=0.1, total_steps=EPOCHS), id="a cycle over the epochs"),
        pytest.param(per_epoch("ExponentialLR", gamma=0.9), id="no horizon"),
        pytest.param(followed_by_hand(), id="a step to a position"),
        pytest.param(stepped_in_the_first_epoch_too(), id="stepped per batch as well"),
        pytest.param(stepped_by_who_knows(), id="stepped nobody knows how often as well"),
        pytest.param(cosine(when=(equals("s", "a"),), step=(equals("s", "b"),)), id="never both at once"),
        pytest.param(Story(), id="nothing at all"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_steps_per_batch_in_another_configuration_are_no_excuse() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=BATCHES)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
            story.step(2, condition=(equals("per", "batch"),))
        story.step(2, condition=(equals("per", "epoch"),))
    (finding,) = findings(story)
    assert finding.condition == "per == 'epoch'"


def test_it_is_reported_where_the_step_stands_and_known_by_the_construction() -> None:
    story = cosine()
    (finding,) = findings(story)
    built = story.objects[1].place
    assert finding.place == story.events[-1].place
    assert [related.place for related in finding.related if related.essential] == [built]
    assert finding.key == f"{built.path}:{built.row}:{built.column}"


@pytest.mark.parametrize(
    ("story", "words"),
    [
        pytest.param(cosine(), "counts batches (`T_max=args.epochs * len(train_loader)`;", id="the horizon"),
        pytest.param(cosine(), "but steps once per epoch", id="the cadence"),
        pytest.param(cosine(), "an epoch takes one of its `args.epochs * len(train_loader)` steps", id="by its name"),
        pytest.param(
            per_epoch("CyclicLR", 24, base_lr=0.001, max_lr=0.1),
            "the 24 epochs take 24 of its 2000 steps",
            id="in numbers",
        ),
        pytest.param(cosine(), "the learning rate hardly moves from 0.1", id="one that leaves it as it is"),
        pytest.param(per_epoch("CyclicLR", base_lr=0.001, max_lr=0.1), "stays close to 0.001", id="one that sets it"),
        pytest.param(
            per_epoch("LinearLR", start_factor=0.01, total_iters=BATCHES),
            "stays close to 0.001, where the schedule begins",
            id="one that multiplies it",
        ),
        pytest.param(
            per_epoch("LambdaLR", lr_lambda=Curve(STEP, (op("/", STEP, BATCHES),))),
            "the learning rate stays close to 0",
            id="one that begins with nothing",
        ),
    ],
)
def test_the_message_says_what_happens(story: Story, words: str) -> None:
    (finding,) = findings(story)
    assert words in finding.message


def test_what_is_likely_is_a_warning() -> None:
    story = cosine()
    story.events[-1] = replace(story.events[-1], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert (finding.confidence, finding.severity) == (Confidence.LIKELY, Severity.WARNING)


def test_the_calls_on_the_way_are_related() -> None:
    story = cosine()
    call = story.next()
    story.events[-1] = replace(story.events[-1], calls=(call,))
    (finding,) = findings(story)
    assert [related.message for related in finding.related if related.place == call] == ["called from here"]
