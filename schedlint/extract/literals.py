"""The values of literals."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

_PLAIN = frozenset("\"'")


def integer(source: str) -> int | None:
    """The value of an integer literal; None beyond 64 bits."""
    if len(source) > 80:  # CPython refuses to convert thousands of digits
        return None
    value = int(source, 0)
    return value if value < 1 << 63 else None


def string(source: str) -> str | None:
    """The value of one string literal; None for bytes and for text that no encoding can carry (lone surrogates)."""
    if source[0] in _PLAIN and "\\" not in source and "\r" not in source:
        width = 3 if source[:3] in ('"""', "'''") else 1
        return _carried(source[width:-width])
    return _evaluated(source)


@lru_cache(maxsize=4096)
def _evaluated(source: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown escapes are the business of other linters
        try:
            value = ast.literal_eval(source)
        except (SyntaxError, ValueError):  # `"\N{no such name}"`: LibCST looks at no escapes
            return None
    return _carried(value) if isinstance(value, str) else None


def _carried(value: str) -> str | None:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value
