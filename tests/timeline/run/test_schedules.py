"""Schedule functions: what a callable given to LambdaLR computes."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from schedlint.timeline.quantity import Curve, Items, spelled
from tests.timeline.run.programs import Files, only_scheduler, script


def curve(text: str, files: Files | None = None) -> str:
    """The schedule of the only LambdaLR, spelled."""
    for bound in only_scheduler(text, files).arguments:
        if bound.parameter == "lr_lambda":
            return " | ".join(map(spelled, bound.values))
    raise AssertionError("no schedule function")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("LambdaLR(opt, lambda e: 0.9 ** e)", "e -> 0.9 ** e", id="a lambda"),
        pytest.param("LambdaLR(opt, lr_lambda=lambda e: 0.9 ** e)", "e -> 0.9 ** e", id="by keyword"),
        pytest.param("n = 90\nLambdaLR(opt, lambda e: 1 - e / n)", "e -> 1 - e / 90", id="with a global"),
        pytest.param(
            "LambdaLR(opt, lambda x: (1 - x / (len(loader) * epochs)) ** 0.9)",
            "x -> (1 - x / (len(loader) * epochs)) ** 0.9",
            id="with the length of the loader",
        ),
        pytest.param("f = lambda e: 0.9 ** e\nLambdaLR(opt, f)", "e -> 0.9 ** e", id="a lambda in a variable"),
        pytest.param("def f(e):\n    return 0.9 ** e\nLambdaLR(opt, f)", "e -> 0.9 ** e", id="a function"),
        pytest.param(
            "def f(e):\n    k = e + 1\n    return 0.9 ** k\nLambdaLR(opt, f)",
            "e -> 0.9 ** (e + 1)",
            id="a function with a variable",
        ),
        pytest.param(
            "def f(e):\n    if e < 5:\n        return e / 5\n    return 1\nLambdaLR(opt, f)",
            "e -> e / 5 if e < 5 else 1",
            id="a function with a branch",
        ),
        pytest.param(
            "LambdaLR(opt, lambda e: e / 5 if e < 5 else 1)",
            "e -> e / 5 if e < 5 else 1",
            id="a lambda with a choice",
        ),
        pytest.param(
            "def f(e, n):\n    return 1 - e / n\nLambdaLR(opt, partial(f, n=90))",
            "step -> 1 - step / 90",
            id="a partial",
        ),
        pytest.param(
            "def make(n):\n    def f(e):\n        return 1 - e / n\n    return f\nLambdaLR(opt, make(90))",
            "e -> 1 - e / 90",
            id="a function made by another",
        ),
        pytest.param(
            "def go(o, n):\n    def f(e):\n        return 1 - e / n\n    return LambdaLR(o, f)\ngo(opt, 90)",
            "e -> 1 - e / 90",
            id="a closure",
        ),
        pytest.param(
            "class C:\n    def __init__(self, n):\n        self.n = n\n    def f(self, e):\n        return e / self.n\n"
            "    def go(self, o):\n        return LambdaLR(o, self.f)\nC(90).go(opt)",
            "e -> e / 90",
            id="a method",
        ),
        pytest.param(
            "class C:\n    def __call__(self, e):\n        return 0.9 ** e\nLambdaLR(opt, C())",
            "step -> 0.9 ** step",
            id="an instance that is called",
        ),
        pytest.param(
            "LambdaLR(opt, lambda e, n=90: 1 - e / n)",
            "e -> 1 - e / 90",
            id="a default of a lambda",
        ),
        pytest.param("LambdaLR(opt, lambda e: max(0.1, 1 - e / 90))", "e -> max(0.1, 1 - e / 90)", id="a lower bound"),
        pytest.param(
            "import math\nLambdaLR(opt, lambda e: math.cos(e / 90))", "e -> cos(e / 90)", id="a function of mathematics"
        ),
        pytest.param(
            "import math\nLambdaLR(opt, lambda e: math.cos(math.pi * e / 90))",
            "e -> cos(math.pi * e / 90)",
            id="a constant of mathematics",
        ),
        pytest.param(
            "import numpy as np\nLambdaLR(opt, lambda e: np.cos(e / 90 * np.pi))",
            "e -> cos(e / 90 * numpy.pi)",
            id="a constant of another library",
        ),
        pytest.param(
            "def g(e):\n    return e / 90\nLambdaLR(opt, lambda e: g(e))",
            "e -> e / 90",
            id="a function that calls another",
        ),
    ],
)
def test_a_schedule_function_computes(text: str, expected: str) -> None:
    assert curve(text) == expected


def test_a_function_of_another_file() -> None:
    files = {"rates.py": "N = 90\ndef decay(e):\n    return 1 - e / N\n"}
    assert curve("from rates import decay\nLambdaLR(opt, decay)", files) == "e -> 1 - e / 90"


def test_two_results_of_a_known_flag_are_both_kept() -> None:
    made = only_scheduler("def f(e):\n    if fast:\n        return e / 5\n    return e / 9\nLambdaLR(opt, f)")
    (value,) = made.arguments[1].values
    assert isinstance(value, Curve)
    assert set(map(spelled, value.results)) == {"e / 5", "e / 9"}


def test_the_parameter_counts_steps() -> None:
    made = only_scheduler("LambdaLR(opt, lambda e: e)")
    (value,) = made.arguments[1].values
    assert isinstance(value, Curve)
    assert value.parameter.role == "step"


def test_reading_a_schedule_function_makes_no_events() -> None:
    text = "def f(e):\n    x = opt.param_groups[0]['lr']\n    opt.step()\n    return 1\ns = LambdaLR(opt, f)"
    assert [event.kind for event in script(text).events if event.kind is not EventKind.CREATED] == []


def test_reading_a_schedule_function_changes_nothing() -> None:
    text = "class C: pass\nc = C()\nc.n = 1\ndef f(e):\n    c.n = 2\n    return 1\nLambdaLR(opt, f)\nStepLR(opt, c.n)"
    made = script(text).schedulers()[-1]
    assert spelled(made.arguments[1].values[0]) == "1"


def test_a_schedule_inside_a_loop_does_not_vary_with_it() -> None:
    text = "for fold in range(5):\n    LambdaLR(opt, lambda e: 0.9 ** e)"
    assert curve(text) == "e -> 0.9 ** e"


def test_a_list_of_functions_is_one_for_each_group() -> None:
    (made,) = script("s = LambdaLR(opt, [lambda e: 0.9 ** e, lambda e: 1.0])").schedulers()
    ((value,),) = [bound.values for bound in made.arguments if bound.parameter == "lr_lambda"]
    assert isinstance(value, Items)
    assert [type(item) for item in value.items] == [Curve, Curve]


def function(text: str) -> Curve:
    """The schedule of the only LambdaLR."""
    (found,) = next(bound.values for bound in only_scheduler(text).arguments if bound.parameter == "lr_lambda")
    assert isinstance(found, Curve)
    return found


RETURNS = "def f(e):\n    if e > 20:\n        return 0.1\n    if e > 10:\n        return 0.5\n    return 1.0\n"
ELSE = "def f(e):\n    if e < 5:\n        k = e + 1\n        return k / 5\n    else:\n        return 1.0\n"
OVERWRITES = "def f(e):\n    k = 1.0\n    if e > 10:\n        k = 0.1\n    if e > 20:\n        k = 0.01\n    return k\n"
NESTED = "def f(e):\n    if e < 5:\n        if e < 2:\n            return 0.1\n        return 0.5\n    return 1.0\n"
LOOPS = "def f(e):\n    k = 1.0\n    for m in ms:\n        if e > m:\n            k *= 0.1\n    return k\n"
ASKS = "def f(e):\n    if g(e):\n        return 0.1\n    return 1.0\n"


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        pytest.param("LambdaLR(opt, lambda e: 0.9 ** e)", True, id="a formula"),
        pytest.param("LambdaLR(opt, lambda e: 0.5 if e in [3, 5] else 1)", True, id="a choice"),
        pytest.param("LambdaLR(opt, lambda e: 1 if e < 3 else 0.5 if e < 5 else 0.1)", True, id="one after the other"),
        pytest.param("LambdaLR(opt, lambda e: (1 if e < 3 else 2) if e < 5 else 3)", False, id="one in the other"),
        pytest.param(RETURNS + "LambdaLR(opt, f)", True, id="returns in turn"),
        pytest.param(ELSE + "LambdaLR(opt, f)", True, id="a return on either side"),
        pytest.param(OVERWRITES + "LambdaLR(opt, f)", False, id="a variable that tests overwrite"),
        pytest.param(NESTED + "LambdaLR(opt, f)", False, id="a test in a test"),
        pytest.param(LOOPS + "LambdaLR(opt, f)", False, id="tests in a loop"),
        pytest.param(ASKS + "LambdaLR(opt, f)", False, id="a test of something unknown"),
    ],
)
def test_it_is_known_which_result_it_returns_when(text: str, exact: bool) -> None:
    assert function(text).exact is exact


OWN = "class C:\n    k = 0.5\n    def __call__(self, e):\n        return self.k\n"
GLOBAL = "def halve():\n    global k\n    k = k / 2\nk = 0.5\n"
CLOSED = "def go(opt):\n    k = 0.5\n    LambdaLR(opt, lambda e: k)\n"
FACTORY = "def make(k):\n    return lambda e: k\n"
ARGS = "p = argparse.ArgumentParser()\np.add_argument('--k', type=float, default=0.5)\nargs = p.parse_args()\n"


@pytest.mark.parametrize(
    ("text", "steady"),
    [
        pytest.param("LambdaLR(opt, lambda e: 0.5)", True, id="a number"),
        pytest.param("k = 0.5\nLambdaLR(opt, lambda e: k)", True, id="a variable that is bound once"),
        pytest.param("k = 0.5\nLambdaLR(opt, lambda e: k)\nk = 0.1", False, id="a variable that is bound twice"),
        pytest.param("k = 0.5\nLambdaLR(opt, lambda e: k)\nk /= 2", False, id="a variable that is changed"),
        pytest.param(GLOBAL + "LambdaLR(opt, lambda e: k)", False, id="a global that a function binds"),
        pytest.param(CLOSED + "go(opt)", True, id="a closure"),
        pytest.param(CLOSED + "    k = 0.1\ngo(opt)", False, id="a closure that is bound later"),
        pytest.param(FACTORY + "LambdaLR(opt, make(0.5))", True, id="the argument of a factory"),
        pytest.param(ARGS + "LambdaLR(opt, lambda e: args.k)", True, id="an option"),
        pytest.param(OWN + "LambdaLR(opt, C())", False, id="an attribute"),
        pytest.param("d = {'k': 0.5}\nLambdaLR(opt, lambda e: d['k'])", False, id="an item"),
        pytest.param("LambdaLR(opt, lambda e: f(0.5))", False, id="a call"),
    ],
)
def test_what_it_reads_stays_as_it_is(text: str, steady: bool) -> None:
    assert function(text).steady is steady
