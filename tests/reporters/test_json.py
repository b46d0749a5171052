"""The JSON report: ruff's keys and ours."""

from __future__ import annotations

import json
import os

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
            "noqa_row": 45,
            "url": None,
            "related": [
                {
                    "filename": os.path.join(CWD, "train.py"),
                    "cell": None,
                    "location": {"row": 42, "column": 9},
                    "message": "built here",
                    "essential": True,
                }
            ],
        }
    ]


def test_nothing_found_is_an_empty_array() -> None:
    assert json.loads(render([], CWD)) == []


def test_a_path_that_is_no_text_does_not_break_the_report() -> None:
    text = render([diagnostic(path="a\udc80\x1b.py")], CWD)
    assert text.isascii()
    assert json.loads(text)[0]["filename"].endswith("a\udc80\x1b.py")
