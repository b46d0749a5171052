"""Edits of the arguments of a call."""

from __future__ import annotations

import ast
import tokenize
from dataclasses import dataclass

from schedlint.fixes.applying import TextEdit
from schedlint.fixes.source import Source, Token, Unfixable
from schedlint.place import Place
from schedlint.remedies import DropArgument, RenameArgument, SetArgument, SwapArguments, WrapArgument

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_WHOLE = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict, ast.Set)
_ITEM = "value"
"""What an item of a list is called where the list is put into a comprehension."""


@dataclass(frozen=True)
class Argument:
    """An argument as it is written: its tokens, without the comma behind it and without comments."""

    tokens: tuple[Token, ...]
    comma: Token | None

    @property
    def start(self) -> int:
        """Where it begins, keyword included."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end

    @property
    def keyword(self) -> str | None:
        """The parameter that it names."""
        named = len(self.tokens) > 2 and self.tokens[0].kind == tokenize.NAME and self.tokens[1].text == "="
        return self.tokens[0].text if named else None

    @property
    def is_starred(self) -> bool:
        """Whether it is `*values` or `**mapping`."""
        return self.tokens[0].text in ("*", "**")

    @property
    def value_start(self) -> int:
        """Where its value begins."""
        return self.tokens[2].start if self.keyword else self.start


@dataclass(frozen=True)
class Brackets:
    """What stands between two brackets, in parts between commas; `opened` and `closed` are just inside them."""

    opened: int
    closed: int
    parts: tuple[Argument, ...]


def brackets(source: Source, opening: int) -> Brackets:
    """What stands behind the opening bracket which is the token with this index."""
    tokens, depth = source.tokens, 0
    parts: list[Argument] = []
    current: list[Token] = []
    for token in tokens[opening + 1 :]:
        if token.kind == tokenize.COMMENT:
            continue
        if depth == 0 and token.text in _CLOSING:
            if current:
                parts.append(Argument(tuple(current), None))
            return Brackets(tokens[opening].end, token.start, tuple(parts))
        if depth == 0 and token.text == ",":
            parts.append(Argument(tuple(current), token))
            current = []
            continue
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        current.append(token)
    raise Unfixable


def arguments(source: Source, call: Place) -> Brackets:
    """The arguments of the call whose callee is at a place."""
    index = source.token_ending(source.end(call)) + 1
    if index >= len(source.tokens) or source.tokens[index].text != "(":
        raise Unfixable
    return brackets(source, index)


def found(written: Brackets, parameter: str, position: int | None) -> Argument | None:
    """The argument for a parameter; None where there is none. Raises `Unfixable` where unpacking may hold it."""
    for part in written.parts:
        if part.keyword == parameter:
            return part
    for index, part in enumerate(written.parts):
        if part.is_starred:
            raise Unfixable
        if index == position and part.keyword is None:
            return part
    return None


def given(written: Brackets, parameter: str, position: int | None) -> Argument:
    """The argument for a parameter, which must be there."""
    part = found(written, parameter, position)
    if part is None:
        raise Unfixable
    return part


# --- changes ----------------------------------------------------------------------------------------------------------


def drop(source: Source, change: DropArgument) -> TextEdit:
    """Leave an argument out. One by position goes only where none by position follows."""
    written = arguments(source, change.call)
    part = given(written, change.parameter, change.position)
    index = written.parts.index(part)
    if part.keyword is None and any(later.keyword is None for later in written.parts[index + 1 :]):
        raise Unfixable
    return removed(source, change.call.path, written, index)


def removed(source: Source, path: str, written: Brackets, index: int) -> TextEdit:
    """One of the parts between brackets taken out, with its comma, and its rows where it has them for itself."""
    part, parts = written.parts[index], written.parts
    if len(parts) == 1 and not source.comments_between(written.opened, written.closed):
        return TextEdit(path, written.opened, written.closed, "")
    whole = _own_rows(source, part)
    if whole is not None:
        return TextEdit(path, *whole, "")
    if index + 1 < len(parts):
        start, end = part.start, parts[index + 1].start
    elif index:
        start, end = parts[index - 1].end, part.end
    else:
        start, end = part.start, (part.comma or part.tokens[-1]).end
    if source.comments_between(start, end):
        raise Unfixable
    return TextEdit(path, start, end, "")


def _own_rows(source: Source, part: Argument) -> tuple[int, int] | None:
    """The rows that hold an argument, its comma, a comment behind it and nothing else."""
    text, last = source.text, (part.comma or part.tokens[-1]).end
    start, end = text.rfind("\n", 0, part.start) + 1, text.find("\n", last)
    behind = text[last:end].strip()
    if end == -1 or text[start : part.start].strip() or (behind and not behind.startswith("#")):
        return None
    return start, end + 1


def set_to(source: Source, change: SetArgument) -> TextEdit:
    """Give an argument another value, or add it by keyword."""
    written = arguments(source, change.call)
    part = found(written, change.parameter, change.position)
    path = change.call.path
    if part is not None:
        return TextEdit(path, part.value_start, part.end, change.text)
    return added(source, path, written, f"{change.parameter}={change.text}")


def added(source: Source, path: str, written: Brackets, text: str) -> TextEdit:
    """One more part between brackets, behind all others."""
    if not written.parts:
        return TextEdit(path, written.opened, written.opened, text)
    return added_behind(source, path, written.parts[-1], text)


def added_behind(source: Source, path: str, part: Argument, text: str) -> TextEdit:
    """One more part between brackets, behind one of them and laid out as that one is."""
    row = source.text.rfind("\n", 0, part.start) + 1
    indent = source.text[row : part.start]
    if indent.strip():
        at = part.end if part.comma is None else part.comma.end
        return TextEdit(path, at, at, f", {text}" if part.comma is None else f" {text},")
    row_end = source.text.find("\n", part.end)
    rest = source.text[part.end : row_end].removeprefix(",")
    if rest.strip() and not rest.strip().startswith("#"):
        raise Unfixable
    comma = "" if part.comma is None else ","
    return TextEdit(path, part.end, row_end, f",{rest}\n{indent}{text}{comma}")


def wrap(source: Source, change: WrapArgument) -> list[TextEdit]:
    """Put an argument, or each item of it, into a template."""
    part = given(arguments(source, change.call), change.parameter, change.position)
    path, text = change.call.path, source.text[part.value_start : part.end]
    value = _expression(text)
    if not change.each:
        return [TextEdit(path, part.value_start, part.end, _filled(change.template, text, value))]
    if not isinstance(value, (ast.List, ast.Tuple)):
        item = change.template.format(_ITEM)
        return [TextEdit(path, part.value_start, part.end, f"[{item} for {_ITEM} in {_closed(text, value)}]")]
    opening = next(index for index, token in enumerate(source.tokens) if token.start == part.value_start)
    if source.tokens[opening].text not in _OPENING:
        raise Unfixable
    return [
        TextEdit(path, item.start, item.end, _filled(change.template, source.text[item.start : item.end]))
        for item in brackets(source, opening).parts
        if not _stays(source.text[item.start : item.end], change.template)
    ]


def _stays(text: str, template: str) -> bool:
    """Whether an item is what the template would make of it: an `int(...)` around what is one."""
    value = _expression(text)
    return template == "int({})" and isinstance(value, ast.Constant) and isinstance(value.value, int)


def _expression(text: str) -> ast.expr:
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError as error:
        raise Unfixable from error


def _filled(template: str, text: str, value: ast.expr | None = None) -> str:
    """The template around an expression, in parentheses where it would fall apart."""
    if "({})" in template:
        return template.format(text)
    return template.format(_closed(text, value or _expression(text)))


def _closed(text: str, value: ast.expr) -> str:
    return text if isinstance(value, _WHOLE) else f"({text})"


def swap(source: Source, change: SwapArguments) -> list[TextEdit]:
    """Put the values of two arguments into each other's place."""
    written, path = arguments(source, change.call), change.call.path
    pairs = zip(change.parameters, change.positions, strict=True)
    one, other = (given(written, parameter, position) for parameter, position in pairs)
    first, second = (source.text[part.value_start : part.end] for part in (one, other))
    return [TextEdit(path, one.value_start, one.end, second), TextEdit(path, other.value_start, other.end, first)]


def rename_argument(source: Source, change: RenameArgument) -> TextEdit:
    """Give an argument by keyword another keyword."""
    for part in arguments(source, change.call).parts:
        if part.keyword == change.parameter:
            return TextEdit(change.call.path, part.tokens[0].start, part.tokens[0].end, change.name)
    raise Unfixable
