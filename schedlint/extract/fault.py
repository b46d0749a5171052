"""The one way in which reading a text as Python can fail. No syntax is known here."""

from __future__ import annotations

TOO_DEEP = "nested too deeply to analyse"


class SyntaxFault(Exception):
    """A text that cannot be read as Python, or not within limits; `row` and `column` count from 1."""

    def __init__(self, row: int, column: int, message: str, path: str = "<string>") -> None:
        super().__init__(f"{path}:{row}:{column}: {message}")
        self.row = row
        self.column = column
        self.message = message
        self.path = path
