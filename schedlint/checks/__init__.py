"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    scheduler_before_optimizer,
)
"""Every rule, by code."""
