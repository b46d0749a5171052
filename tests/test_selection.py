"""Which rules run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schedlint.checks import RULES
from schedlint.config import Selectors
from schedlint.diagnostics import UsageError
from schedlint.selection import INTERNAL_ERROR, OWN, means, selection

BY_DEFAULT = {"LRS101", "LRS102", "LRS301"}
NAMES = {"LRS101": "a-fault", "LRS102": "another-fault", "LRS103": "a-fault-on-request", "LRS301": "a-third-fault"}


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rules, of which one is off by default."""
    made = [replace(RULES[0], code=code, name=name, default=code in BY_DEFAULT) for code, name in NAMES.items()]
    monkeypatch.setattr("schedlint.selection.RULES", tuple(made))


def chosen(*layers: Selectors) -> set[str]:
    return {each.code for each in selection(layers).rules}


@pytest.mark.parametrize(
    ("layer", "codes"),
    [
        pytest.param(Selectors(), BY_DEFAULT, id="without a word those that are on by default"),
        pytest.param(Selectors(("ALL",)), set(NAMES), id="all by name"),
        pytest.param(Selectors(("LRS101",)), {"LRS101"}, id="by code"),
        pytest.param(Selectors(("lrs101",)), {"LRS101"}, id="by code in small letters"),
        pytest.param(Selectors(("LRS1",)), {"LRS101", "LRS102", "LRS103"}, id="by the beginning of a code"),
        pytest.param(Selectors(("a-third-fault",)), {"LRS301"}, id="by name"),
        pytest.param(Selectors(("LRS101", "LRS301")), {"LRS101", "LRS301"}, id="two"),
        pytest.param(Selectors(()), set(), id="none at all"),
        pytest.param(Selectors(extend_select=("LRS103",)), set(NAMES), id="one more than by default"),
        pytest.param(Selectors(("LRS3",), ("LRS103",)), {"LRS103", "LRS301"}, id="one more than selected"),
        pytest.param(Selectors(ignore=("LRS3",)), {"LRS101", "LRS102"}, id="all but some"),
        pytest.param(Selectors(("LRS1",), ignore=("LRS101",)), {"LRS102", "LRS103"}, id="a kind but one of it"),
        pytest.param(Selectors(("LRS101",), ignore=("LRS1",)), {"LRS101"}, id="one of a kind that is ignored"),
        pytest.param(Selectors(("a-fault",), ignore=("LRS1",)), {"LRS101"}, id="a name says as much as a code"),
        pytest.param(Selectors(("LRS10",), ignore=("LRS1", "LRS101")), {"LRS102", "LRS103"}, id="in three steps"),
        pytest.param(Selectors(("LRS1",), ignore=("LRS1",)), set(), id="of two that say as much, ignore wins"),
        pytest.param(Selectors(("ALL",), ignore=("ALL",)), set(), id="everything and nothing is nothing"),
        pytest.param(Selectors(ignore=("ALL",), extend_select=("LRS3",)), {"LRS301"}, id="nothing but"),
    ],
)
def test_which_rules_run(layer: Selectors, codes: set[str]) -> None:
    assert chosen(layer) == codes


@pytest.mark.parametrize(
    ("file", "line", "codes"),
    [
        pytest.param(Selectors(("LRS1",)), Selectors(), {"LRS101", "LRS102", "LRS103"}, id="nothing said"),
        pytest.param(Selectors(("LRS1",)), Selectors(("LRS3",)), {"LRS301"}, id="another selection"),
        pytest.param(Selectors(ignore=("LRS3",)), Selectors(("LRS3",)), {"LRS301"}, id="what the file ignores"),
        pytest.param(Selectors(("LRS101",)), Selectors(ignore=("LRS1",)), set(), id="less than the file selects"),
        pytest.param(Selectors(("LRS3",)), Selectors(ignore=("LRS1",)), {"LRS301"}, id="less of something else"),
        pytest.param(Selectors(("LRS3",)), Selectors(extend_select=("LRS101",)), {"LRS101", "LRS301"}, id="more"),
        pytest.param(Selectors(extend_select=("LRS103",)), Selectors(("LRS3",)), {"LRS301"}, id="instead of more"),
    ],
)
def test_the_command_line_wins_over_the_file(file: Selectors, line: Selectors, codes: set[str]) -> None:
    assert chosen(file, line) == codes


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        pytest.param(Selectors(("LRS777",)), "--select: `LRS777` is no rule", id="no code"),
        pytest.param(Selectors((), ("E501",)), "--extend-select: `E501` is no rule", id="another tool's"),
        pytest.param(
            Selectors(ignore=("a-fau",)), "--ignore: `a-fau` is no rule; did you mean `a-fault`?", id="a part"
        ),
        pytest.param(Selectors(("lrs11",)), "--select: `lrs11` is no rule; did you mean `LRS101`?", id="a slip"),
        pytest.param(Selectors(("",)), "--select: `` is no rule", id="nothing"),
        pytest.param(
            Selectors(ignore=("sintax-error",), origin="a/pyproject.toml"),
            "a/pyproject.toml: `ignore`: `sintax-error` is no rule; did you mean `syntax-error`?",
            id="in a file",
        ),
    ],
)
def test_what_is_no_rule_is_refused_where_it_stands(selectors: Selectors, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        selection([selectors])
    assert str(refused.value) == said


def test_a_name_is_matched_in_full() -> None:
    assert means("a-fault", "LRS998", "a-fault")
    assert not means("a-fau", "LRS998", "a-fault")


@pytest.mark.parametrize(
    ("layers", "silent"),
    [
        pytest.param([Selectors(("LRS101",))], set(), id="something else is selected"),
        pytest.param([Selectors(ignore=("LRS1",))], set(), id="something else is ignored"),
        pytest.param([Selectors(ignore=("LRS901",))], {"LRS901"}, id="by code"),
        pytest.param([Selectors(ignore=("analysis-budget-spent",))], {"LRS903"}, id="by name"),
        pytest.param([Selectors(ignore=("LRS9",))], set(OWN) - {INTERNAL_ERROR}, id="all but internal errors"),
        pytest.param([Selectors(ignore=("LRS901",)), Selectors(("LRS1",))], {"LRS901"}, id="before a selection"),
        pytest.param([Selectors(ignore=("LRS901",)), Selectors(("LRS901",))], set(), id="and asked for again"),
    ],
)
def test_what_the_linter_says_of_itself_is_said_unless_it_is_ignored(layers: list[Selectors], silent: set[str]) -> None:
    assert set(OWN) - selection(layers).own == silent
