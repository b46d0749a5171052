"""The figures of a measurement, for a person and as JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from schedlint.diagnostics import Diagnostic
from tests.seeded.judge import Verdict
from tests.seeded.kinds import KINDS, Kind

T = TypeVar("T")


@dataclass
class Measured:
    """What was measured in one tree."""

    tree: str
    candidates: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    alarms: list[Diagnostic] = field(default_factory=list)
    alarms_converted: list[Diagnostic] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    converted: Counter[tuple[str, str]] = field(default_factory=Counter)
    unfit: Counter[tuple[str, str]] = field(default_factory=Counter)


def lines(measured: Sequence[Measured]) -> Iterator[str]:
    """The report: figures, misses with their reasons, alarms, and what no program was made of."""
    yield from figures([verdict for tree in measured for verdict in tree.verdicts])
    yield from misses(measured)
    yield from alarms(measured)
    yield from reasons("schedulers that are no candidates", total(tree.left_out for tree in measured))
    converted = total(tree.converted for tree in measured)
    yield from reasons("programs converted", Counter({": ".join(how): times for how, times in converted.items()}))
    unfit = total(tree.unfit for tree in measured)
    for kind in KINDS:
        own = Counter({reason: times for (name, reason), times in unfit.items() if name == kind.name})
        yield from reasons(f"times no `{kind.name}` was made", own)


def figures(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Recall by kind, then by rule."""
    yield f"{'kind':22} {'code':7} {'seeds':>6} {'caught':>6} {'recall':>7}"
    for kind in KINDS:
        own = [verdict.caught for verdict in verdicts if verdict.kind == kind.name]
        if own:
            yield f"{kind.name:22} {kind.code:7} {share(own, kind)}"
    for code in dict.fromkeys(kind.code for kind in KINDS):
        kinds = [kind for kind in KINDS if kind.code == code]
        own = [verdict.caught for verdict in verdicts if verdict.code == code]
        if own and len(kinds) > 1:
            yield f"{'all':22} {code:7} {share(own, kinds[0])}"


def share(caught: Sequence[bool], kind: Kind) -> str:
    """How many programs there are and how many of them are caught."""
    if not kind.is_ruled:
        return f"{len(caught):6} {'-':>6} {'no rule':>7}"
    return f"{len(caught):6} {sum(caught):6} {sum(caught) / len(caught):7.1%}"


def misses(measured: Iterable[Measured]) -> Iterator[str]:
    """Every program whose mistake is not reported though there is a rule."""
    ruled = {kind.name for kind in KINDS if kind.is_ruled}
    missed = [(tree, one) for tree in measured for one in tree.verdicts if one.kind in ruled and not one.caught]
    yield f"\n{len(missed)} missed"
    for tree, one in missed:
        kind = f"{one.kind} ({one.base})" if one.base else one.kind
        yield f"{kind} {tree.tree}/{one.made} ({one.class_name or 'class unknown'}), stepped at {one.stepped}"
        yield from (f"    {reason}" for reason in one.reasons)


def alarms(measured: Iterable[Measured]) -> Iterator[str]:
    """What is said of programs as they are: mistakes in public code, or false alarms."""
    said = [(tree.tree, alarm) for tree in measured for alarm in tree.alarms]
    yield f"\n{len(said)} reported in programs as they are"
    yield from (f"{tree}/{line(alarm)}" for tree, alarm in said)
    converted = [(tree.tree, alarm) for tree in measured for alarm in tree.alarms_converted]
    yield f"\n{len(converted)} reported in right programs that were converted"
    yield from (f"{tree}/{line(alarm)}" for tree, alarm in converted)
    for failure in (failure for tree in measured for failure in tree.failures):
        yield f"failed: {failure}"


def line(alarm: Diagnostic) -> str:
    """A diagnostic on one line."""
    return f"{alarm.at.path}:{alarm.at.row}: {alarm.code} {alarm.message}"


def reasons(what: str, counted: Counter[str]) -> Iterator[str]:
    """Reasons, the most frequent first."""
    if counted:
        yield f"\n{counted.total()} {what}"
        yield from (f"{times:6} {reason}" for reason, times in counted.most_common())


def total(counters: Iterable[Counter[T]]) -> Counter[T]:
    """The sum of counters."""
    every: Counter[T] = Counter()
    for counter in counters:
        every.update(counter)
    return every


def json_lines(tree: Measured) -> Iterator[str]:
    """One object for each program and each alarm of a tree."""
    for verdict in tree.verdicts:
        yield json.dumps({"tree": tree.tree, **asdict(verdict)})
    for alarm in tree.alarms:
        at = f"{alarm.at.path}:{alarm.at.row}"
        yield json.dumps({"tree": tree.tree, "alarm": alarm.code, "at": at, "message": alarm.message})
