"""A Python file as LibCST reads it: which statement stands at a place, what is around it, which names it reads.

What LibCST and the analyzer call a place differ in one thing: LibCST's columns count from 0.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from schedlint.place import Place
from tests.seeded.unfit import Unfit, require

Statement: TypeAlias = "cst.SimpleStatementLine | cst.BaseCompoundStatement"
Block: TypeAlias = "cst.IndentedBlock | cst.Module"
Loop: TypeAlias = "cst.For | cst.While"
Scope: TypeAlias = "cst.FunctionDef | cst.Module"


class Source:
    """The text of one file with its syntax. Raises Unfit where LibCST cannot read it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = tuple(io.StringIO(text, newline=""))
        try:
            wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise Unfit("LibCST cannot read its file") from error
        self.module = wrapper.module
        self._ranges: Mapping[cst.CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        self._parents: Mapping[cst.CSTNode, cst.CSTNode] = wrapper.resolve(ParentNodeProvider)

    # --- what stands where ------------------------------------------------------------------------------------------

    def rows(self, node: cst.CSTNode) -> tuple[int, int]:
        """The first and the last row of a node."""
        where = self._ranges[node]
        return where.start.line, where.end.line

    def place(self, node: cst.CSTNode) -> tuple[int, int, int, int]:
        """The range of a node as the analyzer counts."""
        where = self._ranges[node]
        return where.start.line, where.start.column + 1, where.end.line, where.end.column + 1

    def holds(self, node: cst.CSTNode, place: Place) -> bool:
        """Whether a place begins inside a node."""
        row, column, end_row, end_column = self.place(node)
        return (row, column) <= (place.row, place.column) < (end_row, end_column)

    def call(self, place: Place) -> cst.Call:
        """The call whose callee stands at a place."""
        wanted = (place.row, place.column, place.end_row, place.end_column)
        for node in self._ranges:
            if isinstance(node, cst.Call) and self.place(node.func) == wanted:
                return node
        raise Unfit("the call is not where it was seen")

    def loop(self, place: Place) -> Loop:
        """The `for` or `while` statement that begins at a place."""
        for node in self._ranges:
            if isinstance(node, (cst.For, cst.While)) and self.place(node)[:2] == (place.row, place.column):
                return node
        raise Unfit("its loop is no statement")

    def statement(self, place: Place) -> Statement:
        """The innermost statement that holds a place."""
        around = [node for node in self._statements if self.holds(node, place)]
        require(around, "a place is in no statement")
        return max(around, key=lambda node: self.place(node)[:2])

    @cached_property
    def _statements(self) -> list[Statement]:
        kinds = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
        return [node for node in self._ranges if isinstance(node, kinds)]

    # --- what is around ---------------------------------------------------------------------------------------------

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What a node lies in, from the inside to the module."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def block(self, statement: Statement) -> Block:
        """The block that a statement is one of."""
        parent = self._parents[statement]
        if isinstance(parent, (cst.IndentedBlock, cst.Module)):
            return parent
        raise Unfit("it stands in an `elif`")

    def owner(self, block: Block) -> cst.CSTNode | None:
        """The statement whose body a block is; None for that of the module."""
        return self._parents.get(block)

    def scope(self, node: cst.CSTNode) -> Scope:
        """The function around a node, or the module. Raises Unfit inside of a lambda."""
        for outer in self.around(node):
            require(not isinstance(outer, cst.Lambda), "it stands in a lambda")
            if isinstance(outer, cst.FunctionDef):
                return outer
        return self.module

    def class_around(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """The class that a method is of."""
        return next((outer for outer in self.around(node) if isinstance(outer, cst.ClassDef)), None)

    def child(self, block: Block, place: Place) -> Statement:
        """The statement of a block that holds a place."""
        for statement in body_of(block):
            if self.holds(statement, place):
                return statement
        raise Unfit("a place is not in the block")

    # --- text -------------------------------------------------------------------------------------------------------

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node."""
        return self.module.code_for_node(node).strip()

    def indent(self, statement: Statement) -> str:
        """The white space before a statement."""
        line = self.lines[self.rows(statement)[0] - 1]
        return line[: len(line) - len(line.lstrip())]

    def lines_at(self, statement: Statement, indent: str) -> tuple[str, ...]:
        """The lines of a statement, as they are with another indentation."""
        first, last = self.rows(statement)
        old = self.indent(statement)
        return tuple(
            indent + line[len(old) :] if line.startswith(old) else line for line in self.lines[first - 1 : last]
        )

    @property
    def newline(self) -> str:
        """How lines end in this file."""
        return self.module.default_newline


class Sources:
    """The files of a tree, each read once."""

    def __init__(self) -> None:
        self._read: dict[str, Source] = {}

    def __getitem__(self, path: str) -> Source:
        """The source of a file. Raises Unfit where it has none that can be edited."""
        require(path.endswith((".py", ".pyw")), "it is in a notebook")
        if path not in self._read:
            try:
                text = Path(path).read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                raise Unfit("its file is not in UTF-8") from error
            require(not text.startswith("\ufeff"), "its file begins with a byte order mark")
            self._read[path] = Source(path, text)
        return self._read[path]


def body_of(block: Block) -> list[Statement]:
    """The statements of a block."""
    kinds = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
    return [statement for statement in block.body if isinstance(statement, kinds)]


def block_in(owner: Loop | Scope) -> Block:
    """The block that is the body of a loop or function. Raises Unfit for one on the line of its head."""
    if isinstance(owner, cst.Module):
        return owner
    if isinstance(owner.body, cst.IndentedBlock):
        return owner.body
    raise Unfit("a body stands on the line of its head")
