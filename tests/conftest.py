"""What all tests share: the repository's root, and the command line run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from schedlint import cli

ROOT = Path(__file__).resolve().parent.parent


class Ran(NamedTuple):
    """What a run of the command line left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture
def run_cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `schedlint ARGUMENT...` in this process."""

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        captured = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return Ran(stopped.value.code, captured.out, captured.err)

    return run
