"""LRS601: `get_lr()` is called from outside, where it does not say the learning rate in use."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import Scheduler, Style
from schedlint.remedies import Applicability, Remedy, Rename
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.model import Event, EventKind, Object
from schedlint.timeline.reading import Reading

METHOD = "get_lr"
WITHOUT_IT = (Style.COMPOSITE, Style.MEASURED)
HARM = {Style.ABSOLUTE: 0, Style.RECURSIVE: 2, Style.COMPOSITE: 3, Style.MEASURED: 3}


@rule(
    code="LRS601",
    name="deprecated-get-lr",
    summary="`get_lr()` is called outside `step()`, where it warns and may not say the learning rate in use.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="call `get_last_lr()`, or read `optimizer.param_groups`",
)
def deprecated_get_lr(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every call of `get_lr()` on a scheduler whose class does not define a `get_lr()` of the project's own."""
    for event in reading.timeline.events:
        for about in sorted(asked(reading, event), key=lambda each: harm(reading.table(each.id)), reverse=True):
            table = reading.table(about.id)
            fails = table is not None and table.style in WITHOUT_IT
            confidence = least(about.confidence, event.confidence, certainty(table))
            yield self.finding(
                answer(about, table),
                event.place,
                about=about,
                related=way(event),
                confidence=confidence,
                condition=event.condition,
                severity=Severity.ERROR if fails else Severity.WARNING,
                call=event.place,
                remedy=remedy(event, confidence),
            )


def asked(reading: Reading, event: Event) -> Iterator[Object]:
    """The schedulers that a call of `get_lr()` may be made on."""
    if event.kind is EventKind.LR_READ and event.method == METHOD:
        for subject in event.subjects:
            about = reading.timeline.object(subject.object)
            if METHOD not in about.own_methods:
                yield about


def remedy(event: Event, confidence: Confidence) -> Remedy:
    """The other method gives a list of the same form. That is safe where the receiver is known to be a scheduler."""
    sure = confidence is Confidence.CERTAIN
    changes = (Rename(event.place, "get_last_lr"),)
    return Remedy("call `get_last_lr()`", changes, Applicability.SAFE if sure else Applicability.UNSAFE)


def harm(table: Scheduler | None) -> int:
    """How much worse a call is than a warning: of several schedulers that it may be made on, the worst is told of."""
    return 1 if table is None or table.own_get_lr else HARM[table.style]


def certainty(table: Scheduler | None) -> Confidence:
    """How sure it is that the class does what torch's own classes do."""
    return Confidence.CERTAIN if table is not None and not table.own_get_lr else Confidence.LIKELY


def answer(about: Object, table: Scheduler | None) -> str:
    """What the call gives, or that it fails."""
    if table is not None and table.style in WITHOUT_IT:
        return f"`{called(about)}` has no `get_lr()`: the call raises NotImplementedError"
    return f"`get_lr()` is for `{called(about)}` itself, while it steps; called from here it {value(about, table)}"


def value(about: Object, table: Scheduler | None) -> str:
    """What the call does for a class that has it."""
    if table is None or table.own_get_lr:
        return "may give another value than the learning rate in use"
    if table.style is Style.ABSOLUTE:
        return "gives the right value, but makes torch warn every time"
    gamma = number(argument(table, about, table.rate or table.drop))
    if table.rate:
        return f"gives the next value{'' if gamma is None else f', {gamma:g} times the learning rate in use'}"
    if gamma is not None:
        return f"decays once more wherever the schedule has just decayed: to {gamma:g} times the learning rate in use"
    return "applies the change of the current step once more, so its value is not the learning rate in use"
