"""LRS608: a scheduler class calls the constructor of its base before it stores what its `get_lr()` reads."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, modules, rule, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.understood import ModuleReading


@rule(
    code="LRS608",
    name="custom-attribute-after-super",
    summary="An attribute that `get_lr()` reads is stored after `super().__init__()`, which calls `get_lr()`.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=modules,
    help="store the attributes first, and call `super().__init__()` at the end of `__init__`",
)
def custom_attribute_after_super(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Each scheduler class whose base's constructor steps before the attributes that the step reads are stored."""
    for each in module.classes:
        if each.late is not None:
            call, attributes = each.late.call, each.late.attributes
            names = " and ".join(f"`{one.name}`" for one in attributes)
            first = attributes[0]
            line = where(first.stored, call)
            yield self.remark(
                f"`{each.name}` cannot be built: `super().__init__()` steps once, and that step reads {names}, "
                f"stored only after it{f' ({line})' if line else ''}: AttributeError",
                call,
                related=(
                    Related(f"`{first.name}` is read here", first.read),
                    *(Related(f"`{one.name}` is stored here", one.stored, essential=True) for one in attributes),
                    Related(f"`{each.name}` is defined here", each.place, essential=True),
                ),
            )
