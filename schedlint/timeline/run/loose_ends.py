"""Loose ends: functions that the run did not reach and that may step a scheduler it made, and code that it did not
reach and that saves or loads a state.

A handler that a library calls, a method that only a subclass elsewhere uses: each is an escape of the scheduler, so
that nothing is claimed of what never happens to it. A checkpoint that a script does not ask for may be loaded all the
same, where there is code for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint import facts
from schedlint.program.symbols import Class, Function, Module
from schedlint.program.walk import nodes
from schedlint.timeline.model import EventKind, Object, ObjectKind, Unseen
from schedlint.timeline.quantity import Place
from schedlint.timeline.run.machine import Machine
from schedlint.timeline.run.saving import KEPT, STATES

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
                place = _place(function.module, function.at)
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


def note_unseen_states(machine: Machine) -> None:
    """Record for each optimizer and scheduler where its state is saved or loaded although no event says so; and for a
    scheduler the functions that were not reached and may do so.
    """
    seen = {(event.kind, event.place) for event in machine.recorder.events if event.kind in STATES.values()}
    for made in [each for each in machine.recorder.objects.values() if each.kind in KEPT]:
        for owner, name in sorted(machine.recorder.holders.get(made.id, ())):
            calls = [each for each in _calls(machine, owner, name) if (each.kind, each.place) not in seen]
            machine.recorder.unsee(made.id, calls)
            if made.kind is ObjectKind.SCHEDULER:
                machine.recorder.unsee(made.id, _suspects(machine, owner, name))


def _suspects(machine: Machine, owner: int, name: str) -> Iterator[Unseen]:
    """The functions that were not reached, can name an object and take or load the state of something."""
    for function in _seeing(machine, owner, name):
        if function not in machine.reached and name in function.node.mentions and name not in function.node.stores:
            for method in STATES.keys() & set(function.node.mentions):
                yield Unseen(STATES[method], _place(function.module, function.at), exact=False)


def _calls(machine: Machine, owner: int, name: str) -> Iterator[Unseen]:
    """The calls that take or load the state of what is called so, wherever it can be named."""
    frame = machine.frames.get(owner)
    inner = [each for each in _seeing(machine, owner, name) if name not in each.node.stores]
    own = [frame.function] if frame is not None and frame.function is not None else []
    blocks: list[tuple[Module, Struct]] = [(each.module, each.node) for each in (*own, *inner) if _may_take(each, name)]
    if frame is not None and frame.function is None:
        blocks += [(frame.module, each) for each in frame.module.facts.body if not _defines(each)]
    for module, block in blocks:
        for node in nodes(block):
            if isinstance(node, facts.Call) and isinstance(node.func, facts.Attribute):
                kind = STATES.get(node.func.attr)
                if kind is not None and _last(node.func.value) == name:
                    yield Unseen(kind, _place(module, node.at))


def _may_take(function: Function, name: str) -> bool:
    return name in function.node.mentions and not STATES.keys().isdisjoint(function.node.mentions)


def _defines(statement: facts.Statement) -> bool:
    return isinstance(statement, (facts.FunctionDef, facts.ClassDef))


def _last(receiver: facts.Expr) -> str:
    """The last name of what a method is called on."""
    match receiver:
        case facts.Name(id=name) | facts.Attribute(attr=name):
            return name
        case _:
            return ""


def _place(module: Module, at: facts.Span) -> Place:
    return Place(module.path, at.row, at.column, at.end_row, at.end_column)
