"""flake8 as people run it: the installed command, in a process of its own."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

needs_flake8 = pytest.mark.skipif(importlib.util.find_spec("flake8") is None, reason="flake8 is not installed")

LINE = re.compile(r"(?:\./)?(?P<path>[^:]+):(?P<row>\d+):(?P<column>\d+): (?P<code>[A-Z]+\d+) (?P<message>.+)")


PATIENT = "--schedlint-seconds=1e9"
"""What is reported must not depend on how busy the machine is."""


class Shown(NamedTuple):
    """One line of a report."""

    path: str
    row: int
    column: int
    code: str
    message: str

    @property
    def spot(self) -> tuple[str, int, int, str]:
        """All but the message."""
        return self[:4]


def process(*arguments: str, cwd: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """A finished run of flake8, with `text` as standard input."""
    command = [sys.executable, "-m", "flake8", *arguments]
    return subprocess.run(command, cwd=cwd, input=text, capture_output=True, encoding="utf-8", check=False)


def flake8(*arguments: str, cwd: Path, text: str | None = None) -> list[Shown]:
    """What flake8 reports, which says nothing else; by default, what the plugin says."""
    ran = process("--isolated", "--select=LRS", PATIENT, *arguments, cwd=cwd, text=text)
    assert ran.stderr == ""
    return sorted(map(shown, ran.stdout.splitlines()))


def shown(line: str) -> Shown:
    """A line of flake8's default format."""
    found = LINE.fullmatch(line)
    assert found, line
    return Shown(found["path"], int(found["row"]), int(found["column"]), found["code"], found["message"])
