"""Constructions that raise: arguments that a signature does not have, lacks, or does not take."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.knowledge.schema import Accepts, Parameter, Scheduler
from schedlint.misspelled import nearest
from schedlint.timeline.arithmetic import defaulted
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Bound, Confidence, GuardKind, Object, ObjectKind, Timeline
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol, spelled

TYPE = "TypeError"
VALUE = "ValueError"
BEYOND = "argument "
"""What an argument is bound to that stands behind the last parameter; its number follows."""


class Fault(Struct, frozen=True):
    """Why a construction raises `error`. `meant` is the parameter that a keyword may have been meant for."""

    text: str
    error: str
    parameter: str = ""
    meant: str = ""
    confidence: Confidence = Confidence.CERTAIN


def faults(timeline: Timeline, table: Scheduler, made: Object) -> Iterator[Fault]:
    """Everything for which building a scheduler of this class raises, in the order in which Python and the class see
    it; nothing where the class may have another signature.
    """
    if not table.exact or made.attempted or _is_chosen(timeline, made):
        return
    yield from _unknown(table, made)
    yield from _too_many(table, made)
    yield from _twice(made)
    yield from _missing(table, made)
    yield from _no_optimizer(timeline, table, made)
    for each in table.accepts:
        yield from _refused(timeline, table, made, each)
    yield from _cuts(table, made)


def _is_chosen(timeline: Timeline, made: Object) -> bool:
    """Whether the class is one of several that the same call may build, so that its arguments may be chosen with it."""
    others = (each for each in timeline.schedulers() if each.place == made.place and each.classes != made.classes)
    looked_for = made.loops and any(guard.kind is GuardKind.UNKNOWN for guard in made.guards)
    return bool(looked_for) or any(others)


def _parameters(table: Scheduler) -> tuple[Parameter, ...]:
    """The parameters that a class has in any version."""
    return (*table.parameters, *(each for former in table.former.values() for each in former))


def _unknown(table: Scheduler, made: Object) -> Iterator[Fault]:
    """Keywords that no parameter has."""
    names = list(dict.fromkeys(each.name for each in _parameters(table)))
    for bound in made.arguments:
        name = bound.parameter
        if name not in names and name.isidentifier():
            text = f"has no parameter `{name}`"
            yield Fault(text, TYPE, name, nearest(name, names[1:]) or "")


def _too_many(table: Scheduler, made: Object) -> Iterator[Fault]:
    """Positional arguments behind the last parameter."""
    most = sum(not each.keyword_only for each in table.parameters)
    beyond = [int(each.parameter.removeprefix(BEYOND)) for each in made.arguments if each.parameter.startswith(BEYOND)]
    if beyond and max(beyond) > most:
        now = sum(not each.keyword_only and not each.until for each in table.parameters)
        yield Fault(f"takes {now} arguments, and is given {max(beyond)}", TYPE)


def _twice(made: Object) -> Iterator[Fault]:
    """Parameters that are given by position and by keyword."""
    names = [each.parameter for each in made.arguments if not each.parameter.startswith("*")]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Fault(f"is given `{name}` twice", TYPE, name)


def _missing(table: Scheduler, made: Object) -> Iterator[Fault]:
    """Parameters that must be given and are not; nothing where not even the first one is known to be given."""
    given = {each.parameter for each in made.arguments if each.values != (Literal(None),)}
    names = {each.parameter for each in made.arguments} | _seen(table, made)
    if table.parameters[0].name not in names or any(name.startswith("*") for name in names):
        return
    for each in table.parameters:
        if each.required and each.name not in names:
            yield Fault(f"is built without `{each.name}`", TYPE, each.name)
    if table.needs and not any(given.issuperset(group) for group in table.needs):
        groups = " or ".join(" and ".join(f"`{name}`" for name in group) for group in table.needs)
        yield Fault(f"is built without {groups}", VALUE)


def _seen(table: Scheduler, made: Object) -> set[str]:
    """The parameters that are known to be given by what the scheduler drives and wraps."""
    return {name for name, seen in ((table.optimizer, made.optimizers), (table.children, made.children)) if seen}


def _no_optimizer(timeline: Timeline, table: Scheduler, made: Object) -> Iterator[Fault]:
    """Something else in the place of the optimizer: parameters of a model, a list, a number."""
    bound = _bound(made, table.optimizer) if table.optimizer and table.parameters[0].name != table.children else None
    if bound is None or len(bound.values) != 1:
        return
    match bound.values[0]:
        case Items(items=items) if items:
            yield Fault("takes one optimizer, and is given a list", TYPE, table.optimizer)
        case Literal(value=value) if value is not None:
            yield Fault(f"takes an optimizer first, and is given `{value!r}`", TYPE, table.optimizer)
        case Symbol(name=name) if name.endswith(".parameters()"):
            yield Fault(f"takes an optimizer first, and is given `{name}`", TYPE, table.optimizer)


def _refused(timeline: Timeline, table: Scheduler, made: Object, accepts: Accepts) -> Iterator[Fault]:
    """A value that the class raises for: all that the parameter may be, or one of several."""
    bound = _bound(made, accepts.parameter)
    if bound is None or any(_is_given(made, other) for other in accepts.unless):
        return
    if accepts.kind == "list" and _is_optimizer(timeline, bound):
        yield Fault(f"takes a list as `{accepts.parameter}`, and is given an optimizer", TYPE, accepts.parameter)
        return
    wrong = [(value, why) for value in bound.values if (why := _why(value, accepts))]
    if wrong:
        value, why = wrong[0]
        found = known(value)
        sure = found.confidence if found is not None and len(wrong) == len(bound.values) else Confidence.LIKELY
        error = TYPE if accepts.kind in ("function", "list") else VALUE
        text = f"takes {why} as `{accepts.parameter}`, and is given {_said(value, found)}"
        yield Fault(text, error, accepts.parameter, confidence=sure)


def _why(value: Quantity, accepts: Accepts) -> str:
    """What is accepted instead of a value; nothing where it may be accepted."""
    if accepts.kind == "decimal" and isinstance(value, Arithmetic | Length):
        return ""  # whether that is a float is not known
    found = known(value)
    if found is None or found.value is None or isinstance(found.value, bool) or isinstance(value, Items | Curve):
        return ""
    if accepts.kind in ("function", "list"):
        refused = found.number is not None or (accepts.kind == "function" and isinstance(found.value, str))
        return f"a {accepts.kind}" if refused else ""
    if accepts.choices:
        return "" if found.value in accepts.choices else " or ".join(map(repr, accepts.choices))
    return "" if found.number is None else _range(found.number, _is_whole(value, found.number), accepts)


def _is_whole(value: Quantity, number: float) -> bool:
    """Whether a number is an integer by its type: `10 ** 2` and `epochs // 2` are, `epochs / 2` is not."""
    plain = defaulted(value)
    if isinstance(plain, Literal):
        return isinstance(plain.value, int)
    return float(number).is_integer() and not (isinstance(plain, Arithmetic) and plain.op == "/")


def _range(number: float, whole: bool, accepts: Accepts) -> str:
    """What numbers are accepted instead of this one."""
    bounds = {
        f"at least {accepts.least:g}" if accepts.least is not None else "": accepts.least is None
        or number >= accepts.least,
        f"above {accepts.above:g}" if accepts.above is not None else "": accepts.above is None
        or number > accepts.above,
        f"at most {accepts.most:g}" if accepts.most is not None else "": accepts.most is None or number <= accepts.most,
        f"below {accepts.below:g}" if accepts.below is not None else "": accepts.below is None
        or number < accepts.below,
    }
    of_kind = {"integer": whole, "decimal": not whole}.get(accepts.kind, True)
    if of_kind and all(bounds.values()):
        return ""
    kind = {"integer": "an integer", "decimal": "a float"}.get(accepts.kind, "a number")
    return " ".join([kind, " and ".join(filter(None, bounds))]).strip()


def _cuts(table: Scheduler, made: Object) -> Iterator[Fault]:
    """A number of milestones that does not fit the number of wrapped schedulers."""
    wrapped, cuts = _bound(made, table.children), _bound(made, table.cuts)
    if not table.cuts or wrapped is None or cuts is None:
        return
    match (wrapped.values, cuts.values):
        case ((Items(items=schedulers, whole=True),), (Items(items=milestones, whole=True),)) if (
            len(milestones) != len(schedulers) - 1
        ):
            text = f"takes {len(schedulers) - 1} `{table.cuts}` for {len(schedulers)} `{table.children}`"
            yield Fault(f"{text}, and is given {len(milestones)}", VALUE, table.cuts)


def _bound(made: Object, parameter: str) -> Bound | None:
    """What is given for a parameter."""
    return next((each for each in made.arguments if each.parameter == parameter), None)


def _is_given(made: Object, parameter: str) -> bool:
    """Whether a parameter is, or may be, given."""
    bound = _bound(made, parameter)
    return bound is not None and bound.values != (Literal(None),)


def _is_optimizer(timeline: Timeline, bound: Bound) -> bool:
    """Whether an argument is an optimizer itself, and no list with one."""
    kinds = {timeline.object(each).kind for each in bound.objects}
    return kinds == {ObjectKind.OPTIMIZER} and not any(isinstance(value, Items) for value in bound.values)


def _said(value: Quantity, found: Known | None) -> str:
    """How to say a value: `'cosine'`, `1.5`."""
    if found is None or isinstance(value, Literal):
        return f"`{spelled(value)}`"
    source = "" if found.source is None else f", the default of `{found.source.name}`"
    return f"`{found.value!r}`{source}"
