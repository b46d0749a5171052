"""Random programs with known structure: nothing is said of them that is not true, and most of what is true is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from schedlint.timeline.model import LoopKind
from schedlint.timeline.reading import Cadence, Unit
from tests.timeline.random_programs.judge import Coverage, Understood, contradictions, judged, understand
from tests.timeline.random_programs.plans import PLAIN, Plan, Schedule, draw, simplest
from tests.timeline.random_programs.truth import Made
from tests.timeline.random_programs.writer import Program, program

PROGRAMS = 200

MOST_UNKNOWN = {"cadence": 0.05, "unit": 0.06, "mistake": 0.15, "early": 0.04}
"""The shares of what may stay unknown, a little above what was measured; better is better. Of cadences and units it
must be less than one in ten.
"""

MOST_HIDDEN = 0.05
"""The most units, as a share of those that count, that are written in numbers which nobody could read."""

EVERY_BATCH = replace(PLAIN, schedules=(Schedule(placement="batch_end"), Schedule()))


class Survey(NamedTuple):
    wrong: list[str]
    coverage: Coverage


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """What is said of many programs."""
    wrong, coverage = [], Coverage()
    for seed in range(PROGRAMS):
        folder = tmp_path_factory.mktemp("program")
        wrong += [f"seed {seed}: {line}" for line in judged(draw(seed), folder, coverage)]
    return Survey(wrong, coverage)


def test_nothing_is_said_that_is_not_true(survey: Survey) -> None:
    assert survey.wrong == []


@pytest.mark.parametrize("what", MOST_UNKNOWN)
def test_most_of_what_is_true_is_known(survey: Survey, what: str) -> None:
    assert survey.coverage.there[what] > PROGRAMS / 10
    assert survey.coverage.unknown(what) <= MOST_UNKNOWN[what], "\n".join(survey.coverage.lines())


def test_few_units_are_left_out_of_the_share(survey: Survey) -> None:
    assert survey.coverage.hidden <= MOST_HIDDEN * survey.coverage.there["unit"]


def test_every_unknown_has_a_reason(survey: Survey) -> None:
    assert not [reason for reason in survey.coverage.reasons if reason.endswith("none given")]


AT_BATCH, AT_UPDATE, AT_BEST = (
    (Schedule(placement=placement), Schedule()) for placement in ("batch_end", "update", "best")
)

FOUND = {
    "a closure calls another closure": replace(
        PLAIN, style="closures", cuts=frozenset({"fit", "epoch"}), schedules=AT_BATCH
    ),
    "every second batch and the last one": replace(PLAIN, accumulate="or_last", schedules=AT_UPDATE),
    "an average over a loop in a function is no counter": replace(PLAIN, schedules=AT_BEST),
    "batches by a constant named for accumulation": replace(
        PLAIN, settings="const", accumulate="leave", schedules=(Schedule(unit="updates"), Schedule())
    ),
    "the base class, in a file that names nothing tracked, calls the method that steps": replace(
        PLAIN, style="methods", flags=frozenset({"base"}), cuts=frozenset({"epoch"}), schedules=AT_BATCH
    ),
}
"""Contradictions that random programs showed, as simple as they could be made."""


@pytest.mark.parametrize("plan", FOUND.values(), ids=FOUND)
def test_what_was_wrong_once_is_right(plan: Plan, tmp_path: Path) -> None:
    assert judged(plan, tmp_path) == []


# --- the judge itself -------------------------------------------------------------------------------------------------


@pytest.fixture
def every_batch(tmp_path: Path) -> tuple[Program, Understood]:
    """A program with an LRS101 and all that is said of it."""
    made = program(EVERY_BATCH)
    return made, understand(made, tmp_path)


def test_the_plainest_mistake_is_understood_as_it_is(every_batch: tuple[Program, Understood]) -> None:
    made, said = every_batch
    assert contradictions(made.truth, said) == []
    assert said.found("LRS101") == {site for _, site in made.truth.steps}


def test_a_wrong_cadence_is_a_contradiction(every_batch: tuple[Program, Understood]) -> None:
    made, said = every_batch
    for pair in made.truth.steps:
        made.truth.steps[pair] = frozenset({Cadence.EPOCH})
    lines = contradictions(made.truth, said)
    assert [line.partition(" at ")[0] for line in lines] == [
        "cadence: once per batch is not one of ['once per epoch']",
        "LRS101",
    ]


def test_a_wrong_unit_is_a_contradiction(every_batch: tuple[Program, Understood]) -> None:
    made, said = every_batch
    for key in made.truth.made:
        made.truth.made[key] = Made(frozenset({Unit.BATCHES}), 0)
    lines = contradictions(made.truth, said)
    assert [line.partition(" for ")[0].partition(" at ")[0] for line in lines] == [
        "horizon: epochs is not one of ['batches']",
        "LRS101",
    ]


def test_a_wrong_kind_of_loop_is_a_contradiction(every_batch: tuple[Program, Understood]) -> None:
    made, said = every_batch
    epochs = next(row for row, kinds in made.truth.loops.items() if LoopKind.EPOCH in kinds)
    made.truth.loops[epochs] = frozenset({LoopKind.OUTER})
    assert contradictions(made.truth, said) == [f"loop: epoch is not one of ['outer'] at {epochs}"]


def test_a_pair_that_never_meets_is_a_contradiction(every_batch: tuple[Program, Understood]) -> None:
    made, said = every_batch
    ((made_at, site),) = made.truth.steps
    made.truth.steps.clear()
    made.truth.steps[made_at, ("train.py", 1)] = frozenset({Cadence.BATCH})
    lines = contradictions(made.truth, said)
    assert f"pair: {made_at} is never stepped at {site}" in lines
    assert "unseen: the step at ('train.py', 1)" in lines


# --- the generator itself ---------------------------------------------------------------------------------------------


def test_a_seed_always_gives_the_same_program() -> None:
    assert program(draw(7)) == program(draw(7))


@pytest.mark.parametrize("seed", range(0, PROGRAMS, 10))
def test_a_program_is_python(seed: int) -> None:
    for name, text in program(draw(seed)).files.items():
        compile(text, name, "exec")


def test_the_simplest_plan_that_fails_has_only_what_makes_it_fail() -> None:
    def fails(plan: Plan) -> bool:
        return plan.style == "methods" and any(one.placement == "update" for one in plan.used)

    plan = next(plan for plan in map(draw, range(2000)) if fails(plan) and plan.relation == "single")
    small = simplest(plan, fails)
    assert small == replace(
        PLAIN, style="methods", accumulate=small.accumulate, schedules=(Schedule(placement="update"), Schedule())
    )
