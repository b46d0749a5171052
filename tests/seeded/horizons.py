"""Edits that take the length of the loader into a horizon, or out of it."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import Object, ObjectKind
from schedlint.timeline.quantity import Arithmetic, Length, Quantity
from schedlint.timeline.reading import Cadence, Unit
from tests.seeded.candidates import IN_BATCHES, Candidate
from tests.seeded.changes import Change, replacement
from tests.seeded.moves import PER_BATCH, innermost_batch_loop, require_plain_step, unit_is
from tests.seeded.names import bound_by, own, parameters
from tests.seeded.source import Scope, Source, Sources, body_of
from tests.seeded.unfit import Unfit, require

A_LENGTH = m.Call(func=m.Name("len"))
A_PRODUCT = m.BinaryOperation(operator=m.Multiply(), left=A_LENGTH) | m.BinaryOperation(
    operator=m.Multiply(), right=A_LENGTH
)
LISTS = (cst.List, cst.Tuple)
PARTS = ("//", "/", "int", "round", "ceil", "floor")
"""Operations whose result counts what their first operand does."""


def times_loader(candidate: Candidate, sources: Sources) -> list[Change]:
    """A horizon in epochs, multiplied by the length of the loader that the batch loop runs over.

    It is a mistake because the scheduler steps per epoch. The loader must be bound where the scheduler is built.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(unit_is(candidate, Unit.EPOCHS), "its horizon is not known to be in epochs")
    require_plain_step(candidate)
    require(is_of_a_library(candidate), "its class may have several horizons")
    require(not candidate.scheduler.children, "it wraps others, with lengths of their own")
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    value = horizon_argument(candidate, call)
    loader = loader_known_at(candidate, source, call)
    return [replacement(source, source.place(value), multiplied(source, value, f"len({loader})", candidate))]


def multiplied(source: Source, value: cst.BaseExpression, factor: str, candidate: Candidate) -> str:
    """A number times a factor, or each of the numbers of a list."""
    code = source.code(value)
    if isinstance(value, LISTS) or (candidate.horizon and candidate.horizon.parameter == "milestones"):
        return f"[milestone * {factor} for milestone in {code}]"
    return f"{code} * {factor}" if is_tight(value) else f"({code}) * {factor}"


def is_tight(value: cst.BaseExpression) -> bool:
    """Whether a text can be an operand as it stands."""
    kinds = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Integer)
    return isinstance(value, kinds) or bool(value.lpar)


def over_loader(candidate: Candidate, sources: Sources) -> list[Change]:
    """A horizon in batches, without its factor `len(loader)`; or divided by that, where it is a product elsewhere.

    It is a mistake because the scheduler steps per batch, and what remains of the horizon counts epochs.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    require(unit_is(candidate, *IN_BATCHES), "its horizon is not known to be in batches")
    require_plain_step(candidate)
    require(is_of_a_library(candidate), "its class may have several horizons")
    require(not candidate.scheduler.children, "it wraps others, with lengths of their own")
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    value = schedule_function(call) or horizon_argument(candidate, call)
    products = m.findall(value, A_PRODUCT)
    if products:
        require(len(m.findall(value, A_LENGTH)) == 1, "its horizon holds several lengths")
        product = cst.ensure_type(products[0], cst.BinaryOperation)
        rest = product.right if m.matches(product.left, A_LENGTH) else product.left
        return [replacement(source, source.place(product), source.code(rest))]
    horizon = candidate.horizon
    product_of = horizon is not None and not isinstance(value, cst.Lambda) and is_epochs_by_batches(horizon.quantity)
    require(product_of, "its horizon is no product of a length")
    loader = loader_known_at(candidate, source, call)
    code = source.code(value) if is_tight(value) else f"({source.code(value)})"
    return [replacement(source, source.place(value), f"{code} // len({loader})")]


def is_epochs_by_batches(quantity: Quantity | None) -> bool:
    """Whether a quantity is the length of a loader times something, or a part of that."""
    if not isinstance(quantity, Arithmetic):
        return False
    if quantity.op in PARTS:
        return is_epochs_by_batches(quantity.operands[0])
    return quantity.op == "*" and any(isinstance(one, Length) and one.kind == "loader" for one in quantity.operands)


def is_of_a_library(candidate: Candidate) -> bool:
    """Whether the class is one that libraries have, of which it is known which argument is the horizon."""
    classes = candidate.scheduler.classes
    return len(classes) == 1


# --- where the horizon and the loader are -----------------------------------------------------------------------------


def horizon_argument(candidate: Candidate, call: cst.Call) -> cst.BaseExpression:
    """The text of the argument that carries the horizon, as it is written in the construction."""
    horizon = candidate.horizon
    require(horizon is not None and horizon.parameter, "no argument carries its horizon")
    assert horizon is not None
    require(not any(argument.star for argument in call.args), "its arguments are handed on with a star")
    for name, argument in zip(written(candidate.scheduler), call.args, strict=False):
        if (argument.keyword.value if argument.keyword is not None else name) == horizon.parameter:
            rest = [other for other in call.args if other is not argument]
            require(not any(is_horizon_too(other, argument) for other in rest), "its horizon is in several arguments")
            return argument.value
    raise Unfit("its horizon is not written in its construction")


def is_horizon_too(other: cst.Arg, argument: cst.Arg) -> bool:
    """Whether another argument is a length as well: it says the same, or holds a length."""
    return other.value.deep_equals(argument.value) or bool(m.findall(other.value, A_LENGTH))


def schedule_function(call: cst.Call) -> cst.Lambda | None:
    """The lambda that a construction is given as its schedule, if it is."""
    found = [argument.value for argument in call.args if isinstance(argument.value, cst.Lambda)]
    return found[0] if len(found) == 1 else None


def written(scheduler: Object) -> list[str]:
    """The parameters to which a construction gives a value, in the order of the signature."""
    return [bound.parameter for bound in scheduler.arguments if bound.explicit]


def loader_known_at(candidate: Candidate, source: Source, call: cst.Call) -> str:
    """The name of the training loader, where it is bound before the construction."""
    scope = source.scope(call)
    for loader in loaders_trained_on(candidate):
        if loader and is_bound_before(loader, source, scope, call):
            return loader
    raise Unfit("no loader is known where it is built")


def loaders_trained_on(candidate: Candidate) -> list[str]:
    """What the loader of the batch loop that trains is called: where it is made, and in that loop."""
    if candidate.cadence.cadence is Cadence.EPOCH:
        loop = innermost_batch_loop(candidate, candidate.training(candidate.loop))
    else:
        loop = candidate.loop
    made: Object | None = candidate.timeline.object(loop.object) if loop.object else None
    names = [loop.source]
    if made is not None and made.kind is ObjectKind.LOADER:
        names.insert(0, made.name)
    return [name for name in dict.fromkeys(names) if name.replace(".", "").isidentifier()]


def is_bound_before(name: str, source: Source, scope: Scope, call: cst.Call) -> bool:
    """Whether a name is surely bound when a call in this scope is reached."""
    row = source.rows(call)[0]
    body = body_of(scope) if isinstance(scope, cst.Module) else list(scope.body.body)
    earlier = [statement for statement in body if source.rows(statement)[1] < row]
    if name in parameters(scope) | bound_by(earlier):
        return True
    if isinstance(scope, cst.Module) or name.partition(".")[0] in own(scope) - {"self"}:
        return False
    if name.startswith("self."):
        return is_made_by_init(name, source, scope)
    return name in own(source.module)


def is_made_by_init(name: str, source: Source, scope: cst.FunctionDef) -> bool:
    """Whether `__init__` of the class of a method binds an attribute."""
    around = source.class_around(scope)
    if around is None or scope.name.value == "__init__":
        return False
    starts = m.findall(around, m.FunctionDef(name=m.Name("__init__")))
    return any(name in bound_by([cst.ensure_type(start, cst.FunctionDef).body]) for start in starts)
