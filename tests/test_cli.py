"""The command line itself: what it passes on, what it writes where, and its exit status. The analysis is a stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec.structs import replace

import schedlint
from schedlint import cli
from schedlint.diagnostics import Diagnostic, Severity, UsageError
from tests.conftest import Ran
from tests.reporters.builders import Program, detection, diagnostic

Run = Callable[..., Ran]


@dataclass
class Report:
    """What `app.check` and `app.timelines` answer."""

    diagnostics: tuple[Diagnostic, ...] = ()
    internal_errors: tuple[str, ...] = ()
    programs: tuple[Program, ...] = ()


@dataclass
class App:
    """A stand-in for `schedlint.app`: it answers `report` (or raises it) and remembers what it was asked."""

    report: Report | BaseException = field(default_factory=Report)
    asked: dict[str, Any] = field(default_factory=dict)

    def check(self, paths: Sequence[str], **options: Any) -> Report:
        return self.answer(paths, options)

    def timelines(self, paths: Sequence[str], **options: Any) -> Report:
        return self.answer(paths, options)

    def answer(self, paths: Sequence[str], options: dict[str, Any]) -> Report:
        self.asked = {"paths": tuple(paths), **options}
        if isinstance(self.report, BaseException):
            raise self.report
        return self.report


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """The stand-in, in place of the real module."""
    stand_in = App()
    monkeypatch.setitem(sys.modules, "schedlint.app", stand_in)
    monkeypatch.setattr(schedlint, "app", stand_in, raising=False)
    return stand_in


def in_a_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


# --- check ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("check", "train.py"), ("train.py",)], ids=["spelled out", "by default"])
def test_paths_alone_mean_check(app: App, run_cli: Run, arguments: tuple[str, ...]) -> None:
    app.report = Report((diagnostic(),))
    assert run_cli(*arguments) == Ran(1, "engine.py:45:9: LRS101 it counts epochs\n", "schedlint: 1 finding\n")
    assert app.asked == {"paths": ("train.py",), "select": (), "ignore": (), "cwd": os.getcwd()}


def test_options_alone_mean_check_of_the_current_folder(app: App, run_cli: Run) -> None:
    assert run_cli("-q").status == 0
    assert app.asked["paths"] == (".",)


def test_selectors_may_be_repeated_and_joined_by_commas(app: App, run_cli: Run) -> None:
    run_cli("a.py", "--select", "LRS1, LRS301", "--select", "deprecated-get-lr", "--ignore", "LRS102,")
    assert app.asked["select"] == ("LRS1", "LRS301", "deprecated-get-lr")
    assert app.asked["ignore"] == ("LRS102",)


@pytest.mark.parametrize(
    ("report", "options", "status"),
    [
        pytest.param(Report(), (), 0, id="clean"),
        pytest.param(Report((diagnostic(),)), (), 1, id="a finding"),
        pytest.param(Report((diagnostic(),)), ("--exit-zero",), 0, id="a finding, but exit zero"),
        pytest.param(Report((replace(diagnostic(), severity=Severity.INFO),)), (), 0, id="information alone"),
        pytest.param(Report(internal_errors=("LRS101 failed",)), (), 2, id="an internal error"),
        pytest.param(Report(internal_errors=("it failed",)), ("--exit-zero",), 2, id="exit zero hides no failure"),
    ],
)
def test_the_exit_status_says_how_it_went(
    app: App, run_cli: Run, report: Report, options: tuple[str, ...], status: int
) -> None:
    app.report = report
    assert run_cli("a.py", *options).status == status


def test_an_internal_error_is_named_beside_the_findings(app: App, run_cli: Run) -> None:
    app.report = Report((diagnostic(),), ("LRS301 failed on a.py:\nKeyError",))
    ran = run_cli("a.py")
    assert ran.out == "engine.py:45:9: LRS101 it counts epochs\n"
    assert ran.err == "schedlint: LRS301 failed on a.py:\\nKeyError\n"


def test_quiet_leaves_the_closing_line_out(app: App, run_cli: Run) -> None:
    assert run_cli("a.py").err == "schedlint: no findings\n"
    assert run_cli("a.py", "-q") == Ran(0, "", "")


def test_json_is_all_there_is_on_standard_output(app: App, run_cli: Run) -> None:
    app.report = Report((diagnostic(),))
    ran = run_cli("a.py", "--output-format", "json")
    assert [entry["code"] for entry in json.loads(ran.out)] == ["LRS101"]


# --- timeline ---------------------------------------------------------------------------------------------------------


def test_timeline_prints_the_tree_and_gives_no_verdict(app: App, run_cli: Run) -> None:
    app.report = Report(programs=(Program((detection(),), (diagnostic(),)),))
    ran = run_cli("timeline", "train.py")
    assert ran.status == 0
    assert ran.out.startswith("train.py: run as a script\n")
    assert "- unit: " not in ran.out
    assert "- unit: " in run_cli("timeline", "train.py", "--why").out


def test_timeline_fails_on_a_file_that_cannot_be_read(app: App, run_cli: Run) -> None:
    app.report = Report(programs=(Program((), (diagnostic(1, "gone.py", "LRS900"),)),))
    assert run_cli("timeline", "gone.py") == Ran(1, "gone.py:1:9: LRS900 it counts epochs\n", "")


def test_timeline_has_figures_and_data(app: App, run_cli: Run) -> None:
    app.report = Report(programs=(Program((detection(),)), Program((detection(),), root="other")))
    assert run_cli("timeline", "--stats").out.startswith("schedulers constructed: 1\n")
    assert json.loads(run_cli("timeline", "--stats", "--output-format", "json").out)["constructions"] == 1
    assert [each["root"] for each in json.loads(run_cli("timeline", "--output-format", "json").out)] == [".", "other"]


# --- rule -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("rule", "LRS999"), ("rule",), ("rule", "LRS101", "--all")])
def test_a_rule_that_is_not_there_is_one_line(run_cli: Run, arguments: tuple[str, ...]) -> None:
    ran = run_cli(*arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


# --- how it fails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--nonsense",), "No such option"),
        (("a.py", "--output-format", "xml"), "'xml'"),
        (("timeline", "a.py", "--select", "LRS1"), "No such option"),
    ],
)
def test_bad_usage_is_one_line_and_2(app: App, run_cli: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run_cli(*arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("schedlint: ")
    assert said in ran.err
    assert app.asked == {}


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (UsageError("there is no rule 'LRS1\x1b[2J'"), 2, "there is no rule 'LRS1\\x1b[2J'"),
        (FileNotFoundError(2, "No such file or directory"), 2, "[Errno 2] No such file or directory"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_stops_the_analysis_is_one_line(
    app: App, run_cli: Run, raised: BaseException, status: int, said: str
) -> None:
    app.report = raised
    ran = run_cli("a.py")
    assert (ran.status, ran.out, ran.err.strip()) == (status, "", f"schedlint: {said}")


def delivering(outcome: str) -> str:
    """A program that writes this outcome, as the command does."""
    return f"from schedlint import cli; cli.carried_out = lambda arguments: cli.Outcome({outcome}); cli.main([])"


def writing_to(target: int) -> subprocess.CompletedProcess[str]:
    """A command with much to write, its standard output connected to `target`."""
    command = [sys.executable, "-c", delivering("0, 'x' * 1_000_000")]
    return subprocess.run(command, stdout=target, stderr=subprocess.PIPE, text=True, check=False)


def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = writing_to(writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_full_disk_is_said_in_one_line() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = writing_to(full)
    os.close(full)
    assert (done.returncode, done.stderr) == (2, "schedlint: cannot write the result: No space left on device\n")


# --- start-up ---------------------------------------------------------------------------------------------------------


def test_a_character_that_the_terminal_cannot_show_is_escaped() -> None:
    program = delivering(r"1, '\u2026', ('\u00d7',)")
    done = in_a_process("-c", program, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout, done.stderr) == (1, "\\u2026\n", "schedlint: \\xd7\n")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"], ["rule", "LRS999"]])
def test_what_analyses_code_is_not_loaded_before_it_is_needed(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from schedlint import cli\n"
        f"cli.carried_out({arguments!r})\n"
        "heavy = {'libcst', 'astroid', 'schedlint.app', 'schedlint.knowledge', 'schedlint.timeline'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    done = in_a_process("-c", program)
    assert (done.returncode, done.stderr) == (0, "")


def test_version(run_cli: Run) -> None:
    assert run_cli("--version") == Ran(0, f"schedlint {schedlint.__version__}\n", "")


def test_the_package_can_be_run_as_a_module() -> None:
    done = in_a_process("-m", "schedlint", "--version")
    assert (done.returncode, done.stdout) == (0, f"schedlint {schedlint.__version__}\n")


def test_the_default_command_is_one_of_the_commands() -> None:
    assert cli.DefaultGroup.default in cli.cli.commands
