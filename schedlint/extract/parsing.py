"""LibCST's parser, with every way in which it can refuse a text made into one: SyntaxFault."""

from __future__ import annotations

import ast
import re
import warnings

from libcst import Module, ParserSyntaxError, parse_module

from schedlint.extract.fault import TOO_DEEP, SyntaxFault

_LIBCST_PLACE = re.compile(r"error at (\d+):(\d+)")


def parse(text: str) -> Module:
    """The syntax tree of a text whose brackets were seen not to nest too deeply. Raises SyntaxFault."""
    try:
        return parse_module(text)
    except ParserSyntaxError as refusal:
        raise _located(text, refusal) from refusal
    except UnicodeEncodeError as error:  # a lone surrogate
        before = text[: error.start]
        row, column = before.count("\n") + 1, error.start - before.rfind("\n")
        raise SyntaxFault(row, column, "syntax error: a character that no encoding can carry") from error
    except RecursionError as error:  # LibCST checks an import of a thousand dotted names recursively
        raise SyntaxFault(1, 1, TOO_DEEP) from error


def _located(text: str, refusal: ParserSyntaxError) -> SyntaxFault:
    """What is wrong and where, from CPython where it refuses the text too: LibCST often knows no row."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return SyntaxFault(max(error.lineno or 1, 1), max(error.offset or 1, 1), f"syntax error: {error.msg}")
    except (ValueError, MemoryError, RecursionError):  # null bytes; more nesting than CPython's own parser bears
        pass
    place = _LIBCST_PLACE.search(str(refusal))
    row, column = (int(place[1]), int(place[2]) + 1) if place else (1, 1)
    return SyntaxFault(row, column, "syntax error")
