"""From findings to diagnostics: what is shown where, in which order.

The only place with a catch: a rule that raises becomes an internal error that names the rule, and the run goes on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from schedlint.checks.precedence import outranked
from schedlint.checks.rule import Rule
from schedlint.diagnostics import Confidence, Diagnostic, Failure, Finding, Fix, Location, Note, Related
from schedlint.place import Place
from schedlint.suppress import NONE, Suppressions
from schedlint.timeline.understood import Understood

OWN_LINE = re.compile(r"\bline \d+\b(?! of )")
"""How a message speaks of a line of the file that it is about."""

Locate = Callable[[Place], "tuple[str, int | None, int]"]

MakeFix = Callable[[Finding], "Fix | None"]


def no_fix(finding: Finding) -> Fix | None:
    """Where nobody makes fixes."""
    return None


def judge(
    understood: Understood,
    rules: Sequence[Rule],
    named: frozenset[str],
    locate: Locate,
    least: Confidence = Confidence.POSSIBLE,
    suppressed: Suppressions = NONE,
    *,
    moving: bool = True,
    fixed: MakeFix = no_fix,
) -> tuple[tuple[Diagnostic, ...], tuple[Failure, ...]]:
    """The diagnostics in the named files of all that was understood that are at least so sure and that no comment
    silences, sorted; and the internal errors.

    A finding whose fix goes into a file that is not named is shown at another place that it rests on, or, without
    `moving`, not at all. `fixed` makes a fix of what would put a finding right.
    """
    findings, errors = found(understood, rules, suppressed, least)
    here = [finding for finding in findings if moving or finding.place.path in named]
    shown = [moved for finding in here for moved in _moved(finding, named)]
    diagnostics = [diagnostic(finding, locate, fixed(finding)) for finding in _one_per_place(shown)]
    return tuple(sorted(diagnostics, key=lambda each: each.order)), errors


def found(
    understood: Understood,
    rules: Sequence[Rule],
    suppressed: Suppressions = NONE,
    least: Confidence = Confidence.POSSIBLE,
) -> tuple[tuple[Finding, ...], tuple[Failure, ...]]:
    """What the rules find that is sure enough and no comment silences, each finding once; and for each rule that failed
    on a view, what failed.

    What is silenced is left out before findings become one: a comment at one of several steps of a scheduler, or at one
    of several schedulers stepped at one place, says nothing of the others. It does not make the effects of a mistake
    speak in its place: a silenced finding outranks others all the same.
    """
    findings: dict[tuple[str, str, str], Finding] = {}
    speaking: defaultdict[str, set[str]] = defaultdict(set)
    errors: dict[Failure, None] = {}
    for rule in rules:
        for view in rule.over(understood):
            try:
                for finding in (each for each in rule.check(view) if each.confidence.reaches(least)):
                    speaking[finding.key].add(finding.code)
                    if not suppressed.silences(finding):
                        findings.setdefault((finding.code, finding.key, finding.condition), finding)
            except Exception as error:  # noqa: BLE001 - one rule must not take the others with it
                errors[Failure(f"{rule.code} failed: {type(error).__name__}: {error}", view.place)] = None
    causes = (each for each in findings.values() if not outranked(each.code, speaking[each.key]))
    return tuple(causes), tuple(errors)


def _moved(finding: Finding, named: frozenset[str]) -> Iterator[Finding]:
    """The finding at a place in a named file: where the fix goes, else its first essential place in one; else
    nothing.
    """
    if finding.place.path in named:
        yield finding
        return
    for related in finding.related:
        if related.essential and related.place.path in named:
            fix = Related("the fix goes here", finding.place, essential=True)
            rest = tuple(other for other in finding.related if other != related)
            message = told_from_afar(finding.message, PurePath(finding.place.path).name)
            yield replace(finding, message=message, place=related.place, related=(fix, *rest))
            return


def told_from_afar(message: str, file: str) -> str:
    """A message about one file, shown at another: its lines are said to be of that file. Code in it stays as it is."""
    parts = message.split("`")
    parts[::2] = (OWN_LINE.sub(rf"\g<0> of {file}", part) for part in parts[::2])
    return "`".join(parts)


def _one_per_place(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each code and place: several constructions that are stepped at one site are one thing to read."""
    kept: dict[tuple[str, Place], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.place)
        if key not in kept:
            kept[key] = finding
        else:
            more = tuple(related for related in finding.related if related not in kept[key].related)
            kept[key] = replace(kept[key], related=(*kept[key].related, *more))
    return list(kept.values())


def diagnostic(finding: Finding, locate: Locate, fix: Fix | None = None) -> Diagnostic:
    """A finding as it is shown."""
    return Diagnostic(
        at=location(finding.place, locate),
        code=finding.code,
        name=finding.name,
        message=finding.message + (f" (when {finding.condition})" if finding.condition else ""),
        severity=finding.severity,
        confidence=finding.confidence,
        related=tuple(
            Note(related.message, location(related.place, locate), related.essential) for related in finding.related
        ),
        help=finding.help,
        fix=fix,
    )


def location(place: Place, locate: Locate) -> Location:
    """A place as the reader finds it."""
    path, cell, row = locate(place)
    return Location(path, row, place.column, row + place.end_row - place.row, place.end_column, cell)
