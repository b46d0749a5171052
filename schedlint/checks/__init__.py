"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch
from schedlint.checks.deprecated_get_lr import deprecated_get_lr
from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.horizon_ignores_accumulation import horizon_ignores_accumulation
from schedlint.checks.horizon_unlike_run_length import horizon_unlike_run_length
from schedlint.checks.one_cycle_overrun import one_cycle_overrun
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped
from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned
from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    batch_scheduler_stepped_per_epoch,
    horizon_ignores_accumulation,
    scheduler_stepped_twice,
    one_cycle_overrun,
    horizon_unlike_run_length,
    scheduler_never_stepped,
    scheduler_not_assigned,
    scheduler_before_optimizer,
    deprecated_get_lr,
)
"""Every rule, by code."""
