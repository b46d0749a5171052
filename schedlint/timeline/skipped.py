"""Steps of a scheduler that do not know whether its optimizer was stepped at all, or in which rounds it matters.

With mixed precision a gradient scaler leaves a step of the optimizer out where the gradients overflow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.model import Event, Guard, GuardKind, Object, Timeline
from schedlint.timeline.reading import Cadence, Reading

PER_STEP = frozenset({Cadence.BATCH, Cadence.UPDATE, Cadence.FLAT})
BEST = re.compile(r"(?:\b|_)best(?:\b|_)", re.IGNORECASE)
HANDLER = re.compile(r"^(?:except |an exception$)")


@dataclass(frozen=True, slots=True)
class Beside:
    """A step of a scheduler that is taken whatever becomes of the step of its optimizer before it."""

    scheduler: int
    step: Event
    optimizer_step: Event


def steps_beside_skipped(reading: Reading) -> Iterator[Beside]:
    """Every step once per step of the optimizer that is taken where that one is left out, too."""
    timeline = reading.timeline
    for cadence in reading.cadences:
        step = timeline.event(cadence.event)
        if cadence.cadence in PER_STEP and not timeline.jumps(step):
            before = (event for event in timeline.optimizer_steps_of(cadence.object) if event.id < step.id)
            for training in before:
                if training.may_skip and training.loops == step.loops and not _asks(step, training):
                    yield Beside(cadence.object, step, training)
                    break


def _asks(step: Event, training: Event) -> bool:
    """Whether a step stands behind a test that the optimizer's does not, beside settings and whether it is there."""
    own = [guard for guard in step.guards if guard not in training.guards]
    return not all(guard.kind is GuardKind.FLAG or _is_for(guard, step) for guard in own)


def _is_for(guard: Guard, step: Event) -> bool:
    """Whether a guard asks for what is stepped: `if s is not None`."""
    return guard.kind is GuardKind.NEUTRAL and step.receiver in guard.text


@dataclass(frozen=True, slots=True)
class Seldom:
    """A scheduler all of whose steps stand behind a test for a new best value, or in a handler: the first, and that."""

    scheduler: int
    step: Event
    guard: Guard


def seldom_stepped(reading: Reading) -> Iterator[Seldom]:
    """Every scheduler that is only stepped in rounds of the training that are chosen by how well it goes."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        steps = timeline.steps_of(scheduler.id)
        guards = [_choosing(timeline, scheduler, step) for step in steps]
        first = next(iter(guards), None)
        if first is not None and all(guard is not None for guard in guards):
            yield Seldom(scheduler.id, steps[0], first)


def _choosing(timeline: Timeline, scheduler: Object, step: Event) -> Guard | None:
    """A guard of a step, and not of its optimizer's, that only the best value so far passes, or an exception."""
    training = [guard for event in timeline.optimizer_steps_of(scheduler.id) for guard in event.guards]
    for guard in step.guards:
        chosen = not guard.denied and (BEST.search(guard.text) or HANDLER.search(guard.text))
        if chosen and guard.kind is GuardKind.UNKNOWN and guard not in training and step.loops:
            return guard
    return None
