"""`check --fix` and `check --diff`: fixes written to files, or shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schedlint.cli.options import Target
from schedlint.cli.outcome import CLEAN, FAILED, FINDINGS, Outcome
from schedlint.config import Config

if TYPE_CHECKING:
    from schedlint.app import Repair, Report


@dataclass(frozen=True)
class Asked:
    """What is to be done with fixes."""

    unsafe: bool
    diff: bool
    quiet: bool


def repaired(target: Target, settings: Config, cwd: str, asked: Asked, told: Callable[[Report], Outcome]) -> Outcome:
    """Fix what can be fixed. `told` says what is still reported then."""
    from schedlint import app

    repair = app.repair(target.paths, settings, cwd=cwd, overlay=target.overlay, unsafe=asked.unsafe)
    if asked.diff:
        return _shown(repair, asked)
    if target.overlay:
        return _printed(repair, target, told(repair.report))
    return _written(repair, cwd, told, asked)


def _shown(repair: Repair, asked: Asked) -> Outcome:
    """The fixes as a diff, which changes nothing."""
    from schedlint.reporters import diff, summary
    from schedlint.reporters.text import printable

    status = FAILED if repair.report.failed else FINDINGS if repair.fixed.fixes else CLEAN
    closing = summary.fixed(len(repair.fixed.fixes), len(repair.fixed.after), would=True)
    text = diff.render(repair.fixed.before, repair.fixed.after)
    if sys.stdout.isatty():
        text = "".join(f"{printable(row)}\n" for row in text.splitlines())
    return Outcome(status, text, () if asked.quiet else (closing,), verbatim=True)


def _printed(repair: Repair, target: Target, told: Outcome) -> Outcome:
    """What came through standard input, fixed; what is still reported goes to standard error."""
    (name, data), *_ = target.overlay.items()
    text = repair.fixed.after.get(name, data).decode(errors="surrogateescape")
    return Outcome(told.status, text, (*told.output.splitlines(), *told.remarks), verbatim=True)


def _written(repair: Repair, cwd: str, told: Callable[[Report], Outcome], asked: Asked) -> Outcome:
    """The files written, and what is still reported."""
    from schedlint.fixing import write
    from schedlint.reporters import summary

    paths = {shown: os.path.realpath(os.path.join(cwd, shown)) for shown in repair.fixed.after}
    written = list(write(paths, repair.fixed))
    left = told(repair.report)
    if asked.quiet or not repair.fixed.fixes:
        return left
    closing = summary.fixed(len(repair.fixed.fixes), len(written), would=False)
    return Outcome(left.status, left.output, (closing, *left.remarks))
