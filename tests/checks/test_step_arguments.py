"""LRS603, LRS604, LRS605, LRS711 and LRS712 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.deprecated_step_epoch import deprecated_step_epoch
from schedlint.checks.metric_passed_to_non_plateau import metric_passed_to_non_plateau
from schedlint.checks.plateau_mode_mismatch import plateau_mode_mismatch
from schedlint.checks.plateau_relative_negative import plateau_relative_negative
from schedlint.checks.plateau_step_without_metric import plateau_step_without_metric
from schedlint.checks.rule import Rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.remedies import DropArgument, SetArgument
from schedlint.timeline.model import Event, Guard, GuardKind, Iterated, Subject
from schedlint.timeline.quantity import Literal, Quantity, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, equals, guard, index, named, op, option

POSITION, METRIC, EMPTY = deprecated_step_epoch, metric_passed_to_non_plateau, plateau_step_without_metric
MODE, NEGATIVE = plateau_mode_mismatch, plateau_relative_negative


def findings(rule: Rule, story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def stepped(cls: str, value: Value = None, *guards: Guard, **arguments: Argument) -> Story:
    """A scheduler that is stepped once, with an argument if there is one."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    step(story, value, *guards)
    return story


def trained(*, early: bool = False) -> Story:
    """A scheduler that is told the epoch, behind the training of each or before it."""
    story = Story()
    story.optimizer()
    story.schedule("StepLR", {"step_size": 30})
    with story.range("epoch", 90) as epochs:
        if early:
            story.step_with(2, index(epochs, "epoch"))
        with story.loader():
            story.optimize()
        if not early:
            story.step_with(2, index(epochs, "epoch"))
    return story


def step(story: Story, value: Value, *guards: Guard) -> Event:
    """A call of `step()` on the scheduler, with an argument if there is one."""
    if value is not None:
        return story.step_with(2, value, *guards)
    story.events[-1] = replace(story.step(2, *guards), method="step")
    return story.events[-1]


def by_keyword(cls: str, keyword: str, value: Quantity) -> Story:
    story = stepped(cls, value)
    (bound,) = story.events[-1].arguments
    story.events[-1] = replace(story.events[-1], arguments=(replace(bound, parameter=keyword),))
    return story


def of_two(first: str, second: str, value: Value = None, *guards: Guard) -> Story:
    """One of two schedulers is stepped, as an option says."""
    story = Story()
    story.optimizer()
    chosen = equals("args.sched", "a")
    story.scheduler(first, condition=(chosen,))
    story.scheduler(second, condition=(replace(chosen, positive=False),))
    story.events[-1] = replace(step(story, value, *guards), subjects=(Subject(2), Subject(3)))
    return story


def amended(story: Story, **changes: object) -> Story:
    story.amend(2, **changes)
    return story


def attempted(story: Story) -> Story:
    story.events[-1] = replace(story.events[-1], attempted=True)
    return story


def in_epochs(given: int, after: bool, first: int | None = 0, cls: str = "StepLR") -> Story:
    """A scheduler that is given the counter of the epoch loop plus a number, before or after the epoch's training."""
    story = Story()
    story.optimizer()
    story.scheduler(cls)
    with story.loop("epoch", "range(10)", Iterated.RANGE, bound=10) as epochs:
        story.loops[-1] = replace(story.loops[-1], first=None if first is None else Literal(first))
        counter: Quantity = index(epochs, "epoch")
        position = counter if not given else op("+", counter, given)
        if not after:
            story.step_with(2, position)
        with story.loop("x, y", "train_loader", Iterated.LOADER, length=LOADER_LENGTH):
            story.optimize()
        if after:
            story.step_with(2, position)
    return story


class TestPosition:
    def test_it_is_reported_where_it_is_given(self) -> None:
        story = stepped("StepLR", named("epoch"))
        (finding,) = findings(POSITION, story)
        assert (finding.place, finding.severity) == (story.events[-1].place, Severity.INFO)
        assert finding.confidence is Confidence.CERTAIN
        assert finding.remedy is None

    def test_the_counter_of_its_epochs_is_left_out(self) -> None:
        story = trained()
        (finding,) = findings(POSITION, story)
        assert finding.remedy is not None
        assert finding.remedy.changes == (DropArgument(finding.place, "0", 0),)

    def test_nothing_is_left_out_where_something_hangs_on_the_position(self) -> None:
        early = trained(early=True)
        assert [each.remedy for each in findings(POSITION, early)] == [None]
        resumed = trained()
        resumed.load(1, "optimizer")
        assert [each.remedy for each in findings(POSITION, resumed)] == [None]

    @pytest.mark.parametrize(
        "story",
        [
            pytest.param(stepped("StepLR"), id="no argument"),
            pytest.param(stepped("CosineAnnealingWarmRestarts", named("epoch")), id="a class that is to be told"),
            pytest.param(stepped("timm.scheduler.CosineLRScheduler", named("epoch")), id="a class that must be told"),
            pytest.param(stepped("ReduceLROnPlateau", named("epoch")), id="a class that takes a metric"),
            pytest.param(amended(stepped("StepLR", named("epoch")), own_methods=("step",)), id="a step of its own"),
            pytest.param(amended(stepped("StepLR", named("epoch")), classes=()), id="a class that is not known"),
            pytest.param(attempted(stepped("StepLR", named("epoch"))), id="an error that is expected"),
            pytest.param(by_keyword("StepLR", "metrics", named("loss")), id="a keyword that is no position"),
            pytest.param(
                stepped("StepLR", Symbol("e", "epoch", role="parameter", default=Literal(None))),
                id="None unless it is given",
            ),
            pytest.param(
                of_two("StepLR", "ReduceLROnPlateau", named("loss"), guard(GuardKind.UNKNOWN)),
                id="a metric for another one",
            ),
        ],
    )
    def test_what_is_not_reported(self, story: Story) -> None:
        assert findings(POSITION, story) == []

    def test_a_composite_raises(self) -> None:
        (finding,) = findings(POSITION, stepped("SequentialLR", named("epoch")))
        assert finding.severity is Severity.ERROR
        assert "raises TypeError" in finding.message

    def test_a_class_known_by_its_base_is_likely(self) -> None:
        story = amended(stepped("StepLR", named("epoch")), classes=(), base="torch.optim.lr_scheduler.LRScheduler")
        (finding,) = findings(POSITION, story)
        assert finding.confidence is Confidence.LIKELY

    @pytest.mark.parametrize("name", ["val_loss", "x", "metrics"])
    def test_what_may_be_a_metric_of_a_class_that_may_take_one_is_silent(self, name: str) -> None:
        story = amended(stepped("StepLR", named(name)), classes=(), base="torch.optim.lr_scheduler.LRScheduler")
        assert findings(POSITION, story) == []

    def test_one_of_several_that_is_never_built_there_is_silent(self) -> None:
        story = stepped("StepLR", named("epoch"))
        chosen = equals("args.sched", "a")
        story.amend(2, condition=(chosen,))
        story.events[-1] = replace(story.events[-1], condition=(replace(chosen, positive=False),))
        assert findings(POSITION, story) == []

    @pytest.mark.parametrize(
        ("story", "words"),
        [
            pytest.param(in_epochs(0, after=False), "here the learning rate is the right one", id="at the top"),
            pytest.param(
                in_epochs(1, after=True), "here the learning rate is the right one", id="plus one, at the end"
            ),
            pytest.param(in_epochs(0, after=True), "1 behind", id="at the end"),
            pytest.param(in_epochs(1, after=False), "1 ahead", id="plus one, at the top"),
            pytest.param(in_epochs(0, after=True, first=1), "right one", id="from 1, at the end"),
            pytest.param(in_epochs(0, after=True, first=None), "that of the position", id="from nobody knows where"),
            pytest.param(in_epochs(0, after=True, cls="MultiplicativeLR"), "once more", id="a class without a formula"),
            pytest.param(stepped("StepLR", named("n")), "that of the position", id="another number"),
        ],
    )
    def test_it_says_what_the_position_does(self, story: Story, words: str) -> None:
        (finding,) = findings(POSITION, story)
        assert words in finding.message


class TestMetric:
    @pytest.mark.parametrize(
        ("story", "words"),
        [
            pytest.param(stepped("StepLR", named("val_loss")), "does not decay before", id="a schedule with decays"),
            pytest.param(stepped("ExponentialLR", named("acc"), gamma=0.9), "0.964 times", id="a rate"),
            pytest.param(stepped("CosineAnnealingLR", named("loss")), "that of epoch 0.35", id="another schedule"),
            pytest.param(
                stepped("CosineAnnealingWarmRestarts", named("loss")), "epoch 0.35", id="one that takes positions"
            ),
            pytest.param(stepped("SequentialLR", named("loss")), "raises TypeError", id="a composite"),
        ],
    )
    def test_it_says_what_becomes_of_the_learning_rate(self, story: Story, words: str) -> None:
        (finding,) = findings(METRIC, story)
        assert words in finding.message
        assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)

    def test_where_another_one_takes_it_it_is_likely(self) -> None:
        (finding,) = findings(METRIC, of_two("StepLR", "ReduceLROnPlateau", named("loss")))
        assert finding.confidence is Confidence.LIKELY

    @pytest.mark.parametrize(
        "story",
        [
            pytest.param(stepped("ReduceLROnPlateau", named("loss")), id="a class that takes a metric"),
            pytest.param(stepped("StepLR", named("epoch")), id="a position"),
            pytest.param(stepped("timm.scheduler.CosineLRScheduler", named("loss")), id="a library of another kind"),
            pytest.param(by_keyword("StepLR", "metrics", named("loss")), id="a keyword of a wrapper"),
            pytest.param(attempted(stepped("StepLR", named("loss"))), id="an error that is expected"),
            pytest.param(amended(stepped("StepLR", named("loss")), own_methods=("step",)), id="a step of its own"),
            pytest.param(
                amended(stepped("StepLR", named("loss")), classes=(), base="torch.optim.lr_scheduler.LRScheduler"),
                id="a class that may be any",
            ),
            pytest.param(
                of_two("StepLR", "ReduceLROnPlateau", named("loss"), guard(GuardKind.UNKNOWN)), id="told apart somehow"
            ),
        ],
    )
    def test_what_is_not_reported(self, story: Story) -> None:
        assert findings(METRIC, story) == []


class TestNoMetric:
    def test_alone_it_is_certain(self) -> None:
        (finding,) = findings(EMPTY, stepped("ReduceLROnPlateau"))
        assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)

    def test_among_others_it_is_likely_and_says_when(self) -> None:
        (finding,) = findings(EMPTY, of_two("ReduceLROnPlateau", "StepLR"))
        assert finding.confidence is Confidence.LIKELY
        assert "where args.sched == 'a'" in finding.message

    @pytest.mark.parametrize(
        "story",
        [
            pytest.param(stepped("ReduceLROnPlateau", named("loss")), id="with a metric"),
            pytest.param(stepped("StepLR"), id="a class that needs none"),
            pytest.param(by_keyword("ReduceLROnPlateau", "metrics", named("loss")), id="with a metric by keyword"),
            pytest.param(by_keyword("ReduceLROnPlateau", "**", named("kwargs")), id="with arguments nobody knows"),
            pytest.param(attempted(stepped("ReduceLROnPlateau")), id="an error that is expected"),
            pytest.param(amended(stepped("ReduceLROnPlateau"), own_methods=("step",)), id="a step of its own"),
            pytest.param(
                of_two("ReduceLROnPlateau", "StepLR", None, guard(GuardKind.UNKNOWN)), id="told apart somehow"
            ),
        ],
    )
    def test_what_is_not_reported(self, story: Story) -> None:
        assert findings(EMPTY, story) == []


class TestMode:
    def test_it_is_reported_at_the_construction(self) -> None:
        story = stepped("ReduceLROnPlateau", named("val_acc"), patience=4, factor=0.5)
        (finding,) = findings(MODE, story)
        assert finding.place == story.objects[1].place
        assert "multiplied by 0.5 every 5 steps" in finding.message
        assert finding.remedy is not None
        assert finding.remedy.changes == (SetArgument(finding.place, "mode", '"max"', 1),)

    def test_a_default_is_named(self) -> None:
        (finding,) = findings(MODE, stepped("ReduceLROnPlateau", named("loss"), mode=option("args.mode", "max")))
        assert "`mode='max'`, the default of `args.mode`, waits for `loss` to rise" in finding.message

    @pytest.mark.parametrize(
        "story",
        [
            pytest.param(stepped("ReduceLROnPlateau", named("loss")), id="a loss by default"),
            pytest.param(stepped("ReduceLROnPlateau", named("acc"), mode="max"), id="a score to rise"),
            pytest.param(stepped("ReduceLROnPlateau", op("neg", named("acc"))), id="a score with its sign turned"),
            pytest.param(stepped("ReduceLROnPlateau", named("acc"), mode=named("mode")), id="a mode that is not known"),
            pytest.param(stepped("ReduceLROnPlateau", named("acc"), mode=("min", "max")), id="one of two modes"),
            pytest.param(stepped("ReduceLROnPlateau", named("x")), id="a metric that says nothing"),
            pytest.param(stepped("ReduceLROnPlateau", named("acc"), mode="auto"), id="a mode that raises"),
            pytest.param(stepped("StepLR", named("acc")), id="a class without a mode"),
            pytest.param(stepped("ReduceLROnPlateau"), id="no metric"),
        ],
    )
    def test_what_is_not_reported(self, story: Story) -> None:
        assert findings(MODE, story) == []


class TestNegative:
    @pytest.mark.parametrize("arguments", [{}, {"threshold_mode": "rel"}, {"mode": "max"}])
    def test_a_metric_below_zero_with_a_relative_threshold(self, arguments: dict[str, Argument]) -> None:
        story = stepped("ReduceLROnPlateau", op("neg", named("acc")), **arguments)
        assert len(findings(NEGATIVE, story)) == 1

    @pytest.mark.parametrize(
        "story",
        [
            pytest.param(stepped("ReduceLROnPlateau", named("acc")), id="above zero"),
            pytest.param(stepped("ReduceLROnPlateau", op("-", 1, named("acc"))), id="a difference"),
            pytest.param(
                stepped("ReduceLROnPlateau", op("neg", named("acc")), threshold_mode="abs"), id="an absolute threshold"
            ),
            pytest.param(
                stepped("ReduceLROnPlateau", op("neg", named("acc")), threshold_mode=named("x")), id="any threshold"
            ),
            pytest.param(stepped("StepLR", op("neg", named("acc"))), id="a class without a threshold"),
        ],
    )
    def test_what_is_not_reported(self, story: Story) -> None:
        assert findings(NEGATIVE, story) == []
