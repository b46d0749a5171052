"""How much was understood: coverage over the constructions of schedulers, and why the rest is unknown.

A construction counts once, however many entries reach it, and a fact about it is known if one entry knows it.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, to_builtins

from schedlint.place import Place
from schedlint.reporters.text import printable
from schedlint.timeline.model import Event, EventKind, Object, ObjectKind, Timeline
from schedlint.timeline.reading import Cadence, Reading, Unit

NO_REASON = "(no reason given)"
NAMES = re.compile(
    r"`[^`]*`|'[^']*'|\"[^\"]*\""  # what is quoted
    r"|\b\w+(?:\.\w+)+(?:\(\))?|(?<!\.)\b\w*[A-Za-z]\w*\(\)"  # dotted names and calls; `.step()` is our own
    r"|\b\w*_\w*\b|\b[A-Za-z]+[a-z]*[A-Z]\w*\b|\b\d+\b"  # snake_case, CamelCase, numbers
)


class Share(Struct, frozen=True):
    """So many of so many."""

    known: int
    of: int


class Reason(Struct, frozen=True):
    """Why a fact is unknown, names left out, and for how many constructions or step sites."""

    fact: str
    reason: str
    count: int


class Coverage(Struct, frozen=True):
    """What is known about the constructions of schedulers in some programs.

    `cadences` is over the constructions that are stepped (known: at every step site), `horizons` over those that have a
    horizon, `reasons_given` over the unknowns. `unstepped` counts the constructions whose step was not seen.
    """

    constructions: int
    classes: Share
    optimizers: Share
    cadences: Share
    horizons: Share
    reasons_given: Share
    unstepped: dict[str, int]
    reasons: tuple[Reason, ...]


class Sites:
    """What all readings together say about each construction."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.objects: dict[Place, list[Object]] = defaultdict(list)
        self.optimizers: dict[Place, list[tuple[bool, str]]] = defaultdict(list)
        self.steps: dict[Place, dict[Place, list[tuple[bool, str]]]] = defaultdict(lambda: defaultdict(list))
        self.horizons: dict[Place, list[tuple[bool, str]]] = defaultdict(list)
        self.by_library: set[Place] = set()
        self.wrapped: set[Place] = set()
        for reading in readings:
            self._add(reading)

    def _add(self, reading: Reading) -> None:
        """Take in one entry."""
        made = {thing.id: thing.place for thing in reading.timeline.objects if is_construction(thing)}
        for thing in reading.timeline.objects:
            if thing.id in made:
                self.objects[thing.place].append(thing)
                self.optimizers[thing.place].append(optimizer(reading.timeline, thing))
        events = {event.id: event for event in reading.timeline.events}
        for step in reading.cadences:
            if step.object in made:
                verdict = (step.cadence is not Cadence.UNKNOWN, step.reason)
                self.steps[made[step.object]][events[step.event].place].append(verdict)
        for horizon in reading.horizons:
            if horizon.object in made and horizon.unit is not Unit.NONE:
                self.horizons[made[horizon.object]].append((horizon.unit is not Unit.UNKNOWN, horizon.reason))
        self.wrapped.update(made[id] for thing in reading.timeline.objects for id in thing.children if id in made)
        self.by_library.update(made[id] for id in stepped_by_library(events.values()) if id in made)

    def fates(self) -> Iterator[str]:
        """What becomes of each construction for which no step was seen."""
        for place, things in self.objects.items():
            if place in self.steps:
                continue
            if place in self.by_library:
                yield "stepped by a library"
            elif place in self.wrapped:
                yield "part of another scheduler"
            else:
                yield "lost from sight" if any(thing.escapes for thing in things) else "never stepped"


def measure(readings: Sequence[Reading]) -> Coverage:
    """The coverage over all constructions of schedulers in these readings."""
    sites = Sites(readings)
    verdicts = {
        "class": [known_or_why(classes(things)) for things in sites.objects.values()],
        "optimizer": [known_or_why(facts) for facts in sites.optimizers.values()],
        "unit of the horizon": [known_or_why(facts) for facts in sites.horizons.values()],
    }
    steps = [[known_or_why(site) for site in by_site.values()] for by_site in sites.steps.values()]
    unknown = [(fact, why) for fact, facts in verdicts.items() for why in facts if why is not None]
    unknown += [("cadence", why) for by_site in steps for why in by_site if why is not None]
    return Coverage(
        constructions=len(sites.objects),
        classes=share(verdicts["class"]),
        optimizers=share(verdicts["optimizer"]),
        cadences=Share(sum(all(why is None for why in by_site) for by_site in steps), len(steps)),
        horizons=share(verdicts["unit of the horizon"]),
        reasons_given=Share(sum(why != NO_REASON for _, why in unknown), len(unknown)),
        unstepped=dict(sorted(Counter(sites.fates()).items())),
        reasons=tuple(Reason(fact, why, count) for (fact, why), count in ranked(unknown)),
    )


def is_construction(thing: Object) -> bool:
    """Whether this is a scheduler that the program itself makes."""
    return thing.kind is ObjectKind.SCHEDULER and not thing.handed_in


def stepped_by_library(events: Iterable[Event]) -> Iterator[int]:
    """The objects that a library steps from some place on."""
    for event in events:
        if event.kind is EventKind.STEPPED_BY:
            yield from (subject.object for subject in event.subjects)


def classes(things: Iterable[Object]) -> Iterator[tuple[bool, str]]:
    """Whether the class is known, or why not, as each entry has it."""
    return ((bool(thing.classes), thing.class_reason) for thing in things)


def optimizer(timeline: Timeline, thing: Object) -> tuple[bool, str]:
    """Whether the construction of the optimizer that a scheduler drives was seen, or why not."""
    driven = [timeline.object(id) for id in thing.optimizers]
    if any(not each.handed_in for each in driven):
        return True, ""
    return False, thing.optimizer_reason or (driven[0].class_reason if driven else "")


def known_or_why(verdicts: Iterable[tuple[bool, str]]) -> str | None:
    """None where one entry knows it, else the first reason, names left out."""
    why: str | None = None
    for known, reason in verdicts:
        if known:
            return None
        why = why or reason
    return normalised(why) if why else NO_REASON


def normalised(reason: str) -> str:
    """The reason with names, numbers and what is quoted replaced, so that equal causes count together."""
    return NAMES.sub("…", reason)


def share(verdicts: Sequence[str | None]) -> Share:
    """How many of them are known."""
    return Share(sum(why is None for why in verdicts), len(verdicts))


def ranked(unknown: Iterable[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """The most frequent first, then by text."""
    return sorted(Counter(unknown).items(), key=lambda item: (-item[1], item[0]))


def as_json(coverage: Coverage) -> str:
    """The figures as data."""
    return json.dumps(to_builtins(coverage), indent=2)


def as_text(coverage: Coverage) -> str:
    """The figures as two tables."""
    if not coverage.constructions:
        return "no scheduler is constructed here\n"
    shares = [
        ("class known", coverage.classes, "constructions"),
        ("optimizer known", coverage.optimizers, "constructions"),
        ("cadence known", coverage.cadences, "that are stepped, at every step site"),
        ("unit of the horizon known", coverage.horizons, "that have a horizon"),
        ("reason given", coverage.reasons_given, "unknowns"),
    ]
    lines = [f"schedulers constructed: {coverage.constructions}"]
    lines += [f"  {name:<26} {percent(part):>6}  {part.known} of {part.of} {what}" for name, part, what in shares]
    fates = ", ".join(f"{count} {fate}" for fate, count in coverage.unstepped.items())
    lines += [f"no step seen: {fates}"] if fates else []
    if coverage.reasons:
        lines += ["", "why the rest is unknown"]
        lines += [f"  {each.count:>5}  {each.fact}: {printable(each.reason)}" for each in coverage.reasons]
    return "\n".join(lines) + "\n"


def percent(part: Share) -> str:
    """`87%`; a dash where there is nothing to be had a share of."""
    return f"{part.known / part.of:.0%}" if part.of else "-"
