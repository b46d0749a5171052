"""What every fixture has: a description to read, and markers for the rules that exist."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from schedlint.checks import RULES
from tests.oracle.markers import Marker, markers
from tests.oracle.recording import fixture_folders


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_says_in_two_sentences_what_it_does(folder: Path) -> None:
    assert _description(folder).count(".") >= 2


def test_every_rule_has_lines_to_report_and_lines_that_only_tempt() -> None:
    seen = {(marker.code, marker.expected) for folder in fixture_folders() for marker in markers(folder)}
    assert seen == {(rule.code, expected) for rule in RULES for expected in (True, False)}


def test_a_marker_in_a_notebook_counts_rows_through_its_code_cells(tmp_path: Path) -> None:
    sources = [("markdown", ["# title\n", "text"]), ("code", ["a\n", "b"]), ("code", ["c\n", "d  # expect: LRS101"])]
    cells = [{"cell_type": kind, "source": source} for kind, source in sources]
    (tmp_path / "train.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert markers(tmp_path) == (Marker("train.ipynb", 4, "LRS101", True, "train.ipynb:cell 3:2"),)


def _description(folder: Path) -> str:
    script = folder / "train.py"
    if script.exists():
        return ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    first = json.loads((folder / "train.ipynb").read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    return "".join(first["source"])
