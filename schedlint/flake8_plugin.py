"""The flake8 plugin: what `schedlint` reports of all files together, handed to flake8 file by file.

flake8 imports this module whenever it starts and runs it on every file, so that nothing that analyses code is imported
before a file is met in which something can be found. An exception would end the whole run of flake8 without a result:
none leaves this module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from schedlint import __version__

if TYPE_CHECKING:
    import argparse
    import ast
    from typing import Any, Protocol

    from schedlint.diagnostics import Diagnostic
    from schedlint.one_by_one import OneByOne

    class Parser(Protocol):
        """flake8's parser of options."""

        def add_option(self, *names: str, **keywords: Any) -> None:
            """Add one."""


SECONDS = 10.0
"""How long one process analyses files together with their programs; those that come later are judged alone."""

SPENT = (
    "schedlint: {:g} s of this process of flake8 went into programs of several files; what is left is judged file by "
    "file (`schedlint-seconds` in flake8's settings allows more, `schedlint PATH` has no such limit)"
)

Told = tuple[int, int, str]
"""The row, the column counted from 0, and the code with the message."""

_processes: dict[str, OneByOne] = {}
_remarked: set[str] = set()


class Plugin:
    """One file, as flake8 hands it over: its lines, which may stand nowhere on disk, and the name to show for it.

    The tree is not read. flake8 tells by it that the plugin runs once per file, and only if the file is Python.
    """

    name = "schedlint"
    version = __version__
    seconds = SECONDS

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._filename = filename
        self._lines = lines

    @classmethod
    def add_options(cls, parser: Parser) -> None:
        """Tell flake8 of the one setting that is not schedlint's own: it means nothing outside flake8."""
        parser.add_option(
            "--schedlint-seconds",
            type=float,
            default=SECONDS,
            parse_from_config=True,
            help="How long a process analyses files together with their programs. (Default: %(default)s)",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take the setting, before any file is handed over."""
        cls.seconds = options.schedlint_seconds

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """The findings whose place is in this file, and with each a type, for which flake8 has no use; never raises."""
        try:
            found = _found(self._filename, "".join(self._lines))
        except Exception as error:  # noqa: BLE001 - flake8 would lose everything that it found in all files
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            found = [(1, 0, f"LRS904 internal error: {reason}")]
        yield from ((row, column, text, type(self)) for row, column, text in found)


def _found(name: str, text: str) -> list[Told]:
    files = _process(os.getcwd())
    if not files.may_be_reported_on(name, text):
        return []
    if files.is_spent:
        _remark_once(SPENT.format(Plugin.seconds))
    return [_told(diagnostic) for diagnostic in files.check(name, text)]


def _process(cwd: str) -> OneByOne:
    """What this process knows; imported late, for a flake8 that only starts its workers."""
    from schedlint.one_by_one import OneByOne

    if cwd not in _processes:
        _processes[cwd] = OneByOne(cwd, Plugin.seconds)
    return _processes[cwd]


def _told(diagnostic: Diagnostic) -> Told:
    from schedlint.reporters.text import printable

    at = diagnostic.at
    return at.row, at.column - 1, f"{diagnostic.code} {printable(diagnostic.message)}"


def _remark_once(remark: str) -> None:
    """Say on standard error what is no finding: no run may turn red for being slower than another."""
    if remark not in _remarked:
        _remarked.add(remark)
        sys.stderr.write(f"{remark}\n")
