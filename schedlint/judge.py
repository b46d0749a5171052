"""From findings to diagnostics: which rules run, what is shown where, in which order.

The only place with a catch: a rule that raises becomes an internal error that names the rule, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from schedlint.checks import RULES
from schedlint.checks.rule import Rule
from schedlint.diagnostics import Diagnostic, Finding, Location, Note, Related, UsageError
from schedlint.place import Place
from schedlint.timeline.reading import Reading

Locate = Callable[[Place], "tuple[str, int | None, int]"]


OWN = {
    "LRS900": "unreadable-file",
    "LRS901": "syntax-error",
    "LRS903": "analysis-budget-spent",
}
"""What the linter has to say about itself; it is always said, unless it is ignored."""


def selection(select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that run: those selected (all, if none is) less those ignored. Raises UsageError for what is no
    rule.
    """
    names = [*((rule.code, rule.name) for rule in RULES), *OWN.items()]
    for wanted in (*select, *ignore):
        if not any(means(wanted, code, name) for code, name in names):
            raise UsageError(f"`{wanted}` is no rule: neither a code, nor the beginning of one, nor a name")
    chosen = [rule for rule in RULES if not select or is_meant(rule.code, rule.name, select)]
    return tuple(rule for rule in chosen if not is_meant(rule.code, rule.name, ignore))


def means(wanted: str, code: str, name: str) -> bool:
    """Whether a selector means a rule: `ALL`, its code, the beginning of its code, or its name."""
    return wanted == "ALL" or code.startswith(wanted.upper()) or name == wanted


def is_meant(code: str, name: str, selectors: Sequence[str]) -> bool:
    """Whether one of several selectors means a rule."""
    return any(means(wanted, code, name) for wanted in selectors)


def judge(
    readings: Iterable[Reading], rules: Sequence[Rule], named: frozenset[str], locate: Locate
) -> tuple[tuple[Diagnostic, ...], tuple[str, ...]]:
    """The diagnostics of all readings in the named files, sorted; and the internal errors."""
    findings: dict[tuple[str, str, str], Finding] = {}
    errors: dict[str, None] = {}
    for reading in readings:
        for rule in rules:
            try:
                for finding in rule.check(reading):
                    findings.setdefault((finding.code, finding.key, finding.condition), finding)
            except Exception as error:  # noqa: BLE001 - one rule must not take the others with it
                path = reading.timeline.entry.place.path
                errors[f"{rule.code} failed on {path}: {type(error).__name__}: {error}"] = None
    shown = [moved for finding in findings.values() for moved in _moved(finding, named)]
    diagnostics = [_diagnostic(finding, locate) for finding in _one_per_place(shown)]
    return tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.order)), tuple(errors)


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
            yield replace(finding, place=related.place, related=(fix, *rest))
            return


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


def _diagnostic(finding: Finding, locate: Locate) -> Diagnostic:
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
    )


def location(place: Place, locate: Locate) -> Location:
    """A place as the reader finds it."""
    path, cell, row = locate(place)
    return Location(path, row, place.column, row + place.end_row - place.row, place.end_column, cell)
