from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedlint.sources.notebook import Cell, NotANotebook, host_parses, to_module
from schedlint.sources.text import Unreadable, from_bytes


def _code(source: object, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def _notebook(*cells: Any, **metadata: Any) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


_MARKDOWN = {"cell_type": "markdown", "source": ["# Title"], "metadata": {}}


def test_code_cells_are_one_module_and_all_cells_are_counted() -> None:
    module = to_module(_notebook(_MARKDOWN, _code(["a = 1\n", "b = 2"]), _code(""), _MARKDOWN, _code("c = 3\n")))
    assert module.text == "a = 1\nb = 2\n\nc = 3\n\n"
    assert module.cells == (Cell(2, 1, 2), Cell(3, 3, 1), Cell(5, 4, 2))
    assert module.broken == ()


def test_a_cell_is_shown_as_people_see_it() -> None:
    source = from_bytes("x.ipynb", _notebook(_MARKDOWN, _code("%pip install torch\na = 1"), _code("print 'x'")))
    assert source.lines(2) == ["%pip install torch", "a = 1"]
    assert source.lines(3) == ["print 'x'"]
    assert source.lines(1) == []


def test_a_broken_cell_hides_no_other() -> None:
    module = to_module(_notebook(_code("a = 1"), _code("print 'x'\ny = (\n"), _code("b = 2")))
    assert module.text == "a = 1\n\n\n\nb = 2\n"
    assert module.broken == (2,)


@pytest.mark.parametrize("source", ["x = 1 \\", "'''", "f(", "if x:", "if x: \\\n", "a\0b", "(" * 5000])
def test_a_cell_that_is_left_open_does_not_swallow_the_next(source: str) -> None:
    module = to_module(_notebook(_code(source), _code("b = 2")))
    assert module.broken == (1,)
    assert module.text.endswith("\nb = 2\n")


def test_the_parser_decides_what_is_broken() -> None:
    module = to_module(_notebook(_code("a = 1"), _code("b = 2")), lambda text: "b" not in text)
    assert (module.text, module.broken) == ("a = 1\n\n", (2,))


def test_commands_without_a_sign_are_masked_only_where_needed() -> None:
    module = to_module(_notebook(_code("pip install torch\nx = 1"), _code("ls\nx")))
    assert module.text == "pass\nx = 1\nls\nx\n"
    assert module.broken == ()


def test_newlines_of_every_kind_end_rows_and_half_characters_are_replaced() -> None:
    module = to_module(_notebook(_code("a = 1\r\nb = '\ud800'\rc = 3")))
    assert module.text == "a = 1\nb = '\ufffd'\nc = 3\n"


def test_format_3_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["a = 1"], "language": "python"}, {"cell_type": "heading", "source": "b"}]
    ruby = {"cell_type": "code", "input": "puts 1", "language": "ruby"}
    old = {"worksheets": [{"cells": cells}, {"cells": [ruby, _code("c = 3")]}, 7], "nbformat": 3}
    module = to_module(json.dumps(old).encode())
    assert module.text == "a = 1\nc = 3\n"
    assert [cell.number for cell in module.cells] == [1, 4]


@pytest.mark.parametrize(
    ("metadata", "is_read"),
    [
        pytest.param({}, True, id="no language"),
        pytest.param({"kernelspec": {"language": "python", "name": "python3"}}, True, id="python"),
        pytest.param({"language_info": {"name": "ipython"}}, True, id="ipython"),
        pytest.param({"kernelspec": {"language": ""}, "language_info": {"name": "Python"}}, True, id="capitals"),
        pytest.param({"kernelspec": {"language": "R"}}, False, id="R"),
        pytest.param({"language_info": {"name": "julia"}}, False, id="julia"),
        pytest.param({"language_info": ["strange"]}, True, id="strange metadata"),
    ],
)
def test_only_python_is_read(metadata: dict[str, Any], is_read: bool) -> None:
    assert bool(to_module(_notebook(_code("x = 1"), **metadata)).cells) is is_read


def test_a_cell_in_another_language_is_no_code() -> None:
    sql = _code("select 1", metadata={"vscode": {"languageId": "sql"}})
    assert [cell.number for cell in to_module(_notebook(sql, _code("x"))).cells] == [2]


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        pytest.param(b" \n", 1, "empty", id="empty"),
        pytest.param(b'{\n"cells": [\nx]}', 3, "not JSON", id="not JSON"),
        pytest.param(b"[]", 1, "not a notebook", id="a list"),
        pytest.param(b'{"a": 1}', 1, "no list of cells", id="no cells"),
        pytest.param(b'{"cells": {}}', 1, "no list of cells", id="cells of another type"),
        pytest.param(b'{"cells": "\xff"}', 1, "not JSON", id="not text"),
        pytest.param(b'{"cells": ' + b"[" * 200_000, 1, "nested too deeply", id="nested"),
    ],
)
def test_what_is_no_notebook_is_a_reason(data: bytes, row: int, words: str) -> None:
    with pytest.raises(NotANotebook, match=words) as caught:
        to_module(data)
    assert caught.value.row == row
    with pytest.raises(Unreadable, match=words) as outer:
        from_bytes("n.ipynb", data)
    assert (outer.value.path, outer.value.row) == ("n.ipynb", row)


def test_a_notebook_is_a_source_file_whose_rows_lead_to_cells() -> None:
    source = from_bytes("N.IPYNB", b"\xef\xbb\xbf" + _notebook(_MARKDOWN, _code("(\n"), _code("a\nb")))
    assert source.text == "\n\na\nb\n"
    assert source.broken == (2,)
    assert source.locate(4) == (3, 2)


_SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=5) | st.sampled_from(["code", "python"])
_KEYS = st.sampled_from(["cells", "source", "cell_type", "metadata", "worksheets", "input", "language", "vscode"])
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4))


@given(_JSON)
def test_any_json_gives_a_module_or_a_reason(value: Any) -> None:
    try:
        module = to_module(json.dumps(value).encode())
    except NotANotebook:
        return
    assert host_parses(module.text)


_CELLS = st.lists(
    st.sampled_from(
        [
            "a = 1",
            "%cd x",
            "(",
            "x \\",
            "'''",
            "pass\\\n",
            "  b",
            "%%time\nc",
            "%%bash\n(",
            "# \\",
            "d\n ",
            "if e:",
            "\x0cf",
        ]
    )
    | st.text(max_size=20),
    max_size=6,
)


@given(_CELLS)
def test_the_module_parses_whatever_the_cells_hold_and_has_their_rows(sources: list[str]) -> None:
    module = to_module(_notebook(*map(_code, sources)))
    assert host_parses(module.text)
    assert module.text.count("\n") == sum(cell.rows for cell in module.cells)
    starts = [cell.first_row for cell in module.cells]
    assert starts == [1 + sum(cell.rows for cell in module.cells[:index]) for index in range(len(sources))]
    plain = [source.replace("\r\n", "\n").replace("\r", "\n") for source in sources]
    assert [cell.rows for cell in module.cells] == [source.count("\n") + 1 for source in plain]
