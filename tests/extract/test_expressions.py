"""What expressions come to."""

from __future__ import annotations

import pytest

from schedlint import facts
from schedlint.facts import Argument, Constant, Generator, Opaque, Parameter, Sequence
from tests.extract.builders import AT, call, expression, name

A, B, C = name("a"), name("b"), name("c")


@pytest.mark.parametrize(
    ("source", "made"),
    [
        pytest.param("a", A, id="a name"),
        pytest.param("a.b.c", facts.Attribute(facts.Attribute(A, "b", AT), "c", AT), id="a dotted name"),
        pytest.param(
            "a(b, *c, d=1, **e)",
            facts.Call(
                A,
                (
                    Argument(B),
                    Argument(C, None, "*"),
                    Argument(Constant(1), "d", "", AT),
                    Argument(name("e"), None, "**"),
                ),
                AT,
            ),
            id="all kinds of arguments",
        ),
        pytest.param("a[0]", facts.Subscript(A, Constant(0), AT), id="a subscript"),
        pytest.param("a[b,]", facts.Subscript(A, Sequence("tuple", (B,)), AT), id="a subscript of a tuple of one"),
        pytest.param(
            "a[1:b, ::2]",
            facts.Subscript(
                A, Sequence("tuple", (facts.Slice(Constant(1), B, None), facts.Slice(None, None, Constant(2)))), AT
            ),
            id="slices",
        ),
        pytest.param("a[*b]", facts.Subscript(A, Sequence("tuple", (facts.Starred(B),)), AT), id="a starred index"),
        pytest.param(
            "a - b * c", facts.Binary("-", A, facts.Binary("*", B, C)), id="precedence is the parser's, not ours"
        ),
        pytest.param("a - b - c", facts.Binary("-", facts.Binary("-", A, B), C), id="a chain leans to the left"),
        pytest.param("a ** b ** c", facts.Binary("**", A, facts.Binary("**", B, C)), id="powers lean to the right"),
        pytest.param("-1", facts.Unary("-", Constant(1)), id="a negative number is an operation"),
        pytest.param("not ~a", facts.Unary("not", facts.Unary("~", A)), id="unary operators"),
        pytest.param("a and b and c", facts.BoolOp("and", (A, B, C)), id="a chain of and is flat"),
        pytest.param("a or b and c", facts.BoolOp("or", (A, facts.BoolOp("and", (B, C)))), id="and inside or"),
        pytest.param("(a or b) or c", facts.BoolOp("or", (facts.BoolOp("or", (A, B)), C)), id="brackets end a chain"),
        pytest.param(
            "a < b is not c not in a",
            facts.Compare(A, ("<", "is not", "not in"), (B, C, A)),
            id="a chained comparison",
        ),
        pytest.param("[a, *b]", Sequence("list", (A, facts.Starred(B))), id="a list"),
        pytest.param("a, b", Sequence("tuple", (A, B)), id="a tuple"),
        pytest.param("{a, b}", Sequence("set", (A, B)), id="a set"),
        pytest.param("{a: 1, **b}", facts.Mapping(((A, Constant(1)), (None, B))), id="a dict"),
        pytest.param("a if b else c", facts.Conditional(B, A, C), id="a conditional"),
        pytest.param("(a := b)", facts.NamedExpr(A, B), id="a walrus"),
        pytest.param(
            "lambda a, *b, c=1: a",
            facts.Lambda(
                (
                    Parameter("a", "normal", None, None),
                    Parameter("b", "*", None, None),
                    Parameter("c", "keyword", Constant(1), None),
                ),
                A,
                AT,
            ),
            id="a lambda",
        ),
        pytest.param("lambda: 0", facts.Lambda((), Constant(0), None), id="a lambda without identifiers has no place"),
        pytest.param(
            "[a for a in b if c for b in a]",
            facts.Comprehension("list", None, A, (Generator(A, B, (C,)), Generator(B, A, ()))),
            id="a list comprehension",
        ),
        pytest.param(
            "{a: b for a in c}",
            facts.Comprehension("dict", A, B, (Generator(A, C, ()),)),
            id="a dict comprehension",
        ),
        pytest.param(
            "(a for a in b)", facts.Comprehension("generator", None, A, (Generator(A, B, ()),)), id="a generator"
        ),
        pytest.param(
            "{a for a in b}", facts.Comprehension("set", None, A, (Generator(A, B, ()),)), id="a set comprehension"
        ),
        pytest.param("await a", facts.Await(A), id="await"),
        pytest.param("yield", facts.Yield(None, False), id="a bare yield"),
        pytest.param("yield from a", facts.Yield(A, True), id="yield from"),
    ],
)
def test_an_expression(source: str, made: facts.Expr) -> None:
    assert expression(source) == made


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("None", None),
        ("True", True),
        ("1_000", 1000),
        ("0x1F", 31),
        ("9223372036854775807", 2**63 - 1),
        ("1e-3", 0.001),
        ("1_0.5", 10.5),
        ("'a' \"b\" r'\\c'", "ab\\c"),
        (r"'\t\x41'", "\tA"),
        ("'''a\nb'''", "a\nb"),
        (r"'\d'", r"\d"),
    ],
)
def test_a_literal(source: str, value: object) -> None:
    made = expression(source)
    assert made == Constant(value)  # type: ignore[arg-type]
    assert isinstance(made, Constant)
    assert type(made.value) is type(value)


@pytest.mark.parametrize(
    "source",
    ["9223372036854775808", "b'x'", "1j", "...", r"'\ud800'", "9" * 5000, r"'\N{no such}'", "b'x' b'y'"],
)
def test_a_literal_that_data_cannot_carry_is_opaque(source: str) -> None:
    assert expression(source) == Opaque(())


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        pytest.param("f'{a}'", (A,), id="a field"),
        pytest.param("f'none'", (), id="no field"),
        pytest.param("f'{{a}} {b!r:>{c}}'", (B, C), id="doubled braces, conversion, format"),
        pytest.param("f'{a=}' 'x' f'{b}'", (A, B), id="literals side by side"),
        pytest.param("f'{a[\"k\"]}'", (facts.Subscript(A, Constant("k"), AT),), id="a quote of the other kind"),
        pytest.param('f\'{a("x" + f"{b}")}\'', None, id="an f-string in an f-string"),
    ],
)
def test_an_interpolation(source: str, parts: tuple[facts.Expr, ...] | None) -> None:
    inner = facts.Binary("+", Constant("x"), facts.Interpolation((B,)))
    assert expression(source) == facts.Interpolation((call("a", inner),) if parts is None else parts)


def test_a_call_of_a_literal_keeps_what_its_arguments_do() -> None:
    assert expression("''(a(), 1)") == Opaque((call("a"),))


def test_a_subscript_of_a_literal_keeps_its_index() -> None:
    assert expression("[1, 2][a]") == Opaque((Sequence("list", (Constant(1), Constant(2))), A))
