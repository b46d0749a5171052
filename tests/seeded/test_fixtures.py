"""Mistakes seeded into the fixtures: each is reported, or stands in a list with the reason why it is not yet."""

from __future__ import annotations

import pytest

from tests.oracle.markers import markers
from tests.oracle.recording import FIXTURES
from tests.seeded.judge import Verdict
from tests.seeded.kinds import KINDS, Kind
from tests.seeded.measuring import measured, tasks
from tests.seeded.report import Measured, lines

KNOWN_MISSES = {
    (
        "top-of-epoch",
        "own_schedules",
        "train.py:16",
    ): "a class with a `step()` of its own may do anything before the optimizer",
    ("deleted", "steps_with_arguments", "train.py:61"): "it cannot be built, and that is said of it",
    ("horizon-over-loader", "yacs_config", "train.py:26"): "what the items of a list from a file count is not known",
    (
        "fewer-steps",
        "unfreezing",
        "train.py:41",
    ): "another scheduler takes its place in the loop, so how often each is stepped is not known",
    (
        "out-of-batch-loop",
        "yaml_config",
        "train.py:32",
    ): "stepped in the first epoch alone, so once, and not once per epoch",
    (
        "rebound-optimizer",
        "schedules_put_together",
        "train.py:91",
    ): "it may be wrapped in another one or not, and which optimizer each has is not told apart",
}


@pytest.fixture(scope="module")
def fixtures() -> list[Measured]:
    """What is measured in each fixture."""
    folders = sorted(path for path in FIXTURES.iterdir() if path.is_dir())
    return list(measured(tasks(folders, KINDS, 12, {}), jobs=1))


def missed(verdict: Verdict) -> bool:
    """Whether a rule does not find what it is for."""
    return not verdict.caught and any(kind.name == verdict.kind and kind.is_ruled for kind in KINDS)


def test_every_seeded_mistake_is_reported_or_known_to_be_missed(fixtures: list[Measured]) -> None:
    found = {(one.kind, tree.tree, one.made) for tree in fixtures for one in tree.verdicts if missed(one)}
    assert found == KNOWN_MISSES.keys()


def test_every_miss_has_a_reason(fixtures: list[Measured]) -> None:
    assert all(one.reasons for tree in fixtures for one in tree.verdicts if missed(one))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_mistake_is_seeded(kind: Kind, fixtures: list[Measured]) -> None:
    assert any(one.kind == kind.name for tree in fixtures for one in tree.verdicts)


def test_what_is_reported_of_the_fixtures_as_they_are_is_marked(fixtures: list[Measured]) -> None:
    for tree in fixtures:
        expected = {(mark.file, mark.row, mark.code) for mark in markers(FIXTURES / tree.tree) if mark.expected}
        assert {(alarm.at.path, alarm.at.row, alarm.code) for alarm in tree.alarms} <= expected


def test_nothing_fails(fixtures: list[Measured]) -> None:
    assert [failure for tree in fixtures for failure in tree.failures] == []


def test_the_report_says_how_many_are_caught(fixtures: list[Measured]) -> None:
    text = "\n".join(lines(fixtures))
    assert f"{len(KNOWN_MISSES)} missed" in text
    assert all(kind.name in text for kind in KINDS)
