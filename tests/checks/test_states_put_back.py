"""LRS503 and LRS505 to LRS508 on timelines written by hand; what they find is in tests/timeline/test_restoring.py."""

from __future__ import annotations

import pytest

from schedlint.checks.last_epoch_on_fresh_optimizer import last_epoch_on_fresh_optimizer
from schedlint.checks.optimizer_state_missing import optimizer_state_missing
from schedlint.checks.pickled_scheduler_object import pickled_scheduler_object
from schedlint.checks.rule import Rule
from schedlint.checks.scheduler_built_after_optimizer_load import scheduler_built_after_optimizer_load
from schedlint.checks.wrong_state_dict import wrong_state_dict
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import Form, Part
from tests.timeline.build import Argument, Story, understood


def only(rule: Rule, story: Story) -> Finding:
    """The one finding of a rule."""
    (finding,) = (each for view in rule.over(understood(story)) for each in rule.check(view))
    return finding


def begun(cls: str = "StepLR", **arguments: Argument) -> Story:
    story = Story()
    story.optimizer(lr=0.1)
    story.amend(1, initial_rates=False)
    story.schedule(cls, arguments or {"step_size": 30})
    return story


def late(cls: str, **arguments: Argument) -> Story:
    """A scheduler that is built between the two loads."""
    story = Story()
    story.optimizer(lr=0.1)
    story.load(1, "optimizer")
    story.schedule(cls, arguments)
    story.load(2, "scheduler")
    with story.range("epoch", 90):
        with story.loader():
            story.optimize()
        story.step(2)
    return story


def test_a_position_on_a_new_optimizer_is_an_error_at_the_construction() -> None:
    story = begun(step_size=30, last_epoch=7)
    finding = only(last_epoch_on_fresh_optimizer, story)
    assert (finding.severity, finding.place) == (Severity.ERROR, story.objects[1].place)
    assert "`last_epoch=7`" in finding.message
    assert "KeyError" in finding.message


def test_a_factor_that_is_applied_once_more_is_an_error() -> None:
    story = late("LinearLR", start_factor=0.1)
    finding = only(scheduler_built_after_optimizer_load, story)
    assert (finding.severity, finding.place) == (Severity.ERROR, story.objects[1].place)
    assert story.events[1].place in [related.place for related in finding.related if related.essential]
    assert "multiplies the learning rate by 0.1 once more, and no later load puts it right" in finding.message


def test_an_epoch_at_the_wrong_learning_rate_is_a_warning() -> None:
    finding = only(scheduler_built_after_optimizer_load, late("CosineAnnealingWarmRestarts", T_0=10))
    assert finding.severity is Severity.WARNING
    assert "until the next step, for an epoch" in finding.message


def test_the_wrong_state_is_an_error_where_that_is_certain() -> None:
    story = begun()
    story.save(story.state(1, "optimizer"))
    event = story.load(2, "optimizer")
    finding = only(wrong_state_dict, story)
    assert (finding.severity, finding.confidence, finding.place) == (Severity.ERROR, Confidence.CERTAIN, event.place)
    assert "the state of an optimizer (`optimizer`) is loaded into `StepLR`" in finding.message


def test_the_wrong_state_is_a_warning_where_only_its_name_says_so() -> None:
    story = begun()
    story.load(1, "lr", "scheduler")
    finding = only(wrong_state_dict, story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
    assert "the state of a scheduler (`scheduler`) is loaded into `SGD`: torch raises KeyError" in finding.message


@pytest.mark.parametrize(
    ("cls", "arguments", "severity", "said"),
    [
        ("StepLR", {"step_size": 30}, Severity.WARNING, "the schedule goes on from 0.1, whatever it had come to"),
        ("OneCycleLR", {"max_lr": 1}, Severity.INFO, "the learning rate is 0.1 until the scheduler's next step"),
    ],
)
def test_a_scheduler_without_its_optimizer(
    cls: str, arguments: dict[str, Argument], severity: Severity, said: str
) -> None:
    story = begun(cls, **arguments)
    event = story.load(2, "scheduler")
    finding = only(optimizer_state_missing, story)
    assert (finding.severity, finding.place) == (severity, event.place)
    assert finding.message.endswith(said)


def test_a_pickled_scheduler_is_reported_at_the_file() -> None:
    story = begun()
    file = story.save(Part(("scheduler",), (2,), Form.OBJECT))
    finding = only(pickled_scheduler_object, story)
    assert (finding.severity, finding.place) == (Severity.WARNING, file.place)
    assert "`StepLR` itself is saved here (under 'scheduler')" in finding.message
