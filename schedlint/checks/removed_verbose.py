"""LRS602: a scheduler is given `verbose`, which no scheduler takes any more."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.renamed import short
from schedlint.checks.rule import Rule, least, rule, timelines_and_modules
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.place import Place
from schedlint.releases import Range
from schedlint.remedies import Applicability, DropArgument, Remedy
from schedlint.timeline.gone import Gone, gone
from schedlint.timeline.model import Object, Written
from schedlint.timeline.reading import Reading
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS602",
    name="removed-verbose",
    summary="A scheduler is given `verbose`, which is no parameter since torch 2.7: building it raises TypeError.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines_and_modules,
    help="leave the argument out, and print `get_last_lr()` where the learning rate is to be seen",
)
def removed_verbose(self: Rule, view: Reading | ModuleReading) -> Iterator[Finding]:
    """Every argument for a parameter that is gone: in a construction, handed up to the library's class, or in a call
    that no run comes to.
    """
    for each, made in passed(view):
        release = view.release(each.table)
        if each.taken is not None and release.is_before(each.since):
            continue
        call = each.bound.place or (made.place if made is not None else view.place)
        sure = each.value.confidence if each.value is not None else Confidence.CERTAIN
        yield self.finding(
            refused(each, release) if each.taken is None else taken(each),
            call,
            about=made,
            confidence=least(made.confidence if made is not None else Confidence.CERTAIN, sure),
            condition=made.condition if made is not None else (),
            severity=harm(each, release),
            call=each.bound.place,
            remedy=remedy(each, call),
        )


def passed(view: Reading | ModuleReading) -> Iterator[tuple[Gone, Object | None]]:
    """The arguments, each with the scheduler that is given it, if a run made one."""
    if isinstance(view, ModuleReading):
        yield from ((each, None) for each in view.refused)
        return
    for made in view.timeline.schedulers():
        yield from ((each, made) for each in gone(view, made))


def harm(each: Gone, release: Range) -> Severity:
    """How bad it is for the releases that the project declares."""
    if each.taken is not None or not release.is_before(each.parameter.until):
        return Severity.ERROR
    return Severity.INFO if release.is_before(each.parameter.warns) else Severity.WARNING


def refused(each: Gone, release: Range) -> str:
    """That a class does not take the argument, now or after a while."""
    what, library, until = f"`{short(each.table.name)}`", each.table.library, each.parameter.until
    fails = "building it raises TypeError, and there is no schedule"
    if not release.is_before(until):
        return f"{what} takes no `{each.parameter.name}` since {library} {until}: {fails}"
    return (
        f"{what} takes no `{each.parameter.name}` from {library} {until} on ({library}{release} is declared): {fails}"
    )


def taken(each: Gone) -> str:
    """That another parameter takes the argument."""
    assert each.taken is not None
    assert each.value is not None
    meant, since = f"`{each.parameter.name}`", f"{each.table.library} {each.since}"
    return (
        f"{meant} stood here before {since}: today {each.value.said()} sets `{each.taken.name}` of "
        f"`{short(each.table.name)}` to {int(bool(each.value.value))} instead of {each.taken.default}"
    )


def remedy(each: Gone, call: Place) -> Remedy | None:
    """The argument left out, where it is written in the call."""
    if each.bound.written is Written.UNPACKED:
        return None
    name = each.parameter.name if each.taken is None else each.taken.name
    drop = DropArgument(call, name, each.position)
    safe = each.taken is None
    return Remedy(f"drop `{each.parameter.name}`", (drop,), Applicability.SAFE if safe else Applicability.UNSAFE)
