"""Names are followed through imports, re-exports and star imports to what they stand for."""

from __future__ import annotations

import pytest

from schedlint.facts import Alias, Import, Span
from schedlint.program.program import Program
from schedlint.program.symbols import External, ModuleRef, Unknown
from tests.program.builders import MemoryFiles, looked_up, module, program, said
from tests.program.facts_of import expression

NAMES = [
    pytest.param({"a.py": "x = 1"}, "y", [], id="an unbound name is nothing"),
    pytest.param({"a.py": "x = 1"}, "x", ["= a.py:1"], id="an assignment"),
    pytest.param({"a.py": "x = 1\nx = 2"}, "x", ["= a.py:2"], id="the last one in straight-line code"),
    pytest.param({"a.py": "x = 1\nx = x"}, "x", ["= a.py:1"], id="an assignment to itself changes nothing"),
    pytest.param({"a.py": "x, y = 1, 2"}, "y", ["= a.py:1"], id="unpacking"),
    pytest.param({"a.py": "x = 1\ndel x"}, "x", [], id="a deleted name is not bound"),
    pytest.param({"a.py": "import torch"}, "torch", ["torch"], id="an outside package"),
    pytest.param({"a.py": "import torch.optim as o"}, "o", ["torch.optim"], id="an outside module by another name"),
    pytest.param({"a.py": "import torch.optim"}, "torch", ["torch"], id="a dotted import binds its first name"),
    pytest.param({"a.py": "import torch.optim"}, "optim", [], id="a dotted import does not bind its last name"),
    pytest.param(
        {"a.py": "from torch.optim.lr_scheduler import _LRScheduler as S"},
        "S",
        ["torch.optim.lr_scheduler.LRScheduler"],
        id="outside names are made canonical",
    ),
    pytest.param({"a.py": "from b import f", "b.py": "def f(): ..."}, "f", ["b.py:f"], id="a function of another file"),
    pytest.param(
        {"a.py": "from b import f as g", "b.py": "from c import h as f", "c.py": "def h(): ..."},
        "g",
        ["c.py:h"],
        id="a chain of re-exports under changing names",
    ),
    pytest.param(
        {"a.py": "from p import f", "p/__init__.py": "from .m import f", "p/m.py": "def f(): ..."},
        "f",
        ["p/m.py:f"],
        id="a re-export by a package",
    ),
    pytest.param(
        {"a.py": "from p import m", "p/__init__.py": "", "p/m.py": ""}, "m", ["module p/m.py"], id="a submodule"
    ),
    pytest.param(
        {"a.py": "from p import m", "p/__init__.py": "from . import m", "p/m.py": ""},
        "m",
        ["module p/m.py"],
        id="a submodule that the package imports from itself",
    ),
    pytest.param(
        {"a.py": "from p import m", "p/__init__.py": "from .m import m", "p/m.py": "def m(): ..."},
        "m",
        ["p/m.py:m"],
        id="a function that shadows the submodule of its name",
    ),
    pytest.param(
        {"a.py": "from p import m", "p/m.py": ""}, "m", ["module p/m.py"], id="a module in a folder without __init__"
    ),
    pytest.param(
        {"a.py": "from p.q import m", "p/q/m.py": ""}, "m", ["module p/q/m.py"], id="a module two bare folders deep"
    ),
    pytest.param(
        {"a.py": "from gym import Env", "gym/x.py": ""},
        "Env",
        ["gym.Env"],
        id="a bare folder hides no installed package",
    ),
    pytest.param(
        {"p/a.py": "", "a.py": "from .p import x"}, "x", ["unknown"], id="a bare folder of a relative import does"
    ),
    pytest.param({"a.py": "from b import f", "b.py": ""}, "f", ["unknown"], id="a name that its module does not bind"),
    pytest.param({"a.py": "from b import f", "b.py": "?"}, "f", ["unknown"], id="a module that cannot be read"),
    pytest.param({"a.py": "from .. import f"}, "f", ["unknown"], id="a relative import beyond the root"),
    pytest.param({"a.py": "for x in y: pass"}, "x", ["= a.py:1"], id="a loop variable"),
]


@pytest.mark.parametrize(("texts", "name", "expected"), NAMES)
def test_a_name_stands_for(texts: dict[str, str], name: str, expected: list[str]) -> None:
    assert looked_up(program(texts), "a.py", name) == expected


BRANCHES = [
    pytest.param(
        "try:\n    from one import X\nexcept ImportError:\n    from two import X", ["one.X", "two.X"], id="a fallback"
    ),
    pytest.param(
        "try:\n    from one import X\nexcept ImportError:\n    raise",
        ["one.X"],
        id="a handler that raises",
    ),
    pytest.param("if a:\n    from one import X\nelse:\n    from two import X", ["one.X", "two.X"], id="both branches"),
    pytest.param(
        "if a:\n    from one import X\nelif b:\n    from two import X\nelse:\n    from three import X",
        ["one.X", "two.X", "three.X"],
        id="all branches of a chain",
    ),
    pytest.param("from one import X\nif a:\n    from two import X", ["one.X", "two.X"], id="a branch may not run"),
    pytest.param(
        "from one import X\nif a:\n    from two import X\nelse:\n    from three import X",
        ["two.X", "three.X"],
        id="branches that cannot both be left out replace what was before",
    ),
    pytest.param(
        "if a:\n    from one import X\nelse:\n    from two import X\nfrom three import X",
        ["three.X"],
        id="the last wins",
    ),
    pytest.param("from one import X\nfor i in y:\n    from two import X", ["one.X", "two.X"], id="a loop may not run"),
    pytest.param("with y as X:\n    from one import X", ["one.X"], id="a with body always runs"),
    pytest.param(
        "try:\n    import y\nfinally:\n    from one import X", ["one.X"], id="what finally binds always holds"
    ),
    pytest.param(
        "from one import X\ndef f():\n    global X\n    X = 1", ["one.X", "= a.py:2"], id="a function rebinds it"
    ),
]


@pytest.mark.parametrize(("text", "expected"), BRANCHES)
def test_branches_keep_every_binding_that_may_hold(text: str, expected: list[str]) -> None:
    assert looked_up(program({"a.py": text}), "a.py", "X") == expected


STARS = [
    pytest.param({"b.py": "def f(): ..."}, "f", ["b.py:f"], id="binds what the module binds"),
    pytest.param({"b.py": "def _f(): ..."}, "_f", [], id="leaves out names with an underscore"),
    pytest.param({"b.py": "__all__ = ['_f']\ndef _f(): ..."}, "_f", ["b.py:_f"], id="binds what __all__ lists"),
    pytest.param({"b.py": "__all__ = ['g']\ndef f(): ..."}, "f", [], id="leaves out what __all__ does not list"),
    pytest.param({"b.py": "__all__ = ['g']\n__all__ += ['f']\ndef f(): ..."}, "f", ["b.py:f"], id="__all__ that grows"),
    pytest.param(
        {"b.py": "__all__ = names()\ndef f(): ..."}, "f", ["b.py:f"], id="an __all__ that is not literal counts as none"
    ),
    pytest.param(
        {"b.py": "from c import *", "c.py": "def f(): ..."}, "f", ["c.py:f"], id="through another star import"
    ),
    pytest.param({"b.py": "from torch.optim import *"}, "SGD", ["torch.optim.SGD"], id="from the one outside module"),
    pytest.param({"b.py": "from torch.optim import *"}, "len", [], id="builtins are not taken from outside"),
    pytest.param({"b.py": "from torch.optim import *\nfrom os import *"}, "SGD", ["unknown"], id="from either of two"),
    pytest.param(
        {"b.py": "from torch.optim import *\ndef f(): ..."}, "f", ["b.py:f"], id="what the project binds comes first"
    ),
    pytest.param({"b.py": "from a import *\ndef f(): ..."}, "f", ["b.py:f"], id="of a module that imports it back"),
    pytest.param(
        {"b/__init__.py": "__all__ = ['m']", "b/m.py": ""}, "m", ["module b/m.py"], id="a submodule that __all__ lists"
    ),
]


@pytest.mark.parametrize(("texts", "name", "expected"), STARS)
def test_a_star_import(texts: dict[str, str], name: str, expected: list[str]) -> None:
    assert looked_up(program({"a.py": "from b import *", **texts}), "a.py", name) == expected


def test_the_last_star_import_that_has_the_name_wins() -> None:
    texts = {
        "a.py": "from b import *\nfrom c import *\nfrom d import *",
        "b.py": "f = 1",
        "c.py": "\nf = 2",
        "d.py": "",
    }
    assert looked_up(program(texts), "a.py", "f") == ["= c.py:2"]


def test_a_package_whose_modules_import_from_it_what_it_star_imports() -> None:
    texts = {
        "p/__init__.py": "from .base import *\nfrom .derived import *",
        "p/base.py": "class Base: ...",
        "p/derived.py": "from p import Base",
    }
    assert looked_up(program(texts), "p/__init__.py", "Base") == ["p/base.py:Base"]
    assert looked_up(program(texts), "p/derived.py", "Base") == ["p/base.py:Base"]


def test_an_explicit_import_of_a_name_that_a_star_import_brings_from_outside() -> None:
    texts = {"a.py": "from utils import SGD", "utils.py": "from torch.optim import *"}
    assert looked_up(program(texts), "a.py", "SGD") == ["torch.optim.SGD"]


def test_an_ambiguous_import_is_unknown_and_names_the_candidates() -> None:
    linked = program({"a.py": "import b"}, ambiguous=frozenset({"b"}))
    assert linked.lookup(module(linked, "a.py"), "b") == (Unknown("b could be b.py or other/b.py"),)


def test_names_that_import_each_other_in_a_circle_are_nothing_known() -> None:
    linked = program({"a.py": "from b import x", "b.py": "from a import x"})
    assert looked_up(linked, "a.py", "x") == ["unknown"]


@pytest.mark.parametrize("style", ["from m{} import *", "from m{} import x", "from m{} import x\nfrom m0 import *"])
def test_a_thousand_files_that_import_each_other_are_no_deep_recursion(style: str) -> None:
    texts = {f"m{i}.py": style.format((i + 1) % 1000) for i in range(1000)}
    texts["m999.py"] += "\ndef x(): ..."
    assert looked_up(program(texts), "m0.py", "x") == ["m999.py:x"]


def test_files_are_read_only_when_a_question_leads_to_them() -> None:
    files = MemoryFiles({"a.py": "import b\nfrom c import x", "b.py": "", "c.py": "x = 1", "d.py": ""})
    linked = Program(files)
    linked.lookup(module(linked, "a.py"), "x")
    assert files.read == ["a.py", "c.py"]


CHAINS = [
    ("torch.optim.SGD", ["torch.optim.SGD"]),
    ("p.m.f", ["p/m.py:f"]),
    ("p.f", ["p/m.py:f"]),
    ("p.none", ["unknown"]),
    ("bare.inside", ["module bare/inside.py"]),
    ("bare.Thing", ["bare.Thing"]),
    ("alias.SGD", ["torch.optim.SGD"]),
    ("again.SGD", ["torch.optim.SGD"]),
    ("loop.SGD", ["unknown"]),
    ("Outer.Inner", ["a.py:Inner"]),
    ("Outer.method", ["a.py:method"]),
    ("Derived.method", ["a.py:method"]),
    ("unbound.x", []),
]


@pytest.mark.parametrize(("chain", "expected"), CHAINS)
def test_an_attribute_chain_is_followed_through(chain: str, expected: list[str]) -> None:
    text = """
        import torch, p.m, bare
        alias = torch.optim
        again = alias
        loop = loop.x
        class Outer:
            class Inner: ...
            def method(self): ...
        class Derived(Outer): ...
    """
    linked = program(
        {"a.py": text, "p/__init__.py": "from .m import f", "p/m.py": "def f(): ...", "bare/inside.py": ""}
    )
    assert [said(each) for each in linked.expression(module(linked, "a.py"), expression(chain))] == expected


def test_a_member_of_something_outside_is_outside() -> None:
    assert program({}).member(External("torch.optim"), "SGD") == (External("torch.optim.SGD"),)


@pytest.mark.parametrize(
    ("qualified", "meant"),
    [
        ("pkg.low.X", "pkg/low.py:X"),
        ("pkg.X", "pkg/low.py:X"),
        ("pkg.low", "module pkg/low.py"),
        ("pkg.low.X.run", "pkg/low.py:run"),
        ("torch.optim.SGD", "torch.optim.SGD"),
    ],
)
def test_a_dotted_name_means_what_an_import_would_find(qualified: str, meant: str) -> None:
    texts = {"pkg/__init__.py": "from .low import X\n", "pkg/low.py": "class X:\n    def run(self): ...\n"}
    linked = program(texts)
    assert [said(symbol) for symbol in linked.named(qualified, "pkg/low.py")] == [meant]


def test_a_module_in_a_bare_folder_is_one_module_however_it_is_imported() -> None:
    linked = program({"a.py": "import p.m", "b.py": "from p import m", "p/m.py": ""})
    (package,) = linked.lookup(module(linked, "a.py"), "p")
    (direct,) = linked.lookup(module(linked, "b.py"), "m")
    assert isinstance(direct, ModuleRef)
    assert linked.member(package, "m") == (direct,)


def test_an_import_inside_a_function_is_followed_like_any_other() -> None:
    linked = program({"a.py": "", "b.py": "def f(): ..."})
    alias = Alias("f", None, Span(1, 1, 1, 2))
    symbols = linked.imported(module(linked, "a.py"), Import("b", 0, (alias,), alias.at), alias)
    assert [said(symbol) for symbol in symbols] == ["b.py:f"]
