"""What is wrong and how it is said: findings, which rules make, and diagnostics, which people and programs are shown.

A `Finding` speaks of places in the text as it was read; a `Diagnostic` of locations as the reader finds them (a path to
open, the cell of a notebook). Choosing among findings, and rendering, live elsewhere.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from schedlint.place import Place
from schedlint.remedies import Applicability, Remedy

STDIN = "-"
"""The path of what comes through standard input without a name."""


class UsageError(Exception):
    """What the user asked for cannot be done; the text is the one line that says so."""


class Severity(str, Enum):
    """How bad a mistake is, if it is one."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(str, Enum):
    """How sure an inferred fact, or a finding built on it, is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    def reaches(self, least: Confidence) -> bool:
        """Whether this is at least as sure."""
        order = tuple(Confidence)
        return order.index(self) <= order.index(least)


class Related(Struct, frozen=True):
    """Another place that a finding rests on. A suppression at an `essential` one silences the finding."""

    message: str
    place: Place
    essential: bool = False


class Failure(Struct, frozen=True):
    """An error of the analysis itself: what failed, and on what."""

    message: str
    place: Place


class Finding(Struct, frozen=True):
    """One mistake, as a rule found it; `place` is where the fix goes and `help` says in a sentence what to do there.

    `condition` says under which configuration it happens ("args.sched == 'cos'", "" for always). `key` names the
    construction it is about: (code, key, condition) is the finding's identity, however many entries show it. `remedy`
    is what would put it right, where that can be said of places.
    """

    code: str
    name: str
    message: str
    place: Place
    severity: Severity
    confidence: Confidence
    related: tuple[Related, ...] = ()
    condition: str = ""
    key: str = ""
    help: str = ""
    remedy: Remedy | None = None


class Location(Struct, frozen=True):
    """A range as the reader finds it: rows and columns count from 1, the end is exclusive.

    `path` is as it should be displayed; `cell` counts all cells of a notebook from 1 and the rows are then its own.
    """

    path: str
    row: int
    column: int
    end_row: int
    end_column: int
    cell: int | None = None


class Note(Struct, frozen=True):
    """A related location of a diagnostic."""

    message: str
    at: Location
    essential: bool = False


class Edit(Struct, frozen=True):
    """A range of a file and what takes its place."""

    at: Location
    content: str


class Fix(Struct, frozen=True):
    """Edits that put what is reported right, all of them together; `title` says in a few words what they do."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]


class Diagnostic(Struct, frozen=True):
    """What is shown: a finding that was selected and not suppressed, or what the linter has to say about itself."""

    at: Location
    code: str
    name: str
    message: str
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.CERTAIN
    related: tuple[Note, ...] = ()
    help: str = ""
    fix: Fix | None = None

    @property
    def order(self) -> tuple[str, int, int, int, str, str]:
        """The key to sort by: as the files are read from top to bottom."""
        return self.at.path, self.at.cell or 0, self.at.row, self.at.column, self.code, self.message
