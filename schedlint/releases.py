"""Releases of libraries: which of them a project says it runs with, read off requirements as people write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from msgspec import Struct

Release: TypeAlias = tuple[int, ...]

CLAUSE = re.compile(r"\s*(?P<operator>\^|~(?!=))?\s*(?P<version>[^\s,]+)\s*")
PARTS = 3
"""How many numbers the release of a library has: a version with fewer stands for those with zeros behind it."""


class Range(Struct, frozen=True):
    """The releases of a library from `least` on and below `below`; () where there is no such limit."""

    least: Release = ()
    below: Release = ()

    def is_from(self, version: str) -> bool:
        """Whether all of them are that version or a later one."""
        return bool(self.least) and _padded(self.least) >= _padded(_numbers(version))

    def is_before(self, version: str) -> bool:
        """Whether all of them are earlier than that version."""
        return bool(self.below) and _padded(self.below) <= _padded(_numbers(version))

    def __str__(self) -> str:
        """The limits, as requirements say them: `>=2.0,<2.7`."""
        limits = ((">=", self.least), ("<", self.below))
        return ",".join(f"{operator}{'.'.join(map(str, limit))}" for operator, limit in limits if limit)


ANY = Range()
"""What is known where a project says nothing."""


def spanning(ranges: Collection[Range]) -> Range:
    """From the least of all ranges to the most: the releases that a project says something of in several places. One
    without a limit leaves the whole without it, but one without any says nothing.
    """
    told = [each for each in ranges if each != ANY]
    leasts, belows = [each.least for each in told], [each.below for each in told]
    return Range(
        min(leasts, key=_padded) if leasts and all(leasts) else (),
        max(belows, key=_padded) if belows and all(belows) else (),
    )


def allowed(text: str) -> Range:
    """The releases that are meant by a version (`2.6`: all of 2.6) or by what a requirement says of versions
    (`>=2.0,<2.7`). Raises ValueError for anything else.
    """
    from packaging.specifiers import SpecifierSet  # what only those need who say something of versions
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        clauses = SpecifierSet(text)
    else:
        clauses = SpecifierSet(f"=={text.strip()}.*")
    if not len(clauses):
        raise ValueError(text)
    return _within([_clause(clause.operator, clause.version) for clause in clauses])


def requirement(text: str) -> tuple[str, Range] | None:
    """The name of a distribution, as indexes spell it, with the releases of it that one requirement asks for; None for
    what is no requirement, or says nothing of versions.
    """
    from packaging.requirements import Requirement  # likewise
    from packaging.utils import canonicalize_name

    try:
        read = Requirement(text)
        found = _within([_clause(clause.operator, clause.version) for clause in read.specifier])
    except ValueError:  # no requirement, or one for a version of its own making (`===nightly`)
        return None
    return None if found == ANY else (canonicalize_name(read.name), found)


def poetry(text: str) -> Range:
    """The releases that a version of Poetry's means: `^2.0`, `~2.1`, `2.1.0`, `>=1.8,<2 || ^2.1`. Raises ValueError for
    anything else.
    """
    return spanning([_within([_poetry_clause(clause) for clause in way.split(",")]) for way in text.split("||")])


def _poetry_clause(clause: str) -> Range:
    from packaging.specifiers import SpecifierSet

    match = CLAUSE.fullmatch(clause)
    if clause.strip() == "*":
        return ANY
    if match is None or not match["version"][:1].isdigit():
        return _within([_clause(each.operator, each.version) for each in SpecifierSet(clause)])
    if match["operator"] is None:
        return _clause("==", match["version"])
    numbers = _numbers(match["version"])
    if match["operator"] == "~":
        return Range(numbers, _after(numbers[:2]))
    first = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    return Range(numbers, _after(numbers[: first + 1]))


def _clause(operator: str, version: str) -> Range:
    """The releases that one comparison lets through."""
    numbers = _numbers(version)
    match operator:
        case "==" if version.endswith(".*"):
            return Range(numbers, _after(numbers))
        case "==" | "===":
            return Range(numbers, _after(_padded(numbers)))
        case "~=":
            return Range(numbers, _after(numbers[:-1]))
        case ">=":
            return Range(least=numbers)
        case ">":
            return Range(least=_after(_padded(numbers)))
        case "<":
            return Range(below=numbers)
        case "<=":
            return Range(below=_after(_padded(numbers)))
        case _:
            return ANY


def _within(ranges: Collection[Range]) -> Range:
    """The releases that lie in all of the ranges."""
    return Range(
        max((each.least for each in ranges), key=_padded, default=()),
        min((each.below for each in ranges if each.below), key=_padded, default=()),
    )


def _numbers(version: str) -> Release:
    """The numbers of a version, without what is said of builds. Raises ValueError for what is no version."""
    from packaging.version import Version

    return Version(version.removesuffix(".*")).release


def _padded(release: Release) -> Release:
    return release + (0,) * (PARTS - len(release))


def _after(release: Release) -> Release:
    """The first release behind all that begin with these numbers."""
    return (*release[:-1], release[-1] + 1)
