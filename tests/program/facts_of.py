"""Facts made with `ast`, so that tests of linking need no extractor."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Sequence

from schedlint import facts


def facts_of(source: str) -> facts.ModuleFacts:
    """The facts of a text, as the extractor would give them as far as linking can see."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    return facts.ModuleFacts(_block(tree.body), (), _mentions(tree))


def expression(source: str) -> facts.Expr:
    """The facts of one expression."""
    return _expr(ast.parse(source, mode="eval").body)


def _mentions(*trees: ast.AST) -> tuple[str, ...]:
    found = {getattr(node, field, None) for tree in trees for node in ast.walk(tree) for field in ("id", "attr", "arg")}
    return tuple(sorted(name for name in found if isinstance(name, str)))


def _span(node: ast.expr | ast.stmt | ast.alias) -> facts.Span:
    row, column = node.lineno, node.col_offset + 1
    return facts.Span(row, column, node.end_lineno or row, (node.end_col_offset or column) + 1)


def _block(body: Sequence[ast.stmt]) -> tuple[facts.Statement, ...]:
    return tuple(made for statement in body for made in _statement(statement))


def _statement(node: ast.stmt) -> Iterable[facts.Statement]:
    if isinstance(node, ast.Assign):
        yield facts.Assign(tuple(map(_expr, node.targets)), _expr(node.value), _span(node))
    elif isinstance(node, ast.AugAssign):
        yield facts.AugAssign(_expr(node.target), "+", _expr(node.value), _span(node))
    elif isinstance(node, ast.Expr):
        yield facts.Do(_expr(node.value), _span(node))
    elif isinstance(node, ast.Return):
        yield facts.Return(None if node.value is None else _expr(node.value), None)
    elif isinstance(node, ast.Raise):
        yield facts.Raise(None)
    elif isinstance(node, ast.Delete):
        yield facts.Delete(tuple(map(_expr, node.targets)))
    elif isinstance(node, ast.Global):
        yield facts.Scope("global", tuple(node.names))
    elif isinstance(node, ast.ImportFrom):
        yield facts.Import(node.module, node.level, tuple(map(_alias, node.names)), _span(node))
    elif isinstance(node, ast.Import):
        yield facts.Import(None, 0, tuple(map(_alias, node.names)), _span(node))
    else:
        yield from _compound(node)


def _alias(node: ast.alias) -> facts.Alias:
    return facts.Alias(node.name, node.asname, _span(node))


def _compound(node: ast.stmt) -> Iterable[facts.Statement]:
    if isinstance(node, ast.FunctionDef):
        yield _function(node)
    elif isinstance(node, ast.ClassDef):
        arguments = [facts.Argument(_expr(base)) for base in node.bases]
        arguments += [facts.Argument(_expr(each.value), each.arg) for each in node.keywords]
        name = facts.Span(node.lineno, node.col_offset + 7, node.lineno, node.col_offset + 7 + len(node.name))
        decorators = tuple(map(_expr, node.decorator_list))
        yield facts.ClassDef(node.name, tuple(arguments), _block(node.body), decorators, name)
    elif isinstance(node, ast.If):
        yield facts.If(_expr(node.test), _block(node.body), _block(node.orelse), None)
    elif isinstance(node, ast.For):
        body, orelse = _block(node.body), _block(node.orelse)
        yield facts.For(_expr(node.target), _expr(node.iter), body, orelse, _span(node))
    elif isinstance(node, ast.Try):
        handlers = tuple(facts.Handler(None, each.name, _block(each.body)) for each in node.handlers)
        yield facts.Try(_block(node.body), handlers, _block(node.orelse), _block(node.finalbody))
    elif isinstance(node, ast.With):
        targets = [None if item.optional_vars is None else _expr(item.optional_vars) for item in node.items]
        items = [
            facts.WithItem(_expr(item.context_expr), target) for item, target in zip(node.items, targets, strict=True)
        ]
        yield facts.With(tuple(items), _block(node.body))


def _function(node: ast.FunctionDef) -> facts.FunctionDef:
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    at = facts.Span(node.lineno, node.col_offset + 5, node.lineno, node.col_offset + 5 + len(node.name))
    return facts.FunctionDef(
        name=node.name,
        parameters=tuple(facts.Parameter(name, "normal", None, None) for name in names),
        body=_block(node.body),
        decorators=tuple(map(_expr, node.decorator_list)),
        returns=None,
        is_async=False,
        is_generator=False,
        mentions=_mentions(*node.body, *node.decorator_list),
        stores=tuple(sorted({*names, *_stores(node.body)})),
        at=at,
    )


def _stores(body: Sequence[ast.stmt]) -> Iterable[str]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.alias):
                yield node.asname or node.name.partition(".")[0]
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield node.name


def _expr(node: ast.expr) -> facts.Expr:
    if isinstance(node, ast.Name):
        return facts.Name(node.id, _span(node))
    if isinstance(node, ast.Attribute):
        return facts.Attribute(_expr(node.value), node.attr, _span(node))
    if isinstance(node, ast.Call):
        positional = [facts.Argument(_expr(each)) for each in node.args]
        named = [facts.Argument(_expr(each.value), each.arg) for each in node.keywords]
        return facts.Call(_expr(node.func), (*positional, *named), _span(node.func))
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str, type(None))):
        return facts.Constant(node.value)
    if isinstance(node, ast.Subscript):
        return facts.Subscript(_expr(node.value), _expr(node.slice), _span(node))
    if isinstance(node, ast.Starred):
        return facts.Starred(_expr(node.value))
    if isinstance(node, (ast.Tuple, ast.List)):
        kind = "tuple" if isinstance(node, ast.Tuple) else "list"
        return facts.Sequence(kind, tuple(map(_expr, node.elts)))
    if isinstance(node, ast.BinOp):
        return facts.Binary("+", _expr(node.left), _expr(node.right))
    if isinstance(node, ast.IfExp):
        return facts.Conditional(_expr(node.test), _expr(node.body), _expr(node.orelse))
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return facts.Opaque(tuple(map(_expr, parts)))
