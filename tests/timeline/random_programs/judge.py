"""What the analyzer says of a generated program, held against what is true of it.

A claim is everything but unknown. What is unknown is counted, with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schedlint import app
from schedlint.diagnostics import Diagnostic
from schedlint.place import Place
from schedlint.selection import INTERNAL_ERROR
from schedlint.timeline.model import Confidence, Event, EventKind, LoopKind, Object
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit
from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.truth import Row, Truth
from tests.timeline.random_programs.writer import Program, program

TOO_OFTEN = frozenset({Cadence.BATCH, Cadence.UPDATE})
LENGTHS = frozenset({"LRS702"})
"""Rules about how long a run is, of which the truth of a program says nothing."""

CHECKPOINTS = "LRS5"
"""The rules about checkpoints: what is saved in a program is no part of its truth."""
RAISING = ("OneCycleLR",)
"""Classes that raise beyond their end, where many programs go: how many steps are taken is no part of the truth."""
FINER = frozenset({Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS})


@dataclass(frozen=True)
class Understood:
    """What the analyzer says of a program that lies in a folder."""

    folder: Path
    readings: tuple[Reading, ...]
    diagnostics: tuple[Diagnostic, ...]
    errors: tuple[str, ...]

    def row(self, place: Place) -> Row:
        """A place as the truth has it."""
        return Path(place.path).relative_to(self.folder).as_posix(), place.row

    def cadences(self) -> Iterator[tuple[Reading, CadenceReading, Object, Event]]:
        """Every cadence of every reading, with its scheduler and its step."""
        for reading in self.readings:
            for fact in reading.cadences:
                yield reading, fact, reading.timeline.object(fact.object), reading.timeline.event(fact.event)

    def pairs(self) -> Iterator[tuple[tuple[Row, Row], CadenceReading]]:
        """Every cadence, with the places of its scheduler and of its step."""
        for _, fact, scheduler, event in self.cadences():
            yield (self.row(scheduler.place), self.row(event.place)), fact

    def horizons(self) -> Iterator[tuple[tuple[Row, str], HorizonReading]]:
        """The horizon of every scheduler of a known class, with its place and class."""
        for reading in self.readings:
            for one in reading.timeline.schedulers():
                horizon = reading.horizon(one.id)
                if horizon is not None and one.classes and not one.handed_in:
                    yield (self.row(one.place), one.classes[0].rpartition(".")[2]), horizon

    def found(self, code: str) -> set[Row]:
        """The places of a rule's findings."""
        return {(one.at.path, one.at.row) for one in self.diagnostics if one.code == code}


def understand(made: Program, folder: Path) -> Understood:
    """Write a program into a folder and have it understood and checked."""
    made.write(folder)
    programs = app.timelines(["."], cwd=str(folder)).programs
    report = app.check(["."], cwd=str(folder))
    readings = tuple(reading for one in programs for reading in one.readings)
    errors = tuple(one.message for one in report.diagnostics if one.code == INTERNAL_ERROR)
    return Understood(folder.resolve(), readings, report.diagnostics, errors)


def judged(plan: Plan, folder: Path, coverage: Coverage | None = None) -> list[str]:
    """The contradictions in what is said of a plan's program, which is written into a folder of its own."""
    made = program(plan)
    said = understand(made, folder)
    if coverage is not None:
        coverage.count(made.truth, said)
    return contradictions(made.truth, said)


# --- what is claimed and is not true ----------------------------------------------------------------------------------


def contradictions(truth: Truth, said: Understood) -> list[str]:
    """Everything that is said and is not true, and every step that is not seen."""
    return [
        *said.errors,
        *_loops(truth, said),
        *_horizons(truth, said),
        *_optimizers(truth, said),
        *_cadences(truth, said),
        *_unseen(truth, said),
        *_findings(truth, said),
    ]


def _loops(truth: Truth, said: Understood) -> Iterator[str]:
    for reading in said.readings:
        for loop, fact in zip(reading.timeline.loops, reading.loops, strict=True):
            row = said.row(loop.place)
            if row not in truth.loops:
                yield f"no loop is at {row}"
            elif fact.kind is not LoopKind.UNKNOWN and fact.kind not in truth.loops[row]:
                yield f"loop: {fact.kind.value} is not one of {_named(truth.loops[row])} at {row}"


def _horizons(truth: Truth, said: Understood) -> Iterator[str]:
    for key, fact in said.horizons():
        if key not in truth.made:
            yield f"no scheduler {key} is made"
        elif is_claim(fact) and fact.unit not in truth.made[key].units:
            yield f"horizon: {fact.unit.value} is not one of {_named(truth.made[key].units)} for {key}"


def is_claim(fact: HorizonReading) -> bool:
    """Whether a unit is claimed; where it is only possible, it is what documentation says of the class."""
    return fact.unit is not Unit.UNKNOWN and fact.confidence is not Confidence.POSSIBLE


def _optimizers(truth: Truth, said: Understood) -> Iterator[str]:
    true = {row: truth.optimizers[made.optimizer] for (row, _), made in truth.made.items()}
    for reading in said.readings:
        for scheduler in reading.timeline.schedulers():
            driven = map(reading.timeline.object, scheduler.optimizers)
            rows = {said.row(one.place) for one in driven if not one.handed_in}
            made = said.row(scheduler.place)
            if rows and made in true and true[made] not in rows:
                yield f"optimizer: the scheduler of {made} drives {true[made]}, not {rows}"


def _cadences(truth: Truth, said: Understood) -> Iterator[str]:
    for _, fact, scheduler, event in said.cadences():
        site, made = said.row(event.place), said.row(scheduler.place)
        if scheduler.handed_in:
            true = frozenset(one for pair, each in truth.steps.items() if pair[1] == site for one in each)
        elif (made, site) in truth.steps:
            true = truth.steps[made, site]
        else:
            yield f"pair: {made} is never stepped at {site}"
            continue
        if fact.cadence is not Cadence.UNKNOWN and fact.cadence not in true:
            yield f"cadence: {fact.cadence.value} is not one of {_named(true)} at {site}"


def _unseen(truth: Truth, said: Understood) -> Iterator[str]:
    """Steps that are nowhere in the timelines, not even with an unknown object."""
    events = (event for reading in said.readings for event in reading.timeline.events)
    seen = {said.row(event.place) for event in events if event.kind is EventKind.STEPPED}
    for site in sorted({site for made, site in truth.steps if made not in truth.dead} - seen):
        yield f"unseen: the step at {site}"


def _findings(truth: Truth, said: Understood) -> Iterator[str]:
    """Findings of what is no mistake, and mistakes that are not found though everything is known."""
    wrong = {
        "LRS101": {made for made, _ in truth.mistakes | truth.steep},
        "LRS102": {made for made, _ in truth.slow},
        "LRS206": truth.outside,
        "LRS103": {made for made, site in truth.steps if not _in_step(truth, made, site)},
        "LRS404": _with_rivals(truth),
        "LRS106": {row for row, cls in truth.made if cls in RAISING},
        "LRS201": {row for row, _ in truth.made} - {made for made, _ in truth.steps},
        "LRS301": truth.early | truth.maybe_early,
    }
    for one in said.diagnostics:
        if one.code.startswith(CHECKPOINTS) or one.code in LENGTHS:
            continue
        places = {(note.at.path, note.at.row) for note in one.related if note.essential}
        if not (places | {(one.at.path, one.at.row)}) & wrong.get(one.code, set()):
            yield f"{one.code} at {one.at.path}:{one.at.row} is no mistake: {one.message}"
    for reading, fact, scheduler, event in said.cadences():
        pair = said.row(scheduler.place), said.row(event.place)
        horizon = reading.horizon(scheduler.id)
        unit = horizon.unit if horizon is not None and is_claim(horizon) else Unit.UNKNOWN
        if fact.cadence in TOO_OFTEN and unit is Unit.EPOCHS and pair in truth.mistakes:
            code = "LRS101"
        elif fact.cadence is Cadence.EPOCH and unit in FINER and pair in truth.slow:
            code = "LRS102"
        else:
            continue
        if pair[1] not in said.found(code):
            yield f"{code} at {pair[1]} is not found, though unit and cadence are known"


def _with_rivals(truth: Truth) -> set[Row]:
    """Every scheduler that shares its optimizer with another one, which may overwrite what it does."""
    drivers = Counter(made.optimizer for made in truth.made.values())
    return {row for (row, _), made in truth.made.items() if drivers[made.optimizer] > 1}


def _in_step(truth: Truth, made: Row, site: Row) -> bool:
    """Whether a schedule is written for the steps that it takes, as far as accumulation goes, and for no others."""
    units = next((one.units for (row, _), one in truth.made.items() if row == made), frozenset())
    true = truth.steps[made, site]
    together = {Unit.BATCHES: Cadence.BATCH, Unit.UPDATES: Cadence.UPDATE}
    return any(units <= {unit, Unit.ITERATIONS} and true == {cadence} for unit, cadence in together.items())


def _named(values: Collection[LoopKind] | Collection[Unit] | Collection[Cadence]) -> list[str]:
    return sorted(value.value for value in values)


# --- what is not known ------------------------------------------------------------------------------------------------


@dataclass
class Coverage:
    """How many true cadences, units, steps too often (LRS101, `mistake`), too seldom (LRS102, `slow`) and too early
    (LRS301, `early`) there are, how many of them are known or found, and the reasons for what is not known.

    A cadence that has no name is known where it is not claimed to be one that has. The units of `Truth.hidden` count
    neither way, but as `hidden`.
    """

    there: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def count(self, truth: Truth, said: Understood) -> None:
        """Add one program."""
        for pair, true in truth.steps.items():
            facts = [fact for there, fact in said.pairs() if there == pair]
            known = any(fact.cadence is not Cadence.UNKNOWN for fact in facts)
            if true and pair[0] not in truth.dead:
                self._add("cadence", known, [fact.reason for fact in facts])
        for key, made in truth.made.items():
            horizons = [fact for place, fact in said.horizons() if place == key]
            if key[0] in truth.hidden:
                self.hidden += 1
            elif made.units and key[0] not in truth.dead:
                reasons = [fact.reason or f"only {fact.confidence.value}" for fact in horizons]
                self._add("unit", any(map(is_claim, horizons)), reasons)
        for what, code, pairs in (("mistake", "LRS101", truth.mistakes), ("slow", "LRS102", truth.slow)):
            for made_at, site in pairs:
                if made_at not in truth.dead:
                    self._add(what, site in said.found(code))
        notes = [note for one in said.diagnostics if one.code == "LRS301" for note in one.related if note.essential]
        early = {(note.at.path, note.at.row) for note in notes}
        for row in truth.early - truth.dead:
            self._add("early", row in early)

    def _add(self, what: str, known: bool, reasons: list[str] | None = None) -> None:
        self.there[what] += 1
        self.known[what] += known
        if reasons is not None and not known:
            self.reasons[f"{what}: {_plain(reasons)}"] += 1

    def unknown(self, what: str) -> float:
        """The share of what is not known."""
        return 1 - self.known[what] / self.there[what]

    def lines(self) -> Iterator[str]:
        """The figures, and the reasons, most frequent first."""
        for what, total in self.there.items():
            yield f"{what}: {self.known[what]} of {total} known, {self.unknown(what):.1%} not"
        yield f"{self.hidden} units are numbers alone, and nobody could say"
        for reason, times in self.reasons.most_common():
            yield f"{times:6} {reason}"


def _plain(reasons: list[str]) -> str:
    """A reason without what is particular to one program."""
    text = reasons[0] if reasons else "construction and step were not brought together"
    return re.sub(r"\b[\d.]+\b", "N", re.sub(r"`[^`]*`", "`...`", text)) or "none given"
