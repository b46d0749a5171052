"""Turns, their local time, and ways from one factor to another, on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.composites import Climb, Turn, climb, no_steps, side_by_side, turns
from schedlint.timeline.model import Bound, Confidence, ObjectKind
from schedlint.timeline.quantity import Items, Length, Literal, spelled
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Story, Value, equals, named, op, option
from tests.timeline.composed import chain, child, composite, linear, sequence

# --- turns ------------------------------------------------------------------------------------------------------------


def found(story: Story) -> tuple[Turn, ...]:
    return turns(*composite(story))


def test_each_scheduler_has_a_turn_that_ends_where_the_next_one_begins() -> None:
    first, second, third = found(
        sequence(linear(5), child("StepLR", step_size=30), child("ExponentialLR", gamma=0.9), milestones=[5, 65])
    )
    assert [each.begins for each in (first, second, third)] == [Literal(0), Literal(5), Literal(65)]
    assert [each.ends for each in (first, second, third)] == [Literal(5), Literal(65), None]
    assert [each.lasts for each in (first, second, third)] == [Literal(5), Literal(60), None]
    assert [each.schedulers[0].classes[0].rpartition(".")[2] for each in (first, second, third)] == [
        "LinearLR", "StepLR", "ExponentialLR",
    ]  # fmt: skip


def test_a_turn_lasts_as_long_as_its_symbols_say() -> None:
    warm, held = named("warm"), named("held")
    turn = found(
        sequence(linear(warm), linear(held), child("StepLR", step_size=9), milestones=[warm, op("+", warm, held)])
    )[1]
    assert turn.lasts is not None
    assert spelled(turn.lasts) == "held"


@pytest.mark.parametrize(("step", "local"), [(0, None), (4, None), (5, 0), (6, 1), (64, 59), (65, None), (900, None)])
def test_a_scheduler_counts_from_the_beginning_of_its_turn(step: int, local: float | None) -> None:
    story = sequence(linear(5), child("StepLR", step_size=30), child("ExponentialLR", gamma=0.9), milestones=[5, 65])
    assert found(story)[1].local(step) == local


def test_the_last_turn_has_no_end() -> None:
    assert found(sequence(linear(5), child("StepLR", step_size=30), milestones=[5]))[-1].local(1000) == 995


def test_where_a_milestone_is_not_known_nothing_is_said_of_local_time() -> None:
    first, last = found(sequence(linear(5), child("StepLR", step_size=30), milestones=[named("warm")]))
    assert first.local(3) is None
    assert last.local(3) is None


def test_alternatives_share_a_turn_unless_they_contradict_the_sequence() -> None:
    one = child("StepLR", (equals("kind", "step"),), step_size=30)
    other = child("CosineAnnealingLR", (equals("kind", "cosine"),), T_max=30)
    story = sequence(linear(5), [one, other], milestones=[5])
    assert len(found(story)[1].schedulers) == 2
    story.amend(len(story.objects), condition=(equals("kind", "step"),))
    assert [each.classes for each in found(story)[1].schedulers] == [("torch.optim.lr_scheduler.StepLR",)]


def test_what_is_not_known_whole_has_no_turns() -> None:
    story = sequence(linear(5), child("StepLR", step_size=30), milestones=[5])
    story.amend(len(story.objects), arguments=(Bound("milestones", (Items((Literal(5),), whole=False),)),))
    assert found(story) == ()
    story.amend(len(story.objects), arguments=(Bound("milestones", (named("milestones"),)),))
    assert found(story) == ()
    story = sequence(linear(5), child("StepLR", step_size=30), milestones=[5])
    story.amend(len(story.objects), turns=())
    assert found(story) == ()


def test_more_milestones_than_there_are_turns_are_no_sequence_that_runs() -> None:
    assert found(sequence(linear(5), child("StepLR", step_size=30), milestones=[5, 9])) == ()


def test_schedulers_side_by_side_have_no_turns() -> None:
    story = chain(linear(5), child("StepLR", step_size=30))
    assert found(story) == ()
    names = [[each.classes[0].rpartition(".")[2] for each in place] for place in side_by_side(*composite(story))]
    assert names == [["LinearLR"], ["StepLR"]]
    assert side_by_side(*composite(sequence(linear(5), child("StepLR", step_size=30), milestones=[5]))) == ()


# --- ways from one factor to another ----------------------------------------------------------------------------------


def way(cls: str, **arguments: Value) -> Climb | None:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    return climb(*composite(story))


def going(cls: str, **arguments: Value) -> Climb:
    made = way(cls, **arguments)
    assert made is not None
    return made


@pytest.mark.parametrize(("step", "factor"), [(0, 0.1), (3, 0.55), (6, 1), (60, 1)])
def test_a_straight_way(step: float, factor: float) -> None:
    assert going("LinearLR", start_factor=0.1, total_iters=6).at(step) == pytest.approx(factor)


@pytest.mark.parametrize(("step", "factor"), [(0, 0.1), (5, 0.1), (6, 1)])
def test_a_way_that_is_gone_all_at_once(step: float, factor: float) -> None:
    made = going("ConstantLR", factor=0.1, total_iters=6)
    assert made.holds
    assert made.at(step) == factor


@pytest.mark.parametrize("step", [0, 1, 100])
def test_a_way_of_no_steps_is_never_gone(step: float) -> None:
    assert going("LinearLR", start_factor=0.1, total_iters=0).at(step) == 0.1


def test_what_is_left_out_is_what_torch_takes() -> None:
    made = going("LinearLR")
    assert made.start == pytest.approx(1 / 3)
    assert (made.end, made.steps) == (1, Literal(5))


def test_only_a_way_up_to_all_of_the_learning_rate_rises() -> None:
    assert going("LinearLR", total_iters=5).rises
    assert going("LinearLR", start_factor=named("start"), total_iters=5).rises
    assert not going("LinearLR", start_factor=1.0, end_factor=0.1, total_iters=5).rises
    assert not going("LinearLR", start_factor=1.0, total_iters=5).rises


def test_defaults_of_options_are_likely() -> None:
    made = going("LinearLR", start_factor=option("args.start", 0.5), total_iters=option("args.steps", 10))
    assert made.confidence is Confidence.LIKELY
    assert made.at(5) == 0.75


def test_other_schedules_are_no_such_way() -> None:
    assert way("CosineAnnealingLR", T_max=5) is None
    assert way("LinearLR", **{"**": named("config")}) is None


# --- ways without a step ----------------------------------------------------------------------------------------------


def length(steps: Value) -> tuple[float | None, str] | None:
    story = Story()
    story.optimizer()
    story.scheduler("LinearLR", total_iters=steps)
    reading, scheduler = composite(story)
    made = climb(reading, scheduler)
    assert made is not None
    known = no_steps(reading, made)
    return None if known is None else (known.number, known.source.name if known.source else "")


@pytest.mark.parametrize(
    ("steps", "known"),
    [
        pytest.param(0, (0, ""), id="none"),
        pytest.param(0.5, (0.5, ""), id="a part of one"),
        pytest.param(op("*", 0, LOADER_LENGTH), (0, ""), id="none, times something"),
        pytest.param(option("args.warmup", 0), (0, "args.warmup"), id="none by default"),
        pytest.param(op("*", option("args.warmup", 0), LOADER_LENGTH), (0, "args.warmup"), id="no epochs by default"),
        pytest.param(1, None, id="one"),
        pytest.param(-1, None, id="a number that stands for something else"),
        pytest.param(option("args.warmup", 5), None, id="some by default"),
        pytest.param(named("warmup"), None, id="a number that is not known"),
        pytest.param(op("max", 1, option("args.warmup", 0)), None, id="one at least"),
        pytest.param(op("or", option("args.warmup", 0), 1), None, id="another number instead of none"),
        pytest.param(op("min", 1000, op("-", LOADER_LENGTH, 1)), None, id="a loader that is not known"),
    ],
)
def test_how_long_a_way_without_a_step_is(steps: Value, known: tuple[float, str] | None) -> None:
    assert length(steps) == known


@pytest.mark.parametrize(("batch_size", "known"), [("all", 0), ("some", None)])
def test_a_loader_with_one_batch_has_none_to_warm_up_in(batch_size: str, known: float | None) -> None:
    story = Story()
    story.optimizer()
    story.make(ObjectKind.DATASET, "dataset", ("torch.utils.data.TensorDataset",))
    size = Length("dataset", "dataset", 2, "len:2") if batch_size == "all" else Literal(8)
    given = (Bound("dataset", (named("dataset"),), (2,)), Bound("batch_size", (size,)))
    story.make(ObjectKind.LOADER, "loader", ("torch.utils.data.DataLoader",), arguments=given)
    batches = Length("loader", "loader", 3, "len:3")
    story.scheduler("LinearLR", total_iters=op("min", 1000, op("-", batches, 1)))
    reading = read(story.timeline(), load())
    made = climb(reading, reading.timeline.schedulers()[-1])
    assert made is not None
    found = no_steps(reading, made)
    assert (found.number if found else None) == known
