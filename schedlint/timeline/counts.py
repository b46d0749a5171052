"""How many times each scheduler is stepped over the run, as a quantity.

Every step site counts the product of the rounds of the loops between the scheduler's construction and the step, as far
as guards let them through (`rounds`); the sites that can happen in one run are added up. What may happen more or less
often than can be seen has only one limit, or none, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from schedlint.knowledge.schema import Scheduler
from schedlint.timeline import names
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import (
    Condition,
    Confidence,
    EntryKind,
    Event,
    EventKind,
    Guard,
    GuardKind,
    Loop,
    LoopKind,
    Object,
    Timeline,
)
from schedlint.timeline.nests import is_item
from schedlint.timeline.order import condition_of
from schedlint.timeline.polynomials import ZERO, written
from schedlint.timeline.quantity import Literal, Quantity, spelled, symbols
from schedlint.timeline.reading import CountReading, Evidence, LoopReading, weakest
from schedlint.timeline.rounds import ONE, Amount, just, let_through, rounds, unknown, varies

_LOST = (EventKind.HANDED_ON, EventKind.STEPPED_BY)


def counts(
    timeline: Timeline, loops: tuple[LoopReading, ...], tables: Mapping[int, Scheduler]
) -> tuple[CountReading, ...]:
    """How often each scheduler that is stepped at all is stepped, for each condition under which that differs."""
    return tuple(
        reading
        for scheduler in timeline.schedulers()
        for reading in Steps(timeline, loops, scheduler, tables.get(scheduler.id)).readings()
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """The step sites of one scheduler."""

    timeline: Timeline
    loops: tuple[LoopReading, ...]
    scheduler: Object
    table: Scheduler | None

    def readings(self) -> Iterator[CountReading]:
        """One count for each condition under which the scheduler is stepped."""
        events = [event for event in self.timeline.steps_of(self.scheduler.id) if self._can_meet(event)]
        lost = self._reason_against(events)
        seen: set[frozenset[object]] = set()
        for event in events:
            way = self._way(event)
            if way in seen:
                continue
            seen.add(way)
            condition = condition_of(event, self.scheduler.id)
            amount = unknown(lost) if lost else self._total(events, event)
            yield self._reading(amount, condition, events)

    def _reading(self, amount: Amount, condition: Condition, events: list[Event]) -> CountReading:
        counted = [event for event in events if not contradicts(condition_of(event, self.scheduler.id), condition)]
        confidence = weakest(
            amount.confidence, self.scheduler.confidence, *(event.confidence for event in counted)
        )  # fmt: skip
        return CountReading(
            self.scheduler.id,
            None if amount.least == ZERO and amount.most != ZERO else written(amount.least),
            None if amount.most is None else written(amount.most),
            confidence,
            tuple(event.id for event in counted),
            tuple(dict.fromkeys(each for event in counted for each in self._evidence(event))),
            amount.reason,
            condition,
        )

    def _can_meet(self, event: Event) -> bool:
        return not contradicts(condition_of(event, self.scheduler.id), self.scheduler.condition)

    def _way(self, event: Event) -> frozenset[object]:
        """The settings under which a step is reached."""
        settings = (guard for guard in event.guards if guard.kind is GuardKind.FLAG)
        return frozenset((*condition_of(event, self.scheduler.id), *settings))

    def _reason_against(self, events: list[Event]) -> str:
        """Why nothing can be said of the number of steps at all ("" if something can)."""
        scheduler, timeline = self.scheduler, self.timeline
        if timeline.spent:
            return "the analysis stopped early"
        if scheduler.handed_in or timeline.creation(scheduler.id) is None:
            return "it is made elsewhere"
        if scheduler.wrapped_at is not None:
            return "a library hands it back wrapped, and moves it on at a pace of its own"
        if timeline.wrappers(scheduler.id):
            return "another scheduler steps it too"
        if self._is_positioned():
            return "it does not begin at its first step"
        measured = self.table is not None and self.table.takes_metric
        if not measured and any(timeline.jumps(event) for event in events):
            return "it is stepped to a position"
        return ""

    def _is_positioned(self) -> bool:
        """Whether it begins, or goes on, anywhere but at its first step."""
        given = [bound for bound in self.scheduler.arguments if bound.parameter == "last_epoch"]
        written_to = self.timeline.events_of(self.scheduler.id, EventKind.LAST_EPOCH_WRITTEN)
        return bool(written_to) or any(bound.values != (Literal(-1),) for bound in given)

    def _total(self, events: list[Event], anchor: Event) -> Amount:
        """How often it is stepped in the runs that get to one step."""
        amount = reduce(Amount.__add__, (self._part(event, anchor) for event in events))
        if self.scheduler.escapes or self.timeline.events_of(self.scheduler.id, *_LOST):
            amount = amount.at_least("it is lost from sight, and may be stepped elsewhere")
        if self.timeline.entry.kind is EntryKind.CLASS:
            amount = replace(amount, confidence=weakest(amount.confidence, Confidence.LIKELY))
            if not all(self._is_in_epochs(event) for event in events):
                amount = amount.at_least("who calls the method that steps it, and how often, is not known")
        return amount

    def _is_in_epochs(self, event: Event) -> bool:
        return any(self.loops[id - 1].kind in (LoopKind.EPOCH, LoopKind.FLAT) for id in event.loops)

    def _part(self, event: Event, anchor: Event) -> Amount:
        """What one step adds in the runs that get to another one."""
        own, other = condition_of(event, self.scheduler.id), condition_of(anchor, self.scheduler.id)
        if contradicts(own, other):
            return just(ZERO)
        amount = self._of_site(event)
        if self._way(event) <= self._way(anchor):
            return amount
        return amount.at_most("other steps are taken under another condition")

    def _of_site(self, event: Event) -> Amount:
        """How often one site steps the scheduler in a run that gets to it."""
        between = [loop for loop in self.timeline.nest(event) if loop.id not in self.scheduler.loops]
        counted = frozenset(loop.id for loop in between)
        guards = tuple(guard for guard in event.guards if guard not in self.scheduler.guards)
        creation = self.timeline.creation(self.scheduler.id)
        if creation is None or event.id < creation.id or self._is_kept_on(event):
            return unknown("it is made in the loop in which it is stepped, but not in each round")
        amount = just(ONE)
        for loop in between:
            own = tuple(guard for guard in guards if guard.loop == loop.id)
            amount = self._in_loop(event, loop, own, counted) * amount
        unclear = [guard for guard in guards if self._is_open(guard, counted)]
        if unclear:
            amount = amount.at_most(f"how often `{unclear[0].text}` holds is not known")
        if len(event.subjects) > 1 and not event.every and condition_of(event, self.scheduler.id) == event.condition:
            amount = amount.at_most("it is one of several that may be stepped here")
        return amount

    @staticmethod
    def _is_open(guard: Guard, counted: frozenset[int]) -> bool:
        """Whether a test may hold in some rounds only that tests no counter of the loops that are counted."""
        if guard.kind is GuardKind.FLAG:
            return guard.within in (None, *counted) and guard.limit is not None and not is_settled(guard.limit)
        return guard.kind is not GuardKind.NEUTRAL and guard.loop not in counted

    def _is_kept_on(self, event: Event) -> bool:
        """Whether it is made in some rounds only of a loop that steps it in others too."""
        shared = set(self.scheduler.loops) & set(event.loops)
        return any(guard.within in shared and guard not in event.guards for guard in self.scheduler.guards)

    def _in_loop(self, event: Event, loop: Loop, guards: tuple[Guard, ...], counted: frozenset[int]) -> Amount:
        """How many rounds of one loop get to a step."""
        if self.loops[loop.id - 1].visits:
            single = is_item(event, loop) or any(guard.kind is GuardKind.ONCE for guard in guards)
            return just(ONE) if single else unknown(f"it steps for each of `{loop.source}`")
        made_anew = loop.object and not counted.isdisjoint(self.timeline.object(loop.object).loops)
        if made_anew or varies(loop, guards, counted):
            return unknown(f"`{loop.head}` is not the same in each round around it")
        return let_through(loop, guards)

    def _evidence(self, event: Event) -> Iterator[Evidence]:
        """What the loops around a step say of the number of their rounds."""
        for loop in self.timeline.nest(event):
            number = rounds(loop).exact
            if loop.id not in self.scheduler.loops and not self.loops[loop.id - 1].visits and number is not None:
                yield Evidence(f"`{loop.head}` has `{spelled(written(number))}` rounds", loop.place)


_SETTLED = frozenset({"option", "constant", "field", "parameter"})


def is_settled(tested: Quantity) -> bool:
    """Whether a test that is no counter's is one of settings, and so has one answer in the whole run. The attributes of
    anything else may be states (`accelerator.sync_gradients`, `scheduler.last_epoch`).
    """
    return all(symbol.role in _SETTLED or names.is_setting(symbol.name) for symbol in symbols(tested))
