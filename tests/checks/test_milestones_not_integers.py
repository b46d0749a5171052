"""LRS701 on timelines written by hand; what is no number of steps is in tests/timeline/test_misfits.py."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.milestones_not_integers import milestones_not_integers as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.remedies import WrapArgument
from schedlint.timeline.quantity import Items, Literal, Text
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import Argument, Story, Value, named, op, option, place, quantity

MILESTONES = replace(option("args.milestones", [30, 60]), text=Text.CHARACTERS, place=place(90))
STRINGS = Items((Literal("30"), Literal("60")))


def given(cls: str, **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_a_string_is_an_error_at_the_construction() -> None:
    story = given("MultiStepLR", milestones=STRINGS)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert finding.message.startswith("`MultiStepLR` never decays: its `milestones` holds '30', a string")


@pytest.mark.parametrize(
    ("cls", "arguments", "words"),
    [
        pytest.param("MultiStepLR", {"milestones": quantity([22.5, 30])}, "never decays at 22.5: ", id="one milestone"),
        pytest.param("MultiStepLR", {"milestones": quantity([7.5, 9.5])}, "never decays at 7.5 and 9.5: ", id="both"),
        pytest.param("StepLR", {"step_size": 7.5}, "decays every 15 steps, as only", id="every second multiple"),
        pytest.param("StepLR", {"step_size": 0.5}, "decays at every step, as only", id="every whole number"),
        pytest.param("StepLR", {"step_size": 10 / 3}, "never decays, as only", id="no multiple at all"),
        pytest.param("StepLR", {"step_size": "30"}, "raises TypeError when it is stepped: its", id="a divisor"),
        pytest.param("ConstantLR", {"total_iters": 2.5}, "never lifts its factor at 2.5: ", id="a constant factor"),
        pytest.param(
            "SequentialLR",
            {"milestones": quantity([2.5])},
            "never begins the next schedule from its own start at 2.5: ",
            id="schedules in a row",
        ),
    ],
)
def test_the_message_says_what_becomes_of_the_schedule(cls: str, arguments: dict[str, Value], words: str) -> None:
    (finding,) = findings(given(cls, **arguments))
    assert finding.message.startswith(f"`{cls}` {words}")


def test_a_default_is_an_error_that_is_likely() -> None:
    half = op("/", replace(option("args.epochs", 15), place=place(91)), 2)
    (finding,) = findings(given("MultiStepLR", milestones=Items((half,))))
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.LIKELY)
    assert "never decays at 7.5" in finding.message
    assert "(`args.epochs / 2` by default)" in finding.message
    assert place(91) in [related.place for related in finding.related]


def test_text_of_the_command_line_is_a_warning() -> None:
    (finding,) = findings(given("MultiStepLR", milestones=MILESTONES))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "where `args.milestones` is given" in finding.message
    assert "a list of characters" in finding.message
    assert finding.remedy is None


def test_a_part_of_what_is_not_known_is_a_warning() -> None:
    (finding,) = findings(given("MultiStepLR", milestones=Items((op("/", named("epochs"), 2),))))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "never decays at `epochs / 2` unless that is a whole number" in finding.message


def test_one_of_several_values_is_no_more_than_likely() -> None:
    (finding,) = findings(given("StepLR", step_size=(30, 7.5)))
    assert finding.confidence is Confidence.LIKELY
    assert finding.remedy is None


@pytest.mark.parametrize(
    ("cls", "parameter", "value", "each"),
    [
        pytest.param("MultiStepLR", "milestones", quantity([22.5, 30]), True, id="a list"),
        pytest.param("MultiStepLR", "milestones", STRINGS, True, id="strings of digits"),
        pytest.param("StepLR", "step_size", op("/", named("epochs"), 3), False, id="a number"),
    ],
)
def test_the_remedy_makes_whole_numbers(cls: str, parameter: str, value: Value, each: bool) -> None:
    story = given(cls, **{parameter: value})
    (finding,) = findings(story)
    assert finding.remedy is not None
    change = WrapArgument(story.objects[-1].place, parameter, "int({})", position=1, each=each)
    assert finding.remedy.changes == (change,)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(quantity([0.5, 0.75]), id="shares of the run"),
        pytest.param(Items((Literal("a"),)), id="a text that is no number"),
        pytest.param("30,60", id="a text in place of a list"),
    ],
)
def test_what_int_does_not_put_right_has_no_remedy(value: Value) -> None:
    (finding,) = findings(given("MultiStepLR", milestones=value))
    assert finding.remedy is None


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        pytest.param("MultiStepLR", {"milestones": quantity([30.0, 60])}, id="floats that are whole"),
        pytest.param("StepLR", {"step_size": 30}, id="a whole number"),
        pytest.param("StepLR", {"step_size": named("args.step")}, id="a number that is not known"),
        pytest.param("CosineAnnealingLR", {"T_max": 22.5}, id="a length that nothing is compared with"),
        pytest.param("StepLR", {"step_size": 30, "gamma": 0.5}, id="a factor"),
        pytest.param("mine.MultiStep", {"milestones": quantity([22.5])}, id="a class that is not known"),
    ],
)
def test_what_is_not_reported(cls: str, arguments: dict[str, Value]) -> None:
    assert findings(given(cls, **arguments)) == []


def test_a_number_of_steps_that_was_swapped_is_told_as_that() -> None:
    assert spoken(given("StepLR", step_size=0.5, gamma=10)) == ["LRS703"]
