"""LRS610: the constructor of a scheduler class never calls that of its base."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS610",
    name="custom-missing-super",
    summary="`__init__` of a scheduler class never calls `super().__init__()`, which stores what `step()` needs.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=modules,
    help="call `super().__init__(optimizer, last_epoch)` at the end of `__init__`",
)
def custom_missing_super(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Each scheduler class whose constructor leaves out that of its base, while `step()` is inherited."""
    for each in module.classes:
        if each.unbuilt is not None:
            yield self.remark(
                f"`{each.name}` never calls `super().__init__()`: the schedule is not begun, and since nothing stores "
                "`_step_count`, the first `step()` raises AttributeError and the learning rate never changes",
                each.unbuilt,
                related=(Related(f"`{each.name}` is defined here", each.place, essential=True),),
            )
