"""The JSON report: ruff's keys and ours."""

from __future__ import annotations

import json
import os

import pytest
from msgspec.structs import replace

from schedlint.diagnostics import Confidence, Note, Severity
from schedlint.reporters.json import render
from tests.reporters.builders import diagnostic, location

CWD = os.path.abspath("project")


def test_one_diagnostic_with_all_its_keys() -> None:
    finding = replace(
        diagnostic(),
        severity=Severity.WARNING,
        confidence=Confidence.LIKELY,
        help="step it once per epoch",
        related=(Note("built here", location(42, "train.py"), essential=True),),
    )
    assert json.loads(render([finding], CWD)) == [
        {
            "cell": None,
            "code": "LRS101",
            "name": "epoch-scheduler-stepped-per-batch",
            "message": "it counts epochs",
            "severity": "warning",
            "confidence": "likely",
            "filename": os.path.join(CWD, "engine.py"),
            "location": {"row": 45, "column": 9},
            "end_location": {"row": 45, "column": 13},
            "fix": None,
            "help": "step it once per epoch",
            "noqa_row": 45,
            "url": None,
            "related": [
                {
                    "filename": os.path.join(CWD, "train.py"),
                    "cell": None,
                    "location": {"row": 42, "column": 9},
                    "end_location": {"row": 42, "column": 13},
                    "message": "built here",
                    "essential": True,
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("end", "row"),
    [
        pytest.param((45, 13), 45, id="in one row"),
        pytest.param((48, 6), 48, id="over several rows"),
        pytest.param((48, 1), 47, id="up to the beginning of a row"),
    ],
)
def test_a_comment_goes_where_the_range_ends(end: tuple[int, int], row: int) -> None:
    finding = replace(diagnostic(), at=replace(location(45), end_row=end[0], end_column=end[1]))
    assert json.loads(render([finding], CWD))[0]["noqa_row"] == row


def test_what_nobody_can_put_right_has_no_help() -> None:
    assert json.loads(render([diagnostic()], CWD))[0]["help"] is None


def test_standard_input_without_a_name_is_no_file() -> None:
    assert json.loads(render([diagnostic(path="-")], CWD))[0]["filename"] == "-"


def test_nothing_found_is_an_empty_array() -> None:
    assert json.loads(render([], CWD)) == []


def test_a_path_that_is_no_text_does_not_break_the_report() -> None:
    text = render([diagnostic(path="a\udc80\x1b.py")], CWD)
    assert text.isascii()
    assert json.loads(text)[0]["filename"].endswith("a\udc80\x1b.py")
