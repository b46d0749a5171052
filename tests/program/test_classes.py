"""Bases, resolution orders and methods of project classes."""

from __future__ import annotations

import pytest

from schedlint.program.program import Program
from schedlint.program.symbols import Class
from tests.program.builders import MemoryFiles, class_named, function_named, module, program, said

BASES = [
    pytest.param("class X: ...", [], id="no base"),
    pytest.param("class X(object): ...", ["builtins.object"], id="object"),
    pytest.param("class A: ...\nclass X(A): ...", ["a.py:A"], id="a class of the same file"),
    pytest.param("from b import B\nclass X(B): ...", ["b.py:B"], id="a class of another file"),
    pytest.param("import b\nclass X(b.B): ...", ["b.py:B"], id="an attribute of a module"),
    pytest.param("import torch\nclass X(torch.nn.Module): ...", ["torch.nn.Module"], id="an outside class"),
    pytest.param("Base = object\nclass X(Base): ...", ["builtins.object"], id="an alias of a builtin"),
    pytest.param("import b\nBase = b.B\nclass X(Base): ...", ["b.py:B"], id="an alias"),
    pytest.param("import b\nclass X(b.B[int]): ...", ["b.py:B"], id="a generic class"),
    pytest.param("import b\nclass X(metaclass=b.B): ...", [], id="a metaclass is no base"),
    pytest.param("import b, six\nclass X(six.with_metaclass(M, b.B)): ...", ["b.py:B"], id="with_metaclass"),
    pytest.param("from one import Y as X\nclass X(X): ...", ["one.Y"], id="the class it replaces"),
    pytest.param("from one import *\nclass X(X): ...", ["one.X"], id="the class it replaces, from a star import"),
    pytest.param("class X(X): ...", ["unknown"], id="itself, which Python refuses"),
    pytest.param("class X(Missing): ...", ["unknown"], id="an unbound name"),
    pytest.param(
        "from collections import namedtuple\nclass X(namedtuple('X', 'a b')): ...",
        ["builtins.tuple"],
        id="a named tuple",
    ),
    pytest.param("from t import make\nclass X(make()): ...", ["unknown"], id="made outside"),
    pytest.param("class X(*bases): ...", ["unknown"], id="unpacked bases"),
    pytest.param("class X(make()): ...", ["unknown"], id="a call, when nobody infers"),
    pytest.param("import b\nclass X(b.B if y else object): ...", ["b.py:B"], id="object only stands in"),
    pytest.param(
        "try:\n    from t import LRScheduler as S\nexcept E:\n    from t import _LRScheduler as S\nclass X(S): ...",
        ["t.LRScheduler"],
        id="two names of one class",
    ),
    pytest.param(
        "try:\n    from t import S\nexcept ImportError:\n    S = None\nclass X(S): ...", ["t.S"], id="None is no class"
    ),
    pytest.param(
        "from t import Base\nclass Outer:\n    class Base: ...\n    class X(Base): ...",
        ["a.py:Base"],
        id="a class body sees its own names first",
    ),
    pytest.param(
        "from t import Base\ndef f(Base):\n    class X(Base): ...", ["unknown"], id="a name of the function around it"
    ),
    pytest.param("from t import Base\ndef f():\n    class X(Base): ...", ["t.Base"], id="a local class"),
]


@pytest.mark.parametrize(("text", "expected"), BASES)
def test_bases(text: str, expected: list[str]) -> None:
    linked = program({"a.py": text, "b.py": "class B: ..."})
    assert [said(base) for base in linked.bases(class_named(linked, "a.py", "X"))] == expected


ORDERS = [
    pytest.param("class X: ...", "X", id="one class"),
    pytest.param("class A: ...\nclass B(A): ...\nclass C(A): ...\nclass X(B, C): ...", "X B C A", id="a diamond"),
    pytest.param("class A: ...\nclass B(A): ...\nclass X(A, B): ...", "X A B", id="no consistent order: depth first"),
    pytest.param("class A(B): ...\nclass B(A): ...\nclass X(A): ...", "X A B", id="a circle"),
    pytest.param("import t\nclass A(t.T): ...\nclass X(A, t.U): ...", "X A t.T t.U", id="outside classes in place"),
    pytest.param("class X(make()): ...", "X unknown", id="an unknown base in place"),
]


@pytest.mark.parametrize(("text", "expected"), ORDERS)
def test_the_resolution_order(text: str, expected: str) -> None:
    linked = program({"a.py": text})
    order = linked.mro(class_named(linked, "a.py", "X"))
    assert " ".join(said(each).removeprefix("a.py:") for each in order) == expected


@pytest.mark.parametrize("base", ["C{}", "C{}.Inner"])
def test_a_thousand_classes_in_a_row_are_no_deep_recursion(base: str) -> None:
    rows = ["class C0:\n    class Inner: ...", *(f"class C{i}({base.format(i - 1)}): ..." for i in range(1, 1000))]
    linked = program({"a.py": "\n".join(rows)})
    order = linked.mro(class_named(linked, "a.py", "C999"))
    assert len(order) == (1000 if base == "C{}" else 2)


METHODS = [
    pytest.param("class X:\n    def step(self): ...", "a.py:2", id="its own"),
    pytest.param("class A:\n    def step(self): ...\nclass X(A): ...", "a.py:2", id="of a base"),
    pytest.param("class X: ...", "nothing", id="nowhere"),
    pytest.param("class X(object): ...", "nothing", id="object has no such method"),
    pytest.param("import t\nclass X(t.T): ...", "t.T.step", id="perhaps of an outside base"),
    pytest.param("class X(make()): ...", "unknown", id="perhaps of an unknown base"),
    pytest.param("class A:\n    def step(self): ...\nclass X(make(), A): ...", "unknown", id="after an unknown base"),
    pytest.param(
        "import t\nclass A:\n    def step(self): ...\nclass X(t.T, A): ...",
        "a.py:3",
        id="a project class wins over outside",
    ),
    pytest.param("class X:\n    def go(self): ...\n    step = go", "a.py:2", id="another name for a method"),
    pytest.param("class X:\n    step = 1", "= a.py:2", id="a class attribute"),
    pytest.param("class X:\n    from b import step", "b.py:1", id="imported into the class"),
    pytest.param(
        "class X:\n    if y:\n        def step(self): ...\n    else:\n        def step(self): ...",
        "unknown",
        id="one of two",
    ),
    pytest.param(
        "class X:\n    @property\n    def step(self): ...\n    @step.setter\n    def step(self, v): ...",
        "a.py:3",
        id="a property is its getter",
    ),
]


def place(symbol: object) -> str:
    at = getattr(symbol, "at", None)
    named = said(symbol)  # type: ignore[arg-type]
    return f"{named.partition(':')[0]}:{at.row}" if at is not None and not named.startswith("=") else named


@pytest.mark.parametrize(("text", "expected"), METHODS)
def test_a_method_comes_from(text: str, expected: str) -> None:
    linked = program({"a.py": text, "b.py": "def step(self): ..."})
    assert place(linked.method(class_named(linked, "a.py", "X"), "step")) == expected


def test_super_starts_after_the_class() -> None:
    text = """
        class A:
            def step(self): ...
        class B(A):
            def step(self): ...
        class X(B): ...
    """
    linked = program({"a.py": text})
    cls, after = class_named(linked, "a.py", "X"), class_named(linked, "a.py", "B")
    assert place(linked.method(cls, "step")) == "a.py:5"
    assert place(linked.method(cls, "step", after)) == "a.py:3"
    assert place(linked.method(after, "step", cls)) == "unknown"


PROJECT = {
    "a.py": "class A:\n    def step(self): ...\n    if y:\n        def late(self): ...",
    "b.py": "from a import A\nclass B(A):\n    def step(self): ...\nclass C(B): ...",
    "c.py": "class Alone:\n    def step(self): ...\n    class Inner: ...\ndef f():\n    class Local: ...",
}


def test_the_project_is_searched_for_methods_and_subclasses() -> None:
    linked = program(PROJECT)
    assert [place(each) for each in linked.methods_named("step")] == ["a.py:2", "b.py:3", "c.py:2"]
    assert linked.methods_named("none") == ()
    assert [said(each) for each in linked.subclasses(class_named(linked, "a.py", "A"))] == ["b.py:B", "b.py:C"]


def test_a_family_is_what_inheritance_connects() -> None:
    linked = program(PROJECT)
    family = linked.family(class_named(linked, "b.py", "B"))
    everyone = [class_named(linked, f"{file}.py", name) for file, name in ("aA", "bB", "bC", ("c", "Alone"))]
    assert [said(each) for each in everyone if each in family] == ["a.py:A", "b.py:B", "b.py:C"]


def test_only_files_that_say_a_name_are_read_for_it() -> None:
    files = MemoryFiles(PROJECT | {"d.py": "class D:\n    def other(self): ..."})
    linked = Program(files)
    linked.methods_named("late")
    assert files.read == ["a.py"]
    assert linked.subclasses(class_named(linked, "a.py", "A"))
    assert "d.py" not in files.read


def test_a_common_base_shows_a_family_without_a_search() -> None:
    files = MemoryFiles(PROJECT | {"e.py": "from a import A\nclass E(A): ...", "f.py": "from e import E"})
    linked = Program(files)
    assert class_named(linked, "b.py", "B") in linked.family(class_named(linked, "e.py", "E"))
    assert "f.py" not in files.read


def test_definitions_of_a_file() -> None:
    linked = program(PROJECT)
    file = module(linked, "c.py")
    assert [cls.node.name for cls in linked.classes(file)] == ["Alone", "Inner"]
    assert [cls.node.name for cls in linked.all_classes(file)] == ["Alone", "Inner", "Local"]
    assert [each.node.name for each in linked.functions(file)] == ["f"]
    assert [each.node.name for each in linked.methods(class_named(linked, "a.py", "A"))] == ["step", "late"]
    assert all(isinstance(each.owner, Class) for each in linked.methods(class_named(linked, "a.py", "A")))


RELEVANT = [
    pytest.param("def f():\n    step()", True, id="it mentions the name"),
    pytest.param("def f():\n    other()", False, id="it mentions nothing of interest"),
    pytest.param("def g():\n    step()\ndef f():\n    g()", True, id="it calls what does"),
    pytest.param("def g():\n    f()\ndef f():\n    g()", False, id="a circle without interest"),
    pytest.param("def g():\n    f()\n    step()\ndef f():\n    g()", True, id="a circle of interest"),
    pytest.param("import b\ndef f():\n    b.run()", True, id="in another file"),
    pytest.param("def f():\n    from b import run\n    run()", True, id="imported in the function"),
    pytest.param("from b import run\ndef f(run):\n    run()", False, id="a parameter hides the function"),
    pytest.param("import b, p\ndef f():\n    p.spawn(b.run)", True, id="handed on to be called"),
    pytest.param("import b\ndef f():\n    b.Runner()", True, id="a class with a method that does"),
    pytest.param("class Z(step): ...\ndef f():\n    Z()", True, id="a class with a base of interest"),
]


@pytest.mark.parametrize(("text", "expected"), RELEVANT)
def test_a_function_is_relevant_when(text: str, expected: bool) -> None:
    linked = program({"a.py": text, "b.py": "def run():\n    step()\nclass Runner:\n    def go(self):\n        run()"})
    assert linked.is_relevant(function_named(linked, "a.py", "f"), frozenset({"step"})) is expected


def test_relevance_goes_through_self_and_super() -> None:
    text = """
        class A:
            def go(self):
                step()
        class B(A):
            def go(self):
                super().go()
            def run(self):
                self.go()
            def rest(self):
                self.missing()
    """
    linked = program({"a.py": text})
    go, run, rest = linked.methods(class_named(linked, "a.py", "B"))
    assert [linked.is_relevant(each, frozenset({"step"})) for each in (run, go, rest)] == [True, True, False]
    assert not linked.is_relevant(run, frozenset({"other"}))


def test_relevance_in_a_circle_of_a_thousand_functions() -> None:
    text = "\n".join(f"def f{i}():\n    f{(i + 1) % 1000}()" for i in range(1000))
    linked = program({"a.py": text})
    functions = linked.functions(module(linked, "a.py"))
    assert not any(linked.is_relevant(each, frozenset({"step"})) for each in functions)
    assert all(linked.is_relevant(each, frozenset({"f500"})) for each in functions)


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        pytest.param("def f(a, epoch):\n    a.step(1, epoch)", True, id="a variable of that name at its position"),
        pytest.param("def f(a, me):\n    a.step(1, me.epoch)", True, id="an attribute of that name"),
        pytest.param("def f(a):\n    a.step(1, epoch=7)", True, id="by keyword"),
        pytest.param("def f(a):\n    a.step(1)", False, id="left out"),
        pytest.param("def f(a):\n    a.step(1, epoch=None)", False, id="None"),
        pytest.param("def f(a, t):\n    a.step(1, t)", False, id="something else, which may be for another method"),
        pytest.param("def f(a, epoch):\n    a.go(1, epoch)", False, id="another method"),
        pytest.param("class B:\n    def step(self, epoch):\n        self.a.step(1, epoch)", False, id="passed on"),
    ],
)
def test_a_parameter_is_given_where_a_call_says_so(caller: str, expected: bool) -> None:
    linked = program({"a.py": "class A:\n    def step(self, metric, epoch=None): ...", "b.py": caller})
    (method,) = linked.methods(class_named(linked, "a.py", "A"))
    assert linked.is_given(method, "epoch") is expected
