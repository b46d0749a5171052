"""The parts of a notebook cell that only IPython understands, masked line by line.

What comes out has exactly as many lines as what went in, and every column of what is kept is where it was. Whether the
result is Python is for `notebook` to find out; nothing here reads JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_RUN_THEIR_BODY = (
    "capture debug lprun memit mprun prun pyinstrument python python3 px scalene snakeviz time timeit wandb"
)
TRANSPARENT_CELL_MAGICS = frozenset(_RUN_THEIR_BODY.split())
"""Cell magics whose body is Python that belongs to the program; the body of every other one is something else."""

_CELL_MAGIC = re.compile(r"[ \t]*%%(\w+)[^?]*$")
# None of these characters can begin a statement of Python: magic, shell, help, and the three ways to quote a call.
_COMMAND = re.compile(r"([ \t]*)[%!?,;/]")
# A question mark is no token of Python, so outside strings and comments it ends a line only to ask for help.
_HELP = re.compile(r"([ \t]*)(?![ \t])[^#'\"]*[\w\])*]\?{1,2}(?:[ \t]*;)?$")
_TARGET = r"[^\W\d][\w.]*(?:\[[^\[\]=]*\])?"
_ASSIGNED = re.compile(rf"([ \t]*{_TARGET}(?:[ \t]*,[ \t]*{_TARGET})*[ \t]*(?::[^=]*)?=)[ \t]*[%!]")
_TIMED = re.compile(r"([ \t]*)%(?:timeit|time|prun)(?:[ \t]+--?[a-zA-Z][\w-]*(?:[ \t]+\d+)?)*[ \t]+(?=[^\s-])")
_TIMED_VALUE = re.compile(r"[ \t]*%time[ \t]+(?=[^\s-])")
_SHELL_WORD = re.compile(
    r"([ \t]*)(?:cat|cd|clear|conda|cp|head|ls|load_ext|man|matplotlib|mkdir|mv|pip3?|pwd|rm|rmdir|tail|wget)"
    r"(?:[ \t]+[\w./~*$-]|[ \t]*$)"
)

_TOKEN = re.compile(r"""#|\"{3}|'{3}|["'()\[\]{}]""")
_REST_OF_STRING = {quote: re.compile(rf"(?:\\.|(?!{quote})[^\\])*{quote}") for quote in ('"', "'", '"' * 3, "'" * 3)}


class _Open(NamedTuple):
    """What is still open at the end of a line; a line is the start of a statement when nothing is."""

    quote: str = ""
    depth: int = 0
    continued: bool = False


_NOTHING = _Open()


def mask_cell(lines: Sequence[str], parses: Callable[[str], bool]) -> list[str]:
    """The lines of a cell with what IPython alone understands replaced by nothing, `pass` or `None`.

    A cell magic that does not run its body as Python of this program leaves only empty lines. `parses` says whether a
    text is Python; it is asked about the statements behind `%time` and its kind, which are kept where they stand.
    """
    masked: list[str] = []
    while (magic := _leading_cell_magic(lines, len(masked))) is not None:
        found = _CELL_MAGIC.match(lines[magic])
        if found is None or found[1] not in TRANSPARENT_CELL_MAGICS:
            return [""] * len(lines)
        masked += [*lines[len(masked) : magic], "pass"]
    return masked + _mask_lines(lines[len(masked) :], parses)


def mask_bare_commands(lines: Sequence[str]) -> list[str]:
    """The lines with commands written without `%` or `!` (`pip install x`, `cd src`) replaced by `pass`.

    IPython runs these too, but they can be Python (`ls`): this is for cells that are no Python without it.
    """
    return [f"{found[1]}pass" if (found := _SHELL_WORD.match(line)) else line for line in lines]


def _leading_cell_magic(lines: Sequence[str], start: int) -> int | None:
    """Index of the line `%%magic` if nothing but empty lines and comments stands between it and `start`."""
    for index in range(start, len(lines)):
        text = lines[index].lstrip()
        if text.startswith("%%"):
            return index
        if text and not text.startswith("#"):
            return None
    return None


def _mask_lines(lines: Sequence[str], parses: Callable[[str], bool]) -> list[str]:
    masked: list[str] = []
    opened = _NOTHING
    in_command = False
    for line in lines:
        replaced = "" if in_command else _mask_statement(line, parses) if opened == _NOTHING else None
        in_command = replaced is not None and line.endswith("\\")
        if replaced is None:
            replaced = line
            opened = _after(line, opened)
        masked.append(replaced)
    return masked


def _mask_statement(line: str, parses: Callable[[str], bool]) -> str | None:
    """What stands for a line that begins a statement, or None if that line may well be Python."""
    if found := _COMMAND.match(line):
        return _timed_statement(line, parses) or f"{found[1]}pass"
    if found := _ASSIGNED.match(line):
        return _timed_value(found[1], line[found.end(1) :], parses) or f"{found[1]} None"
    if found := _HELP.match(line.rstrip()):
        return f"{found[1]}pass"
    return None


def _timed_statement(line: str, parses: Callable[[str], bool]) -> str | None:
    """`%time f()` with `pass;` and spaces in place of the magic, so that the statement stays in its column."""
    found = _TIMED.match(line)
    if found is None:
        return None
    statement = line[found.end() :]
    if not parses(f"pass;{statement}"):
        return None
    return f"{found[1]}pass;".ljust(found.end()) + statement


def _timed_value(head: str, rest: str, parses: Callable[[str], bool]) -> str | None:
    """`x = %time f()` with spaces in place of the magic; `rest` is what follows the equals sign."""
    found = _TIMED_VALUE.match(rest)
    if found is None or not parses(f"_ = {rest[found.end() :]}"):
        return None
    return head + " " * found.end() + rest[found.end() :]


def _after(line: str, opened: _Open) -> _Open:
    """What is open after a line of Python that began with `opened`."""
    quote, depth, position = opened.quote, opened.depth, 0
    while True:
        if quote:
            closed = _REST_OF_STRING[quote].match(line, position)
            if closed is None:
                goes_on = len(quote) == 3 or line.endswith("\\")
                return _Open(quote if goes_on else "", depth)
            quote, position = "", closed.end()
        token = _TOKEN.search(line, position)
        if token is None or token[0] == "#":
            return _Open("", depth, token is None and line.endswith("\\"))
        position = token.end()
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth = max(0, depth - 1)
        else:
            quote = token[0]
