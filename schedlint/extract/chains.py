"""Chains that LibCST's parser cannot bear: thousands of operators, calls or lambdas in one expression.

They take it quadratic time (LibCST 1.9: 5 s for a sum of 5,000 terms) or overflow the stack of the process (5,000
lambdas in each other). Nobody writes them, but hostile files need an answer too. Whether to look is decided by lengths
alone, so ordinary files pay nothing.
"""

from __future__ import annotations

import re

LONGEST_CHAIN = 1_500
LONGEST_LAMBDAS = 500

_SUSPICIOUS_LENGTH = 4_000
_SUSPICIOUS_CONTINUATIONS = 300

_PIECE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'(?:[^'\\\r\n]|\\.)*'"
    r"|#[^\r\n]*|\\\r?\n"
    r"|(?P<lambda>\blambda\b)"
    r"|(?P<link>\b(?:not|and|or|if|await)\b|[-+*/%@&|^~<>.])"
    r"|\w+"
    r"|(?P<opening>[(\[{])"
    r"|(?P<closing>[)\]}])"
    r"|(?P<separator>[,;])"
    r"|(?P<row>[\r\n])",
    re.DOTALL,
)


def overlong_chain(text: str, lines: list[int], longest_brackets: int) -> int | None:
    """The offset at which a chain is longer than the parser bears.

    `lines` are the offsets of the rows, `longest_brackets` the greatest length of text between outermost brackets.
    """
    widest = max((end - start for start, end in zip(lines, [*lines[1:], len(text)], strict=True)), default=0)
    suspicious = max(widest, longest_brackets) > _SUSPICIOUS_LENGTH
    return _found(text) if suspicious or text.count("\\\n") > _SUSPICIOUS_CONTINUATIONS else None


def _found(text: str) -> int | None:
    links = [0]  # of the chain being read, one for each bracket around it
    lambdas = 0
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "closing" and len(links) > 1:
            links.pop()
        elif kind == "separator":
            links[-1] = 0
        elif kind == "row" and len(links) == 1:
            links, lambdas = [0], 0
        elif kind in ("link", "opening", "lambda"):
            links[-1] += 1
            lambdas += kind == "lambda"
            if links[-1] > LONGEST_CHAIN or lambdas > LONGEST_LAMBDAS:
                return piece.start()
            if kind == "opening":
                links.append(0)
    return None
