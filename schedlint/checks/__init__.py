"""The rules: one module each, all of them listed here."""

from __future__ import annotations

from schedlint.checks.absolute_lr_as_factor import absolute_lr_as_factor
from schedlint.checks.batch_scheduler_stepped_per_epoch import batch_scheduler_stepped_per_epoch
from schedlint.checks.checkpoint_before_step import checkpoint_before_step
from schedlint.checks.competing_schedulers import competing_schedulers
from schedlint.checks.custom_attribute_after_super import custom_attribute_after_super
from schedlint.checks.custom_get_lr_compounds import custom_get_lr_compounds
from schedlint.checks.custom_get_lr_not_list import custom_get_lr_not_list
from schedlint.checks.custom_missing_super import custom_missing_super
from schedlint.checks.custom_step_without_last_lr import custom_step_without_last_lr
from schedlint.checks.decay_beyond_training import decay_beyond_training
from schedlint.checks.default_horizon import default_horizon
from schedlint.checks.deprecated_get_lr import deprecated_get_lr
from schedlint.checks.deprecated_step_epoch import deprecated_step_epoch
from schedlint.checks.epoch_scheduler_stepped_per_batch import epoch_scheduler_stepped_per_batch
from schedlint.checks.eta_min_not_below_lr import eta_min_not_below_lr
from schedlint.checks.extra_initial_scheduler_step import extra_initial_scheduler_step
from schedlint.checks.gamma_out_of_range import gamma_out_of_range
from schedlint.checks.horizon_from_dataset_length import horizon_from_dataset_length
from schedlint.checks.horizon_frozen_in_checkpoint import horizon_frozen_in_checkpoint
from schedlint.checks.horizon_ignores_accumulation import horizon_ignores_accumulation
from schedlint.checks.horizon_unlike_run_length import horizon_unlike_run_length
from schedlint.checks.in_epoch_counter_as_step import in_epoch_counter_as_step
from schedlint.checks.inner_scheduler_stepped import inner_scheduler_stepped
from schedlint.checks.isinstance_private_lrscheduler import isinstance_private_lrscheduler
from schedlint.checks.lambda_lr_constant import lambda_lr_constant
from schedlint.checks.lambda_lr_unclamped import lambda_lr_unclamped
from schedlint.checks.last_epoch_off_by_one import last_epoch_off_by_one
from schedlint.checks.last_epoch_on_fresh_optimizer import last_epoch_on_fresh_optimizer
from schedlint.checks.manual_lr_overwritten import manual_lr_overwritten
from schedlint.checks.metric_passed_to_non_plateau import metric_passed_to_non_plateau
from schedlint.checks.milestones_not_integers import milestones_not_integers
from schedlint.checks.mixed_units_in_chain import mixed_units_in_chain
from schedlint.checks.multiplicative_lr_compounds import multiplicative_lr_compounds
from schedlint.checks.one_cycle_degenerate import one_cycle_degenerate
from schedlint.checks.one_cycle_overrides_optimizer import one_cycle_overrides_optimizer
from schedlint.checks.one_cycle_overrun import one_cycle_overrun
from schedlint.checks.optimizer_lr_attribute import optimizer_lr_attribute
from schedlint.checks.optimizer_rebound_after_scheduler import optimizer_rebound_after_scheduler
from schedlint.checks.optimizer_state_missing import optimizer_state_missing
from schedlint.checks.optimizer_step_in_else_of_scheduler import optimizer_step_in_else_of_scheduler
from schedlint.checks.parameter_group_added_after_scheduler import parameter_group_added_after_scheduler
from schedlint.checks.pickled_scheduler_object import pickled_scheduler_object
from schedlint.checks.plateau_before_validation import plateau_before_validation
from schedlint.checks.plateau_mode_mismatch import plateau_mode_mismatch
from schedlint.checks.plateau_relative_negative import plateau_relative_negative
from schedlint.checks.plateau_step_without_metric import plateau_step_without_metric
from schedlint.checks.plateau_stepped_per_batch import plateau_stepped_per_batch
from schedlint.checks.private_lrscheduler import private_lrscheduler
from schedlint.checks.removed_verbose import removed_verbose
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.checks.scheduler_built_after_optimizer_load import scheduler_built_after_optimizer_load
from schedlint.checks.scheduler_created_in_loop import scheduler_created_in_loop
from schedlint.checks.scheduler_ignores_skipped_amp_step import scheduler_ignores_skipped_amp_step
from schedlint.checks.scheduler_never_stepped import scheduler_never_stepped
from schedlint.checks.scheduler_not_assigned import scheduler_not_assigned
from schedlint.checks.scheduler_on_wrong_optimizer import scheduler_on_wrong_optimizer
from schedlint.checks.scheduler_shadowed import scheduler_shadowed
from schedlint.checks.scheduler_signature_mismatch import scheduler_signature_mismatch
from schedlint.checks.scheduler_state_not_loaded import scheduler_state_not_loaded
from schedlint.checks.scheduler_state_not_saved import scheduler_state_not_saved
from schedlint.checks.scheduler_step_not_called import scheduler_step_not_called
from schedlint.checks.scheduler_step_only_when_best import scheduler_step_only_when_best
from schedlint.checks.scheduler_step_unreachable import scheduler_step_unreachable
from schedlint.checks.scheduler_stepped_outside_loop import scheduler_stepped_outside_loop
from schedlint.checks.scheduler_stepped_twice import scheduler_stepped_twice
from schedlint.checks.sequential_milestone_mismatch import sequential_milestone_mismatch
from schedlint.checks.sequential_unsupported_child import sequential_unsupported_child
from schedlint.checks.swapped_step_size_and_gamma import swapped_step_size_and_gamma
from schedlint.checks.wrong_state_dict import wrong_state_dict
from schedlint.checks.zero_warm_up_sticks import zero_warm_up_sticks

RULES: tuple[Rule, ...] = (
    epoch_scheduler_stepped_per_batch,
    batch_scheduler_stepped_per_epoch,
    horizon_ignores_accumulation,
    scheduler_stepped_twice,
    plateau_stepped_per_batch,
    one_cycle_overrun,
    in_epoch_counter_as_step,
    horizon_unlike_run_length,
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
    scheduler_on_wrong_optimizer,
    optimizer_rebound_after_scheduler,
    scheduler_created_in_loop,
    competing_schedulers,
    inner_scheduler_stepped,
    parameter_group_added_after_scheduler,
    manual_lr_overwritten,
    optimizer_lr_attribute,
    one_cycle_overrides_optimizer,
    scheduler_state_not_saved,
    scheduler_state_not_loaded,
    last_epoch_on_fresh_optimizer,
    last_epoch_off_by_one,
    scheduler_built_after_optimizer_load,
    wrong_state_dict,
    optimizer_state_missing,
    pickled_scheduler_object,
    checkpoint_before_step,
    horizon_frozen_in_checkpoint,
    deprecated_get_lr,
    removed_verbose,
    deprecated_step_epoch,
    metric_passed_to_non_plateau,
    plateau_step_without_metric,
    isinstance_private_lrscheduler,
    scheduler_signature_mismatch,
    custom_attribute_after_super,
    custom_get_lr_not_list,
    custom_missing_super,
    custom_get_lr_compounds,
    custom_step_without_last_lr,
    private_lrscheduler,
    milestones_not_integers,
    decay_beyond_training,
    swapped_step_size_and_gamma,
    gamma_out_of_range,
    lambda_lr_constant,
    absolute_lr_as_factor,
    multiplicative_lr_compounds,
    zero_warm_up_sticks,
    sequential_milestone_mismatch,
    eta_min_not_below_lr,
    plateau_mode_mismatch,
    plateau_relative_negative,
    default_horizon,
    mixed_units_in_chain,
    sequential_unsupported_child,
    lambda_lr_unclamped,
    one_cycle_degenerate,
    horizon_from_dataset_length,
)
"""Every rule, by code."""
