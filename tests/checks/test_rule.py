"""What a rule is, and the words it is given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schedlint.checks import RULES
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way, where
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.place import Place
from schedlint.timeline.model import Object, ObjectKind
from schedlint.timeline.reading import Evidence, Reading
from tests.timeline.build import Story, place


@rule(
    code="LRS999",
    name="some-fault",
    summary="A fault.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="put it right",
)
def some_fault(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler is one."""
    for made in reading.timeline.schedulers():
        yield self.finding("wrong", place(5), about=made)


def reading() -> Reading:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    return Reading(story.timeline(), (), (), ())


def test_a_rule_is_a_value_that_finds() -> None:
    (finding,) = some_fault.check(reading())
    assert (finding.code, finding.name, finding.severity) == ("LRS999", "some-fault", Severity.WARNING)
    assert finding.place == place(5)
    assert finding.confidence is Confidence.CERTAIN
    assert finding.condition == ""


def test_a_finding_always_names_the_construction() -> None:
    (finding,) = some_fault.check(reading())
    (built,) = finding.related
    assert built.essential
    assert built.message == "`StepLR` is built here"


def test_a_rule_may_lower_its_severity() -> None:
    made = reading().timeline.schedulers()[0]
    assert some_fault.finding("x", place(1), about=made, severity=Severity.INFO).severity is Severity.INFO


def test_a_finding_says_how_to_put_it_right_as_the_rule_does_or_in_its_own_words() -> None:
    made = reading().timeline.schedulers()[0]
    assert some_fault.finding("x", place(1), about=made).help == "put it right"
    assert some_fault.finding("x", place(1), about=made, help="otherwise").help == "otherwise"


@pytest.mark.parametrize(
    ("classes", "name", "expected"),
    [
        pytest.param(("torch.optim.lr_scheduler.StepLR",), "s", "StepLR", id="by its class"),
        pytest.param(("mine.Poly", "torch.optim.lr_scheduler.LRScheduler"), "s", "Poly", id="by its own class first"),
        pytest.param((), "s", "s", id="by its variable"),
        pytest.param((), "", "the scheduler", id="by nothing"),
    ],
)
def test_what_a_scheduler_is_called(classes: tuple[str, ...], name: str, expected: str) -> None:
    assert called(Object(1, ObjectKind.SCHEDULER, place(1), name, classes)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param((Confidence.CERTAIN,), Confidence.CERTAIN, id="one"),
        pytest.param((Confidence.CERTAIN, Confidence.LIKELY), Confidence.LIKELY, id="likely beats certain"),
        pytest.param((Confidence.POSSIBLE, Confidence.LIKELY), Confidence.POSSIBLE, id="possible beats likely"),
    ],
)
def test_the_least_sure(given: tuple[Confidence, ...], expected: Confidence) -> None:
    assert least(*given) is expected


def test_reasons_without_a_place_are_not_related() -> None:
    assert [r.message for r in evidence((Evidence("here", place(1)), Evidence("nowhere")))] == ["here"]


def test_the_way_is_the_calls() -> None:
    story = Story()
    story.optimizer()
    assert list(way(story.optimize())) == []


def test_rules_are_listed_by_code_and_each_once() -> None:
    codes = [each.code for each in RULES]
    assert codes == sorted(set(codes))
    assert len({each.name for each in RULES}) == len(RULES)


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code)
def test_a_rule_says_what_it_is(each: Rule) -> None:
    assert each.code.startswith("LRS")
    assert each.name == each.name.lower().replace(" ", "-").replace("_", "-")
    assert each.summary.endswith(".")


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code)
def test_a_rule_says_in_one_sentence_how_to_put_its_fault_right(each: Rule) -> None:
    assert each.help[:1].islower()
    assert not each.help.endswith(".")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("train.py", "line 7", id="in the same file"),
        pytest.param("src/engine.py", "line 7 of engine.py", id="in another file"),
        pytest.param("train.ipynb", "", id="in a notebook, whose rows count through all cells"),
    ],
)
def test_a_place_in_words(path: str, expected: str) -> None:
    assert where(Place(path, 7, 1, 7, 2), place(5)) == expected
