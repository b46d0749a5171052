"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch
from schedlint.checks.deprecated_get_lr import deprecated_get_lr
from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.last_epoch_on_fresh_optimizer import last_epoch_on_fresh_optimizer
from schedlint.checks.optimizer_state_missing import optimizer_state_missing
from schedlint.checks.pickled_scheduler_object import pickled_scheduler_object
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.checks.scheduler_built_after_optimizer_load import scheduler_built_after_optimizer_load
from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped
from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned
from schedlint.checks.scheduler_state_not_loaded import scheduler_state_not_loaded
from schedlint.checks.scheduler_state_not_saved import scheduler_state_not_saved
from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice
from schedlint.checks.wrong_state_dict import wrong_state_dict

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    batch_scheduler_stepped_per_epoch,
    scheduler_stepped_twice,
    scheduler_never_stepped,
    scheduler_not_assigned,
    scheduler_before_optimizer,
    scheduler_state_not_saved,
    scheduler_state_not_loaded,
    last_epoch_on_fresh_optimizer,
    scheduler_built_after_optimizer_load,
    wrong_state_dict,
    optimizer_state_missing,
    pickled_scheduler_object,
    deprecated_get_lr,
)
"""Every rule, by code."""
