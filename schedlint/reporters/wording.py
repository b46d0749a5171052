"""How the things of a timeline are said in words: the one vocabulary of all reports that show timelines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schedlint.diagnostics import Confidence
from schedlint.timeline.arithmetic import number
from schedlint.timeline.model import (
    Bound,
    Condition,
    Event,
    EventKind,
    Form,
    Guard,
    GuardKind,
    Loop,
    LoopKind,
    Object,
    Part,
)
from schedlint.timeline.phrases import said
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, grouped, spelled
from schedlint.timeline.reading import Cadence, CountReading, HorizonReading, LoopReading, Unit

LONGEST = 60
"""Beyond so many characters an expression is cut: the place beside it shows the rest."""

LOOPS = {
    LoopKind.EPOCH: "epoch loop",
    LoopKind.BATCH: "batch loop",
    LoopKind.FLAT: "loop of updates, without epochs",
    LoopKind.OUTER: "outer loop, a training run each",
    LoopKind.UNKNOWN: "loop of unknown kind",
}
ATTRIBUTES = frozenset({EventKind.REBOUND, EventKind.LR_WRITTEN, EventKind.LAST_EPOCH_WRITTEN, EventKind.NOT_CALLED})
"""Events that are no call: a store, or a method that is only named."""
HEAD = re.compile(r"^(.*\s)\S*$")
TAIL = re.compile(r"^\S*(\s.*)$")
SILENT_GUARDS = frozenset({GuardKind.NEUTRAL, GuardKind.FLAG})
"""Guards that say nothing of their own: always taken, or told by the condition."""


def named(thing: Object) -> str:
    """The object as the program calls it, or what kind of thing it is where it has no name."""
    return thing.name or f"<{thing.kind.value}>"


def named_with_kind(thing: Object) -> str:
    """`scheduler main`; the name alone where it says what it is: `optimizer_g`."""
    name = named(thing)
    return name if thing.kind.value in name.lower() else f"{thing.kind.value} {name}"


def joined(names: Iterable[str], joint: str) -> str:
    """`a or b`, each name once: several objects of one name cannot be told apart by it."""
    return joint.join(dict.fromkeys(names))


def mentions(receiver: str, thing: Object) -> bool:
    """Whether an expression names the object, so that it need not be said again; one without a name is never missed."""
    return thing.name.rpartition(".")[2] in ("", *re.split(r"\W+", receiver))


def kind(thing: Object) -> str:
    """The object's class without its module, or what is known instead: `SGD`, `<scheduler>`."""
    if not thing.classes:
        return f"<{thing.kind.value}>"
    return thing.classes[0].rpartition(".")[2]


def construction(thing: Object, wrapped: Sequence[Object] = ()) -> str:
    """`scheduler = MultiStepLR(milestones=[16, 22])`: what was written, less the objects it works on.

    Of those only the schedulers `wrapped` in it are named: `both = ChainedScheduler([cosine, ExponentialLR])`.
    """
    if thing.handed_in:
        return f"{named(thing)}: {thing.kind.value} handed in by the caller"
    written = [argument for argument in thing.arguments if argument.explicit and not argument.objects]
    parts = [passed(argument) for argument in written if argument.parameter != "params"]
    if wrapped:
        parts.insert(0, "[" + ", ".join(each.name or kind(each) for each in wrapped) + "]")
    made = f"{kind(thing)}({', '.join(parts)})"
    return f"{thing.name} = {made}" if thing.name else made


def passed(argument: Bound) -> str:
    """`gamma=0.1`, with all values that it may have; the value alone where the parameter is not known."""
    values = joined((cut(expression(value)) for value in argument.values), " or ") or "…"
    if argument.parameter.startswith("*"):
        return argument.parameter + values
    return f"{argument.parameter}={values}" if argument.parameter.isidentifier() else values


def expression(quantity: Quantity) -> str:
    """The quantity as a person would write it; alternatives that are spelled alike are said once."""
    if isinstance(quantity, Arithmetic) and quantity.op == "or":
        return joined(map(grouped, quantity.operands), " or ")
    return spelled(quantity)


def cut(text: str) -> str:
    """The text, shortened in the middle where it is long, between words if it has any."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    head, tail = HEAD.sub(r"\1", text[:half]), TAIL.sub(r"\1", text[-half:])
    return f"{head}…{tail}"


def loop_header(loop: Loop) -> str:
    """The loop as it stands in the source: `for epoch in range(24)`."""
    if loop.is_while:
        return f"while {cut(loop.source)}"
    return f"for {loop.variable or '…'} in {cut(loop.source or '…')}"


def loop_kind(fact: LoopReading) -> str:
    """`epoch loop`, and how sure that is."""
    if fact.visits:
        return "visits several things, no part of training time"
    return LOOPS[fact.kind] + doubt(fact.confidence, known=fact.kind is not LoopKind.UNKNOWN)


def happening(event: Event, receiver: str) -> str:
    """The event as it stands in the source: `scheduler.step()`, `optimizer.param_groups`."""
    if event.kind is EventKind.HANDED_ON and receiver:
        return receiver
    said = ".".join(filter(None, (receiver, event.method)))
    if event.kind in ATTRIBUTES or event.method == "param_groups" or not event.method:
        return said
    given = [cut(expression(value)) for argument in event.arguments for value in argument.values[:1]]
    return f"{said}({', '.join(given)})"


def outcome(event: Event) -> str:
    """What an event comes to: its kind, and for a step that is not reached what stands before it."""
    return f"{event.kind.value} behind `{cut(event.behind)}`" if event.behind else event.kind.value


def part(held: Part, name: str) -> str:
    """What a file holds of an object: `optimizer under 'optim'`; the object itself is told from its state."""
    whole = "" if held.form is Form.STATE else " itself"
    return f"{name}{whole}" + (f" under {'.'.join(held.keys)!r}" if held.keys else "")


def horizon(reading: HorizonReading, made_when: Condition) -> str:
    """`horizon: 22 epochs`, or what is known of it; its condition is said unless the object is made under the same."""
    if reading.unit is Unit.NONE:
        return "no horizon"
    condition = "" if reading.condition == made_when else when(reading.condition)
    several = reading.unit is Unit.UNKNOWN and isinstance(reading.quantity, Items)
    value = amount(reading.quantity, None if several else reading.amount)
    given = f"{reading.parameter} = {value}" if reading.parameter and value else value
    if reading.unit is Unit.UNKNOWN:
        said = f"horizon: {given}, unit unknown" if given else "horizon unknown"
    elif reading.amount is not None:
        said = f"horizon: {value} {reading.unit.value}"
    else:
        said = f"horizon in {reading.unit.value}: {given}" if given else f"horizon in {reading.unit.value}"
    return said + doubt(reading.confidence, known=reading.unit is not Unit.UNKNOWN) + condition


def amount(quantity: Quantity | None, number: float | None) -> str:
    """The number of steps where it is known, else the expression that says it."""
    if number is not None:
        return f"{number:.10g}"
    return "" if quantity is None or quantity == Literal(None) else cut(expression(quantity))


def cadence(cadence: Cadence, confidence: Confidence) -> str:
    """`once per batch`, and how sure that is."""
    return "cadence unknown" if cadence is Cadence.UNKNOWN else f"{cadence.value}{doubt(confidence)}"


def count(reading: CountReading, made_when: Condition) -> str:
    """`takes 24 * len(loader) steps`, or what is known of it and why not more."""
    condition = "" if reading.condition == made_when else when(reading.condition)
    least, most = (amount(limit, number(limit)) for limit in (reading.least, reading.most))
    if not least and not most:
        return f"steps unknown{condition}: {reading.reason}"
    steps = "step" if (most or least) == "1" else "steps"
    if reading.exact is not None:
        return f"takes {most} {steps}{doubt(reading.confidence)}{condition}"
    limits = f"{least} to {most}" if least and most else f"at most {most}" if most else f"at least {least}"
    return f"takes {limits} {steps}{doubt(reading.confidence)}{condition}: {reading.reason}"


def doubt(confidence: Confidence, *, known: bool = True) -> str:
    """` (likely)`; nothing for what is certain or not known at all."""
    return "" if confidence is Confidence.CERTAIN or not known else f" ({confidence.value})"


def when(condition: Condition) -> str:
    """` when args.sched == 'cos'`; nothing for always."""
    return f" when {said(condition)}" if condition else ""


def guarded(guards: Iterable[Guard]) -> list[str]:
    """What must hold for an event to happen, where that says how often: `if (i + 1) % k == 0`, `unless step < 10`."""
    telling = [guard for guard in guards if guard.kind not in SILENT_GUARDS]
    return [f"{'unless' if guard.denied else 'if'} {cut(guard.text)}" for guard in telling]
