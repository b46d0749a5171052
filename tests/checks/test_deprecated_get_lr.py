"""LRS601 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.deprecated_get_lr import deprecated_get_lr as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import EventKind, ObjectKind
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, equals, named


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def asked(cls: str = "StepLR", method: str = "get_lr", **arguments: Argument) -> Story:
    """A scheduler that is asked for its learning rate."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    ask(story, 2, method=method)
    return story


def ask(story: Story, *schedulers: int, method: str = "get_lr") -> None:
    story.happen(EventKind.LR_READ, *schedulers)
    story.events[-1] = replace(story.events[-1], method=method)


def test_a_call_of_get_lr_is_reported_where_it_stands() -> None:
    story = asked()
    (finding,) = findings(story)
    assert (finding.code, finding.name, finding.severity) == ("LRS601", "deprecated-get-lr", Severity.WARNING)
    assert finding.place == story.events[-1].place
    assert finding.key == f"{finding.place.path}:{finding.place.row}:{finding.place.column}"


def test_the_construction_is_said_and_is_not_to_blame() -> None:
    story = asked()
    (finding,) = findings(story)
    assert [(each.place, each.essential) for each in finding.related] == [(story.objects[1].place, False)]


def with_a_method_of_its_own() -> Story:
    story = asked("mine.Schedule")
    story.amend(2, classes=("mine.Schedule", "torch.optim.lr_scheduler.LRScheduler"), own_methods=("get_lr",))
    return story


def of_nobody_knows_whom() -> Story:
    story = Story()
    ask(story)
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(asked(method="get_last_lr"), id="the method that is meant for it"),
        pytest.param(with_a_method_of_its_own(), id="a class with a get_lr of its own"),
        pytest.param(of_nobody_knows_whom(), id="something that is not known"),
        pytest.param(Story(), id="nothing at all"),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    assert findings(story) == []


@pytest.mark.parametrize(
    ("story", "words"),
    [
        pytest.param(
            asked("ExponentialLR", gamma=0.9), "the next value, 0.9 times the learning rate in use", id="a rate"
        ),
        pytest.param(asked("ExponentialLR", gamma=named("x")), "gives the next value", id="an unknown rate"),
        pytest.param(asked("StepLR", gamma=0.5), "has just decayed: to 0.5 times", id="a decay"),
        pytest.param(asked("StepLR"), "has just decayed: to 0.1 times", id="a decay by default"),
        pytest.param(
            asked("CosineAnnealingLR"), "applies the change of the current step once more", id="a recursive schedule"
        ),
        pytest.param(asked("LambdaLR"), "gives the right value, but makes torch warn", id="an absolute schedule"),
        pytest.param(
            asked("mine.Schedule"), "may give another value than the learning rate in use", id="a class unknown"
        ),
    ],
)
def test_the_message_says_what_the_value_is(story: Story, words: str) -> None:
    (finding,) = findings(story)
    assert "`get_lr()` is for" in finding.message
    assert words in finding.message


@pytest.mark.parametrize("cls", ["SequentialLR", "ChainedScheduler", "ReduceLROnPlateau"])
def test_a_class_without_get_lr_is_an_error(cls: str) -> None:
    (finding,) = findings(asked(cls))
    assert finding.message == f"`{cls}` has no `get_lr()`: the call raises NotImplementedError"
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("cls", "confidence"),
    [
        pytest.param("StepLR", Confidence.CERTAIN, id="a class of torch"),
        pytest.param("mine.Schedule", Confidence.LIKELY, id="a class that is not known"),
    ],
)
def test_how_sure_it_is(cls: str, confidence: Confidence) -> None:
    (finding,) = findings(asked(cls))
    assert finding.confidence is confidence


def test_a_finding_is_no_surer_than_the_call() -> None:
    story = asked()
    story.events[-1] = replace(story.events[-1], confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_of_each_scheduler_that_may_be_asked_the_worst_is_told_first() -> None:
    story = Story()
    story.optimizer()
    schedulers = (story.scheduler("StepLR"), story.scheduler("ReduceLROnPlateau"))
    ask(story, *schedulers)
    found = findings(story)
    assert [finding.severity for finding in found] == [Severity.ERROR, Severity.WARNING]
    assert len({finding.key for finding in found}) == 1


def test_a_scheduler_that_was_handed_in_may_be_asked_too() -> None:
    story = Story()
    story.make(ObjectKind.SCHEDULER, "scheduler", (), handed_in=True)
    ask(story, 1)
    (finding,) = findings(story)
    assert finding.confidence is Confidence.LIKELY


def test_the_condition_is_said() -> None:
    story = asked()
    story.events[-1] = replace(story.events[-1], condition=(equals("args.verbose", 1),))
    (finding,) = findings(story)
    assert finding.condition == "args.verbose == 1"
