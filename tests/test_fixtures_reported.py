"""What is reported for a fixture is exactly what its markers expect: these lines, these codes, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schedlint import app
from schedlint.app import DEFAULT
from schedlint.checks import RULES
from schedlint.config import Config, Selectors
from schedlint.reporters.text import spot
from tests.conftest import Ran
from tests.oracle.markers import markers
from tests.oracle.recording import FIXTURES, fixture_folders, script_of

ABOUT_CALLS = frozenset(
    "LRS304 LRS408 LRS501 LRS502 LRS506 LRS507 LRS508 LRS509 LRS510 LRS601 LRS603 LRS604 LRS605 LRS606 LRS608"
    " LRS609 LRS610 LRS611 LRS612 LRS613".split()
)


OFF = frozenset(rule.code for rule in RULES if not rule.default)


def expected(folder: Path) -> list[tuple[str, str]]:
    """The lines to report, as a report says them, with their codes."""
    return sorted((marker.shown, marker.code) for marker in markers(folder) if marker.expected)


def asked_for(folder: Path) -> Config:
    """The rules that are off by default and that a fixture is about, beside those that are on."""
    codes = OFF & {marker.code for marker in markers(folder)}
    return Config(selectors=(Selectors(extend_select=tuple(sorted(codes))),))


def reported(*paths: str, cwd: Path, config: Config = DEFAULT) -> list[tuple[str, str]]:
    """The lines that are reported, with their codes."""
    report = app.check(paths, config, cwd=str(cwd))
    assert not report.failed
    return sorted((spot(one.at.path, one.at.cell, one.at.row), one.code) for one in report.diagnostics)


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_the_folder_of_a_fixture_gives_what_its_markers_expect(folder: Path) -> None:
    assert reported(".", cwd=folder, config=asked_for(folder)) == expected(folder)


def test_all_fixtures_together_give_the_same_as_each_alone() -> None:
    alone = [(f"{folder.name}/{shown}", code) for folder in fixture_folders() for shown, code in expected(folder)]
    assert reported(".", cwd=FIXTURES) == sorted(line for line in alone if line[1] not in OFF)


@pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
def test_the_main_script_alone_gives_as_many_findings_and_only_in_itself(folder: Path) -> None:
    """But for what is wrong with one call alone, which is shown where it stands or not at all."""
    script = script_of(folder).name
    found = reported(script, cwd=folder, config=asked_for(folder))
    shared = [code for shown, code in expected(folder) if shown.startswith(f"{script}:") or code not in ABOUT_CALLS]
    assert [code for _, code in found] == shared
    assert all(shown.startswith(f"{script}:") for shown, _ in found)


def test_the_command_line_reports_a_mistake_and_exits_with_1(
    run_cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES / "detection_main_per_batch")
    ran = run_cli(".", "--output-format", "concise")
    assert ran.status == 1
    assert re.fullmatch(r"engine\.py:21:9: LRS101 `MultiStepLR` counts epochs .+\n", ran.out)
    assert ran.err.splitlines()[0] == "schedlint: checked 3 files: 1 error"


def test_the_command_line_has_nothing_to_say_of_a_right_program_and_exits_with_0(
    run_cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES / "detection")
    assert run_cli(".") == Ran(0, "", "schedlint: checked 4 files: no findings\n")
