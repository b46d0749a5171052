"""Which rules run: codes, the beginnings of codes, names and `ALL`, turned into rules.

As in ruff, the more specific selector wins: `--select LRS1 --ignore LRS101` runs the others of LRS1, and
`--select LRS101 --ignore LRS1` runs that one. Of two that say as much, the one that ignores wins. What is said on the
command line wins over what a file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schedlint.checks import RULES
from schedlint.checks.rule import Rule
from schedlint.config import Selectors
from schedlint.diagnostics import UsageError
from schedlint.misspelled import LONGEST, meant

OWN = {
    "LRS900": "unreadable-file",
    "LRS901": "syntax-error",
    "LRS902": "unused-suppression",
    "LRS903": "analysis-budget-spent",
    "LRS904": "internal-error",
}
"""What the linter has to say about itself; it is always said, unless it is ignored. An internal error is said even
then.
"""
INTERNAL_ERROR = "LRS904"


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that run, and the codes of what the linter says about itself."""

    rules: tuple[Rule, ...]
    own: frozenset[str]


def selection(layers: Sequence[Selectors] = ()) -> Selection:
    """What is chosen; each layer wins over those before it. Raises UsageError for what is no rule."""
    for layer in layers:
        _check(layer)
    rules = tuple(rule for rule in RULES if _is_chosen(rule.code, rule.name, layers, default=rule.default))
    own = [code for code, name in OWN.items() if _is_chosen(code, name, layers, default=True, always=True)]
    return Selection(rules, frozenset({*own, INTERNAL_ERROR}))


def _is_chosen(code: str, name: str, layers: Iterable[Selectors], *, default: bool, always: bool = False) -> bool:
    """Whether a rule is chosen. What is said `always` is not left out by selecting something else."""
    chosen = default
    for layer in layers:
        wanted = precision(code, name, (*(layer.select or ()), *layer.extend_select))
        ignored = precision(code, name, layer.ignore)
        if wanted or ignored:
            chosen = wanted > ignored
        elif layer.select is not None and not always:
            chosen = False
    return chosen


def precision(code: str, name: str, selectors: Iterable[str]) -> int:
    """How precisely the most precise of some selectors means a rule; 0 if none does."""
    return max((_precision(wanted, code, name) for wanted in selectors), default=0)


def means(wanted: str, code: str, name: str) -> bool:
    """Whether a selector means a rule: `ALL`, its code, the beginning of its code, or its name."""
    return _precision(wanted, code, name) > 0


def _precision(wanted: str, code: str, name: str) -> int:
    if wanted == "ALL":
        return 1
    if wanted.lower() == name:
        return 1 + len(code)
    return 1 + len(wanted) if wanted and code.startswith(wanted.upper()) else 0


def _check(layer: Selectors) -> None:
    """Raise UsageError for the first selector that means nothing, with the setting and the file it stands in."""
    given = {"select": layer.select or (), "extend-select": layer.extend_select, "ignore": layer.ignore}
    names = [*((rule.code, rule.name) for rule in RULES), *OWN.items()]
    for setting, selectors in given.items():
        for wanted in selectors:
            if not any(means(wanted, code, name) for code, name in names):
                where = f"{layer.origin}: `{setting}`" if layer.origin else f"--{setting}"
                known = [word for each in names for word in each]
                raise UsageError(f"{where}: `{wanted[:LONGEST]}` is no rule{meant(wanted, known)}")
