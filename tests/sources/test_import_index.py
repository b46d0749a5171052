from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedlint.sources.import_index import ImportIndex, imported_names, module_bytes
from schedlint.sources.text import Unreadable


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("import a.b as c, d ,e # f", "a.b d e", id="plain"),
        pytest.param("from a.b import c as d, e", "a.b a.b.c a.b.e", id="from"),
        pytest.param("from a import *", "a", id="star"),
        pytest.param("from . import x\nfrom ..y import z\nfrom .import w", ". .x ..y ..y.z .w", id="relative"),
        pytest.param("from a import (b, # (c\n  d as e,\n)\nimport f", "a a.b a.d f", id="brackets"),
        pytest.param("from a import(b)", "a a.b", id="no space"),
        pytest.param("from a import b, \\\n  c\nimport d, \\\n e", "a a.b a.c d e", id="continued"),
        pytest.param("try: import a; import b\nexcept E: import c", "a b c", id="on the row of another"),
        pytest.param("if x:\n\tfrom a import b\n    import c", "a a.b c", id="indented"),
        pytest.param("import a\r\nfrom b import c, \\\r\n d\rimport e", "a b b.c b.d e", id="other newlines"),
        pytest.param("import größe.x", "größe.x", id="other scripts"),
        pytest.param("important = 1\nfrom_ = x\nx.import_module('a')\nyield from a", "", id="none"),
        pytest.param("from a import (b, c", "a a.b a.c", id="left open"),
        pytest.param("from a import\nimport", "a", id="nothing"),
    ],
)
def test_names_are_read_from_bytes(source: str, names: str) -> None:
    assert imported_names(source.encode()) == set(names.split())


@given(
    st.binary(max_size=100)
    | st.lists(st.sampled_from([b"from ", b"import ", b"a", b".", b"(", b"\\\n", b"\n"])).map(b"".join)
)
def test_any_bytes_have_names(data: bytes) -> None:
    assert all(name.isprintable() and name for name in imported_names(data))


def _project(root: Path, files: dict[str, str]) -> list[Path]:
    for name, source in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source)
    return [root / name for name in files]


def _importers(root: Path, files: dict[str, str], target: str) -> list[str]:
    index = ImportIndex(root, _project(root, files))
    return [path.relative_to(root).as_posix() for path in index.importers(root / target)]


def test_importers_of_a_module(tmp_path: Path) -> None:
    files = {
        "z.py": "from pkg.engine import train",
        "a.py": "import pkg.engine",
        "b.py": "from pkg import engine",
        "c.py": "import engine, other.engine",
        "pkg/__init__.py": "",
        "pkg/engine.py": "import engine",
        "pkg/d.py": "from .engine import x",
        "pkg/e.py": "from . import engine",
        "pkg/f.py": "import engine",
        "pkg/sub/g.py": "from ..engine import x",
        "pkg/sub/h.py": "from .engine import x",
    }
    expected = ["z.py", "a.py", "b.py", "pkg/d.py", "pkg/e.py", "pkg/f.py", "pkg/sub/g.py"]
    assert _importers(tmp_path, files, "pkg/engine.py") == expected


def test_importers_of_a_package_are_those_of_anything_in_it(tmp_path: Path) -> None:
    files = {
        "src/pkg/__init__.py": "from pkg.a import x",
        "src/pkg/a.py": "",
        "src/pkg/b.py": "from . import a",
        "src/pkg/sub/c.py": "from .. import y",
        "train.py": "from pkg.a import x",
        "test.py": "import pkg",
        "far.py": "import package",
    }
    expected = ["src/pkg/b.py", "src/pkg/sub/c.py", "train.py", "test.py"]
    assert _importers(tmp_path, files, "src/pkg/__init__.py") == expected


def test_a_file_that_may_be_meant_is_imported(tmp_path: Path) -> None:
    files = {"tools/train.py": "import utils", "tools/utils.py": "", "utils.py": "", "x/y.py": "import utils"}
    assert _importers(tmp_path, files, "tools/utils.py") == ["tools/train.py"]
    assert _importers(tmp_path, files, "utils.py") == ["tools/train.py", "x/y.py"]


def test_files_are_read_once_and_only_when_asked(tmp_path: Path) -> None:
    files = _project(tmp_path, {"a.py": "", "b.py": "import a", "gone.py": ""})
    read: list[str] = []

    def reader(path: Path) -> bytes:
        read.append(path.name)
        if path.name == "gone.py":
            raise Unreadable(str(path), "there is no such file")
        return path.read_bytes()

    index = ImportIndex(tmp_path, files, reader=reader)
    assert read == []
    assert index.importers(files[0]) == (files[1],)
    assert index.importers(files[1]) == ()
    assert read == ["a.py", "b.py", "gone.py"]


def test_notebooks_import_too(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["from a import (\n", "  b,\n", "  c)"]}]
    files = _project(tmp_path, {"a.py": "", "n.ipynb": json.dumps({"cells": cells})})
    assert ImportIndex(tmp_path, files).importers(files[0]) == (files[1],)
    assert imported_names(module_bytes(files[1])) == {"a", "a.b", "a.c"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_imported_where_it_leads(tmp_path: Path) -> None:
    files = _project(tmp_path, {"lib/a.py": "", "tools/train.py": "import a"})
    (tmp_path / "tools/a.py").symlink_to(files[0])
    index = ImportIndex(tmp_path, files)
    assert index.importers(files[0]) == index.importers(tmp_path / "tools/a.py") == (files[1],)
