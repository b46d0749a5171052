"""How often each step site steps each scheduler.

Every pair of a scheduler and a place that steps it is judged alone: the innermost loop around the place, with the
guards between the two, decides. A pair whose conditions contradict each other does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from schedlint.timeline import dimensions, names
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.loops import WORDS
from schedlint.timeline.model import (
    Confidence,
    Event,
    EventKind,
    Guard,
    GuardKind,
    Loop,
    LoopKind,
    Object,
    Subject,
    Timeline,
)
from schedlint.timeline.nests import is_item
from schedlint.timeline.quantity import Quantity, spelled, symbols
from schedlint.timeline.reading import Cadence, CadenceReading, Evidence, LoopReading, weakest
from schedlint.timeline.scale import Scale, scale
from schedlint.timeline.told import NOTHING_TOLD, Tellings

_OF_LOOP = {
    LoopKind.BATCH: Cadence.BATCH,
    LoopKind.EPOCH: Cadence.EPOCH,
    LoopKind.FLAT: Cadence.FLAT,
    LoopKind.OUTER: Cadence.OUTER,
}

_HARMLESS = frozenset({GuardKind.NEUTRAL, GuardKind.FLAG, GuardKind.FIRST, GuardKind.LATER})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How often one site steps one scheduler, before it is put on record."""

    cadence: Cadence
    loop: int = 0
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


def _unknown(reason: str, loop: int = 0) -> Verdict:
    return Verdict(Cadence.UNKNOWN, loop, Confidence.POSSIBLE, (), reason)


def cadences(
    timeline: Timeline, loops: tuple[LoopReading, ...], told: Tellings = NOTHING_TOLD
) -> tuple[CadenceReading, ...]:
    """Every pair of a scheduler and a step site that can meet, in program order."""
    measures = scale(timeline, loops)
    return tuple(
        _on_record(Site(timeline, loops, measures, event, object), told)
        for event in timeline.events
        if event.kind is EventKind.STEPPED
        for subject, object in _subjects(timeline, event)
        if _can_meet(event, subject, object)
    )


def _subjects(timeline: Timeline, event: Event) -> Iterator[tuple[Subject, Object]]:
    return ((subject, timeline.object(subject.object)) for subject in event.subjects)


def _can_meet(event: Event, subject: Subject, object: Object) -> bool:
    return not contradicts(event.condition + subject.condition, object.condition)


def _on_record(site: Site, told: Tellings) -> CadenceReading:
    """What is inferred or told of a site; that it steps this scheduler at all is not told."""
    event, object, verdict = site.event, site.object, site.verdict()
    inferred = CadenceReading(
        object.id, event.id, verdict.cadence, weakest(verdict.confidence, event.confidence), verdict.loop,
        verdict.evidence, verdict.reason,
    )  # fmt: skip
    reading = told.cadence(inferred, event, site.loops)
    return msgspec.structs.replace(reading, confidence=weakest(reading.confidence, event.confidence, object.confidence))


@dataclass(frozen=True, slots=True)
class Site:
    """One place that steps one scheduler."""

    timeline: Timeline
    loops: tuple[LoopReading, ...]
    scale: Scale
    event: Event
    object: Object

    def verdict(self) -> Verdict:
        """How often it steps: climb from the innermost loop while guards make it once per loop."""
        stack = list(self.event.loops)
        used: dict[Guard, Evidence] = {}
        while stack:
            loop = self.timeline.loop(stack[-1])
            guards = [guard for guard in self._guards_in(stack) if guard not in used]
            step = self._visit(loop, guards) if self.loops[loop.id - 1].visits else self._iteration(loop, guards, stack)
            if step is not None:
                return replace(step, evidence=(*step.evidence, *used.values()) if step.evidence else ())
            used |= {guard: self._end(guard, loop) for guard in guards if self._ends(guard, loop)}
            stack.pop()
        return self._outside(used)

    def _guards_in(self, stack: list[int]) -> list[Guard]:
        """The guards inside the innermost loop of a stack; those whose place was not recorded may be there."""
        inside = self.event.loops[len(stack) - 1 :]
        return [guard for guard in self.event.guards if guard.within is None or guard.within in inside]

    def _visit(self, loop: Loop, guards: list[Guard]) -> Verdict | None:
        """A loop over a few things: no time passes in it if this is one of them, or if only one of them gets here."""
        chosen = any(
            (guard.kind is GuardKind.ONCE and guard.loop == loop.id)
            or (guard.kind is GuardKind.FLAG and _mentions(guard, loop))
            for guard in guards
        )
        if is_item(self.event, loop) or chosen:
            return None
        return _unknown(f"it steps for each of `{loop.source}`, and how many those are is not known", loop.id)

    def _iteration(self, loop: Loop, guards: list[Guard], stack: list[int]) -> Verdict | None:
        """What one loop and the guards in it make of the step; None if it happens once in all its iterations."""
        if any(self._ends(guard, loop) for guard in guards):
            return None
        unclear = next((guard for guard in guards if self._is_unclear(guard, loop)), None)
        if unclear is not None:
            return _unknown(f"it is not known how often `{_said(unclear)}` holds", loop.id)
        periods = [guard for guard in guards if guard.kind is GuardKind.PERIODIC and guard.loop in (0, loop.id)]
        if periods:
            return self._periodic(loop, periods[0])
        return self._plain(loop, stack, shared=any(guard.kind is GuardKind.UNKNOWN for guard in guards))

    def _plain(self, loop: Loop, stack: list[int], *, shared: bool) -> Verdict:
        reading = self.loops[loop.id - 1]
        if reading.kind is LoopKind.UNKNOWN:
            return _unknown(reading.reason or "it is not known what the loop counts", loop.id)
        outer = [id for id in stack[:-1] if self.loops[id - 1].kind in (LoopKind.BATCH, LoopKind.FLAT)]
        if outer:
            around = f"{WORDS[self.loops[outer[-1] - 1].kind]} `{self.timeline.loop(outer[-1]).head}`"
            return _unknown(f"it is in a loop inside the {around}", loop.id)
        confidence = weakest(reading.confidence, Confidence.LIKELY) if shared else reading.confidence
        return Verdict(_OF_LOOP[reading.kind], loop.id, confidence, (self._inside(loop),))

    def _inside(self, loop: Loop) -> Evidence:
        return Evidence(f"in the {WORDS[self.loops[loop.id - 1].kind]} `{loop.head}`", loop.place)

    def _ends(self, guard: Guard, loop: Loop) -> bool:
        """Whether a guard lets one iteration of a loop through: a certain one, or the last batch of an epoch."""
        batches = self.loops[loop.id - 1].kind in (LoopKind.BATCH, LoopKind.FLAT)
        if guard.kind is GuardKind.ONCE:
            return guard.loop == loop.id
        if guard.kind is GuardKind.LAST:
            return guard.loop == loop.id or (guard.loop == 0 and batches)
        if (
            guard.kind is not GuardKind.PERIODIC
            or guard.period is None
            or guard.loop not in (0, loop.id)
            or not batches
        ):
            return False
        dimension = self.scale.measure(guard.period).dimension
        return dimension in (dimensions.BATCHES_PER_EPOCH, dimensions.ITERATIONS_PER_EPOCH)

    def _end(self, guard: Guard, loop: Loop) -> Evidence:
        """What a guard says that lets one iteration of a loop through."""
        batches = self.loops[loop.id - 1].kind in (LoopKind.BATCH, LoopKind.FLAT)
        if guard.kind is GuardKind.LAST:
            what = "is the last batch of an epoch" if batches else "is the last iteration of its loop"
        else:
            what = "holds once per epoch" if guard.kind is GuardKind.PERIODIC else "holds once in its loop"
        return Evidence(f"`{_said(guard)}` {what}", guard.place)

    def _is_unclear(self, guard: Guard, loop: Loop) -> bool:
        """Whether it is open how often a guard lets an iteration of this loop through."""
        if guard.kind in _HARMLESS or guard.kind is GuardKind.PERIODIC:
            return False
        if guard.kind in (GuardKind.ONCE, GuardKind.LAST):
            return guard.loop == 0
        return not self._shared(guard, loop)

    def _shared(self, guard: Guard, loop: Loop) -> bool:
        """Whether the optimizer's own steps in a loop stand under the same guard."""
        steps = self._optimizer_steps(loop)
        return bool(steps) and all(guard in event.guards for event in steps)

    def _optimizer_steps(self, loop: Loop) -> list[Event]:
        if self.object.optimizers:
            steps = self.timeline.optimizer_steps_of(self.object.id)
        else:
            steps = tuple(event for event in self.timeline.events if event.kind is EventKind.OPTIMIZED)
        return [event for event in steps if loop.id in event.loops]

    def _periodic(self, loop: Loop, guard: Guard) -> Verdict:
        """Every k iterations: an update if the optimizer keeps the same pace, or if that is what k is called."""
        reading = self.loops[loop.id - 1]
        if reading.kind not in (LoopKind.BATCH, LoopKind.FLAT):
            return _unknown(f"it steps only when `{_said(guard)}`", loop.id)
        steps = self._optimizer_steps(loop)
        if steps and all(any(_same_pace(guard, other) for other in event.guards) for event in steps):
            evidence = Evidence(f"under `{_said(guard)}`, like the optimizer", guard.place)
            return Verdict(Cadence.UPDATE, loop.id, reading.confidence, (evidence, self._inside(loop)))
        if guard.period is not None and _is_accumulation(guard.period):
            evidence = Evidence(f"under `{_said(guard)}`, which is named for accumulation", guard.place)
            return Verdict(Cadence.UPDATE, loop.id, weakest(Confidence.LIKELY, reading.confidence), (evidence,))
        what = f"every `{spelled(guard.period)}` iterations" if guard.period is not None else "every few iterations"
        return _unknown(f"it steps {what}, and the optimizer does not keep that pace", loop.id)

    def _outside(self, used: Mapping[Guard, Evidence]) -> Verdict:
        """A step that no loop repeats, or none that is known."""
        entry = self.timeline.entry
        if self.timeline.lasts(self.object.id):
            alone = Evidence("no loop repeats it", self.event.place)
            return Verdict(Cadence.ONCE, evidence=(alone, *used.values()))
        last = next((guard for guard in used if guard.kind in (GuardKind.LAST, GuardKind.PERIODIC)), None)
        if last is None:
            return _unknown(f"the caller of `{entry.name}` is not known")
        evidence = Evidence(f"under `{_said(last)}`, once in a pass over the data", last.place)
        return Verdict(Cadence.EPOCH, 0, Confidence.LIKELY, (evidence,))


def _said(guard: Guard) -> str:
    return f"not ({guard.text})" if guard.denied else guard.text


def _mentions(guard: Guard, loop: Loop) -> bool:
    return any(part.strip(" ()*") in guard.text for part in loop.variable.split(",") if part.strip(" ()*"))


def _same_pace(one: Guard, other: Guard) -> bool:
    return other.kind is GuardKind.PERIODIC and (one.loop, one.period, one.denied) == (
        other.loop,
        other.period,
        other.denied,
    )


def _is_accumulation(period: Quantity) -> bool:
    return any(names.dimension_of_name(symbol.name) == dimensions.ACCUMULATION for symbol in symbols(period))
