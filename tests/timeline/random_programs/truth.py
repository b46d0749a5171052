"""What is true of a generated program: read off its marks and its plan, never off its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schedlint.timeline.model import LoopKind
from schedlint.timeline.reading import Cadence, Unit
from tests.timeline.random_programs.plans import Plan, Schedule
from tests.timeline.random_programs.text import Line

Row = tuple[str, int]
"""A file of the program and a row in it."""

NONE_NAMED = frozenset[Cadence]()
"""How often a step happens for which no cadence has a name: every other epoch, when the data says so."""


@dataclass(frozen=True)
class Made:
    """A scheduler's horizon: the units that it may be said to have (several where it makes no difference, none where
    it is no horizon in time), and the number of the optimizer that it drives.
    """

    units: frozenset[Unit]
    optimizer: int


@dataclass
class Truth:
    """What is true of a program.

    `steps` is how often a scheduler (its construction) is stepped at a site; a pair that is not in it never meets.
    `hidden` are schedulers whose unit nobody could read: a warm-up (a project's own class whose parameter's name says
    nothing, or a function that only rises) that is given nothing but numbers, where 3 may be epochs or batches. What
    is said of them must be right too, but they do not count towards the share that is known.
    `dead` are schedulers that the settings in the source never let be made, `early` those whose first step comes
    before their optimizer's, `maybe_early` those for which that is a matter of accumulation; `outside` are those that
    are only stepped before the training or after it.
    """

    loops: dict[Row, frozenset[LoopKind]] = field(default_factory=dict)
    made: dict[tuple[Row, str], Made] = field(default_factory=dict)
    optimizers: dict[int, Row] = field(default_factory=dict)
    steps: dict[tuple[Row, Row], frozenset[Cadence]] = field(default_factory=dict)
    dead: set[Row] = field(default_factory=set)
    hidden: set[Row] = field(default_factory=set)
    early: set[Row] = field(default_factory=set)
    maybe_early: set[Row] = field(default_factory=set)
    outside: set[Row] = field(default_factory=set)

    @property
    def mistakes(self) -> set[tuple[Row, Row]]:
        """Every scheduler with a horizon in epochs and a site that steps it once per batch or update."""
        in_epochs = {row for (row, _), made in self.made.items() if made.units == {Unit.EPOCHS}}
        too_often = {Cadence.BATCH, Cadence.UPDATE}
        return {pair for pair, each in self.steps.items() if pair[0] in in_epochs and each & too_often}

    @property
    def steep(self) -> set[tuple[Row, Row]]:
        """Every decay of 5% a step, without a horizon, and a site that steps it once per batch or update."""
        decays = {row for (row, kind), _ in self.made.items() if kind == "ExponentialLR"}
        return {
            pair for pair, each in self.steps.items() if pair[0] in decays and each & {Cadence.BATCH, Cadence.UPDATE}
        }

    @property
    def slow(self) -> set[tuple[Row, Row]]:
        """Every scheduler with a horizon in batches or updates and a site that steps it once per epoch."""
        finer = {Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS}
        in_batches = {row for (row, _), made in self.made.items() if made.units and made.units <= finer}
        return {pair for pair, each in self.steps.items() if pair[0] in in_batches and each == {Cadence.EPOCH}}


# A loop over batches without epochs is FLAT, and BATCH where the caller may have epochs.
LOOPS = {
    "epoch": frozenset({LoopKind.EPOCH}),
    "batch": frozenset({LoopKind.BATCH}),
    "flat": frozenset({LoopKind.FLAT, LoopKind.BATCH}),
    "outer": frozenset({LoopKind.OUTER}),
    "inner": frozenset[LoopKind](),
    "phase": frozenset[LoopKind](),
    "visit": frozenset[LoopKind](),
}

UNITS = {
    "epochs": frozenset({Unit.EPOCHS}),
    "batches": frozenset({Unit.BATCHES, Unit.ITERATIONS}),
    "updates": frozenset({Unit.UPDATES, Unit.ITERATIONS}),
    "iterations": frozenset({Unit.ITERATIONS, Unit.BATCHES, Unit.UPDATES}),
}


def truth_of(plan: Plan, files: Mapping[str, Sequence[Line]]) -> Truth:
    """The truth of a plan's program."""
    truth, made = Truth(), dict[tuple[int, str], Row]()
    sites, second = dict[int, Row](), dict[int, Row]()
    for file, lines in files.items():
        for number, (_, mark) in enumerate(lines, 1):
            row = file, number
            match mark.split(":"):
                case ["loop", kind]:
                    truth.loops[row] = LOOPS[kind]
                case ["opt", optimizer]:
                    truth.optimizers[int(optimizer)] = row
                case ["site", schedule]:
                    sites[int(schedule)] = row
                case ["second", schedule]:
                    second[int(schedule)] = row
                case ["made", schedule, kind, how]:
                    made[int(schedule), kind] = row
                    truth.made[row, kind] = _made(plan, int(schedule), kind)
                    truth.loops[row] = LOOPS["visit"]  # a comprehension among its arguments
                    truth.hidden |= {row} if how else set()
    for index, s in enumerate(plan.used):
        site = sites[0 if plan.relation in ("shared", "list") else index]
        if not _is_for_the_other_class(plan, index):
            truth.steps[made[index, s.kind], site] = _cadence(plan, s)
            _order(plan, truth, made[index, s.kind], s)
        if index in second:
            truth.steps[made[index, s.kind], second[index]] = frozenset({Cadence.EPOCH})
        if index and plan.alternatives and not plan.open:
            truth.dead.update(row for (owner, _), row in made.items() if owner == index)
    return truth


def _is_for_the_other_class(plan: Plan, index: int) -> bool:
    """Whether the one site of two alternatives asks for the first one's class, and this is the second, of another."""
    first, other = plan.used[0], plan.used[index]
    return plan.relation == "shared" and first.guard == "instance" and first.kind != other.kind


def _made(plan: Plan, number: int, kind: str) -> Made:
    s = plan.schedules[number]
    units = UNITS[s.unit]
    if kind == "ExponentialLR":
        units = frozenset({Unit.NONE})
    elif kind == "ReduceLROnPlateau":
        units = frozenset({Unit.EPOCHS})  # by the documentation of a patience
    elif s.unit == "batches" and not plan.accumulate:
        units |= {Unit.UPDATES}
    elif s.unit == "updates" and _is_bare(plan):
        units |= {Unit.BATCHES}  # `len(loader) // 2` may be half of the batches
    elif plan.shape == "full_batch":
        units |= {Unit.EPOCHS}  # what is called an epoch is one iteration
    return Made(units, min(number, plan.optimizers - 1))


def _is_bare(plan: Plan) -> bool:
    """Whether the number of batches per update is written as a number, or as a name that says nothing."""
    return plan.settings == "literal" or ("neutral" in plan.flags and plan.settings != "args")


def _cadence(plan: Plan, s: Schedule) -> frozenset[Cadence]:
    match s.placement:
        case "epoch_even" | "best" | "every_few" | "inner" | "skipped":
            return NONE_NAMED
        case "once_before" | "once_after" | "epoch_zero":
            return frozenset({Cadence.OUTER if plan.outer else Cadence.ONCE})
        case "epoch_start" | "epoch_end" | "last_batch" | "last_leave" | "later" | "phase_end":
            return frozenset({Cadence.EPOCH})
        case "update":
            return frozenset({Cadence.UPDATE})
    if plan.epochs:
        return frozenset({Cadence.BATCH})
    return frozenset({Cadence.FLAT, Cadence.BATCH} if "uncalled" in plan.flags else {Cadence.FLAT})


def _order(plan: Plan, truth: Truth, made: Row, s: Schedule) -> None:
    if s.placement in ("once_before", "once_after"):
        truth.outside.add(made)
    if s.kind == "CosineAnnealingWarmRestarts":  # its step may go anywhere, and torch does not warn
        return
    if s.placement in ("epoch_start", "batch_start"):
        truth.early.add(made)
    elif s.placement == "once_before" or plan.accumulate not in ("", "zero"):
        truth.maybe_early.add(made)
