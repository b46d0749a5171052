"""Calls into the project: which are entered, how arguments are bound, what comes back."""

from __future__ import annotations

import pytest

from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Confidence, EventKind
from tests.timeline.run.programs import Files, happens, noted, schedulers, script, steps, symbol

# --- binding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signature", "call", "held"),
    [
        pytest.param("o, n", "f(opt, 3)", "3", id="by position"),
        pytest.param("o, n", "f(opt, n=3)", "3", id="by keyword"),
        pytest.param("n, o", "f(o=opt, n=3)", "3", id="by keyword in another order"),
        pytest.param("o, n=3", "f(opt)", "3", id="a default"),
        pytest.param("o, n=3", "f(opt, 4)", "4", id="a default that is overridden"),
        pytest.param("o, *, n", "f(opt, n=3)", "3", id="keyword only"),
        pytest.param("o, n, /", "f(opt, 3)", "3", id="positional only"),
        pytest.param("o, n", "f(*[opt, 3])", "3", id="a known list spread"),
        pytest.param("o, n", "f(opt, *(3,))", "3", id="a known tuple spread behind an argument"),
        pytest.param("o, n", "f(opt, **{'n': 3})", "3", id="a known dict spread"),
        pytest.param("o, n", "f(opt, **dict(n=3))", "3", id="a known dict made by call spread"),
        pytest.param("o, m=1, n=2", "f(opt, **{'n': 3})", "3", id="a known dict fills the parameter it names"),
        pytest.param("o, n=7, **kw", "f(opt, **{'m': 3})", "7", id="a known dict leaves other defaults alone"),
    ],
)
def test_a_parameter_gets(signature: str, call: str, held: str) -> None:
    assert noted(f"def f({signature}):\n    StepLR(o, n)\n{call}") == [held]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("def f(*a):\n    StepLR(a[0], a[1])\nf(opt, 3)", "3", id="collected positions"),
        pytest.param("def f(**k):\n    StepLR(k['o'], k['n'])\nf(o=opt, n=3)", "3", id="collected keywords"),
        pytest.param("def f(o, **k):\n    StepLR(o, **k)\nf(opt, step_size=3)", "3", id="keywords passed on"),
        pytest.param("def f(*a, **k):\n    StepLR(*a, **k)\nf(opt, step_size=3)", "3", id="everything passed on"),
        pytest.param(
            "N = 3\ndef f(o, n=N):\n    StepLR(o, n)\nN = 4\nf(opt)",
            "3",
            id="a default is taken when the function is defined",
            marks=pytest.mark.xfail(strict=True, reason="a default is evaluated at the call, in the module"),
        ),
        pytest.param("def f(o, n=1 + 2):\n    StepLR(o, n)\nf(opt)", "3", id="a default that is computed"),
        pytest.param(
            "def f(o):\n    k = 3\n    def g(n=k):\n        StepLR(o, n)\n    g()\nf(opt)",
            "3",
            id="a default that is a variable of the enclosing function",
        ),
        pytest.param("g = lambda o, n: StepLR(o, n)\ng(opt, 3)", "3", id="a lambda"),
        pytest.param("g = lambda o, n=3: StepLR(o, n)\ng(opt)", "3", id="a default of a lambda"),
        pytest.param("g = partial(StepLR, opt)\ng(3)", "3", id="a partial of a class"),
        pytest.param("g = partial(StepLR, step_size=3)\ng(opt)", "3", id="a partial with a keyword"),
        pytest.param(
            "g = functools.partial(StepLR, step_size=4)\ng(opt, step_size=3)",
            "3",
            id="a keyword of the call replaces that of the partial",
        ),
        pytest.param("g = partial(partial(StepLR, opt), 3)\ng()", "3", id="a partial of a partial"),
        pytest.param("g = StepLR\ng(opt, 3)", "3", id="a class under another name"),
        pytest.param("def f(c):\n    c(opt, 3)\nf(StepLR)", "3", id="a class as an argument"),
        pytest.param("def f(c):\n    c(3)\ndef g(n):\n    StepLR(opt, n)\nf(g)", "3", id="a function as an argument"),
        pytest.param(
            "def d(f):\n    return f\n@d\ndef g(n):\n    StepLR(opt, n)\ng(3)",
            "3",
            id="a decorated function is still the function",
        ),
    ],
)
def test_a_call_binds(text: str, held: str) -> None:
    assert noted(text) == [held]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("def f(o, n):\n    StepLR(o, n)\nf(opt, *rest)", "`*`", id="an unknown list"),
        pytest.param("def f(o, n):\n    StepLR(o, n)\nf(opt, **rest)", "`*`", id="an unknown dict"),
        pytest.param("def f(o, n=3):\n    StepLR(o, n)\nf(opt, **rest)", "`*`", id="an unknown dict hides a default"),
        pytest.param("def f(o, n):\n    StepLR(o, n)\nf(opt)", "called without", id="an argument that is missing"),
    ],
)
def test_a_parameter_that_is_not_known_says_why(text: str, reason: str) -> None:
    found = symbol(text)
    assert found.role == "parameter"
    assert reason in found.reason


# --- returning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("def f():\n    opt.step()\n    return 3\nn = f()", ["3"], id="one value"),
        pytest.param("def f():\n    opt.step()\nn = f() or 3", ["3"], id="nothing is None"),
        pytest.param("def f():\n    opt.step()\n    return 1, 3\na, n = f()", ["3"], id="a tuple"),
        pytest.param(
            "def f():\n    opt.step()\n    if fast:\n        return 3\n    return 4\nn = f()",
            ["3 or 4"],
            id="two returns",
        ),
        pytest.param(
            "def f(k):\n    opt.step()\n    if k == 'a':\n        return 3\n    return 4\nn = f('a')",
            ["3"],
            id="a return that the argument decides",
        ),
        pytest.param("def f(o):\n    o.step()\n    return [3, 4]\nn = f(opt)[1]", ["4"], id="a list"),
    ],
)
def test_a_call_gives_back(text: str, held: list[str]) -> None:
    assert noted(f"{text}\nStepLR(opt, n)") == held


def test_several_returns_keep_their_conditions() -> None:
    text = """
        def build(name, o):
            if name == 'step':
                return StepLR(o, 3)
            elif name == 'multi':
                return MultiStepLR(o, [3])
            raise ValueError(name)
        s = build(args.name, opt)
        if args.name == 'multi':
            s.step()
        """
    assert steps(text) == ["s.step() if args.name == 'multi'"]
    assert schedulers(text)[0].endswith("if args.name == 'step'")


def test_a_return_in_a_loop_may_not_be_taken() -> None:
    text = "def f():\n    opt.step()\n    for k in unknown:\n        return 3\n    return 4\nStepLR(opt, f())"
    (found,) = noted(text)
    assert set(found.split(" or ")) == {"3", "4"}


def test_what_a_function_stores_before_an_early_return_is_kept() -> None:
    text = """
        class C: pass
        c = C()
        def f(o):
            c.n = 3
            if fast:
                return
            c.n = 4
            o.step()
        f(opt)
        StepLR(opt, c.n)
        """
    (found,) = noted(text)
    assert set(found.split(" or ")) == {"3", "4"}


def test_a_scheduler_built_in_one_file_and_stepped_in_another_is_one_object() -> None:
    files = {
        "engine.py": "def train(model, o, loader, s):\n    for x in loader:\n        o.step()\n        s.step()\n",
        "build.py": "def build(o, n):\n    return StepLR(o, n)\n",
    }
    text = """
        from build import build
        from engine import train
        s = build(opt, 30)
        for epoch in range(90):
            train(model, opt, loader, s)
        """
    assert happens(text, files) == ["epoch/x: opt.step()", "epoch/x: s.step()"]
    assert schedulers(text, files) == ["s = StepLR(on opt, step_size=30)"]


def test_a_factory_called_twice_makes_two_objects() -> None:
    text = "def build(o):\n    return StepLR(o, 3)\na = build(opt)\nb = build(opt)\na.step()\nb.step()"
    assert steps(text) == ["a.step()", "b.step()"]


def test_the_calls_on_the_way_are_kept() -> None:
    text = "def a():\n    b()\ndef b():\n    opt.step()\na()"
    timeline = script(text)
    (event,) = [event for event in timeline.events if event.method == "step"]
    rows = [place.row for place in event.calls]
    assert rows == [event.place.row + 1, event.place.row - 2]


def test_a_process_that_is_spawned_runs_its_function() -> None:
    text = """
        import torch.multiprocessing as mp
        def worker(rank, n):
            o = SGD(p, lr=1)
            StepLR(o, n)
        mp.spawn(worker, nprocs=2, args=(9,))
        """
    assert noted(text) == ["9"]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_function_that_calls_itself_is_entered_once() -> None:
    assert happens("def f(n):\n    opt.step()\n    f(n - 1)\nf(3)") == ["opt.step()"]


def test_two_functions_that_call_each_other_are_entered_once_each() -> None:
    text = "def a():\n    opt.step()\n    b()\ndef b():\n    s.step()\n    a()\ns = StepLR(opt, 3)\na()"
    assert happens(text) == ["opt.step()", "s.step()"]


@pytest.mark.parametrize(("depth", "reached"), [(8, True), (9, False)], ids=["eight calls deep", "nine calls deep"])
def test_calls_are_followed_eight_deep(depth: int, reached: bool) -> None:
    chain = "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(1, depth))
    found = happens(f"{chain}def f{depth}():\n    opt.step()\nf1()")
    assert found == (["opt.step()"] if reached else [])


def test_a_function_that_nothing_tracked_flows_into_is_not_entered() -> None:
    found = symbol("def f(n):\n    return n + 1\nStepLR(opt, f(2))")
    assert "not followed" in found.reason


@pytest.mark.parametrize(
    "call",
    [
        pytest.param("f(opt)", id="an optimizer"),
        pytest.param("f([opt])", id="a list that holds an optimizer"),
        pytest.param("f({'o': opt})", id="a dict that holds an optimizer"),
        pytest.param("f(loader)", id="a loader"),
        pytest.param("f(x=opt)", id="by keyword"),
    ],
)
def test_a_function_that_something_tracked_flows_into_is_entered(call: str) -> None:
    assert noted(f"def f(x):\n    return 3\nn = {call}\nStepLR(opt, n)") == ["3"]


def test_a_function_that_leads_to_a_scheduler_is_entered() -> None:
    text = "def a(n):\n    return b(n)\ndef b(n):\n    return StepLR(opt, n)\na(3)"
    assert noted(text) == ["3"]


# --- methods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("class C:\n    def f(self, n):\n        StepLR(opt, n)\nC().f(3)", "3", id="a method"),
        pytest.param(
            "class C:\n    def f(self, n):\n        StepLR(opt, n)\ng = C().f\ng(3)",
            "3",
            id="a bound method as a value",
        ),
        pytest.param(
            "class C:\n    def f(self, n):\n        StepLR(opt, n)\nC.f(C(), 3)", "3", id="a method through its class"
        ),
        pytest.param(
            "class C:\n    @staticmethod\n    def f(n):\n        StepLR(opt, n)\nC().f(3)", "3", id="a static method"
        ),
        pytest.param(
            "class C:\n    @staticmethod\n    def f(n):\n        StepLR(opt, n)\nC.f(3)",
            "3",
            id="a static method through its class",
        ),
        pytest.param(
            "class C:\n    N = 3\n    @classmethod\n    def f(cls):\n        StepLR(opt, cls.N)\nC.f()",
            "3",
            id="a class method",
        ),
        pytest.param(
            "class C:\n    def __call__(self, n):\n        StepLR(opt, n)\nC()(3)", "3", id="an instance that is called"
        ),
        pytest.param(
            "class B:\n    def f(self, n):\n        StepLR(opt, n)\nclass C(B):\n    def f(self, n):\n"
            "        super().f(n + 1)\nC().f(2)",
            "3",
            id="super",
        ),
        pytest.param(
            "class B:\n    def f(self, n):\n        StepLR(opt, n)\nclass C(B):\n    def f(self, n):\n"
            "        super(C, self).f(n + 1)\nC().f(2)",
            "3",
            id="super with arguments",
        ),
        pytest.param(
            "class B:\n    def f(self, n):\n        StepLR(opt, n)\nclass C(B):\n    def f(self, n):\n"
            "        B.f(self, n + 1)\nC().f(2)",
            "3",
            id="the base class by name",
        ),
        pytest.param(
            "class B:\n    def go(self):\n        StepLR(opt, self.n())\nclass C(B):\n    def n(self):\n"
            "        opt.step()\n        return 3\nC().go()",
            "3",
            id="a base class calls the method of its subclass",
        ),
    ],
)
def test_a_method_is_entered(text: str, held: str) -> None:
    assert noted(text) == [held]


ENGINE = {"engine.py": "class Engine:\n    def run_epoch(self, o, s):\n        o.step()\n        s.step()\n"}


@pytest.mark.parametrize(
    ("method", "files", "followed"),
    [
        pytest.param("run_epoch", ENGINE, True, id="a name that one class defines"),
        pytest.param(
            "train",
            {"engine.py": ENGINE["engine.py"].replace("run_epoch", "train")},
            False,
            id="a name that is too common",
        ),
        pytest.param(
            "run_epoch",
            {**ENGINE, "other.py": ENGINE["engine.py"]},
            False,
            id="a name that two unrelated classes define",
        ),
        pytest.param(
            "run_epoch",
            {
                "engine.py": ENGINE["engine.py"] + "class Sub(Engine):\n"
                "    def run_epoch(self, o, s):\n        o.step()\n        s.step()\n"
            },
            True,
            id="a name that one family of classes defines",
        ),
    ],
)
def test_a_method_of_an_unknown_receiver(method: str, files: Files, followed: bool) -> None:
    text = f"s = StepLR(opt, 3)\nunknown.{method}(opt, s)"
    if followed:
        assert happens(text, files) == ["opt.step() ~", "s.step() ~"]
    else:
        assert happens(text, files) == ["opt: handed on", "s: handed on"]


def test_what_is_made_behind_a_guess_is_likely() -> None:
    files = {"engine.py": "class Engine:\n    def make_parts(self, o):\n        return StepLR(o, 3)\n"}
    (made,) = script("unknown.make_parts(opt)", files).schedulers()
    assert made.confidence is Confidence.LIKELY


FAMILY = {
    "models.py": """\
        class Base:
            def __init__(self):
                self.o = SGD(parameters, 0.1)
                self.s = StepLR(self.o, 3)
            def optimize_all(self):
                self.o.step()
                self.s.step()
        class First(Base):
            pass
        class Second(Base):
            pass
        """
}


def test_a_receiver_that_may_be_of_several_classes_is_one_of_them_at_a_time() -> None:
    found = script("unknown.optimize_all()", FAMILY)
    conditions = {event.condition for event in found.events if event.kind is EventKind.STEPPED}
    assert [[test.text for test in condition] for condition in sorted(conditions)] == [
        ["unknown is a First"],
        ["unknown is a Second"],
    ]
    one, other = conditions
    assert contradicts(one, other)


def test_a_receiver_that_is_unknown_in_two_ways_is_asked_once() -> None:
    text = "model = None\nfor name in names:\n    if wanted(name):\n        model = pick(name)\nmodel.optimize_all()"
    assert len(steps(text, FAMILY)) == len(steps("unknown.optimize_all()", FAMILY))


# --- what is not followed ---------------------------------------------------------------------------------------------


def test_a_flag_that_a_method_sets_which_is_not_followed_is_not_known() -> None:
    text = """\
        class EarlyStopping:
            def __init__(self):
                self.stop = False
                self.best = None
            def __call__(self, loss):
                if self.best is None or loss < self.best:
                    self.best = loss
                else:
                    self.stop = True
        s, early = StepLR(opt, 3), EarlyStopping()
        for epoch in range(9):
            early(validate())
            if early.stop:
                s.step()
        """
    assert happens(text) == ["epoch: s.step() [unknown]"]


def test_a_global_that_a_function_sets_which_is_not_followed_is_not_known() -> None:
    text = """\
        warm = True
        def cool():
            global warm
            warm = False
        s = StepLR(opt, 3)
        cool()
        if not warm:
            s.step()
        """
    assert len(steps(text)) == 1


# --- generators -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def batches(l):\n    for x in l:\n        yield x\nfor x in batches(loader):\n    opt.step()",
            ["x: opt.step()"],
            id="a generator over a loader",
        ),
        pytest.param(
            "def pair(l):\n    for i, x in enumerate(l):\n        yield i, x\n"
            "for i, x in pair(loader):\n    opt.step()",
            ["i, x: opt.step()"],
            id="a generator of pairs",
        ),
        pytest.param(
            "for x in (x for x in loader):\n    opt.step()",
            ["x: opt.step()"],
            id="a generator expression",
        ),
    ],
)
def test_a_generator_over_a_loader_is_a_loader(text: str, expected: list[str]) -> None:
    timeline = script(text)
    assert happens(timeline) == expected
    used = [loop for loop in timeline.loops if any(loop.id in event.loops for event in timeline.events)]
    assert [loop.iterates.value for loop in used] == ["loader"]


def test_a_generator_that_cycles_over_a_loader() -> None:
    text = """
        def forever(l):
            while True:
                for x in l:
                    yield x
        for x in forever(loader):
            opt.step()
        """
    timeline = script(text)
    assert timeline.loop(timeline.events[-1].loops[-1]).iterates.value == "loader"


def test_what_a_function_that_is_not_followed_stores_to_the_parts_of_its_object_is_not_known() -> None:
    text = """
        class Part:
            def __init__(self, length):
                self.length = length
        class Whole:
            def __init__(self, parts):
                self.parts = parts
            def scale(self, factor):
                for part in self.parts:
                    part.length *= factor
        part = Part(3)
        Whole([part]).scale(len(loader))
        StepLR(opt, part.length)
        """
    assert noted(text) != ["3"]
