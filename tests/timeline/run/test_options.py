"""Command-line options: argparse."""

from __future__ import annotations

import pytest

from schedlint.timeline.quantity import Literal, Symbol, Text, spelled
from tests.timeline.run.programs import noted, quantities, symbol

PARSER = "p = argparse.ArgumentParser()\n"


@pytest.mark.parametrize(
    ("declared", "read"),
    [
        pytest.param("p.add_argument('--epochs', default=90)", "epochs", id="a flag"),
        pytest.param("p.add_argument('--epochs', type=int, default=90)", "epochs", id="a flag with a type"),
        pytest.param("p.add_argument('-e', '--epochs', default=90)", "epochs", id="a short and a long flag"),
        pytest.param("p.add_argument('-e', default=90)", "e", id="a short flag alone"),
        pytest.param("p.add_argument('--max-epochs', default=90)", "max_epochs", id="a dash becomes an underscore"),
        pytest.param("p.add_argument('--n', dest='epochs', default=90)", "epochs", id="another destination"),
        pytest.param("p.add_argument('epochs', default=90)", "epochs", id="a positional argument"),
        pytest.param(
            "g = p.add_argument_group('g')\ng.add_argument('--epochs', default=90)", "epochs", id="in a group"
        ),
        pytest.param(
            "g = p.add_mutually_exclusive_group()\ng.add_argument('--epochs', default=90)",
            "epochs",
            id="in an exclusive group",
        ),
        pytest.param(
            "def add(p):\n    p.add_argument('--epochs', default=90)\nadd(p)",
            "epochs",
            id="in a function that is called",
        ),
        pytest.param("p.set_defaults(epochs=90)", "epochs", id="a default without an option"),
        pytest.param(
            "p.add_argument('--epochs', default=10)\np.set_defaults(epochs=90)",
            "epochs",
            id="a default that is replaced",
        ),
    ],
)
def test_an_option_has_its_default(declared: str, read: str) -> None:
    found = symbol(f"{PARSER}{declared}\nargs = p.parse_args()\nStepLR(opt, args.{read})")
    assert found.role == "option"
    assert found.default is not None
    assert spelled(found.default) == "90"
    assert found.name == f"args.{read}"


def test_an_option_has_its_help_and_its_place() -> None:
    found = symbol(f"{PARSER}p.add_argument('--n', help='number of epochs')\nStepLR(opt, p.parse_args().n)")
    assert found.help == "number of epochs"
    assert found.default is None
    assert found.place is not None


@pytest.mark.parametrize(
    "parse",
    [
        pytest.param("args = p.parse_args()", id="parse_args"),
        pytest.param("args = p.parse_args([])", id="parse_args with a list"),
        pytest.param("args, rest = p.parse_known_args()", id="parse_known_args"),
        pytest.param("def get():\n    return p.parse_args()\nargs = get()", id="in a function"),
    ],
)
def test_options_are_parsed(parse: str) -> None:
    text = f"{PARSER}p.add_argument('--n', default=3)\n{parse}\nStepLR(opt, args.n)"
    assert symbol(text).role == "option"


def test_a_parser_built_in_another_file() -> None:
    files = {"opts.py": f"def get():\n    {PARSER}    p.add_argument('--n', default=3)\n    return p.parse_args()\n"}
    assert symbol("from opts import get\nargs = get()\nStepLR(opt, args.n)", files).role == "option"


def test_a_parser_built_at_the_top_of_another_file() -> None:
    files = {"opts.py": f"{PARSER}p.add_argument('--n', default=3)\nargs = p.parse_args()\n"}
    assert symbol("from opts import args\nStepLR(opt, args.n)", files).name == "args.n"


def test_a_parent_brings_its_options() -> None:
    text = f"{PARSER}p.add_argument('--n', default=3)\nq = argparse.ArgumentParser(parents=[p])\n"
    found = symbol(text + "StepLR(opt, q.parse_args().n)")
    assert (found.role, found.default) == ("option", Literal(3))


def test_a_parent_keeps_what_is_declared_later_to_itself() -> None:
    text = f"{PARSER}q = argparse.ArgumentParser(parents=[p])\np.add_argument('--n', default=3)\n"
    assert symbol(text + "StepLR(opt, q.parse_args().n)").role == "unknown"


def test_a_default_in_the_child_is_none_of_the_parent() -> None:
    text = f"{PARSER}p.add_argument('--n', default=3)\nq = argparse.ArgumentParser(parents=[p])\n"
    text += "q.set_defaults(n=5)\nStepLR(opt, {}.parse_args().n)"
    assert symbol(text.format("p")).default == Literal(3)
    assert symbol(text.format("q")).default == Literal(5)


def test_a_list_of_defaults() -> None:
    found = symbol(f"{PARSER}p.add_argument('--steps', default=[30, 60])\nStepLR(opt, p.parse_args().steps)")
    assert found.default is not None
    assert spelled(found.default) == "[30, 60]"


def test_a_flag_that_stores_true_is_false_by_default() -> None:
    found = symbol(f"{PARSER}p.add_argument('--fast', action='store_true')\nStepLR(opt, p.parse_args().fast)")
    assert found.role == "option"


def test_an_option_that_nobody_declared_says_so() -> None:
    found = symbol(f"{PARSER}StepLR(opt, p.parse_args().n)")
    assert found.role == "unknown"
    assert "not declared" in found.reason


def test_the_same_option_read_twice_is_one_value() -> None:
    text = f"{PARSER}p.add_argument('--n')\nargs = p.parse_args()\n"
    text += "if args.n == 3:\n    if args.n != 3:\n        StepLR(opt, 1)"
    assert noted(text) == []


def test_a_store_to_an_option_replaces_it() -> None:
    assert noted(f"{PARSER}p.add_argument('--n')\nargs = p.parse_args()\nargs.n = 5\nStepLR(opt, args.n)") == ["5"]


@pytest.mark.xfail(strict=True, reason="vars(args)[...] is not an option")
def test_options_as_a_dict() -> None:
    text = f"{PARSER}p.add_argument('--n', default=3)\nargs = vars(p.parse_args())\nStepLR(opt, args['n'])"
    assert symbol(text).role == "option"


def test_options_of_two_parsers_are_different_values() -> None:
    text = f"{PARSER}p.add_argument('--n')\nq = argparse.ArgumentParser()\nq.add_argument('--n')\n"
    text += "if p.parse_args().n == 3:\n    if q.parse_args().n == 4:\n        StepLR(opt, 1)"
    assert noted(text) == ["1"]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        pytest.param("", Text.WHOLE, id="without a type"),
        pytest.param("type=str", Text.WHOLE, id="a string"),
        pytest.param("nargs='?'", Text.WHOLE, id="one string or none"),
        pytest.param("nargs='+'", Text.LIST, id="several strings"),
        pytest.param("nargs=2, type=str", Text.LIST, id="two strings"),
        pytest.param("action='append'", Text.LIST, id="one string after the other"),
        pytest.param("type=list", Text.CHARACTERS, id="the characters of one"),
        pytest.param("type=int", None, id="a number"),
        pytest.param("type=int, nargs='+'", None, id="several numbers"),
        pytest.param("type=lambda text: [int(part) for part in text.split()]", None, id="a function"),
        pytest.param("type=json.loads", None, id="a function of a library"),
        pytest.param("action='store_true'", None, id="a switch"),
        pytest.param("action=Numbers", None, id="an action of the program's own"),
        pytest.param("**more", None, id="with what is not known"),
    ],
)
def test_in_which_form_an_option_gives_what_is_typed(declared: str, text: Text | None) -> None:
    assert symbol(f"{PARSER}p.add_argument('--n', {declared})\nStepLR(opt, p.parse_args().n)").text is text


@pytest.mark.parametrize(
    ("used", "text"),
    [
        pytest.param("args.n.split(',')", Text.LIST, id="split"),
        pytest.param("list(args.many)", Text.LIST, id="as a list"),
        pytest.param("sorted(args.many)", Text.LIST, id="sorted"),
        pytest.param("int(args.n)", None, id="as a number"),
        pytest.param("eval(args.n)", None, id="evaluated"),
        pytest.param("list(map(int, args.many))", None, id="as a list of numbers"),
    ],
)
def test_what_becomes_of_text(used: str, text: Text | None) -> None:
    options = "p.add_argument('--n')\np.add_argument('--many', nargs='+')\nargs = p.parse_args()\n"
    found = quantities(f"{PARSER}{options}StepLR(opt, {used})")[0][0]
    assert (found.text if isinstance(found, Symbol) else None) is text
