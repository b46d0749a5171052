"""Numbers, strings and other plain values, and what is known of what is not known."""

from __future__ import annotations

import pytest

from schedlint.timeline.quantity import Symbol
from tests.timeline.run.programs import noted, quantities, symbol


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        pytest.param("2 + 3 * 4", "14", id="arithmetic of constants is computed"),
        pytest.param("7 // 2", "3", id="floor division"),
        pytest.param("-(2 ** 3)", "-8", id="a power, negated"),
        pytest.param("0.5 * 10", "5.0", id="a fraction of a constant"),
        pytest.param("1 / 0", "1 / 0", id="a division by zero is left as it is"),
        pytest.param("int(0.1 * 100)", "10", id="int of a constant"),
        pytest.param("max(3, 8)", "8", id="max of constants"),
        pytest.param("round(2.6)", "3", id="round of a constant"),
        pytest.param("sum([1, 2, 3])", "6", id="sum of a list"),
        pytest.param("max([1, 5])", "5", id="max of a list"),
        pytest.param("epochs * 2", "epochs * 2", id="arithmetic with an unknown is kept"),
        pytest.param("int(epochs * 0.3)", "int(epochs * 0.3)", id="a pure function of an unknown is kept"),
        pytest.param("epochs * len(loader)", "epochs * len(loader)", id="the length of a loader is kept"),
        pytest.param("len([1, 2, 3])", "3", id="the length of a list is counted"),
        pytest.param("len((1, 2))", "2", id="the length of a tuple is counted"),
        pytest.param("cfg.solver.epochs", "cfg.solver.epochs", id="an attribute of an unknown is spelled"),
        pytest.param("cfg['solver']['epochs']", "cfg['solver']['epochs']", id="an item of an unknown is spelled"),
        pytest.param("cfg.get('epochs')", "cfg.get('epochs')", id="a call with constants on an unknown is spelled"),
        pytest.param("not True", "False", id="not of a constant"),
        pytest.param("3 > 2", "True", id="a comparison of constants"),
        pytest.param("'a' in ['a', 'b']", "True", id="membership in a list"),
        pytest.param("'c' in {'a': 1}", "False", id="membership in a dict"),
        pytest.param("'COS'.lower()", "'cos'", id="a string in lower case"),
        pytest.param("None or 4", "4", id="or passes over None"),
        pytest.param("0 or 4", "4", id="or passes over zero"),
        pytest.param("3 or 4", "3", id="or stops at the first true value"),
        pytest.param("3 and 4", "4", id="and goes on behind a true value"),
        pytest.param("0 and 4", "0", id="and stops at the first false value"),
        pytest.param("epochs or 4", "epochs or 4", id="or of an unknown may be either"),
        pytest.param("3 if True else 4", "3", id="a choice that is decided"),
        pytest.param("3 if fast else 4", "3 or 4", id="a choice that is not"),
        pytest.param("[epochs, 2][1]", "2", id="an item of a display"),
        pytest.param("{'a': 1, 'b': cfg}['a']", "1", id="an entry of a display"),
        pytest.param("[1, epochs]", "[1, epochs]", id="a list with an unknown item"),
    ],
)
def test_an_expression_is(expression: str, held: str) -> None:
    assert noted(f"StepLR(opt, {expression})") == [held]


def test_a_value_of_two_possibilities_is_computed_with_for_each() -> None:
    assert noted("n = 3 if fast else 4\nStepLR(opt, n * 2)") == ["6 or 8"]


def test_two_values_under_the_same_test_are_not_mixed() -> None:
    text = """
        if fast:
            n, k = 1, 10
        else:
            n, k = 2, 20
        StepLR(opt, n * k)
        """
    (values,) = noted(text)
    assert set(values.split(" or ")) == {"10", "40"}


@pytest.mark.parametrize(
    ("branches", "known"), [(16, True), (17, False)], ids=["sixteen are kept", "seventeen are not"]
)
def test_more_than_sixteen_possibilities_are_unknown(branches: int, known: bool) -> None:
    chain = "".join(f"{'el' if n else ''}if mode == {n}:\n    n = {n}\n" for n in range(branches - 1))
    (values,) = quantities(f"{chain}else:\n    n = -1\nStepLR(opt, n)")
    if known:
        assert len(values) == 16
    else:
        (unknown,) = values
        assert isinstance(unknown, Symbol)
        assert "16" in unknown.reason


def test_two_reads_of_one_unknown_are_the_same_value() -> None:
    one, other = quantities("StepLR(opt, cfg.epochs)\nStepLR(opt, cfg.epochs)")
    assert one == other


def test_two_results_of_an_unknown_function_are_different_values() -> None:
    one, other = quantities("StepLR(opt, draw())\nStepLR(opt, draw())")
    assert one != other


def test_what_an_unknown_function_returns_varies_with_the_loop_around_it() -> None:
    assert symbol("for x in loader:\n    StepLR(opt, draw(x))").loop == 1
    assert symbol("StepLR(opt, draw())").loop == 0


def test_a_store_to_an_attribute_of_an_unknown_is_read_back() -> None:
    assert noted("cfg.epochs = 30\nStepLR(opt, cfg.epochs)") == ["30"]


def test_a_store_to_an_item_of_an_unknown_is_read_back() -> None:
    assert noted("cfg['epochs'] = 30\nStepLR(opt, cfg['epochs'])") == ["30"]
