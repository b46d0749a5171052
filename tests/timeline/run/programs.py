"""Programs as texts, run in memory, and terse ways to ask what came out.

`train.py` begins with an optimizer `opt` and a loader `loader`; every file begins with the imports below. A value is
looked at by giving it to `StepLR(opt, value)`: see `noted`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import cache

from schedlint.extract import extract
from schedlint.facts import ModuleFacts
from schedlint.knowledge.tables import load
from schedlint.program.program import Program
from schedlint.timeline.model import (
    Condition,
    Confidence,
    Event,
    EventKind,
    Guard,
    GuardKind,
    Loop,
    Object,
    ObjectKind,
    Subject,
    Timeline,
)
from schedlint.timeline.quantity import Quantity, Symbol, spelled
from schedlint.timeline.run.entries import Runs
from schedlint.timeline.run.machine import Budget
from tests.program.builders import MemoryFiles

SCRIPT = "train.py"

IMPORTS = """\
import argparse, functools, itertools, torch
from functools import partial
from torch import nn
from torch.optim import SGD, LBFGS, lr_scheduler
from torch.optim.lr_scheduler import ChainedScheduler, ExponentialLR, LambdaLR, LinearLR, MultiStepLR
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, SequentialLR, StepLR
from torch.utils.data import DataLoader
from tqdm import tqdm
"""

GIVEN = """\
opt = SGD(parameters, lr=0.1)
loader = DataLoader(data)
"""

Files = Mapping[str, str]
SHOWN = frozenset(EventKind) - {EventKind.CREATED, EventKind.BACKWARD, EventKind.THROWN_AWAY}
QUIET = frozenset({GuardKind.NEUTRAL, GuardKind.FLAG})


@cache
def _facts(text: str) -> ModuleFacts:
    return extract(text)


class Texts(MemoryFiles):
    """Files in memory, as the extractor reads them."""

    def facts(self, path: str) -> ModuleFacts | None:
        text = self.text(path)
        return None if text is None else _facts(text)


def texts(script: str, files: Files | None = None) -> Texts:
    """A program: the script's text, and other files by path."""
    bodies = {path: IMPORTS + textwrap.dedent(text) for path, text in (files or {}).items()}
    return Texts({SCRIPT: IMPORTS + GIVEN + textwrap.dedent(script), **bodies})


# --- running ----------------------------------------------------------------------------------------------------------


def runs(files: Texts, budget: Budget | None = None) -> Runs:
    knowledge = load()
    return Runs(Program(files, knowledge.canonical), knowledge, budget or Budget(), set())


def script(text: str, files: Files | None = None, budget: Budget | None = None) -> Timeline:
    """The timeline of the script alone."""
    timeline = runs(texts(text, files), budget).script(SCRIPT)
    assert timeline is not None
    return timeline


def entries(text: str, files: Files | None = None, budget: Budget | None = None) -> list[Timeline]:
    """The script, then everything that it did not reach."""
    program = texts(text, files)
    run = runs(program, budget)
    first = run.script(SCRIPT)
    assert first is not None
    return [first, *run.unreached(list(program.texts))]


def unreached(text: str, files: Files | None = None) -> Timeline:
    """The only entry beside the script."""
    (_, found) = entries(text, files)
    return found


# --- what happens -----------------------------------------------------------------------------------------------------


def happens(text: str | Timeline, files: Files | None = None) -> list[str]:
    """What happens in the script, in order: `epoch/batch: s.step() if mode == 'cos' [first]`.

    In front the loops; alternatives are joined by "or", and what happens to each by "and"; `~` says likely, `?` that
    the object is not known; the kinds of guards that are neither neutral nor flags stand in brackets.
    """
    timeline = text if isinstance(text, Timeline) else script(text, files)
    return [line(timeline, event) for event in timeline.events if event.kind in SHOWN]


def steps(text: str | Timeline, files: Files | None = None) -> list[str]:
    """The steps of schedulers alone, as in `happens`."""
    timeline = text if isinstance(text, Timeline) else script(text, files)
    return [line(timeline, event) for event in timeline.events if event.kind is EventKind.STEPPED]


def line(timeline: Timeline, event: Event) -> str:
    loops = "/".join(called(loop) for loop in timeline.nest(event))
    guards = ", ".join(guard.kind.value for guard in event.guards if guard.kind not in QUIET)
    parts = [
        f"{loops}: " if loops else "",
        _what(timeline, event),
        f" if {said(event.condition)}" if event.condition else "",
        f" [{guards}]" if guards else "",
        " ~" if event.confidence is Confidence.LIKELY else "",
    ]
    return "".join(parts)


def _what(timeline: Timeline, event: Event) -> str:
    who = (" and " if event.every else " or ").join(_who(timeline, event, subject) for subject in event.subjects)
    who = who or f"?{event.receiver}"
    if event.kind in (EventKind.STEPPED, EventKind.OPTIMIZED):
        given = ", ".join(" or ".join(map(spelled, argument.values)) for argument in event.arguments)
        return f"{who}.step({given})"
    return f"{who}: {event.kind.value}"


def _who(timeline: Timeline, event: Event, subject: Subject) -> str:
    own = tuple(test for test in subject.condition if test not in event.condition)
    name = name_of(timeline.object(subject.object))
    return f"{name} ({said(own)})" if own else name


def name_of(thing: Object) -> str:
    return thing.name or (thing.classes[0].rpartition(".")[2] if thing.classes else "something")


def called(loop: Loop) -> str:
    return loop.variable or "while"


def said(condition: Condition) -> str:
    return " and ".join(test.text if test.positive else f"not {test.text}" for test in condition)


# --- what there is ----------------------------------------------------------------------------------------------------


def schedulers(text: str | Timeline, files: Files | None = None) -> list[str]:
    """The schedulers made: `s = StepLR(optimizer=opt, step_size=3) if mode == 'cos'`."""
    timeline = text if isinstance(text, Timeline) else script(text, files)
    return [_made(timeline, each) for each in timeline.schedulers()]


def _made(timeline: Timeline, made: Object) -> str:
    cls = made.classes[0].rpartition(".")[2] if made.classes else "?"
    driven = " or ".join(name_of(timeline.object(id)) for id in made.optimizers) or "nothing"
    given = [
        f"{bound.parameter}={' or '.join(map(spelled, bound.values))}" for bound in made.arguments if not bound.objects
    ]
    when = f" if {said(made.condition)}" if made.condition else ""
    return f"{made.name or '_'} = {cls}({', '.join(['on ' + driven, *given])}){when}"


def only_scheduler(text: str | Timeline, files: Files | None = None) -> Object:
    timeline = text if isinstance(text, Timeline) else script(text, files)
    (found,) = timeline.schedulers()
    return found


def loops(text: str | Timeline, files: Files | None = None) -> list[str]:
    """The loops: `for epoch: range from 1 to epochs`, `for x: loader`."""
    timeline = text if isinstance(text, Timeline) else script(text, files)
    return [_loop(loop) for loop in timeline.loops]


def _loop(loop: Loop) -> str:
    begin = "" if loop.start is None else f" from {spelled(loop.start)}"
    end = "" if loop.bound is None else f" to {spelled(loop.bound)}"
    head = "while" if loop.is_while else "for"
    return f"{head} {loop.variable}".rstrip() + f": {loop.iterates.value}{begin}{end}"


def guards(timeline: Timeline, kind: EventKind = EventKind.STEPPED) -> tuple[Guard, ...]:
    """The guards of the only event of a kind."""
    (event,) = [event for event in timeline.events if event.kind is kind]
    return event.guards


# --- values -----------------------------------------------------------------------------------------------------------


def quantities(text: str | Timeline, files: Files | None = None) -> list[tuple[Quantity, ...]]:
    """What each `StepLR(opt, value)` is given, in the order of construction."""
    timeline = text if isinstance(text, Timeline) else script(text, files)
    return [
        bound.values
        for made in timeline.objects
        if made.kind is ObjectKind.SCHEDULER
        for bound in made.arguments
        if bound.parameter == "step_size"
    ]


def noted(text: str | Timeline, files: Files | None = None) -> list[str]:
    """As `quantities`, spelled: `3`, `'a' or 'b'`, `args.epochs`; a constant with a telling name is its number."""
    return [" or ".join(map(_number, values)) for values in quantities(text, files)]


def _number(value: Quantity) -> str:
    if isinstance(value, Symbol) and value.role == "constant" and value.default is not None:
        return spelled(value.default)
    return spelled(value)


def symbol(text: str | Timeline, files: Files | None = None) -> Symbol:
    """The one symbol that the only `StepLR(opt, value)` is given."""
    ((value,),) = quantities(text, files)
    assert isinstance(value, Symbol)
    return value


def escapes(text: str | Timeline, name: str, files: Files | None = None) -> list[str]:
    """How the object first called `name` left what is understood."""
    timeline = text if isinstance(text, Timeline) else script(text, files)
    (found,) = [made for made in timeline.objects if made.name == name]
    return [escape.how for escape in found.escapes]
