"""What a schedule was told of its own length, and what the length of a data loader is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from schedlint.knowledge.schema import Loader, Scheduler
from schedlint.timeline.model import Bound, Object, ObjectKind, Timeline
from schedlint.timeline.polynomials import polynomial
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity, Symbol


class Loaders(Protocol):
    """What is known of loader classes."""

    def loader(self, qualified: str, /) -> Loader | None:
        """The entry of a class or function, if there is one."""


def told_length(scheduler: Object, table: Scheduler) -> Quantity | None:
    """The number of steps that a scheduler was given as its horizon, which may be one of several; None where it is not
    known.
    """
    arguments = {bound.parameter: bound for bound in scheduler.arguments}
    if any(parameter.startswith("*") for parameter in arguments):
        return None
    for group in (table.horizon, table.product):
        given = [arguments[name] for name in group if name in arguments and not _is_none(arguments[name])]
        if given:
            values = [_one_of(bound) for bound in given]
            whole = len(values) == len(group) and (len(group) == 1 or group is table.product)
            return (values[0] if len(values) == 1 else Arithmetic("*", tuple(values))) if whole else None
    return None


def _one_of(bound: Bound) -> Quantity:
    return bound.values[0] if len(bound.values) == 1 else Arithmetic("or", bound.values)


def _is_none(bound: Bound) -> bool:
    return bound.values == (Literal(None),)


def loader_lengths(timeline: Timeline, tables: Loaders) -> dict[int, Quantity]:
    """The number of batches of each loader, by the size of its dataset and of a batch, where these alone decide it."""
    found: dict[int, Quantity] = {}
    for thing in timeline.objects:
        entry = tables.loader(thing.classes[0]) if thing.kind is ObjectKind.LOADER and thing.classes else None
        length = _batches(timeline, thing, entry) if entry is not None else None
        if length is not None:
            found[thing.id] = length
    return found


def _batches(timeline: Timeline, loader: Object, entry: Loader) -> Quantity | None:
    arguments = {bound.parameter: bound for bound in loader.arguments}
    others = [arguments[name] for name in entry.resized_by if name in arguments]
    if (
        not entry.drop_last
        or any(parameter.startswith("*") for parameter in arguments)
        or not all(map(_is_none, others))
    ):
        return None
    samples = _samples(timeline, arguments.get(entry.dataset))
    size, dropped = _value(arguments, entry, entry.batch_size), _value(arguments, entry, entry.drop_last)
    if samples is None or size is None or dropped not in (Literal(True), Literal(False)):
        return None
    return Arithmetic("floor" if dropped == Literal(True) else "ceil", (Arithmetic("/", (samples, size)),))


class Batching(Struct, frozen=True):
    """How a loader makes batches: the length of its dataset, which is a number of samples, and the size of a batch."""

    samples: Length
    size: Quantity


def batchings(timeline: Timeline, tables: Loaders) -> dict[int, Batching]:
    """The batching of each loader that was given a dataset with a length, and the size of a batch."""
    found: dict[int, Batching] = {}
    for thing in timeline.objects:
        entry = tables.loader(thing.classes[0]) if thing.kind is ObjectKind.LOADER and thing.classes else None
        batching = _batching(timeline, thing, entry, tables) if entry is not None else None
        if batching is not None:
            found[thing.id] = batching
    return found


def _batching(timeline: Timeline, loader: Object, entry: Loader, tables: Loaders) -> Batching | None:
    arguments = {bound.parameter: bound for bound in loader.arguments}
    dataset, size = arguments.get(entry.dataset), arguments.get(entry.batch_size)
    samples = _samples(timeline, dataset)
    if dataset is None or samples is None or size is None or len(size.values) != 1:
        return None
    classes = (name for id in dataset.objects for name in timeline.object(id).classes)
    if any(known.unsized for known in map(tables.loader, classes) if known is not None):
        return None
    return Batching(samples, size.values[0])


def settled(quantity: Quantity, lengths: Mapping[int, Quantity]) -> Quantity:
    """A quantity with the lengths of loaders replaced by their numbers, where these are known: a loader with all
    samples in one batch has the length 1.
    """
    match quantity:
        case Length(object=object) if object in lengths:
            value = polynomial(lengths[object]).constant
            return quantity if value is None else Literal(int(value))
        case Arithmetic(op=op, operands=operands):
            return Arithmetic(op, tuple(settled(operand, lengths) for operand in operands))
        case _:
            return quantity


def _samples(timeline: Timeline, dataset: Bound | None) -> Length | None:
    """The length of a dataset, as `len()` of it is written elsewhere."""
    if dataset is None or len(dataset.values) != 1:
        return None
    if len(dataset.objects) == 1:
        made = timeline.object(dataset.objects[0])
        return Length(made.kind.value, made.name, made.id, f"len:{made.id}")
    given = dataset.values[0]
    return Length("unknown", given.name, key=f"len:{given.key}") if isinstance(given, Symbol) else None


def _value(arguments: Mapping[str, Bound], entry: Loader, name: str) -> Quantity | None:
    """What a parameter is: the one value given, or its default."""
    if name in arguments:
        return arguments[name].values[0] if len(arguments[name].values) == 1 else None
    default = next((parameter.default for parameter in entry.parameters if parameter.name == name), None)
    return None if default is None else Literal(default)
