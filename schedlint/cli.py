"""The command line: arguments in, text and an exit status out. Nothing below this module prints or exits.

A command returns an `Outcome`; `main` alone writes. Exit status: 0 clean, 1 findings, 2 the command cannot be carried
out (usage, an internal error, output that cannot be written), 130 interrupted. What analyses code is imported inside
the commands, so that `--version` and `--help` are quick.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import NoReturn

import click

from schedlint import __version__
from schedlint.diagnostics import Diagnostic, Severity, UsageError

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
UNREAD = frozenset({"LRS900", "LRS901"})
"""What makes `timeline` fail: a named file that could not be read. Everything else it says is no verdict."""


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: its result, remarks beside the result (one line each), and the exit status."""

    status: int
    output: str = ""
    remarks: tuple[str, ...] = ()


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
@click.option("--output-format", type=click.Choice(["concise", "json"]), default="concise", show_default=True)
@click.option("--select", multiple=True, metavar="RULES", help="Report these only: codes, prefixes or names.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not report these.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no closing line.")
def check(
    paths: tuple[str, ...],
    output_format: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exit_zero: bool,
    quiet: bool,
) -> Outcome:
    """Report mistakes in the files and folders PATH... (default: the current folder)."""
    from schedlint import app
    from schedlint.reporters import concise, json

    cwd = os.getcwd()
    report = app.check(paths or (".",), select=split(select), ignore=split(ignore), cwd=cwd)
    found = report.diagnostics
    output = json.render(found, cwd) if output_format == "json" else concise.render(found)
    closing = () if quiet else (concise.closing(found),)
    if report.internal_errors:
        return Outcome(FAILED, output, report.internal_errors)
    return Outcome(CLEAN if exit_zero else verdict(found), output, closing)


@cli.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--why", is_flag=True, help="Add the evidence for each inferred fact and the reason for each unknown.")
@click.option("--stats", is_flag=True, help="Print how much was understood, and why the rest was not.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def timeline(paths: tuple[str, ...], why: bool, stats: bool, output_format: str) -> Outcome:
    """Print what schedlint understood: loops, schedulers, optimizers and what happens to them."""
    from schedlint import app
    from schedlint.reporters import stats as coverage
    from schedlint.reporters import timeline_json, timeline_text

    programs = app.timelines(paths or (".",), cwd=os.getcwd()).programs
    unread = any(note.code in UNREAD for program in programs for note in program.notes)
    if stats:
        measured = coverage.measure([reading for program in programs for reading in program.readings])
        output = coverage.as_json(measured) if output_format == "json" else coverage.as_text(measured)
    elif output_format == "json":
        output = timeline_json.render(programs)
    else:
        output = timeline_text.render(programs, why=why)
    return Outcome(FINDINGS if unread else CLEAN, output)


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


def split(values: Sequence[str]) -> tuple[str, ...]:
    """The selectors of a repeatable option, each of which may hold several between commas."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def verdict(diagnostics: Sequence[Diagnostic]) -> int:
    """The exit status that the diagnostics ask for: information alone is no finding."""
    return FINDINGS if any(diagnostic.severity is not Severity.INFO for diagnostic in diagnostics) else CLEAN


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; the entry point of the installed command."""
    # What is built here are trees that live to the end: looking for cycles in them costs a third of the time.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that cannot be shown is no reason to fail
    sys.exit(deliver(carried_out(arguments)))


def carried_out(arguments: Sequence[str] | None) -> Outcome:
    """The outcome of the command; every way in which it can fail is one line."""
    try:
        result = cli.main(args=arguments, prog_name="schedlint", standalone_mode=False)
    except click.ClickException as error:
        return Outcome(FAILED, remarks=(error.format_message(),))
    except (UsageError, OSError) as error:
        return Outcome(FAILED, remarks=(str(error),))
    except click.Abort:
        return Outcome(INTERRUPTED, remarks=("interrupted",))
    return result if isinstance(result, Outcome) else Outcome(result or CLEAN)


def deliver(outcome: Outcome) -> int:
    """Write the outcome and return the exit status: 2 where it could not be written."""
    try:
        sys.stdout.write(ended(outcome.output))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough: `schedlint . | head`
        return silenced()
    except OSError as error:
        remark(f"cannot write the result: {error.strerror}")
        return silenced()
    for text in outcome.remarks:
        remark(text)
    return outcome.status


def ended(text: str) -> str:
    """The text, ended by a newline unless it is empty."""
    return text if not text or text.endswith("\n") else text + "\n"


def remark(text: str) -> None:
    """Say something beside the result, in one line."""
    from schedlint.reporters.text import printable

    sys.stderr.write(f"schedlint: {printable(text)}\n")


def silenced() -> int:
    """Throw away what is still buffered, so that writing it does not fail once more while Python shuts down."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
    return FAILED
