"""A path, or bytes, to source text: decoded as Python would, with plain newlines, and notebooks as one module.

Nothing here looks for files (`discover`) or says what imports mean (`importing`).
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import tokenize
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schedlint.sources.notebook import Cell, NotANotebook, host_parses, to_module

__all__ = ["SIZE_LIMIT", "Cell", "SourceFile", "Unreadable", "from_bytes", "is_notebook", "read", "read_bytes"]

SIZE_LIMIT = 20_000_000
"""Bytes; the largest hand-written module known is a hundred times smaller."""

_NEWLINE = re.compile(r"\r\n?|\n")
_TWO_LINES = re.compile(rb"[^\r\n]*(?:\r\n?|\n)?[^\r\n]*")
# Their decoders take quadratic time, or make one text of many: no source file is written in them.
_NOT_FOR_SOURCE = frozenset({"idna", "punycode", "undefined"})
# Codecs that a package registers to translate f-strings for Python 3.5: what they read is Python 3.6 in UTF-8.
_UTF_8_WITH_A_TRANSLATION = frozenset({"future_fstrings", "future-fstrings"})

_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EACCES: "there is no permission to read it",
    errno.EPERM: "there is no permission to read it",
    errno.ELOOP: "its symbolic links go in a circle",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "it is a folder",
}


class Unreadable(Exception):
    """A file that cannot be turned into text: `reason` is one clause, `row` the place if there is one, else 1."""

    def __init__(self, path: str, reason: str, row: int = 1) -> None:
        """Say of `path`, as it was given, why it cannot be read."""
        super().__init__(f"{path}:{row}: {reason}")
        self.path = path
        self.reason = reason
        self.row = row


@dataclass(frozen=True, slots=True)
class SourceFile:
    r"""The text of a module and how it was written down.

    `path` is the path as it was given. `text` has no byte order mark and only `\n` between rows; form feeds stay, as
    they count as a column and nothing else. `digest` is a hash of the raw bytes. `newline` is the first line ending of
    the file and `encoding` its declared one: both are for writing it back. `cells` is empty unless the file is a
    notebook; `broken` are the numbers of cells that are not Python and left empty in `text`.
    """

    path: str
    text: str
    cells: tuple[Cell, ...]
    digest: str
    newline: str
    encoding: str
    broken: tuple[int, ...] = ()

    def locate(self, row: int) -> tuple[int | None, int]:
        """The number of the cell that holds `row` of the text (None outside notebooks) and the row within it."""
        if not self.cells:
            return None, row
        index = bisect_right(self.cells, row, key=lambda cell: cell.first_row) - 1
        cell = self.cells[max(0, index)]
        return cell.number, max(1, row - cell.first_row + 1)

    def lines(self, cell: int | None = None) -> list[str]:
        """The rows as people see them: of the file, or of a cell of the notebook."""
        if not self.cells:
            return self.text.split("\n")
        return next((each.source.split("\n") for each in self.cells if each.number == cell), [])


def is_notebook(path: str) -> bool:
    """Whether the name is that of a Jupyter notebook."""
    return path.lower().endswith(".ipynb")


def read(path: str | Path, *, parses: Callable[[str], bool] = host_parses) -> SourceFile:
    """The source text at `path`. Raises `Unreadable`, and nothing else, whatever is there."""
    return from_bytes(path, read_bytes(path), parses=parses)


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a regular file of at most `SIZE_LIMIT`; a pipe or a device is never opened. Raises `Unreadable`."""
    name = os.fspath(path)
    try:
        _refuse_all_but_files(name, os.stat(name))
        with open(name, "rb", opener=_open_without_waiting) as stream:
            _refuse_all_but_files(name, os.fstat(stream.fileno()))  # it may have been replaced meanwhile
            data = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Unreadable(name, explain(error)) from error
    except ValueError as error:
        raise Unreadable(name, "its name cannot be the name of a file") from error
    refuse_large(name, data)  # the size was a lie, as it is for files in /proc
    return data


def refuse_large(path: str, data: bytes) -> None:
    """Raise `Unreadable` for more than `SIZE_LIMIT` bytes."""
    if len(data) > SIZE_LIMIT:
        raise Unreadable(path, _too_large())


def from_bytes(path: str | Path, data: bytes, *, parses: Callable[[str], bool] = host_parses) -> SourceFile:
    """The source text in `data`, read as a notebook if `path` names one. Raises `Unreadable`.

    `parses` says whether the masked text of a notebook's cell is Python; it is not used for other files.
    """
    name = os.fspath(path)
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    if is_notebook(name):
        try:
            module = to_module(data, parses)
        except NotANotebook as error:
            raise Unreadable(name, error.reason, error.row) from error
        return SourceFile(name, module.text, module.cells, digest, "\n", "utf-8", module.broken)
    encoding = _encoding(name, data)
    text = _decode(name, data, encoding)
    newline = "\n"
    if "\r" in text and (first := _NEWLINE.search(text)):
        newline, text = first[0], _NEWLINE.sub("\n", text)
    return SourceFile(name, text, (), digest, newline, encoding)


Range = tuple[tuple[int, int], tuple[int, int], str]
"""Row and column, from 1, at which a range of the text begins, those behind its end, and what takes its place."""


def rewritten(path: str | Path, data: bytes, ranges: Sequence[Range]) -> bytes:
    """The bytes of a file, no notebook, in which ranges of the text are replaced. All else stays as it is to the byte;
    rows that are added end as the first one does. Raises `Unreadable` where that cannot be done.
    """
    name = os.fspath(path)
    source = from_bytes(name, data)
    text = _decode(name, data, source.encoding)
    starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]
    for (row, column), (end_row, end_column), content in sorted(ranges, reverse=True):
        start, end = starts[row - 1] + column - 1, starts[end_row - 1] + end_column - 1
        text = text[:start] + content.replace("\n", source.newline) + text[end:]
    try:
        return text.encode(source.encoding)
    except UnicodeError as error:
        raise Unreadable(name, f"it cannot be written as {source.encoding}") from error


def explain(error: OSError) -> str:
    """Why the system did not give a file, as a clause."""
    known = _REASONS.get(error.errno or 0)
    return known or f"the system refuses it ({error.strerror or type(error).__name__})"


def _refuse_all_but_files(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(name, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(name, "it is not a regular file")
    if status.st_size > SIZE_LIMIT:
        raise Unreadable(name, _too_large())


def _too_large() -> str:
    return f"it is larger than {SIZE_LIMIT // 1_000_000} MB"


def _open_without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _encoding(name: str, data: bytes) -> str:
    """The encoding that the file declares (PEP 263), `utf-8-sig` for a byte order mark, or `utf-8`."""
    found = _TWO_LINES.match(data)
    header = b"".join(line + b"\n" for line in found[0].splitlines()) if found else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(header).readline)
    except SyntaxError as error:
        return _encoding_despite(name, str(error))
    if encoding in _NOT_FOR_SOURCE:
        raise Unreadable(name, f"it declares the encoding {encoding}, which is not for source files")
    return encoding


def _encoding_despite(name: str, message: str) -> str:
    """The encoding of a file that `tokenize` refuses with `message`, or `Unreadable` if it is right to."""
    if "missing" in message:  # no declaration, and not UTF-8 either: decoding says on which row
        return "utf-8"
    if not message.startswith("unknown encoding: "):
        raise Unreadable(name, "its byte order mark says UTF-8 and its coding line says another encoding")
    declared = message.removeprefix("unknown encoding: ")
    if declared in _UTF_8_WITH_A_TRANSLATION:
        return "utf-8"
    raise Unreadable(name, f"it declares the encoding {declared}, which Python does not know")


def _decode(name: str, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
        if encoding not in ("utf-8", "utf-8-sig"):
            text.encode("utf-8")  # some decoders give halves of characters, which no parser takes
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n?|\n", data[: error.start])) + 1
        raise Unreadable(name, f"it is not {_spoken(encoding)}, as it should be", row) from error
    except (UnicodeError, LookupError) as error:
        raise Unreadable(name, f"it cannot be decoded as {encoding}") from error
    if "\0" in text:
        row = len(_NEWLINE.findall(text[: text.index("\0")])) + 1
        raise Unreadable(name, "it holds a NUL character, which no Python source may", row)
    return text


def _spoken(encoding: str) -> str:
    return "UTF-8" if encoding.startswith("utf-8") else encoding
