"""Arguments for parameters that a class of a library has no more: refused there, or taken for another parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from schedlint.knowledge.schema import Parameter, Scheduler
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Bound, Object, Written
from schedlint.timeline.reading import Reading
from schedlint.timeline.signatures import BEYOND

ASKING = re.compile("version|torch_|_torch|signature", re.IGNORECASE)
"""How names speak of what there is: a version, a flag named for one (`TORCH_GE_2_2`), the signature of a function."""

LOOKING = re.compile(rf"{ASKING.pattern}|TypeError|[<>]=? [\[(]\d", re.IGNORECASE)
"""How tests speak of what there is: as names do that ask for it, or a version that is compared (with `(2, 2)`)."""


class Gone(Struct, frozen=True):
    """An argument that a scheduler, or the library's class that it derives from, is given for `parameter`.

    `table` is what is known of that class. `taken` is the parameter that has its position since the version `since`;
    None where it is refused since `parameter.until`. `value` is what it is given, where that matters. `position` counts
    from 0.
    """

    bound: Bound
    table: Scheduler
    parameter: Parameter
    position: int
    taken: Parameter | None = None
    value: Known | None = None
    since: str = ""


def gone(reading: Reading, made: Object) -> Iterator[Gone]:
    """The arguments of a scheduler for parameters that are no more, but where the program looks which there are."""
    texts = (*(guard.text for guard in made.guards), *(test.text for test in made.condition))
    if made.handed_in or made.attempted or any(map(looks, texts)):
        return
    given = ((reading.table(made.id), made.arguments), (reading.bases.get(made.id), made.handed_up))
    for table, arguments in given:
        if table is not None and not table.function:
            counted = not any(bound.parameter == "*" for bound in arguments)
            for bound in (each for each in arguments if each.written is not Written.AT_TIMES):
                yield from _refused(table, bound, counted)
                yield from _taken(table, bound, counted)


def looks(text: str) -> bool:
    """Whether a test asks for a version."""
    return LOOKING.search(text) is not None


def _refused(table: Scheduler, bound: Bound, counted: bool) -> Iterator[Gone]:
    """An argument by a name that is no more, or behind all that are left."""
    names = [parameter.name for parameter in table.parameters]
    if counted and bound.parameter.startswith(BEYOND):
        position = int(bound.parameter.removeprefix(BEYOND)) - 1
    elif bound.parameter in names:
        position = names.index(bound.parameter)
    else:
        return
    if position < len(names) and table.parameters[position].until:
        yield Gone(bound, table, table.parameters[position], position, value=_overridable(bound))


def _overridable(bound: Bound) -> Known | None:
    """The value of an argument that is in a mapping by default alone."""
    return known(bound.values[0]) if bound.written is Written.UNPACKED and len(bound.values) == 1 else None


def _taken(table: Scheduler, bound: Bound, counted: bool) -> Iterator[Gone]:
    """A switch in the position of a parameter that is none, and that was another one's."""
    today = [parameter for parameter in table.parameters if not parameter.until]
    position = _index(today, bound.parameter)
    if bound.written is not Written.POSITION or not counted or position is None:
        return
    values = list(map(known, bound.values))
    if not values or not all(each is not None and isinstance(each.value, bool) for each in values):
        return
    for since, former in table.former.items():
        before = former[position] if position < len(former) else None
        moved = before is not None and before.name != bound.parameter and isinstance(before.default, bool)
        if before is not None and moved and not isinstance(today[position].default, bool):
            yield Gone(bound, table, before, position, today[position], values[0], since)


def _index(parameters: Sequence[Parameter], name: str) -> int | None:
    return next((index for index, parameter in enumerate(parameters) if parameter.name == name), None)
