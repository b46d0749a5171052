"""LRS718 on timelines written by hand; what counts samples is in tests/timeline/test_oversized.py."""

from __future__ import annotations

import pytest

from schedlint.checks.horizon_from_dataset_length import horizon_from_dataset_length as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.checks.speaking import spoken
from tests.timeline.build import Story, named, op, option
from tests.timeline.test_oversized import ALL, SAMPLES, trained


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def test_it_is_a_warning_where_the_schedule_is_built() -> None:
    story = trained(ALL)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert "is given `len(dataset) * epochs` steps, one for each sample" in finding.message
    assert "once per batch of 32 samples: it takes 32 times as many epochs" in finding.message
    assert "the training ends 3.1% of the way through it" in finding.message


def test_where_a_part_is_meant_the_end_of_the_training_is_not_told() -> None:
    (finding,) = findings(trained(op("*", 5, SAMPLES)))
    assert finding.message.endswith("it takes 32 times as many epochs as was meant")


def test_a_size_without_a_value_is_told_by_name() -> None:
    (finding,) = findings(trained(ALL, named("batch_size")))
    assert "it takes `batch_size` times as many epochs" in finding.message


def test_a_default_is_told() -> None:
    (finding,) = findings(trained(ALL, option("args.batch_size", 64)))
    assert "of 64 samples (the default of `args.batch_size`)" in finding.message


@pytest.mark.parametrize("cls", ["OneCycleLR", "CosineAnnealingLR"])
def test_it_speaks_for_what_the_wrong_length_would_do(cls: str) -> None:
    parameter = "total_steps" if cls == "OneCycleLR" else "T_max"
    assert spoken(trained(ALL, cls=cls, parameter=parameter), "LRS108") == ["LRS718"]


def test_batches_are_not_reported() -> None:
    assert findings(trained(op("//", ALL, 32))) == []
