"""The patterns of `match`: what a case compares the subject with, and what it binds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from schedlint import facts
from schedlint.extract.expressions import expression
from schedlint.extract.walk import Walk


@dataclass(slots=True)
class Pattern:
    """What a pattern says, as `schedlint.facts.Case` has it."""

    values: list[facts.Expr] = field(default_factory=list)
    exact: bool = False
    names: list[str] = field(default_factory=list)


def pattern(walk: Walk, node: cst.CSTNode) -> Pattern:
    """Reads a pattern."""
    return _HANDLERS[type(node)](walk, node)


def _value(walk: Walk, node: Any) -> Pattern:
    return Pattern([expression(walk, node.value)], True)


def _or(walk: Walk, node: cst.MatchOr) -> Pattern:
    made = [pattern(walk, element.pattern) for element in node.patterns]
    names = sorted({name for part in made for name in part.names})
    if any(part.exact and not part.values for part in made):
        return Pattern([], True, names)
    return Pattern([value for part in made for value in part.values], all(part.exact for part in made), names)


def _as(walk: Walk, node: cst.MatchAs) -> Pattern:
    made = Pattern([], True) if node.pattern is None else pattern(walk, node.pattern)
    if node.name is None:
        if node.pattern is None:
            walk.places.soft_keyword("_")
        return made
    return Pattern(made.values, made.exact, [*made.names, _captured(walk, node.name)])


def _sequence(walk: Walk, node: cst.MatchSequence) -> Pattern:
    return _composed(name for element in node.patterns for name in _element(walk, element))


def _element(walk: Walk, node: cst.MatchSequenceElement | cst.MatchStar) -> list[str]:
    if isinstance(node, cst.MatchSequenceElement):
        return pattern(walk, node.value).names
    if node.name is None:
        walk.places.soft_keyword("_")
        return []
    return [_captured(walk, node.name)]


def _mapping(walk: Walk, node: cst.MatchMapping) -> Pattern:
    names: list[str] = []
    for element in node.elements:
        expression(walk, element.key)
        names += pattern(walk, element.pattern).names
    if node.rest is not None:
        names.append(_captured(walk, node.rest))
    return _composed(names)


def _class(walk: Walk, node: cst.MatchClass) -> Pattern:
    expression(walk, node.cls)
    names = [name for element in node.patterns for name in pattern(walk, element.value).names]
    for keyword in node.kwds:
        walk.places.name(keyword.key)
        names += pattern(walk, keyword.pattern).names
    return _composed(names)


def _composed(names: Iterable[str]) -> Pattern:
    """A pattern about the parts of the subject: it compares nothing with the subject itself."""
    return Pattern([], False, list(names))


def _captured(walk: Walk, node: cst.Name) -> str:
    walk.places.name(node)
    walk.frame.stores.add(node.value)
    return node.value


_HANDLERS: dict[type[cst.CSTNode], Callable[[Walk, Any], Pattern]] = {
    cst.MatchValue: _value,
    cst.MatchSingleton: _value,
    cst.MatchOr: _or,
    cst.MatchAs: _as,
    cst.MatchList: _sequence,
    cst.MatchTuple: _sequence,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
}
