"""Which rules run: codes, the beginnings of codes, names and `ALL`, turned into rules."""

from __future__ import annotations

from collections.abc import Sequence

from schedlint.checks import RULES
from schedlint.checks.rule import Rule
from schedlint.diagnostics import UsageError

OWN = {
    "LRS900": "unreadable-file",
    "LRS901": "syntax-error",
    "LRS902": "unused-suppression",
    "LRS903": "analysis-budget-spent",
}
"""What the linter has to say about itself; it is always said, unless it is ignored."""


def selection(select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that run: those selected (all, if none is) less those ignored. Raises UsageError for what is no
    rule.
    """
    names = [*((rule.code, rule.name) for rule in RULES), *OWN.items()]
    for wanted in (*select, *ignore):
        if not any(means(wanted, code, name) for code, name in names):
            raise UsageError(f"`{wanted}` is no rule: neither a code, nor the beginning of one, nor a name")
    chosen = [rule for rule in RULES if not select or is_meant(rule.code, rule.name, select)]
    return tuple(rule for rule in chosen if not is_meant(rule.code, rule.name, ignore))


def means(wanted: str, code: str, name: str) -> bool:
    """Whether a selector means a rule: `ALL`, its code, the beginning of its code, or its name."""
    return wanted == "ALL" or code.startswith(wanted.upper()) or name == wanted


def is_meant(code: str, name: str, selectors: Sequence[str]) -> bool:
    """Whether one of several selectors means a rule."""
    return any(means(wanted, code, name) for wanted in selectors)
