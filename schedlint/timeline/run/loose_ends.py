"""Loose ends: functions that the run did not reach and that may step a scheduler it made.

A handler that a library calls, a method that only a subclass elsewhere uses: each is an escape of the scheduler, so
that nothing is claimed of what never happens to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.program.symbols import Class, Function
from schedlint.timeline.model import EventKind, Object, ObjectKind
from schedlint.timeline.quantity import Place
from schedlint.timeline.run.machine import Machine

STEPPING = frozenset({"step", "step_update", "step_epoch"})


def note_loose_ends(machine: Machine) -> None:
    """Record an escape for each scheduler that no event in a loop steps, at each function that may do so and was not
    reached.
    """
    stepped = {
        subject.object
        for event in machine.recorder.events
        if event.kind is EventKind.STEPPED_BY or (event.kind is EventKind.STEPPED and event.loops)
        for subject in event.subjects
    }
    for made in [each for each in machine.recorder.objects.values() if each.id not in stepped]:
        if made.kind is ObjectKind.SCHEDULER and not made.escapes:
            _note(machine, made)


def _note(machine: Machine, made: Object) -> None:
    for owner, name in sorted(machine.recorder.holders.get(made.id, ())):
        for function in _seeing(machine, owner, name):
            if function not in machine.reached and _may_step(function, name):
                at = function.at
                place = Place(function.module.path, at.row, at.column, at.end_row, at.end_column)
                machine.recorder.escape(made.id, f"seen by `{function.node.name}`, which was not reached", place)


def _may_step(function: Function, name: str) -> bool:
    mentions = function.node.mentions
    return name in mentions and name not in function.node.stores and not STEPPING.isdisjoint(mentions)


def _seeing(machine: Machine, owner: int, name: str) -> Iterator[Function]:
    """The functions that can name what is held so: those inside the function, of the module, of the class family."""
    if owner in machine.instances:
        yield from _beside(machine, machine.instances[owner].cls)
        return
    frame = machine.frames.get(owner)
    if frame is None:
        return
    for function, around in machine.program.all_functions(frame.module).items():
        if frame.function is None or frame.function in around:
            yield function


def _beside(machine: Machine, cls: Class) -> Iterator[Function]:
    """The methods of a class and its relatives, and the functions of their modules that are no methods."""
    program = machine.program
    relatives = [each for each in (*program.mro(cls), *program.subclasses(cls)) if isinstance(each, Class)]
    for relative in relatives:
        yield from program.methods(relative)
    for module in dict.fromkeys(relative.module for relative in relatives):
        yield from (function for function in program.all_functions(module) if function.owner is None)
