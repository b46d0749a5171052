"""LRS613: a private class is named where the public one that has taken its place is meant."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.renamed import public_name, short
from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.understood import ModuleReading, Role


@rule(
    code="LRS613",
    name="private-lrscheduler",
    summary="The private base class `_LRScheduler` is named, which `LRScheduler` took the place of in torch 2.0.",
    severity=Severity.INFO,
    since="0.1.0",
    over=modules,
    help="import the public name",
)
def private_lrscheduler(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Every import of the name, and every use that spells it through its module, if it is not one of LRS606."""
    for use in module.uses:
        if use.role is Role.CHECK or not (use.dotted or use.role is Role.IMPORT):
            continue
        library = use.table.library
        old, new, since = short(use.table.name), short(use.table.successor), use.table.successor_since
        yield self.finding(
            f"`{old}` is private: since {library} {since} it is `{new}`, from which all schedulers of {library} "
            f"derive; an own schedule works with either",
            use.place,
            remedy=public_name(module, use),
        )
