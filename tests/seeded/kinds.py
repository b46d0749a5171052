"""The kinds of seeded mistakes: what each is called, the code that must be reported, and the edit that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schedlint.checks import RULES
from tests.seeded import horizons, losses, moves, resumes
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change
from tests.seeded.source import Sources

Edit = Callable[[Candidate, Sources], "list[Change]"]


@dataclass(frozen=True)
class Kind:
    """A kind of mistake. The edit raises Unfit where it would be none; its docstring says when it is one.

    One that `edits_step` may be reported of any scheduler that is stepped there, any other of the candidate alone.
    """

    name: str
    code: str
    edit: Edit
    edits_step: bool

    @property
    def is_ruled(self) -> bool:
        """Whether there is a rule that is to find it."""
        return any(rule.code == self.code for rule in RULES)


AT_STEP, AT_CONSTRUCTION = True, False

KINDS = (
    Kind("into-batch-loop", "LRS101", moves.into_batch_loop, AT_STEP),
    Kind("out-of-batch-loop", "LRS102", moves.out_of_batch_loop, AT_STEP),
    Kind("top-of-epoch", "LRS301", moves.top_of_epoch, AT_STEP),
    Kind("before-optimizer", "LRS301", moves.before_optimizer, AT_STEP),
    Kind("deleted", "LRS201", losses.deleted, AT_STEP),
    Kind("doubled", "LRS104", losses.doubled, AT_STEP),
    Kind("horizon-times-loader", "LRS102", horizons.times_loader, AT_CONSTRUCTION),
    Kind("horizon-over-loader", "LRS101", horizons.over_loader, AT_CONSTRUCTION),
    Kind("rebound-optimizer", "LRS402", losses.rebound_optimizer, AT_CONSTRUCTION),
    Kind("not-assigned", "LRS202", losses.not_assigned, AT_CONSTRUCTION),
    Kind("state-not-saved", "LRS501", resumes.state_not_saved, AT_CONSTRUCTION),
    Kind("state-not-loaded", "LRS502", resumes.state_not_loaded, AT_CONSTRUCTION),
    Kind("built-late", "LRS505", resumes.built_late, AT_CONSTRUCTION),
    Kind("get-lr", "LRS601", losses.get_lr, AT_STEP),
)
