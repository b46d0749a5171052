"""Every line that a page or a fixture marks as a mistake, once more with a comment that silences it: nothing is
reported for it, and everything else as before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from schedlint import app
from tests.examples import asked_for, examples
from tests.oracle.recording import FIXTURES, fixture_folders

UNSILENCED = {"LRS900", "LRS901"}
"""What is said of a file and not of a line, so that no comment silences it."""

EXAMPLES = [example for example in examples() if example.page.code not in UNSILENCED]
EXPECT = re.compile(r"\s*# expect: (?P<codes>LRS\d{3}(?:, LRS\d{3})*)$")

Texts = dict[tuple[str, int], list[str]]
"""The lines of the files of a program, by name and number of the cell (0 for a file that is no notebook)."""

Reported = set[tuple[str, int, int, str]]
"""File, cell (or 0), row and code."""


class Marked(NamedTuple):
    """A marked line of a program: `row` as it is reported; the marker may stand alone on the row above."""

    texts: Texts
    file: str
    cell: int
    row: int
    marker: int
    codes: tuple[str, ...]


def marked_lines(texts: Texts) -> Iterator[Marked]:
    for (file, cell), lines in texts.items():
        for marker, line in enumerate(lines, start=1):
            if found := EXPECT.search(line):
                row = marker if line[: found.start()].strip() else marker + 1
                yield Marked(texts, file, cell, row, marker, tuple(found["codes"].split(", ")))


def texts_of(files: dict[str, str]) -> Texts:
    texts: Texts = {}
    for name, text in files.items():
        if not name.endswith(".ipynb"):
            texts[name, 0] = text.split("\n")
            continue
        for number, cell in enumerate(json.loads(text)["cells"], start=1):
            if cell["cell_type"] == "code":
                texts[name, number] = "".join(cell["source"]).split("\n")
    return texts


def written(texts: Texts, folder: Path) -> None:
    """The program in a folder; cells that are no code are left out of a notebook, their numbers are not."""
    notebooks: dict[str, list[dict[str, object]]] = {}
    for (name, number), lines in texts.items():
        path, text = folder / name, "\n".join(lines)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not number:
            path.write_text(text, encoding="utf-8")
            continue
        cells = notebooks.setdefault(name, [])
        cells += [{"cell_type": "markdown", "source": ""}] * (number - 1 - len(cells))
        cells.append({"cell_type": "code", "source": text})
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), encoding="utf-8")


def programs() -> Iterator[tuple[str, Texts]]:
    """Every program with a marked line: those on pages, and the fixtures."""
    yield from ((example.name, texts_of(dict(example.files))) for example in EXAMPLES)
    for folder in fixture_folders():
        files = [path for path in folder.rglob("*") if path.suffix in {".py", ".ipynb", ".json", ".yaml", ".toml"}]
        named = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
        yield folder.name, texts_of(named)


def behind(line: str, codes: str) -> list[str]:
    return [f"{line}  # noqa: {codes}"]


def above(line: str, codes: str) -> list[str]:
    indentation = line[: len(line) - len(line.lstrip())]
    return [f"{indentation}# schedlint: ignore[{codes}] because it is meant", line]


def silenced(case: Marked, how: Callable[[str, str], list[str]]) -> Texts:
    """The program without this marker, and with a comment that silences what it expects."""
    lines = [*case.texts[case.file, case.cell]]
    lines[case.marker - 1] = EXPECT.sub("", lines[case.marker - 1])
    lines[case.row - 1 : case.row] = how(lines[case.row - 1], ", ".join(case.codes))
    return {**case.texts, (case.file, case.cell): lines}


def expected(texts: Texts) -> Reported:
    """What the markers that are left say."""
    return {(each.file, each.cell, each.row, code) for each in marked_lines(texts) for code in each.codes}


def reported(texts: Texts, folder: Path) -> Reported:
    written(texts, folder)
    config = asked_for(line for lines in texts.values() for line in lines)
    found = app.check([str(folder)], config, cwd=str(folder)).diagnostics
    return {(each.at.path, each.at.cell or 0, each.at.row, each.code) for each in found}


CASES = [
    pytest.param(case, id=f"{name}-{case.file}-{case.cell}-{case.row}")
    for name, texts in programs()
    for case in marked_lines(texts)
]


@pytest.mark.parametrize("how", [behind, above], ids=["noqa behind it", "ignore above it"])
@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_silenced_and_no_other(case: Marked, how: Callable[[str, str], list[str]], tmp_path: Path) -> None:
    texts = silenced(case, how)
    assert reported(texts, tmp_path) == expected(texts)


def test_every_marked_line_is_tried() -> None:
    everything = "".join(
        path.read_text(encoding="utf-8") for path in FIXTURES.rglob("*") if path.suffix in {".py", ".ipynb"}
    )
    everything += "".join(text for example in EXAMPLES for _, text in example.files)
    assert len(CASES) == everything.count("# expect: LRS") > 0
