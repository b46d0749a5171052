"""A `get_lr()` that multiplies the rate in use by a factor made of the number of steps: all factors so far apply.

What is meant by such a formula is told by its form alone. A factor that is the ratio of two values of a schedule, or
that holds in chosen steps only, is right; so only forms are named here that are no ratio of anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from schedlint import facts
from schedlint.diagnostics import Confidence
from schedlint.program.symbols import Function
from schedlint.program.walk import Block, nodes, scope_statements
from schedlint.timeline.definitions.family import Family, names, placed, targets
from schedlint.timeline.definitions.forms import BOUNDING, is_free, is_linear, is_schedule
from schedlint.timeline.definitions.formulas import DEEP, Scope
from schedlint.timeline.definitions.model import Compounding

STEPS = (10, 100)
"""So many steps are looked at: more only where fewer make no difference."""

RATE = "lr"
FIRST = frozenset(("base_lrs", "initial_lr", "_initial_lr", "base_lr"))
ORDERS = frozenset(("<", "<=", ">", ">="))
LEAVING = (facts.Return, facts.Break, facts.Continue)


@dataclass(frozen=True, slots=True)
class Product:
    """What an element of the result is: the rate in use times `over`, divided by `under`.

    `is_shifted` says that something is added to it, or taken from the rate first: a floor.
    """

    rate: facts.Subscript
    over: tuple[facts.Expr, ...]
    under: tuple[facts.Expr, ...]
    is_shifted: bool


def compounding(family: Family, method: Function) -> Compounding | None:
    """The first formula in a `get_lr()` that compounds; None where rates are set by hand too."""
    if method.node.decorators or any(sets_rates(each) for each in family.methods):
        return None
    scope = Scope(family, method)
    for element, bounded in elements(scope, method.node.body):
        found = of_element(scope, element, bounded)
        if found is not None:
            return found
    return None


def sets_rates(method: Function) -> bool:
    """Whether a method stores a learning rate into a parameter group, or may."""
    for statement in (each for each in nodes(method.node) if isinstance(each, (facts.Assign, facts.AugAssign))):
        if any(
            isinstance(target, facts.Subscript) and target.index == facts.Constant(RATE)
            for target, _ in targets(statement)
        ):
            return True
    return False


def elements(scope: Scope, body: Block, bounded: bool = False) -> Iterator[tuple[facts.Expr, bool]]:
    """The items of the results that are given in all rounds, or in all of one side of a bound, and which of the two."""
    for statement in body:
        if isinstance(statement, facts.Return):
            yield from ((each, bounded) for each in items(scope, statement.value))
            return
        if isinstance(statement, facts.If):
            yield from in_branches(scope, statement)
            if leaves(statement):
                bounded = True
                if not is_passed(scope, statement):
                    return
        elif isinstance(statement, facts.For) and not leaves(statement):
            yield from ((each, bounded) for each in appended(statement))
        elif leaves(statement):
            return


def in_branches(scope: Scope, node: facts.If) -> Iterator[tuple[facts.Expr, bool]]:
    """What the branches give, as far as all before them are bounds on the number of steps."""
    while True:
        if is_bound(scope, node.test):
            yield from elements(scope, node.body, bounded=True)
        if not (is_bound(scope, node.test) or is_moment(scope, node.test)):
            return
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], facts.If):
            yield from elements(scope, node.orelse, bounded=True)
            return
        node = node.orelse[0]


def leaves(statement: facts.Statement) -> bool:
    """Whether a way through it leaves the method, or the round of a loop."""
    return any(isinstance(each, LEAVING) for each in scope_statements((statement,)))


def is_passed(scope: Scope, node: facts.If) -> bool:
    """Whether what follows it is done in all rounds of one side of a bound, or in all but one round."""
    while is_bound(scope, node.test) or is_moment(scope, node.test):
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], facts.If):
            return True
        node = node.orelse[0]
    return False


def is_bound(scope: Scope, test: facts.Expr) -> bool:
    """Whether it compares the number of steps, as greater or less, with something else."""
    return compares(scope, test, ORDERS)


def is_moment(scope: Scope, test: facts.Expr) -> bool:
    """Whether it asks for one number of steps."""
    return compares(scope, test, frozenset(("==",)))


def compares(scope: Scope, test: facts.Expr, operators: frozenset[str]) -> bool:
    """Whether it compares the number of steps with something that does not change, by one of these operators."""
    if not isinstance(test, facts.Compare) or not operators.issuperset(test.operators) or len(test.comparators) != 1:
        return False
    sides = (test.left, test.comparators[0])
    return any(is_linear(scope, each) for each in sides) and any(is_free(scope, each) for each in sides)


def items(scope: Scope, value: facts.Expr | None) -> Iterator[facts.Expr]:
    """The items of a list that is given, by its name too."""
    if isinstance(value, facts.Name):
        value = scope.only_value(value.id)
    if isinstance(value, facts.Comprehension) and value.kind in ("list", "generator"):
        if len(value.generators) == 1 and not value.generators[0].conditions:
            yield value.element
    elif isinstance(value, facts.Sequence):
        yield from value.items


def appended(loop: facts.For) -> Iterator[facts.Expr]:
    """What a loop appends to a list in each round."""
    for statement in loop.body:
        value = statement.value if isinstance(statement, facts.Do) else None
        if isinstance(value, facts.Call) and isinstance(value.func, facts.Attribute) and value.func.attr == "append":
            yield from (argument.value for argument in value.arguments)


def of_element(scope: Scope, element: facts.Expr, bounded: bool) -> Compounding | None:
    """The verdict on one item: exactly one factor beside the rate in use moves, and it is no ratio."""
    product = multiplied(scope, element)
    if product is None:
        return None
    over = [each for each in product.over if not is_free(scope, each)]
    under = [each for each in product.under if not is_free(scope, each)]
    moving = (*over, *under)
    if not moving or (under and over) or len(under) > 1 or not all(is_schedule(scope, each) for each in moving):
        return None
    if len(over) > 1 and any(
        isinstance(node, facts.Binary) and node.op == "/" for each in over for node in nodes(each)
    ):
        return None
    comes_to = [] if bounded or product.is_shifted else [applied_and_meant(scope, product, steps) for steps in STEPS]
    known = [(steps, *found) for steps, found in zip(STEPS, comes_to, strict=bool(comes_to)) if found is not None]
    telling = [each for each in known if not math.isclose(each[1], each[2], rel_tol=0.01)]
    if known and not telling:
        return None
    steps, applied, meant = telling[0] if telling else (0, None, None)
    place = placed(scope.method.module, product.rate.at)
    return Compounding(
        place, text(moving[0]) if len(moving) == 1 and over else "", steps, applied, meant, Confidence.LIKELY
    )


def applied_and_meant(scope: Scope, product: Product, steps: int) -> tuple[float, float] | None:
    """The product of the factors at all steps from 0 on, and the last of them; None where one is not known."""
    applied, factor = 1.0, 1.0
    for position in range(steps + 1):
        over = [scope.number(each, position) for each in product.over]
        under = [scope.number(each, position) for each in product.under]
        if None in over or None in under or 0 in under:
            return None
        factor = math.prod(each for each in over if each is not None)
        factor /= math.prod(each for each in under if each is not None)
        applied *= factor
    return (applied, factor) if math.isfinite(applied) else None


def multiplied(scope: Scope, expr: facts.Expr) -> Product | None:
    """An item as the rate in use times something, bounds around it and names of its parts looked through."""
    over: list[facts.Expr] = []
    under: list[facts.Expr] = []
    rate: facts.Subscript | None = None
    shifted = False
    pending = [(expr, False)]
    for _ in range(4 * DEEP):
        if not pending:
            break
        part, below = pending.pop()
        inner, moved = inside(scope, part)
        shifted = shifted or moved
        if isinstance(inner, facts.Binary) and inner.op in "*/":
            pending += [(inner.left, below), (inner.right, below != (inner.op == "/"))]
        elif isinstance(inner, facts.Subscript) and scope.is_rate(inner, RATE):
            if rate is not None or below:
                return None
            rate = inner
        else:
            (under if below else over).append(inner)
    others = [name for each in (*over, *under) for name in mentioned(scope, each)]
    if rate is None or pending or FIRST.intersection(others) or RATE in others:
        return None
    return Product(rate, tuple(over), tuple(under), shifted)


def inside(scope: Scope, expr: facts.Expr) -> tuple[facts.Expr, bool]:
    """An expression without the bounds around the rate in use, what is added to it and names for it; and whether
    anything was added.
    """
    shifted = False
    for _ in range(DEEP):
        value = None
        if isinstance(expr, facts.Name):
            value = scope.only_value(expr.id)
        elif isinstance(expr, facts.Call) and scope.called(expr) in BOUNDING:
            value = only_with_rate(scope, [each.value for each in expr.arguments])
        elif isinstance(expr, facts.Binary) and expr.op in ("+", "-") and has_rate(scope, expr):
            value = only_with_rate(scope, [expr.left, expr.right])
            shifted = shifted or value is not None
        if value is None:
            break
        expr = value
    return expr, shifted


def only_with_rate(scope: Scope, parts: list[facts.Expr]) -> facts.Expr | None:
    """The one of several that reads the rate in use, where nothing else moves."""
    moving = [each for each in parts if has_rate(scope, each)]
    still = [each for each in parts if not has_rate(scope, each)]
    return moving[0] if len(moving) == 1 and all(is_free(scope, each) for each in still) else None


def has_rate(scope: Scope, expr: facts.Expr) -> bool:
    """Whether it reads the rate in use."""
    return any(isinstance(each, facts.Subscript) and scope.is_rate(each, RATE) for each in nodes(expr))


def mentioned(scope: Scope, expr: facts.Expr) -> set[str]:
    """Every name and text in an expression, and in what its local names stand for."""
    found: set[str] = set()
    pending = [expr]
    for _ in range(8 * DEEP):
        if not pending:
            break
        current = pending.pop()
        fresh = names(current) - found
        found |= fresh
        found |= {
            each.value for each in nodes(current) if isinstance(each, facts.Constant) and isinstance(each.value, str)
        }
        pending += [value for name in sorted(fresh) for value in scope.values(name) if value is not None]
    return found


# --- words ------------------------------------------------------------------------------------------------------------


def text(expr: facts.Expr) -> str:
    """A formula as it is written, as far as it is made of names, numbers and operators; "" else."""
    if isinstance(expr, facts.Constant) and isinstance(expr.value, (int, float)):
        return str(expr.value)
    if isinstance(expr, facts.Name):
        return expr.id
    if isinstance(expr, facts.Attribute):
        inner = text(expr.value)
        return f"{inner}.{expr.attr}" if inner else ""
    if isinstance(expr, facts.Binary):
        left, right = operand(expr.left), operand(expr.right)
        return f"{left} {expr.op} {right}" if left and right else ""
    return ""


def operand(expr: facts.Expr) -> str:
    """A part of a formula, in parentheses where it is made of others itself."""
    inner = text(expr)
    return f"({inner})" if inner and isinstance(expr, facts.Binary) else inner
