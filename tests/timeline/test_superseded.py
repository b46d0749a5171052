"""Where modules name a class that has a successor, or give a class what it takes no more, whatever is run of them."""

from __future__ import annotations

import pytest

from schedlint.extract import extract
from schedlint.facts import ModuleFacts
from schedlint.knowledge.tables import load
from schedlint.program.program import Program
from schedlint.timeline.modules import read_module
from schedlint.timeline.understood import ModuleReading, Role
from tests.program.builders import MemoryFiles

PLAIN = "from torch.optim.lr_scheduler import _LRScheduler\n"
DOTTED = "import torch\nfrom torch.optim import lr_scheduler\nimport torch.optim.lr_scheduler as lrs\n"


class Extracted(MemoryFiles):
    """Files read as they are outside of tests: annotations and all."""

    def facts(self, path: str) -> ModuleFacts | None:
        text = self.text(path)
        return None if text is None else extract(text, path)


def reading(text: str, **others: str) -> ModuleReading:
    """What the text of a module says, in a project with others."""
    texts = {"train.py": text, **{f"{name}.py": other for name, other in others.items()}}
    knowledge = load()
    program = Program(Extracted(texts), knowledge.canonical)
    module = program.module("train.py")
    assert module is not None
    return read_module(program, module, knowledge, {}, lambda word: word in text)


def uses(text: str, **others: str) -> list[tuple[int, Role]]:
    return [(use.place.row, use.role) for use in reading(text, **others).uses]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("class S(lrs._LRScheduler): ...", Role.BASE, id="a base"),
        pytest.param("class S(lr_scheduler._LRScheduler, Mixin): ...", Role.BASE, id="one of several bases"),
        pytest.param("def f(s: torch.optim.lr_scheduler._LRScheduler): ...", Role.ANNOTATION, id="an annotation"),
        pytest.param("def f(s: list[lrs._LRScheduler]): ...", Role.ANNOTATION, id="inside an annotation"),
        pytest.param("def f() -> lrs._LRScheduler | None: ...", Role.ANNOTATION, id="what is returned"),
        pytest.param("s: lrs._LRScheduler = make()", Role.ANNOTATION, id="of a variable"),
        pytest.param("isinstance(s, lrs._LRScheduler)", Role.CHECK, id="a check"),
        pytest.param("isinstance(s, (lrs._LRScheduler, Other))", Role.CHECK, id="a check with another class"),
        pytest.param("issubclass(s, lrs._LRScheduler | Other)", Role.CHECK, id="a check of a class"),
        pytest.param("ok = [x for x in y if isinstance(x, lrs._LRScheduler)]", Role.CHECK, id="in a comprehension"),
        pytest.param("kinds = [lrs._LRScheduler]", Role.OTHER, id="in a list"),
        pytest.param("isinstance(lrs._LRScheduler, type)", Role.OTHER, id="what is checked itself"),
    ],
)
def test_a_name_through_its_module_is_used_as(text: str, role: Role) -> None:
    assert uses(DOTTED + text) == [(4, role)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PLAIN + "isinstance(s, _LRScheduler)", id="a name"),
        pytest.param("from torch.optim.lr_scheduler import _LRScheduler as B\nisinstance(s, B)", id="another name"),
        pytest.param(
            "from torch.optim.lr_scheduler import (\n _LRScheduler)\n(isinstance(s, _LRScheduler))", id="rows"
        ),
    ],
)
def test_an_imported_name_is_used_where_it_stands(text: str) -> None:
    assert [role for _, role in uses(text)] == [Role.IMPORT, Role.CHECK]


def test_an_import_in_a_function_counts() -> None:
    assert uses("def f(s):\n    " + PLAIN + "    return isinstance(s, _LRScheduler)\n") == [
        (2, Role.IMPORT), (3, Role.CHECK),
    ]  # fmt: skip


BOTH = "from torch.optim.lr_scheduler import LRScheduler, _LRScheduler\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "try:\n    from torch.optim.lr_scheduler import LRScheduler\nexcept ImportError:\n"
            "    from torch.optim.lr_scheduler import _LRScheduler as LRScheduler\nisinstance(s, LRScheduler)",
            id="what can be imported, under one name",
        ),
        pytest.param(
            "try:\n    from torch.optim.lr_scheduler import LRScheduler as _LRScheduler\nexcept ImportError:\n"
            "    from torch.optim.lr_scheduler import _LRScheduler\nclass S(_LRScheduler): ...\n"
            "isinstance(s, _LRScheduler)",
            id="what can be imported, under the old name",
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\ntry:\n    B = m.LRScheduler\nexcept AttributeError:\n"
            "    B = m._LRScheduler\nisinstance(s, B)",
            id="the attribute that there is",
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\nif hasattr(m, 'LRScheduler'):\n    B = m.LRScheduler\nelse:\n"
            "    B = m._LRScheduler",
            id="asked for with hasattr",
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\nKINDS = (m._LRScheduler,)\nif hasattr(m, 'LRScheduler'):\n"
            "    KINDS += (m.LRScheduler,)",
            id="added if hasattr",
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\nB = getattr(m, 'LRScheduler', m._LRScheduler)", id="getattr"
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\nB = getattr(m, 'LRScheduler', None) or m._LRScheduler", id="or"
        ),
        pytest.param(
            "import torch\nif torch.__version__ < '2':\n    from torch.optim.lr_scheduler import _LRScheduler as B\n"
            "else:\n    from mine import B",
            id="a version",
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\nB = m.LRScheduler if NEW else m._LRScheduler", id="a conditional"
        ),
        pytest.param(
            "import torch.optim.lr_scheduler as m\ndef base():\n    if NEW:\n        return m.LRScheduler\n"
            "    return m._LRScheduler",
            id="a function that returns one of them",
        ),
        pytest.param(BOTH + "isinstance(s, (LRScheduler, _LRScheduler))", id="a tuple"),
        pytest.param(BOTH + "isinstance(s, LRScheduler) or isinstance(s, _LRScheduler)", id="two checks"),
        pytest.param(BOTH + "isinstance(s, LRScheduler | _LRScheduler)", id="a union"),
        pytest.param(
            "from torch.optim.lr_scheduler import LRScheduler\n" + PLAIN + "S = Union[LRScheduler, _LRScheduler]",
            id="a union of two imports",
        ),
        pytest.param("class _LRScheduler: ...\nisinstance(s, _LRScheduler)", id="a class of the project"),
        pytest.param("from other.schedules import _LRScheduler\nisinstance(s, _LRScheduler)", id="another library"),
        pytest.param("import other\nisinstance(s, other.lr_scheduler._LRScheduler)", id="another module"),
        pytest.param(PLAIN.replace("_LR", "LR") + "isinstance(s, LRScheduler)", id="the public name"),
        pytest.param("s._LRScheduler", id="an attribute of something"),
    ],
)
def test_what_is_no_use(text: str) -> None:
    assert uses(text) == []


def test_an_import_through_the_project_is_not_said_again_but_what_it_is_compared_with_is() -> None:
    text = "from base import _LRScheduler\nisinstance(s, _LRScheduler)"
    assert uses(text, base=PLAIN) == [(2, Role.CHECK)]
    assert uses(text, base="class _LRScheduler: ...") == []


def renames(text: str, **others: str) -> list[int]:
    """The rows in which a new name is to stand for the first use."""
    return [place.row for place in reading(text, **others).uses[0].renames]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param(PLAIN + "class S(_LRScheduler): ...\ndef f(s: _LRScheduler): ...", [1, 2, 3], id="every use"),
        pytest.param(PLAIN.replace("\n", " as B\n") + "class S(B): ...", [1], id="the import, if it gives a name"),
        pytest.param("import torch\nclass S(torch.optim.lr_scheduler._LRScheduler): ...", [2], id="a dotted name"),
        pytest.param(PLAIN + "LRScheduler = make()\nclass S(_LRScheduler): ...", [], id="the new name is taken"),
        pytest.param(PLAIN + "__all__ = ['_LRScheduler']", [], id="the name stands in a text"),
        pytest.param(PLAIN + "def f(s: '_LRScheduler'): ...", [], id="a quoted annotation"),
        pytest.param(PLAIN + "def f(_LRScheduler): return _LRScheduler", [], id="another meaning in a function"),
        pytest.param(
            "try:\n    " + PLAIN + "except ImportError:\n    _LRScheduler = object\nclass S(_LRScheduler): ...",
            [],
            id="another meaning at times",
        ),
    ],
)
def test_what_a_new_name_takes(text: str, rows: list[int]) -> None:
    assert renames(text) == rows


def test_a_name_that_another_file_imports_from_here_stays() -> None:
    assert renames(PLAIN, other="from train import _LRScheduler") == []
    assert renames(PLAIN, other="from train import *") == [1]
    assert renames(PLAIN, other="from torch.optim.lr_scheduler import _LRScheduler") == [1]


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lr_scheduler.StepLR(o, 3, verbose=True)", id="a call"),
        pytest.param("lrs.ReduceLROnPlateau(o, verbose=v)", id="a value that is not known"),
        pytest.param("if 0:\n  torch.optim.lr_scheduler.StepLR(o, 3, verbose=False)", id="where nothing comes"),
        pytest.param("def f():\n  return dict(a=lrs.StepLR(o, 3, verbose=False))", id="in a display"),
        pytest.param(
            "def f():\n  from torch.optim.lr_scheduler import StepLR as S\n  S(o, 3, verbose=1)", id="imported"
        ),
    ],
)
def test_an_argument_that_is_refused_is_found_in_the_text(text: str) -> None:
    (found,) = reading(DOTTED + text).refused
    assert (found.parameter.name, found.parameter.until, found.parameter.warns) == ("verbose", "2.7", "2.2")
    assert found.bound.place is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lrs.StepLR(o, 3)", id="no such argument"),
        pytest.param("StepLR(o, 3, verbose=True)", id="a name that nothing binds"),
        pytest.param("class StepLR(lrs.StepLR): ...\nStepLR(o, 3, verbose=True)", id="a class of the project"),
        pytest.param("import other\nother.StepLR(o, 3, verbose=True)", id="another library"),
        pytest.param("lrs.unknown(o, verbose=True)", id="another name"),
        pytest.param("if V.version < 2:\n  lrs.StepLR(o, 3, verbose=True)", id="a version"),
        pytest.param("try:\n  lrs.StepLR(o, verbose=1)\nexcept (TypeError, E):\n  lrs.StepLR(o)", id="tried"),
    ],
)
def test_what_is_not_refused(text: str) -> None:
    assert reading(DOTTED + text).refused == ()


CHOSEN = "lrs.StepLR(o, 3, verbose=True)"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"OLD = version.parse(v) < version.parse('2.2')\nif OLD:\n  {CHOSEN}", id="by a flag"),
        pytest.param(f"if not TORCH_GE_2_2:\n  {CHOSEN}", id="by a name that says so"),
        pytest.param(f"def f():\n  if is_torch_version('2'):\n    return 1\n  return {CHOSEN}", id="after a return"),
        pytest.param(f"if 'verbose' in signature(lrs.StepLR).parameters:\n  {CHOSEN}", id="by its signature"),
    ],
)
def test_what_is_chosen_is_not_refused(text: str) -> None:
    assert reading(DOTTED + text).refused == ()


def test_another_choice_says_nothing_of_what_is_taken() -> None:
    assert len(reading(f"{DOTTED}if name in ('a', 'b') and torch.cuda.is_available():\n  {CHOSEN}").refused) == 1
