"""LRS609: `get_lr()` of a scheduler class gives a number, or nothing, where a value for each group is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.definitions.model import AnswerKind
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS609",
    name="custom-get-lr-not-list",
    summary="`get_lr()` of a scheduler class gives one number, or nothing, and not a list with a value for each group.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=modules,
    help="return a list with one learning rate for each parameter group: `[... for base in self.base_lrs]`",
)
def custom_get_lr_not_list(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Each way through a `get_lr()` that gives no list."""
    for each in module.classes:
        for answer in each.answers:
            given = "a single number" if answer.kind is AnswerKind.NUMBER else "nothing"
            when = f"building `{each.name}`" if answer.always else "a step that comes here"
            yield self.remark(
                f"`get_lr()` gives {given}, where `step()` takes a list with a learning rate for each parameter group: "
                f"{when} raises TypeError",
                answer.place,
                related=(Related(f"`{each.name}` is defined here", each.place, essential=True),),
                confidence=answer.confidence,
            )
