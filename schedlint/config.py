"""Settings: `[tool.schedlint]` of the nearest pyproject.toml that has it, or a file that is named. Read, checked, and
never executed.

The nearest file is looked for from the current folder upward, and there is one for the whole run. ruff looks from each
file, because it judges each file alone; here a program spans files, and what is said of it must not depend on which of
them was named, or first. Only names and values are checked here; whether a selector means a rule is `selection`'s
business.
"""

from __future__ import annotations

import glob
import os
import reprlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from schedlint.diagnostics import Confidence, UsageError
from schedlint.misspelled import LONGEST, meant
from schedlint.releases import Range, allowed

if TYPE_CHECKING:
    from schedlint.knowledge.schema import Library

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT_FILE = "pyproject.toml"
FORMATS = ("full", "concise", "json")
"""How findings can be printed; the first is the default."""


class Selectors(Struct, frozen=True):
    """Which rules one source asks for, by codes, beginnings of codes, names and `ALL`; `origin` is the file, if any.

    `select` replaces what is chosen otherwise (None where it is not said), `extend_select` adds to it and `ignore`
    takes away.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    origin: str = ""


class Config(Struct, frozen=True, kw_only=True):
    """The settings of one run. Without any, every rule that is on by default is run on everything.

    Each of `selectors` wins over those before it. `exclude` are glob patterns as `sources.discover` takes them, `src`
    are the absolute folders that imports start from. `base` is the folder below which a named file may lie in an
    excluded folder; the current one if empty. `own` is what the user's own tables say of schedulers, optimizers,
    loaders and functions. `releases` are those of libraries that are meant, whatever the project declares. `fix` asks
    for safe fixes, `unsafe_fixes` for others wherever fixes are made; the command line alone heeds them.
    """

    selectors: tuple[Selectors, ...] = ()
    min_confidence: Confidence = Confidence.POSSIBLE
    output_format: str = FORMATS[0]
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    src: tuple[str, ...] = ()
    base: str = ""
    own: Library | None = None
    releases: Mapping[str, Range] = {}
    fix: bool = False
    unsafe_fixes: bool = False

    @property
    def names(self) -> tuple[bytes, ...]:
        """What a file may hold that speaks of a scheduler of the user's own."""
        schedulers = self.own.schedulers if self.own is not None else ()
        names = {name for scheduler in schedulers for name in (scheduler.name, *scheduler.aliases)}
        return tuple(sorted(name.rpartition(".")[2].encode() for name in names))


class Kind(NamedTuple):
    """What a value must be, in words and as a function that reads it or raises ValueError; and what it may be."""

    expected: str
    read: Callable[[Any], Any]
    choices: tuple[str, ...] = ()


# --- files ------------------------------------------------------------------------------------------------------------


def load(cwd: str, file: str | None = None) -> Config:
    """The settings in `file`, else in the nearest pyproject.toml with a table for them, else none.

    A file called pyproject.toml is read at `[tool.schedlint]`, any other at its top level. Raises UsageError with one
    line for a file that cannot be read or that says what is no setting.
    """
    if file is None:
        return _nearest(cwd)
    path = os.path.join(cwd, file)
    document = _document(path, file)
    if os.path.basename(path) != PROJECT_FILE:
        return _config(document, path, file)
    table = _table(document, file)
    if table is None:
        raise UsageError(f"{file}: there is no [tool.schedlint]")
    return _config(table, path, file)


def _nearest(cwd: str) -> Config:
    folder = os.path.abspath(cwd)
    while True:
        path = os.path.join(folder, PROJECT_FILE)
        if os.path.isfile(path):
            shown = _shown(path, cwd)
            table = _table(_document(path, shown), shown)
            if table is not None:
                return _config(table, path, shown, base=folder)
        parent = os.path.dirname(folder)
        if parent == folder:
            return Config()
        folder = parent


def _document(path: str, shown: str) -> dict[str, Any]:
    """The TOML document in a file."""
    from schedlint.sources.text import Unreadable, read_bytes  # what `--help` does not need

    try:
        return tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except Unreadable as failure:
        raise UsageError(f"{shown}: {failure.reason}") from failure
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown}: it is not UTF-8, as TOML must be") from error
    except RecursionError as error:
        raise UsageError(f"{shown}: it is nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError is one, and so is a number of thousands of digits
        raise UsageError(f"{shown}: it is not TOML: {error}") from error


def _table(document: Mapping[str, Any], shown: str) -> Mapping[str, Any] | None:
    """The table `[tool.schedlint]`, if there is one."""
    tool = document.get("tool")
    table = tool.get("schedlint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{shown}: `tool.schedlint` must be a table, not {_brief(table)}")
    return table


def _shown(path: str, cwd: str) -> str:
    """The path as people are shown it: in short if it lies below the current folder."""
    below = os.path.join(os.path.abspath(cwd), "")
    return path.removeprefix(below)


# --- keys and values --------------------------------------------------------------------------------------------------


def _config(table: Mapping[str, Any], path: str, shown: str, base: str = "") -> Config:
    """The settings that a table gives; paths in it are relative to the folder of its file."""
    tables = {key: value for key, value in table.items() if key in TABLES}
    values = {key: _value(key, value, shown) for key, value in table.items() if key not in TABLES}
    folder = os.path.dirname(os.path.abspath(path))
    return Config(
        selectors=(
            Selectors(values.get("select"), values.get("extend-select", ()), values.get("ignore", ()), origin=shown),
        ),
        min_confidence=values.get("min-confidence", Confidence.POSSIBLE),
        output_format=values.get("output-format", FORMATS[0]),
        exclude=anchored(values.get("exclude", ()), folder),
        force_exclude=values.get("force-exclude", False),
        fix=values.get("fix", False),
        unsafe_fixes=values.get("unsafe-fixes", False),
        src=tuple(os.path.normpath(os.path.join(folder, name)) for name in values.get("src", ())),
        base=base,
        own=_own(tables, shown) if tables else None,
        releases=values.get("torch-version", {}),
    )


def _own(tables: Mapping[str, Any], shown: str) -> Library:
    """The user's own tables."""
    from schedlint.knowledge.own import own  # what settings without any do not need
    from schedlint.knowledge.tables import TableError

    try:
        return own(tables)
    except TableError as error:
        raise UsageError(f"{shown}: {error}") from error


def _value(key: str, value: object, shown: str) -> Any:
    kind = KEYS.get(key)
    if kind is None:
        raise UsageError(f"{shown}: `{key[:LONGEST]}` is no setting{meant(key, (*KEYS, *TABLES))}")
    try:
        return kind.read(value)
    except ValueError:
        nearest = meant(value, kind.choices) if isinstance(value, str) else ""
        raise UsageError(f"{shown}: `{key}` must be {kind.expected}, not {_brief(value)}{nearest}") from None


def anchored(patterns: Sequence[str], folder: str) -> tuple[str, ...]:
    """The glob patterns, those for a path below `folder` made patterns for the whole path."""
    return tuple(_anchored(pattern, folder) for pattern in patterns)


def _anchored(pattern: str, folder: str) -> str:
    if "/" not in pattern.removeprefix("./").rstrip("/") or os.path.isabs(pattern):
        return pattern
    return os.path.normpath(os.path.join(glob.escape(folder), pattern)).replace(os.sep, "/")


def _brief(value: object) -> str:
    """A value in a few words, however large it is."""
    return reprlib.repr(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() and "\0" not in item for item in value):
        return tuple(item.strip() for item in value)
    raise ValueError


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _format(value: object) -> str:
    if isinstance(value, str) and value in FORMATS:
        return value
    raise ValueError


def _torch(value: object) -> dict[str, Range]:
    if isinstance(value, str):
        return {"torch": allowed(value)}
    raise ValueError


def _one_of(choices: Sequence[str], read: Callable[[Any], Any]) -> Kind:
    return Kind(f"one of {', '.join(choices)}", read, tuple(choices))


_TRUTH = Kind("true or false", _truth)
_LIST = Kind("a list of texts", _texts)

KEYS: Mapping[str, Kind] = {
    "select": _LIST,
    "extend-select": _LIST,
    "ignore": _LIST,
    "min-confidence": _one_of([each.value for each in Confidence], Confidence),
    "output-format": _one_of(FORMATS, _format),
    "exclude": _LIST,
    "force-exclude": _TRUTH,
    "fix": _TRUTH,
    "unsafe-fixes": _TRUTH,
    "src": _LIST,
    "torch-version": Kind('a version or versions, as in "2.6" or ">=2.0,<2.7"', _torch),
}
"""Every setting that a file may hold, with one value."""

TABLES = ("schedulers", "optimizers", "loaders", "functions")
"""The tables that a file may hold beside them: what `knowledge` cannot know of itself."""
