"""LRS101 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Condition, GuardKind
from schedlint.timeline.quantity import Curve, Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, equals, guard, named, op, option

EPOCHS = option("args.epochs")
STEP = Symbol("step", "epoch", role="step")


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def per_batch(cls: str, condition: Condition = (), step: Condition = (), **arguments: Argument) -> Story:
    """A scheduler stepped in the batch loop of a run over `args.epochs`."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments, condition=condition)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize()
        story.step(2, condition=step)
    return story


def per_epoch(cls: str, **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
        story.step(2)
    return story


def test_a_horizon_of_epochs_stepped_per_batch_is_reported() -> None:
    (finding,) = findings(per_batch("CosineAnnealingLR", T_max=EPOCHS))
    assert finding.code == "LRS101"
    assert finding.severity is Severity.ERROR
    assert finding.name == "epoch-scheduler-stepped-per-batch"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(per_epoch("CosineAnnealingLR", T_max=EPOCHS), id="stepped per epoch"),
        pytest.param(
            per_batch("CosineAnnealingLR", T_max=op("*", EPOCHS, named("len(loader)"))), id="a horizon nobody knows"
        ),
        pytest.param(per_batch("CosineAnnealingLR", T_max=named("mystery")), id="an unknown horizon"),
        pytest.param(per_batch("ConstantLR"), id="a horizon that is not given"),
        pytest.param(Story(), id="nothing at all"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []


def test_it_is_reported_where_the_step_stands() -> None:
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    (finding,) = findings(story)
    assert finding.place == story.events[-1].place


def test_the_construction_is_an_essential_place_and_its_identity() -> None:
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    (finding,) = findings(story)
    built = story.objects[1].place
    assert [related.place for related in finding.related if related.essential] == [built]
    assert finding.key == f"{built.path}:{built.row}:{built.column}"


def test_the_message_says_the_horizon_the_cadence_and_what_happens() -> None:
    (finding,) = findings(per_batch("CosineAnnealingLR", T_max=EPOCHS))
    for part in ("`CosineAnnealingLR`", "`T_max=args.epochs`", "once per batch", "instead of"):
        assert part in finding.message


def test_the_message_gives_the_number_where_there_is_one() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("MultiStepLR", milestones=[16, 22])
    with story.range("epoch", 24), story.loader():
        story.optimize()
        story.step(2)
    (finding,) = findings(story)
    assert "over after 22 batches instead of 22 epochs" in finding.message


def test_a_condition_is_said() -> None:
    when = (equals("args.sched", "cos"),)
    (finding,) = findings(per_batch("CosineAnnealingLR", when, when, T_max=EPOCHS))
    assert finding.condition == "args.sched == 'cos'"


def test_a_scheduler_and_a_step_that_exclude_each_other_are_no_mistake() -> None:
    story = per_batch("CosineAnnealingLR", (equals("s", "cos"),), (equals("s", "tst"),), T_max=EPOCHS)
    assert findings(story) == []


def test_a_step_with_a_position_is_not_reported() -> None:
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (named("epoch"),)),))
    assert findings(story) == []


def test_a_step_with_none_is_a_step() -> None:
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (Literal(None),)),))
    assert len(findings(story)) == 1


def test_a_step_per_update_is_too_often_as_well() -> None:
    periodic = guard(GuardKind.PERIODIC, "(i + 1) % accum == 0", 2, named("accum_steps"), 2)
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=EPOCHS)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize(1, periodic)
        story.step(2, periodic)
    (finding,) = findings(story)
    assert "updates" in finding.message


def stepped_with(confidence: Confidence) -> Story:
    """A step per batch of which no more is sure than this."""
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    story.events[-1] = replace(story.events[-1], confidence=confidence)
    return story


def test_a_finding_is_no_surer_than_the_step() -> None:
    (finding,) = findings(stepped_with(Confidence.LIKELY))
    assert finding.confidence is Confidence.LIKELY


def test_what_is_no_more_than_possible_is_not_reported() -> None:
    assert findings(stepped_with(Confidence.POSSIBLE)) == []


def test_two_sites_are_two_findings() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=EPOCHS)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize()
        story.step(2)
        story.step(2)
    assert len({finding.place for finding in findings(story)}) == 2


def test_the_calls_on_the_way_are_related() -> None:
    story = per_batch("CosineAnnealingLR", T_max=EPOCHS)
    call = story.next()
    story.events[-1] = replace(story.events[-1], calls=(call,))
    (finding,) = findings(story)
    assert [related.message for related in finding.related if related.place == call] == ["called from here"]


def test_lines_are_told_from_those_of_other_files_and_left_out_of_notebooks() -> None:
    story = per_batch("MultiStepLR", milestones=[3])
    story.loops[0] = replace(story.loops[0], bound=Literal(4))
    row = story.loops[0].place.row
    for path, words in (
        ("train.py", f"3 is within the 4 epochs of the epoch loop, line {row})"),
        ("main.py", f"3 is within the 4 epochs of the epoch loop, line {row} of main.py)"),
        ("train.ipynb", "3 is within the 4 epochs of the epoch loop)"),
    ):
        story.loops[0] = replace(story.loops[0], place=replace(story.loops[0].place, path=path))
        (finding,) = findings(story)
        assert words in finding.message


@pytest.mark.parametrize(
    ("story", "words"),
    [
        pytest.param(
            per_batch("StepLR", step_size=EPOCHS), "what was to take `args.epochs` epochs", id="a part that recurs"
        ),
        pytest.param(
            per_batch("CyclicLR", step_size_down=EPOCHS),
            "what was to take `args.epochs` epochs",
            id="half a cycle that recurs",
        ),
        pytest.param(
            per_batch("CosineAnnealingLR", T_max=EPOCHS), "over after `args.epochs` batches", id="a whole schedule"
        ),
        pytest.param(
            per_batch("LambdaLR", lr_lambda=Curve(STEP, (op("/", STEP, EPOCHS),))),
            "(its function ends at `args.epochs`; ",
            id="a function",
        ),
        pytest.param(
            per_batch("LambdaLR", lr_lambda=Curve(STEP, (op("//", STEP, EPOCHS),))),
            "takes as many batches as it was to have epochs",
            id="a function without a known end",
        ),
    ],
)
def test_only_a_known_end_is_called_the_end(story: Story, words: str) -> None:
    (finding,) = findings(story)
    assert words in finding.message


@pytest.mark.parametrize(
    ("gamma", "words"),
    [
        pytest.param(0.95, "after 100 batches 0.0059 of it is left", id="5% a batch"),
        pytest.param(0.995, "", id="so little that something is left after 1,000 batches"),
        pytest.param(op("**", 0.1, op("/", 1, 5e6)), "", id="a rate that was worked out for batches"),
        pytest.param(named("args.gamma"), "", id="a rate that is not known"),
        pytest.param(1.5, "", id="a rate that grows"),
    ],
)
def test_a_decay_without_a_horizon_is_too_steep_for_batches(gamma: float | Quantity, words: str) -> None:
    found = findings(per_batch("ExponentialLR", gamma=gamma))
    assert [words in finding.message for finding in found] == ([True] if words else [])
    assert all(finding.severity is Severity.WARNING for finding in found)


def test_a_steep_decay_inside_another_scheduler_is_named() -> None:
    story = Story()
    story.optimizer()
    inner = (story.scheduler("ExponentialLR", gamma=0.9), story.scheduler("ConstantLR", total_iters=4))
    outer = story.scheduler("ChainedScheduler", children=inner)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize()
        story.step(outer)
    (finding,) = findings(story)
    assert finding.message.startswith(
        "`ExponentialLR` in `ChainedScheduler` multiplies the learning rate by 0.9 at every"
    )


def test_a_steep_decay_without_epochs_is_left_alone() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ExponentialLR", gamma=0.95)
    with story.loader():
        story.optimize()
        story.step(2)
    assert findings(story) == []
