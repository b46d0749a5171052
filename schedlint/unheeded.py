"""Comments to schedlint that come to nothing, and why: LRS902.

Such a comment is not understood, or names no rule; or it tells what contradicts what is certain, or something of a
statement that has no such thing. One that silences a rule which finds nothing there is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schedlint.checks import RULES
from schedlint.checks.rule import called, where
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.directives import Directive, Silence, Unclear, cut, directives
from schedlint.facts import Attribute, Call, FunctionDef, ModuleFacts
from schedlint.misspelled import nearest
from schedlint.place import Place
from schedlint.program.walk import nodes
from schedlint.selection import OWN, means
from schedlint.timeline.model import EventKind
from schedlint.timeline.reading import Evidence, Reading
from schedlint.timeline.told import Tellings, Told, place_of, tellings, told_in

CODE = "LRS902"
_STEPS = {EventKind.STEPPED, EventKind.OPTIMIZED}


def unheeded(modules: Mapping[str, ModuleFacts], readings: Sequence[Reading]) -> Iterator[Finding]:
    """What is wrong with the comments of some files, by path; `readings` are of timelines read with what they tell."""
    told = tellings({path: module.comments for path, module in modules.items()})
    effects = _effects(told, readings)
    for path, module in modules.items():
        for comment in module.comments:
            for said in directives(comment.text):
                yield from _findings(place_of(path, comment), _misunderstood(said))
        statements = _Statements(module)
        for each in told_in(path, module.comments):
            yield from _findings(each.place, _in_vain(each, told.rivals(each), effects, statements))


def _findings(place: Place, messages: Iterable[str]) -> Iterator[Finding]:
    for message in messages:
        yield Finding(CODE, OWN[CODE], message, place, Severity.WARNING, Confidence.CERTAIN)


def _misunderstood(said: Directive) -> Iterator[str]:
    """What is wrong with the words themselves."""
    if isinstance(said, Unclear):
        yield f"`{f'# schedlint: {said.words}'.strip()}` is not understood: {said.hint}"
    elif isinstance(said, Silence) and not said.noqa:
        yield from (_no_rule(rule) for rule in said.rules if not _is_known(rule))


def _names() -> list[tuple[str, str]]:
    return [*((rule.code, rule.name) for rule in RULES), *OWN.items()]


def _is_known(rule: str) -> bool:
    return any(means(rule, code, name) for code, name in _names())


def _no_rule(rule: str) -> str:
    codes, names = zip(*_names(), strict=True)
    best = nearest(rule, codes) or nearest(rule, names)
    meant = f"did you mean `{best}`?" if best else "it is neither a code, nor the beginning of one, nor a name"
    return f"`{cut(rule)}` in `# schedlint: ignore[...]` is no rule: {meant}"


@dataclass(frozen=True, slots=True)
class _Effects:
    """What is known of the statements that tellings are about: what happens there, in which of them a scheduler is
    built, and what is certain and otherwise than it is told.
    """

    kinds: Mapping[Told, set[EventKind]]
    built: set[Told]
    truths: Mapping[Told, str]


def _effects(tellings: Tellings, readings: Sequence[Reading]) -> _Effects:
    kinds: dict[Told, set[EventKind]] = {}
    built: set[Told] = set()
    truths: dict[Told, str] = {}
    for reading in readings:
        for event in reading.timeline.events:
            for told in tellings.at(event.place):
                kinds.setdefault(told, set()).add(event.kind)
        for told, truth in _contradictions(tellings, reading):
            truths.setdefault(told, truth)
        for scheduler in reading.timeline.schedulers():
            built.update(tellings.of_horizon(scheduler))
    return _Effects(kinds, built, truths)


def _contradictions(tellings: Tellings, reading: Reading) -> Iterator[tuple[Told, str]]:
    """What is told otherwise than is certain, and what that is."""
    timeline = reading.timeline
    for step in reading.cadences:
        for told in tellings.of_step(timeline.event(step.event)):
            if told.contradicts_cadence(step.cadence):
                name = called(timeline.object(step.object))
                yield told, f"`{name}` steps {step.cadence.value}{_because(step.evidence, told.place)}"
    for horizon in reading.horizons:
        scheduler = timeline.object(horizon.object)
        for told in tellings.of_horizon(scheduler):
            if told.contradicts_unit(horizon.unit):
                yield told, f"`{called(scheduler)}` counts {horizon.unit.value}{_because(horizon.evidence, told.place)}"


def _because(evidence: Sequence[Evidence], near: Place) -> str:
    """The first reason, in parentheses."""
    if not evidence:
        return ""
    at = where(evidence[0].place, near) if evidence[0].place is not None else ""
    return f" ({evidence[0].text}{at and f', {at}'})"


class _Statements:
    """Where in a module something may be stepped or built, as far as its text says: no run may have come there."""

    def __init__(self, module: ModuleFacts) -> None:
        self._module = module

    @cached_property
    def _stepping(self) -> set[int]:
        calls = (node for node in nodes(self._module) if isinstance(node, Call))
        return {call.at.row for call in calls if isinstance(call.func, Attribute) and call.func.attr.startswith("step")}

    @cached_property
    def _building(self) -> set[int]:
        return {node.at.row for node in nodes(self._module) if isinstance(node, (Call, FunctionDef))}

    def may_step(self, told: Told) -> bool:
        """Whether the statement that a telling is about may step a scheduler."""
        return not self._stepping.isdisjoint(told.rows)

    def may_build(self, told: Told) -> bool:
        """Whether it may build a scheduler, or be handed one."""
        return not self._building.isdisjoint(told.rows)


def _in_vain(told: Told, rivals: Sequence[Told], effects: _Effects, statements: _Statements) -> Iterator[str]:
    """Why a telling does not count, if it does not."""
    said, happening = f"`{told.telling.text}`", effects.kinds.get(told, set())
    if rivals:
        at = where(rivals[0].place, told.place)
        yield f"{said} contradicts `{rivals[0].telling.text}`{at and f' on {at}'}: neither counts"
    elif told in effects.truths:
        yield f"{said} contradicts what is certain: {effects.truths[told]}"
    elif told.telling.key == "steps":
        if EventKind.STEPPED not in happening and (EventKind.OPTIMIZED in happening or not statements.may_step(told)):
            yield f"{said} has no effect: its statement steps no scheduler"
    elif told not in effects.built and (happening & _STEPS or not statements.may_build(told)):
        yield f"{said} has no effect: its statement builds no scheduler"
