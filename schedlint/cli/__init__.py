"""The command line: arguments in, text and an exit status out. Nothing below this package prints or exits.

A command (`commands`) returns an `Outcome`; `main` alone has it written. What analyses code is imported inside the
commands, so that `--version` and `--help` are quick.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

import click

from schedlint.cli.commands import cli
from schedlint.cli.outcome import CLEAN, FAILED, INTERRUPTED, Outcome, deliver
from schedlint.diagnostics import UsageError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; the entry point of the installed command."""
    # What is built here are trees that live to the end: looking for cycles in them costs a third of the time.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that cannot be shown is no reason to fail
    sys.exit(deliver(carried_out(arguments)))


def carried_out(arguments: Sequence[str] | None) -> Outcome:
    """The outcome of the command; every way in which it is known to fail is one line."""
    try:
        result = cli.main(args=arguments, prog_name="schedlint", standalone_mode=False)
    except click.ClickException as error:
        return Outcome(FAILED, remarks=(error.format_message(),))
    except (UsageError, OSError) as error:
        return Outcome(FAILED, remarks=(str(error),))
    except click.Abort:
        return Outcome(INTERRUPTED, remarks=("interrupted",))
    except Exception:  # noqa: BLE001 - a crash is no finding, which Python's own exit status would make of it
        return Outcome(FAILED, remarks=(*traceback.format_exc().splitlines(), "this is a mistake of schedlint itself"))
    return result if isinstance(result, Outcome) else Outcome(result or CLEAN)
