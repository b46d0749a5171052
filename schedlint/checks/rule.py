"""What a rule is: a value with a function in it. It is given the views it declares, one after the other, and yields
findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.place import Place
from schedlint.remedies import Remedy
from schedlint.timeline.constructions import Construction
from schedlint.timeline.constructions import constructions as gathered
from schedlint.timeline.model import Condition, Event, Object
from schedlint.timeline.phrases import said
from schedlint.timeline.reading import Evidence, Reading
from schedlint.timeline.understood import ModuleReading, Understood


class View(Protocol):
    """What a rule looks at: a reading of one timeline, or something gathered from all of them."""

    @property
    def place(self) -> Place:
        """Where it stands: what is said of a rule that fails on it."""


V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, the name of the fault it finds, one sentence on it, how bad the fault is, and the function
    that finds it.

    `over` gathers the views from what was understood and `check` yields the findings of one of them. `default` is False
    for a rule that is only reported where it is asked for. `help` says in one sentence how to put the fault right.
    """

    code: str
    name: str
    summary: str
    severity: Severity
    since: str
    over: Callable[[Understood], Iterable[Any]]
    check: Callable[[Any], Iterable[Finding]]
    default: bool = True
    help: str = ""

    def finding(
        self,
        message: str,
        place: Place,
        *,
        about: Object | None = None,
        related: Iterable[Related] = (),
        confidence: Confidence = Confidence.CERTAIN,
        condition: Condition = (),
        severity: Severity | None = None,
        call: Place | None = None,
        help: str = "",
        remedy: Remedy | None = None,
    ) -> Finding:
        """A finding of this rule about one construction, or about one `call` on what is constructed; about none, it
        says something of its own place alone.

        `help` is how to put this one right, if not as usual.

        The construction is one of its essential places, and so is the call of the factory that it stands in; what is
        wrong with a call says nothing against the construction.
        """
        at = call or (place if about is None else about.place)
        built = () if about is None else building(about, essential=call is None)
        places = (each for each in (*built, *related) if each.place != place)
        return Finding(
            code=self.code,
            name=self.name,
            message=message,
            place=place,
            severity=severity or self.severity,
            confidence=confidence,
            related=tuple(places),
            condition=said(condition),
            key=f"{at.path}:{at.row}:{at.column}",
            help=help or self.help,
            remedy=remedy,
        )

    def remark(
        self,
        message: str,
        place: Place,
        *,
        related: Iterable[Related] = (),
        confidence: Confidence = Confidence.CERTAIN,
        severity: Severity | None = None,
        help: str = "",
        remedy: Remedy | None = None,
    ) -> Finding:
        """A finding of this rule about what stands at a place, whatever is built or stepped there."""
        return Finding(
            code=self.code,
            name=self.name,
            message=message,
            place=place,
            severity=severity or self.severity,
            confidence=confidence,
            related=tuple(each for each in related if each.place != place),
            key=f"{place.path}:{place.row}:{place.column}",
            help=help or self.help,
            remedy=remedy,
        )


def building(about: Object, *, essential: bool) -> Iterator[Related]:
    """Where something is built: the construction, and the call of the factory that it stands in."""
    yield Related(f"`{called(about)}` is built here", about.place, essential=essential)
    if about.calls and about.calls[-1].path != about.place.path:
        yield Related(f"`{called(about)}` is built by this call", about.calls[-1], essential=essential)


def timelines(understood: Understood) -> Iterable[Reading]:
    """The view of most rules: each timeline by itself."""
    return understood.readings


def constructions(understood: Understood) -> Iterable[Construction]:
    """The view of rules about what is missing: each place that makes a scheduler, in all timelines that come to it."""
    return gathered(understood.readings)


def modules(understood: Understood) -> Iterable[ModuleReading]:
    """The view of rules that need no run: what the text of each module says."""
    return understood.modules


def timelines_and_modules(understood: Understood) -> Iterable[Reading | ModuleReading]:
    """The view of rules that tell more of what a run comes to, and something of what none does."""
    return (*understood.readings, *understood.modules)


def rule(
    *,
    code: str,
    name: str,
    summary: str,
    severity: Severity,
    since: str,
    over: Callable[[Understood], Iterable[V]],
    default: bool = True,
    help: str = "",
) -> Callable[[Callable[[Rule, V], Iterable[Finding]]], Rule]:
    """Make a rule of the function below: `check(rule, view)` yields the findings of one view."""

    def make(check: Callable[[Rule, V], Iterable[Finding]]) -> Rule:
        def run(view: V) -> Iterable[Finding]:
            return check(made, view)

        made = Rule(code, name, summary, severity, since, over, run, default, help)
        return made

    return make


def called(thing: Object) -> str:
    """What to call an object in a message: its class if that is known, else its variable."""
    if thing.classes:
        return thing.classes[0].rpartition(".")[2]
    return thing.name or "the scheduler"


def least(*confidences: Confidence) -> Confidence:
    """The least sure of several facts: a finding is no surer than what it rests on."""
    order = (Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE)
    return max(confidences, key=order.index)


def where(place: Place, near: Place) -> str:
    """A place in words for a message about `near`: its line, with the file's name where that is another one.

    Empty in a notebook, where rows count through all its cells and are no line that a reader finds.
    """
    if place.path.endswith(".ipynb"):
        return ""
    line = f"line {place.row}"
    return line if place.path == near.path else f"{line} of {PurePath(place.path).name}"


def evidence(reasons: Iterable[Evidence]) -> Iterator[Related]:
    """Reasons that have a place, as related places."""
    for reason in reasons:
        if reason.place is not None:
            yield Related(reason.text, reason.place)


def way(event: Event) -> Iterator[Related]:
    """The calls that lead to an event, as related places."""
    for place in event.calls:
        yield Related("called from here", place)
