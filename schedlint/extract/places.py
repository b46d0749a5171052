"""Where each identifier stands, handed out in the order of the walk.

There are two ways to know: `Scanned` numbers the identifiers and looks the n-th up in the scan, which costs next to
nothing; `Computed` asks LibCST's PositionProvider, which costs as much again as everything else, and is right whatever
the order. A scan that does not agree with the walk raises Misaligned, and the module is walked again with the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from libcst import CSTNode, Module, Name
from libcst._position import CodeRange

from schedlint.extract.rows import place_of
from schedlint.extract.tokens import KEYWORDS_KEPT, Tokens
from schedlint.facts import Span

_NOT_MENTIONED = KEYWORDS_KEPT | {"", "True", "False", "None"}


class Misaligned(Exception):
    """The identifiers of the walk and those of the scan are not the same."""


class Places:
    """The places handed out so far; a *mark* is a number of them."""

    __slots__ = ("spans", "words")

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.words: list[str] = []

    def name(self, node: Name) -> Span:
        """The place of the next identifier, which is `node`."""
        raise NotImplementedError

    def keyword(self, word: str, node: CSTNode) -> Span:
        """The place of the next kept keyword: the first of that spelling in `node`."""
        raise NotImplementedError

    def soft_keyword(self, word: str) -> None:
        """Passes over an identifier of the text that is no `Name`: `match`, `case`, `type`, `lazy`, `_`."""
        raise NotImplementedError

    def finish(self) -> None:
        """Says that the walk is over."""

    def first(self, mark: int) -> Span | None:
        """The first place handed out since a mark."""
        return self.spans[mark] if mark < len(self.spans) else None

    def reach(self, mark: int) -> Span | None:
        """From the first place handed out since a mark to the last."""
        if mark == len(self.spans):
            return None
        first, last = self.spans[mark], self.spans[-1]
        return Span(first.row, first.column, last.end_row, last.end_column)

    def mentions(self, *ranges: tuple[int, int]) -> tuple[str, ...]:
        """The identifiers in ranges of marks, sorted, each once."""
        found: set[str] = set()
        for start, end in ranges:
            found.update(self.words[start:end])
        return tuple(sorted(found - _NOT_MENTIONED))


class Scanned(Places):
    """Places from a scan of the text."""

    __slots__ = ("_lines", "_next", "_next_row_start", "_row", "_starts", "_texts")

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._texts = tokens.words
        self._starts = tokens.starts
        self._lines = [*tokens.lines, 1 << 62]
        self._next = 0
        self._row = 0

    def name(self, node: Name) -> Span:
        """The next identifier of the scan, if it is this one."""
        return self._take(node.value, node.value)

    def keyword(self, word: str, node: CSTNode) -> Span:
        """The next word of the scan, if it is this keyword."""
        return self._take(word, word)

    def soft_keyword(self, word: str) -> None:
        """Takes the next word of the scan, which nothing mentions."""
        self._take(word, "")

    def finish(self) -> None:
        """Sees to it that no identifier is left."""
        if self._next != len(self._texts):
            raise Misaligned

    def _take(self, word: str, mentioned: str) -> Span:
        index = self._next
        if index == len(self._texts) or self._texts[index] != word:
            raise Misaligned
        self._next = index + 1
        start, lines, row = self._starts[index], self._lines, self._row
        while lines[row] <= start:
            row += 1
        self._row = row
        column = start - lines[row - 1] + 1
        span = Span(row, column, row, column + len(word))
        self.spans.append(span)
        self.words.append(mentioned)
        return span


class Computed(Places):
    """Places from LibCST's PositionProvider, for the rare module whose scan disagrees with its tree."""

    __slots__ = ("_lines", "_ranges", "_text")

    def __init__(self, module: Module, text: str, tokens: Tokens) -> None:
        super().__init__()
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._ranges: Mapping[CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        self._text = text
        self._lines = tokens.lines

    def name(self, node: Name) -> Span:
        """Where LibCST says the node starts."""
        start = self._ranges[node].start
        return self._hand_out(node.value, start.line, start.column + 1, len(node.value))

    def keyword(self, word: str, node: CSTNode) -> Span:
        """The first such word from where LibCST says the node starts: `async for`, `from . import x`."""
        start = self._ranges[node].start
        offset = self._lines[start.line - 1] + start.column
        found = re.compile(rf"\b{word}\b").search(self._text, offset)
        row, column = place_of(self._lines, found.start() if found else offset)
        return self._hand_out(word, row, column, len(word))

    def soft_keyword(self, word: str) -> None:
        """Nothing: the tree has no node for it."""

    def _hand_out(self, word: str, row: int, column: int, length: int) -> Span:
        span = Span(row, column, row, column + length)
        self.spans.append(span)
        self.words.append(word)
        return span
