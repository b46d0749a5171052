r"""A scanner that finds the identifiers of a module, and the comments that speak to linters.

LibCST keeps no positions, and computing them costs more than parsing. But it makes exactly one `Name` per identifier:
the n-th `Name` in source order stands where the n-th identifier stands, and that one regular expression can find. It
skips strings, comments and numbers, and enters the replacement fields of f-strings and t-strings.

The scan also runs *before* the parser, to refuse a depth of brackets at which LibCST's parser takes exponential time or
overflows the stack of the process. Nothing is known here of grammar beyond that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from keyword import kwlist

from schedlint.extract.chains import overlong_chain
from schedlint.extract.fault import TOO_DEEP, SyntaxFault
from schedlint.extract.rows import LogicalLines, comments, place_of
from schedlint.facts import Comment

DEEPEST_BRACKETS = 100
"""CPython refuses 200; LibCST 1.9 needs 9 s for 1,000 nested calls and crashes the process at 5,000."""

DEEPEST_PATTERN = 8
"""Brackets in a `case` pattern: LibCST 1.9 needs 1.5 s for ten nested mapping patterns, 16 times more for two more."""

KEYWORDS_KEPT = frozenset({"for", "while", "import"})
"""Keywords whose places are wanted; they stand among the identifiers."""

# `True`, `False` and `None` are Names to LibCST. Where a soft keyword is meant as one, the walk knows.
_SKIPPED = frozenset(kwlist) - KEYWORDS_KEPT - {"True", "False", "None"}

_TRIPLE_DOUBLE = r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
_TRIPLE_SINGLE = r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
_DOUBLE = r'"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"'
_SINGLE = r"'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
_INTEGER = r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
_FLOAT = r"[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?[jJ]?"

# Most tokens are words, so they are tried first, after whatever begins no token.
_TOKEN = (
    r"(?![rRbBuUfFtT]{1,2}[\"'])(?P<word>[^\W\d]\w*)"
    r"|(?P<opening>[(\[{])"
    r"|(?P<closing>[)\]}])"
    rf"|(?P<long>[rRbBuU]{{0,2}}(?:{_TRIPLE_DOUBLE}|{_TRIPLE_SINGLE}))"
    rf"|[rRbBuU]{{0,2}}(?!\"\"\"|''')(?:{_DOUBLE}|{_SINGLE})"
    r"|(?P<formatted>(?:[fFtT][rR]?|[rR][fFtT])(?:\"\"\"|'''|\"|'))"
    r"|(?P<comment>#[^\r\n]*)"
    rf"|{_INTEGER}|{_FLOAT}"
)
# The empty alternative keeps a long run of other characters that no token ends from being tried at each of its ends.
_MODULE_TOKEN = re.compile(rf"[^\w\"'#()\[\]{{}}]*(?:{_TOKEN}|[\"']?)", re.DOTALL)
_FIELD_TOKEN = re.compile(rf"{_TOKEN}|!=|(?P<conversion>!\s*\w*)|(?P<colon>:)", re.DOTALL)
_LINTER = re.compile(r"noqa|schedlint:", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")
_CASE = re.compile(r"[ \t\f]*case\b")


@cache
def _literal(end: str, raw: bool) -> re.Pattern[str]:
    """What matters inside an f-string, or inside the format specification of a field, whose `end` is `}`."""
    escapes = r"\\(?![{}])(?:\r\n|.)" if raw else r"\\N\{[^}\r\n]*\}|\\(?![{}])(?:\r\n|.)"
    doubled = "" if end == "}" else r"\{\{|"
    return re.compile(rf"(?P<end>{re.escape(end)})|{escapes}|{doubled}(?P<field>\{{)", re.DOTALL)


@dataclass(slots=True)
class Tokens:
    """The identifiers of a text in order: what each is called and at which offset it starts."""

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The offset at which each row starts."""

    comments: list[Comment] = field(default_factory=list)


def scan(text: str) -> Tokens:
    """The identifiers, kept keywords and linter comments of a text, which need not be valid Python.

    Raises SyntaxFault where brackets nest too deeply, or a chain of operators is too long, for the parser.
    """
    return _Scan(text).run()


class _Scan:
    """One scan: a text and what was found in it so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Tokens(lines=[0, *(end.end() for end in _LINE_END.finditer(text))])
        self.openings: list[int] = []
        self.longest_brackets = 0
        self.wholes: list[tuple[int, int]] = []  # brackets and strings, which may go on over several rows
        self.comments: list[re.Match[str]] = []
        self.continued_comments: list[int] = []  # those that end in a backslash, which continues nothing

    def run(self) -> Tokens:
        position = 0
        while position >= 0:
            position = self._stretch(position)
        if self.openings:
            self.longest_brackets = max(self.longest_brackets, len(self.text) - self.openings[0])
        if (chain := overlong_chain(self.text, self.found.lines, self.longest_brackets)) is not None:
            raise self._too_deep(chain)
        if self.comments:
            self.found.comments = self._placed_comments()
        return self.found

    def _stretch(self, position: int) -> int:
        """Scans to the end of the next f-string; -1 when there is none."""
        add_word, add_start = self.found.words.append, self.found.starts.append
        for token in _MODULE_TOKEN.finditer(self.text, position):
            kind = token.lastgroup
            if kind == "word":
                word = token["word"]
                if word not in _SKIPPED:
                    add_word(word)
                    add_start(token.end() - len(word))
            elif kind == "formatted":
                return self._formatted(token)
            elif kind is not None:
                self._other(kind, token)
        return -1

    def _other(self, kind: str, token: re.Match[str]) -> None:
        if kind == "opening":
            self._open(token.end() - 1)
        elif kind == "closing":
            self._close(token.end() - 1)
        elif kind == "long":
            self.wholes.append(token.span("long"))
        elif kind == "comment":
            self._comment(token)

    def _open(self, start: int) -> None:
        self.openings.append(start)
        depth = len(self.openings)
        if depth > DEEPEST_BRACKETS or (depth > DEEPEST_PATTERN and self._in_pattern()):
            raise self._too_deep(start)

    def _close(self, start: int) -> None:
        if self.openings:
            opening = self.openings.pop()
            if not self.openings:
                self.wholes.append((opening, start))
                self.longest_brackets = max(self.longest_brackets, start - opening)

    def _too_deep(self, start: int) -> SyntaxFault:
        return SyntaxFault(*place_of(self.found.lines, start), TOO_DEEP)

    def _in_pattern(self) -> bool:
        row, _ = place_of(self.found.lines, self.openings[0])
        return _CASE.match(self.text, self.found.lines[row - 1]) is not None

    def _formatted(self, opening: re.Match[str]) -> int:
        """Scans an f-string or t-string from its prefix on; the offset behind it."""
        prefix = opening["formatted"].rstrip("\"'")
        quote = opening["formatted"][len(prefix) :]
        end = self._literal(opening.end(), quote, raw="r" in prefix.lower())
        self.wholes.append((opening.start("formatted"), end))
        return end

    def _literal(self, position: int, end: str, *, raw: bool) -> int:
        """Scans text with replacement fields in it up to its end, a quote or `}`; the offset behind that."""
        pattern = _literal(end, raw)
        while (token := pattern.search(self.text, position)) is not None:
            position = token.end()
            if token.lastgroup == "end":
                return position
            if token.lastgroup == "field":
                self._open(token.start())
                position = self._field(position, raw=raw)
                self._close(position)
        return len(self.text)

    def _field(self, position: int, *, raw: bool) -> int:
        """Scans a replacement field from behind its `{`; the offset behind its `}`."""
        outside = len(self.openings)
        while (token := _FIELD_TOKEN.search(self.text, position)) is not None:
            position, kind, inside = token.end(), token.lastgroup, len(self.openings) > outside
            if kind == "word":
                self._word(token)
            elif kind == "formatted":
                position = self._formatted(token)
            elif kind == "closing" and not inside:
                return position
            elif kind == "colon" and not inside:
                return self._literal(position, "}", raw=raw)
            elif kind is not None:
                self._other(kind, token)
        return len(self.text)

    def _word(self, token: re.Match[str]) -> None:
        if token.group() not in _SKIPPED:
            self.found.words.append(token.group())
            self.found.starts.append(token.start())

    def _comment(self, token: re.Match[str]) -> None:
        if _LINTER.search(token["comment"]):
            self.comments.append(token)
        if token["comment"].endswith("\\"):
            self.continued_comments.append(token.end())

    def _placed_comments(self) -> list[Comment]:
        lines = LogicalLines(self.text, self.found.lines, self.wholes, self.continued_comments)
        return comments(lines, [token.span("comment") for token in self.comments])
