"""The options that commands share, and what they come to: files to look at, settings, colour."""

from __future__ import annotations

import os
import reprlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from schedlint import config
from schedlint.config import Config, Selectors
from schedlint.diagnostics import STDIN, Confidence, UsageError
from schedlint.releases import Range

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]


SETTINGS = ("min_confidence", "output_format", "force_exclude", "releases", "fix", "unsafe_fixes")
"""What an option says in place of a setting of the same name."""


@dataclass(frozen=True, slots=True)
class Target:
    """The paths to look at, and the text of the one that comes through standard input."""

    paths: tuple[str, ...]
    overlay: Mapping[str, bytes] = field(default_factory=dict)


def target(paths: Sequence[str], stdin_filename: str | None) -> Target:
    """What is to be looked at: standard input for `-` alone, or for a name of it; else the current folder if no path
    is given.
    """
    if STDIN not in paths and stdin_filename is None:
        return Target(tuple(paths) or (".",))
    if set(paths) - {STDIN}:
        raise UsageError("standard input is checked alone: give `-` and no other path")
    name = stdin_filename or STDIN
    return Target((name,), {name: sys.stdin.buffer.read()})


def settings(given: Mapping[str, Any], cwd: str) -> Config:
    """The settings: of the configuration file, and over them those given on the command line."""
    file, isolated = given["config"], given["isolated"]
    if file is not None and isolated:
        raise UsageError("--isolated and --config contradict each other")
    read = Config() if isolated else config.load(cwd, file)
    said = {name: given.get(name) for name in SETTINGS}
    return replace(
        read,
        selectors=(*read.selectors, selectors(given)),
        exclude=(*read.exclude, *config.anchored(split(given["exclude"]), cwd)),
        **{name: value for name, value in said.items() if value is not None},
    )


def selectors(given: Mapping[str, Any]) -> Selectors:
    """The rules that the command line asks for."""
    select, extend, ignore = (split(given.get(name, ())) for name in ("select", "extend_select", "ignore"))
    return Selectors(select or None, extend, ignore)


def versions(value: str) -> Mapping[str, Range]:
    """The versions of torch that the command line means."""
    kind = config.KEYS["torch-version"]
    try:
        read: Mapping[str, Range] = kind.read(value)
    except ValueError:
        raise UsageError(f"--torch-version must be {kind.expected}, not {reprlib.repr(value)}") from None
    return read


def split(values: Sequence[str]) -> tuple[str, ...]:
    """The values of a repeatable option, each of which may hold several between commas."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def is_coloured(when: str) -> bool:
    """Whether to print in colour: as the option says, else as the environment does, else if a terminal shows it."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


# --- options ----------------------------------------------------------------------------------------------------------


def all_of(*options: Decorator[Any]) -> Decorator[Any]:
    """Several options as one decorator, in the order in which `--help` lists them."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


selecting = all_of(
    click.option("--select", multiple=True, metavar="RULES", help="Report these only: codes, prefixes, names or ALL."),
    click.option("--extend-select", multiple=True, metavar="RULES", help="Report these as well."),
    click.option("--ignore", multiple=True, metavar="RULES", help="Do not report these."),
    click.option(
        "--min-confidence",
        type=click.Choice([each.value for each in Confidence]),
        callback=lambda context, parameter, value: value and Confidence(value),
        help="Report what is at least so sure.  [default: possible]",
    ),
    click.option(
        "--torch-version",
        "releases",
        metavar="VERSIONS",
        callback=lambda context, parameter, value: value if value is None else versions(value),
        help="The versions of torch that are meant, as in 2.6 or '>=2.0,<2.7'.  [default: as the project declares]",
    ),
)
"""Which findings are reported, and how bad they are."""

fixing = all_of(
    click.option("--fix/--no-fix", default=None, help="Fix what can be fixed safely, and report the rest."),
    click.option(
        "--unsafe-fixes/--no-unsafe-fixes",
        default=None,
        help="With --fix or --diff: also fix what changes the training.",
    ),
    click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing."),
)
"""What becomes of what can be fixed."""

finding = all_of(
    click.option("--exclude", multiple=True, metavar="GLOBS", help="Leave these files and folders out as well."),
    click.option(
        "--force-exclude/--no-force-exclude",
        default=None,
        help="Leave out what is excluded even where it is named.",
    ),
    click.option("--stdin-filename", metavar="NAME", help="The name of the file that `-` reads from standard input."),
    click.option("--config", metavar="FILE", help="Read the settings from this file."),
    click.option("--isolated", is_flag=True, help="Read no configuration file."),
)
"""Which files are looked at, and where settings come from."""
