"""Texts that are not Python, or not as people write it: an answer, never another exception."""

from __future__ import annotations

import msgspec
import pytest

from schedlint import facts
from schedlint.extract import SyntaxFault, extract, parses

HOSTILE = {
    "brackets": "(" * 5000 + "x" + ")" * 5000,
    "calls": "f(" * 5000 + "x" + ")" * 5000,
    "open brackets": "[" * 5000,
    "dicts": "{1:" * 5000,
    "f-strings": "f'{" * 5000,
    "a nested pattern": "match x:\n case " + "{1:" * 12 + "x" + "}" * 12 + ": pass\n",
    "lambdas": "lambda:" * 5000 + "x",
    "lambdas with parameters": "lambda a,b:" * 5000 + "x",
    "a sum": "+".join(["x"] * 5000),
    "a sum over rows": "(" + "+\n".join(["x"] * 5000) + ")",
    "a sum over continued rows": "+\\\n".join(["x"] * 5000),
    "an open sum": "(" + "+\n".join(["x"] * 5000),
    "attributes": "x" + ".y" * 5000,
    "calls in a chain": "x" + "()" * 5000,
    "negations": "not " * 5000 + "x",
    "a dotted import": "import " + ".".join(["x"] * 1200),
    "elif": "if x: pass\n" + "elif x: pass\n" * 500,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_what_nests_too_deeply_is_refused(source: str) -> None:
    with pytest.raises(SyntaxFault, match="nested too deeply to analyse"):
        extract(source)


DEEP = {
    "a sum": "+".join(["f(x)"] * 700),
    "attributes": "x" + ".y" * 900,
    "calls in a chain": "x" + ".y(z)" * 300,
    "negations": "not " * 900 + "x",
    "powers": "**".join(["x"] * 700),
    "conditionals": "x if y else " * 400 + "z",
    "lambdas": "lambda:" * 400 + "x",
    "subscripts": "x" + "[y]" * 400,
    "and": " and ".join(["x"] * 1400),
    "lists": "[" * 100 + "x" + "]" * 100,
    "a chain in a chain": "a" + "".join(f".b(c{'.d' * 60})" for _ in range(30)),
    "comprehensions": "[" * 90 + "a" + " for a in b]" * 90,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_what_is_deep_is_kept_flat_below_a_limit(source: str) -> None:
    made = extract(f"v = {source}\nafter()")
    assert isinstance(made.body[1], facts.Do)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=facts.ModuleFacts) == made


def test_the_calls_at_the_bottom_of_a_long_sum_are_kept() -> None:
    (made,) = extract("v = " + "+".join(["f(x)"] * 700)).body
    assert isinstance(made, facts.Assign)
    value, depth = made.value, 0
    while isinstance(value, facts.Binary):
        value, depth = value.left, depth + 1
    assert isinstance(value, facts.Opaque)
    assert sum(isinstance(part, facts.Call) for part in value.parts) + depth > 600


def test_a_hundred_blocks_inside_each_other_are_read() -> None:
    source = "".join(" " * depth + "if x:\n" for depth in range(98)) + " " * 98 + "f()\n"
    made = extract(source)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=facts.ModuleFacts) == made


@pytest.mark.parametrize("text", ["data = [\n" + "    -1.5 + 2,\n" * 3000 + "]\n", "x = '" + "+-(." * 3000 + "'\n"])
def test_long_data_is_no_chain(text: str) -> None:
    assert len(extract(text).body) == 1


@pytest.mark.parametrize(
    ("source", "row", "column"),
    [
        pytest.param("x = 1\ny = = 2\n", 2, 5, id="a stray operator"),
        pytest.param("x = 1\nif x:\ny\n", 3, 1, id="a missing block"),
        pytest.param("x = 1\ny = 'abc\n", 2, 5, id="an open string"),
        pytest.param("a\nb\n  c\n", 3, 3, id="an indent that nothing asks for"),
        pytest.param("x = 1\nprint 'a'\n", 2, 1, id="Python 2"),
    ],
)
def test_a_syntax_error_has_a_place_and_one_line(source: str, row: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        extract(source, "train.py")
    fault = caught.value
    assert (fault.row, fault.path) == (row, "train.py")
    assert abs(fault.column - column) <= 2  # CPython's versions point a little differently
    assert fault.message.startswith("syntax error")
    assert "\n" not in fault.message
    assert not parses(source)


@pytest.mark.parametrize(
    "source", ["x\x00y", "\x00", "'", "f'{", "{", "\\", "\ud800", "case " + "(" * 9, "=" * 300_000 + "'"]
)
def test_bytes_that_are_no_text_are_refused(source: str) -> None:
    assert not parses(source)
    with pytest.raises(SyntaxFault):
        extract(source)


@pytest.mark.parametrize(
    "source", ["", "\ufeff", "\n\n", "# only a comment", "x = 1", pytest.param("x\n" + " \n" * 200_000, id="long")]
)
def test_what_is_python_parses(source: str) -> None:
    assert parses(source)
