"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch
from schedlint.checks.deprecated_get_lr import deprecated_get_lr
from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped
from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned
from schedlint.checks.scheduler_state_not_loaded import scheduler_state_not_loaded
from schedlint.checks.scheduler_state_not_saved import scheduler_state_not_saved
from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    batch_scheduler_stepped_per_epoch,
    scheduler_stepped_twice,
    scheduler_never_stepped,
    scheduler_not_assigned,
    scheduler_before_optimizer,
    scheduler_state_not_saved,
    scheduler_state_not_loaded,
    deprecated_get_lr,
)
"""Every rule, by code."""
