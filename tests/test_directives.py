"""What comments say: every way to say it, and what is understood of what was said wrongly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedlint.directives import VALUES, Directive, Silence, Telling, Unclear, directives
from schedlint.misspelled import LONGEST, nearest
from tests.conftest import ROOT

ALL = Silence((), noqa=True)
OURS = Silence((), noqa=False)


def noqa(*rules: str) -> Silence:
    return Silence(rules, noqa=True)


def ignore(*rules: str) -> Silence:
    return Silence(rules, noqa=False)


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        pytest.param("# nothing to say", [], id="nothing"),
        pytest.param("# noqa", [ALL], id="everything"),
        pytest.param("#noqa", [ALL], id="without a blank"),
        pytest.param("# NoQA", [ALL], id="in any case"),
        pytest.param("# noqa: LRS101", [noqa("LRS101")], id="one code"),
        pytest.param("# noqa:LRS101", [noqa("LRS101")], id="one code without a blank"),
        pytest.param("# NOQA: lrs101", [noqa("lrs101")], id="a code in small letters"),
        pytest.param("# noqa: LRS1", [noqa("LRS1")], id="the beginning of a code"),
        pytest.param("# noqa: E501, LRS101", [noqa("E501", "LRS101")], id="codes with a comma and a blank"),
        pytest.param("# noqa:E501,LRS101", [noqa("E501", "LRS101")], id="codes with a comma"),
        pytest.param("# noqa:E501 LRS101", [noqa("E501", "LRS101")], id="codes with a blank"),
        pytest.param("# noqa: LRS101 because it is so", [noqa("LRS101")], id="a code and a reason"),
        pytest.param("# noqa: because it is so", [ALL], id="a reason alone is no code"),
        pytest.param("# noqa : E501", [ALL], id="a blank before the colon, as flake8 reads it"),
        pytest.param("# noqable", [], id="another word"),
        pytest.param("# flake8: noqa", [], id="what is said of the whole file"),
        pytest.param("# type: ignore  # noqa: LRS101", [noqa("LRS101")], id="behind what is said to others"),
        pytest.param("# noqa: LRS101  # type: ignore", [noqa("LRS101")], id="before what is said to others"),
        pytest.param("# noqa: E501  # noqa: LRS101", [noqa("E501"), noqa("LRS101")], id="twice"),
    ],
)
def test_noqa_is_read_as_flake8_reads_it(comment: str, said: list[Directive]) -> None:
    assert list(directives(comment)) == said


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        pytest.param("# schedlint: ignore", [OURS], id="everything"),
        pytest.param("# schedlint: ignore  # why", [OURS], id="everything with a reason"),
        pytest.param("#SchedLint:Ignore", [OURS], id="in any case, without blanks"),
        pytest.param("# schedlint: ignore[LRS101]", [ignore("LRS101")], id="one rule"),
        pytest.param("# schedlint: ignore [ LRS101 ]", [ignore("LRS101")], id="blanks around"),
        pytest.param("# schedlint: ignore[LRS101] because it is so", [ignore("LRS101")], id="a reason"),
        pytest.param("# schedlint: ignore[LRS101] because a = b", [ignore("LRS101")], id="a reason with a formula"),
        pytest.param("# schedlint: ignore[LRS101] see #12", [ignore("LRS101")], id="a reason with a number"),
        pytest.param("# schedlint: ignore[LRS1, a-fault]", [ignore("LRS1", "a-fault")], id="a prefix and a name"),
        pytest.param("# schedlint: ignore[LRS1 LRS3]", [ignore("LRS1", "LRS3")], id="blanks between"),
        pytest.param("# fmt: skip # schedlint: ignore[LRS101]", [ignore("LRS101")], id="behind others"),
        pytest.param("# schedlint: ignore[LRS101]  # noqa: E501", [noqa("E501"), ignore("LRS101")], id="before others"),
    ],
)
def test_schedlint_is_told_what_to_ignore(comment: str, said: list[Directive]) -> None:
    assert list(directives(comment)) == said


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        pytest.param("# schedlint: steps=batch", [Telling("steps", "batch")], id="a step"),
        pytest.param("#schedlint:steps=batch", [Telling("steps", "batch")], id="without blanks"),
        pytest.param("# schedlint: Steps = Batch", [Telling("steps", "batch")], id="in any case, blanks around"),
        pytest.param(
            "# schedlint: steps=epoch, horizon=epochs",
            [Telling("steps", "epoch"), Telling("horizon", "epochs")],
            id="two with a comma",
        ),
        pytest.param(
            "# schedlint: horizon=updates steps=update",
            [Telling("horizon", "updates"), Telling("steps", "update")],
            id="two with a blank",
        ),
        pytest.param(
            "# schedlint: steps=batch ignore[LRS101] why",
            [Telling("steps", "batch"), ignore("LRS101")],
            id="before what to ignore",
        ),
        pytest.param(
            "# schedlint: ignore[LRS101], steps=batch",
            [ignore("LRS101"), Telling("steps", "batch")],
            id="behind what to ignore",
        ),
        pytest.param("# schedlint: steps=batch  # the trainer calls it", [Telling("steps", "batch")], id="a reason"),
    ],
)
def test_schedlint_is_told_facts(comment: str, said: list[Directive]) -> None:
    assert list(directives(comment)) == said


def test_a_telling_is_said_in_one_way() -> None:
    assert Telling("steps", "batch").text == "# schedlint: steps=batch"


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in VALUES.items() for value in values])
def test_everything_that_can_be_told_is_understood(key: str, value: str) -> None:
    assert list(directives(Telling(key, value).text)) == [Telling(key, value)]


@pytest.mark.parametrize(
    ("said", "words", "hint"),
    [
        pytest.param("steps=bach", "steps=bach", "did you mean `steps=batch`?", id="a value misspelled"),
        pytest.param("steps=batches", "steps=batches", "did you mean `steps=batch`?", id="a value in the plural"),
        pytest.param("horizon=epoch", "horizon=epoch", "did you mean `horizon=epochs`?", id="one in the singular"),
        pytest.param("step=batch,", "step=batch", "did you mean `steps=batch`?", id="a key misspelled"),
        pytest.param(
            "steps=3", "steps=3", "say one of `steps=batch`, `steps=update`, `steps=epoch`", id="another value"
        ),
        pytest.param("steps=", "steps=", "say one of `steps=batch`, `steps=update`, `steps=epoch`", id="no value"),
        pytest.param("ignore=LRS101", "ignore=LRS101", "did you mean `ignore[LRS101]`?", id="an equals sign"),
        pytest.param("ignore LRS101", "ignore LRS101", "did you mean `ignore[LRS101]`?", id="no brackets"),
        pytest.param("ignore[LRS1, LRS3", "ignore[LRS1, LRS3", "did you mean `ignore[LRS1, LRS3]`?", id="one bracket"),
        pytest.param("ignore[ ]", "ignore[ ]", "name the rules, or say `ignore` for all", id="nothing in brackets"),
        pytest.param(
            "ignore for now",
            "ignore for now",
            "a reason follows the rules: `ignore[LRS101] reason`",
            id="a reason without rules",
        ),
    ],
)
def test_what_is_said_wrongly_comes_with_what_was_meant(said: str, words: str, hint: str) -> None:
    assert list(directives(f"# schedlint: {said}")) == [Unclear(words, hint)]


@pytest.mark.parametrize("said", ["", "  ", "colour=red", "is a linter", "off", "= batch", "]"])
def test_what_is_not_understood_at_all_comes_with_what_can_be_said(said: str) -> None:
    (unclear,) = directives(f"# schedlint: {said}")
    assert unclear == Unclear(said.strip(), "say `ignore[LRS101]`, `steps=batch` or `horizon=epochs`")


def test_stray_words_do_not_take_the_others_with_them() -> None:
    unclear = Unclear("because it is so", "other words go behind another `#`")
    assert list(directives("# schedlint: steps=batch because it is so")) == [Telling("steps", "batch"), unclear]


def test_many_words_are_cut() -> None:
    (unclear,) = directives("# schedlint: " + "word " * 1000)
    assert isinstance(unclear, Unclear)
    assert len(unclear.words) == LONGEST + 1


def test_the_nearest_word_is_one_of_those_there_are_or_none() -> None:
    assert nearest("bach", ["epoch", "batch"]) == "batch"
    assert nearest("colour", ["epoch", "batch"]) is None


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_what_our_own_pages_say_is_understood(page: str) -> None:
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    comments = [found[0] for line in lines for found in re.finditer(r"# (?:noqa|schedlint:)[^`]*", line)]
    assert not [said for comment in comments for said in directives(comment) if isinstance(said, Unclear)]


WORDS = st.sampled_from(
    [
        "#",
        " ",
        ",",
        "=",
        "[",
        "]",
        ":",
        "noqa",
        "schedlint",
        "ignore",
        "steps",
        "horizon",
        "batch",
        "LRS101",
        "\\",
        "\t",
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS | st.text(max_size=3), max_size=12).map("".join))
def test_whatever_a_comment_holds_it_is_read(text: str) -> None:
    for comment in (f"#{text}", f"# schedlint: {text}", f"# noqa: {text}"):
        for said in directives(comment):
            assert not isinstance(said, Telling) or said.value in VALUES[said.key]
            assert not isinstance(said, Silence) or all(said.rules)


def test_a_comment_of_a_million_words_is_read() -> None:
    assert sum(1 for _ in directives("# schedlint: " + "steps=batch " * 100_000)) == 100_000
    assert list(directives("# noqa: " + "a" * 1_000_000)) == [ALL]
