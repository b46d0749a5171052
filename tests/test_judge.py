"""From findings to diagnostics: where what is shown, and what a rule that fails leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from msgspec.structs import replace

from schedlint.checks.rule import Rule, rule, timelines
from schedlint.diagnostics import Confidence, Diagnostic, Failure, Finding, Related, Severity
from schedlint.facts import Comment
from schedlint.judge import judge
from schedlint.place import Place
from schedlint.suppress import NONE, Suppressions, suppressions
from schedlint.timeline.reading import Reading
from schedlint.timeline.understood import Understood
from tests.timeline.build import Story

NAMED = frozenset({"train.py"})


def at(row: int, path: str = "train.py") -> Place:
    return Place(path, row, 5, row, 9)


def locate(place: Place) -> tuple[str, int | None, int]:
    """A notebook's rows are ten to a cell."""
    if place.path.endswith(".ipynb"):
        return place.path, place.row // 10 + 1, place.row % 10
    return place.path, None, place.row


def finding(row: int, path: str = "train.py", *related: Related, condition: str = "", key: str = "k") -> Finding:
    place = at(row, path)
    message = f"wrong in {row}"
    return Finding("LRS901", "fault", message, place, Severity.ERROR, Confidence.CERTAIN, related, condition, key)


def finder(*found: Finding, code: str = "LRS901") -> Rule:
    """A rule that finds these."""

    @rule(code=code, name="fault", summary="A fault.", severity=Severity.ERROR, since="0.1.0", over=timelines)
    def found_by(self: Rule, reading: Reading) -> Iterator[Finding]:
        yield from found

    return found_by


@rule(code="LRS902", name="breaks", summary="It breaks.", severity=Severity.ERROR, since="0.1.0", over=timelines)
def breaks(self: Rule, reading: Reading) -> Iterator[Finding]:
    """A rule with an error in it."""
    raise KeyError("oh")


def reading() -> Reading:
    return Reading(Story().timeline(), (), (), ())


def silencing(*rows: int, path: str = "train.py") -> Suppressions:
    """A `# noqa` in each of these rows."""
    return suppressions({path: [Comment(row, 20, "# noqa", row, row) for row in rows]})


def judged(
    *rules: Rule, readings: int = 1, named: frozenset[str] = NAMED, suppressed: Suppressions = NONE
) -> tuple[Sequence[Diagnostic], Sequence[Failure]]:
    return judge(Understood((reading(),) * readings), rules, named, locate, suppressed=suppressed)


def rows(*found: Finding, named: frozenset[str] = NAMED, suppressed: Suppressions = NONE) -> list[tuple[str, int]]:
    diagnostics, _ = judged(finder(*found), named=named, suppressed=suppressed)
    return [(each.at.path, each.at.row) for each in diagnostics]


# --- where ------------------------------------------------------------------------------------------------------------


def test_a_finding_in_a_named_file_is_shown_where_it_is() -> None:
    assert rows(finding(5)) == [("train.py", 5)]


def test_a_finding_elsewhere_is_shown_at_its_first_essential_place_in_a_named_file() -> None:
    found = finding(
        5,
        "engine.py",
        Related("a", at(6), essential=False),
        Related("b", at(7), essential=True),
        Related("c", at(8), essential=True),
    )
    assert rows(found) == [("train.py", 7)]


def test_a_finding_that_was_moved_says_where_the_fix_goes() -> None:
    found = finding(5, "engine.py", Related("built", at(7), essential=True))
    ((diagnostic,), _) = judged(finder(found))
    assert [(note.message, note.at.path, note.at.row) for note in diagnostic.related] == [
        ("the fix goes here", "engine.py", 5)
    ]


def test_a_finding_without_an_essential_place_in_a_named_file_is_not_shown() -> None:
    assert rows(finding(5, "engine.py", Related("a", at(6)))) == []


def test_a_finding_elsewhere_is_not_shown_where_none_is_moved() -> None:
    elsewhere = finding(5, "engine.py", Related("a", at(7), essential=True))
    shown, _ = judge(
        Understood((reading(),)), [finder(elsewhere, finding(6, key="other"))], NAMED, locate, moving=False
    )
    assert [(each.at.path, each.at.row) for each in shown] == [("train.py", 6)]


def test_all_files_that_are_named_count() -> None:
    found = finding(5, "engine.py", Related("a", at(6), essential=True))
    assert rows(found, named=frozenset({"train.py", "engine.py"})) == [("engine.py", 5)]


def test_a_cell_of_a_notebook_is_found() -> None:
    ((diagnostic,), _) = judged(finder(finding(25, "x.ipynb")), named=frozenset({"x.ipynb"}))
    assert (diagnostic.at.cell, diagnostic.at.row) == (3, 5)


# --- what is one ------------------------------------------------------------------------------------------------------


def test_the_same_finding_of_two_entries_is_one() -> None:
    assert len(judged(finder(finding(5)), readings=3)[0]) == 1


def test_another_construction_at_another_place_is_another_finding() -> None:
    assert rows(finding(5, key="a"), finding(6, key="b")) == [("train.py", 5), ("train.py", 6)]


def test_two_constructions_stepped_at_one_place_are_one_with_both_places() -> None:
    one = finding(5, "train.py", Related("a", at(1), essential=True), key="a")
    two = finding(5, "train.py", Related("b", at(2), essential=True), key="b")
    ((diagnostic,), _) = judged(finder(one, two))
    assert [note.message for note in diagnostic.related] == ["a", "b"]


def test_one_construction_stepped_at_two_places_is_shown_once() -> None:
    assert rows(finding(5), finding(6)) == [("train.py", 5)]


def test_one_construction_under_two_conditions_is_two() -> None:
    assert rows(finding(5, condition="a"), finding(6, condition="b")) == [("train.py", 5), ("train.py", 6)]


def test_a_condition_is_said_behind_the_message() -> None:
    ((diagnostic,), _) = judged(finder(finding(5, condition="args.sched == 'cos'")))
    assert diagnostic.message == "wrong in 5 (when args.sched == 'cos')"


def test_diagnostics_are_sorted_as_files_are_read() -> None:
    found = [finding(9, key="a"), finding(5, key="b"), finding(7, "a.py", key="c")]
    assert rows(*found, named=frozenset({"train.py", "a.py"})) == [("a.py", 7), ("train.py", 5), ("train.py", 9)]


# --- what is silenced -------------------------------------------------------------------------------------------------


def test_a_finding_is_silenced_where_it_is_shown() -> None:
    assert rows(finding(5), suppressed=silencing(5)) == []
    assert rows(finding(5), suppressed=silencing(6)) == [("train.py", 5)]


def test_a_finding_is_silenced_where_the_fix_goes_though_it_is_shown_elsewhere() -> None:
    found = finding(5, "engine.py", Related("built", at(7), essential=True))
    assert rows(found, suppressed=silencing(5, path="engine.py")) == []
    assert rows(found, suppressed=silencing(7)) == []


def test_one_of_several_constructions_stepped_at_one_place_is_silenced_alone() -> None:
    one = finding(5, "train.py", Related("a", at(1), essential=True), key="a")
    two = finding(5, "train.py", Related("b", at(2), essential=True), key="b")
    ((diagnostic,), _) = judged(finder(one, two), suppressed=silencing(1))
    assert [note.message for note in diagnostic.related] == ["b"]


def test_a_place_at_which_several_constructions_are_stepped_silences_all_of_them() -> None:
    one = finding(5, "train.py", Related("a", at(1), essential=True), key="a")
    two = finding(5, "train.py", Related("b", at(2), essential=True), key="b")
    assert rows(one, two, suppressed=silencing(5)) == []


def test_one_of_several_places_at_which_a_construction_is_stepped_is_silenced_alone() -> None:
    assert rows(finding(5), finding(6), suppressed=silencing(5)) == [("train.py", 6)]


# --- which rule speaks ------------------------------------------------------------------------------------------------


def spoken(*found: Finding, least: Confidence = Confidence.POSSIBLE, suppressed: Suppressions = NONE) -> list[str]:
    """The codes that are shown, of findings by rules of their own."""
    rules = [finder(each, code=each.code) for each in found]
    return [each.code for each in judge(Understood((reading(),)), rules, NAMED, locate, least, suppressed)[0]]


def of(code: str, row: int, key: str = "k") -> Finding:
    return replace(finding(row, key=key), code=code)


@pytest.mark.parametrize("effect_first", [True, False])
def test_the_cause_speaks_and_the_effect_does_not_whichever_is_found_first(*, effect_first: bool) -> None:
    cause, effect = of("LRS204", 5), of("LRS201", 5)
    assert spoken(*((effect, cause) if effect_first else (cause, effect))) == ["LRS204"]


def test_each_construction_has_a_cause_of_its_own() -> None:
    assert spoken(of("LRS204", 5, key="a"), of("LRS201", 6, key="b")) == ["LRS204", "LRS201"]


def test_a_cause_that_is_silenced_does_not_let_its_effect_speak() -> None:
    assert spoken(of("LRS204", 5), of("LRS201", 6), suppressed=silencing(5)) == []


def test_a_cause_that_is_not_sure_enough_lets_its_effect_speak() -> None:
    unsure = replace(of("LRS204", 5), confidence=Confidence.LIKELY)
    assert spoken(unsure, of("LRS201", 6), least=Confidence.CERTAIN) == ["LRS201"]


# --- how sure ---------------------------------------------------------------------------------------------------------


def test_what_is_not_sure_enough_is_left_out() -> None:
    sure, unsure = finding(5, key="a"), replace(finding(6, key="b"), confidence=Confidence.LIKELY)
    least = [Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE]
    shown = [judge(Understood((reading(),)), [finder(sure, unsure)], NAMED, locate, each)[0] for each in least]
    assert [[each.at.row for each in diagnostics] for diagnostics in shown] == [[5], [5, 6], [5, 6]]


def test_what_is_not_sure_enough_hides_nothing_at_its_place() -> None:
    unsure, sure = replace(finding(5, key="a"), confidence=Confidence.POSSIBLE), finding(5, key="b")
    diagnostics, _ = judge(Understood((reading(),)), [finder(unsure, sure)], NAMED, locate, Confidence.CERTAIN)
    assert [each.confidence for each in diagnostics] == [Confidence.CERTAIN]


def test_how_to_put_it_right_is_handed_on() -> None:
    ((diagnostic,), _) = judged(finder(replace(finding(5), help="do so")))
    assert diagnostic.help == "do so"


# --- rules that fail --------------------------------------------------------------------------------------------------


def test_a_rule_that_raises_is_named_with_the_file_and_takes_no_other_with_it() -> None:
    diagnostics, errors = judged(breaks, finder(finding(5)))
    assert len(diagnostics) == 1
    assert [(error.message, error.place.path) for error in errors] == [("LRS902 failed: KeyError: 'oh'", "train.py")]


def test_the_same_failure_is_told_once() -> None:
    assert len(judged(breaks, readings=3)[1]) == 1
