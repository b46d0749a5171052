"""What schedlint says of an edited program, and of the program as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from schedlint import app
from schedlint.diagnostics import Diagnostic
from schedlint.selection import INTERNAL_ERROR
from schedlint.timeline.model import EventKind, Object
from schedlint.timeline.reading import Cadence, Reading, Unit
from tests.seeded.candidates import bars, spot, spots
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
    base: str = ""


@dataclass
class Bench:
    """A copy of a tree, in which programs are edited and checked one after the other."""

    folder: Path
    failures: list[str] = field(default_factory=list)
    _unedited: dict[tuple[str, ...], tuple[Diagnostic, ...]] = field(default_factory=dict)

    def alarms(self, seed: Seed) -> list[Diagnostic]:
        """What is said of the candidate of a program before it is edited, when the same files are checked."""
        files = files_of(seed)
        if files not in self._unedited:
            self._unedited[files] = self._check(files)
        said = [one for one in self._unedited[files] if spots(one) & seed.candidate.places]
        return [one for one in said if one.code == seed.kind.code or bars(one)]

    def verdict(self, seed: Seed) -> Verdict:
        """What is said of an edited program."""
        files = files_of(seed)
        overlay = {path: text.encode("utf-8") for path, text in seed.texts}
        said: list[Diagnostic] = []
        if seed.kind.is_ruled:
            said = [one for one in self._check(files, overlay) if spots(one) & seed.places]
        hits = [one for one in said if one.code == seed.kind.code]
        reasons: Iterable[str] = [] if hits or not seed.kind.is_ruled else self._reasons(seed, files, overlay)
        made, stepped = seed.candidate.made_at, seed.candidate.stepped_at
        return Verdict(
            seed.kind.name,
            seed.kind.code,
            str(made),
            str(stepped),
            seed.candidate.class_name,
            bool(hits),
            hits[0].message if hits else "",
            tuple(dict.fromkeys(reasons)),
            tuple(sorted({one.code for one in said} - {seed.kind.code})),
            self._diff(seed),
            seed.candidate.base,
        )

    def _diff(self, seed: Seed) -> str:
        """The edit, for a reader."""
        lines: list[str] = []
        for path, text in seed.texts:
            old = (self.folder / path).read_text(encoding="utf-8").splitlines()
            lines += unified_diff(old, text.splitlines(), path, path, lineterm="")
        return "\n".join(lines)

    def _check(self, files: Sequence[str], overlay: Mapping[str, bytes] | None = None) -> tuple[Diagnostic, ...]:
        said = app.check(files, cwd=str(self.folder), overlay=overlay).diagnostics
        self.failures += [one.message for one in said if one.code == INTERNAL_ERROR]
        return said

    def _reasons(self, seed: Seed, files: Sequence[str], overlay: Mapping[str, bytes]) -> Iterator[str]:
        """Why nothing is said, as far as the timelines of the edited program tell."""
        met = False
        for program in app.timelines(files, cwd=str(self.folder), overlay=overlay).programs:
            for reading in program.readings:
                for scheduler in reading.timeline.schedulers():
                    place = scheduler.place
                    if spot(self.folder, place.path, place.row) == seed.made_at and not scheduler.handed_in:
                        met = True
                        yield from unknowns(reading, scheduler)
        if not met:
            yield "the scheduler is not seen to be built"


def files_of(seed: Seed) -> tuple[str, ...]:
    """The files in which a program is edited, and in which its scheduler is built and stepped."""
    changed = {path for path, _ in seed.texts}
    return tuple(sorted({*changed, seed.candidate.made_at.path, seed.candidate.stepped_at.path}))


def unknowns(reading: Reading, scheduler: Object) -> Iterator[str]:
    """What is not understood of a scheduler, or is in the way of a finding; and the facts there are."""
    timeline = reading.timeline
    if timeline.spent:
        yield f"not finished: {timeline.spent}"
    if not scheduler.classes:
        yield f"class unknown: {scheduler.class_reason}"
    if not scheduler.optimizers:
        yield f"optimizer unknown: {scheduler.optimizer_reason}"
    elif not timeline.optimizer_steps_of(scheduler.id):
        yield "its optimizer is not seen to step"
    for escape in scheduler.escapes:
        yield f"escapes: {escape.how}"
    if timeline.events_of(scheduler.id, EventKind.LAST_EPOCH_WRITTEN):
        yield "its position is set by hand"
    yield from facts(reading, scheduler)


def facts(reading: Reading, scheduler: Object) -> Iterator[str]:
    """Unit and cadences, or why they are not known."""
    horizon = reading.horizon(scheduler.id)
    if horizon is not None:
        known = horizon.unit is not Unit.UNKNOWN
        yield f"unit {horizon.confidence.value}: {horizon.unit.value}" if known else f"unit unknown: {horizon.reason}"
    for fact in reading.cadences_of(scheduler.id):
        known = fact.cadence is not Cadence.UNKNOWN
        yield f"cadence {fact.confidence.value}: {fact.cadence.value}" if known else f"cadence unknown: {fact.reason}"
    if not reading.cadences_of(scheduler.id):
        yield "no step of it is seen"
