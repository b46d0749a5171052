"""Which rules run."""

from __future__ import annotations

import pytest

from schedlint.checks import RULES
from schedlint.diagnostics import UsageError
from schedlint.selection import means, selection


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        pytest.param((), (), {"LRS101", "LRS301"}, id="all without a word"),
        pytest.param(("ALL",), (), {"LRS101", "LRS301"}, id="all by name"),
        pytest.param(("LRS101",), (), {"LRS101"}, id="by code"),
        pytest.param(("lrs101",), (), {"LRS101"}, id="by code in small letters"),
        pytest.param(("LRS3",), (), {"LRS301"}, id="by the beginning of a code"),
        pytest.param(("scheduler-before-optimizer",), (), {"LRS301"}, id="by name"),
        pytest.param((), ("LRS3",), {"LRS101"}, id="all but one"),
        pytest.param(("LRS",), ("LRS101", "LRS301"), set(), id="none left"),
        pytest.param(("LRS101", "LRS301"), (), {"LRS101", "LRS301"}, id="two"),
    ],
)
def test_which_rules_run(select: tuple[str, ...], ignore: tuple[str, ...], codes: set[str]) -> None:
    chosen = {each.code for each in selection(select, ignore)}
    assert chosen & {"LRS101", "LRS301"} == codes
    if codes != {"LRS101", "LRS301"}:
        assert len(chosen) < len(RULES)


@pytest.mark.parametrize("wanted", ["LRS777", "no-such-rule", "E501", "scheduler-before"])
def test_what_is_no_rule_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted):
        selection((wanted,), ())
    with pytest.raises(UsageError, match=wanted):
        selection((), (wanted,))


def test_a_name_is_matched_in_full() -> None:
    assert means("a-fault", "LRS998", "a-fault")
    assert not means("a-fau", "LRS998", "a-fault")


@pytest.mark.parametrize("wanted", ["LRS901", "LRS9", "syntax-error", "analysis-budget-spent"])
def test_what_the_linter_says_of_itself_can_be_named(wanted: str) -> None:
    assert selection((), (wanted,)) == RULES
