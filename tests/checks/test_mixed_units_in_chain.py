"""LRS714 on timelines written by hand; what counts what is in tests/timeline/test_mixtures.py."""

from __future__ import annotations

import pytest

from schedlint.checks.mixed_units_in_chain import mixed_units_in_chain as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import LOADER_LENGTH, Story, named
from tests.timeline.composed import chain, child, linear, sequence

EPOCHS = named("epochs")
COSINE = child("CosineAnnealingLR", T_max=EPOCHS)


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def trained(story: Story, *, per_batch: bool = True, epochs: int | None = None) -> Story:
    """The last scheduler is stepped in each batch, or each epoch."""
    made = len(story.objects)
    with story.range("epoch", EPOCHS if epochs is None else epochs):
        with story.loader():
            story.optimize()
            if per_batch:
                story.step(made)
        if not per_batch:
            story.step(made)
    return story


def test_two_units_in_a_chain_are_a_warning_where_it_is_built() -> None:
    story = trained(chain(linear(LOADER_LENGTH), COSINE))
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert "`CosineAnnealingLR` counts epochs (`T_max=epochs`" in finding.message
    assert "`LinearLR` counts batches (`total_iters=len(train_loader)`" in finding.message
    assert "stepped once per batch, what was to take `epochs` epochs takes `epochs` batches" in finding.message


def test_stepped_per_epoch_the_other_one_is_wrong() -> None:
    (finding,) = findings(trained(chain(linear(LOADER_LENGTH), COSINE), per_batch=False))
    assert "what was to take `len(train_loader)` batches takes `len(train_loader)` epochs" in finding.message


def test_the_milestones_of_a_sequence_count_too() -> None:
    (finding,) = findings(trained(sequence(linear(named("steps")), COSINE, milestones=[LOADER_LENGTH])))
    assert "the milestones count batches (`milestones=[len(train_loader)]`" in finding.message


def test_without_a_known_rhythm_one_of_them_is_wrong() -> None:
    story = trained(chain(linear(LOADER_LENGTH), COSINE), per_batch=False)
    with story.range("epoch", EPOCHS), story.loader():
        story.step(len(story.objects))
    (finding,) = findings(story)
    assert "one of them is wrong however often it is called" in finding.message


def test_a_decay_that_is_over_before_the_warm_up_is_likely_another_unit() -> None:
    (finding,) = findings(trained(chain(linear(500), child("StepLR", step_size=5)), epochs=20))
    assert finding.confidence is Confidence.LIKELY
    assert "warms up over 500 steps" in finding.message
    assert "1e-100 of the learning rate is left" in finding.message


@pytest.mark.parametrize("per_batch", [True, False])
def test_it_names_the_cause_of_what_a_wrong_rhythm_would_do(per_batch: bool) -> None:
    story = trained(sequence(linear(named("steps")), COSINE, milestones=[LOADER_LENGTH]), per_batch=per_batch)
    assert spoken(story) == ["LRS714"]
    assert spoken(trained(chain(linear(500), child("StepLR", step_size=5)), epochs=20, per_batch=per_batch)) == [
        "LRS714"
    ]


def test_what_counts_the_same_is_not_reported() -> None:
    assert findings(trained(chain(linear(5), child("StepLR", step_size=30)), epochs=60)) == []
    assert findings(trained(sequence(linear(5), COSINE, milestones=[5]), per_batch=False)) == []
