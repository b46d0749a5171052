"""Which files do something when they are run, and which only define: told from bytes, so that the latter need no parse.

What it says may be too much (a string whose rows look like calls). For text that people write it is never too little:
it would miss a call on the row of an import, or in a definition's header, neither of which is followed anyway.
"""

from __future__ import annotations

import re

# What stands at the left edge begins a statement, or closes its brackets; indented rows belong to it.
_BEGINNING = re.compile(rb"^(?=[^\s)\]}])", re.MULTILINE)
_DEFINITION = re.compile(rb"(?:(?:async[ \t]+)?def|class|import|from)\b(?![^\n]*;)|[@#]")
_CALL = re.compile(
    rb"\b(?!(?:and|as|assert|elif|except|if|import|in|is|not|or|return|while)\b)[\w\x80-\xff]+[ \t]*\(|[)\]][ \t]*\("
)
_MAKES_NOTHING = re.compile(rb"\w+[ \t]*(?::[^=\n]*)?=[ \t]*(?:\w+\.)?(?:getLogger|get_logger|TypeVar|NewType)\(")
"""The calls that stand in modules which otherwise only define."""


def does_something(data: bytes) -> bool:
    """Whether the body of a module calls anything, outside the functions and classes that it defines."""
    return any(map(_calls, _BEGINNING.split(data.replace(b"\r", b"\n"))))


def _calls(statement: bytes) -> bool:
    if _DEFINITION.match(statement) or _MAKES_NOTHING.match(statement):
        return False
    return _CALL.search(statement) is not None
