"""LRS709: the turn of a warm-up in a sequence ends before the warm-up does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from schedlint.checks.consequences import many, rate_given
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import InTurn
from schedlint.timeline.agreement import Gap, longer
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.composites import Climb, Turn, climb, sequences
from schedlint.timeline.known import known
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading

NEAR = 0.1
"""A jump by less than this part of the learning rate is hardly one, nor is one over a single step."""


@rule(
    code="LRS709",
    name="sequential-milestone-mismatch",
    summary="The milestone of a sequence comes before the end of the warm-up, so the learning rate jumps there.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="end the warm-up at the milestone: give both the same number",
)
def sequential_milestone_mismatch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every warm-up in a sequence that is longer than its turn."""
    for sequence, turns in sequences(reading):
        for turn, following in pairwise(turns):
            for child in turn.schedulers:
                way = climb(reading, child)
                gap = None if way is None else cut(reading, way, turn, following)
                if way is None or gap is None:
                    continue
                yield self.finding(
                    f"`{called(child)}` warms up over {many(gap.steps)} steps, but its turn in `{called(sequence)}`"
                    f" ends after {many(gap.length)}{' by default' if gap.by_default else ''}:"
                    f" {jump(reading, way, turn, gap)}",
                    sequence.place,
                    about=sequence,
                    related=[Related(f"`{called(child)}` is built here", child.place), *evidence(gap.evidence)],
                    confidence=least(certainty(gap), way.confidence, child.confidence, sequence.confidence),
                    condition=sequence.condition,
                )


def cut(reading: Reading, way: Climb, turn: Turn, following: Turn) -> Gap | None:
    """How much longer a warm-up is than its turn, where that makes the learning rate jump."""
    if way.holds or not way.rises or turn.lasts is None:
        return None
    if not all(fits(reading, each) for each in following.schedulers):
        return None
    gap = longer(way.steps, turn.lasts, reading.lengths)
    if gap is None or number(gap.by) == 1:
        return None
    reached = last(way, turn)
    jumps = (gap.ratio or 0) > 1 + NEAR if reached is None else reached < 1 - NEAR
    return gap if jumps else None


def fits(reading: Reading, following: Object) -> bool:
    """Whether what comes next begins with all of the learning rate."""
    table = reading.table(following.id)
    return table is not None and table.in_turn is InTurn.ANEW and beginning(reading, following).harmless


def last(way: Climb, turn: Turn) -> float | None:
    """The factor of the learning rate at the last step of the turn, options at their defaults."""
    lasts = known(turn.lasts)
    return None if lasts is None or lasts.number is None else way.at(max(lasts.number - 1, 0))


def certainty(gap: Gap) -> Confidence:
    """How sure it is that the warm-up is far from its end: where one is no multiple of the other, by defaults alone."""
    return gap.confidence if gap.ratio is not None else least(gap.confidence, Confidence.LIKELY)


def jump(reading: Reading, way: Climb, turn: Turn, gap: Gap) -> str:
    """By how much the learning rate jumps."""
    reached, rate = last(way, turn), rate_given(reading, way.scheduler)
    if reached is None:
        return f"the learning rate jumps to all of it after {1 / (gap.ratio or 1):.0%} of the warm-up"
    if rate is None:
        return f"the learning rate jumps from {reached:.3g} times what the optimizer was given to all of it"
    return f"the learning rate jumps from {rate * reached:.3g} to {rate:g}"
