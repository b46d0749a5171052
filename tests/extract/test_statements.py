"""What statements come to."""

from __future__ import annotations

import pytest

from schedlint import facts
from schedlint.extract import extract
from schedlint.facts import Alias, Argument, Break, Case, Constant, Do, Handler, Import, Parameter
from tests.extract.builders import AT, call, name, statements

A, B, C = name("a"), name("b"), name("c")
CALLED = Do(call("f"), AT)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        pytest.param("a = b = c", facts.Assign((A, B), C, AT), id="several targets"),
        pytest.param("a: b", facts.AnnAssign(A, B, None, AT), id="an annotation alone"),
        pytest.param("a: 'b' = c", facts.AnnAssign(A, Constant("b"), C, AT), id="a quoted annotation"),
        pytest.param("a //= b", facts.AugAssign(A, "//", B, AT), id="an augmented assignment"),
        pytest.param("f()", CALLED, id="a call"),
        pytest.param("return", facts.Return(None, None), id="a bare return"),
        pytest.param("return a", facts.Return(A, AT), id="a return"),
        pytest.param("raise a from b", facts.Raise(A), id="a cause that is a name is dropped"),
        pytest.param("raise a from f()", facts.Raise(facts.Opaque((A, call("f")))), id="a cause that calls is kept"),
        pytest.param("raise", facts.Raise(None), id="a bare raise"),
        pytest.param("assert a, f()", facts.Assert(A), id="the message of an assert is dropped"),
        pytest.param("del a, b", facts.Delete((A, B)), id="del"),
        pytest.param("global a, b", facts.Scope("global", ("a", "b")), id="global"),
        pytest.param("nonlocal a", facts.Scope("nonlocal", ("a",)), id="nonlocal"),
        pytest.param("break", Break(), id="break"),
        pytest.param("continue", facts.Continue(), id="continue"),
        pytest.param("type a = b", facts.Assign((A,), B, AT), id="a type alias is an assignment"),
        pytest.param("type a[T: b] = c", facts.Assign((A,), C, AT), id="a generic type alias"),
        pytest.param(
            "for a in b:\n f()\nelse: break", facts.For(A, B, (CALLED,), (Break(),), AT), id="for with its else"
        ),
        pytest.param("async for a in b: f()", facts.For(A, B, (CALLED,), (), AT), id="async for"),
        pytest.param(
            "while a:\n f()\nelse:\n break", facts.While(A, (CALLED,), (Break(),), AT), id="while with its else"
        ),
        pytest.param(
            "if a: f()\nelif b: break\nelse: f()",
            facts.If(A, (CALLED,), (facts.If(B, (Break(),), (CALLED,), AT),), AT),
            id="elif is an if alone in orelse",
        ),
        pytest.param("if 1: f()", facts.If(Constant(1), (CALLED,), (), None), id="a test without identifiers"),
        pytest.param(
            "try: f()\nexcept (a, b) as c: break\nexcept: f()\nelse: break\nfinally: f()",
            facts.Try(
                (CALLED,),
                (Handler(facts.Sequence("tuple", (A, B)), "c", (Break(),)), Handler(None, None, (CALLED,))),
                (Break(),),
                (CALLED,),
            ),
            id="try with all its parts",
        ),
        pytest.param(
            "try: f()\nexcept* a: break", facts.Try((CALLED,), (Handler(A, None, (Break(),)),), (), ()), id="except*"
        ),
        pytest.param(
            "with a as b, f(): f()",
            facts.With((facts.WithItem(A, B), facts.WithItem(call("f"), None)), (CALLED,)),
            id="with",
        ),
        pytest.param("import a.b as c", Import(None, 0, (Alias("a.b", "c", AT),), AT), id="import as"),
        pytest.param("import a.b, c", Import(None, 0, (Alias("a.b", None, AT), Alias("c", None, AT)), AT), id="import"),
        pytest.param("from ..a.b import c as d", Import("a.b", 2, (Alias("c", "d", AT),), AT), id="a relative import"),
        pytest.param("from . import *", Import(None, 1, (Alias("*", None, AT),), AT), id="a star import"),
        pytest.param(
            "@a\nclass C(b, metaclass=c): f()",
            facts.ClassDef("C", (Argument(B), Argument(C, "metaclass", "", AT)), (CALLED,), (A,), AT),
            id="a class",
        ),
    ],
)
def test_a_statement(source: str, made: facts.Statement) -> None:
    assert statements(source) == (made,)


def test_a_function() -> None:
    source = "@a\nasync def f(p, /, q: int, *args, k=b, **kw) -> c:\n    x = p.y\n    yield x\n"
    assert statements(source) == (
        facts.FunctionDef(
            name="f",
            parameters=(
                Parameter("p", "positional", None, None),
                Parameter("q", "normal", None, name("int")),
                Parameter("args", "*", None, None),
                Parameter("k", "keyword", B, None),
                Parameter("kw", "**", None, None),
            ),
            body=(
                facts.Assign((name("x"),), facts.Attribute(name("p"), "y", AT), AT),
                Do(facts.Yield(name("x"), False), AT),
            ),
            decorators=(A,),
            returns=C,
            is_async=True,
            is_generator=True,
            mentions=("a", "b", "p", "x", "y"),
            stores=("args", "k", "kw", "p", "q", "x"),
            at=AT,
        ),
    )


@pytest.mark.parametrize(
    "source",
    [
        "'''a docstring'''",
        "pass",
        "...",
        "1",
        "None",
        "[1, 2]",
        "if TYPE_CHECKING:\n    import a",
        "if typing.TYPE_CHECKING: import a",
        "[] = []",
    ],
)
def test_what_is_inert_is_dropped(source: str) -> None:
    assert statements(source) == ()


def test_what_runs_when_types_are_not_checked_is_kept() -> None:
    source = "if TYPE_CHECKING:\n    import a\nelif b:\n    f()\nelse:\n    break"
    assert statements(source) == (facts.If(B, (CALLED,), (Break(),), AT),)


def test_statements_on_one_row_stay_in_order() -> None:
    assert statements("f(); break; f()") == (CALLED, Break(), CALLED)


@pytest.mark.parametrize(
    ("pattern", "case"),
    [
        pytest.param("1", Case((Constant(1),), True, (), None, ()), id="a constant"),
        pytest.param("'x' | a.b", Case((Constant("x"), facts.Attribute(A, "b", AT)), True, (), None, ()), id="either"),
        pytest.param("None", Case((Constant(None),), True, (), None, ()), id="None"),
        pytest.param("_", Case((), True, (), None, ()), id="a wildcard"),
        pytest.param("a", Case((), True, ("a",), None, ()), id="a capture"),
        pytest.param("1 as a", Case((Constant(1),), True, ("a",), None, ()), id="a constant, bound"),
        pytest.param("-1", Case((facts.Unary("-", Constant(1)),), True, (), None, ()), id="a negative number"),
        pytest.param("[a, *_]", Case((), False, ("a",), None, ()), id="a sequence with a wildcard rest"),
        pytest.param("a, *b", Case((), False, ("a", "b"), None, ()), id="a sequence with a named rest"),
        pytest.param("{'k': a, **b}", Case((), False, ("a", "b"), None, ()), id="a mapping"),
        pytest.param("C(a, k=b)", Case((), False, ("a", "b"), None, ()), id="a class"),
        pytest.param("1 | [a]", Case((Constant(1),), False, ("a",), None, ()), id="a constant or something else"),
        pytest.param("1 | _", Case((), True, (), None, ()), id="anything after all"),
        pytest.param("a if b", Case((), True, ("a",), B, ()), id="a guard"),
    ],
)
def test_a_case(pattern: str, case: Case) -> None:
    assert statements(f"match a:\n    case {pattern}: pass") == (facts.Match(A, (case,)),)


@pytest.mark.parametrize(
    ("body", "stores"),
    [
        pytest.param("a = b.c = d[0] = 1", "a", id="a store to an attribute or an item binds nothing"),
        pytest.param("(a, [b, *c]) = 1", "a b c", id="unpacking"),
        pytest.param("[a for a in b]", "", id="the target of a comprehension does not leak"),
        pytest.param("[(a := b) for b in c]", "a", id="a walrus in a comprehension leaks"),
        pytest.param("lambda x: (a := x)", "", id="a walrus in a lambda does not"),
        pytest.param("for a in b: pass", "a", id="a loop"),
        pytest.param("import a.b, c.d as e", "a e", id="imports"),
        pytest.param("from m import a, b as c", "a c", id="imports of members"),
        pytest.param("with a as b: pass", "b", id="with"),
        pytest.param("try: pass\n    except E as a: pass", "a", id="except"),
        pytest.param("global a; a = b = 1", "b", id="a global name is not its own"),
        pytest.param("b = 1; nonlocal_ = b", "b nonlocal_", id="plain names"),
        pytest.param("def g(x): y = 1", "g", id="what a nested function stores is its own"),
        pytest.param("class C: y = 1", "C", id="what a class stores is its own"),
        pytest.param("match a:\n        case [x, *y] | {'k': x, **y}: pass", "x y", id="patterns"),
        pytest.param("if TYPE_CHECKING: import a", "", id="what is for type checkers only is not stored"),
        pytest.param("a: int = 1", "a", id="an annotated assignment"),
        pytest.param("a += 1", "a", id="an augmented assignment"),
    ],
)
def test_what_a_function_stores(body: str, stores: str) -> None:
    function = extract(f"def f():\n    {body}\n").body[0]
    assert isinstance(function, facts.FunctionDef)
    assert function.stores == tuple(stores.split())


def test_a_function_mentions_what_functions_in_it_mention() -> None:
    outer = extract("@d\ndef f(p: hint = v) -> ret:\n    def g():\n        self.scheduler.step(k=None)\n").body[0]
    assert isinstance(outer, facts.FunctionDef)
    assert outer.mentions == ("d", "g", "k", "scheduler", "self", "step", "v")


def test_a_lambda_that_yields_makes_no_generator_of_its_function() -> None:
    function = extract("def f():\n    return lambda: (yield)\n").body[0]
    assert isinstance(function, facts.FunctionDef)
    assert not function.is_generator


def test_a_module_mentions_every_identifier_and_no_keyword() -> None:
    assert extract("import a.b as c\nfor x in y: z.w(k=True)\n").mentions == tuple("abckwxyz")
