"""LRS612: a scheduler class has a `step()` of its own that never stores what `get_last_lr()` gives."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS612",
    name="custom-step-without-last-lr",
    summary="`step()` of a scheduler class never stores `_last_lr`, so that `get_last_lr()` raises AttributeError.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=modules,
    default=False,
    help="store `self._last_lr = [group['lr'] for group in self.optimizer.param_groups]` at the end of `step()`",
)
def custom_step_without_last_lr(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Each `step()` that takes the place of the base's and leaves out what `get_last_lr()` gives."""
    for each in module.classes:
        if each.untold is not None:
            yield self.remark(
                f"`step()` of `{each.name}` takes the place of its base's and never stores `_last_lr`: "
                "`get_last_lr()` raises AttributeError, so that nothing can say the learning rate in use",
                each.untold,
                related=(Related(f"`{each.name}` is defined here", each.place, essential=True),),
            )
