"""LRS201 on timelines written by hand; when a scheduler is never stepped is in tests/timeline/test_absence.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.model import EventKind
from schedlint.timeline.quantity import Curve, Literal, Symbol
from schedlint.timeline.readings import read
from schedlint.timeline.understood import Understood
from tests.timeline.build import Argument, Story, Value, equals, named, op

STEP = Symbol("step", "step", role="step")


def findings(*stories: Story) -> list[Finding]:
    readings = [read(story.timeline(), load()) for story in stories]
    return [finding for view in rule.over(Understood(tuple(readings))) for finding in rule.check(view)]


def trained(cls: str = "StepLR", lr: Value = 0.1, **arguments: Argument) -> Story:
    """A scheduler that is never stepped, and an optimizer that is."""
    story = Story()
    story.optimizer(lr=lr)
    story.schedule(cls, arguments)
    with story.range("epoch", 9), story.loader():
        story.optimize()
    return story


def called(name: str, *, contained: bool = False) -> Story:
    story = trained()
    story.amend(2, name=name, contained=contained)
    return story


def test_a_scheduler_that_is_never_stepped_is_reported_where_it_is_built() -> None:
    story = trained()
    (finding,) = findings(story)
    assert (finding.code, finding.name) == ("LRS201", "scheduler-never-stepped")
    assert finding.place == story.objects[1].place
    assert finding.key == f"{finding.place.path}:{finding.place.row}:{finding.place.column}"


def test_a_step_of_the_optimizer_is_related() -> None:
    story = trained()
    (finding,) = findings(story)
    assert [each.place for each in finding.related if not each.essential] == [story.events[-1].place]
    assert f"(line {story.events[-1].place.row})" in finding.message


def test_a_scheduler_that_is_stepped_is_not_reported() -> None:
    story = trained()
    story.step(2)
    assert findings(story) == []


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(called("scheduler"), 1, id="in a variable"),
        pytest.param(called("self.scheduler"), 1, id="in an attribute"),
        pytest.param(called("", contained=True), 1, id="in a list"),
        pytest.param(called("_", contained=True), 1, id="in a list, after it was called nothing"),
        pytest.param(called(""), 0, id="nowhere that was seen"),
        pytest.param(called("_"), 0, id="where nobody looks"),
    ],
)
def test_only_what_is_kept_is_reported(story: Story, expected: int) -> None:
    assert len(findings(story)) == expected


@pytest.mark.parametrize(
    ("story", "words", "severity"),
    [
        pytest.param(trained(), "the learning rate stays 0.1", Severity.WARNING, id="one that leaves it as it is"),
        pytest.param(
            trained(lr=None), "stays what the optimizer was given", Severity.WARNING, id="as it is, whatever that is"
        ),
        pytest.param(
            trained("LinearLR", start_factor=0.01),
            "building it multiplies the learning rate by 0.01, so that it stays at 0.001",
            Severity.ERROR,
            id="one that multiplies it",
        ),
        pytest.param(
            trained("LinearLR", lr=named("lr")),
            "building it multiplies the learning rate by 0.333, where it stays",
            Severity.ERROR,
            id="one that multiplies what is not known",
        ),
        pytest.param(
            trained("OneCycleLR", max_lr=0.1),
            "building it sets the learning rate to 0.004, where it stays",
            Severity.ERROR,
            id="one that sets it",
        ),
        pytest.param(
            trained("OneCycleLR", max_lr=named("x")),
            "the learning rate stays where the schedule begins",
            Severity.ERROR,
            id="one that sets it to who knows",
        ),
        pytest.param(
            trained("LambdaLR", lr_lambda=Curve(STEP, (op("/", STEP, 500),))),
            "the learning rate is 0 from the start and stays 0, so nothing is learned",
            Severity.ERROR,
            id="a warm-up from nothing",
        ),
        pytest.param(
            trained("LambdaLR", lr_lambda=Curve(STEP, (Literal(1),))),
            "the learning rate stays 0.1",
            Severity.WARNING,
            id="a function that begins with one",
        ),
        pytest.param(
            trained("mine.Schedule"),
            "the learning rate stays where the schedule begins",
            Severity.WARNING,
            id="one of which nothing is known",
        ),
    ],
)
def test_the_message_says_where_the_learning_rate_stays(story: Story, words: str, severity: Severity) -> None:
    (finding,) = findings(story)
    assert finding.message.endswith(words)
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("dead", "alive", "words"),
    [
        pytest.param("StepLR", "CosineAnnealingLR", "it has no effect", id="one that changes nothing"),
        pytest.param("LinearLR", "LambdaLR", "it has no effect", id="one that is overwritten"),
        pytest.param(
            "LinearLR", "CosineAnnealingLR", "(times 0.333), and `CosineAnnealingLR` goes on from there", id="a factor"
        ),
    ],
)
def test_beside_another_schedule_the_message_says_what_the_two_do(dead: str, alive: str, words: str) -> None:
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler(dead)
    other = story.scheduler(alive)
    with story.range("epoch", 9):
        story.optimize()
        story.step(other)
    (finding,) = findings(story)
    assert words in finding.message


@pytest.mark.parametrize(
    ("built", "stepped"),
    [
        pytest.param("one-cycle", "one-cycle", id="it is built in another"),
        pytest.param("cosine", "one-cycle", id="it is stepped in another"),
    ],
)
def test_a_schedule_of_another_configuration_has_no_part_in_it(built: str, stepped: str) -> None:
    story = Story()
    story.optimizer(lr=0.1)
    story.scheduler("CosineAnnealingLR", condition=(equals("schedule", "cosine"),))
    other = story.scheduler("OneCycleLR", condition=(equals("schedule", built),))
    with story.range("epoch", 9):
        story.optimize()
        story.step(other, condition=(equals("schedule", stepped),))
    finding = next(iter(findings(story)))
    assert finding.message.endswith("the learning rate stays 0.1")


def test_what_is_no_more_than_likely_is_a_warning() -> None:
    story = trained("LinearLR")
    story.amend(2, confidence=Confidence.LIKELY)
    (finding,) = findings(story)
    assert (finding.confidence, finding.severity) == (Confidence.LIKELY, Severity.WARNING)


def test_the_condition_is_said() -> None:
    story = trained()
    story.amend(2, condition=(equals("args.sched", "step"),))
    (finding,) = findings(story)
    assert finding.condition == "args.sched == 'step'"


def test_a_construction_that_several_programs_make_is_one_finding() -> None:
    assert len(findings(trained(), trained())) == 1


def test_beside_a_learning_rate_that_is_set_by_hand_it_only_has_no_effect() -> None:
    story = trained("OneCycleLR", max_lr=0.1, total_steps=99)
    written = story.happen(EventKind.LR_WRITTEN, 1)
    (finding,) = findings(story)
    assert f"it has no effect, and the learning rate is set by hand (line {written.place.row})" in finding.message
    assert finding.severity is Severity.WARNING


def test_an_attribute_that_no_step_reads_sets_nothing_by_hand() -> None:
    story = trained("OneCycleLR", max_lr=0.1, total_steps=99)
    story.events[-1] = replace(story.happen(EventKind.LR_WRITTEN, 1), method="lr")
    (finding,) = findings(story)
    assert "by hand" not in finding.message
    assert finding.severity is Severity.ERROR
