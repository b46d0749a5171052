"""What a loop body stores by name, found without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from schedlint import facts
from schedlint.program.walk import nodes, scope_statements


def stored_names(loop: facts.For | facts.While) -> frozenset[str]:
    """The names that the loop's body assigns in the scope around it (its own target not counted)."""
    return _stored(_Same(loop.body))


class _Same:
    """A block of statements as a key of a cache: by identity, since comparing facts would walk them."""

    def __init__(self, block: tuple[facts.Statement, ...]) -> None:
        self.block = block

    def __hash__(self) -> int:
        return id(self.block)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.block is self.block


@lru_cache(maxsize=4096)
def _stored(body: _Same) -> frozenset[str]:
    names: set[str] = set()
    stack: list[object] = [body.block]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(node)
        elif isinstance(node, facts.Assign):
            for target in node.targets:
                names.update(target_names(target))
        elif isinstance(node, (facts.AnnAssign, facts.AugAssign)):
            names.update(target_names(node.target))
        elif isinstance(
            node, (facts.For, facts.While, facts.If, facts.Try, facts.With, facts.Match, facts.Case, facts.Handler)
        ):
            stack.extend(getattr(node, field) for field in node.__struct_fields__ if _is_block(getattr(node, field)))
    return frozenset(names)


def counted_names(body: Sequence[facts.Statement]) -> frozenset[str]:
    """The names that a loop body changes by adding a constant, and in no other way."""
    added: set[str] = set()
    otherwise: set[str] = set()
    for statement in scope_statements(tuple(body)):
        if (
            isinstance(statement, facts.AugAssign)
            and statement.op == "+"
            and isinstance(statement.value, facts.Constant)
        ):
            added |= target_names(statement.target)
        elif isinstance(statement, facts.Assign):
            counts = _adds_constant(statement)
            for target in statement.targets:
                (added if counts else otherwise).update(target_names(target))
        elif isinstance(statement, (facts.AugAssign, facts.AnnAssign)):
            otherwise |= target_names(statement.target)
    return frozenset(added - otherwise)


def _adds_constant(statement: facts.Assign) -> bool:
    """`name = name + 1`."""
    value, target = statement.value, statement.targets[0]
    return (
        isinstance(value, facts.Binary)
        and value.op == "+"
        and isinstance(value.left, facts.Name)
        and isinstance(value.right, facts.Constant)
        and isinstance(target, facts.Name)
        and value.left.id == target.id
    )


def _is_block(field: object) -> bool:
    return isinstance(field, tuple) and bool(field) and isinstance(field[0], Struct)


def target_names(target: facts.Expr) -> frozenset[str]:
    """The names that an assignment target binds."""
    if isinstance(target, facts.Name):
        return frozenset((target.id,))
    if isinstance(target, facts.Sequence):
        return frozenset().union(*map(target_names, target.items)) if target.items else frozenset()
    if isinstance(target, facts.Starred):
        return target_names(target.value)
    return frozenset()


def calls_something(expr: facts.Expr) -> bool:
    """Whether anything is called in an expression."""
    return any(isinstance(node, facts.Call) for node in nodes(expr))


def holds_functions(function: facts.FunctionDef) -> bool:
    """Whether functions or classes are defined in a function, which may read its variables when it has returned."""
    return _defines(_Same(function.body))


@lru_cache(maxsize=4096)
def _defines(body: _Same) -> bool:
    inner = (facts.FunctionDef, facts.ClassDef, facts.Lambda)
    return any(isinstance(node, inner) for statement in body.block for node in nodes(statement))


def stored_attributes(method: facts.FunctionDef) -> tuple[str, ...]:
    """The attributes of its own object that a method assigns, in any way."""
    own = method.parameters[0].name if method.parameters else ""
    return tuple(dict.fromkeys(name for holder, name in _attributes(_Same(method.body)) if holder == own))


def stored_elsewhere(function: facts.FunctionDef) -> tuple[str, ...]:
    """The attributes that a function assigns to anything but `self`: `for s in self.parts: s.length *= n`."""
    own = function.parameters[0].name if function.parameters and function.parameters[0].name == "self" else None
    return tuple(dict.fromkeys(name for holder, name in _attributes(_Same(function.body)) if holder != own))


@lru_cache(maxsize=4096)
def _attributes(body: _Same) -> tuple[tuple[str | None, str], ...]:
    """The attributes that are assigned, each with the name of what holds it (None: no name)."""
    return tuple(
        (each.value.id if isinstance(each.value, facts.Name) else None, each.attr)
        for statement in scope_statements(body.block)
        for each in _targets(statement)
        if isinstance(each, facts.Attribute)
    )


def _targets(statement: facts.Statement) -> tuple[facts.Expr, ...]:
    """What a statement assigns to; tuples taken apart."""
    match statement:
        case facts.Assign(targets=targets):
            return tuple(inner for each in targets for inner in _apart(each))
        case facts.AugAssign(target=target) | facts.AnnAssign(target=target) | facts.For(target=target):
            return _apart(target)
        case _:
            return ()


def _apart(target: facts.Expr) -> tuple[facts.Expr, ...]:
    if isinstance(target, facts.Sequence):
        return tuple(inner for item in target.items for inner in _apart(item))
    return (target.value,) if isinstance(target, facts.Starred) else (target,)


def changes_items(function: facts.FunctionDef) -> bool:
    """Whether a function may change a mapping that it is given."""
    return _changes_items(_Same(function.body))


CHANGING = frozenset("update setdefault pop clear merge_from_file merge_from_list merge_from_other_cfg".split())


@lru_cache(maxsize=4096)
def _changes_items(body: _Same) -> bool:
    statements = tuple(scope_statements(body.block))
    if any(isinstance(each, (facts.Subscript, facts.Attribute)) for s in statements for each in _targets(s)):
        return True
    calls = (node.func for s in body.block for node in nodes(s) if isinstance(node, facts.Call))
    names = {func.attr if isinstance(func, facts.Attribute) else getattr(func, "id", "") for func in calls}
    return "setattr" in names or not CHANGING.isdisjoint(names)


def sets_named_attribute(loop: facts.For) -> bool:
    """Whether a loop over names stores to attributes of these names: `for key, value in d.items(): setattr(...)`."""
    calls = (node for statement in loop.body for node in nodes(statement) if isinstance(node, facts.Call))
    names = target_names(loop.target)
    return any(
        isinstance(call.func, facts.Name)
        and call.func.id == "setattr"
        and len(call.arguments) == 3
        and isinstance(call.arguments[1].value, facts.Name)
        and call.arguments[1].value.id in names
        for call in calls
    )


def getter(function: facts.FunctionDef) -> bool:
    """Whether a function does nothing but return something of its module: `def get_cfg(): return _C.clone()`."""
    statements = [s for s in function.body if not (isinstance(s, facts.Do) and isinstance(s.value, facts.Constant))]
    if len(statements) != 1 or not isinstance(statements[0], facts.Return) or function.parameters:
        return False
    value = statements[0].value
    if isinstance(value, facts.Call) and isinstance(value.func, facts.Attribute) and not value.arguments:
        value = value.func.value
    return isinstance(value, facts.Name)


def returns_value(function: facts.FunctionDef) -> bool:
    """Whether a function returns anything."""
    return _returns(_Same(function.body))


@lru_cache(maxsize=4096)
def _returns(body: _Same) -> bool:
    return any(isinstance(each, facts.Return) and each.value is not None for each in scope_statements(body.block))


def global_names(function: facts.FunctionDef) -> tuple[str, ...]:
    """The module's names that a function declares to assign with `global`."""
    return _globals(_Same(function.body))


@lru_cache(maxsize=4096)
def _globals(body: _Same) -> tuple[str, ...]:
    declared = [each for each in scope_statements(body.block) if isinstance(each, facts.Scope)]
    return tuple(name for each in declared if each.kind == "global" for name in each.names)


def returns_in_turn(body: tuple[facts.Statement, ...]) -> bool:
    """Whether a function is nothing but tests one after the other, each with a `return` behind it, and a last
    `return`, or one `a if test else b`: which test holds first decides what it returns.
    """
    choices = [each for statement in body for each in nodes(statement) if isinstance(each, facts.Conditional)]
    if any(isinstance(statement, facts.If) for statement in body):
        return not choices and _in_turn(body)
    others = choices[:1]
    while others and isinstance(others[-1].orelse, facts.Conditional):
        others.append(others[-1].orelse)
    return len(others) == len(choices) and _in_turn(body)


def _in_turn(body: tuple[facts.Statement, ...]) -> bool:
    for statement in body:
        if isinstance(statement, facts.If):
            then = all(not isinstance(each, facts.If) for each in statement.body) and _in_turn(statement.body)
            if not then or (statement.orelse and not _in_turn(statement.orelse)):
                return False
        elif not isinstance(statement, (facts.Assign, facts.AnnAssign, facts.Do, facts.Return)):
            return False
    return bool(body) and isinstance(body[-1], (facts.Return, facts.If))


def bindings(body: tuple[facts.Statement, ...], name: str) -> int:
    """At how many places a scope binds a variable, those in functions inside it included; what changes it counts
    twice.
    """
    return _bindings(_Same(body)).get(name, 0)


@lru_cache(maxsize=4096)
def _bindings(body: _Same) -> dict[str, int]:
    found: dict[str, int] = {}
    for statement in scope_statements(body.block):
        times = 2 if isinstance(statement, (facts.AugAssign, facts.For)) else 1
        for name in frozenset().union(*map(target_names, _targets(statement))):
            found[name] = found.get(name, 0) + times
    for statement in body.block:
        for node in nodes(statement):
            if isinstance(node, facts.Scope):
                found.update({name: found.get(name, 0) + 2 for name in node.names})
    return found


def passes_each(generator: facts.FunctionDef) -> bool:
    """Whether a generator yields once in each round of one loop, from the first to the last, and nowhere else.

    `for x in loader: yield x` does, with whatever else is done around the `yield`.
    """
    return _passes(_Same(generator.body))


@lru_cache(maxsize=4096)
def _passes(body: _Same) -> bool:
    given = [node for statement in body.block for node in nodes(statement) if isinstance(node, facts.Yield)]
    if len(given) != 1 or given[0].delegates:
        return False
    if any(isinstance(each, (facts.Return, facts.Break, facts.Continue)) for each in scope_statements(body.block)):
        return False
    loops = [each for each in _always(body.block) if isinstance(each, facts.For)]
    return any(_yields(each) for loop in loops for each in _always(loop.body))


def _always(block: tuple[facts.Statement, ...]) -> Iterator[facts.Statement]:
    """The statements of a block, and of the `with` blocks in it, which are all reached once."""
    for statement in block:
        yield statement
        if isinstance(statement, facts.With):
            yield from _always(statement.body)


def _yields(statement: facts.Statement) -> bool:
    return isinstance(statement, (facts.Do, facts.Assign)) and isinstance(statement.value, facts.Yield)
