"""Signatures as the tables write them: `"optimizer, step_size, gamma=0.1, *, capturable=False since 2.0"`.

One string holds all parameters of a constructor or function in positional order. A default is a number, `True`,
`False`, `None`, a quoted string, or `...` where it is no literal; `*` alone makes what follows keyword-only;
`since 2.0` and `until 2.7` bound the versions. Anything else is refused. Nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schedlint.knowledge.schema import Parameter

Default = bool | int | float | str | None

ITEM = re.compile(
    r"(?P<name>[A-Za-z_]\w*)"
    r"(?:=(?P<default>'[^',]*'|[^\s',]+))?"
    r"(?: since (?P<since>\d[\d.]*))?"
    r"(?: until (?P<until>\d[\d.]*))?"
)
INTEGER = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+(?:\.\d*)?(?:e-?\d+)?")
WORDS: dict[str, Default] = {"True": True, "False": False, "None": None}


class SignatureError(ValueError):
    """A signature that cannot be read; the text says which part and why."""


def signature(text: str) -> tuple[Parameter, ...]:
    """The parameters that `text` lists. Raises `SignatureError` for anything but the form above."""
    found = tuple(parameters(text))
    names = [parameter.name for parameter in found]
    if len(set(names)) != len(names):
        raise SignatureError(f"a parameter is listed twice in {text!r}")
    positional = [parameter.required for parameter in found if not parameter.keyword_only]
    if positional != sorted(positional, reverse=True):
        raise SignatureError(f"a parameter without a default follows one with a default in {text!r}")
    return found


def parameters(text: str) -> Iterator[Parameter]:
    """Each parameter in turn; an empty text has none."""
    keyword_only = False
    for item in map(str.strip, text.split(",") if text.strip() else ()):
        if item == "*" and not keyword_only:
            keyword_only = True
            continue
        match = ITEM.fullmatch(item)
        if match is None:
            raise SignatureError(f"{item!r} in {text!r} is no parameter")
        written = match["default"]
        yield Parameter(
            name=match["name"],
            required=written is None,
            default=default(written) if written not in (None, "...") else None,
            opaque=written == "...",
            keyword_only=keyword_only,
            since=match["since"] or "",
            until=match["until"] or "",
        )


def default(written: str) -> Default:
    """The value of a literal. Raises `SignatureError` where it is none of those allowed."""
    if written in WORDS:
        return WORDS[written]
    if written.startswith("'"):
        return written[1:-1]
    if INTEGER.fullmatch(written):
        return int(written)
    if DECIMAL.fullmatch(written):
        return float(written)
    raise SignatureError(f"{written!r} is no literal default")
