"""The comments that speak to linters."""

from __future__ import annotations

import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedlint.extract import extract
from schedlint.facts import Comment
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        pytest.param("a  # noqa: LRS101\n", ["# noqa: LRS101"], id="behind code"),
        pytest.param("a\n\t# NoQA\nb", ["# NoQA"], id="alone, in capitals"),
        pytest.param("# schedlint: steps=batch", ["# schedlint: steps=batch"], id="ours"),
        pytest.param("a  # plain\n# type: ignore\n", [], id="those that speak to others are left out"),
        pytest.param("a = '# noqa'\n'''\n# schedlint: x\n'''\n", [], id="strings are no comments"),
        pytest.param("a = f'# noqa {b} # noqa'  # noqa\n", ["# noqa"], id="nor are f-strings"),
    ],
)
def test_comments_that_speak_to_linters_are_kept(source: str, texts: list[str]) -> None:
    assert [comment.text for comment in extract(source).comments] == texts


def test_a_comment_knows_where_it_stands() -> None:
    (comment,) = extract("a\nb  # noqa\n").comments
    assert comment == Comment(row=2, column=4, text="# noqa", first=2, last=2)


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        pytest.param("a\nb  # noqa\nc\n", (2, 2), id="behind a statement of one row"),
        pytest.param("a(\n  b,\n)  # noqa\n", (1, 3), id="behind the closing bracket"),
        pytest.param("a(  # noqa\n  b,\n)\n", (1, 3), id="behind the opening bracket"),
        pytest.param("a(\n  b,  # noqa\r\n)\n", (1, 3), id="behind an argument"),
        pytest.param("a(\n  # noqa\n  b,\n)\n", (1, 4), id="alone inside brackets"),
        pytest.param("a([\n  {\n}, # noqa\n], (\n))\n", (1, 5), id="brackets in brackets"),
        pytest.param("a = (\n)\nb = (\n)  # noqa\n", (3, 4), id="not the statement before"),
        pytest.param("a = (\n) + (\n)  # noqa\n", (1, 3), id="two brackets that share a row"),
        pytest.param("a = '''(\n\n'''  # noqa\n", (1, 3), id="a string of several rows"),
        pytest.param('a = rb"""\n\\\n"""  # noqa\n', (1, 3), id="a string with a prefix and a backslash"),
        pytest.param("a = f'''{b(\n)}\n'''  # noqa\n", (1, 3), id="an f-string of several rows"),
        pytest.param("a = f'{b(\n)}' 'c'  # noqa\n", (1, 2), id="a replacement field of several rows"),
        pytest.param("a = 1 + \\\n  2 + \\\r\n 3  # noqa\n", (1, 3), id="backslashes"),
        pytest.param("a = 'b\\\nc'  # noqa\n", (1, 2), id="a backslash in a string"),
        pytest.param("a  # noqa \\\nb\n", (1, 1), id="a backslash that ends a comment joins nothing"),
        pytest.param("a  # \\\nb  # noqa\n", (2, 2), id="nor one that ends the comment before"),
        pytest.param("for a in b(\n  c):  # noqa\n    d\n", (1, 2), id="the head of a loop without its body"),
        pytest.param("@a\n# noqa\ndef b(c,\n  d): pass\n", (3, 4), id="between decorator and function"),
        pytest.param("@a  # noqa\ndef b(): pass\n", (1, 1), id="behind a decorator"),
        pytest.param("# noqa\n@a(\n)\n# b\n@c\ndef d(\n): pass\ne\n", (2, 7), id="above decorators"),
        pytest.param("# noqa\na(\n)\nb\n", (2, 3), id="above a statement"),
        pytest.param("# noqa\n\n  # why\n\x0c\na\n", (5, 5), id="above other comments and empty rows"),
        pytest.param("if a:\n    b\n    # noqa\nc\n", (4, 4), id="at the end of a block"),
        pytest.param("a\n# noqa", (2, 2), id="at the end of the file"),
    ],
)
def test_a_comment_speaks_of_a_logical_line(source: str, rows: tuple[int, int]) -> None:
    (comment,) = extract(source).comments
    assert (comment.first, comment.last) == rows


def test_comments_above_one_another_speak_of_the_same() -> None:
    source = "# noqa: A1\n@a\n# noqa: B2\n# noqa: C3\ndef b(\n): pass\n"
    assert [(each.first, each.last) for each in extract(source).comments] == [(2, 6), (5, 6), (5, 6)]


def test_comments_with_nothing_below_speak_of_themselves() -> None:
    assert [(each.first, each.last) for each in extract("# noqa\n# noqa\n").comments] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("path", sorted((ROOT / "schedlint").rglob("*.py")), ids=lambda path: path.stem)
def test_logical_lines_are_those_of_the_interpreter(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    expected = list(logical_lines(text))
    for _, last in expected:
        lines[last - 1] += "  # noqa"
    commented = [(each.first, each.last) for each in extract("\n".join(lines)).comments if each.text == "# noqa"]
    assert commented == expected


def logical_lines(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last row of each logical line, as `tokenize` has them; a comment behind one is left out."""
    first = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not first:
            continue
        if token.type == tokenize.NEWLINE:
            if "#" not in token.line.split("\n")[-2]:
                yield first, token.start[0]
            first = 0
        elif token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            first = first or token.start[0]


def test_however_many_comments_there_are_each_is_placed() -> None:
    many = 20_000
    alone = extract("# noqa\n" * many + "a\n").comments
    assert {(each.first, each.last) for each in alone} == {(many + 1, many + 1)}
    inside = extract("a(\n" + "# noqa\n" * many + ")\n").comments
    assert {(each.first, each.last) for each in inside} == {(1, many + 2)}


def test_importing_the_package_does_not_import_libcst() -> None:
    program = "import sys, schedlint.extract; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_extracting_loads_neither_matchers_nor_codemods() -> None:
    program = (
        "import sys; from schedlint.extract import extract; extract('a.b(c)');"
        "sys.exit(any(f'libcst.{name}' in sys.modules for name in ('matchers', 'codemod')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
