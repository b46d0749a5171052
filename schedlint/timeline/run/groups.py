"""What an optimizer is given to optimize: parameters, or groups of them with learning rates of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.program.walk import nodes
from schedlint.timeline.model import Written
from schedlint.timeline.quantity import Quantity, Symbol
from schedlint.timeline.run.looping import item_of
from schedlint.timeline.run.values import Stream, Thing, Value, just, only

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

PARAMETERS = ("params", "argument 1")
"""The parameter of an optimizer that holds what it optimizes."""

_RATE = "lr"
"""The key of a group under which its own learning rate stands."""

_OF_MODULES = (".parameters()", ".named_parameters()")
"""Calls that give the parameters of a module, and no groups, if the project has no such method that gives some;
`get_parameters()` may well do so.
"""

_GROUP = "params"
"""The key of a group under which its parameters stand."""


def own_rates(walk: Walk, bound: Sequence[tuple[str, Value, Written]]) -> tuple[Quantity, ...] | None:
    """The learning rates that the parameter groups of an optimizer bring with them; None where that is not known."""
    thing = only(next((value for name, value, _ in bound if name in PARAMETERS), ()))
    if thing is None or _project_gives_groups(walk):
        return None
    if _are_parameters(thing):
        return ()
    pack = walk.containers.as_pack(just(thing))
    if pack is None:
        return None
    found = [_rate_of(walk, item) for item in (*pack.items, *((pack.rest,) if pack.rest else ()))]
    known = [rates for rates in found if rates is not None]
    return tuple(rate for rates in known for rate in rates) if len(known) == len(found) else None


def _project_gives_groups(walk: Walk) -> bool:
    """Whether a method of the project that is called like that of a module may give groups."""
    named = (walk.machine.program.methods_named(call[1:-2]) for call in _OF_MODULES)
    return any(_makes_groups(function.node) for functions in named for function in functions)


def _makes_groups(function: facts.FunctionDef) -> bool:
    return any(
        (isinstance(node, facts.Constant) and node.value == _GROUP)
        or (isinstance(node, facts.Argument) and node.keyword == _GROUP)
        for statement in function.body
        for node in nodes(statement)
    )


def _rate_of(walk: Walk, item: Value) -> tuple[Quantity, ...] | None:
    """The learning rate in one group, if it has one; a parameter has none."""
    table, thing = walk.containers.table(item), only(item)
    if table is None:
        return () if thing is not None and (_are_parameters(thing) or _is_parameter(thing)) else None
    rate = dict(table.entries).get(_RATE)
    if table.rest is not None:
        return None
    return () if rate is None else (walk.evaluator.scalar_of(rate),)


def _are_parameters(thing: Thing) -> bool:
    """Whether a thing is the parameters of a module, or some of them."""
    if isinstance(thing, Stream):
        inner = [only(source) for source in thing.sources]
        return bool(inner) and all(each is not None and _are_parameters(each) for each in inner)
    return isinstance(thing, Symbol) and thing.key.endswith(_OF_MODULES)


def _is_parameter(thing: Thing) -> bool:
    """Whether a thing is one parameter: drawn from those of a module, or made."""
    return isinstance(thing, Symbol) and (
        item_of(thing).endswith(_OF_MODULES) or thing.key.endswith((".Parameter()", ":Parameter()"))
    )
