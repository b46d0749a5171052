"""LRS608 to LRS612: what the rules say of scheduler classes, on views written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks import RULES
from schedlint.diagnostics import Confidence, Finding
from schedlint.judge import found
from schedlint.place import Place
from schedlint.timeline.definitions.model import (
    Answer,
    AnswerKind,
    Compounding,
    LateAttribute,
    LateAttributes,
    SchedulerClass,
)
from schedlint.timeline.understood import ModuleReading, Understood


def at(row: int, path: str = "a.py") -> Place:
    return Place(path, row, 5, row, 9)


def said(cls: SchedulerClass) -> list[Finding]:
    module = ModuleReading(at(1), classes=(cls,))
    findings, failures = found(Understood(modules=(module,)), RULES)
    assert not failures
    return list(findings)


LATE = LateAttributes(at(7), (LateAttribute("gamma", at(11), at(8)), LateAttribute("floor", at(12), at(9))))
NUMBER = Answer(AnswerKind.NUMBER, at(20), True, Confidence.LIKELY)
PILED_UP = Compounding(at(30), "self.gamma ** self.last_epoch", 10, 0.00304, 0.349, Confidence.LIKELY)


def test_attributes_that_are_stored_too_late_are_named_at_the_call_that_comes_too_early() -> None:
    (finding,) = said(SchedulerClass("Warm", at(5), late=LATE))
    assert (finding.code, finding.place, finding.confidence) == ("LRS608", at(7), Confidence.CERTAIN)
    assert "reads `gamma` and `floor`, stored only after it (line 8)" in finding.message
    assert [(each.place, each.essential) for each in finding.related] == [
        (at(11), False), (at(8), True), (at(9), True), (at(5), True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(NUMBER, "gives a single number, where", id="a number"),
        pytest.param(NUMBER, "building `Warm` raises TypeError", id="on every way"),
        pytest.param(
            Answer(AnswerKind.NUMBER, at(20), False, Confidence.LIKELY),
            "a step that comes here raises TypeError",
            id="on one way of several",
        ),
        pytest.param(Answer(AnswerKind.NOTHING, at(20), True, Confidence.LIKELY), "gives nothing, where", id="nothing"),
    ],
)
def test_an_answer_that_is_no_list_is_reported_where_it_is_given(answer: Answer, words: str) -> None:
    (finding,) = said(SchedulerClass("Warm", at(5), answers=(answer,)))
    assert (finding.code, finding.place, finding.confidence) == ("LRS609", at(20), Confidence.LIKELY)
    assert words in finding.message


def test_a_constructor_that_leaves_out_its_bases_is_reported_where_it_is_defined() -> None:
    (finding,) = said(SchedulerClass("Warm", at(5), unbuilt=at(6)))
    assert (finding.code, finding.place) == ("LRS610", at(6))


def test_a_factor_that_piles_up_is_reported_with_what_becomes_of_the_rate() -> None:
    (finding,) = said(SchedulerClass("Warm", at(5), compounding=PILED_UP))
    assert (finding.code, finding.place, finding.confidence) == ("LRS611", at(30), Confidence.LIKELY)
    assert "by `self.gamma ** self.last_epoch` at every step" in finding.message
    assert finding.message.endswith("after 10 steps it is 0.00304 times the first one, and not 0.349 times")


def test_no_number_is_said_where_none_is_known() -> None:
    unknown = Compounding(at(30), "", 10, None, None, Confidence.LIKELY)
    (finding,) = said(SchedulerClass("Warm", at(5), compounding=unknown))
    assert "by a factor made of the number of steps at every step" in finding.message
    assert finding.message.endswith("pile up")


def test_a_step_that_tells_no_rates_is_reported_where_it_is_defined_and_only_where_that_is_asked_for() -> None:
    (finding,) = said(SchedulerClass("Warm", at(5), untold=at(40)))
    assert (finding.code, finding.place) == ("LRS612", at(40))
    assert [rule.code for rule in RULES if rule.code == "LRS612" and not rule.default] == ["LRS612"]


def test_of_a_class_that_has_nothing_noteworthy_nothing_is_said() -> None:
    assert said(SchedulerClass("Warm", at(5))) == []
