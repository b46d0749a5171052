"""What all rules together say of a timeline that is written by hand."""

from __future__ import annotations

from schedlint.checks import RULES
from schedlint.judge import found
from tests.timeline.build import Story, understood

NOT_ASKED = frozenset({"LRS607"})
"""Stories give schedulers the arguments that matter, and not all that must be given."""


def spoken(story: Story, *asked_for: str) -> list[str]:
    """The codes of the rules that speak, each once: those whose cause another one tells are silent. Rules that are off
    by default run if they are asked for.
    """
    rules = [rule for rule in RULES if (rule.default and rule.code not in NOT_ASKED) or rule.code in asked_for]
    findings, failures = found(understood(story), rules)
    assert not failures
    return sorted({finding.code for finding in findings})
