from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedlint.sources.magics import mask_bare_commands, mask_cell
from schedlint.sources.notebook import host_parses


def _masked(source: str) -> str:
    return "\n".join(mask_cell(source.split("\n"), host_parses))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a = 1\nb = a % 2\n\nif a != b:\n    pass", id="plain code"),
        pytest.param('"""\n%magic\n!shell\nhelp?\n"""', id="inside a triple-quoted string"),
        pytest.param("'''it\\'''\n%magic\n'''", id="an escaped quote does not close a string"),
        pytest.param("x = 'one \\\n%two'", id="a string that a backslash continues"),
        pytest.param("x = (17\n     % 5)\ny = [\n1\n%2]", id="inside brackets"),
        pytest.param("x = 17 \\\n  % 5", id="after a backslash"),
        pytest.param('x = ["(", "#"]  # (\ny = 1', id="brackets in strings and comments do not open"),
        pytest.param("print('a = %d' % b, 'why?')", id="equals and percent in a string"),
        pytest.param("# really?", id="a question in a comment"),
        pytest.param("def f(a=1, *b): ...\nx = y = 3 % 2", id="defaults and chained assignments"),
        pytest.param("f(a)[b] = c % d", id="a subscript as target"),
        pytest.param("await f()", id="top-level await"),
    ],
)
def test_python_is_left_alone(source: str) -> None:
    assert _masked(source) == source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("%matplotlib inline", "pass", id="line magic"),
        pytest.param("if a:\n    %cd b\n    !ls (", "if a:\n    pass\n    pass", id="indent is kept"),
        pytest.param("!pip install \\\n  torch\nx = 1", "pass\n\nx = 1", id="a command over two lines"),
        pytest.param("!echo 'it\nx = 1", "pass\nx = 1", id="quotes in a command open nothing"),
        pytest.param("x?\ny.z??\n?w\ntorch.*Optim*?", "pass\npass\npass\npass", id="help"),
        pytest.param("  x? ; ", "  pass", id="help with an end"),
        pytest.param("/f 1\n,f a b\n;f a b", "pass\npass\npass", id="quoted calls"),
        pytest.param("x = !ls", "x = None", id="shell output"),
        pytest.param("  a, b['k'] = %sql x", "  a, b['k'] = None", id="magic output"),
        pytest.param("x: list =!ls", "x: list = None", id="annotated"),
        pytest.param("x = %env \\\n  HOME\ny = 1", "x = None\n\ny = 1", id="magic output over two lines"),
        pytest.param("%time sched.step()", "pass; sched.step()", id="timed statement keeps its column"),
        pytest.param("  %timeit -n 10 -r3 s.step()", "  pass;             s.step()", id="options become spaces"),
        pytest.param("%time for x in y: z()", "pass", id="a timed compound statement is opaque"),
        pytest.param("%time f(", "pass", id="a timed half of a statement is opaque"),
        pytest.param("%timeit", "pass", id="nothing timed"),
        pytest.param("s = %time build(opt)", "s =       build(opt)", id="timed value keeps its column"),
        pytest.param("s = %time for", "s = None", id="timed nonsense"),
    ],
)
def test_what_only_ipython_understands_is_masked(source: str, expected: str) -> None:
    assert _masked(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("%%bash\nfor x in *; do\n", "\n\n", id="shell"),
        pytest.param("%%writefile train.py\nimport torch", "\n", id="a file that is written"),
        pytest.param("%%nobody_knows -x\nx = 1", "\n", id="unknown"),
        pytest.param("%%time\nx = 1", "pass\nx = 1", id="timed"),
        pytest.param("# title\n\n%%capture out\n!ls\nx = 1", "# title\n\npass\npass\nx = 1", id="after comments"),
        pytest.param("%%capture\n%%time\nx = 1", "pass\npass\nx = 1", id="one in another"),
        pytest.param("%%time\n%%bash\nls", "\n\n", id="a shell in another"),
        pytest.param("%%time?", "", id="help for one"),
        pytest.param("%%", "", id="nothing but the signs"),
        pytest.param("x = 1\n%%time\ny = 2", "x = 1\npass\ny = 2", id="too late to be one"),
    ],
)
def test_cell_magics(source: str, expected: str) -> None:
    assert _masked(source) == expected


def test_bare_commands_are_masked_on_request() -> None:
    lines = ["pip install torch", "  cd src", "ls", "ls = 3", "cd(1)", "rm.step()", "cdx y"]
    assert mask_bare_commands(lines) == ["pass", "  pass", "pass", "ls = 3", "cd(1)", "rm.step()", "cdx y"]


_FRAGMENTS = r"""
x = 1|%cd a|!ls|    y = 2|y?|"text"|'''|a"b|x = (|)|x = !ls|%time f()|%%time|%%bash|#|if x:|\|'a \|f"{x}|%
"""
_LINES = st.sampled_from(_FRAGMENTS.strip().split("|"))


@given(st.lists(_LINES | st.text(st.characters(exclude_characters="\n"), max_size=12), max_size=8))
def test_lines_are_kept_and_masking_twice_changes_nothing(lines: list[str]) -> None:
    once = mask_cell(lines, host_parses)
    assert len(once) == len(lines)
    assert len(mask_bare_commands(lines)) == len(lines)
    assert mask_cell(once, host_parses) == once


_PYTHON = st.sampled_from(
    ["x = 1", "f(a,\n  b % c)", "'''\n%s ?\n!x'''", "if a:\n    b()", "x = 17 \\\n  % 3", "# why?", "", "t = '#' ;"]
)
_IPYTHON = st.sampled_from(
    ["%m (", "!c '", "x?", "?x", "x = !c [", "x = %m", "%time f()", "!a \\\n  b", "y=%time f(1)"]
)


@given(st.lists(_PYTHON | _IPYTHON, max_size=8), st.sampled_from(["", "%%time\n", "%%capture\n%%prun -q\n"]))
def test_commands_between_statements_leave_python_with_the_statements_in_place(parts: list[str], magic: str) -> None:
    source = magic + "\n".join(parts)
    masked = _masked(source)
    assert host_parses(masked)
    assert masked.count("\n") == source.count("\n")


@given(st.lists(_PYTHON, max_size=8))
def test_python_between_commands_is_untouched(parts: list[str]) -> None:
    source = "\n".join(parts)
    assert _masked(f"!ls '\n{source}\n%m") == f"pass\n{source}\npass"
