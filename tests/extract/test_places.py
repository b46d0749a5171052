"""Where things stand: the two ways of knowing agree, and say what the text says."""

from __future__ import annotations

import sysconfig
import warnings
from pathlib import Path

import msgspec
import pytest

from schedlint import facts
from schedlint.extract import SyntaxFault, extract
from schedlint.extract.module import walked
from schedlint.extract.parsing import parse
from schedlint.extract.places import Computed, Misaligned, Scanned
from schedlint.extract.tokens import scan

TRICKY = {
    "strings that look like code": "a = 'for b' + \"d # e\" + '''f\n\"g\"\n''' + r'\\\\' + h\n",
    "escaped quotes": "a('it\\'s', \"b\\\"c\", r'\\'', '\\\n', d)\n",
    "prefixes that are names too": "rb = Rb'x'; f = u'y'; br = f(b'z', bR'''w''') if rb else r\n",
    "a keyword against a string": "x = a if'b'in c else'd'\nprint(not'e', f)\n",
    "a keyword against a number": "x = [1for x in y]\n",
    "numbers with letters": "x = 1e5 + 0xFF if 0b1else b + 1_0j + 1.e1or c + 0o7if d else 5 .real\n",
    "an f-string": "a = f'{b!r:>{c}.{d}} {{e}} {f=} {g[\"h\"]:%Y-{i}} \\\\{j} \\N{EM DASH}' + k\n",
    "a raw f-string": 'a = rf\'\\{b} \\N{c} \\\' {d}\' + Rf"""{e}\n""" + f\n',
    "f-strings over rows": "a = f'''{\n  b +\n  c}  # not a comment {d}\n'''; e\n",
    "f-strings in f-strings": "a = f'{f\"{b}{c:{d}}\"}' f\"{e['x']}\"; f\n",
    "lambdas and slices in fields": "a = f'{(lambda b: b)(c)} {d[1:e]} {(f := 1)} {g != h} {i:=^9}'\nj\n",
    "a dict in a field": "a = f'{ {b: c}[d] }'\n",
    "continuations": "a = b + \\\n    c.d \\\n    .e\n",
    "tabs": "if a:\n\tb = c\n\tif d:\n\t\te\n",
    "Windows rows": "a = '''b\r\nc'''\r\nfor d in e:\r\n    f\r\n",
    "rows of old Macs": "a = 1\rb = c\r",
    "identifiers beyond ASCII": "é = ñ.ł(名=变量)  # noqa\n'é' + µ\n",
    "soft keywords everywhere": "match = case = type = _ = 1\nmatch[type](case, _)\nprint(match.case)\ntype (x)\n",
    "a match of a match": "match match, _:\n case a.x | [_, *_]: type\n case type(_, x=_) as y if _: _\n case {**z}: z",
    "type parameters": "def f[T: a, *Ts, **P](x: T) -> P: ...\nclass C[T](b): ...\ntype type[T] = c\n",
    "async": "async def f(a):\n  async for b in c: await d\n  async with e as g, h: [i async for i in j]\n",
    "for in every place": "for a in (b for c in d for e in f if g): [h for i in j]\nelse: k\n",
    "decorators and defaults": "@a.b\n@c(d)\ndef e(f, /, g: h = i, *j, k: l, m=n, **o) -> p: q\n",
    "lambda parameters": "x = lambda a, /, b=c, *d, e=f, **g: h\n",
    "imports": "import a.b as c, d\nfrom .e import (f as g, h,)\nfrom . import *\nfrom .. import i\n",
    "keyword before value": "a(b, *c, d=e, **f)\nclass g(h, i=j): k\n",
    "handlers": "try: a\nexcept (b, c.d) as e: f\nexcept g: h\nelse: i\nfinally: j\n",
    "dict order": "{a: b, **c, d: {e: f for g, h in i}}\n",
    "conditional order": "a if b else c if d else e\n",
    "declarations": "def f():\n  global a, b\n  nonlocal_ = a\n  del b, c[d]\n",
    "a star in a subscript": "a[b, *c, d:e:f]\n",
    "singletons": "a = None or True is not False\n",
    "an unfinished last row": "a = b  # noqa",
    "a dot before digits": "a = .5e3 + b.c\n",
}


@pytest.mark.parametrize("source", TRICKY.values(), ids=TRICKY)
def test_the_scan_finds_what_libcst_finds(source: str) -> None:
    tokens, module = scan(source), parse(source)
    assert walked(module, tokens, Scanned(tokens)) == walked(module, tokens, Computed(module, source, tokens))


def standard_library() -> list[Path]:
    folder = Path(sysconfig.get_path("stdlib"))
    wanted = "argparse ast bdb calendar cmd dataclasses difflib dis enum fractions functools heapq inspect opcode"
    wanted += " pprint random shlex statistics string tabnanny textwrap token traceback typing uuid zipapp"
    return [folder / f"{stem}.py" for stem in wanted.split()]


@pytest.mark.parametrize("path", standard_library(), ids=lambda path: str(path.stem))
def test_the_standard_library_aligns_and_survives_being_written(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens, module = scan(text), parse(text)
    made = walked(module, tokens, Scanned(tokens))
    assert made == walked(module, tokens, Computed(module, text, tokens))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=facts.ModuleFacts) == made


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = \\\n  scheduler.step(1)", "scheduler.step"),
        ("x = self.a[0].step()", "self.a[0].step"),
        ("x = (a or b).step()", "a or b).step"),
        ("x = ''.join(y)", "join"),
        ("x = make(opt)(y)", "make(opt"),
        ("x = (\n  a\n  .step)()", "a\n  .step"),
    ],
)
def test_a_call_stands_where_its_callee_stands(source: str, shown: str) -> None:
    statement = extract(source).body[0]
    assert isinstance(statement, facts.Assign)
    assert isinstance(statement.value, facts.Call)
    assert cut(source, statement.value.at) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("for i in x: y", "for"),
        ("async for i in x: y", "for"),
        ("while x: y", "while"),
        ("@d\ndef f(x): y", "f"),
        ("@d\nclass C(x): y", "C"),
        ("if (1, x): y", "x"),
        ("x.y = z", "x"),
        ("return -x", "x"),
        ("from ..a.b import c", "a"),
        ("from . import b", "b"),
        ("from . import *", "import"),
        ("import a.b", "a.b"),
    ],
)
def test_a_statement_stands_where_it_says(source: str, shown: str) -> None:
    (statement,) = extract(source).body
    assert cut(source, statement.at) == shown  # type: ignore[union-attr,arg-type]


def cut(source: str, at: facts.Span) -> str:
    """What stands in a range."""
    rows = source.splitlines(keepends=True)
    start = sum(map(len, rows[: at.row - 1])) + at.column - 1
    return source[start : sum(map(len, rows[: at.end_row - 1])) + at.end_column - 1]


FALLBACK = "class C:\n    def step(self): return self.℘\n"
"""`℘` may start an identifier, but `re` takes it for no letter."""


def test_a_module_whose_scan_disagrees_is_read_all_the_same() -> None:
    tokens, module = scan(FALLBACK), parse(FALLBACK)
    with pytest.raises(Misaligned):
        walked(module, tokens, Scanned(tokens))
    (made,) = extract(FALLBACK).body
    assert isinstance(made, facts.ClassDef)
    (step,) = made.body
    assert isinstance(step, facts.FunctionDef)
    assert (step.at, step.mentions) == (facts.Span(2, 9, 2, 13), ("self", "℘"))


def test_a_scan_with_identifiers_left_over_disagrees() -> None:
    tokens = scan("a; b")
    with pytest.raises(Misaligned):
        walked(parse("a"), tokens, Scanned(tokens))


def test_a_form_feed_is_a_column() -> None:
    """LibCST drops it from the tree, and so its columns are one less than the text's."""
    (made,) = extract("\x0c\n\x0ca = b\n").body
    assert made.at == facts.Span(2, 2, 2, 3)  # type: ignore[union-attr]


def test_a_byte_order_mark_is_no_column() -> None:
    assert extract("\ufeffa()").body[0].at == facts.Span(1, 1, 1, 2)  # type: ignore[union-attr]


def test_newer_syntax_is_read_where_libcst_knows_it() -> None:
    source = "x = t'{a:{b}} {{c}}' + d\n"
    try:
        made = extract(source)
    except SyntaxFault:
        pytest.skip("this LibCST has no t-strings")
    assert made.mentions == ("a", "b", "d", "x")


def test_nothing_warns_about_the_code_that_is_read() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        extract("x = '\\d' + '\\ '\ny = 1 is 1\n")
