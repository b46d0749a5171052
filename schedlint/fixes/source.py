"""A text with what is needed to edit it: its rows, its tokens, its statements with those around them."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, cast

from schedlint.place import Place

Block = list[ast.stmt]


class Unfixable(Exception):
    """A remedy cannot be carried out in the text as it is written."""


class Token(NamedTuple):
    """A token by its offsets; `kind` is that of the module `tokenize`."""

    kind: int
    text: str
    start: int
    end: int


LAYOUT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


class Source:
    """The text of a module. Everything is worked out when it is first asked for, and raises `Unfixable` where the
    Python that runs schedlint does not understand the text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    # --- rows and offsets ---------------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[str]:
        """The rows, each with its newline; the last one, which may be empty, has none."""
        *rows, last = self.text.split("\n")
        return [*(f"{row}\n" for row in rows), last]

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for row in self.rows:
            starts.append(starts[-1] + len(row))
        return starts

    def offset(self, row: int, column: int) -> int:
        """The offset of a row and column, both from 1."""
        if not 1 <= row <= len(self._starts):
            raise Unfixable
        return self._starts[row - 1] + column - 1

    def place_of(self, offset: int) -> tuple[int, int]:
        """The row and column of an offset."""
        row = bisect_right(self._starts, offset, hi=len(self.rows))
        return row, offset - self._starts[row - 1] + 1

    def end(self, place: Place) -> int:
        """The offset at which a place ends."""
        return self.offset(place.end_row, place.end_column)

    def row_start(self, row: int) -> int:
        """The offset at which a row begins; that of the row behind the last is the end of the text."""
        return self._starts[min(row, len(self._starts)) - 1]

    def _byte_offset(self, row: int, column: int) -> int:
        """The offset of a row and a column that counts bytes from 0, as in `ast`."""
        line = self.rows[row - 1]
        if line.isascii():
            return self._starts[row - 1] + column
        return self._starts[row - 1] + len(line.encode()[:column].decode(errors="ignore"))

    # --- tokens -------------------------------------------------------------------------------------------------------

    @cached_property
    def tokens(self) -> list[Token]:
        """Everything but newlines and indentation, comments included."""
        found = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text, newline="\n").readline):
                if token.type not in LAYOUT:
                    start, end = (self.offset(row, column + 1) for row, column in (token.start, token.end))
                    found.append(Token(token.type, token.string, start, end))
        except (tokenize.TokenError, SyntaxError) as error:
            raise Unfixable from error
        return found

    @cached_property
    def _by_end(self) -> dict[int, int]:
        return {token.end: index for index, token in enumerate(self.tokens)}

    def token_ending(self, offset: int) -> int:
        """The index of the token that ends at an offset."""
        index = self._by_end.get(offset)
        if index is None:
            raise Unfixable
        return index

    def comments_between(self, start: int, end: int) -> list[Token]:
        """The comments in a range."""
        return [token for token in self.tokens if token.kind == tokenize.COMMENT and start <= token.start < end]

    # --- statements ---------------------------------------------------------------------------------------------------

    @cached_property
    def tree(self) -> ast.Module:
        """The statements."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Unfixable from error

    @cached_property
    def indent(self) -> str:
        """What one level of indentation is, as the first block has it."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.For, ast.If, ast.ClassDef, ast.With)):
                first, outer = node.body[0], node.col_offset
                if first.lineno > node.lineno:
                    return self.rows[first.lineno - 1][outer : first.col_offset]
        return "    "

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each node stands in."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _calls(self) -> dict[int, ast.Call]:
        return {self.node_end(node.func): node for node in ast.walk(self.tree) if isinstance(node, ast.Call)}

    def call(self, place: Place) -> ast.Call:
        """The call whose callee is at a place."""
        found = self._calls.get(self.end(place))
        if found is None:
            raise Unfixable
        return found

    def node_start(self, node: ast.expr | ast.stmt) -> int:
        """The offset at which a node begins."""
        return self._byte_offset(node.lineno, node.col_offset)

    def node_end(self, node: ast.expr | ast.stmt) -> int:
        """The offset behind a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._byte_offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node."""
        return self.text[self.node_start(node) : self.node_end(node)]

    def loop(self, place: Place) -> ast.For | ast.While:
        """The loop whose keyword stands at a place."""
        start = self.offset(place.row, place.column)
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.For, ast.While)) and self.node_start(node) == start:
                return node
        raise Unfixable

    def statement(self, place: Place) -> ast.stmt:
        """The innermost statement that a place stands in."""
        start, end = self.offset(place.row, place.column), self.end(place)
        found = None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt) and self.node_start(node) <= start and end <= self.node_end(node):
                found = node
        if found is None:
            raise Unfixable
        return found

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, class or module that a node stands in."""
        return next(each for each in self.around(node) if isinstance(each, FUNCTIONS))

    def body(self, scope: ast.AST) -> str:
        """The text of a function, class or module."""
        return self.text if isinstance(scope, ast.Module) else self.segment(cast("ast.stmt", scope))

    def block(self, statement: ast.stmt) -> Block:
        """The statements beside a statement, itself included."""
        parent = self.parents[statement]
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and statement in value:
                return value
        raise Unfixable
