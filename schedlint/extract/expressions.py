"""Expressions: plain recursion by node type, in source order, because that is how places are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import libcst as cst

from schedlint import facts
from schedlint.extract import literals
from schedlint.extract.operators import BINARY, COMPARE, UNARY
from schedlint.extract.walk import DEEPEST, Frame, Walk

_Handler = Callable[[Walk, Any], facts.Expr]
_INERT = facts.Opaque(())


def expression(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """The facts of an expression."""
    if type(node) is cst.Name:
        return _name(walk, node)
    if walk.depth >= DEEPEST:
        return _flattened(walk, node)
    walk.depth += 1
    made = _HANDLERS.get(type(node), _unknown)(walk, node)
    walk.depth -= 1
    return made


def optional(walk: Walk, node: cst.CSTNode | None) -> facts.Expr | None:
    """The facts of an expression that may be left out."""
    return None if node is None else expression(walk, node)


def opaque(parts: Iterable[facts.Expr]) -> facts.Opaque:
    """Expressions of which no more is known than that they are evaluated; literals are dropped."""
    return facts.Opaque(tuple(part for part in parts if not isinstance(part, facts.Constant) and part != _INERT))


def store(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """The facts of a target, whose names the current scope binds."""
    target = expression(walk, node)
    walk.frame.bind(target)
    return target


def parameters(walk: Walk, node: cst.Parameters) -> tuple[tuple[facts.Parameter, ...], list[tuple[int, int]]]:
    """The parameters of a function or lambda, and the ranges of marks that their defaults take."""
    listed = [(param, "positional") for param in node.posonly_params]
    listed += [(param, "normal") for param in node.params]
    if type(node.star_arg) is cst.Param:
        listed.append((node.star_arg, "*"))
    listed += [(param, "keyword") for param in node.kwonly_params]
    if node.star_kwarg is not None:
        listed.append((node.star_kwarg, "**"))
    made, defaults = [], []
    for param, kind in listed:
        walk.places.name(param.name)
        annotation = optional(walk, param.annotation.annotation) if param.annotation else None
        mark = walk.mark()
        default = optional(walk, param.default)
        defaults.append((mark, walk.mark()))
        made.append(facts.Parameter(param.name.value, kind, default, annotation))
    return tuple(made), defaults


def arguments(walk: Walk, nodes: Iterable[cst.Arg]) -> tuple[facts.Argument, ...]:
    """The arguments of a call or a class."""
    made = []
    for node in nodes:
        if node.keyword is None:
            made.append(facts.Argument(expression(walk, node.value), None, node.star))
        else:
            at = walk.places.name(node.keyword)
            made.append(facts.Argument(expression(walk, node.value), node.keyword.value, "", at))
    return tuple(made)


def present(*names: str) -> tuple[type[cst.CSTNode], ...]:
    """Those node classes that this version of LibCST has."""
    return tuple(getattr(cst, name) for name in names if hasattr(cst, name))


# --- what is too deep, and what is not known --------------------------------------------------------------------------


def _flattened(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """The names in an expression, found without recursion."""
    parts: list[facts.Expr] = []
    waiting: list[cst.CSTNode] = [node]
    while waiting:
        current = waiting.pop()
        if type(current) is cst.Name:
            parts.append(_name(walk, current))
            continue
        if type(current) is cst.CompFor:
            walk.places.keyword("for", current)
        waiting.extend(reversed(current.children))
    return opaque(parts)


def _unknown(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """An expression of a kind that a later LibCST may bring."""
    return opaque(expression(walk, child) for child in node.children)


def _room(walk: Walk) -> int:
    """How many links of a chain may nest here; a third of the depth is left to what stands between the links."""
    return max(1, (DEEPEST - walk.depth) * 2 // 3)


# --- names and what follows them --------------------------------------------------------------------------------------


def _name(walk: Walk, node: cst.Name) -> facts.Expr:
    span = walk.places.name(node)
    value = node.value
    if value in _SINGLETONS:
        return _SINGLETONS[value]
    return facts.Name(value, span)


_SINGLETONS = {"None": facts.Constant(None), "True": facts.Constant(True), "False": facts.Constant(False)}


def _chain(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """`a.b(c)[d].e`: a chain of attributes, calls and subscripts, unrolled, for it may be as long as a program."""
    links = [node]
    while type(base := _inner(links[-1])) in _LINKS:
        links.append(base)
    mark = walk.mark()
    room = _room(walk)
    top = walk.depth
    walk.depth += min(len(links), room)
    made = expression(walk, base)
    if len(links) > room:
        made = opaque([made, *_loose(walk, links[room:])])
    for link in reversed(links[:room]):
        walk.depth -= 1
        made = _LINKS[type(link)](walk, link, made, mark)
    walk.depth = top
    return made


def _inner(link: Any) -> cst.CSTNode:
    inner: cst.CSTNode = link.func if type(link) is cst.Call else link.value
    return inner


def _loose(walk: Walk, links: list[cst.CSTNode]) -> Iterable[facts.Expr]:
    """What the innermost links of a chain that is too long evaluate besides each other."""
    for link in reversed(links):
        if isinstance(link, cst.Attribute):
            walk.places.name(link.attr)
        elif isinstance(link, cst.Call):
            yield from (argument.value for argument in arguments(walk, link.args))
        elif isinstance(link, cst.Subscript):
            yield _index(walk, link)


def _attribute(walk: Walk, node: cst.Attribute, value: facts.Expr, mark: int) -> facts.Expr:
    end = walk.places.name(node.attr)
    first = walk.places.spans[mark]
    return facts.Attribute(value, node.attr.value, facts.Span(first.row, first.column, end.end_row, end.end_column))


def _call(walk: Walk, node: cst.Call, func: facts.Expr, mark: int) -> facts.Expr:
    at = func.at if type(func) in _PLACED else walk.places.reach(mark)  # type: ignore[union-attr]
    given = arguments(walk, node.args)
    if at is None:  # a literal is called
        return opaque(argument.value for argument in given)
    return facts.Call(func, given, at)


_PLACED = frozenset({facts.Name, facts.Attribute})


def _subscript(walk: Walk, node: cst.Subscript, value: facts.Expr, mark: int) -> facts.Expr:
    at = walk.places.reach(mark)
    index = _index(walk, node)
    return opaque([value, index]) if at is None else facts.Subscript(value, index, at)


def _index(walk: Walk, node: cst.Subscript) -> facts.Expr:
    made = [_element(walk, element.slice) for element in node.slice]
    if len(made) == 1 and isinstance(node.slice[0].comma, cst.MaybeSentinel) and not isinstance(made[0], facts.Starred):
        return made[0]
    return facts.Sequence("tuple", tuple(made))


def _element(walk: Walk, node: cst.BaseSlice) -> facts.Expr:
    if type(node) is cst.Slice:
        return facts.Slice(optional(walk, node.lower), optional(walk, node.upper), optional(walk, node.step))
    if type(node) is cst.Index:
        value = expression(walk, node.value)
        return facts.Starred(value) if node.star else value
    return _unknown(walk, node)


# --- operators --------------------------------------------------------------------------------------------------------


def _binary(walk: Walk, node: cst.BinaryOperation) -> facts.Expr:
    """`a + b - c`, unrolled to the left."""
    steps = [node]
    while type(base := steps[-1].left) is cst.BinaryOperation:
        steps.append(base)
    room = _room(walk)
    top = walk.depth
    walk.depth += min(len(steps), room)
    made = expression(walk, base)
    if len(steps) > room:
        made = opaque([made, *(expression(walk, step.right) for step in reversed(steps[room:]))])
    for step in reversed(steps[:room]):
        walk.depth -= 1
        made = facts.Binary(BINARY[type(step.operator)], made, expression(walk, step.right))
    walk.depth = top
    return made


def _unary(walk: Walk, node: cst.UnaryOperation) -> facts.Expr:
    return facts.Unary(UNARY[type(node.operator)], expression(walk, node.expression))


def _boolean(walk: Walk, node: cst.BooleanOperation) -> facts.Expr:
    kind = type(node.operator)
    values: list[facts.Expr] = []
    waiting: list[cst.BaseExpression] = [node]
    while waiting:
        current = waiting.pop()
        chained = isinstance(current, cst.BooleanOperation) and type(current.operator) is kind
        if isinstance(current, cst.BooleanOperation) and chained and (current is node or not current.lpar):
            waiting += [current.right, current.left]
        else:
            values.append(expression(walk, current))
    return facts.BoolOp("and" if kind is cst.And else "or", tuple(values))


def _comparison(walk: Walk, node: cst.Comparison) -> facts.Expr:
    left = expression(walk, node.left)
    operators = tuple(COMPARE[type(target.operator)] for target in node.comparisons)
    return facts.Compare(left, operators, tuple(expression(walk, target.comparator) for target in node.comparisons))


def _conditional(walk: Walk, node: cst.IfExp) -> facts.Expr:
    body = expression(walk, node.body)
    test = expression(walk, node.test)
    return facts.Conditional(test, body, expression(walk, node.orelse))


def _walrus(walk: Walk, node: cst.NamedExpr) -> facts.Expr:
    target = store(walk, node.target)
    return facts.NamedExpr(target, expression(walk, node.value))


# --- displays and comprehensions --------------------------------------------------------------------------------------


def _list(walk: Walk, node: cst.List) -> facts.Expr:
    return facts.Sequence("list", tuple([expression(walk, element) for element in node.elements]))


def _tuple(walk: Walk, node: cst.Tuple) -> facts.Expr:
    return facts.Sequence("tuple", tuple([expression(walk, element) for element in node.elements]))


def _set(walk: Walk, node: cst.Set) -> facts.Expr:
    return facts.Sequence("set", tuple([expression(walk, element) for element in node.elements]))


def _item(walk: Walk, node: cst.Element) -> facts.Expr:
    return expression(walk, node.value)


def _starred(walk: Walk, node: cst.StarredElement) -> facts.Expr:
    return facts.Starred(expression(walk, node.value))


def _dict(walk: Walk, node: cst.Dict) -> facts.Expr:
    items = []
    for element in node.elements:
        key = expression(walk, element.key) if type(element) is cst.DictElement else None
        items.append((key, expression(walk, element.value)))
    return facts.Mapping(tuple(items))


def _simple_comprehension(walk: Walk, node: cst.BaseSimpleComp) -> facts.Expr:
    element = expression(walk, node.elt)
    return facts.Comprehension(_COMPREHENSIONS[type(node)], None, element, _generators(walk, node.for_in))


def _dict_comprehension(walk: Walk, node: Any) -> facts.Expr:
    key = expression(walk, node.key) if isinstance(node, cst.DictComp) else None
    element = expression(walk, node.value)
    return facts.Comprehension("dict", key, element, _generators(walk, node.for_in))


def _generators(walk: Walk, node: cst.CompFor | None) -> tuple[facts.Generator, ...]:
    made = []
    while node is not None:
        walk.places.keyword("for", node)
        target = expression(walk, node.target)
        iterable = expression(walk, node.iter)
        made.append(facts.Generator(target, iterable, tuple([expression(walk, test.test) for test in node.ifs])))
        node = node.inner_for_in
    return tuple(made)


def _lambda(walk: Walk, node: cst.Lambda) -> facts.Expr:
    mark = walk.mark()
    listed, _ = parameters(walk, node.params)
    outer, walk.frame = walk.frame, Frame()
    body = expression(walk, node.body)
    walk.frame = outer
    return facts.Lambda(listed, body, walk.places.reach(mark))


def _await(walk: Walk, node: cst.Await) -> facts.Expr:
    return facts.Await(expression(walk, node.expression))


def _yield(walk: Walk, node: cst.Yield) -> facts.Expr:
    walk.frame.yields = True
    if isinstance(node.value, cst.From):
        return facts.Yield(expression(walk, node.value.item), True)
    return facts.Yield(optional(walk, node.value), False)


# --- literals ---------------------------------------------------------------------------------------------------------


def _integer(walk: Walk, node: cst.Integer) -> facts.Expr:
    value = literals.integer(node.value)
    return _INERT if value is None else facts.Constant(value)


def _float(walk: Walk, node: cst.Float) -> facts.Expr:
    return facts.Constant(float(node.value))


def _string(walk: Walk, node: cst.SimpleString) -> facts.Expr:
    value = literals.string(node.value)
    return _INERT if value is None else facts.Constant(value)


def _formatted(walk: Walk, node: Any) -> facts.Expr:
    return facts.Interpolation(tuple(_fields(walk, node.parts)))


def _fields(walk: Walk, parts: Iterable[Any]) -> Iterable[facts.Expr]:
    for part in parts:
        if isinstance(part, _FIELDS):
            yield expression(walk, part.expression)
            yield from _fields(walk, part.format_spec or ())


def _concatenated(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    """Literals side by side: one string, or one interpolation when any of them is."""
    pieces = []
    while isinstance(node, cst.ConcatenatedString):
        pieces.append(expression(walk, node.left))
        node = node.right
    pieces.append(expression(walk, node))
    if any(isinstance(piece, facts.Interpolation) for piece in pieces):
        nested = (piece.parts for piece in pieces if isinstance(piece, facts.Interpolation))
        return facts.Interpolation(tuple(part for parts in nested for part in parts))
    texts = [piece.value for piece in pieces if isinstance(piece, facts.Constant) and isinstance(piece.value, str)]
    return facts.Constant("".join(texts)) if len(texts) == len(pieces) else _INERT


def _inert(walk: Walk, node: cst.CSTNode) -> facts.Expr:
    return _INERT


# --- tables -----------------------------------------------------------------------------------------------------------

_FIELDS: tuple[Any, ...] = present("FormattedStringExpression", "TemplatedStringExpression")

_LINKS: dict[type[cst.CSTNode], Callable[[Walk, Any, facts.Expr, int], facts.Expr]] = {
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Subscript: _subscript,
}

_HANDLERS: dict[type[cst.CSTNode], _Handler] = {
    cst.Attribute: _chain,
    cst.Call: _chain,
    cst.Subscript: _chain,
    cst.BinaryOperation: _binary,
    cst.UnaryOperation: _unary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.IfExp: _conditional,
    cst.NamedExpr: _walrus,
    cst.List: _list,
    cst.Tuple: _tuple,
    cst.Set: _set,
    cst.Element: _item,
    cst.StarredElement: _starred,
    cst.Dict: _dict,
    cst.ListComp: _simple_comprehension,
    cst.SetComp: _simple_comprehension,
    cst.GeneratorExp: _simple_comprehension,
    cst.DictComp: _dict_comprehension,
    cst.Lambda: _lambda,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.Integer: _integer,
    cst.Float: _float,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated,
    cst.Imaginary: _inert,
    cst.Ellipsis: _inert,
    **dict.fromkeys(present("FormattedString", "TemplatedString"), _formatted),
    **dict.fromkeys(present("StarredDictComp"), _dict_comprehension),
}

_COMPREHENSIONS = {cst.ListComp: "list", cst.SetComp: "set", cst.GeneratorExp: "generator"}
