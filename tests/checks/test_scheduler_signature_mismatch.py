"""LRS607 on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks.scheduler_signature_mismatch import scheduler_signature_mismatch as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.remedies import RenameArgument
from schedlint.timeline.model import GuardKind, Iterated
from schedlint.timeline.quantity import Items
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, guard, named, op, option


def built(cls: str, **arguments: Argument) -> Story:
    """A scheduler with these arguments behind its optimizer."""
    story = Story()
    story.optimizer()
    story.schedule(cls, {"optimizer": named("optimizer"), **arguments})
    return story


def changed(story: Story, **changes: object) -> Story:
    story.amend(2, **changes)
    return story


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


@pytest.mark.parametrize(
    ("story", "text"),
    [
        pytest.param(built("StepLR", step_size=3, foo=1), "has no parameter `foo`", id="a keyword it does not have"),
        pytest.param(built("StepLR"), "is built without `step_size`", id="a missing argument"),
        pytest.param(
            built("OneCycleLR", max_lr=0.1, epochs=3),
            "is built without `total_steps` or `epochs` and `steps_per_epoch`",
            id="half of a length",
        ),
        pytest.param(
            built("ExponentialLR", gamma=0.9, **{"argument 6": 1}), "takes 3 arguments, and is given 6", id="too many"
        ),
        pytest.param(
            built("StepLR", optimizer=named("model.parameters()"), step_size=3),
            "takes an optimizer first, and is given `model.parameters()`",
            id="parameters",
        ),
        pytest.param(
            built("StepLR", optimizer=Items((named("a"), named("b"))), step_size=3),
            "takes one optimizer, and is given a list",
            id="a list of optimizers",
        ),
        pytest.param(
            built("ReduceLROnPlateau", mode="auto"),
            "takes 'min' or 'max' as `mode`, and is given `'auto'`",
            id="a choice",
        ),
        pytest.param(
            built("ReduceLROnPlateau", factor=option("args.factor", 1.5)),
            "takes a number below 1 as `factor`, and is given `1.5`, the default of `args.factor`",
            id="a default",
        ),
        pytest.param(
            built("CosineAnnealingWarmRestarts", T_0=op("/", 20, 2)),
            "takes an integer above 0 as `T_0`, and is given `10.0`",
            id="a quotient",
        ),
    ],
)
def test_it_says_why_building_it_raises(story: Story, text: str) -> None:
    (finding,) = findings(story)
    assert text in finding.message
    assert finding.message.endswith("Error")
    assert (finding.place, finding.severity) == (story.objects[1].place, Severity.ERROR)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(built("StepLR", step_size=3, verbose=True), id="a parameter of earlier versions"),
        pytest.param(built("StepLR", **{"**": named("kwargs")}), id="arguments nobody knows"),
        pytest.param(built("mine.Schedule", foo=1), id="a class that is not known"),
        pytest.param(
            built("transformers.get_linear_schedule_with_warmup", foo=1), id="a signature that is not complete"
        ),
        pytest.param(changed(built("StepLR", foo=1), attempted=True), id="an error that is expected"),
        pytest.param(built("ReduceLROnPlateau", mode=named("mode")), id="a value that is not known"),
        pytest.param(built("ReduceLROnPlateau", mode=None), id="None"),
        pytest.param(built("CosineAnnealingWarmRestarts", T_0=op("**", 10, 2)), id="a power of integers"),
        pytest.param(built("OneCycleLR", max_lr=0.1, total_steps=named("total")), id="a length that is not known"),
        pytest.param(
            built("OneCycleLR", max_lr=0.1, total_steps=9, epochs=2.5),
            id="what is not looked at where the rest is given",
        ),
        pytest.param(
            changed(built("StepLR", foo=1), loops=(1,), guards=(guard(GuardKind.UNKNOWN),)),
            id="a class that is looked for",
        ),
    ],
)
def test_what_is_not_reported(story: Story) -> None:
    if story.objects[1].loops:
        with story.loop("cls", "classes", Iterated.ITEMS):
            pass
    assert findings(story) == []


def test_of_several_values_one_that_raises_is_likely() -> None:
    (finding,) = findings(built("ReduceLROnPlateau", mode=("min", "auto")))
    assert finding.confidence is Confidence.LIKELY


def test_a_class_that_is_one_of_several_at_one_place_is_silent() -> None:
    story = built("StepLR", foo=1)
    other = story.scheduler("ExponentialLR", foo=1)
    story.amend(other, place=story.objects[1].place)
    assert findings(story) == []


def test_a_keyword_in_other_letters_can_be_renamed() -> None:
    (finding,) = findings(built("CosineAnnealingLR", t_max=3))
    assert finding.help == "did you mean `T_max`?"
    assert finding.remedy is not None
    assert finding.remedy.changes == (RenameArgument(finding.place, "t_max", "T_max"),)


def test_another_keyword_is_only_named() -> None:
    (finding,) = findings(built("ReduceLROnPlateau", patiense=3))
    assert finding.help == "did you mean `patience`?"
    assert finding.remedy is None


def test_a_call_that_gives_a_parameter_twice() -> None:
    story = built("StepLR", step_size=3)
    made = story.objects[1]
    story.amend(2, arguments=(*made.arguments, replace(made.arguments[-1])))
    (finding,) = findings(story)
    assert "is given `step_size` twice" in finding.message
