"""Colour: a report says what a piece of text is, and whoever prints it whether that is shown in colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["error", "warning", "info", "strong", "frame", "help"]
Paint: TypeAlias = Callable[[str, Role], str]
"""From a text and what it is to what is printed."""

CODES: dict[Role, str] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "strong": "1",
    "frame": "1;34",
    "help": "1;36",
}


def plain(text: str, role: Role) -> str:
    """The text alone."""
    return text


def coloured(text: str, role: Role) -> str:
    """The text between escapes that every terminal of today understands."""
    return f"\x1b[{CODES[role]}m{text}\x1b[0m"
