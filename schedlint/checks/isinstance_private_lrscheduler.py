"""LRS606: objects are compared with a private class from which no scheduler of the library derives any more."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.renamed import public_name, short
from schedlint.checks.rule import Rule, modules, rule
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.understood import ModuleReading, Role


@rule(
    code="LRS606",
    name="isinstance-private-lrscheduler",
    summary="`isinstance(x, _LRScheduler)` is False for every scheduler of torch since 2.0.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=modules,
    help="compare with the public class, or with a tuple of both where older releases are to work too",
)
def isinstance_private_lrscheduler(self: Rule, module: ModuleReading) -> Iterator[Finding]:
    """Every `isinstance` and `issubclass` with the private class and without the public one."""
    for use in module.uses:
        if use.role is not Role.CHECK:
            continue
        early = module.release(use.table).is_before(use.table.successor_since)
        old, new, library = short(use.table.name), short(use.table.successor), use.table.library
        yield self.finding(
            f"no scheduler of {library} is a `{old}` {'from' if early else 'since'} {library} "
            f"{use.table.successor_since}{' on' if early else ''}: the test is False for all of them, and a schedule "
            f"that is stepped only behind it leaves the learning rate where it is",
            use.place,
            severity=Severity.INFO if early else self.severity,
            help=f"compare with `{new}`, or with a tuple of both where older releases are to work too",
            remedy=public_name(module, use),
        )
