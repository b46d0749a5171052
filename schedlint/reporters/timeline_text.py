"""The timeline as a tree that a person reads: what is made, in which loop what happens to it, how often, where.

One line per object, loop and event, in program order, indented by loop; its place on the left, what was inferred about
it on the right. With `why`, the evidence for each inference and the reason for each unknown stand below their line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schedlint.diagnostics import Diagnostic
from schedlint.place import Place
from schedlint.reporters import concise, wording
from schedlint.reporters.text import printable, spot
from schedlint.reporters.view import Known, Locate, ProgramTimelines
from schedlint.timeline.model import Entry, EntryKind, Event, EventKind, Loop, Object, ObjectKind
from schedlint.timeline.reading import Evidence, Reading

SHOWN_OBJECTS = frozenset({ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER})
"""What gets a line of its own where it is made; loaders and modules are named where they matter."""
HIDDEN_EVENTS = frozenset({EventKind.BACKWARD, EventKind.THROWN_AWAY})
WIDEST_SPOT, WIDEST = 44, 72
"""The widest that places and bodies make their columns; what is longer pushes the rest of its line to the right."""
MOST_ESCAPES = 3
"""So many places at which one object is lost from sight are told; the first is the one that matters."""


@dataclass(frozen=True)
class Line:
    """A line of the tree: where, how deep, what, what was inferred, and why."""

    spot: str
    depth: int
    text: str
    aside: str = ""
    why: tuple[str, ...] = ()
    times: int = 1


def render(programs: Sequence[ProgramTimelines], *, why: bool = False) -> str:
    """All programs, one after the other; the root is named where there are several."""
    texts = [(each.root, text) for each in programs if (text := program(each, why=why))]
    if len(texts) == 1:
        return texts[0][1]
    return "\n".join(f"== {printable(root)}\n\n{text}" for root, text in texts)


def program(timelines: ProgramTimelines, *, why: bool) -> str:
    """The entries of one program, and what there is to say about places that are on no line."""
    marks: dict[str, list[str]] = {}
    for note in timelines.notes:
        marks.setdefault(noted(note), []).append(note.code)
    trees = [(reading, merged(Tree(reading, timelines.locate).lines())) for reading in timelines.readings]
    parts = [entry(reading, lines, timelines.locate, marks, why=why) for reading, lines in trees]
    shown = {line.spot for _, lines in trees for line in lines}
    parts.append(concise.render([note for note in timelines.notes if noted(note) not in shown]))
    return "\n".join(filter(None, parts))


def merged(lines: Iterable[Line]) -> list[Line]:
    """The lines, one for several in a row that say the same."""
    kept: list[Line] = []
    for line in lines:
        if kept and replace(kept[-1], why=line.why, times=1) == line:
            why = tuple(dict.fromkeys((*kept[-1].why, *line.why)))
            kept[-1] = replace(kept[-1], why=why, times=kept[-1].times + 1)
        else:
            kept.append(line)
    return kept


def noted(note: Diagnostic) -> str:
    """The line that a note belongs to."""
    return spot(note.at.path, note.at.cell, note.at.row)


def entry(
    reading: Reading, lines: Sequence[Line], locate: Locate, marks: Mapping[str, Sequence[str]], *, why: bool
) -> str:
    """One entry; empty where nothing in it has to do with schedulers or optimizers."""
    spent = reading.timeline.spent
    if not lines and not spent:
        return ""
    stopped = [f"  stopped early, the rest is unknown: {printable(spent)}"] if spent else []
    return "\n".join([title(reading.timeline.entry, locate), *stopped, *laid_out(lines, marks, why=why)]) + "\n"


def title(entry: Entry, locate: Locate) -> str:
    """Where the run began and who calls it."""
    path, cell, row = locate(entry.place)
    if entry.kind is EntryKind.SCRIPT:
        return f"{printable(path)}: run as a script"
    return f"{spot(path, cell, row)}: {entry.kind.value} {printable(entry.name)}, whose caller is not known"


def laid_out(lines: Sequence[Line], marks: Mapping[str, Sequence[str]], *, why: bool) -> Iterator[str]:
    """The lines in their columns."""
    left = min(max((len(line.spot) for line in lines), default=0), WIDEST_SPOT)
    bodies = ["|  " * line.depth + printable(line.text) for line in lines]
    middle = min(max(map(len, bodies), default=0), WIDEST)
    for line, body in zip(lines, bodies, strict=True):
        mark = ", ".join(dict.fromkeys(marks.get(line.spot, ())))
        times = f"  ({line.times} times)" if line.times > 1 else ""
        aside = printable(line.aside) + times + (f"  <- {mark}" if mark else "")
        yield f"  {line.spot:<{left}}  {body:<{middle}}  {aside}".rstrip()
        for reason in line.why if why else ():
            yield f"  {'':<{left}}  {'|  ' * line.depth}    - {printable(reason)}"


class Tree:
    """The lines of one entry; loops are opened and closed as the events in them demand."""

    def __init__(self, reading: Reading, locate: Locate) -> None:
        self.timeline = reading.timeline
        self.known = Known(reading)
        self.locate = locate

    def lines(self) -> Iterator[Line]:
        """Objects, loops and events in program order."""
        for thing in self.known.unmade():
            if thing.kind in SHOWN_OBJECTS:
                yield self.object(thing, 0, [])
        opened: tuple[int, ...] = ()
        for event in self.timeline.events:
            lines = list(self.event(event))
            if not lines:
                continue
            common = shared(opened, event.loops)
            for depth, loop in enumerate(event.loops[common:], start=common):
                yield self.loop(self.timeline.loop(loop), depth)
            opened = event.loops
            yield from lines

    def event(self, event: Event) -> Iterator[Line]:
        """The line of an event; for a construction, that of the object made."""
        limits = [*wording.guarded(event.guards), wording.when(event.condition).strip()]
        if event.kind is EventKind.CREATED:
            things = [self.timeline.object(subject.object) for subject in event.subjects]
            yield from (self.object(each, len(event.loops), limits) for each in things if each.kind in SHOWN_OBJECTS)
        elif event.kind not in HIDDEN_EVENTS:
            aside = ", ".join(filter(None, [*self.effects(event), *limits]))
            why = tuple(dict.fromkeys(self.because_of_step(event)))
            text = wording.happening(event, self.receiver(event))
            yield Line(self.spot(event.place), len(event.loops), text, aside, why)

    def receiver(self, event: Event) -> str:
        """What the event is said to happen to: as written, else the objects' own names."""
        if event.receiver:
            return event.receiver
        names = dict.fromkeys(self.name(subject.object) for subject in event.subjects)
        return next(iter(names)) if len(names) == 1 else f"({' or '.join(names)})"

    def effects(self, event: Event) -> Iterator[str]:
        """What an event does, where its own text does not say so."""
        cadences = self.known.cadences(event.id)
        said = {fact.object: wording.cadence(fact.cadence, fact.confidence) for fact in cadences}
        if len(set(said.values())) == 1:
            yield next(iter(said.values()))
        else:
            yield from dict.fromkeys(f"{self.name(object)}: {cadence}" for object, cadence in said.items())
        things = [self.timeline.object(subject.object) for subject in event.subjects]
        strangers = [thing for thing in things if not wording.mentions(self.receiver(event), thing)]
        if strangers and not (event.kind is EventKind.STEPPED and len(said) > 1):
            names = wording.joined(map(wording.named_with_kind, strangers), " and " if event.every else " or ")
            yield f"{verb(event)} {names}"
        elif event.kind not in (EventKind.STEPPED, EventKind.OPTIMIZED):
            held = [wording.part(part, self.name(id)) for part in event.parts for id in part.objects]
            yield ": ".join(filter(None, (wording.outcome(event), ", ".join(dict.fromkeys(held)))))

    def object(self, thing: Object, depth: int, limits: Sequence[str]) -> Line:
        """The line of an optimizer or a scheduler, made under these limits."""
        aside = [wording.horizon(fact, thing.condition) for fact in self.known.horizons(thing)]
        if thing.kind is ObjectKind.SCHEDULER and self.several_optimizers():
            aside.append(
                "drives " + (wording.joined(map(self.name, thing.optimizers), " or ") or "an unknown optimizer")
            )
        why = tuple(self.because_of_object(thing))
        text = wording.construction(thing, [self.timeline.object(id) for id in thing.children])
        return Line(self.spot(thing.place), depth, text, ", ".join(filter(None, [*aside, *limits])), why)

    def loop(self, loop: Loop, depth: int) -> Line:
        """The line that opens a loop."""
        fact = self.known.loop(loop)
        if fact is None:
            return Line(self.spot(loop.place), depth, wording.loop_header(loop))
        aside = wording.loop_kind(fact)
        if loop.object:
            loader = self.timeline.object(loop.object)
            aside += f" ({wording.kind(loader)}, {self.spot(loader.place)})"
        why = tuple(self.reasons("kind", fact.evidence, fact.reason))
        return Line(self.spot(loop.place), depth, wording.loop_header(loop), aside, why)

    def because_of_step(self, event: Event) -> Iterator[str]:
        """Why the cadence of a step is what it is, for each scheduler it may step."""
        facts = self.known.cadences(event.id)
        alike = {(fact.cadence, fact.evidence, fact.reason) for fact in facts}
        for fact in facts:
            what = "cadence" if len(alike) == 1 else f"cadence of {self.name(fact.object)}"
            told = self.timeline.loop(fact.loop) if fact.loop else None  # its line above has the evidence for its kind
            loop = self.known.loop(told) if told else None
            evidence = [each for each in fact.evidence if loop is None or each not in loop.evidence]
            yield from self.reasons(what, evidence, fact.reason)

    def because_of_object(self, thing: Object) -> Iterator[str]:
        """What is unknown of an object and why, where its horizon's unit comes from, where it is lost from sight."""
        if not thing.classes and thing.class_reason:
            yield f"class unknown: {thing.class_reason}"
        if not thing.optimizers and thing.optimizer_reason:
            yield f"optimizer unknown: {thing.optimizer_reason}"
        for fact in self.known.horizons(thing):
            yield from self.reasons("unit", fact.evidence, fact.reason)
        for count in self.known.counts(thing):
            yield wording.count(count, thing.condition)
        for escape in thing.escapes[:MOST_ESCAPES]:
            yield f"lost from sight: {escape.how} ({self.spot(escape.place)})"
        if len(thing.escapes) > MOST_ESCAPES:
            yield f"lost from sight: at {len(thing.escapes) - MOST_ESCAPES} more places"
        for unseen in thing.unseen[:MOST_ESCAPES]:
            doubt = "" if unseen.exact else ", perhaps,"
            yield f"not reached: its {unseen.kind.value}{doubt} at {self.spot(unseen.place)}"

    def reasons(self, what: str, evidence: Sequence[Evidence], reason: str) -> Iterator[str]:
        """The evidence for a fact, or the reason why it is unknown."""
        for each in evidence:
            yield f"{what}: {each.text}" + (f" ({self.spot(each.place)})" if each.place else "")
        if reason:
            yield f"{what} unknown: {reason}"

    def several_optimizers(self) -> bool:
        """Whether it is worth saying which optimizer is meant."""
        return sum(thing.kind is ObjectKind.OPTIMIZER for thing in self.timeline.objects) > 1

    def name(self, object: int) -> str:
        """What the program calls the object with this id."""
        return wording.named(self.timeline.object(object))

    def spot(self, place: Place) -> str:
        """`file:row`, as the reader finds it."""
        return spot(*self.locate(place))


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many loops two stacks have in common from the outside."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((depth for depth, (a, b) in pairs if a != b), min(len(one), len(other)))


def verb(event: Event) -> str:
    """What an event does to an object that its text does not name."""
    return "steps" if event.kind in (EventKind.STEPPED, EventKind.OPTIMIZED) else f"{wording.outcome(event)}:"
