"""Fixes hold on every page and every fixture: what has one is no longer reported afterwards, nothing else is, every
file is still Python, and fixing again changes nothing.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from schedlint import app
from schedlint.config import Config
from schedlint.diagnostics import Diagnostic
from schedlint.remedies import Applicability
from tests.examples import Example, asked_for, examples
from tests.oracle.recording import fixture_folders

Kinds = Counter[tuple[str, str]]


def kinds(diagnostics: tuple[Diagnostic, ...]) -> Kinds:
    """How often each rule is reported in each file."""
    return Counter((each.at.path, each.code) for each in diagnostics)


def held(folder: Path, config: Config, *, unsafe: bool) -> Mapping[str, bytes]:
    """Fix a folder, assert all that holds of fixes, and give the files that changed."""
    before = app.check([str(folder)], config, cwd=str(folder))
    if not any(each.fix is not None for each in before.diagnostics):
        return {}
    repair = app.repair([str(folder)], config, cwd=str(folder), unsafe=unsafe)
    offered = [each.fix for each in before.diagnostics if each.fix is not None]
    wanted = [fix for fix in offered if unsafe or fix.applicability is Applicability.SAFE]
    left = repair.report.diagnostics
    assert [each.code for each in left if each.fix is not None and each.fix in wanted] == []
    assert not kinds(left) - kinds(before.diagnostics)
    assert len(repair.fixed.fixes) <= len(before.diagnostics) - len(left)
    for data in repair.fixed.after.values():
        ast.parse(data)
    again = app.repair([str(folder)], config, cwd=str(folder), unsafe=unsafe, overlay=dict(repair.fixed.after))
    assert again.fixed.fixes == ()
    return repair.fixed.after


WRONG = [example for example in examples() if example.expects()]


@pytest.mark.parametrize("example", WRONG, ids=lambda example: example.name)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_fixes_of_an_example_hold(example: Example, unsafe: bool, tmp_path: Path) -> None:
    example.write(tmp_path)
    held(tmp_path, asked_for(text for _, text in example.files), unsafe=unsafe)


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_fixes_of_a_fixture_hold(folder: Path) -> None:
    held(folder, Config(), unsafe=True)
