"""A Jupyter notebook as one Python module: the code cells in order, with as many rows as they have.

Reads the formats 3 and 4 with the standard library's `json`. A cell that is not Python even when masked is left empty,
so that it cannot hide the others. What IPython understands and Python does not is masked in `magics`.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schedlint.sources.magics import mask_bare_commands, mask_cell

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its `number` counts all cells of the notebook from 1; it begins at `first_row` of the module.

    `source` is what people see in it, with what was masked.
    """

    number: int
    first_row: int
    rows: int
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Module:
    """What a notebook says as a module. `broken` are the numbers of the cells left empty because they do not parse."""

    text: str
    cells: tuple[Cell, ...]
    broken: tuple[int, ...]


class NotANotebook(Exception):
    """The bytes are no notebook; `reason` says why and `row` where, as far as that is known."""

    def __init__(self, reason: str, row: int = 1) -> None:
        """Keep the two for whoever knows the path."""
        super().__init__(reason)
        self.reason = reason
        self.row = row


def host_parses(text: str) -> bool:
    """Whether the Python that runs schedlint can parse `text` as a module (`await` outside functions included)."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and the like are not ours to report
        try:
            compile(text, "<cell>", "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return False
    return True


def to_module(data: bytes, parses: Callable[[str], bool] = host_parses) -> Module:
    """The module that the code cells of a notebook make; no cells if its language is not Python.

    `parses` decides whether a masked cell is Python. Raises `NotANotebook`.
    """
    notebook = _load(data)
    rows: list[str] = []
    cells: list[Cell] = []
    broken: list[int] = []
    for number, source in _code_cells(notebook):
        lines, sound = _python_lines(source, parses)
        cells.append(Cell(number, len(rows) + 1, len(lines), source))
        rows += lines
        if not sound:
            broken.append(number)
    return Module("".join(f"{row}\n" for row in rows), tuple(cells), tuple(broken))


def _python_lines(source: str, parses: Callable[[str], bool]) -> tuple[list[str], bool]:
    """The masked lines of a cell, and whether they are Python; if not, they are empty."""
    masked = mask_cell(source.split("\n"), parses)
    for lines in (masked, mask_bare_commands(masked)):
        if not any(lines) or parses("\n".join(lines)):
            return lines, True
    return [""] * len(masked), False


def _load(data: bytes) -> dict[str, object]:
    import json  # 5 ms that only notebooks cost

    if not data.strip():
        raise NotANotebook("the notebook is empty")
    try:
        notebook = json.loads(data)
    except json.JSONDecodeError as error:
        raise NotANotebook(f"the notebook is not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise NotANotebook("the notebook is nested too deeply") from error
    except ValueError as error:  # bytes that are not text, or a number of thousands of digits
        raise NotANotebook("the notebook is not JSON that can be read") from error
    if not isinstance(notebook, dict):
        raise NotANotebook("this is JSON, but not a notebook")
    return notebook


def _code_cells(notebook: dict[str, object]) -> Iterator[tuple[int, str]]:
    """Number and source, with plain newlines, of each code cell that is in Python."""
    cells = _all_cells(notebook)
    if not _is_python(_mapping(notebook.get("metadata"))):
        return
    for number, cell in enumerate(map(_mapping, cells), start=1):
        if cell.get("cell_type") == "code" and _cell_is_python(cell):
            yield number, _plain(_source(cell))


def _all_cells(notebook: dict[str, object]) -> list[object]:
    cells = notebook.get("cells")
    if isinstance(cells, list):
        return cells
    worksheets = notebook.get("worksheets")  # format 3
    if not isinstance(worksheets, list):
        raise NotANotebook("this is JSON, but not a notebook: it has no list of cells")
    sheets = [_mapping(sheet).get("cells") for sheet in worksheets]
    return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]


def _is_python(metadata: dict[str, object]) -> bool:
    """False when the notebook names another language; most notebooks name theirs in one of two places."""
    named = (_mapping(metadata.get("kernelspec")).get("language"), _mapping(metadata.get("language_info")).get("name"))
    return all(_names_python(language) for language in named)


def _cell_is_python(cell: dict[str, object]) -> bool:
    editor = _mapping(_mapping(cell.get("metadata")).get("vscode"))
    return _names_python(cell.get("language")) and _names_python(editor.get("languageId"))


def _names_python(language: object) -> bool:
    return not isinstance(language, str) or not language or language.lower().startswith(("python", "ipython"))


def _source(cell: dict[str, object]) -> str:
    source = cell.get("source", cell.get("input"))  # `input` in format 3
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _plain(source: str) -> str:
    """The source with plain newlines, and without the halves of characters that JSON can write and no file can hold."""
    return _LONE_SURROGATE.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
