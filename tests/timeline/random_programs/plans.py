"""Plans of training programs: every choice that a generated program is made from, drawn from a seed.

A plan is plain data; its first choices, `PLAIN`, are the simplest program, and `simplest` brings a plan as near to that
as a failure allows. What a plan looks like as source text, and what is true of it, is in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

CHOICES: dict[str, tuple[str, ...]] = {
    "shape": ("epochs", "full_batch", "one_pass", "steps", "while_steps", "while_passes"),
    "epoch_loop": ("range", "from_one", "from_start", "while", "while_to", "count", "forever", "resume"),
    "epoch_name": ("epoch", "ep", "e", "t", "k_th"),
    "batch_loop": (
        "plain", "enumerate", "enumerate_one", "zip", "zip_range", "islice", "range_next", "counter", "tqdm",
        "tqdm_enumerate", "enumerate_tqdm", "held_tqdm", "phases",
    ),
    "settings": (
        "literal", "local", "args", "const", "dict", "object", "dataclass", "default", "choice", "environment",
    ),
    "accumulate": ("", "block", "leave", "or_last", "zero", "last_of", "falsy", "leave_but_last", "leave_truthy"),
    "style": ("functions", "methods", "closures", "globals"),
    "build": ("inline", "factory", "pair"),
    "hold": ("plain", "dict", "object"),
    "outer": ("", "fold", "seed", "r", "display"),
    "relation": ("single", "two_optimizers", "warm_and_main", "shared", "own", "list"),
    "optimizer_step": ("plain", "scaler", "closure", "helper"),
    "imports": ("names", "module", "dotted"),
}  # fmt: skip
"""The named choices; the first of each is the simplest."""

KINDS = (
    "StepLR", "MultiStepLR", "CosineAnnealingLR", "LinearLR", "PolynomialLR", "LambdaLR", "OneCycleLR", "SequentialLR",
    "ChainedScheduler", "ExponentialLR", "CosineAnnealingWarmRestarts", "ReduceLROnPlateau", "CyclicLR", "Warmup",
    "get_scheduler", "get_linear_schedule_with_warmup",
)  # fmt: skip

PLACEMENTS = (
    "epoch_end", "batch_end", "update", "batch_start", "epoch_start", "last_batch", "once_before", "once_after",
    "epoch_zero", "epoch_even", "best", "window", "later", "every_few", "inner", "phase_end", "skipped", "first_epoch",
    "last_leave", "by_flag",
)  # fmt: skip

FLAGS = (
    "files", "base", "keywords", "renamed", "neutral", "named_horizon", "pass_length", "loaders_made", "uncalled",
    "help",
)  # fmt: skip
CUTS = ("fit", "epoch", "step")
NOISE = (
    "log", "try", "with", "finite_break", "finite_leave", "validate", "save", "stop_early", "return_early",
    "main_guard",
)  # fmt: skip


@dataclass(frozen=True)
class Schedule:
    """One scheduler: its class, the unit that its horizon is written in and how, where it is stepped, under what."""

    kind: str = "StepLR"
    unit: str = "epochs"
    spelling: int = 0
    placement: str = "epoch_end"
    guard: str = ""


@dataclass(frozen=True)
class Plan:
    """Every choice of one program; each field's default is the simplest."""

    shape: str = "epochs"
    epoch_loop: str = "range"
    epoch_name: str = "epoch"
    batch_loop: str = "plain"
    settings: str = "literal"
    accumulate: str = ""
    style: str = "functions"
    build: str = "inline"
    hold: str = "plain"
    outer: str = ""
    relation: str = "single"
    optimizer_step: str = "plain"
    imports: str = "names"
    flags: frozenset[str] = frozenset()
    cuts: frozenset[str] = frozenset()
    noise: frozenset[str] = frozenset()
    schedules: tuple[Schedule, Schedule] = field(default=(Schedule(), Schedule()))

    @property
    def epochs(self) -> bool:
        """Whether the program has epochs, with batches in them."""
        return self.shape in ("epochs", "while_passes")

    @property
    def open(self) -> bool:
        """Whether its settings come from outside, with no more than defaults in the source."""
        return self.settings in ("args", "default", "choice", "environment")

    @property
    def alternatives(self) -> bool:
        """Whether its two schedulers are alternatives of one variable."""
        return self.relation in ("shared", "own")

    @property
    def optimizers(self) -> int:
        """How many optimizers it has."""
        return 2 if self.relation == "two_optimizers" else 1

    @property
    def used(self) -> tuple[Schedule, ...]:
        """The schedulers it has."""
        return self.schedules[: 1 if self.relation == "single" else 2]


PLAIN = Plan()


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    random = Random(seed)
    choices = {name: _one(random, of, 0.45) for name, of in CHOICES.items()}
    return settled(
        Plan(
            **choices,
            flags=_some(random, FLAGS, 0.3),
            cuts=_some(random, CUTS, 0.5),
            noise=_some(random, NOISE, 0.2),
            schedules=(_schedule(random), _schedule(random)),
        )
    )


def _one(random: Random, of: tuple[str, ...], plain: float) -> str:
    return of[0] if random.random() < plain else random.choice(of)


def _some(random: Random, of: tuple[str, ...], share: float) -> frozenset[str]:
    return frozenset(one for one in of if random.random() < share)


def _schedule(random: Random) -> Schedule:
    return Schedule(
        kind=random.choice(KINDS),
        unit=random.choice(("epochs", "batches", "updates")),
        spelling=random.randrange(1000),
        placement=random.choice(PLACEMENTS[:4]) if random.random() < 0.6 else random.choice(PLACEMENTS),
        guard=random.choice(("", "", "not_none", "flag", "instance")),
    )


def settled(plan: Plan) -> Plan:
    """The plan with choices that do not go together replaced."""
    if plan.shape in ("full_batch", "steps", "while_steps"):
        plan = replace(plan, batch_loop="plain")
    if plan.shape == "one_pass" or plan.batch_loop == "phases":
        plan = replace(plan, shape="epochs" if plan.batch_loop == "phases" else "one_pass")
    if not plan.epochs:
        plan = replace(plan, cuts=plan.cuts - {"epoch"})
    if plan.style in ("closures", "globals"):
        plan = replace(plan, flags=plan.flags - {"files", "base", "renamed"}, hold="plain", build=_unpaired(plan))
    if plan.style == "globals":
        plan = replace(plan, flags=plan.flags - {"uncalled"}, outer="", noise=plan.noise - {"main_guard"})
    if plan.style == "methods":
        plan = replace(plan, hold="plain", build=_unpaired(plan))
    if plan.relation not in ("single", "shared", "own"):
        plan = replace(plan, build=_unpaired(plan), hold="plain")
    if plan.alternatives and plan.settings in ("literal", "const"):
        plan = replace(plan, settings="args")
    if plan.accumulate in LEAVES and plan.shape == "while_steps":
        plan = replace(plan, accumulate="block")
    if not plan.cuts and plan.style != "methods":
        plan = replace(plan, style="functions")
    return replace(plan, schedules=_schedules(plan))


def _schedules(plan: Plan) -> tuple[Schedule, Schedule]:
    """The schedules as far as the plan and each other allow them."""
    first, second = plan.schedules
    if plan.relation in ("shared", "list"):
        first, second = (replace(one, kind=_stepless(one.kind)) for one in (first, second))
    first = _fitting(plan, first)
    if plan.relation in ("shared", "list"):
        second = replace(second, placement=first.placement, guard=first.guard)
    if second.placement == "last_leave" or (first.placement in _LEAVING and second.placement in _LEAVING):
        second = replace(second, placement="last_batch")
    second = _fitting(plan, second)
    if first.guard == "instance" and second.kind.startswith("get_"):
        second = replace(second, kind="StepLR")  # what such a function makes is a LambdaLR
    return first, second


_LEAVING = ("skipped", "last_leave")
"""Placements behind a `continue` or `return`."""


def _unpaired(plan: Plan) -> str:
    return "factory" if plan.build == "pair" else plan.build


def _stepless(kind: str) -> str:
    return "StepLR" if kind == "ReduceLROnPlateau" else kind


LEAVES = ("leave", "leave_but_last", "leave_truthy")
"""How a batch without an update is left, so that nothing comes after it."""

_FLAT = {"epoch_end": "batch_end", "epoch_start": "batch_start", "phase_end": "batch_end", "window": "batch_end"}
_AFTER_UPDATE = (
    "batch_end",
    "last_batch",
    "window",
    "every_few",
    "inner",
    "skipped",
    "first_epoch",
    "last_leave",
    "by_flag",
)
_PER_EPOCH = ("epoch_zero", "epoch_even", "best", "later", "first_epoch", "last_leave", "by_flag")


def _fitting(plan: Plan, schedule: Schedule) -> Schedule:
    """The schedule as far as the plan's loops allow it."""
    placement = schedule.placement
    unit = "epochs" if schedule.unit == "iterations" else schedule.unit
    if not plan.epochs:
        unit = "iterations"
        placement = "batch_end" if placement in (*_PER_EPOCH, "last_batch") else _FLAT.get(placement, placement)
    elif plan.shape == "while_passes":
        unit = "iterations"
        placement = "epoch_end" if placement in (*_PER_EPOCH, "window") else placement
    if placement == "by_flag" and not (plan.open and plan.relation == "single"):
        placement = "batch_end"
    if unit == "updates" and not plan.accumulate:
        unit = "batches"
    if placement == "update" and not plan.accumulate:
        placement = "batch_end"
    if placement in _AFTER_UPDATE and plan.accumulate in LEAVES:
        placement = "update"
    if placement == "phase_end" and plan.batch_loop != "phases":
        placement = "epoch_end"
    if schedule.kind == "ReduceLROnPlateau":
        placement = "epoch_end" if plan.epochs else "once_after"
    flagged = schedule.guard == "flag" and (plan.relation == "shared" or placement == "by_flag")
    guard = "not_none" if flagged else schedule.guard
    if guard == "instance" and (schedule.kind.startswith("get_") or plan.relation not in ("single", "shared")):
        guard = "not_none"
    return replace(schedule, unit=unit, placement=placement, guard=guard)


Chosen = TypeVar("Chosen", Plan, Schedule)


def simplest(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """The plan as near to the plainest as it can be while it still fails."""
    changed = True
    while changed:
        changed = False
        for simpler in _simpler(plan):
            candidate = settled(simpler)
            if candidate != plan and _size(candidate) < _size(plan) and fails(candidate):
                plan, changed = candidate, True
                break
    return plan


def _simpler(plan: Plan) -> Iterator[Plan]:
    """The plan with one choice taken back."""
    for name, of in CHOICES.items():
        yield _with(plan, name, of[0])
    for name in ("flags", "cuts", "noise"):
        chosen: frozenset[str] = getattr(plan, name)
        yield from (_with(plan, name, chosen - {one}) for one in sorted(chosen))
    first, second = plan.schedules
    for name, plain in vars(Schedule()).items():
        yield replace(plan, schedules=(_with(first, name, plain), second))
        yield replace(plan, schedules=(first, _with(second, name, plain)))


def _with(whole: Chosen, name: str, value: object) -> Chosen:
    """The same with another value for one field."""
    return type(whole)(**{**vars(whole), name: value})


def _size(plan: Plan) -> int:
    """How far a plan is from the plainest."""
    chosen = [bool(getattr(plan, name) != of[0]) for name, of in CHOICES.items()]
    chosen += [value != vars(Schedule())[name] for one in plan.schedules for name, value in vars(one).items()]
    return sum(chosen) + len(plan.flags) + len(plan.cuts) + len(plan.noise)
