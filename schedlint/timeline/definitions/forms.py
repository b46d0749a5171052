"""The forms that a formula in a scheduler class may have, as the number of steps goes on: still, a line, a schedule."""

from __future__ import annotations

from schedlint import facts
from schedlint.program.symbols import Function
from schedlint.program.walk import nodes
from schedlint.timeline.definitions.formulas import COUNTER, DEEP, POSITION, Scope

BOUNDING = ("builtins.min", "builtins.max")
CONVERTING = ("builtins.float", "builtins.int")
COUNTING = ("bisect.bisect", "bisect.bisect_right", "bisect.bisect_left")
POWERS = ("pow", "builtins.pow")
STILL = (facts.Constant, facts.Binary, facts.Unary, facts.Argument)
SMOOTH = ("math.cos", "math.sin", "math.exp", "math.sqrt")


def is_free(scope: Scope, expr: facts.Expr, depth: int = 0) -> bool:
    """Whether nothing in it changes from step to step: constants, and attributes that only `__init__` stores."""
    return depth < DEEP and all(is_still(scope, node, depth) for node in nodes(expr))


def is_still(scope: Scope, node: object, depth: int) -> bool:
    """Whether a part of an expression, those inside it not counted, changes nothing from one step to the next."""
    if isinstance(node, facts.Call):
        return bool(scope.called(node))
    if isinstance(node, facts.Attribute):
        name = scope.attribute(node)
        return not name or is_settled(scope, name)
    if isinstance(node, facts.Name):
        return is_settled_name(scope, node.id, depth)
    return isinstance(node, STILL)


def is_settled(scope: Scope, name: str) -> bool:
    """Whether an attribute of the object has one value for good."""
    if name in (POSITION, COUNTER):
        return False
    stored = scope.family.stores.get(name.partition(".")[0], ())
    own = [each for each in scope.family.own(name) if isinstance(each, Function)]
    return (
        not own
        and bool(stored or scope.family.own(name))
        and all(each.method.node.name == "__init__" for each in stored)
    )


def is_settled_name(scope: Scope, name: str, depth: int) -> bool:
    """Whether a name is no local one, or is one for something that does not change."""
    if name == scope.me or (not scope.values(name) and name not in scope.looped):
        return not any(each.name == name for each in scope.method.node.parameters[1:])
    value = scope.only_value(name)
    return value is not None and is_free(scope, value, depth + 1)


def is_position(scope: Scope, expr: facts.Expr) -> bool:
    """Whether it is the number of steps."""
    return scope.attribute(expr) in (POSITION, COUNTER)


def is_linear(scope: Scope, expr: facts.Expr, depth: int = 0) -> bool:
    """Whether it is a line over the number of steps: `a + b * t`, with whole divisions and bounds too."""
    if depth > DEEP:
        return False
    if isinstance(expr, facts.Name):
        value = scope.only_value(expr.id)
        return value is not None and is_linear(scope, value, depth + 1)
    if isinstance(expr, facts.Unary):
        return expr.op in "+-" and is_linear(scope, expr.operand, depth + 1)
    if isinstance(expr, facts.Call):
        return is_clipped_line(scope, expr, depth)
    if not isinstance(expr, facts.Binary):
        return is_position(scope, expr)
    left, right = (is_linear(scope, each, depth + 1) for each in (expr.left, expr.right))
    if expr.op in ("+", "-", "*"):
        return (left and is_free(scope, expr.right)) or (right and is_free(scope, expr.left))
    return expr.op in ("/", "//") and left and is_free(scope, expr.right)


def is_clipped_line(scope: Scope, call: facts.Call, depth: int) -> bool:
    """A line that is converted or bounded; the number of milestones behind, which goes on growing like one."""
    name, plain = scope.called(call), [each.value for each in call.arguments if not each.star]
    moving = [each for each in plain if not is_free(scope, each)]
    if len(moving) != 1 or (name in CONVERTING and len(plain) > 1):
        return False
    return name in (*BOUNDING, *CONVERTING, *COUNTING) and is_linear(scope, moving[0], depth + 1)


def is_schedule(scope: Scope, expr: facts.Expr, depth: int = 0) -> bool:
    """Whether it is a schedule over the number of steps: a line, a power with or of one, a wave, and bounds on these.

    A constant plus something divided by a line is none of them: that is what ratios of lines look like.
    """
    if depth > DEEP:
        return False
    if is_linear(scope, expr):
        return True
    found = scope.formula(expr) if isinstance(expr, (facts.Call, facts.Attribute)) else None
    if found is not None:
        return is_schedule(found[0], found[1], depth + 1)
    if isinstance(expr, facts.Name):
        value = scope.only_value(expr.id)
        return value is not None and is_schedule(scope, value, depth + 1)
    if isinstance(expr, facts.Call):
        plain = [each.value for each in expr.arguments if not each.star]
        return is_schedule_call(scope, scope.called(expr), plain, depth)
    if not isinstance(expr, facts.Binary):
        return False
    return is_schedule_of_two(scope, expr, depth)


def is_schedule_call(scope: Scope, name: str, plain: list[facts.Expr], depth: int) -> bool:
    """A wave of a line, a power, or a bound on schedules."""
    if name in SMOOTH and len(plain) == 1:
        return is_linear(scope, plain[0])
    if name in POWERS and len(plain) == 2:
        return is_schedule_of_two(scope, facts.Binary("**", plain[0], plain[1]), depth)
    moving = [each for each in plain if not is_free(scope, each)]
    return name in BOUNDING and bool(moving) and all(is_schedule(scope, each, depth + 1) for each in moving)


def is_schedule_of_two(scope: Scope, expr: facts.Binary, depth: int) -> bool:
    """A power with a line above or below; a wave that is moved or scaled; one divided by a line."""
    left_free, right_free = is_free(scope, expr.left), is_free(scope, expr.right)
    if expr.op == "**":
        base, exponent = expr.left, expr.right
        return (left_free and is_linear(scope, exponent)) or (right_free and is_schedule(scope, base, depth + 1))
    if expr.op in ("*", "/") and right_free:
        return is_schedule(scope, expr.left, depth + 1)
    if expr.op == "*" and left_free:
        return is_schedule(scope, expr.right, depth + 1)
    if expr.op == "/" and left_free:
        return is_linear(scope, expr.right)
    moved = expr.right if left_free else expr.left if right_free else None
    return expr.op in ("+", "-") and moved is not None and is_wave(scope, moved, depth + 1)


def is_wave(scope: Scope, expr: facts.Expr, depth: int) -> bool:
    """A cosine, sine or exponential of a line, scaled or not."""
    if depth > DEEP:
        return False
    if isinstance(expr, facts.Call):
        return scope.called(expr) in SMOOTH and is_schedule(scope, expr, depth)
    if isinstance(expr, facts.Binary) and expr.op in ("*", "/"):
        moving = [each for each in (expr.left, expr.right) if not is_free(scope, each)]
        return len(moving) == 1 and (expr.op == "*" or moving[0] is expr.left) and is_wave(scope, moving[0], depth + 1)
    return isinstance(expr, facts.Binary) and expr.op in ("+", "-") and is_schedule_of_two(scope, expr, depth)
