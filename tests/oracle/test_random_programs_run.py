"""Random programs, really run: what torch is seen to do is what the generator calls true and the timeline says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from schedlint.timeline.model import EventKind
from schedlint.timeline.reading import Cadence
from tests.oracle.recording import Recording, StepSite, record_scripts
from tests.timeline.random_programs.judge import Understood, understand
from tests.timeline.random_programs.plans import Plan, draw
from tests.timeline.random_programs.truth import Row
from tests.timeline.random_programs.writer import Program, program

pytest.importorskip("torch", reason="torch is not installed: what really happens cannot be recorded")
pytestmark = pytest.mark.torch

PROGRAMS = 30

Step = tuple[str, Row, Row, tuple[Row, ...]]
"""What is stepped, where it was made, where it is stepped, in which loops (outermost first). The recorder's places are
rows.
"""

SILENT = ("CosineAnnealingWarmRestarts", "ReduceLROnPlateau", "SequentialLR", "ChainedScheduler")
"""Schedulers whose own `step` never warns of the order."""


def can_run(plan: Plan) -> bool:
    """Whether a program runs to its end here: it names no library but torch, and no schedule of it is overrun."""
    return (
        "tqdm" not in plan.batch_loop
        and "uncalled" not in plan.flags
        and all(s.kind != "OneCycleLR" and not s.kind.startswith("get_") for s in plan.used)
    )


def runnable() -> Iterator[Program]:
    """The programs that are run."""
    seeds, left = iter(range(10_000)), PROGRAMS
    while left:
        plan = draw(next(seeds))
        if can_run(plan):
            left -= 1
            yield program(plan)


@dataclass(frozen=True)
class Run:
    """A program, what is said of it, and what it did."""

    program: Program
    said: Understood
    recording: Recording

    def steps(self) -> dict[Step, StepSite]:
        """The steps that were taken."""
        return {
            (site.kind, site.made_at, site.site, self.loops(site.loops)): site for site in self.recording.step_sites()
        }

    def loops(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """Loops, but for those over a few things side by side, which the timeline may unroll."""
        return tuple(row for row in rows if self.program.truth.loops[row])

    def understood(self, *, certain: bool) -> set[Step]:
        """The steps of the timeline; only those that depend on nothing if `certain`."""
        rows = set()
        for reading in self.said.readings:
            timeline = reading.timeline
            for event in timeline.events:
                if event.kind not in (EventKind.STEPPED, EventKind.OPTIMIZED):
                    continue
                kind = "scheduler" if event.kind is EventKind.STEPPED else "optimizer"
                loops = self.loops(self.said.row(timeline.loop(id).place) for id in event.loops)
                for subject in event.subjects:
                    made = timeline.object(subject.object)
                    if not (certain and (made.handed_in or event.guards or event.condition or subject.condition)):
                        rows.add((kind, self.said.row(made.place), self.said.row(event.place), loops))
        return rows


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Programs that were run under the recorder."""
    programs = list(runnable())
    folders = [tmp_path_factory.mktemp("program") for _ in programs]
    said = [understand(made, folder) for made, folder in zip(programs, folders, strict=True)]
    recordings = record_scripts(folder / "train.py" for folder in folders)
    return [Run(*one) for one in zip(programs, said, recordings, strict=True)]


def test_every_program_runs_to_its_end(runs: list[Run]) -> None:
    assert [(run.program.plan, run.recording.error) for run in runs if run.recording.status] == []


def test_every_step_that_happens_is_in_the_timeline(runs: list[Run]) -> None:
    lost = [(run.program.plan, run.steps().keys() - run.understood(certain=False)) for run in runs]
    assert [one for one in lost if one[1]] == []


def test_every_step_in_the_timeline_that_depends_on_nothing_happens(runs: list[Run]) -> None:
    invented = [(run.program.plan, run.understood(certain=True) - run.steps().keys()) for run in runs]
    assert [one for one in invented if one[1]] == []


def test_what_the_generator_calls_true_is_what_happens(runs: list[Run]) -> None:
    wrong, taken = [], Counter[Cadence]()
    for run in runs:
        for site in run.recording.step_sites():
            true = run.program.truth.steps.get((site.made_at, site.site))
            if site.kind != "scheduler" or not true:
                continue
            (cadence,) = true
            taken[cadence] += 1
            if not agrees(run, site, cadence):
                wrong.append((run.program.plan, site))
    assert wrong == []
    assert set(taken) >= {Cadence.BATCH, Cadence.UPDATE, Cadence.EPOCH, Cadence.FLAT, Cadence.ONCE}


def agrees(run: Run, site: StepSite, cadence: Cadence) -> bool:
    """Whether steps were taken at most once in each iteration of the loop that the cadence names, and more than once
    in each of the loop around it.
    """
    loops = [place for place in site.loops if run.program.truth.loops[place]]
    passes = [site.passes[site.loops.index(place)] for place in loops]
    outer = bool(run.program.plan.outer)
    if cadence is Cadence.ONCE:
        return site.count == 1
    if cadence is Cadence.OUTER:
        return site.count == passes[0] == run.recording.iterations(loops[0])
    if cadence is Cadence.UPDATE:
        return site.count == passes[-1] < run.recording.iterations(loops[-1])
    if cadence is Cadence.EPOCH:
        return site.count == passes[outer]
    return site.count == passes[-1] and len(loops) == outer + (1 if cadence is Cadence.FLAT else 2)


def warned(run: Run) -> set[Row]:
    """Where torch warned that a scheduler is stepped before its optimizer."""
    return {one.site for one in run.recording.warned("order") if one.site is not None}


def outspoken(run: Run) -> Iterator[tuple[Row, Row]]:
    """The pairs of construction and step that happened, of classes that warn."""
    silent = {row for row, name in run.program.truth.made if name in SILENT}
    happened = {(made, site) for _, made, site, _ in run.steps()}
    return (pair for pair in run.program.truth.steps if pair in happened and pair[0] not in silent)


def test_torch_warns_of_the_order_where_the_generator_calls_it_wrong(runs: list[Run]) -> None:
    expected = 0
    for run in runs:
        truth = run.program.truth
        early = {site for made, site in outspoken(run) if made in truth.early}
        possible = {site for made, site in truth.steps if made in truth.early | truth.maybe_early}
        assert early <= warned(run) <= possible, run.program.plan
        expected += len(early)
    assert expected


def test_torch_warns_of_the_order_where_the_rule_does(runs: list[Run]) -> None:
    found = 0
    for run in runs:
        sites = run.said.found("LRS301") & {site for _, site in outspoken(run)}
        assert sites <= warned(run), run.program.plan
        found += len(sites)
    assert found
