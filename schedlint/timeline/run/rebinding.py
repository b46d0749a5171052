"""Re-bindings: a variable that held a scheduler or an optimizer is given another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.timeline.model import Bound, EventKind, ObjectKind, Subject
from schedlint.timeline.run.spelling import source
from schedlint.timeline.run.values import Value

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

KINDS = (ObjectKind.SCHEDULER, ObjectKind.OPTIMIZER)


class Rebinding:
    """Records what is overwritten."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    def note(self, target: facts.Expr, value: Value) -> None:
        """Record that a variable or an attribute of one is given a value, where it held another object of its kind,
        made at another place. A loop that goes over several objects, and a tuple that is taken apart, re-bind nothing.
        """
        tracked = [kind for kind in KINDS if self._walk.making.subjects(value, kind)]
        held = self._held(target) if tracked else None
        for kind in tracked if held else ():
            before, after = (self._walk.making.subjects(each, kind) for each in (held or (), value))
            self._lost(before, after, target)

    def _held(self, target: facts.Expr) -> Value | None:
        match target:
            case facts.Name(id=name):
                return self._walk.names.held(name)
            case facts.Attribute(value=facts.Name() as base, attr=attr):
                return self._walk.members.held(self._walk.evaluator.evaluate(base), attr)
            case _:
                return None

    def _lost(self, before: tuple[Subject, ...], after: tuple[Subject, ...], target: facts.Expr) -> None:
        objects = self._machine.recorder.objects
        made = {objects[subject.object].place for subject in after}
        lost = [subject for subject in before if objects[subject.object].place not in made]
        if lost:
            now = Bound("", (), tuple(dict.fromkeys(subject.object for subject in after)))
            at = getattr(target, "at", None)
            self._machine.event(EventKind.REBOUND, at, lost, receiver=source(target), arguments=(now,))
