"""The timeline as JSON: what `timeline_text` shows and all evidence, with ids that tie the tables together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from schedlint.reporters import wording
from schedlint.reporters.view import Known, Locate, ProgramTimelines
from schedlint.timeline.model import Bound, Escape, Event, Guard, Loop, Object
from schedlint.timeline.phrases import said
from schedlint.timeline.quantity import Place, Quantity, spelled
from schedlint.timeline.reading import CadenceReading, CountReading, Evidence, HorizonReading, Reading


def render(programs: Sequence[ProgramTimelines]) -> str:
    """An array with one object per program."""
    return json.dumps([program(each) for each in programs], indent=2)


def program(timelines: ProgramTimelines) -> dict[str, Any]:
    """The entries of one program."""
    return {
        "root": timelines.root,
        "entries": [Document(reading, timelines.locate).entry() for reading in timelines.readings],
    }


class Document:
    """One entry as data. Facts that were read off an object, loop or event stand inside it; ids count from 1."""

    def __init__(self, reading: Reading, locate: Locate) -> None:
        self.timeline = reading.timeline
        self.known = Known(reading)
        self.locate = locate

    def entry(self) -> dict[str, Any]:
        """The whole entry."""
        timeline = self.timeline
        return {
            "kind": timeline.entry.kind.value,
            "name": timeline.entry.name,
            **self.where(timeline.entry.place),
            "caller_known": timeline.entry.caller_known,
            "spent": timeline.spent,
            "loops": [self.loop(loop) for loop in timeline.loops],
            "objects": [self.object(thing) for thing in timeline.objects],
            "events": [self.event(event) for event in timeline.events],
        }

    def loop(self, loop: Loop) -> dict[str, Any]:
        """A loop and what one iteration of it is (null where nobody asked)."""
        fact = self.known.loop(loop)
        return {
            "id": loop.id,
            "parent": loop.parent,
            **self.where(loop.place),
            "source": wording.loop_header(loop),
            "iterates": loop.iterates.value,
            "loader": loop.object,
            "bound": quantity(loop.bound),
            "kind": fact and fact.kind.value,
            "visits": fact and fact.visits,
            "confidence": fact and fact.confidence.value,
            "evidence": self.evidence(fact.evidence) if fact else [],
            "reason": fact.reason if fact else "",
            "calls": [self.where(place) for place in loop.calls],
        }

    def object(self, thing: Object) -> dict[str, Any]:
        """An object and, for a scheduler, its horizons."""
        return {
            "id": thing.id,
            "kind": thing.kind.value,
            "name": thing.name,
            **self.where(thing.place),
            "classes": list(thing.classes),
            "class_reason": thing.class_reason,
            "confidence": thing.confidence.value,
            "handed_in": thing.handed_in,
            "arguments": [bound(argument) for argument in thing.arguments],
            "optimizers": list(thing.optimizers),
            "optimizer_reason": thing.optimizer_reason,
            "children": list(thing.children),
            "loops": list(thing.loops),
            "condition": said(thing.condition),
            "guards": [self.guard(guard) for guard in thing.guards],
            "escapes": [self.escape(escape) for escape in thing.escapes],
            "unseen": [
                {"kind": unseen.kind.value, "exact": unseen.exact, **self.where(unseen.place)}
                for unseen in thing.unseen
            ],
            "horizons": [self.horizon(fact) for fact in self.known.horizons(thing)],
            "counts": [self.count(fact) for fact in self.known.counts(thing)],
        }

    def event(self, event: Event) -> dict[str, Any]:
        """An event and, for a step, its cadence for each scheduler."""
        return {
            "id": event.id,
            "kind": event.kind.value,
            **self.where(event.place),
            "receiver": event.receiver,
            "method": event.method,
            "arguments": [bound(argument) for argument in event.arguments],
            "subjects": [
                {"object": subject.object, "condition": said(subject.condition)} for subject in event.subjects
            ],
            "every": event.every,
            "parts": [
                {"keys": list(part.keys), "objects": list(part.objects), "form": part.form.value}
                for part in event.parts
            ],
            "whole": event.whole,
            "confidence": event.confidence.value,
            "loops": list(event.loops),
            "condition": said(event.condition),
            "guards": [self.guard(guard) for guard in event.guards],
            "calls": [self.where(place) for place in event.calls],
            "behind": event.behind,
            "cadences": [self.cadence(fact) for fact in self.known.cadences(event.id)],
        }

    def horizon(self, fact: HorizonReading) -> dict[str, Any]:
        """The unit of a horizon."""
        return {
            "unit": fact.unit.value,
            "confidence": fact.confidence.value,
            "parameter": fact.parameter,
            "quantity": quantity(fact.quantity),
            "amount": finite(fact.amount),
            "condition": said(fact.condition),
            "evidence": self.evidence(fact.evidence),
            "reason": fact.reason,
        }

    def cadence(self, fact: CadenceReading) -> dict[str, Any]:
        """How often a step happens to one scheduler."""
        return {
            "object": fact.object,
            "cadence": fact.cadence.value,
            "confidence": fact.confidence.value,
            "loop": fact.loop,
            "evidence": self.evidence(fact.evidence),
            "reason": fact.reason,
        }

    def count(self, fact: CountReading) -> dict[str, Any]:
        """How many times a scheduler is stepped; null where there is no such limit."""
        return {
            "least": quantity(fact.least),
            "most": quantity(fact.most),
            "confidence": fact.confidence.value,
            "condition": said(fact.condition),
            "events": list(fact.events),
            "evidence": self.evidence(fact.evidence),
            "reason": fact.reason,
        }

    def guard(self, guard: Guard) -> dict[str, Any]:
        """A test that must hold."""
        return {
            "kind": guard.kind.value,
            "text": guard.text,
            "denied": guard.denied,
            **self.where(guard.place),
            "loop": guard.loop,
            "period": quantity(guard.period),
        }

    def escape(self, escape: Escape) -> dict[str, Any]:
        """A place from which on anything may happen to an object."""
        return {"how": escape.how, **self.where(escape.place)}

    def evidence(self, evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
        """Why a fact is believed."""
        return [{"text": each.text, **(self.where(each.place) if each.place else {})} for each in evidence]

    def where(self, place: Place) -> dict[str, Any]:
        """The keys that every thing with a place has, as the reader finds it."""
        path, cell, row = self.locate(place)
        return {"filename": path, "cell": cell, "location": {"row": row, "column": place.column}}


def bound(argument: Bound) -> dict[str, Any]:
    """An argument: what it may be, as expressions, and the ids of the tracked objects among them."""
    return {
        "parameter": argument.parameter,
        "values": [spelled(value) for value in argument.values],
        "objects": list(argument.objects),
        "explicit": argument.explicit,
    }


def quantity(quantity: Quantity | None) -> str | None:
    """The expression as a person would write it."""
    return None if quantity is None else spelled(quantity)


def finite(number: float | None) -> float | str | None:
    """The number; JSON has no infinity, so that is spelled."""
    return number if number is None or abs(number) < float("inf") else repr(number)
