"""LRS710 on timelines written by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schedlint.checks.eta_min_not_below_lr import eta_min_not_below_lr as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import EventKind
from schedlint.timeline.quantity import Literal, Quantity
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option


def built(
    cls: str = "CosineAnnealingLR", lr: Value = 0.1, own: tuple[Quantity, ...] | None = (), **arguments: Argument
) -> Story:
    return built_with(arguments, cls, lr, own)


def built_with(
    arguments: Mapping[str, Argument], cls: str, lr: Value = 0.1, own: tuple[Quantity, ...] | None = ()
) -> Story:
    story = Story()
    story.optimizer(lr=lr)
    story.amend(1, own_rates=own)
    story.schedule(cls, arguments)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_a_floor_above_the_learning_rate() -> None:
    story = built(T_max=10, eta_min=0.5)
    (finding,) = findings(story)
    assert (finding.code, finding.severity, finding.confidence) == ("LRS710", Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[1].place
    assert [each.place for each in finding.related] == [story.objects[0].place]
    assert finding.message == (
        "`CosineAnnealingLR` is given `eta_min` = 0.5, above the learning rate of the optimizer (0.1): the schedule"
        " raises it to 0.5 instead of lowering it"
    )


def test_a_floor_at_the_learning_rate() -> None:
    (finding,) = findings(built(T_max=10, eta_min=0.1))
    assert finding.message.endswith("which is the learning rate of the optimizer: the schedule never changes it")


@pytest.mark.parametrize(
    ("cls", "floor"),
    [
        ("CosineAnnealingWarmRestarts", "eta_min"),
        ("timm.scheduler.CosineLRScheduler", "lr_min"),
        ("transformers.get_cosine_with_min_lr_schedule_with_warmup", "min_lr"),
        ("pl_bolts.optimizers.LinearWarmupCosineAnnealingLR", "eta_min"),
    ],
)
def test_every_class_with_a_floor(cls: str, floor: str) -> None:
    (finding,) = findings(built_with({floor: 0.5}, cls))
    assert f"`{floor}` = 0.5" in finding.message


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(built(eta_min=option("args.eta_min", 0.5)), id="of the floor"),
        pytest.param(built(lr=option("args.lr", 0.1), eta_min=0.5), id="of the learning rate"),
    ],
)
def test_a_default_is_likely(story: Story) -> None:
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY
    assert "the default of `args." in finding.message


def test_the_default_of_the_optimizer_counts() -> None:
    (finding,) = findings(built(lr=None, eta_min=0.01))
    assert "(0.001)" in finding.message


def test_one_of_several_floors_may_be_given() -> None:
    (finding,) = findings(built(eta_min=(0.5, 0.001)))
    assert finding.confidence is Confidence.LIKELY
    assert "may be given" in finding.message


def test_the_highest_learning_rate_of_several_groups_is_said() -> None:
    (finding,) = findings(built(lr=0.01, own=(Literal(0.1),), eta_min=0.5))
    assert "(0.1)" in finding.message


def with_parts(last: str) -> Story:
    """A row of two schedules."""
    story = Story()
    story.optimizer(lr=0.001)
    story.amend(1, own_rates=())
    for cls in ("CosineAnnealingLR", last):
        story.scheduler(cls, eta_min=0.1)
    story.scheduler("SequentialLR", children=(2, 3))
    return story


def test_the_last_part_of_a_row_is_meant_to_go_down() -> None:
    story = with_parts("CosineAnnealingLR")
    (finding,) = findings(story)
    assert finding.place == story.objects[2].place


def beside_another() -> Story:
    story = built(lr=0.001, eta_min=0.01)
    story.scheduler("StepLR", step_size=10)
    return story


def wrapped_by(cls: str) -> Story:
    story = built(lr=0.001, eta_min=0.01)
    story.scheduler(cls, children=(2,))
    return story


def written() -> Story:
    story = Story()
    story.optimizer(lr=0.001)
    story.amend(1, own_rates=())
    story.happen(EventKind.LR_WRITTEN, 1)
    story.scheduler("CosineAnnealingLR", eta_min=0.01)
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(built(eta_min=0.01), id="below"),
        pytest.param(built(T_max=10), id="by default"),
        pytest.param(built(eta_min=op("*", option("args.lr"), 0.1)), id="a part of the learning rate"),
        pytest.param(built(eta_min=named("eta_min")), id="a floor that is not known"),
        pytest.param(built(lr=named("lr"), eta_min=0.5), id="a learning rate that is not known"),
        pytest.param(built(own=(Literal(1.0),), eta_min=0.5), id="a group above it"),
        pytest.param(built(own=(named("lr"),), eta_min=0.5), id="a group that is not known"),
        pytest.param(built(own=None, eta_min=0.5), id="groups that are not known"),
        pytest.param(built(eta_min=0.5, last_epoch=9), id="a position"),
        pytest.param(built("ReduceLROnPlateau", min_lr=0.5), id="a class whose lowest rate is another thing"),
        pytest.param(built("mine.Schedule", eta_min=0.5), id="a class that is not known"),
        pytest.param(with_parts("StepLR"), id="a warm-up"),
        pytest.param(beside_another(), id="what may be a warm-up"),
        pytest.param(wrapped_by("warmup_scheduler.GradualWarmupScheduler"), id="inside what sets the learning rate"),
        pytest.param(wrapped_by("mine.Schedule"), id="inside what is not known"),
        pytest.param(built(lr=0.0, eta_min=0), id="no learning rate at all"),
        pytest.param(written(), id="a learning rate that was written"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []
