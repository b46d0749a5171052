"""Diagnostics as a JSON array: ruff's keys, so that its consumers work, and severity, confidence, related."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from schedlint.diagnostics import STDIN, Diagnostic, Fix, Location, Note
from schedlint.reporters.text import last_row


def render(diagnostics: Sequence[Diagnostic], cwd: str) -> str:
    """The array, in the order given. File names are absolute, as ruff's are; relative ones are taken from `cwd`."""
    return json.dumps([entry(diagnostic, cwd) for diagnostic in diagnostics], indent=2)


def entry(diagnostic: Diagnostic, cwd: str) -> dict[str, Any]:
    """One diagnostic. `noqa_row` is where a comment that silences it is best written: where its range ends."""
    return {
        **where(diagnostic.at, cwd),
        "code": diagnostic.code,
        "name": diagnostic.name,
        "message": diagnostic.message,
        "severity": diagnostic.severity.value,
        "confidence": diagnostic.confidence.value,
        "fix": None if diagnostic.fix is None else fix(diagnostic.fix, cwd),
        "help": diagnostic.help or None,
        "noqa_row": last_row(diagnostic.at),
        "url": None,
        "related": [related(note, cwd) for note in diagnostic.related],
    }


def fix(made: Fix, cwd: str) -> dict[str, Any]:
    """A fix, all of its edits together."""
    return {
        "applicability": made.applicability.value,
        "message": made.title,
        "edits": [{**where(edit.at, cwd), "content": edit.content} for edit in made.edits],
    }


def related(note: Note, cwd: str) -> dict[str, Any]:
    """One related location; an essential one is part of what makes the finding what it is."""
    return {**where(note.at, cwd), "message": note.message, "essential": note.essential}


def where(at: Location, cwd: str) -> dict[str, Any]:
    """File (`-` for standard input), cell of a notebook (null elsewhere), start and end."""
    return {
        "filename": at.path if at.path == STDIN else os.path.normpath(os.path.join(cwd, at.path)),
        "cell": at.cell,
        "location": {"row": at.row, "column": at.column},
        "end_location": {"row": at.end_row, "column": at.end_column},
    }
