"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch
from schedlint.checks.deprecated_get_lr import deprecated_get_lr
from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.extra_initial_scheduler_step import extra_initial_scheduler_step
from schedlint.checks.optimizer_step_in_else_of_scheduler import optimizer_step_in_else_of_scheduler
from schedlint.checks.plateau_before_validation import plateau_before_validation
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.checks.scheduler_ignores_skipped_amp_step import scheduler_ignores_skipped_amp_step
from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped
from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned
from schedlint.checks.scheduler_shadowed import scheduler_shadowed
from schedlint.checks.scheduler_step_not_called import scheduler_step_not_called
from schedlint.checks.scheduler_step_only_when_best import scheduler_step_only_when_best
from schedlint.checks.scheduler_step_unreachable import scheduler_step_unreachable
from schedlint.checks.scheduler_stepped_outside_loop import scheduler_stepped_outside_loop
from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    batch_scheduler_stepped_per_epoch,
    scheduler_stepped_twice,
    scheduler_never_stepped,
    scheduler_not_assigned,
    scheduler_step_not_called,
    scheduler_shadowed,
    optimizer_step_in_else_of_scheduler,
    scheduler_stepped_outside_loop,
    scheduler_step_unreachable,
    scheduler_step_only_when_best,
    scheduler_before_optimizer,
    extra_initial_scheduler_step,
    plateau_before_validation,
    scheduler_ignores_skipped_amp_step,
    deprecated_get_lr,
)
"""Every rule, by code."""
