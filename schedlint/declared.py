"""Which releases of libraries a project declares: in the files in which projects say so, at its root. They are read as
data, and nothing of them is run.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schedlint import facts
from schedlint.program.walk import nodes
from schedlint.releases import Range, poetry, requirement, spanning

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REQUIREMENTS = re.compile(r"(?:requirements[^/]*|requirements/[^/]+)\.txt")
SETUP = "setup.py"
ARGUMENTS = frozenset({"install_requires", "extras_require"})
"""The arguments of `setup` that hold requirements."""

OPTION = re.compile(r"\s--|\s#")
"""What ends a requirement in a file of them: options of pip, and a comment."""

Declared = tuple[str, Range]


def requirement_files(root: Path) -> list[str]:
    """The names, relative to the root of a project, of the files there in which it may say what it needs."""
    found = ["pyproject.toml", "setup.cfg"]
    for folder in ("", "requirements/"):
        try:
            found += sorted(folder + name for name in os.listdir(root / folder))
        except OSError:  # it is not there, or not to be looked into
            continue
    return [name for name in dict.fromkeys(found) if _reader(name) is not None]


def declared(names: Iterable[str], text: Callable[[str], str | None]) -> dict[str, Range]:
    """The releases of each distribution that the files of a project ask for, by its name as indexes spell it: where
    several do, from the least to the most. `text` gives that of a file, by its name relative to the root.
    """
    found: dict[str, list[Range]] = {}
    for name in names:
        reader = _reader(name)
        for distribution, range in reader(text(name) or "") if reader is not None else ():
            found.setdefault(distribution, []).append(range)
    return {distribution: spanning(ranges) for distribution, ranges in found.items()}


def _reader(name: str) -> Callable[[str], Iterator[Declared]] | None:
    if name == "pyproject.toml":
        return in_pyproject
    if name == "setup.cfg":
        return in_setup_cfg
    return in_requirements if REQUIREMENTS.fullmatch(name) else None


def in_requirements(text: str) -> Iterator[Declared]:
    """What a file for pip asks for; other files that it names are read where they are found."""
    return _each(OPTION.split(line, maxsplit=1)[0] for line in text.replace("\\\n", " ").splitlines())


def in_setup_cfg(text: str) -> Iterator[Declared]:
    """What the options of setuptools ask for."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    yield from in_requirements(parser.get("options", "install_requires", fallback=""))
    if parser.has_section("options.extras_require"):
        for _, value in parser.items("options.extras_require"):
            yield from in_requirements(value)


def in_setup_py(module: facts.ModuleFacts) -> Iterator[Declared]:
    """What the arguments of `setup` ask for, where they are written out."""
    for node in (each for statement in module.body for each in nodes(statement)):
        if isinstance(node, facts.Argument) and node.keyword in ARGUMENTS:
            constants = (each.value for each in nodes(node.value) if isinstance(each, facts.Constant))
            yield from _each(value for value in constants if isinstance(value, str))


def in_pyproject(text: str) -> Iterator[Declared]:
    """What the project's metadata, its groups of dependencies and Poetry's table ask for."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    project = _table(document, "project")
    yield from _each(_texts(project.get("dependencies")))
    for group in (*_table(project, "optional-dependencies").values(), *_table(document, "dependency-groups").values()):
        yield from _each(_texts(group))
    own = _table(_table(document, "tool"), "poetry")
    groups = [_table(group, "dependencies") for group in _table(own, "group").values() if isinstance(group, dict)]
    for table in (_table(own, "dependencies"), *groups):
        for name, value in table.items():
            yield from _of_poetry(name, value)


def _of_poetry(name: str, value: Any) -> Iterator[Declared]:
    """The versions that a key of Poetry's table means: a text, a table with one, or several tables."""
    for each in value if isinstance(value, list) else [value]:
        text = each.get("version") if isinstance(each, dict) else each
        try:
            yield re.sub(r"[-_.]+", "-", name).lower(), poetry(text) if isinstance(text, str) else Range()
        except ValueError:
            continue


def _each(texts: Iterable[str]) -> Iterator[Declared]:
    for text in texts:
        found = requirement(text.strip())
        if found is not None:
            yield found


def _texts(value: Any) -> Iterator[str]:
    return (each for each in value if isinstance(each, str)) if isinstance(value, list) else iter(())


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}
