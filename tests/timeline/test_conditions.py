from __future__ import annotations

import pytest

from schedlint.timeline import model
from schedlint.timeline.conditions import LIMIT, conjoin, contradicts, denied
from tests.timeline.build import equals


def holds(name: str, operator: str, constant: object, positive: bool = True) -> model.Test:
    return model.Test(name, operator, constant, positive, f"{name} {operator} {constant!r}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(equals("x", "cos"), equals("x", "step"), id="one value equals two constants"),
        pytest.param(equals("x", "cos"), equals("x", "cos", False), id="a test and its opposite"),
        pytest.param(holds("x", "truth", None), holds("x", "truth", None, False), id="true and false"),
        pytest.param(equals("x", "cos"), holds("x", "truth", None, False), id="a constant that is true, and false"),
        pytest.param(holds("x", "is", None), holds("x", "truth", None), id="None and true"),
        pytest.param(holds("x", "is", None), holds("x", "is", None, False), id="None and not None"),
        pytest.param(holds("x", "in", ("a", "b")), equals("x", "c"), id="a constant that is not in the list"),
        pytest.param(holds("x", "in", ("a",)), equals("x", "a", False), id="the only one in the list is refused"),
        pytest.param(holds("x", "in", ("a", "b"), False), equals("x", "a"), id="not in a list that has it"),
        pytest.param(holds("x", "contains", "cos"), equals("x", "step"), id="a constant without the part asked for"),
        pytest.param(holds("x", "<", 3), equals("x", 5), id="a number that is not below the limit"),
        pytest.param(holds("x", "<", 3), holds("x", "<", 5, False), id="below three and at least five"),
        pytest.param(holds("x", "<", 3), holds("x", "<=", 3, False), id="below three and above three"),
        pytest.param(holds("x", "isinstance", "A"), holds("x", "isinstance", ("A", "B"), False), id="a class refused"),
    ],
)
def test_cannot_hold_at_once(one: model.Test, other: model.Test) -> None:
    assert contradicts((one,), (other,))
    assert contradicts((other,), (one,))
    assert conjoin((one,), (other,)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(equals("x", "cos"), equals("y", "step"), id="two values"),
        pytest.param(equals("x", "cos"), equals("x", "step", False), id="one constant, and not the other"),
        pytest.param(equals("x", 1), holds("x", "is", True, False), id="one, and not the object True"),
        pytest.param(
            holds("x", "isinstance", "A"),
            holds("x", "isinstance", "B"),
            id="two classes, one may derive from the other",
        ),
        pytest.param(
            holds("x", "isinstance", ("A", "B")), holds("x", "isinstance", "A", False), id="one of two classes refused"
        ),
        pytest.param(holds("x", "<", 5), holds("x", "<", 3, False), id="between three and five"),
        pytest.param(holds("x", "<=", 3), holds("x", "<", 3, False), id="exactly three"),
        pytest.param(holds("x", "<", "3"), equals("x", 5), id="a limit that is no number"),
        pytest.param(holds("x", "in", ("a", "b")), equals("x", "a", False), id="another one in the list is left"),
        pytest.param(holds("x", "contains", "cos"), equals("x", "cosine"), id="a constant with the part asked for"),
    ],
)
def test_may_hold_at_once(one: model.Test, other: model.Test) -> None:
    assert not contradicts((one,), (other,))
    assert conjoin((one,), (other,)) is not None


def test_a_list_is_exhausted_by_two_tests_together() -> None:
    refused = (equals("x", "a", False), equals("x", "b", False))
    assert contradicts((holds("x", "in", ("a", "b")),), refused)


def test_a_known_value_makes_the_denied_ones_redundant() -> None:
    assert conjoin((equals("x", "a", False), equals("x", "b", False)), (equals("x", "c"),)) == (equals("x", "c"),)


def test_equal_tests_are_kept_once() -> None:
    assert conjoin((equals("x", "a"),), (equals("x", "a"),)) == (equals("x", "a"),)


def test_two_ways_to_say_one_value_do_not_remove_each_other() -> None:
    both = conjoin((equals("x", "a"),), (holds("x", "in", ("a",)),))
    assert both is not None
    assert len(both) == 1


def test_a_list_does_not_make_the_refusal_of_one_of_its_values_redundant() -> None:
    listed, refused = holds("x", "in", ("a", "b")), equals("x", "a", False)
    assert conjoin((listed,), (refused,)) == (listed, refused)


def test_denied_tests_are_dropped_first_when_there_are_too_many() -> None:
    positive = tuple(equals(name, 1) for name in "abcd")
    assert conjoin((equals("z", 1, False), *positive[:2]), positive[2:]) == positive


def test_outer_tests_are_dropped_when_none_is_denied() -> None:
    many = tuple(equals(name, 1) for name in "abcdef")
    assert conjoin(many, ()) == many[-LIMIT:]


def test_denying_twice_gives_the_test_back() -> None:
    test = equals("x", "a")
    assert denied(test) != test
    assert denied(denied(test)) == test
