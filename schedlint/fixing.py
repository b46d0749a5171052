"""Fixes: made of what findings say would put them right, and carried out.

A fix is kept only if what it was for is no longer reported and nothing else is: the text that it gives is checked
before it is written.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from schedlint.diagnostics import Diagnostic, Edit, Finding, Fix, Location, UsageError
from schedlint.fixes import TextEdit, edits_of
from schedlint.fixes.source import Source
from schedlint.remedies import Applicability
from schedlint.sources.text import is_notebook, rewritten
from schedlint.workspace import Workspace

MOST_ROUNDS = 100
"""So often what a fix leaves behind is fixed again, at most."""


class Fixer:
    """Makes fixes for findings in the files that are named: nothing else is ever changed."""

    def __init__(self, workspace: Workspace, named: Sequence[str]) -> None:
        self._workspace = workspace
        self._named = frozenset(named)
        self._sources: dict[str, Source | None] = {}

    def fix(self, finding: Finding) -> Fix | None:
        """The fix of a finding, if it has one that can be made in the texts as they are written."""
        if finding.remedy is None:
            return None
        edits = edits_of(finding.remedy, self._source)
        shown = tuple(self._edit(edit) for edit in edits)
        return Fix(finding.remedy.title, finding.remedy.applicability, shown) if shown else None

    def _source(self, path: str) -> Source | None:
        if path not in self._sources:
            text = self._workspace.text(path) if path in self._named and not is_notebook(path) else None
            self._sources[path] = None if text is None else Source(text)
        return self._sources[path]

    def _edit(self, edit: TextEdit) -> Edit:
        source = self._sources[edit.path]
        assert source is not None
        (row, column), (end_row, end_column) = source.place_of(edit.start), source.place_of(edit.end)
        return Edit(Location(self._workspace.shown(edit.path), row, column, end_row, end_column), edit.text)


# --- carrying out -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fixed:
    """What became of some files: their `before` and `after` by the path that is shown, the fixes that were made, and
    what is still reported.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    fixes: tuple[Fix, ...]
    left: tuple[Diagnostic, ...]


Check = Callable[[Mapping[str, bytes]], "tuple[Diagnostic, ...]"]
"""From the bytes of changed files, by the path that is shown, to what is then reported."""


class Fixing:
    """One run of fixes. `read` gives the bytes of a file that was not changed yet."""

    def __init__(self, check: Check, read: Callable[[str], bytes], *, unsafe: bool) -> None:
        self._check = check
        self._read = read
        self._unsafe = unsafe
        self._before: dict[str, bytes] = {}
        self._after: dict[str, bytes] = {}
        self._made: list[Fix] = []
        self._refused: set[tuple[str, str, Fix | None]] = set()

    def run(self, reported: tuple[Diagnostic, ...]) -> Fixed:
        """Fix what is reported until nothing more can be fixed."""
        for _ in range(MOST_ROUNDS):
            chosen = self._chosen(reported)
            if not chosen:
                break
            reported = self._attempt(reported, chosen)
        return Fixed(self._before, self._after, tuple(self._made), reported)

    def _chosen(self, reported: Sequence[Diagnostic]) -> list[Diagnostic]:
        """What to fix at once: of fixes that overlap, the first."""
        chosen: list[Diagnostic] = []
        taken: list[Edit] = []
        for diagnostic in reported:
            fix = diagnostic.fix
            if fix is None or not is_applicable(fix, unsafe=self._unsafe) or key(diagnostic) in self._refused:
                continue
            if not any(touch(one, other) for one in fix.edits for other in taken):
                chosen.append(diagnostic)
                taken += fix.edits
        return chosen

    def _attempt(self, reported: tuple[Diagnostic, ...], chosen: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Make these fixes if that leaves nothing new, else as many of them as do not; what is reported then."""
        texts = {**self._after, **self._edited(chosen)}
        then = self._check(texts)
        if is_better(reported, then, chosen):
            self._after = texts
            self._made += [diagnostic.fix for diagnostic in chosen if diagnostic.fix is not None]
            return then
        if len(chosen) == 1:
            self._refused.add(key(chosen[0]))
            return reported
        first = self._attempt(reported, chosen[: len(chosen) // 2])
        return first if first is not reported else self._attempt(reported, chosen[len(chosen) // 2 :])

    def _edited(self, chosen: Sequence[Diagnostic]) -> dict[str, bytes]:
        edits = list(chain.from_iterable(each.fix.edits for each in chosen if each.fix is not None))
        return {path: self._rewritten(path, edits) for path in {edit.at.path for edit in edits}}

    def _rewritten(self, path: str, edits: Sequence[Edit]) -> bytes:
        data = self._after.get(path)
        if data is None:
            data = self._before[path] = self._read(path)
        ranges = [
            ((edit.at.row, edit.at.column), (edit.at.end_row, edit.at.end_column), edit.content)
            for edit in edits
            if edit.at.path == path
        ]
        return rewritten(path, data, ranges)


def is_applicable(fix: Fix, *, unsafe: bool) -> bool:
    """Whether a fix is made where unsafe ones are, or are not, asked for."""
    return unsafe or fix.applicability is Applicability.SAFE


def key(diagnostic: Diagnostic) -> tuple[str, str, Fix | None]:
    """What tells a fix that was refused."""
    return diagnostic.code, diagnostic.message, diagnostic.fix


def touch(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap or meet."""
    first, second = sorted((one.at, other.at), key=lambda at: (at.row, at.column))
    return one.at.path == other.at.path and (second.row, second.column) <= (first.end_row, first.end_column)


def is_better(before: Sequence[Diagnostic], after: Sequence[Diagnostic], fixed: Sequence[Diagnostic]) -> bool:
    """Whether what was fixed is no longer reported, and nothing else is that was not."""
    counts = [Counter((each.at.path, each.code) for each in some) for some in (before, after, fixed)]
    return all(counts[1][kind] <= counts[0][kind] - counts[2][kind] for kind in set(counts[0]) | set(counts[1]))


def write(paths: Mapping[str, str], fixed: Fixed) -> Iterator[str]:
    """Write the files, each as a whole or not at all; `paths` says where what is shown lies. Gives the files that were
    written, and raises UsageError for one that cannot be, or that is no longer what was read.
    """
    for shown, data in sorted(fixed.after.items()):
        if data != fixed.before[shown]:
            _replace(paths[shown], shown, fixed.before[shown], data)
            yield shown


def _replace(path: str, shown: str, before: bytes, data: bytes) -> None:
    try:
        with open(path, "rb") as stream:
            if stream.read() != before:
                raise UsageError(f"{shown}: it was changed while it was being fixed, and is left as it is")
        if not os.access(path, os.W_OK):
            raise UsageError(f"{shown}: there is no permission to write it")
        _written(path, data)
    except OSError as error:
        raise UsageError(f"{shown}: it cannot be written: {error.strerror}") from error


def _written(path: str, data: bytes) -> None:
    """Put a new file in the place of one, with its mode."""
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".schedlint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(beside, os.stat(path).st_mode & 0o7777)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
