"""What a name means where it is read."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from schedlint.timeline.quantity import Literal
from tests.timeline.run.programs import Files, happens, noted, schedulers, script, symbol


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("n = 3\nStepLR(opt, n)", ["3"], id="a global holds what was last stored"),
        pytest.param("n = 3\nn = 4\nStepLR(opt, n)", ["4"], id="a later store replaces an earlier one"),
        pytest.param("a = b = 3\nStepLR(opt, a)\nStepLR(opt, b)", ["3", "3"], id="one value is stored to two names"),
        pytest.param("n: int = 3\nStepLR(opt, n)", ["3"], id="an annotated store is a store"),
        pytest.param("a, b = 1, 2\nStepLR(opt, b)", ["2"], id="a tuple is unpacked"),
        pytest.param("a, (b, c) = 1, (2, 3)\nStepLR(opt, c)", ["3"], id="a nested tuple is unpacked"),
        pytest.param("a, *b, c = 1, 2, 3, 4\nStepLR(opt, c)", ["4"], id="what follows a star is unpacked from the end"),
        pytest.param("a, b = 1, 2\na, b = b, a\nStepLR(opt, a)", ["2"], id="two names are swapped"),
        pytest.param("n = 3\nn += 2\nStepLR(opt, n)", ["5"], id="a number is added to in place"),
        pytest.param("if (n := 3) > 2:\n    StepLR(opt, n)", ["3"], id="a walrus stores"),
        pytest.param("StepLR(opt, (n := 3))\nStepLR(opt, n)", ["3", "3"], id="a walrus is its value"),
        pytest.param(
            "n = 3\ndef f():\n    n = 4\n    StepLR(opt, n)\nf()\nStepLR(opt, n)",
            ["4", "3"],
            id="a local does not touch the global",
        ),
        pytest.param(
            "def f():\n    StepLR(opt, n)\nn = 3\nf()\nn = 4\nf()",
            ["3", "4"],
            id="a function reads a global as it is when it is called",
        ),
        pytest.param(
            "n = 3\ndef f():\n    global n\n    n = 4\n    opt.step()\nf()\nStepLR(opt, n)",
            ["4"],
            id="global stores to the module",
        ),
        pytest.param(
            """
            def outer():
                n = 3
                def inner():
                    StepLR(opt, n)
                n = 4
                inner()
            outer()
            """,
            ["4"],
            id="a closure reads the enclosing variable as it is when it is called",
        ),
        pytest.param(
            """
            def outer():
                n = 3
                def inner():
                    nonlocal n
                    n = 4
                    opt.step()
                inner()
                StepLR(opt, n)
            outer()
            """,
            ["4"],
            id="nonlocal stores to the enclosing function",
        ),
        pytest.param(
            """
            def make():
                n = 3
                def inner():
                    StepLR(opt, n)
                return inner
            make()()
            """,
            ["3"],
            id="a closure outlives the function that made it",
        ),
        pytest.param(
            """
            def a():
                n = 1
                def b():
                    def c():
                        StepLR(opt, n)
                    c()
                b()
            a()
            """,
            ["1"],
            id="a closure reaches through two functions",
        ),
        pytest.param(
            "n = 3\nxs = [n for n in (4, 5)]\nStepLR(opt, n)", ["3"], id="a comprehension keeps its variable to itself"
        ),
        pytest.param(
            "n = 3\nany(n > 1 for n in unknown)\nStepLR(opt, n)",
            ["3"],
            id="a generator expression keeps its variable to itself",
        ),
        pytest.param("xs = [k + 1 for k in (4, 5)]\nStepLR(opt, xs[1])", ["6"], id="a comprehension over known items"),
        pytest.param("n = 3\ndel n\nn = 5\nStepLR(opt, n)", ["5"], id="a deleted name can be stored again"),
        pytest.param("def f(n):\n    n = n + 1\n    StepLR(opt, n)\nf(3)", ["4"], id="a parameter can be stored to"),
        pytest.param("def f():\n    import math\n    StepLR(opt, 3)\nf()", ["3"], id="an import inside a function"),
    ],
)
def test_a_name_holds(text: str, held: list[str]) -> None:
    assert noted(text) == held


@pytest.mark.parametrize(
    ("text", "files", "held"),
    [
        pytest.param(
            "from config import EPOCHS\nStepLR(opt, EPOCHS)",
            {"config.py": "EPOCHS = 30"},
            ["30"],
            id="a global of an imported module is read on demand",
        ),
        pytest.param(
            "import config\nStepLR(opt, config.EPOCHS)",
            {"config.py": "EPOCHS = 30"},
            ["30"],
            id="an attribute of an imported module",
        ),
        pytest.param(
            "import settings.train\nStepLR(opt, settings.train.EPOCHS)",
            {"settings/__init__.py": "", "settings/train.py": "EPOCHS = 30"},
            ["30"],
            id="a module inside a package",
        ),
        pytest.param(
            "import settings.train\nStepLR(opt, settings.train.EPOCHS)",
            {"settings/train.py": "EPOCHS = 30"},
            ["30"],
            id="a module inside a bare folder",
        ),
        pytest.param(
            "import config as c\nStepLR(opt, c.EPOCHS)",
            {"config.py": "EPOCHS = 30"},
            ["30"],
            id="a module under another name",
        ),
        pytest.param(
            "from config import *\nStepLR(opt, EPOCHS)",
            {"config.py": "EPOCHS = 30"},
            ["30"],
            id="a star import brings the name",
        ),
        pytest.param(
            "from config import *\nStepLR(opt, EPOCHS)",
            {"config.py": "from base import *", "base.py": "EPOCHS = 30"},
            ["30"],
            id="a star import of a star import",
        ),
        pytest.param(
            "from config import EPOCHS as E\nStepLR(opt, E)",
            {"config.py": "from base import EPOCHS", "base.py": "EPOCHS = 30"},
            ["30"],
            id="a re-export under another name",
        ),
        pytest.param(
            "from config import EPOCHS\nStepLR(opt, EPOCHS)",
            {"config.py": "HALF = 15\nEPOCHS = HALF * 2"},
            ["30"],
            id="a global that is computed from another",
        ),
        pytest.param(
            "def f():\n    from config import EPOCHS\n    StepLR(opt, EPOCHS)\nf()",
            {"config.py": "EPOCHS = 30"},
            ["30"],
            id="an import inside a function leads to the module",
        ),
        pytest.param(
            "from config import EPOCHS\nStepLR(opt, EPOCHS)",
            {"config.py": "if fast:\n    EPOCHS = 1\nelse:\n    EPOCHS = 30"},
            ["1 or 30"],
            id="a global with two definitions may be either",
        ),
        pytest.param(
            "import config\nconfig.EPOCHS = 5\nStepLR(opt, config.EPOCHS)",
            {"config.py": "EPOCHS = 30"},
            ["5"],
            id="a store to a module's attribute is seen",
        ),
        pytest.param(
            "import config\nconfig.EPOCHS = 5\nconfig.go(opt)",
            {"config.py": "EPOCHS = 30\ndef go(o):\n    StepLR(o, EPOCHS)"},
            ["5"],
            id="a store to a module's attribute is seen inside the module",
        ),
        pytest.param(
            "EPOCHS = 1\nfrom engine import go\ngo(opt)",
            {"engine.py": "EPOCHS = 30\ndef go(o):\n    StepLR(o, EPOCHS)"},
            ["30"],
            id="a function reads the globals of its own module",
        ),
    ],
)
def test_a_name_of_another_module(text: str, files: Files, held: list[str]) -> None:
    assert noted(text, files) == held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("from config import n\nStepLR(opt, n)\nn = 4\nStepLR(opt, n)", ["30", "4"], id="stored to later"),
        pytest.param("n = 4\nfrom config import n\nStepLR(opt, n)", ["30"], id="imported over a store"),
        pytest.param("from config import n\nn = n * 2\nStepLR(opt, n)", ["60"], id="computed from itself"),
        pytest.param(
            "try:\n    from config import n\nexcept ImportError:\n    n = 4\nStepLR(opt, n)",
            ["30 or 4"],
            id="with a substitute",
        ),
        pytest.param(
            "if fast:\n    from config import n\nelse:\n    n = 4\nStepLR(opt, n)", ["30 or 4"], id="on one side alone"
        ),
    ],
)
def test_an_import_in_the_running_module_is_a_store(text: str, held: list[str]) -> None:
    found = [set(each.split(" or ")) for each in noted(text, {"config.py": "n = 30"})]
    assert found == [set(each.split(" or ")) for each in held]


PARTS = {"parts.py": "o = SGD([], lr=1)\ns = StepLR(o, 3)"}


def test_an_object_of_an_imported_module_is_made_once() -> None:
    timeline = script("from parts import o, s\nfor e in range(3):\n    o.step()\n    s.step()", PARTS)
    made = [event.subjects[0].object for event in timeline.events if event.kind is EventKind.CREATED]
    assert len(made) == len(set(made))


def test_an_object_of_an_imported_module_that_a_loop_replaces_is_one_of_two() -> None:
    text = "import parts\nfor e in range(3):\n    parts.s.step()\n    parts.s = StepLR(opt, 4)"
    (step,) = [event for event in script(text, PARTS).events if event.kind is EventKind.STEPPED]
    assert len(step.subjects) == 2


def test_a_constant_with_a_telling_name_keeps_the_name() -> None:
    found = symbol("from config import EPOCHS\nStepLR(opt, EPOCHS)", {"config.py": "EPOCHS = 30"})
    assert (found.name, found.role, found.default) == ("EPOCHS", "constant", Literal(30))


def test_a_constant_with_a_telling_name_decides_a_test() -> None:
    assert noted("EPOCHS = 30\nif EPOCHS > 10:\n    StepLR(opt, 1)\nelse:\n    StepLR(opt, 2)") == ["1"]


def test_an_object_made_at_the_top_of_an_imported_module_is_one_object() -> None:
    files = {"parts.py": "optimizer = SGD([], lr=1)\nscheduler = StepLR(optimizer, 3)"}
    text = """
        from parts import optimizer, scheduler
        import parts
        for epoch in range(3):
            optimizer.step()
            parts.scheduler.step()
            scheduler.step()
        """
    assert happens(text, files) == ["epoch: optimizer.step()", "epoch: scheduler.step()", "epoch: scheduler.step()"]
    assert len(schedulers(text, files)) == 1


@pytest.mark.parametrize(
    ("text", "files", "reason"),
    [
        pytest.param("StepLR(opt, n)", {}, "not bound", id="a name that nothing binds"),
        pytest.param("def f():\n    StepLR(opt, n)\n    n = 3\nf()", {}, "not set", id="a local read before its store"),
        pytest.param(
            "from config import n\nStepLR(opt, n)",
            {"config.py": "n = m\nm = n"},
            "defined by itself",
            id="a global defined by itself",
        ),
        pytest.param(
            "from config import n\nStepLR(opt, n)",
            {"config.py": "for n in things():\n    pass"},
            "not followed",
            id="a global bound by a loop of another module",
        ),
    ],
)
def test_an_unknown_name_says_why(text: str, files: Files, reason: str) -> None:
    assert reason in symbol(text, files).reason


def test_the_running_module_is_main_and_an_imported_one_is_not() -> None:
    files = {"engine.py": "if __name__ == '__main__':\n    wrong()\ndef go(o):\n    StepLR(o, __name__)"}
    assert noted("from engine import go\ngo(opt)\nStepLR(opt, __name__)", files) == ["'engine'", "'__main__'"]


def test_the_main_block_is_run() -> None:
    assert noted("if __name__ == '__main__':\n    StepLR(opt, 3)\nelse:\n    StepLR(opt, 4)") == ["3"]
