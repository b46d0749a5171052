"""Tests: what they decide, exclude, narrow and guard, and how the ways come together again."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind, GuardKind
from tests.timeline.run.programs import guards, happens, noted, quantities, schedulers, script, steps

TWO = """\
if mode == 'a':
    s = StepLR(opt, 1)
else:
    s = MultiStepLR(opt, [2])
"""


# --- decided ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "test", "taken"),
    [
        pytest.param("x = 3", "x == 3", True, id="a number equals itself"),
        pytest.param("x = 3", "x != 3", False, id="a number does not differ from itself"),
        pytest.param("x = 'a'", "x == 'b'", False, id="two strings differ"),
        pytest.param("x = 3", "x < 4", True, id="an order of numbers"),
        pytest.param("x = None", "x is None", True, id="None is None"),
        pytest.param("x = None", "x == None", True, id="None equals None"),
        pytest.param("x = 0", "x is None", False, id="zero is not None"),
        pytest.param("x = None", "x is not None", False, id="None is not another thing"),
        pytest.param("x = None", "x", False, id="None is false"),
        pytest.param("x = opt", "x is None", False, id="an optimizer is not None"),
        pytest.param("x = opt", "x", True, id="an optimizer is true"),
        pytest.param("x = opt", "not x", False, id="not an optimizer is false"),
        pytest.param("x = StepLR", "x is not None", True, id="a class is not None"),
        pytest.param("x = lambda: 1", "x", True, id="a function is true"),
        pytest.param("x = 'b'", "x in ('a', 'b')", True, id="membership in a tuple"),
        pytest.param("x = 'c'", "x not in ['a', 'b']", True, id="absence from a list"),
        pytest.param("x = 3", "x > 1 and x < 5", True, id="both of two tests"),
        pytest.param("x = 3", "x > 1 or unknown", True, id="one of two tests is enough"),
        pytest.param("x = 3", "x > 5 and unknown", False, id="one of two tests is against it"),
        pytest.param(
            "x = 3",
            "1 < x < 5",
            True,
            id="a chained comparison",
            marks=pytest.mark.xfail(strict=True, reason="a chained comparison is not followed"),
        ),
        pytest.param("x = opt", "isinstance(x, SGD)", True, id="an object of this class"),
        pytest.param("x = opt", "isinstance(x, torch.optim.Optimizer)", True, id="an object of a base class"),
        pytest.param("x = opt", "isinstance(x, LRScheduler)", False, id="an object of another kind"),
        pytest.param("x = None", "isinstance(x, LRScheduler)", False, id="None is of no class"),
        pytest.param("x = ()", "x", False, id="an empty tuple is false"),
        pytest.param(
            "x = []",
            "x",
            False,
            id="an empty list is false",
            marks=pytest.mark.xfail(strict=True, reason="the truth of a list is not read off its content"),
        ),
        pytest.param("x = 0", "len(loader) and x", False, id="zero behind an unknown length"),
    ],
)
def test_a_test_that_the_values_decide(setup: str, test: str, taken: bool) -> None:
    assert noted(f"{setup}\nif {test}:\n    n = 1\nelse:\n    n = 2\nStepLR(opt, n)") == ["1" if taken else "2"]


# --- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "condition"),
    [
        pytest.param("mode == 'a'", "mode == 'a'", id="equality"),
        pytest.param("mode != 'a'", "not mode == 'a'", id="inequality"),
        pytest.param("'a' == mode", "mode == 'a'", id="equality the other way round"),
        pytest.param("mode is None", "mode is None", id="identity with None"),
        pytest.param("mode is not None", "not mode is None", id="no identity with None"),
        pytest.param("mode in ('a', 'b')", "mode in ('a', 'b')", id="membership in constants"),
        pytest.param("mode not in ['a', 'b']", "not mode in ('a', 'b')", id="absence from constants"),
        pytest.param("'cos' in mode", "'cos' in mode", id="a constant in an unknown string"),
        pytest.param("mode", "mode", id="truth"),
        pytest.param("not mode", "not mode", id="falsehood"),
        pytest.param("cfg.a and cfg.b", "cfg.a and cfg.b", id="two tests at once"),
        pytest.param("cfg.a == 1 and cfg.b == 2", "cfg.a == 1 and cfg.b == 2", id="two equalities at once"),
        pytest.param("not (cfg.a or cfg.b)", "not cfg.a and not cfg.b", id="neither of two"),
    ],
)
def test_a_test_of_configuration_becomes_a_condition(test: str, condition: str) -> None:
    assert happens(f"if {test}:\n    opt.step()") == [f"opt.step() if {condition}"]


def test_one_of_two_tests_says_nothing_about_either() -> None:
    assert happens("if cfg.a or cfg.b:\n    opt.step()") == ["opt.step()"]


def test_each_of_an_elif_chain_is_told_apart() -> None:
    text = """
        if mode == 'a':
            s = StepLR(opt, 1)
        elif mode == 'b':
            s = StepLR(opt, 2)
        else:
            s = StepLR(opt, 3)
        """
    assert schedulers(text) == [
        "s = StepLR(on opt, step_size=1) if mode == 'a'",
        "s = StepLR(on opt, step_size=2) if mode == 'b'",
        "s = StepLR(on opt, step_size=3) if not mode == 'a' and not mode == 'b'",
    ]


def test_at_most_four_tests_are_kept() -> None:
    nested = "".join(f"{'    ' * n}if cfg.a{n} == {n}:\n" for n in range(6))
    (event,) = [e for e in script(f"{nested}{'    ' * 6}opt.step()").events if e.kind is EventKind.OPTIMIZED]
    assert len(event.condition) == 4
    assert len(event.guards) == 6


@pytest.mark.parametrize(
    ("use", "classes"),
    [
        pytest.param("if mode == 'a':\n    s.step()", ["StepLR"], id="the same test leaves one alternative"),
        pytest.param("if mode != 'a':\n    s.step()", ["MultiStepLR"], id="the opposite test leaves the other"),
        pytest.param("if mode == 'b':\n    s.step()", ["MultiStepLR"], id="another value excludes the first"),
        pytest.param("if mode in ('b', 'c'):\n    s.step()", ["MultiStepLR"], id="so does membership among others"),
        pytest.param(
            "name = mode\nif name == 'a':\n    s.step()", ["StepLR"], id="a test is about the value, not its name"
        ),
        pytest.param("s.step()", ["StepLR", "MultiStepLR"], id="without a test both are stepped"),
        pytest.param("if cfg.x:\n    s.step()", ["StepLR", "MultiStepLR"], id="a test of something else says nothing"),
        pytest.param(
            "mode = read()\nif mode == 'a':\n    s.step()",
            ["StepLR", "MultiStepLR"],
            id="what was stored to in between is another value",
        ),
        pytest.param(
            "if isinstance(s, MultiStepLR):\n    s.step()", ["MultiStepLR"], id="isinstance leaves the class it names"
        ),
        pytest.param("if not isinstance(s, MultiStepLR):\n    s.step()", ["StepLR"], id="its denial leaves the other"),
    ],
)
def test_a_step_of_one_of_two_schedulers(use: str, classes: list[str]) -> None:
    timeline = script(f"mode = args[0]\n{TWO}{use}")
    (event,) = [event for event in timeline.events if event.kind is EventKind.STEPPED]
    found = [timeline.object(subject.object).classes[0].rpartition(".")[2] for subject in event.subjects]
    assert found == classes


def test_a_test_inside_its_own_contradiction_is_never_taken() -> None:
    assert happens("if mode == 'a':\n    if mode == 'b':\n        opt.step()") == []


def test_a_match_is_an_elif_chain() -> None:
    text = """
        match mode:
            case 'a':
                s = StepLR(opt, 1)
            case 'b' | 'c':
                s = StepLR(opt, 2)
            case _:
                s = StepLR(opt, 3)
        """
    assert schedulers(text) == [
        "s = StepLR(on opt, step_size=1) if mode == 'a'",
        "s = StepLR(on opt, step_size=2) if mode in ('b', 'c')",
        "s = StepLR(on opt, step_size=3) if not mode == 'a' and not mode in ('b', 'c')",
    ]


def test_a_match_of_a_known_value_takes_one_case() -> None:
    text = """
        mode = 'b'
        match mode:
            case 'a':
                StepLR(opt, 1)
            case 'b':
                StepLR(opt, 2)
            case _:
                StepLR(opt, 3)
        """
    assert noted(text) == ["2"]


def test_a_case_binds_its_name() -> None:
    text = "n = 3\nmatch mode:\n    case 'a':\n        pass\n    case n:\n        StepLR(opt, n)"
    assert noted(text) == ["n"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "cfg.a and opt.step()",
            ["i, x: opt.step() if cfg.a"],
            id="behind and",
        ),
        pytest.param(
            "cfg.a or opt.step()",
            ["i, x: opt.step() if not cfg.a"],
            id="behind or",
        ),
        pytest.param(
            "(i + 1) % 4 == 0 and opt.step()",
            ["i, x: opt.step() [periodic]"],
            id="behind and, every fourth batch",
        ),
        pytest.param(
            "if cfg.a and opt.step():\n        pass",
            ["i, x: opt.step() if cfg.a"],
            id="in a test",
        ),
        pytest.param("opt.step() if cfg.a else None", ["i, x: opt.step() if cfg.a"], id="in a choice"),
    ],
)
def test_what_is_called_inside_an_expression_stands_under_its_tests(text: str, expected: list[str]) -> None:
    assert happens(f"for i, x in enumerate(loader):\n    {text}") == expected


def test_what_cannot_be_reached_inside_an_expression_does_not_happen() -> None:
    assert happens("None and opt.step()\n1 or opt.step()") == []


# --- joins ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param(
            "if fast:\n    n = 1\nelse:\n    n = 2\nStepLR(opt, n)", {"1", "2"}, id="one value from each side"
        ),
        pytest.param(
            "n = 1\nif fast:\n    n = 2\nStepLR(opt, n)", {"1", "2"}, id="the side without a store keeps the old"
        ),
        pytest.param(
            "if fast:\n    n = 1\nelse:\n    n = 1\nStepLR(opt, n)", {"1"}, id="the same value from both sides"
        ),
        pytest.param("if fast:\n    n = 1\nStepLR(opt, n)", {"1"}, id="unbound on one side is the other side's value"),
        pytest.param(
            "if fast:\n    n = 1\nelse:\n    raise ValueError\nStepLR(opt, n)",
            {"1"},
            id="a side that raises does not come back",
        ),
        pytest.param(
            "import sys\nn = 2\nif fast:\n    n = 1\nelse:\n    sys.exit()\nStepLR(opt, n)",
            {"1"},
            id="a side that ends the program does not come back",
        ),
        pytest.param(
            "if a:\n    n = 1\nelif b:\n    n = 2\nelse:\n    n = 3\nStepLR(opt, n)",
            {"1", "2", "3"},
            id="three ways",
        ),
        pytest.param(
            "n = 1\nif a:\n    n = 2\nif b:\n    n = 3\nStepLR(opt, n)", {"1", "2", "3"}, id="two branches in a row"
        ),
        pytest.param(
            "n = 1\nif a:\n    n = 2\nif a:\n    StepLR(opt, n)", {"2"}, id="the same test again knows which it is"
        ),
        pytest.param(
            "n = 1\nif a:\n    n = 2\nif not a:\n    StepLR(opt, n)", {"1"}, id="the opposite test knows which it is"
        ),
    ],
)
def test_after_a_branch_a_name_holds(text: str, held: set[str]) -> None:
    (found,) = noted(text)
    assert set(found.split(" or ")) == held


# --- narrowing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("if s is not None:\n    s.step()", id="is not None"),
        pytest.param("if s:\n    s.step()", id="truth"),
        pytest.param("if s is None:\n    pass\nelse:\n    s.step()", id="the other side of is None"),
        pytest.param("if not s:\n    pass\nelse:\n    s.step()", id="the other side of not"),
        pytest.param("if isinstance(s, StepLR):\n    s.step()", id="isinstance"),
        pytest.param("if (t := s) is not None:\n    t.step()", id="a walrus"),
    ],
)
def test_a_scheduler_that_may_be_none_is_narrowed(test: str) -> None:
    text = f"s = None\nif warm:\n    s = StepLR(opt, 3)\n{test}"
    assert steps(text) == ["s.step() if warm"]
    assert {guard.kind for guard in guards(script(text))} == {GuardKind.NEUTRAL}


def test_what_is_tested_not_to_be_none_is_a_flag_where_it_is_configuration() -> None:
    (guard,) = guards(script("if cfg.resume is not None:\n    opt.step()"), EventKind.OPTIMIZED)
    assert guard.kind is GuardKind.FLAG


def test_an_attribute_is_narrowed_too() -> None:
    text = """
        class T:
            def __init__(self):
                self.s = StepLR(opt, 3) if warm else None
            def go(self):
                if self.s is not None:
                    self.s.step()
        T().go()
        """
    assert steps(text) == ["self.s.step() if warm"]


def test_an_assertion_narrows() -> None:
    assert noted("n = None\nif warm:\n    n = 3\nassert n is not None\nStepLR(opt, n)") == ["3"]


# --- early exits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def f():\n    if cfg.frozen:\n        return\n    opt.step()\nf()",
            ["opt.step() if not cfg.frozen"],
            id="a return on one side",
        ),
        pytest.param(
            "def f():\n    if cfg.frozen:\n        return\n    opt.step()\nf()\nopt.zero_grad()\nopt.step()",
            ["opt.step() if not cfg.frozen", "opt.step()"],
            id="the condition ends with the function",
        ),
        pytest.param(
            "for x in loader:\n    if cfg.frozen:\n        continue\n    opt.step()",
            ["x: opt.step() if not cfg.frozen"],
            id="a continue on one side",
        ),
        pytest.param(
            "for x in loader:\n    if cfg.frozen:\n        continue\nopt.step()",
            ["opt.step()"],
            id="the condition ends with the loop",
        ),
        pytest.param(
            "if cfg.frozen:\n    raise ValueError\nopt.step()",
            ["opt.step() if not cfg.frozen"],
            id="a raise on one side",
        ),
        pytest.param(
            "for x in loader:\n    if bad(x):\n        continue\n    opt.step()",
            ["x: opt.step() [unknown]"],
            id="a continue under a test that is not understood",
        ),
        pytest.param(
            "for x in loader:\n    if bad(x):\n        break\n    opt.step()",
            ["x: opt.step()"],
            id="a break is taken once, so what follows runs every time until then",
        ),
        pytest.param(
            "for x in loader:\n    if bad(x):\n        raise ValueError\n    opt.step()",
            ["x: opt.step()"],
            id="a raise is taken once",
        ),
        pytest.param(
            "def f():\n    for x in loader:\n        if bad(x):\n            return\n        opt.step()\nf()",
            ["x: opt.step()"],
            id="a return out of a loop is taken once",
        ),
        pytest.param(
            "for i, x in enumerate(loader):\n    if (i + 1) % 4 != 0:\n        continue\n    opt.step()",
            ["i, x: opt.step() [periodic]"],
            id="a continue in all but every fourth batch",
        ),
        pytest.param(
            "for epoch in range(9):\n    if epoch < 3:\n        continue\n    opt.step()",
            ["epoch: opt.step() [later]"],
            id="a continue in the first epochs",
        ),
        pytest.param(
            "def f(x):\n    if bad(x):\n        return\n    opt.step()\nfor x in loader:\n    f(x)",
            ["x: opt.step() [unknown]"],
            id="a return from a function that a loop calls is taken again and again",
        ),
        pytest.param(
            "for x in loader:\n    if a:\n        continue\n    if b:\n        continue\n    opt.step()",
            ["x: opt.step() if not a and not b"],
            id="two exits in a row",
        ),
        pytest.param(
            "for x in loader:\n    if a:\n        if b:\n            continue\n    opt.step()",
            ["x: opt.step()"],
            id="an exit inside another test is one of two",
        ),
    ],
)
def test_what_follows_an_early_exit(text: str, expected: list[str]) -> None:
    assert happens(text) == expected


def test_what_stands_behind_a_return_is_never_reached() -> None:
    assert happens("def f():\n    return 1\n    opt.step()\nf()") == ["opt: not reached"]


def test_what_stands_behind_two_returns_is_never_reached() -> None:
    assert happens("def f():\n    if a:\n        return 1\n    else:\n        return 2\n    opt.step()\nf()") == []


def test_what_stands_behind_a_break_in_the_body_is_never_reached() -> None:
    assert happens("for x in loader:\n    break\n    opt.step()") == ["x: opt: not reached"]


# --- try and with -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("try:\n    opt.step()\nexcept ValueError:\n    pass", ["opt.step()"], id="the body of a try"),
        pytest.param(
            "try:\n    work()\nexcept ValueError:\n    opt.step()",
            ["opt.step() [unknown]"],
            id="a handler may be taken, it is not known how often",
        ),
        pytest.param(
            "try:\n    work()\nexcept ValueError:\n    pass\nelse:\n    opt.step()",
            ["opt.step()"],
            id="the else of a try is the usual way",
        ),
        pytest.param("try:\n    work()\nfinally:\n    opt.step()", ["opt.step()"], id="finally is taken always"),
        pytest.param(
            "try:\n    work()\nexcept ValueError:\n    raise\nopt.step()",
            ["opt.step()"],
            id="what follows a handler that raises is the usual way",
        ),
        pytest.param(
            "for x in loader:\n    try:\n        work(x)\n    except RuntimeError:\n        continue\n    opt.step()",
            ["x: opt.step()"],
            id="what follows a handler that goes on with the loop is the usual way",
        ),
        pytest.param(
            "def f():\n    try:\n        return work()\n    finally:\n        opt.step()\nf()",
            ["opt.step()"],
            id="finally is taken on the way out of a return",
        ),
        pytest.param("with torch.autocast('cuda'):\n    opt.step()", ["opt.step()"], id="the body of a with statement"),
        pytest.param(
            "def f():\n    with lock:\n        return\n    opt.step()\nf()", [], id="a return inside a with statement"
        ),
    ],
)
def test_try_and_with(text: str, expected: list[str]) -> None:
    assert happens(text) == expected


def test_after_a_try_a_name_holds_what_the_body_or_a_handler_stored() -> None:
    (found,) = noted("try:\n    n = 1\nexcept ValueError:\n    n = 2\nStepLR(opt, n)")
    assert set(found.split(" or ")) == {"1", "2"}


def test_after_a_handler_that_stores_nothing_a_name_holds_the_old_or_the_new() -> None:
    (found,) = noted("n = 0\ntry:\n    n = work() or 1\n    n = 2\nexcept ValueError:\n    pass\nStepLR(opt, n)")
    assert {"0", "2"} <= set(found.split(" or "))


def test_what_finally_does_not_change_is_what_was_returned() -> None:
    assert noted("def f(o):\n    try:\n        return 3\n    finally:\n        o.zero_grad()\nStepLR(opt, f(opt))") == [
        "3"
    ]


def test_what_stands_behind_a_try_that_returned_is_never_reached() -> None:
    text = "def f():\n    try:\n        return 3\n    finally:\n        opt.zero_grad()\n    opt.step()\nf()"
    assert happens(text) == []


def test_with_binds_its_target() -> None:
    assert happens("with make(opt) as o:\n    o.step(opt)")[-1] == "opt.step()"


def test_a_function_with_a_choice_in_its_arguments() -> None:
    assert quantities("StepLR(opt, step_size=3 if fast else 4)") == quantities("n = 3 if fast else 4\nStepLR(opt, n)")


def test_accumulation_over_one_of_two_numbers_is_accumulation() -> None:
    text = """\
        accum = cfg.accum
        if args.accum:
            accum = args.accum
        s = StepLR(opt, 3)
        for i, x in enumerate(loader):
            if (i + 1) % accum == 0:
                s.step()
        """
    (guard,) = guards(script(text))
    assert guard.kind is GuardKind.PERIODIC
