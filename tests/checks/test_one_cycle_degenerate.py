"""LRS717 on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.checks.one_cycle_degenerate import one_cycle_degenerate as rule
from schedlint.diagnostics import Confidence, Severity
from tests.checks.numbers_given import findings, given
from tests.timeline.build import LOADER_LENGTH, Value, named, op, option


def test_a_way_up_of_a_single_step_is_an_error() -> None:
    story = given("OneCycleLR", max_lr=0.1, total_steps=10, pct_start=0.1)
    (finding,) = findings(rule, story)
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert finding.message == (
        "`OneCycleLR` has 10 steps, with `pct_start=0.1` of them for the way up, which is a single step: building it"
        " raises ZeroDivisionError"
    )


@pytest.mark.parametrize(
    ("arguments", "severity", "words"),
    [
        pytest.param({"total_steps": 3}, Severity.INFO, "begins behind its highest learning rate", id="three steps"),
        pytest.param({"total_steps": 1}, Severity.INFO, "only goes down", id="one step"),
        pytest.param(
            {"epochs": 5, "steps_per_epoch": 1, "pct_start": 0.2},
            Severity.ERROR,
            "5 steps, with `pct_start=0.2`",
            id="a length of two numbers",
        ),
        pytest.param({"pct_start": 0}, Severity.ERROR, "raises ValueError: `pct_start=0`", id="no share at all"),
        pytest.param({"pct_start": 30}, Severity.ERROR, "raises ValueError: `pct_start=30`", id="per cent"),
        pytest.param({"pct_start": -0.5}, Severity.ERROR, "raises ValueError", id="a negative share"),
        pytest.param({"pct_start": 1.0}, Severity.WARNING, "no way down, and its last call", id="all of it"),
        pytest.param(
            {"total_steps": LOADER_LENGTH, "pct_start": 0.6, "three_phase": True},
            Severity.WARNING,
            "make 120% of its steps",
            id="two ways that are too long together",
        ),
    ],
)
def test_a_summit_out_of_place(arguments: dict[str, Value], severity: Severity, words: str) -> None:
    story = given("OneCycleLR", **arguments)
    with story.loader():
        story.step(2)
    (finding,) = findings(rule, story)
    assert finding.severity is severity
    assert words in finding.message


def test_a_few_steps_that_are_tried_out_are_not_reported() -> None:
    assert findings(rule, given("OneCycleLR", total_steps=3)) == []


def test_a_default_is_likely() -> None:
    (finding,) = findings(rule, given("OneCycleLR", total_steps=10, pct_start=option("args.warmup", 0.1)))
    assert finding.confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        pytest.param("OneCycleLR", {"total_steps": 10}, id="the usual share"),
        pytest.param("OneCycleLR", {"total_steps": 4}, id="just long enough"),
        pytest.param("OneCycleLR", {"total_steps": 11, "pct_start": 0.1}, id="a way up of more than one step"),
        pytest.param("OneCycleLR", {"total_steps": 10, "pct_start": 0.0}, id="no way up on purpose"),
        pytest.param("OneCycleLR", {"total_steps": 3, "pct_start": 0.0}, id="none on purpose, and three steps"),
        pytest.param("OneCycleLR", {"pct_start": 0.6}, id="more than half, in two phases"),
        pytest.param("OneCycleLR", {"pct_start": 0.5, "three_phase": True}, id="half, in three phases"),
        pytest.param("OneCycleLR", {"pct_start": named("share"), "total_steps": 10}, id="a share that is not known"),
        pytest.param("OneCycleLR", {"total_steps": op("*", 10, LOADER_LENGTH), "pct_start": 0.1}, id="many batches"),
        pytest.param("CyclicLR", {"step_size_up": 1}, id="another schedule"),
        pytest.param("mine.OneCycleLR", {"total_steps": 10, "pct_start": 0.1}, id="a class that is not known"),
    ],
)
def test_what_is_not_reported(cls: str, arguments: dict[str, Value]) -> None:
    assert findings(rule, given(cls, **arguments)) == []
