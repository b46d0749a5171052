"""The command line itself: what it passes on, what it writes where, and its exit status. The analysis is a stand-in."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import schedlint
from schedlint.cli import commands
from schedlint.config import Config, Selectors, load
from schedlint.diagnostics import Confidence, Diagnostic, Location, Severity, UsageError
from schedlint.releases import Range
from tests.conftest import Ran
from tests.reporters.builders import Program, detection, diagnostic

Run = Callable[..., Ran]


@dataclass
class Report:
    """What `app.check` and `app.timelines` answer."""

    diagnostics: tuple[Diagnostic, ...] = ()
    files: int = 2
    programs: tuple[Program, ...] = ()
    failed: bool = False

    def lines(self, at: Location) -> list[str]:
        """Every file has a hundred rows."""
        return ["        scheduler.step()"] * 100


@dataclass
class App:
    """A stand-in for `schedlint.app`: it answers `report` (or raises it) and remembers what it was asked."""

    report: Report | BaseException = field(default_factory=Report)
    asked: tuple[str, ...] = ()
    config: Config = field(default_factory=Config)
    overlay: Mapping[str, bytes] = field(default_factory=dict)

    def check(self, paths: Sequence[str], config: Config, *, cwd: str, overlay: Mapping[str, bytes]) -> Report:
        assert cwd == os.getcwd()
        self.asked, self.config, self.overlay = tuple(paths), config, overlay
        if isinstance(self.report, BaseException):
            raise self.report
        return self.report

    timelines = check


@pytest.fixture(autouse=True)
def cwd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and an environment that has no opinion on colour."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """The stand-in, in place of the real module; a run always has something to look at."""
    stand_in = App()
    monkeypatch.setattr("schedlint.glance.quiet_files", lambda *_: None)
    monkeypatch.setitem(sys.modules, "schedlint.app", stand_in)
    monkeypatch.setattr(schedlint, "app", stand_in, raising=False)
    return stand_in


def in_a_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


def standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Something to read from standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


CONCISE = ("--output-format", "concise")

# --- check ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("check", "train.py"), ("train.py",)], ids=["spelled out", "by default"])
def test_paths_alone_mean_check(app: App, run_cli: Run, arguments: tuple[str, ...]) -> None:
    app.report = Report((diagnostic(),))
    ran = run_cli(*arguments, *CONCISE)
    assert ran == Ran(1, "engine.py:45:9: LRS101 it counts epochs\n", "schedlint: checked 2 files: 1 error\n")
    assert app.asked == ("train.py",)


def test_options_alone_mean_check_of_the_current_folder(app: App, run_cli: Run) -> None:
    assert run_cli("-q").status == 0
    assert app.asked == (".",)


def test_selectors_may_be_repeated_and_joined_by_commas(app: App, run_cli: Run) -> None:
    run_cli("a.py", "--select", "LRS1, LRS301", "--select", "a-name", "--ignore", "LRS102,", "--extend-select", "LRS4")
    assert app.config.selectors[-1] == Selectors(("LRS1", "LRS301", "a-name"), ("LRS4",), ("LRS102",))


@pytest.mark.parametrize(
    ("report", "options", "status"),
    [
        pytest.param(Report(), (), 0, id="clean"),
        pytest.param(Report((diagnostic(),)), (), 1, id="a finding"),
        pytest.param(Report((diagnostic(),)), ("--exit-zero",), 0, id="a finding, but exit zero"),
        pytest.param(Report((replace(diagnostic(), severity=Severity.INFO),)), (), 0, id="information alone"),
        pytest.param(Report((diagnostic(),), failed=True), (), 2, id="an internal error"),
        pytest.param(Report((diagnostic(),), failed=True), ("--exit-zero",), 2, id="exit zero hides no failure"),
    ],
)
def test_the_exit_status_says_how_it_went(
    app: App, run_cli: Run, report: Report, options: tuple[str, ...], status: int
) -> None:
    app.report = report
    assert run_cli("a.py", *options).status == status


def test_quiet_leaves_the_closing_line_out(app: App, run_cli: Run) -> None:
    assert run_cli("a.py").err == "schedlint: checked 2 files: no findings\n"
    assert run_cli("a.py", "-q") == Ran(0, "", "")


def test_no_files_are_a_remark_and_no_fault(app: App, run_cli: Run) -> None:
    app.report = Report(files=0)
    assert run_cli("empty") == Ran(0, "", "schedlint: no Python files found\n")
    assert run_cli("empty", "-q") == Ran(0, "", "")
    assert run_cli("timeline", "empty") == Ran(0, "", "schedlint: no Python files found\n")


# --- formats and colour -----------------------------------------------------------------------------------------------


def test_people_are_shown_the_source(app: App, run_cli: Run) -> None:
    app.report = Report((diagnostic(),))
    assert "45 |         scheduler.step()\n   |         ^^^^\n" in run_cli("a.py").out


def test_json_is_all_there_is_on_standard_output(app: App, run_cli: Run) -> None:
    app.report = Report((diagnostic(),))
    ran = run_cli("a.py", "--output-format", "json", "--color", "always")
    assert [entry["code"] for entry in json.loads(ran.out)] == ["LRS101"]
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("options", "environment", "terminal", "coloured"),
    [
        pytest.param((), {}, True, True, id="a terminal"),
        pytest.param((), {}, False, False, id="no terminal"),
        pytest.param((), {"TERM": "dumb"}, True, False, id="a terminal that has no colour"),
        pytest.param((), {"NO_COLOR": "1"}, True, False, id="not wanted"),
        pytest.param((), {"NO_COLOR": ""}, True, True, id="an empty variable says nothing"),
        pytest.param((), {"FORCE_COLOR": "1"}, False, True, id="wanted"),
        pytest.param((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False, id="wanted and not wanted"),
        pytest.param(("--color", "always"), {"NO_COLOR": "1"}, False, True, id="the option always wins"),
        pytest.param(("--color", "never"), {"FORCE_COLOR": "1"}, True, False, id="the option never wins too"),
        pytest.param((*CONCISE, "--color", "always"), {}, False, True, id="in one line as well"),
    ],
)
def test_colour_is_for_those_who_see_it(
    app: App,
    run_cli: Run,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    environment: dict[str, str],
    terminal: bool,
    coloured: bool,
) -> None:
    app.report = Report((diagnostic(),))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    for name, value in {"TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run_cli("a.py", *options).out) is coloured


# --- standard input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        pytest.param(("-",), "-", id="without a name"),
        pytest.param(("-", "--stdin-filename", "train.ipynb"), "train.ipynb", id="with a name"),
        pytest.param(("--stdin-filename", "train.py"), "train.py", id="with nothing but a name"),
        pytest.param(("timeline", "-"), "-", id="for a timeline"),
    ],
)
def test_standard_input_is_read_as_the_file_it_is_said_to_be(
    app: App, run_cli: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], name: str
) -> None:
    standard_input(monkeypatch, b"x = '\xff'")
    assert run_cli(*arguments).status == 0
    assert (app.asked, app.overlay) == ((name,), {name: b"x = '\xff'"})


@pytest.mark.parametrize("arguments", [("-", "a.py"), ("a.py", "--stdin-filename", "a.py")])
def test_standard_input_is_not_mixed_with_files(app: App, run_cli: Run, arguments: tuple[str, ...]) -> None:
    assert run_cli(*arguments).status == 2
    assert app.asked == ()


# --- settings ---------------------------------------------------------------------------------------------------------

SETTINGS = """\
[tool.schedlint]
select = ["LRS1"]
min-confidence = "likely"
output-format = "concise"
exclude = ["old"]
force-exclude = true
"""


def test_settings_are_those_of_the_project(app: App, run_cli: Run, cwd: Path) -> None:
    (cwd / "pyproject.toml").write_text(SETTINGS)
    app.report = Report((diagnostic(),))
    assert run_cli("a.py").out == "engine.py:45:9: LRS101 it counts epochs\n"
    assert app.config == replace(load(str(cwd)), selectors=(*load(str(cwd)).selectors, Selectors()))


def test_the_command_line_wins_over_the_file(app: App, run_cli: Run, cwd: Path) -> None:
    (cwd / "pyproject.toml").write_text(SETTINGS)
    run_cli("--min-confidence", "certain", "--output-format", "json", "--no-force-exclude", "--exclude", "new,a/b")
    assert app.config.min_confidence is Confidence.CERTAIN
    assert app.config.output_format == "json"
    assert not app.config.force_exclude
    assert app.config.exclude == ("old", "new", f"{cwd}/a/b")


def test_the_torch_that_is_meant_can_be_said(app: App, run_cli: Run, cwd: Path) -> None:
    (cwd / "pyproject.toml").write_text('[tool.schedlint]\ntorch-version = "1.13"\n')
    run_cli("a.py")
    assert app.config.releases == {"torch": Range((1, 13), (1, 14))}
    run_cli("a.py", "--torch-version", ">=2.0,<2.7")
    assert app.config.releases == {"torch": Range((2, 0), (2, 7))}


def test_a_torch_that_is_no_version_is_refused_in_one_line(app: App, run_cli: Run) -> None:
    said = 'schedlint: --torch-version must be a version or versions, as in "2.6" or ">=2.0,<2.7", not \'newest\'\n'
    assert run_cli("a.py", "--torch-version", "newest") == Ran(2, "", said)
    assert app.asked == ()


def test_a_file_of_settings_can_be_named_or_left_aside(app: App, run_cli: Run, cwd: Path) -> None:
    (cwd / "pyproject.toml").write_text(SETTINGS)
    (cwd / "lint.toml").write_text('exclude = ["other"]\n')
    run_cli("--config", "lint.toml")
    assert app.config.exclude == ("other",)
    run_cli("timeline", "--isolated")
    assert app.config == Config(selectors=(Selectors(),))


@pytest.mark.parametrize("command", ["check", "timeline"])
def test_a_mistake_in_the_settings_is_one_line_and_nothing_is_analysed(
    app: App, run_cli: Run, cwd: Path, command: str
) -> None:
    (cwd / "pyproject.toml").write_text("[tool.schedlint]\nselec = []\n")
    said = "schedlint: pyproject.toml: `selec` is no setting; did you mean `select`?\n"
    assert run_cli(command, "a.py") == Ran(2, "", said)
    assert app.asked == ()


def test_a_file_of_settings_cannot_be_named_and_ignored(app: App, run_cli: Run) -> None:
    assert run_cli("--config", "lint.toml", "--isolated").status == 2
    assert app.asked == ()


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
    assert app.asked == ()


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


def test_a_crash_is_no_finding(app: App, run_cli: Run) -> None:
    app.report = ZeroDivisionError("oh")
    ran = run_cli("a.py")
    assert (ran.status, ran.out) == (2, "")
    assert "schedlint: ZeroDivisionError: oh\n" in ran.err


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


def test_the_readme_names_only_options_that_there_are(root: Path) -> None:
    options = {name for each in commands.cli.commands.values() for option in each.params for name in option.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", (root / "README.md").read_text(encoding="utf-8")))
    assert named
    assert named <= options


def test_version(run_cli: Run) -> None:
    assert run_cli("--version") == Ran(0, f"schedlint {schedlint.__version__}\n", "")


def test_the_package_can_be_run_as_a_module() -> None:
    done = in_a_process("-m", "schedlint", "--version")
    assert (done.returncode, done.stdout) == (0, f"schedlint {schedlint.__version__}\n")
    assert in_a_process("-m", "schedlint", "--help").stdout.startswith("Usage: schedlint [OPTIONS]")
    failed = in_a_process("-m", "schedlint", "gone.py", "--select", "LRS9999")
    assert (failed.returncode, failed.stderr.startswith("schedlint: --select: ")) == (2, True)


def test_the_default_command_is_one_of_the_commands() -> None:
    assert commands.DefaultGroup.default in commands.cli.commands
