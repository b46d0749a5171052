"""LRS611: `get_lr()` of a scheduler class multiplies the rate in use by a factor made of the number of steps."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.definitions.model import Compounding
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS611",
    name="custom-get-lr-compounds",
    summary="`get_lr()` multiplies the rate in use by a factor made of the number of steps: all factors pile up.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=modules,
    help="multiply the values of `self.base_lrs` by it, or the current rate by the ratio of two factors",
)
def custom_get_lr_compounds(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Each `get_lr()` that compounds."""
    for each in module.classes:
        found = each.compounding
        if found is not None:
            yield self.remark(
                f"`get_lr()` multiplies the current learning rate by {factor(found)} at every step, so that the "
                f"factors of all steps pile up{effect(found)}",
                found.at,
                related=(Related(f"`{each.name}` is defined here", each.place, essential=True),),
                confidence=found.confidence,
            )


def factor(found: Compounding) -> str:
    """What it is multiplied by."""
    return f"`{found.factor}`" if found.factor else "a factor made of the number of steps"


def effect(found: Compounding) -> str:
    """What becomes of the learning rate, with a number where there is one."""
    if found.applied is None or found.meant is None:
        return ""
    return f": after {found.steps} steps it is {found.applied:.3g} times the first one, and not {found.meant:.3g} times"
