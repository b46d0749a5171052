"""The plugin by itself: it never raises, and its time is limited."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedlint import flake8_plugin
from schedlint.flake8_plugin import Plugin
from schedlint.one_by_one import OneByOne, encoded, python_name
from tests.oracle.recording import FIXTURES

LINES = ["scheduler = StepLR(optimizer, 30)\n", "scheduler.step()\n"]


@pytest.fixture(autouse=True)
def as_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flake8_plugin, "_processes", {})
    monkeypatch.setattr(flake8_plugin, "_remarked", set())


def run(*lines: str, name: str = "train.py") -> list[tuple[int, int, str]]:
    return [found[:3] for found in Plugin(ast.Module([], []), name, lines).run()]


@pytest.mark.parametrize("error", [RecursionError("too deep"), ValueError("two\nlines"), MemoryError("none left")])
def test_an_error_becomes_a_line_that_flake8_shows(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: OneByOne, name: str, text: str) -> None:
        raise error

    monkeypatch.setattr(OneByOne, "check", failing)
    [(row, column, text)] = run(*LINES)
    assert (row, column) == (1, 0)
    assert text == f"LRS904 internal error: {type(error).__name__}: {' '.join(str(error).split())}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from([*LINES, "\0", "\ud800 sched", "# coding: punycode\n", "def f(:\n", "\f\r", "(" * 200]))
)
def test_no_text_makes_it_raise(lines: list[str]) -> None:
    for row, column, text in run(*lines):
        assert row >= 1
        assert column >= 0
        assert text.startswith("LRS")


def test_a_name_that_no_file_can_have_makes_it_not_raise() -> None:
    assert run(*LINES, name="train\0.py") is not None


class Clock:
    """A clock on which every look takes some seconds."""

    def __init__(self, seconds: float) -> None:
        self._times = self._ticking(seconds)

    def __call__(self) -> float:
        return next(self._times)

    @staticmethod
    def _ticking(seconds: float) -> Iterator[float]:
        now = 0.0
        while True:
            yield now
            now += seconds


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_when_the_time_is_spent_each_file_is_judged_by_itself() -> None:
    folder = FIXTURES / "detection_main_per_batch"
    files = OneByOne(str(folder), seconds=5, clock=Clock(1))
    text = read(folder, "engine.py")
    assert [one.code for one in files.check("engine.py", text)] == ["LRS101"]
    while not files.is_spent:
        files.check("data.py", read(folder, "data.py"))
    assert files.check("engine.py", text) == ()


def test_a_program_in_one_file_needs_no_time_of_others() -> None:
    folder = FIXTURES / "cosine_over_one_epoch"
    patient, spent = OneByOne(str(folder), seconds=1e9), OneByOne(str(folder), seconds=0)
    text = read(folder, "train.py")
    assert spent.is_spent
    assert spent.check("train.py", text) == patient.check("train.py", text)


def test_that_the_time_is_spent_is_said_once_and_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Plugin, "seconds", 0.0)
    assert run("sched = 1\n") == []
    assert run("sched = 2\n") == []
    assert capsys.readouterr().err == f"{flake8_plugin.SPENT.format(0)}\n"


def test_a_file_that_changes_on_disk_is_read_anew(tmp_path: Path) -> None:
    folder = FIXTURES / "detection_main_per_batch"
    for file in folder.glob("*.py"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    files = OneByOne(str(tmp_path), seconds=1e9, clock=Clock(2))
    engine = read(tmp_path, "engine.py")
    assert [one.code for one in files.check("engine.py", engine)] == ["LRS101"]
    train = read(tmp_path, "train.py").replace("milestones=[2, 3]", "milestones=[20000, 30000]")
    (tmp_path / "train.py").write_text(train, encoding="utf-8")
    assert files.check("engine.py", engine) == ()


@pytest.mark.parametrize("declared", ["", "# coding: latin-1\n", "# coding: utf-8\n", "# coding: nonsense\n"])
def test_a_text_is_encoded_as_it_says(declared: str) -> None:
    text = f"{declared}x = 'é'\n"
    data = encoded(text)
    if "nonsense" not in declared:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        assert data.decode(encoding) == text


def test_the_cells_of_a_notebook_are_python() -> None:
    assert python_name("a/train.ipynb") == "a/train.ipynb.py"
    assert python_name("a/train.py") == "a/train.py"
