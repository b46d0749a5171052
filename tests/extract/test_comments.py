"""The comments that speak to linters."""

from __future__ import annotations

import subprocess
import sys

import pytest

from schedlint.extract import extract
from schedlint.facts import Comment


@pytest.mark.parametrize(
    ("source", "comments"),
    [
        pytest.param("a  # noqa: LRS101\n", [Comment(1, "# noqa: LRS101", False)], id="behind code"),
        pytest.param("a\n\t# NoQA\nb", [Comment(2, "# NoQA", True)], id="alone, in capitals"),
        pytest.param("# schedlint: steps=batch", [Comment(1, "# schedlint: steps=batch", True)], id="ours"),
        pytest.param("a  # plain\n# type: ignore\n", [], id="those that speak to others are left out"),
        pytest.param("a = '# noqa'\n'''\n# schedlint: x\n'''\n", [], id="strings are no comments"),
        pytest.param("a = f'# noqa {b} # noqa'  # noqa\n", [Comment(1, "# noqa", False)], id="nor are f-strings"),
        pytest.param("a(\n  b,  # noqa\r\n)", [Comment(2, "# noqa", False)], id="inside brackets"),
    ],
)
def test_comments(source: str, comments: list[Comment]) -> None:
    assert extract(source).comments == tuple(comments)


def test_importing_the_package_does_not_import_libcst() -> None:
    program = "import sys, schedlint.extract; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_extracting_loads_neither_matchers_nor_codemods() -> None:
    program = (
        "import sys; from schedlint.extract import extract; extract('a.b(c)');"
        "sys.exit(any(f'libcst.{name}' in sys.modules for name in ('matchers', 'codemod')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
