"""What schedlint says of an edited program, and of the program as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from schedlint import app
from schedlint.diagnostics import Diagnostic
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Cadence, Reading, Unit
from tests.seeded.candidates import bars, spot, spots
from tests.seeded.copies import edited
from tests.seeded.seeds import Seed


@dataclass(frozen=True)
class Verdict:
    """Whether the mistake of a program is reported; if not, what is not understood of it."""

    kind: str
    code: str
    made: str
    stepped: str
    class_name: str
    caught: bool
    message: str = ""
    reasons: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    diff: str = ""


@dataclass
class Bench:
    """A copy of a tree, in which programs are edited and checked one after the other."""

    folder: Path
    failures: list[str] = field(default_factory=list)
    _unedited: dict[tuple[str, ...], tuple[Diagnostic, ...]] = field(default_factory=dict)

    def alarms(self, seed: Seed) -> list[Diagnostic]:
        """What is said of the candidate of a program before it is edited, when the same files are checked."""
        files = self._files(seed)
        if files not in self._unedited:
            self._unedited[files] = self._check(files)
        said = [one for one in self._unedited[files] if spots(one) & seed.candidate.places]
        return [one for one in said if one.code == seed.kind.code or bars(one)]

    def verdict(self, seed: Seed) -> Verdict:
        """What is said of an edited program."""
        files = self._files(seed)
        diff = self._diff(seed)
        with edited(self.folder, seed.texts):
            said = [one for one in self._check(files) if spots(one) & seed.places] if seed.kind.is_ruled else []
            hits = [one for one in said if one.code == seed.kind.code]
            reasons = () if hits or not seed.kind.is_ruled else tuple(dict.fromkeys(self._reasons(seed, files)))
        made, stepped = seed.candidate.made_at, seed.candidate.stepped_at
        return Verdict(
            seed.kind.name,
            seed.kind.code,
            str(made),
            str(stepped),
            seed.candidate.class_name,
            bool(hits),
            hits[0].message if hits else "",
            reasons,
            tuple(sorted({one.code for one in said} - {seed.kind.code})),
            diff,
        )

    def _diff(self, seed: Seed) -> str:
        """The edit, for a reader."""
        lines: list[str] = []
        for path, text in seed.texts:
            old = (self.folder / path).read_text(encoding="utf-8").splitlines()
            lines += unified_diff(old, text.splitlines(), path, path, lineterm="")
        return "\n".join(lines)

    def _files(self, seed: Seed) -> tuple[str, ...]:
        changed = {path for path, _ in seed.texts}
        return tuple(sorted({*changed, seed.candidate.made_at.path, seed.candidate.stepped_at.path}))

    def _check(self, files: Sequence[str]) -> tuple[Diagnostic, ...]:
        report = app.check(files, select=(), ignore=(), cwd=str(self.folder))
        self.failures += report.internal_errors
        return report.diagnostics

    def _reasons(self, seed: Seed, files: Sequence[str]) -> Iterator[str]:
        """Why nothing is said, as far as the timelines of the edited program tell."""
        met = False
        for program in app.timelines(files, cwd=str(self.folder)).programs:
            for reading in program.readings:
                for scheduler in reading.timeline.schedulers():
                    if spot(self.folder, scheduler.place) == seed.made_at and not scheduler.handed_in:
                        met = True
                        yield from unknowns(reading, scheduler)
        if not met:
            yield "the scheduler is not seen to be built"


def unknowns(reading: Reading, scheduler: Object) -> Iterator[str]:
    """What is not understood of a scheduler; and if that is nothing, what is."""
    horizon = reading.horizon(scheduler.id)
    if not scheduler.classes:
        yield f"class unknown: {scheduler.class_reason}"
    if not scheduler.optimizers:
        yield f"optimizer unknown: {scheduler.optimizer_reason}"
    for escape in scheduler.escapes:
        yield f"escapes: {escape.how}"
    if horizon is not None:
        known = horizon.unit is not Unit.UNKNOWN
        yield f"unit {horizon.confidence.value}: {horizon.unit.value}" if known else f"unit unknown: {horizon.reason}"
    for fact in reading.cadences_of(scheduler.id):
        known = fact.cadence is not Cadence.UNKNOWN
        yield (f"cadence {fact.confidence.value}: {fact.cadence.value}" if known else f"cadence unknown: {fact.reason}")
    if not reading.cadences_of(scheduler.id):
        yield "no step of it is seen"
