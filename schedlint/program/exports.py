"""The literal `__all__` of a module: what a star import of it binds."""

from __future__ import annotations

from schedlint import facts
from schedlint.program.walk import Block, scope_statements

_GROWS = frozenset({"append", "extend"})


def literal_exports(body: Block) -> frozenset[str] | None:
    """The names of `__all__` when every statement about it is literal, else None: the underscore rule holds."""
    names: frozenset[str] | None = None
    for statement in scope_statements(body):
        added = _about_all(statement)
        if added is None:
            continue
        literal = _strings(added)
        if literal is None:
            return None
        names = literal if names is None else names | literal
    return names


def _about_all(statement: facts.Statement) -> facts.Expr | None:
    """The expression that a statement stores to or adds to `__all__`."""
    if isinstance(statement, facts.Assign) and any(_is_all(target) for target in statement.targets):
        return statement.value
    if isinstance(statement, (facts.AnnAssign, facts.AugAssign)) and _is_all(statement.target):
        return statement.value
    if isinstance(statement, facts.Do) and isinstance(statement.value, facts.Call):
        func, arguments = statement.value.func, statement.value.arguments
        if isinstance(func, facts.Attribute) and func.attr in _GROWS and _is_all(func.value) and len(arguments) == 1:
            return arguments[0].value
    return None


def _is_all(expr: facts.Expr) -> bool:
    return isinstance(expr, facts.Name) and expr.id == "__all__"


def _strings(expr: facts.Expr) -> frozenset[str] | None:
    """The strings of a literal list or of a sum of such lists; one string alone stands for itself (`append`)."""
    found: set[str] = set()
    stack = [expr]
    while stack:
        item = stack.pop()
        if isinstance(item, facts.Constant) and isinstance(item.value, str):
            found.add(item.value)
        elif isinstance(item, facts.Sequence):
            stack.extend(item.items)
        elif isinstance(item, facts.Binary) and item.op == "+":
            stack.extend((item.left, item.right))
        else:
            return None
    return frozenset(found)
