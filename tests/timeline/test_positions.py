"""Positions and horizons that do not fit what is left of a training, on timelines written by hand."""

from __future__ import annotations

from schedlint.checks.checkpoint_before_step import checkpoint_before_step
from schedlint.checks.horizon_frozen_in_checkpoint import horizon_frozen_in_checkpoint
from schedlint.checks.last_epoch_off_by_one import last_epoch_off_by_one
from schedlint.checks.rule import Rule
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import Part
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, named, op, option

START = named("start_epoch")
EPOCH = Symbol("epoch", "epoch", role="index", loop=1)


def findings(rule: Rule, story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def positioned(last_epoch: Argument, start: Value = START) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("LambdaLR", last_epoch=last_epoch)
    with story.range("epoch", 90, start):
        with story.loader():
            story.optimize()
        story.step(2)
    return story


def test_the_first_round_is_not_the_last_one_that_was_done() -> None:
    story = positioned(START)
    (finding,) = findings(last_epoch_off_by_one, story)
    assert (finding.code, finding.severity, finding.place) == ("LRS504", Severity.INFO, story.objects[1].place)
    assert f"the loop of line {story.loops[0].place.row} begins with" in finding.message


def test_one_less_is_right() -> None:
    assert findings(last_epoch_off_by_one, positioned(op("-", START, 1))) == []


def test_a_loop_that_begins_elsewhere_says_nothing() -> None:
    assert findings(last_epoch_off_by_one, positioned(START, start=0)) == []


def saved(*, first: bool, value: Value) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    with story.range("epoch", 90):
        with story.loader():
            story.optimize()
        if not first:
            story.step(2)
        epoch = Part(("epoch",), value=op("+", EPOCH, value) if value else EPOCH)
        story.save(story.state(2, "scheduler"), epoch)
        if first:
            story.step(2)
    return story


def test_a_round_that_is_counted_as_done_is_saved_before_its_step() -> None:
    story = saved(first=True, value=1)
    (finding,) = findings(checkpoint_before_step, story)
    assert (finding.code, finding.severity, finding.place) == ("LRS509", Severity.INFO, story.events[-2].place)


def test_a_round_that_is_repeated_may_be_saved_before_its_step() -> None:
    assert findings(checkpoint_before_step, saved(first=True, value=None)) == []


def test_a_file_behind_the_step_has_it() -> None:
    assert findings(checkpoint_before_step, saved(first=False, value=1)) == []


def loaded(horizon: Argument) -> list[Finding]:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=horizon)
    event = story.load(2, "scheduler")
    with story.range("epoch", option("args.epochs", 90)):
        with story.loader():
            story.optimize()
        story.step(2)
    found = findings(horizon_frozen_in_checkpoint, story)
    assert all(each.place == event.place for each in found)
    return found


def test_a_horizon_that_is_an_option_comes_back_with_the_state() -> None:
    (finding,) = loaded(option("args.epochs", 90))
    assert (finding.code, finding.severity) == ("LRS510", Severity.INFO)
    assert "`args.epochs` has no effect" in finding.message


def test_a_number_in_the_program_is_the_same_in_each_run() -> None:
    assert loaded(90) == []


def test_a_state_that_is_not_loaded_brings_nothing() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=option("args.epochs", 90))
    assert findings(horizon_frozen_in_checkpoint, story) == []
