"""Timelines of one scheduler that is given numbers, for the rules about those."""

from __future__ import annotations

from schedlint.checks.rule import Rule
from schedlint.diagnostics import Finding
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value


def findings(rule: Rule, story: Story) -> list[Finding]:
    """What a rule says of a timeline."""
    return list(rule.check(read(story.timeline(), load())))


def given(cls: str, *, lr: Value = 0.1, **arguments: Argument) -> Story:
    """A scheduler that nothing is done with."""
    story = Story()
    story.optimizer(lr=lr)
    story.schedule(cls, arguments)
    return story


def trained(cls: str, epochs: Value, *, lr: Value = 0.1, first: bool = False, **arguments: Argument) -> Story:
    """A scheduler that is stepped once in each of so many epochs; `first` of all that is done in them."""
    story = given(cls, lr=lr, **arguments)
    with story.range("epoch", epochs):
        if first:
            story.step(2)
        with story.loader():
            story.optimize()
        if not first:
            story.step(2)
    return story


def drawn(cls: str, epochs: Value, **arguments: Value) -> Story:
    """A scheduler that is stepped while nothing is trained."""
    story = given(cls, **arguments)
    with story.range("epoch", epochs):
        story.step(2)
    return story
