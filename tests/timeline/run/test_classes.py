"""Instances of project classes: what their attributes hold."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from tests.timeline.run.programs import Files, happens, noted, schedulers, script, steps, symbol, unreached


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param(
            "class C:\n    def __init__(self, o, n):\n        self.n = n\nc = C(opt, 3)\nStepLR(opt, c.n)",
            ["3"],
            id="an attribute set in the constructor",
        ),
        pytest.param(
            "class C:\n    def __init__(self, o):\n        self.setup()\n    def setup(self):\n        self.n = 3\n"
            "        opt.step()\nStepLR(opt, C(opt).n)",
            ["3"],
            id="an attribute set in a method that it calls",
        ),
        pytest.param(
            "class C:\n    def __init__(self, o):\n        self.n = 1\n    def more(self, o):\n        self.n = 3\n"
            "c = C(opt)\nc.more(opt)\nStepLR(opt, c.n)",
            ["3"],
            id="an attribute set again later",
        ),
        pytest.param(
            "class C:\n    def __init__(self):\n        self.n = 3\nStepLR(opt, C().n)",
            ["3"],
            id="an attribute that a constructor sets which has to do with nothing else",
        ),
        pytest.param("class C:\n    n = 3\nStepLR(opt, C().n)", ["3"], id="a class attribute"),
        pytest.param("class C:\n    n = 3\nStepLR(opt, C.n)", ["3"], id="a class attribute through the class"),
        pytest.param(
            "class C:\n    n = 1\n    def __init__(self, o):\n        self.n = 3\nStepLR(opt, C(opt).n)",
            ["3"],
            id="an instance attribute hides that of the class",
        ),
        pytest.param("class C:\n    pass\nC.n = 3\nStepLR(opt, C.n)", ["3"], id="an attribute stored on the class"),
        pytest.param(
            "class C:\n    pass\nC.n = 3\nStepLR(opt, C().n)",
            ["3"],
            id="an attribute stored on the class, through an instance",
        ),
        pytest.param(
            "class C:\n    @property\n    def n(self):\n        return 3\nStepLR(opt, C().n)", ["3"], id="a property"
        ),
        pytest.param(
            "class C:\n    @functools.cached_property\n    def n(self):\n        return 3\nStepLR(opt, C().n)",
            ["3"],
            id="a cached property",
        ),
        pytest.param("class C: pass\nc = C()\nc.n = 3\nStepLR(opt, c.n)", ["3"], id="an attribute set from outside"),
        pytest.param(
            "class C: pass\nc = C()\nc.n = 3\nd = c\nd.n = 4\nStepLR(opt, c.n)", ["4"], id="two names, one object"
        ),
        pytest.param(
            "class C: pass\na = C()\nb = C()\na.n = 3\nb.n = 4\nStepLR(opt, a.n)", ["3"], id="two objects of a class"
        ),
        pytest.param(
            "class C: pass\ndef make(o):\n    return C()\na = make(opt)\nb = make(opt)\na.n = 3\nb.n = 4\n"
            "StepLR(opt, a.n)",
            ["3"],
            id="two objects of one factory",
        ),
        pytest.param("class C: pass\nc = C()\nsetattr(c, 'n', 3)\nStepLR(opt, c.n)", ["3"], id="setattr"),
        pytest.param("class C:\n    n = 3\nStepLR(opt, getattr(C(), 'n'))", ["3"], id="getattr"),
        pytest.param("class C:\n    n = 3\nStepLR(opt, getattr(C(), 'n', 4))", ["3"], id="getattr with a default"),
        pytest.param(
            "class C:\n    def __init__(self, o):\n        self.d = D(o)\nclass D:\n    def __init__(self, o):\n"
            "        self.n = 3\nStepLR(opt, C(opt).d.n)",
            ["3"],
            id="an attribute of an attribute",
        ),
        pytest.param(
            "class C:\n    a = 1\n    b = a + 2\nStepLR(opt, C.b)", ["3"], id="a class attribute made of another"
        ),
        pytest.param(
            "a = 7\nclass C:\n    a = 1\n    b = a + 2\nStepLR(opt, C.b)",
            ["3"],
            id="a name in a class body means that of the class first",
        ),
        pytest.param("class C:\n    class D:\n        n = 3\nStepLR(opt, C.D.n)", ["3"], id="a class inside a class"),
        pytest.param(
            "def f():\n    class C:\n        n = 3\n    StepLR(opt, C.n)\nf()", ["3"], id="a class inside a function"
        ),
        pytest.param(
            "def f(o, k):\n    class C:\n        def go(self):\n            StepLR(o, k)\n    C().go()\nf(opt, 3)",
            ["3"],
            id="a method of a class inside a function reads the function's variables",
        ),
    ],
)
def test_an_attribute_holds(text: str, held: list[str]) -> None:
    assert noted(text) == held


BASE = """
class Base:
    n = 3
    def __init__(self, o):
        self.o = o
        self.scheduler = self.build()
    def build(self):
        return StepLR(self.o, self.n)
    def finish(self):
        self.scheduler.step()
"""


@pytest.mark.parametrize(
    ("text", "files", "held", "stepped"),
    [
        pytest.param(
            "from base import Base\nt = Base(opt)\nt.finish()", {"base.py": BASE}, "3", True, id="the base class itself"
        ),
        pytest.param(
            "from base import Base\nclass T(Base):\n    pass\nt = T(opt)\nt.finish()",
            {"base.py": BASE},
            "3",
            True,
            id="an inherited constructor and method",
        ),
        pytest.param(
            "from base import Base\nclass T(Base):\n    n = 4\nt = T(opt)\nt.finish()",
            {"base.py": BASE},
            "4",
            True,
            id="a class attribute of the subclass",
        ),
        pytest.param(
            "from base import Base\nclass T(Base):\n    def build(self):\n        return StepLR(self.o, 5)\n"
            "t = T(opt)\nt.finish()",
            {"base.py": BASE},
            "5",
            True,
            id="the base calls the subclass's method",
        ),
        pytest.param(
            "from base import Base\nclass T(Base):\n    def __init__(self, o):\n        super().__init__(o)\n"
            "        self.k = 1\nt = T(opt)\nt.finish()",
            {"base.py": BASE},
            "3",
            True,
            id="super calls the base's constructor",
        ),
        pytest.param(
            "import base\nclass T(base.Base):\n    pass\nt = T(opt)\nt.finish()",
            {"base.py": BASE},
            "3",
            True,
            id="a base named through its module",
        ),
        pytest.param(
            "from mid import Mid\nclass T(Mid):\n    pass\nt = T(opt)\nt.finish()",
            {"mid.py": "from base import Base\nclass Mid(Base):\n    pass", "base.py": BASE},
            "3",
            True,
            id="a base of a base",
        ),
        pytest.param(
            "from base import Base\nfrom mix import Mix\nclass T(Mix, Base):\n    pass\nt = T(opt)\nt.finish()",
            {"mix.py": "class Mix:\n    def finish(self):\n        pass", "base.py": BASE},
            "3",
            False,
            id="the first of two bases wins",
        ),
        pytest.param(
            "from base import Base\nfrom lib import Mix\nclass T(Base, Mix):\n    pass\nt = T(opt)\nt.finish()",
            {"base.py": BASE},
            "3",
            True,
            id="a base that is not known comes second",
        ),
    ],
)
def test_a_base_class_in_another_file(text: str, files: Files, held: str, stepped: bool) -> None:
    assert noted(text, files) == [held]
    assert steps(text, files) == (["self.scheduler.step()"] if stepped else [])


def test_a_method_of_an_unknown_base_is_unknown() -> None:
    text = "from lib import Base\nclass T(Base):\n    def go(self, o):\n        StepLR(o, self.n)\nT().go(opt)"
    found = symbol(text)
    assert found.role == "unknown"
    assert found.reason


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("c = Config()", "Config.epochs", id="a default"),
        pytest.param("c = Config(5)", "5", id="by position"),
        pytest.param("c = Config(epochs=5)", "5", id="by keyword"),
        pytest.param("c = Config(lr=1)", "Config.epochs", id="another field"),
        pytest.param("c = Config()\nc.epochs = 6", "6", id="stored to later"),
        pytest.param("c = Config(5)\nd = Config(6)", "5", id="two of them"),
    ],
)
def test_a_dataclass_holds(text: str, held: str) -> None:
    fields = "    epochs: int = 90\n    lr: float = 0.1\n"
    files = {"config.py": f"from dataclasses import dataclass\n@dataclass\nclass Config:\n{fields}"}
    assert noted(f"from config import Config\n{text}\nStepLR(opt, c.epochs)", files) == [held]


def test_a_dataclass_field_is_a_field_with_its_default() -> None:
    text = "from dataclasses import dataclass\n@dataclass\nclass C:\n    epochs: int = 90\nStepLR(opt, C().epochs)"
    found = symbol(text)
    assert found.role == "field"
    assert getattr(found.default, "value", None) == 90


def test_a_named_tuple_holds_its_arguments() -> None:
    cls = "from typing import NamedTuple\nclass C(NamedTuple):\n    o: object\n    n: int\n"
    text = f"{cls}c = C(opt, 3)\nStepLR(c.o, c.n)"
    assert noted(text) == ["3"]


def test_a_subclass_of_a_dataclass_takes_the_fields_of_its_base_first() -> None:
    text = """
        from dataclasses import dataclass
        @dataclass
        class A:
            a: int = 1
        @dataclass
        class B(A):
            b: int = 2
        StepLR(opt, B(5, 6).b)
        StepLR(opt, B(5, 6).a)
        """
    assert noted(text) == ["6", "5"]


def test_a_dataclass_is_run_through_its_post_init() -> None:
    text = """
        from dataclasses import dataclass
        @dataclass
        class A:
            n: int
            def __post_init__(self):
                self.s = StepLR(opt, self.n)
        a = A(3)
        a.s.step()
        """
    assert steps(text) == ["self.s.step()"]


def test_an_attribute_that_no_method_sets_says_so() -> None:
    assert "not set" in symbol("class C: pass\nStepLR(opt, C().n)").reason


def test_a_scheduler_kept_by_a_trainer_is_one_object_in_all_methods() -> None:
    text = """
        class Trainer:
            def __init__(self, o):
                self.o = o
                self.s = StepLR(o, 3)
            def fit(self):
                for epoch in range(9):
                    self.one_epoch()
                    self.s.step()
            def one_epoch(self):
                for x in loader:
                    self.o.step()
        Trainer(opt).fit()
        """
    assert happens(text) == ["epoch/x: opt.step()", "epoch: self.s.step()"]
    assert schedulers(text) == ["self.s = StepLR(on opt, step_size=3)"]


def test_what_a_branch_stores_to_an_attribute_is_joined() -> None:
    (found,) = noted("class C: pass\nc = C()\nc.n = 1\nif fast:\n    c.n = 2\nStepLR(opt, c.n)")
    assert set(found.split(" or ")) == {"1", "2"}


def test_a_store_through_one_of_two_objects_may_touch_either() -> None:
    text = """
        class C: pass
        a, b = C(), C()
        a.n = b.n = 1
        c = a if fast else b
        c.n = 2
        StepLR(opt, a.n)
        StepLR(opt, b.n)
        """
    assert [set(found.split(" or ")) for found in noted(text)] == [{"1", "2"}, {"1", "2"}]


def test_a_constructor_that_reads_a_tracked_global_is_run() -> None:
    text = (
        "class T:\n    def __init__(self):\n        self.o = opt\n    def one(self):\n        self.o.step()\nT().one()"
    )
    assert happens(text) == ["opt.step()"]


def test_an_object_in_a_class_body_is_made_once() -> None:
    timeline = script("class C:\n    s = StepLR(opt, 3)\nC.s.step()\nC().s.step()")
    made = [event for event in timeline.events if event.kind is EventKind.CREATED and event.method == "StepLR"]
    assert len(made) == 1


def test_enter_gives_what_with_binds() -> None:
    text = """
        class C:
            def __init__(self, o):
                self.o = o
            def __enter__(self):
                return self.o
            def __exit__(self, *e):
                pass
        with C(opt) as o:
            o.step()
        """
    assert happens(text) == ["opt.step()"]


def test_a_context_manager_gives_what_it_yields() -> None:
    text = """
        from contextlib import contextmanager
        @contextmanager
        def using(o):
            yield o
        with using(opt) as o:
            o.step()
        """
    assert happens(text) == ["opt.step()"]


def test_a_scheduler_class_that_asks_the_one_it_wraps_reads_no_learning_rate() -> None:
    text = """
        class Wrapper(LRScheduler):
            def __init__(self, optimizer, inner: LRScheduler):
                self.inner = inner
                super().__init__(optimizer)
            def get_lr(self):
                return self.inner.get_lr()
        """
    assert not [event for event in unreached(text).events if event.kind is EventKind.LR_READ]
