"""Which rule speaks of a construction when several hold."""

from __future__ import annotations

import pytest

from schedlint.checks import RULES
from schedlint.checks.precedence import OUTRANKS, outranked

CODES = {rule.code for rule in RULES}


def test_the_table_names_rules_that_exist_and_none_twice() -> None:
    for code, silent in OUTRANKS.items():
        assert {code, *silent} <= CODES
        assert len(set(silent)) == len(silent)
        assert code not in silent


def test_no_two_rules_silence_each_other_by_any_way_round() -> None:
    left = dict(OUTRANKS)
    while left:
        lowest = [code for code, silent in left.items() if not any(each in left for each in silent)]
        assert lowest, f"a circle among {sorted(left)}"
        for code in lowest:
            del left[code]


@pytest.mark.parametrize(
    ("code", "others", "expected"),
    [
        pytest.param("LRS201", {"LRS201", "LRS204"}, True, id="an effect beside its cause"),
        pytest.param("LRS204", {"LRS201", "LRS204"}, False, id="the cause beside its effect"),
        pytest.param("LRS201", {"LRS201"}, False, id="alone"),
        pytest.param("LRS601", {"LRS601", "LRS201", "LRS203"}, False, id="one that is not in the table"),
    ],
)
def test_an_effect_is_silent_where_its_cause_is_told(code: str, others: set[str], expected: bool) -> None:
    assert outranked(code, others) is expected
