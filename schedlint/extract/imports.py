"""Import statements."""

from __future__ import annotations

from typing import Any

import libcst as cst

from schedlint import facts
from schedlint.extract.walk import Statements, Walk


def imported(walk: Walk, node: Any, into: Statements) -> None:
    """`import a.b as c`."""
    at = walk.places.keyword("import", node)
    names = tuple([_alias(walk, alias) for alias in node.names])
    for alias in names:
        walk.frame.stores.add(alias.asname or alias.name.partition(".")[0])
    into.append(facts.Import(None, 0, names, names[0].at if names else at))


def imported_from(walk: Walk, node: Any, into: Statements) -> None:
    """`from ..a import b as c`. `from . import *` has no identifier: its place is the word `import`."""
    mark = walk.mark()
    module = None if node.module is None else _dotted(walk, node.module)
    keyword = walk.places.keyword("import", node)
    if isinstance(node.names, cst.ImportStar):
        names: tuple[facts.Alias, ...] = (facts.Alias("*", None, keyword),)
    else:
        names = tuple([_alias(walk, alias) for alias in node.names])
        walk.frame.stores.update(alias.asname or alias.name for alias in names)
    at = walk.places.spans[mark] if module else names[0].at
    into.append(facts.Import(module, len(node.relative), names, at))


def lazily_imported(walk: Walk, node: Any, into: Statements) -> None:
    """`lazy import a`: what it binds is what an import binds."""
    walk.places.soft_keyword("lazy")
    imported(walk, node, into)


def lazily_imported_from(walk: Walk, node: Any, into: Statements) -> None:
    """`lazy from a import b`."""
    walk.places.soft_keyword("lazy")
    imported_from(walk, node, into)


def _alias(walk: Walk, node: cst.ImportAlias) -> facts.Alias:
    mark = walk.mark()
    name = _dotted(walk, node.name)
    at = walk.places.reach(mark) or walk.places.spans[-1]
    if node.asname is None or not isinstance(node.asname.name, cst.Name):
        return facts.Alias(name, None, at)
    walk.places.name(node.asname.name)
    return facts.Alias(name, node.asname.name.value, at)


def _dotted(walk: Walk, node: cst.BaseExpression) -> str:
    parts = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node)
    for part in reversed(parts):
        walk.places.name(part)
    return ".".join(part.value for part in reversed(parts))
