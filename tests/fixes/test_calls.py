"""Edits of arguments."""

from __future__ import annotations

import pytest

from schedlint.remedies import (
    AddParentheses,
    DropArgument,
    Rename,
    RenameArgument,
    SetArgument,
    SwapArguments,
    WrapArgument,
)
from tests.fixes.editing import edited, plain, spot

VERBOSE = 9
"""The position of an argument that is never written by position in these tests."""


def dropped(text: str, parameter: str = "verbose", position: int | None = VERBOSE) -> str | None:
    return edited(text, DropArgument(spot(text, "Step"), parameter, position))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("s = Step(opt, 3, verbose=True)\n", "s = Step(opt, 3)\n"),
        ("s = Step(opt, verbose=True, gamma=0.5)\n", "s = Step(opt, gamma=0.5)\n"),
        ("s = Step(verbose=True)\n", "s = Step()\n"),
        ("s = Step(opt, verbose=True,)\n", "s = Step(opt,)\n"),
        ("s = Step(opt, verbose=f(1, [2, 3]), gamma=(1))\n", "s = Step(opt, gamma=(1))\n"),
        ("s = Step(opt, 'verbose=True', verbose = True)\n", "s = Step(opt, 'verbose=True')\n"),
        ("s = Step(\n    opt,\n    verbose=True,\n    gamma=0.5,\n)\n", "s = Step(\n    opt,\n    gamma=0.5,\n)\n"),
        ("s = Step(\n    opt,\n    verbose=True\n)\n", "s = Step(\n    opt,\n)\n"),
        ("s = Step(\n    opt,  # it\n    verbose=True,  # said\n)\n", "s = Step(\n    opt,  # it\n)\n"),
        ("s = Step(opt,\n         verbose=True)\n", "s = Step(opt)\n"),
        ("é = Step(opt, verbose='ü', gamma='é')\n", "é = Step(opt, gamma='é')\n"),
    ],
)
def test_an_argument_is_left_out_with_its_comma(before: str, after: str) -> None:
    assert dropped(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("Step(opt, 3, -1, True)\n", "Step(opt, 3, -1)\n"), ("Step(opt, 3, -1, True, x=1)\n", "Step(opt, 3, -1, x=1)\n")],
)
def test_the_last_argument_by_position_is_left_out(before: str, after: str) -> None:
    assert dropped(before, "verbose", 3) == after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Step(opt, True, 3)\n", id="another argument by position follows and would slide"),
        pytest.param("Step(opt, **more)\n", id="it may be in what is unpacked"),
        pytest.param("Step(*most)\n", id="it may be among what is unpacked"),
        pytest.param("Step(opt)\n", id="there is none"),
        pytest.param("Step(opt,  # kept\n     verbose=True)\n", id="a comment of another argument would go with it"),
    ],
)
def test_what_cannot_be_left_out_stays(text: str) -> None:
    assert dropped(text, position=1) is None


def set_mode(text: str) -> str | None:
    return edited(text, SetArgument(spot(text, "Plateau"), "mode", '"max"', 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Plateau(opt)\n", 'Plateau(opt, mode="max")\n'),
        ("Plateau(opt, 'min')\n", 'Plateau(opt, "max")\n'),
        ("Plateau(opt, mode='min', patience=2)\n", 'Plateau(opt, mode="max", patience=2)\n'),
        ("Plateau()\n", 'Plateau(mode="max")\n'),
        ("Plateau(\n    opt,\n    patience=2,\n)\n", 'Plateau(\n    opt,\n    patience=2,\n    mode="max",\n)\n'),
        (
            "Plateau(\n    opt,\n    patience=2  # few\n)\n",
            'Plateau(\n    opt,\n    patience=2,  # few\n    mode="max"\n)\n',
        ),
        ("Plateau(opt, patience=2,)\n", 'Plateau(opt, patience=2, mode="max",)\n'),
    ],
)
def test_an_argument_is_set_or_added_in_the_style_of_the_call(before: str, after: str) -> None:
    assert set_mode(before) == after


def test_an_argument_is_not_added_beside_what_may_hold_it() -> None:
    assert set_mode("Plateau(opt, **settings)\n") is None


@pytest.mark.parametrize(
    ("argument", "after"),
    [
        ("22", "22 * n"),
        ("epochs", "epochs * n"),
        ("a.b[0].c()", "a.b[0].c() * n"),
        ("epochs - 2", "(epochs - 2) * n"),
        ("e if e else 1", "(e if e else 1) * n"),
    ],
)
def test_an_argument_is_put_into_a_template_with_the_parentheses_it_needs(argument: str, after: str) -> None:
    text = f"n = 3\nCosine(opt, T_max={argument})\n"
    assert (
        edited(text, WrapArgument(spot(text, "Cosine"), "T_max", "{} * n", 1)) == f"n = 3\nCosine(opt, T_max={after})\n"
    )


@pytest.mark.parametrize(
    ("argument", "after"),
    [
        ("[a / 2, 30]", "[int(a / 2), 30]"),
        ("(a / 2,\n  a)", "(int(a / 2),\n  int(a))"),
        ("steps", "[int(value) for value in steps]"),
        ("a or b", "[int(value) for value in (a or b)]"),
    ],
)
def test_each_item_of_an_argument_is_put_into_a_template(argument: str, after: str) -> None:
    text = f"Multi(opt, {argument}, 0.1)\n"
    change = WrapArgument(spot(text, "Multi"), "milestones", "int({})", 1, each=True)
    assert edited(text, change) == f"Multi(opt, {after}, 0.1)\n"


def test_two_arguments_take_each_others_place() -> None:
    text = "Step(opt, 0.5, gamma=EVERY)  # all\n"
    change = SwapArguments(spot(text, "Step"), ("step_size", "gamma"), (1, 2))
    assert edited(text, change) == "Step(opt, EVERY, gamma=0.5)  # all\n"


def test_a_keyword_is_renamed() -> None:
    text = "Cosine(opt, t_max=t_max)\n"
    assert edited(text, RenameArgument(spot(text, "Cosine"), "t_max", "T_max")) == "Cosine(opt, T_max=t_max)\n"


def test_the_last_identifier_of_a_name_is_renamed() -> None:
    text = "print(f'{self.s.get_lr()[0]}')\n"
    assert edited(text, Rename(spot(text, "self.s.get_lr"), "get_last_lr")) == "print(f'{self.s.get_last_lr()[0]}')\n"


def test_parentheses_are_added() -> None:
    text = "s.step  # now\n"
    assert edited(text, AddParentheses(spot(text, "s.step"))) == "s.step()  # now\n"


def test_a_name_that_is_not_bound_there_is_not_used() -> None:
    text = plain(
        """
        def build(opt, epochs):
            return Cosine(opt, epochs)

        def main():
            loader = load()
        """
    )
    change = WrapArgument(spot(text, "Cosine"), "T_max", "{} * len(loader)", 1)
    assert edited(text, change) is None
    bound = text.replace("opt, epochs):", "opt, epochs, loader):")
    assert edited(bound, WrapArgument(spot(bound, "Cosine"), "T_max", "{} * len(loader)", 1)) is not None


def test_a_text_that_this_python_does_not_read_is_left_alone() -> None:
    text = "print 'hello'\nStep(opt, verbose=True)\n"
    assert dropped(text) is None
