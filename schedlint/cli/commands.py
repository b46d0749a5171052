"""The commands: each turns its arguments into a call of `app` and the answer into an `Outcome`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from schedlint import __version__
from schedlint.cli import options
from schedlint.cli.outcome import CLEAN, FAILED, FINDINGS, Outcome
from schedlint.config import FORMATS
from schedlint.diagnostics import Diagnostic, Severity, UsageError

if TYPE_CHECKING:
    from schedlint.app import Report

UNREAD = frozenset({"LRS900", "LRS901"})
"""What makes `timeline` fail: a named file that could not be read. Everything else it says is no verdict."""


class DefaultGroup(click.Group):
    """A group whose first argument may be left out: `schedlint train.py` is `schedlint check train.py`."""

    default = "check"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of arguments that name none and are no option of the group itself."""
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args and args[0] not in self.commands and args[0] not in own:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="schedlint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find learning-rate scheduler mistakes in PyTorch training code without running it.

    `schedlint PATH...` is `schedlint check PATH...`.
    """


@cli.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@options.selecting
@options.finding
@click.option("--output-format", type=click.Choice(FORMATS), help=f"How to print findings.  [default: {FORMATS[0]}]")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour.")
@options.fixing
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no closing line.")
def check(
    paths: tuple[str, ...],
    stdin_filename: str | None,
    color: str,
    diff: bool,
    exit_zero: bool,
    quiet: bool,
    **given: Any,
) -> Outcome:
    """Report mistakes in the files and folders PATH... (default: the current folder; `-` is standard input).

    Exit status: 0 nothing found, 1 findings, 2 the command could not be carried out.
    """
    from schedlint.glance import quiet_files
    from schedlint.reporters import summary

    cwd = os.getcwd()
    settings = options.settings(given, cwd)
    unsafe, target = settings.unsafe_fixes, options.target(paths, stdin_filename)
    quiet_ones = None if target.overlay else quiet_files(target.paths, settings, cwd)
    if quiet_ones is not None:
        return Outcome(CLEAN, nothing(settings.output_format, cwd), () if quiet else (summary.closing((), quiet_ones),))
    from schedlint import app  # what analyses code takes longer to import than most files take to be looked at
    from schedlint.cli.repairing import Asked, repaired

    def told(report: Report) -> Outcome:
        coloured = options.is_coloured(color)
        output = rendered(report, settings.output_format, cwd, coloured=coloured, unsafe=unsafe)
        closing = summary.closing(report.diagnostics, report.files), *summary.fixable(report.diagnostics, unsafe)
        status = FAILED if report.failed else CLEAN if exit_zero else verdict(report.diagnostics)
        return Outcome(status, output, () if quiet else closing)

    if settings.fix or diff:
        return repaired(target, settings, cwd, Asked(unsafe, diff, quiet), told)
    return told(app.check(target.paths, settings, cwd=cwd, overlay=target.overlay))


def nothing(form: str, cwd: str) -> str:
    """A report without diagnostics in one of the formats."""
    from schedlint.reporters import json

    return json.render((), cwd) if form == "json" else ""


def rendered(report: Report, form: str, cwd: str, *, coloured: bool, unsafe: bool) -> str:
    """The diagnostics of a report in one of the formats; data has no colour."""
    from schedlint.reporters import colour, concise, full, json

    paint = colour.coloured if coloured else colour.plain
    if form == "json":
        return json.render(report.diagnostics, cwd)
    if form == "concise":
        return concise.render(report.diagnostics, paint, unsafe=unsafe)
    return full.render(report.diagnostics, report.lines, paint, unsafe=unsafe)


@cli.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--why", is_flag=True, help="Add the evidence for each inferred fact and the reason for each unknown.")
@click.option("--stats", is_flag=True, help="Print how much was understood, and why the rest was not.")
@options.finding
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def timeline(
    paths: tuple[str, ...], why: bool, stats: bool, stdin_filename: str | None, output_format: str, **given: Any
) -> Outcome:
    """Print what schedlint understood: loops, schedulers, optimizers and what happens to them."""
    from schedlint import app
    from schedlint.reporters import stats as coverage
    from schedlint.reporters import summary, timeline_json, timeline_text

    cwd = os.getcwd()
    settings = options.settings(given, cwd)
    target = options.target(paths, stdin_filename)
    understood = app.timelines(target.paths, settings, cwd=cwd, overlay=target.overlay)
    programs = understood.programs
    if stats:
        measured = coverage.measure([reading for program in programs for reading in program.readings])
        output = coverage.as_json(measured) if output_format == "json" else coverage.as_text(measured)
    elif output_format == "json":
        output = timeline_json.render(programs)
    else:
        output = timeline_text.render(programs, why=why)
    unread = any(note.code in UNREAD for program in programs for note in program.notes)
    status = FAILED if understood.failed else FINDINGS if unread else CLEAN
    return Outcome(status, output, () if understood.files or unread else (summary.NOTHING,))


@cli.command()
@click.argument("names", nargs=-1, metavar="CODE|NAME")
@click.option("--all", "everything", is_flag=True, help="Print the pages of all rules.")
def rule(names: tuple[str, ...], everything: bool) -> Outcome:
    """Explain a rule: why it matters, what is reported and what is not, how to fix it."""
    from schedlint import pages

    if bool(names) == everything:
        raise UsageError("name the rules to explain (LRS101, or its name), or say --all")
    chosen = pages.pages() if everything else [pages.find(name) for name in names]
    return Outcome(CLEAN, "\n".join(page.text for page in chosen))


def verdict(diagnostics: Sequence[Diagnostic]) -> int:
    """The exit status that the diagnostics ask for: information alone is no finding."""
    return FINDINGS if any(diagnostic.severity is not Severity.INFO for diagnostic in diagnostics) else CLEAN
