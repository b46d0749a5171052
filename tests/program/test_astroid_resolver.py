"""What astroid adds, and that it never touches anything but the text it is given."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from schedlint.program import resolver as resolvers
from schedlint.program.astroid_resolver import AstroidResolver
from schedlint.program.program import Program
from schedlint.program.symbols import Unknown
from tests.program.builders import MemoryFiles, class_named, program, said

FACTORIES = [
    pytest.param("class Y: ...\ndef make():\n    return Y\nclass X(make()): ...", ["a.py:Y"], id="a factory"),
    pytest.param(
        "import t\ndef make():\n    class Y(t.T): ...\n    return Y\nclass X(make()): ...",
        ["a.py:Y"],
        id="a local class",
    ),
    pytest.param("from b import make\nclass X(make()): ...", ["b.py:Made"], id="a factory of another file"),
    pytest.param("import b\nclass X(b.make()): ...", ["b.py:Made"], id="a factory in a module"),
    pytest.param("from b import make\nBase = make()\nclass X(Base): ...", ["b.py:Made"], id="its result under a name"),
    pytest.param("from p.q import make\nclass X(make()): ...", ["p/q.py:Deep"], id="in a bare folder"),
    pytest.param("from t import T\nclass X(type('Y', (T,), {})): ...", ["t.T"], id="type() without methods"),
    pytest.param("from t import T\nclass X(type('Y', (T,), {'go': f})): ...", ["unknown"], id="type() with methods"),
    pytest.param(
        "from t import T\ndef make():\n    return type('Y', (T,), {})\nclass X(make()): ...",
        ["t.T"],
        id="type() in a factory",
    ),
    pytest.param(
        "from t import T\ndef make(base):\n    return type('Y', (base, T), {})\nclass X(make(T)): ...",
        ["unknown"],
        id="type() with a base that is a parameter",
    ),
    pytest.param(
        "from t import T, U\nBase = T\nif y:\n    Base = U\nclass X(type('Y', (Base,), {})): ...",
        ["t.T", "t.U"],
        id="type() with one of two bases",
    ),
    pytest.param(
        "import torch.optim.lr_scheduler as s\ndef make():\n    return s._LRScheduler\nclass X(make()): ...",
        ["torch.optim.lr_scheduler.LRScheduler"],
        id="an outside class, made canonical",
    ),
    pytest.param(
        "from t import T, U\ndef make(y):\n    if y:\n        return T\n    return U\nclass X(make(1)): ...",
        ["t.T", "t.U"],
        id="one of two",
    ),
    pytest.param(
        "from t import T\ndef f():\n    Base = T\n    class X(Base): ...",
        ["t.T"],
        id="a name of the function around it",
    ),
    pytest.param("é = 'é'; from b import make\nclass X(make()): ...", ["b.py:Made"], id="columns are code points"),
    pytest.param("class X(undefined()): ...", ["unknown"], id="an unbound factory"),
    pytest.param("from t import make\nclass X(make()): ...", ["unknown"], id="an outside factory"),
    pytest.param("def make():\n    return 3\nclass X(make()): ...", ["unknown"], id="no class"),
    pytest.param("def make():\n    return make()\nclass X(make()): ...", ["unknown"], id="endless recursion"),
    pytest.param("from b import broken\nclass X(broken.make()): ...", ["unknown"], id="a file that does not parse"),
    pytest.param("class X(open('x')): ...", ["unknown"], id="a builtin that astroid would import"),
    pytest.param("class X((lambda: 1)()): ...", ["unknown"], id="a call of no name"),
]


@pytest.mark.parametrize(("text", "expected"), FACTORIES)
def test_a_base_that_has_to_be_inferred(text: str, expected: list[str]) -> None:
    files = {"a.py": text, "b.py": "def make():\n    class Made: ...\n    return Made", "p/q.py": "class Deep: ...\n"}
    files["p/q.py"] += "def make():\n    return Deep"
    linked = program(files, lambda each: AstroidResolver(each.text, each))
    assert [said(base) for base in linked.bases(class_named(linked, "a.py", "X"))] == expected


def test_relative_and_star_imports_go_through_our_own_lookup() -> None:
    files = {
        "p/a.py": "from .b import *\nfrom . import c\nclass X(make()): ...\nclass Y(c.make()): ...",
        "p/__init__.py": "",
        "p/b.py": "from .c import make",
        "p/c.py": "class C: ...\ndef make():\n    return C",
    }
    linked = program(files, lambda each: AstroidResolver(each.text, each))
    for name in "XY":
        assert [said(base) for base in linked.bases(class_named(linked, "p/a.py", name))] == ["p/c.py:C"]


TRAP = "raise SystemExit('analysed code was run')\n"


def test_nothing_of_the_analysed_code_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that would end the process if they ran stand where imports find them, under names that astroid asks for."""
    texts = {
        "a.py": "import trap, torch\nfrom trap import *\nclass X(trap.make()): ...\nclass Y(torch.make()): ...",
        "trap.py": TRAP + "class Trapped: ...\ndef make():\n    open('x')\n    return Trapped",
        "torch.py": TRAP + "class T: ...\ndef make():\n    return T",
        "_io.py": TRAP,
        "_sitebuiltins.py": TRAP,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = (os.getcwd(), list(sys.path), set(sys.modules))
    monkeypatch.setattr(os, "chdir", forbidden)
    monkeypatch.setattr(importlib, "import_module", forbidden)

    linked = program(texts, lambda each: AstroidResolver(each.text, each))
    assert [said(each) for each in linked.bases(class_named(linked, "a.py", "X"))] == ["trap.py:Trapped"]
    assert [said(each) for each in linked.bases(class_named(linked, "a.py", "Y"))] == ["torch.py:T"]
    assert (os.getcwd(), list(sys.path)) == before[:2]
    assert not (set(sys.modules) - before[2]) & {"a", "trap", "torch", "_sitebuiltins"}


def forbidden(*_: object) -> None:
    raise AssertionError("astroid's own import machinery was reached")


def test_astroid_never_looks_a_module_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from astroid.manager import AstroidManager  # type: ignore[import-untyped]

    text = "import os, json.decoder\nfrom torch import *\nfrom . import y\nclass X(json.decoder.make(os, open)()): ..."
    files = MemoryFiles({"a.py": text})
    resolver = AstroidResolver(files.text, files)
    monkeypatch.setattr(AstroidManager, "ast_from_module_name", forbidden)
    linked = Program(files, resolver=resolver)
    assert [said(base) for base in linked.bases(class_named(linked, "a.py", "X"))] == ["unknown"]


def test_warnings_about_the_code_stay_silent() -> None:
    text = 'x = "\\d" is 1\nclass Y: ...\ndef make():\n    return Y\nclass X(make()): ...'
    linked = program({"a.py": text}, lambda each: AstroidResolver(each.text, each))
    assert [said(base) for base in linked.bases(class_named(linked, "a.py", "X"))] == ["a.py:Y"]


def test_a_file_that_is_gone_is_unknown() -> None:
    files = MemoryFiles({"a.py": "class X(make()): ..."})
    linked = Program(files, resolver=AstroidResolver(lambda _: None, files))
    (base,) = linked.bases(class_named(linked, "a.py", "X"))
    assert base == Unknown("inference failed (AstroidImportError)")


def test_astroid_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, schedlint.program.program, schedlint.program.resolver; sys.exit('astroid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_deferred_resolver_is_made_when_it_is_first_asked() -> None:
    made = []

    def make() -> resolvers.Resolver:
        made.append(1)
        return AstroidResolver(files.text, files)

    files = MemoryFiles({"a.py": "class A: ...\nclass B(A): ...\nclass C(f()): ...\nclass D(f()): ..."})
    linked = Program(files, resolver=resolvers.Deferred(make))
    linked.bases(class_named(linked, "a.py", "B"))
    assert not made
    linked.bases(class_named(linked, "a.py", "C"))
    linked.bases(class_named(linked, "a.py", "D"))
    assert made == [1]


ODD = [
    pytest.param("\0", id="a null byte"),
    pytest.param("x = '\ud800'", id="a lone surrogate"),
    pytest.param("x = " + "-" * 5000 + "1", id="five thousand signs"),
    pytest.param("x = y" + ".a" * 5000, id="five thousand attributes"),
    pytest.param("def make():\n    return a" + " + a" * 3000, id="a long sum"),
    pytest.param("from b import make", id="an import of itself"),
    pytest.param("from ........ import make", id="a relative import far beyond the root"),
    pytest.param("make = [make for make in make]", id="a name that means itself"),
    pytest.param("class make(make): ...\nmake = make()", id="a class of itself"),
    pytest.param("import b\nmake = b.make", id="an attribute of itself"),
]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_astroid_makes_of_odd_text_is_unknown(odd: str) -> None:
    files = MemoryFiles({"a.py": "from b import make\nclass X(make()): ...", "b.py": "make = make"})
    resolver = AstroidResolver(lambda path: odd if path == "b.py" else files.text(path), files)
    (expr,) = [argument.value for argument in class_named(Program(files), "a.py", "X").node.arguments]
    assert all(isinstance(meaning, Unknown) for meaning in resolver.classes("a.py", expr))


def test_each_run_has_its_own_files() -> None:
    found = []
    for made in ("One", "Two"):
        texts = {"a.py": "from b import make\nclass X(make()): ...", "b.py": f"class {made}: ...\ndef make():\n    "}
        texts["b.py"] += f"return {made}"
        linked = program(texts, lambda each: AstroidResolver(each.text, each))
        found += [said(base) for base in linked.bases(class_named(linked, "a.py", "X"))]
    assert found == ["b.py:One", "b.py:Two"]
