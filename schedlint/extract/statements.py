"""Statements: plain recursion by node type, in source order, because that is how places are handed out.

A handler appends what a statement comes to, which may be nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import libcst as cst

from schedlint import facts
from schedlint.extract.expressions import arguments, expression, opaque, optional, parameters, present, store
from schedlint.extract.fault import TOO_DEEP, SyntaxFault
from schedlint.extract.imports import imported, imported_from, lazily_imported, lazily_imported_from
from schedlint.extract.operators import AUGMENTED
from schedlint.extract.patterns import pattern
from schedlint.extract.walk import Frame, Statements, Walk

LONGEST_ELIF = 100
"""Each `elif` nests one deeper in the facts."""


def statement(walk: Walk, node: cst.CSTNode, into: Statements) -> None:
    """Appends what one statement, or one line of small statements, comes to."""
    if type(node) is cst.SimpleStatementLine or type(node) is cst.SimpleStatementSuite:
        for small in node.body:
            _HANDLERS[type(small)](walk, small, into)
    else:
        _HANDLERS[type(node)](walk, node, into)


def block(walk: Walk, node: cst.BaseSuite) -> tuple[facts.Statement, ...]:
    """The statements of an indented block, or of the rest of a line behind a colon."""
    into: Statements = []
    if type(node) is cst.SimpleStatementSuite:
        statement(walk, node, into)
    else:
        for inner in node.body:
            statement(walk, inner, into)
    return tuple(into)


def _else(walk: Walk, node: cst.Else | cst.Finally | None) -> tuple[facts.Statement, ...]:
    return () if node is None else block(walk, node.body)


# --- small statements -------------------------------------------------------------------------------------------------
# One without any identifier stores and calls nothing that has a name: it is inert.


def _assign(walk: Walk, node: cst.Assign, into: Statements) -> None:
    mark = walk.mark()
    targets = tuple([store(walk, target.target) for target in node.targets])
    value = expression(walk, node.value)
    if at := walk.places.first(mark):
        into.append(facts.Assign(targets, value, at))


def _annotated(walk: Walk, node: cst.AnnAssign, into: Statements) -> None:
    mark = walk.mark()
    target = store(walk, node.target)
    annotation = expression(walk, node.annotation.annotation)
    value = optional(walk, node.value)
    if at := walk.places.first(mark):
        into.append(facts.AnnAssign(target, annotation, value, at))


def _augmented(walk: Walk, node: cst.AugAssign, into: Statements) -> None:
    mark = walk.mark()
    target = store(walk, node.target)
    value = expression(walk, node.value)
    if at := walk.places.first(mark):
        into.append(facts.AugAssign(target, AUGMENTED[type(node.operator)], value, at))


def _type_alias(walk: Walk, node: Any, into: Statements) -> None:
    """`type X = ...`, as the assignment that it nearly is."""
    walk.places.soft_keyword("type")
    at = walk.places.name(node.name)
    walk.frame.stores.add(node.name.value)
    _type_parameters(walk, node.type_parameters)
    into.append(facts.Assign((facts.Name(node.name.value, at),), expression(walk, node.value), at))


def _do(walk: Walk, node: cst.Expr, into: Statements) -> None:
    mark = walk.mark()
    value = expression(walk, node.value)
    at = walk.places.first(mark)
    if at is not None and not isinstance(value, facts.Constant):
        into.append(facts.Do(value, at))


def _return(walk: Walk, node: cst.Return, into: Statements) -> None:
    mark = walk.mark()
    into.append(facts.Return(optional(walk, node.value), walk.places.first(mark)))


def _raise(walk: Walk, node: cst.Raise, into: Statements) -> None:
    value = optional(walk, node.exc)
    cause = None if node.cause is None else expression(walk, node.cause.item)
    if value is None or isinstance(cause, (facts.Name, facts.Attribute, facts.Constant, type(None))):
        into.append(facts.Raise(value))
    else:
        into.append(facts.Raise(opaque([value, cause])))


def _assert(walk: Walk, node: cst.Assert, into: Statements) -> None:
    """The message is evaluated only when the program is at its end."""
    into.append(facts.Assert(expression(walk, node.test)))
    optional(walk, node.msg)


def _delete(walk: Walk, node: cst.Del, into: Statements) -> None:
    target = expression(walk, node.target)
    into.append(facts.Delete(target.items if isinstance(target, facts.Sequence) else (target,)))


def _scope(walk: Walk, node: cst.Global | cst.Nonlocal, into: Statements) -> None:
    for item in node.names:
        walk.places.name(item.name)
    names = tuple(item.name.value for item in node.names)
    walk.frame.elsewhere.update(names)
    into.append(facts.Scope("global" if isinstance(node, cst.Global) else "nonlocal", names))


def _break(walk: Walk, node: cst.Break, into: Statements) -> None:
    into.append(facts.Break())


def _continue(walk: Walk, node: cst.Continue, into: Statements) -> None:
    into.append(facts.Continue())


def _nothing(walk: Walk, node: cst.Pass, into: Statements) -> None:
    """`pass`."""


# --- compound statements ----------------------------------------------------------------------------------------------


def _for(walk: Walk, node: cst.For, into: Statements) -> None:
    at = walk.places.keyword("for", node)
    target = store(walk, node.target)
    iterable = expression(walk, node.iter)
    body = block(walk, node.body)
    into.append(facts.For(target, iterable, body, _else(walk, node.orelse), at))


def _while(walk: Walk, node: cst.While, into: Statements) -> None:
    at = walk.places.keyword("while", node)
    test = expression(walk, node.test)
    body = block(walk, node.body)
    into.append(facts.While(test, body, _else(walk, node.orelse), at))


def _if(walk: Walk, node: cst.If, into: Statements) -> None:
    """An `if` with all its `elif`, unrolled, for there may be as many as a registry has names."""
    mark = walk.mark()
    arms: list[facts.If | None] = []
    current: cst.If | cst.Else | None = node
    while isinstance(current, cst.If):
        arms.append(_arm(walk, current))
        current = current.orelse
    if len(arms) > LONGEST_ELIF:
        row = walk.places.spans[mark].row if mark < walk.mark() else 1
        raise SyntaxFault(row, 1, TOO_DEEP)
    orelse = _else(walk, current)
    for arm in reversed(arms):
        if arm is not None:
            orelse = (facts.If(arm.test, arm.body, orelse, arm.at),)
    into.extend(orelse)


def _arm(walk: Walk, node: cst.If) -> facts.If | None:
    """One `if` or `elif` without what follows; None where its body is for type checkers only."""
    mark = walk.mark()
    test = expression(walk, node.test)
    at = walk.places.first(mark)
    if not _is_type_checking(test):
        return facts.If(test, block(walk, node.body), (), at)
    outer, walk.frame = walk.frame, Frame()
    block(walk, node.body)
    walk.frame = outer
    return None


def _is_type_checking(test: facts.Expr) -> bool:
    if isinstance(test, facts.Attribute):
        return test.attr == "TYPE_CHECKING" and isinstance(test.value, facts.Name)
    return isinstance(test, facts.Name) and test.id == "TYPE_CHECKING"


def _match(walk: Walk, node: cst.Match, into: Statements) -> None:
    walk.places.soft_keyword("match")
    subject = expression(walk, node.subject)
    into.append(facts.Match(subject, tuple([_case(walk, case) for case in node.cases])))


def _case(walk: Walk, node: cst.MatchCase) -> facts.Case:
    walk.places.soft_keyword("case")
    made = pattern(walk, node.pattern)
    guard = optional(walk, node.guard)
    return facts.Case(tuple(made.values), made.exact, tuple(made.names), guard, block(walk, node.body))


def _try(walk: Walk, node: cst.Try | cst.TryStar, into: Statements) -> None:
    body = block(walk, node.body)
    handlers = tuple([_handler(walk, handler) for handler in node.handlers])
    orelse = _else(walk, node.orelse)
    into.append(facts.Try(body, handlers, orelse, _else(walk, node.finalbody)))


def _handler(walk: Walk, node: cst.ExceptHandler | cst.ExceptStarHandler) -> facts.Handler:
    caught = optional(walk, node.type)
    bound = None if node.name is None else store(walk, node.name.name)
    name = bound.id if isinstance(bound, facts.Name) else None
    return facts.Handler(caught, name, block(walk, node.body))


def _with(walk: Walk, node: cst.With, into: Statements) -> None:
    items = []
    for item in node.items:
        value = expression(walk, item.item)
        items.append(facts.WithItem(value, None if item.asname is None else store(walk, item.asname.name)))
    into.append(facts.With(tuple(items), block(walk, node.body)))


# --- definitions ------------------------------------------------------------------------------------------------------


def _function(walk: Walk, node: cst.FunctionDef, into: Statements) -> None:
    mark = walk.mark()
    decorators = _decorators(walk, node.decorators)
    mentioned = [(mark, walk.mark())]
    at = walk.places.name(node.name)
    _type_parameters(walk, node.type_parameters)
    listed, defaults = parameters(walk, node.params)
    returns = None if node.returns is None else expression(walk, node.returns.annotation)
    walk.frame.stores.add(node.name.value)
    outer, walk.frame = walk.frame, Frame({parameter.name for parameter in listed})
    mark = walk.mark()
    body = block(walk, node.body)
    frame, walk.frame = walk.frame, outer
    mentions = walk.places.mentions(*mentioned, *defaults, (mark, walk.mark()))
    is_async = node.asynchronous is not None
    name = node.name.value
    into.append(
        facts.FunctionDef(name, listed, body, decorators, returns, is_async, frame.yields, mentions, frame.own(), at)
    )


def _class(walk: Walk, node: cst.ClassDef, into: Statements) -> None:
    decorators = _decorators(walk, node.decorators)
    at = walk.places.name(node.name)
    _type_parameters(walk, node.type_parameters)
    given = arguments(walk, [*node.bases, *node.keywords])
    walk.frame.stores.add(node.name.value)
    outer, walk.frame = walk.frame, Frame()
    body = block(walk, node.body)
    walk.frame = outer
    into.append(facts.ClassDef(node.name.value, given, body, decorators, at))


def _decorators(walk: Walk, nodes: Iterable[cst.Decorator]) -> tuple[facts.Expr, ...]:
    return tuple([expression(walk, node.decorator) for node in nodes])


def _type_parameters(walk: Walk, node: cst.TypeParameters | None) -> None:
    """`[T: int = str, *Ts, **P]`: nothing in it is evaluated where it stands."""
    for parameter in node.params if node else ():
        walk.places.name(parameter.param.name)
        optional(walk, getattr(parameter.param, "bound", None))
        optional(walk, parameter.default)


_HANDLERS: dict[type[cst.CSTNode], Callable[[Walk, Any, Statements], None]] = {
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Expr: _do,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Global: _scope,
    cst.Nonlocal: _scope,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Pass: _nothing,
    cst.Import: imported,
    cst.ImportFrom: imported_from,
    cst.For: _for,
    cst.While: _while,
    cst.If: _if,
    cst.Match: _match,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    **dict.fromkeys(present("TypeAlias"), _type_alias),
    **dict.fromkeys(present("LazyImport"), lazily_imported),
    **dict.fromkeys(present("LazyImportFrom"), lazily_imported_from),
}
