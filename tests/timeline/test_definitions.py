"""What the text of scheduler classes says: what is missing in the first step, what `get_lr()` gives, what piles up."""

from __future__ import annotations

import textwrap

import pytest

from schedlint.knowledge.tables import load
from schedlint.program.program import Program
from schedlint.timeline.definitions.classes import scheduler_classes
from schedlint.timeline.definitions.model import AnswerKind, SchedulerClass
from tests.timeline.run.programs import Texts

IMPORTS = """\
import math
import numpy as np
from bisect import bisect_right
from abc import ABC, abstractmethod
from dataclasses import dataclass
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau, SequentialLR, StepLR, _LRScheduler
"""

STORED_LATE = """
class A(LRScheduler):
    def __init__(self, optimizer, gamma, floor=0.0):
        super().__init__(optimizer)
        self.gamma = gamma
        self.floor = floor
"""
INVERSE = "    def get_lr(self):\n        return [each * self.gamma for each in self.base_lrs]\n"


def classes(*bodies: str, others: dict[str, str] | None = None) -> tuple[SchedulerClass, ...]:
    """What is noteworthy of the classes of a file with these parts."""
    text = IMPORTS + "\n".join(bodies)
    program = Program(Texts({"a.py": text, **(others or {})}), load().canonical)
    module = program.module("a.py")
    assert module is not None
    return scheduler_classes(program, module, load())


def late(*bodies: str) -> list[str]:
    """The attributes that come too late."""
    return [each.name for cls in classes(*bodies) if cls.late for each in cls.late.attributes]


def getting(lines: str) -> str:
    """A `get_lr()` for `STORED_LATE`."""
    return "    def get_lr(self):\n" + textwrap.indent(textwrap.dedent(lines), 8 * " ")


# --- what comes too late ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param("return [each * self.gamma for each in self.base_lrs]", ["gamma"], id="for each group"),
        pytest.param("return [self.gamma] * len(self.base_lrs)", ["gamma"], id="in a display"),
        pytest.param(
            "if self.last_epoch < self.floor:\n    return [1]\nreturn [self.gamma]", ["floor"], id="in a test"
        ),
        pytest.param("if x:\n    return [self.gamma]\nreturn [2 * self.gamma]", ["gamma"], id="on both ways out"),
        pytest.param(
            "if x:\n    y = self.gamma\nelse:\n    y = -self.gamma\nreturn [y]", ["gamma"], id="on both ways on"
        ),
        pytest.param("if x:\n    raise ValueError\nreturn [self.gamma]", ["gamma"], id="behind what raises"),
        pytest.param("with x:\n    return [self.gamma]", ["gamma"], id="in a with"),
        pytest.param(
            "for g in self.optimizer.param_groups:\n    y = self.gamma\nreturn [y]", ["gamma"], id="in the groups"
        ),
        pytest.param(
            "if self.last_epoch == 0:\n    return self.base_lrs\nreturn [self.gamma]", [], id="behind a guard"
        ),
        pytest.param("if self.last_epoch > 0:\n    y = self.gamma\nreturn [1]", [], id="in one branch"),
        pytest.param("return [self.gamma if self.last_epoch else 1]", [], id="in a conditional"),
        pytest.param("return [self.last_epoch and self.gamma]", [], id="behind and"),
        pytest.param("return [self.gamma for _ in range(self.last_epoch)]", [], id="for each of perhaps none"),
        pytest.param("return [getattr(self, 'gamma', 1)]", [], id="getattr with a default"),
        pytest.param("if not hasattr(self, 'gamma'):\n    return [1]\nreturn [self.gamma]", [], id="hasattr"),
        pytest.param("try:\n    return [self.gamma]\nexcept AttributeError:\n    return [1]", [], id="in a try"),
        pytest.param("while self.last_epoch > 1:\n    y = self.gamma\nreturn [1]", [], id="in a loop"),
        pytest.param("self.gamma = 1\nreturn [self.gamma]", [], id="stored first"),
        pytest.param("f = lambda: self.gamma\nreturn [1]", [], id="in a lambda"),
        pytest.param("prepare(self)\nreturn [self.gamma]", [], id="behind a call that is given the object"),
        pytest.param("raise NotImplementedError", [], id="nothing is read"),
    ],
)
def test_an_attribute_is_late_where_every_way_through_the_first_step_reads_it(lines: str, names: list[str]) -> None:
    assert late(STORED_LATE, getting(lines)) == names


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("super(A, self).__init__(optimizer)\nself.gamma = gamma", id="super with arguments"),
        pytest.param("LRScheduler.__init__(self, optimizer)\nself.gamma = gamma", id="the base by its name"),
        pytest.param("super().__init__(optimizer)\nself.gamma, self.x = gamma, 1", id="stored in a tuple"),
        pytest.param("super().__init__(optimizer)\nif gamma:\n    self.gamma = gamma", id="stored in a branch"),
        pytest.param("super().__init__(optimizer)\nself._later(gamma)", id="stored by a method"),
        pytest.param("self._first(optimizer)\nself.gamma = gamma", id="the base is called by a method"),
        pytest.param("assert gamma\nsuper().__init__(optimizer)\nself.gamma: float = gamma", id="annotated"),
        pytest.param("print(self)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="printed before"),
    ],
)
def test_it_is_late_however_the_base_is_called_and_the_attribute_stored(body: str) -> None:
    constructor = "class A(LRScheduler):\n    def __init__(self, optimizer, gamma):\n" + textwrap.indent(body, 8 * " ")
    methods = """
    def _later(self, gamma):
        self.gamma = gamma
    def _first(self, optimizer):
        super().__init__(optimizer)
"""
    assert late(constructor + "\n" + methods + INVERSE) == ["gamma"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("self.gamma = gamma\nsuper().__init__(optimizer)", id="stored before"),
        pytest.param("self._later(gamma)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="stored by a method"),
        pytest.param("if x:\n    self.gamma = 1\nsuper().__init__(optimizer)\nself.gamma = gamma", id="stored perhaps"),
        pytest.param("if x:\n    super().__init__(optimizer)\nself.gamma = gamma", id="a call in a branch"),
        pytest.param(
            "try:\n    super().__init__(optimizer)\nexcept TypeError:\n    pass\nself.gamma = gamma",
            id="a call in a try",
        ),
        pytest.param(
            "if x:\n    return\nsuper().__init__(optimizer)\nself.gamma = gamma", id="a call that may be left out"
        ),
        pytest.param("setattr(self, n, 1)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="setattr"),
        pytest.param("vars(self).update(x)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="vars"),
        pytest.param("self.__dict__.update(x)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="its dictionary"),
        pytest.param("self.get_lr = f\nsuper().__init__(optimizer)\nself.gamma = gamma", id="another get_lr"),
        pytest.param("setup(self)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="given away"),
        pytest.param("Mixin.__init__(self)\nsuper().__init__(optimizer)\nself.gamma = gamma", id="another constructor"),
        pytest.param("super(B, self).__init__(optimizer)\nself.gamma = gamma", id="super of another class"),
        pytest.param("super().__init__(optimizer)\nself.other = gamma", id="never stored"),
    ],
)
def test_it_is_not_late_where_it_may_be_there(body: str) -> None:
    constructor = "class A(LRScheduler):\n    def __init__(self, optimizer, gamma):\n" + textwrap.indent(body, 8 * " ")
    assert late(constructor + "\n    def _later(self, gamma):\n        self.gamma = gamma\n" + INVERSE) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STORED_LATE + "    gamma = 1\n" + INVERSE, id="a default in the class"),
        pytest.param(
            STORED_LATE + "    @property\n    def gamma(self):\n        return 1\n" + INVERSE, id="a property"
        ),
        pytest.param(
            STORED_LATE + "    def __getattr__(self, name):\n        return 1\n" + INVERSE, id="made when asked for"
        ),
        pytest.param(
            STORED_LATE + "    def step(self, epoch=None):\n        pass\n" + INVERSE, id="a step that asks nothing"
        ),
        pytest.param(STORED_LATE + "    def _initial_step(self):\n        pass\n" + INVERSE, id="no first step"),
        pytest.param(STORED_LATE.replace("LRScheduler", "ReduceLROnPlateau") + INVERSE, id="a base that does not ask"),
        pytest.param(STORED_LATE.replace("LRScheduler", "SequentialLR") + INVERSE, id="a base that has others"),
        pytest.param(STORED_LATE.replace("LRScheduler", "StepLR") + INVERSE, id="a base with attributes of its own"),
        pytest.param(STORED_LATE.replace("LRScheduler", "Mixin, LRScheduler") + INVERSE, id="a base that is not known"),
        pytest.param(STORED_LATE.replace("(LRScheduler", "(np.Mixin, LRScheduler") + INVERSE, id="one from elsewhere"),
        pytest.param(STORED_LATE.replace("class A", "@dataclass\nclass A") + INVERSE, id="a decorator"),
        pytest.param(STORED_LATE.replace("LRScheduler", "LRScheduler, metaclass=M") + INVERSE, id="a metaclass"),
        pytest.param(STORED_LATE + INVERSE + "class B(A):\n    gamma = 2\n", id="a class that adds it"),
        pytest.param(STORED_LATE.replace("(LRScheduler)", "") + INVERSE, id="no scheduler"),
    ],
)
def test_nothing_is_late_in_a_class_that_is_more_than_its_text(text: str) -> None:
    assert late(text) == []


def test_what_older_releases_stored_in_the_base_is_not_late() -> None:
    verbose = STORED_LATE.replace("gamma", "verbose")
    assert late(verbose, getting("if self.verbose:\n    print(1)\nreturn [1]")) == []


def test_a_class_is_judged_with_what_it_inherits_and_once() -> None:
    base = STORED_LATE.replace("class A", "class Base")
    (found,) = classes(base, "class A(Base):\n" + INVERSE)
    assert found.late is not None
    assert (found.name, [each.name for each in found.late.attributes]) == ("A", ["gamma"])


def test_a_base_in_another_file_is_read() -> None:
    base = IMPORTS + STORED_LATE.replace("class A", "class Base")
    (found,) = classes("from base import Base\nclass A(Base):\n" + INVERSE, others={"base.py": base})
    assert found.late is not None
    assert found.late.call.path == "base.py"


def test_a_base_that_is_wrong_is_read_with_what_derives_from_it_in_another_file() -> None:
    base = STORED_LATE.replace("class A", "class Base")
    (found,) = classes(base, others={"b.py": IMPORTS + "from a import Base\nclass A(Base):\n" + INVERSE})
    assert found.late is not None
    assert (found.place.path, found.late.call.path) == ("b.py", "a.py")


def test_a_class_inside_a_function_is_read() -> None:
    assert late("def make():\n" + textwrap.indent(STORED_LATE + INVERSE, "    ")) == ["gamma"]


def test_a_class_that_is_only_registered_is_read() -> None:
    assert late(STORED_LATE.replace("class A", "@SCHEDULERS.register_module()\nclass A") + INVERSE) == ["gamma"]


def test_methods_that_call_each_other_for_ever_are_no_trouble() -> None:
    text = (
        STORED_LATE
        + "    def get_lr(self):\n        return self.other()\n    def other(self):\n        return self.get_lr()\n"
    )
    assert late(text) == []


# --- what is never built ----------------------------------------------------------------------------------------------


def unbuilt(text: str) -> bool:
    return any(cls.unbuilt for cls in classes(text))


GETS = "class A(LRScheduler):\n    def get_lr(self):\n        return [1]\n"
NO_BASE = GETS + "    def __init__(self, optimizer):\n        self.optimizer = optimizer\n"


def test_a_constructor_that_never_calls_the_base_is_found() -> None:
    assert unbuilt(NO_BASE)
    assert unbuilt(NO_BASE + "    def step(self, epoch=None):\n        super().step()\n")
    assert unbuilt(NO_BASE.replace("LRScheduler", "StepLR"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GETS, id="no constructor"),
        pytest.param(GETS + "    def __init__(self):\n        raise NotImplementedError\n", id="nothing to be built"),
        pytest.param(NO_BASE.replace("get_lr", "dummy"), id="a class that only looks like one"),
        pytest.param(NO_BASE + "        self._step_count = 0\n", id="it stores what is needed"),
        pytest.param(NO_BASE + "    def load(self):\n        self._step_count = 0\n", id="another method does"),
        pytest.param(NO_BASE + "    _step_count = 0\n", id="the class has it"),
        pytest.param(NO_BASE + "    def step(self, epoch=None):\n        pass\n", id="a step of its own"),
        pytest.param(NO_BASE + "    def step(self):\n        if self.x:\n            super().step()\n", id="perhaps"),
        pytest.param(NO_BASE + "        if optimizer:\n            super().__init__(optimizer)\n", id="in a branch"),
        pytest.param(NO_BASE + "        for base in bases:\n            base.__init__(self)\n", id="in a loop"),
        pytest.param(NO_BASE + "        self.__dict__ = other\n", id="its dictionary"),
        pytest.param(NO_BASE + "        setup(self)\n", id="given away"),
        pytest.param(
            NO_BASE + "        self.begin()\n    def begin(self):\n        super().__init__(o)\n", id="by a method"
        ),
        pytest.param(NO_BASE.replace("LRScheduler", "ReduceLROnPlateau"), id="another base"),
        pytest.param(
            NO_BASE + "class B(A):\n    def __init__(self):\n        LRScheduler.__init__(self, o)\n", id="derived"
        ),
        pytest.param("@dataclass\nclass A(LRScheduler):\n    gamma: float = 1\n", id="a dataclass"),
    ],
)
def test_a_constructor_that_may_not_need_the_base_is_none(text: str) -> None:
    assert not unbuilt(text)


# --- what get_lr gives ------------------------------------------------------------------------------------------------

HEAD = """
class A(LRScheduler):
    def __init__(self, optimizer, any, gamma=0.9, total: int = 100, last_epoch=-1):
        self.any, self.gamma, self.total = any, gamma, total
        super().__init__(optimizer, last_epoch)
"""


def answers(lines: str, head: str = HEAD) -> list[tuple[AnswerKind, bool]]:
    return [(each.kind, each.always) for cls in classes(head, getting(lines)) for each in cls.answers]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("return 0.1", id="a number"),
        pytest.param("return self.base_lrs[0] * self.gamma ** self.last_epoch", id="a formula"),
        pytest.param("return -self.gamma", id="a default"),
        pytest.param("return 1 / self.total", id="an annotation"),
        pytest.param("return math.cos(self.any)", id="math"),
        pytest.param("return float(self.any)", id="float"),
        pytest.param("return max(0.1, self.gamma)", id="max"),
        pytest.param("return self.optimizer.param_groups[0]['lr'] * 2", id="the rate of a group"),
        pytest.param("for g in self.optimizer.param_groups:\n    return g['lr'] * 2", id="the first group"),
        pytest.param("lr = 0.1\nlr = self.gamma\nreturn lr", id="a name"),
        pytest.param("for base in self.base_lrs:\n    pass\nreturn base", id="the last base"),
        pytest.param("return 1.0 if self.last_epoch else 2.0", id="one of two"),
        pytest.param("if self.last_epoch:\n    return 1.0\nreturn 2.0", id="on every way"),
    ],
)
def test_a_number_is_no_list(lines: str) -> None:
    assert set(answers(lines)) == {(AnswerKind.NUMBER, True)}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("return [0.1]", id="a list"),
        pytest.param("return 0.1,", id="a tuple"),
        pytest.param("yield 0.1", id="a generator"),
        pytest.param("return (x for x in self.base_lrs)", id="a generator expression"),
        pytest.param("return [0.1] * len(self.base_lrs)", id="a list repeated"),
        pytest.param("return self.base_lrs", id="the bases"),
        pytest.param("return self.base_lrs[:1]", id="some of the bases"),
        pytest.param("lrs = []\nlrs.append(0.1)\nreturn lrs", id="a list appended to"),
        pytest.param("lr = 0.1\nlr = [lr]\nreturn lr", id="a name that is a list later"),
        pytest.param("return map(f, self.base_lrs)", id="map"),
        pytest.param("return np.array(self.base_lrs) * self.gamma", id="an array"),
        pytest.param("return self.any * self.gamma", id="perhaps an array"),
        pytest.param("return math.cos(1) * self.any", id="perhaps an array, scaled"),
        pytest.param("return max(self.any)", id="the greatest of something"),
        pytest.param("return super().get_lr()", id="the base's"),
        pytest.param("return self.any()", id="something called"),
        pytest.param("raise NotImplementedError", id="left to others"),
        pytest.param("pass", id="empty"),
        pytest.param("return None", id="nothing but None"),
        pytest.param("if self.last_epoch:\n    return None\nreturn [0.1]", id="None on one way"),
        pytest.param("if self.last_epoch:\n    return [0.1]", id="nothing on one way"),
    ],
)
def test_what_may_be_a_list_is_no_number(lines: str) -> None:
    assert answers(lines) == []


def test_a_method_that_gives_a_number_is_looked_into() -> None:
    head = HEAD + "    def rate(self):\n        return 0.1 * self.gamma\n"
    assert answers("return self.rate()", head) == [(AnswerKind.NUMBER, True)]


def test_a_number_on_one_way_of_several_is_not_always_given() -> None:
    assert answers("if self.last_epoch:\n    return 0.1\nreturn [0.1]") == [(AnswerKind.NUMBER, False)]


def test_a_method_that_does_something_and_returns_nothing_gives_nothing() -> None:
    assert answers("for g in self.optimizer.param_groups:\n    g['lr'] = 1") == [(AnswerKind.NOTHING, True)]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD + "    def step(self, epoch=None):\n        pass\n", id="a step of its own"),
        pytest.param(HEAD + "    def _update_lr(self, epoch=None):\n        pass\n", id="an update of its own"),
        pytest.param(HEAD.replace("(LRScheduler)", "(ReduceLROnPlateau)"), id="a base that does not ask"),
        pytest.param(HEAD + "    @abstractmethod\n", id="an abstract method"),
        pytest.param(HEAD + "        self.get_lr = f\n", id="another one is stored"),
    ],
)
def test_what_get_lr_gives_is_its_own_affair_where_the_base_does_not_ask(head: str) -> None:
    assert answers("return 0.1", head) == []


# --- what piles up ----------------------------------------------------------------------------------------------------

EACH = "for g in self.optimizer.param_groups"
PILED = f"[g['lr'] * 0.9 ** self.last_epoch {EACH}]"


def piles_up(lines: str, head: str = HEAD) -> bool:
    return any(cls.compounding for cls in classes(head, getting(lines)))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(f"return {PILED}", id="a power"),
        pytest.param(f"return [g['lr'] * self.gamma ** (self.last_epoch // 10) {EACH}]", id="a power in stairs"),
        pytest.param(f"return [g['lr'] * math.pow(self.gamma, self.last_epoch) {EACH}]", id="pow"),
        pytest.param(f"return [g['lr'] * math.exp(-0.1 * self.last_epoch) {EACH}]", id="exp"),
        pytest.param(f"return [g['lr'] * (1 - self.last_epoch / self.total) ** 0.9 {EACH}]", id="a polynomial"),
        pytest.param(f"return [g['lr'] * max(0, 1 - self.last_epoch / self.total) {EACH}]", id="a line that ends"),
        pytest.param(f"return [g['lr'] * (self.last_epoch + 1) / self.total {EACH}]", id="a warm-up"),
        pytest.param(f"return [g['lr'] / (1 + 0.1 * self.last_epoch) {EACH}]", id="a division"),
        pytest.param(f"return [g['lr'] * (1 / math.sqrt(self._step_count)) {EACH}]", id="a square root"),
        pytest.param(
            f"return [0.5 * g['lr'] * (1 + math.cos(math.pi * self.last_epoch / self.total)) {EACH}]", id="a wave"
        ),
        pytest.param(
            f"wave = 1 + math.cos(math.pi * self.last_epoch / self.total)\n"
            f"return [0.01 + (g['lr'] - 0.01) * wave / 2 {EACH}]",
            id="a wave above a floor",
        ),
        pytest.param(
            f"t = max(self.last_epoch, 1)\nreturn [g['lr'] * min(t ** -0.5, t * self.total ** -1.5) {EACH}]",
            id="min of two",
        ),
        pytest.param(
            f"return [g['lr'] * self.gamma ** bisect_right(self.any, self.last_epoch) {EACH}]", id="milestones behind"
        ),
        pytest.param(
            f"return [g['lr'] * 0.9 ** self.last_epoch * max(1, 2 - self.last_epoch) {EACH}]", id="two schedules"
        ),
        pytest.param(f"t = self.last_epoch\nf = 0.9 ** t\nlrs = [g['lr'] * f {EACH}]\nreturn lrs", id="names"),
        pytest.param(
            f"lrs = []\n{EACH}:\n    lr = g['lr'] * 0.9 ** self.last_epoch\n    lrs.append(lr)\nreturn lrs",
            id="appended",
        ),
        pytest.param(f"return [max(g['lr'] * 0.9 ** self.last_epoch, 1e-6) {EACH}]", id="bounded"),
        pytest.param(
            "lr = self.optimizer.param_groups[0]['lr']\nreturn [lr * 0.9 ** self.last_epoch]", id="the first group"
        ),
        pytest.param(
            f"if self.last_epoch < self.total:\n    return [g['lr'] * self.last_epoch / self.total {EACH}]\nreturn [1]",
            id="before a bound",
        ),
        pytest.param(f"if self.last_epoch == 0:\n    return [1]\nreturn {PILED}", id="but once"),
    ],
)
def test_a_schedule_applied_to_the_rate_in_use_piles_up(lines: str) -> None:
    assert piles_up(lines)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(f"return [g['lr'] * self.gamma {EACH}]", id="a constant factor"),
        pytest.param(f"return [g['lr'] * 0.9 ** self.total {EACH}]", id="a constant power"),
        pytest.param(f"return [g['lr'] * self.gamma ** self.any[self.last_epoch] {EACH}]", id="milestones counted"),
        pytest.param(f"return [g['lr'] * self.gamma ** (self.last_epoch % 3 == 0) {EACH}]", id="a power of a test"),
        pytest.param(
            f"return [g['lr'] * (self.gamma if self.last_epoch in self.any else 1) {EACH}]", id="at milestones"
        ),
        pytest.param(f"return [g['lr'] * self.any(self.last_epoch) {EACH}]", id="a function that is not known"),
        pytest.param(f"return [g['lr'] * (1 - 1 / (self.total - self.last_epoch)) {EACH}]", id="a line as a ratio"),
        pytest.param(f"return [g['lr'] * (1 + 1 / self.last_epoch) {EACH}]", id="a warm-up as a ratio"),
        pytest.param(f"return [g['lr'] * self.last_epoch / (self.last_epoch - 1) {EACH}]", id="a ratio"),
        pytest.param(
            f"return [g['lr'] * ((1 - self.last_epoch / 9) / (1 - (self.last_epoch - 1) / 9)) ** 2 {EACH}]",
            id="a ratio to a power",
        ),
        pytest.param(
            "now, then = self.last_epoch / 9, (self.last_epoch - 1) / 9\n"
            f"return [(1 + math.cos(3 * now)) / (1 + math.cos(3 * then)) * g['lr'] {EACH}]",
            id="a ratio of waves",
        ),
        pytest.param(
            f"now, then = self.last_epoch / 9, (self.last_epoch - 1) / 9\n"
            f"return [0.1 + (g['lr'] - 0.1) * (1 + math.cos(3 * now)) / (1 + math.cos(3 * then)) {EACH}]",
            id="a ratio of waves above a floor",
        ),
        pytest.param(
            f"return [g['lr'] * 0.9 ** self.last_epoch * (1 / 0.9 ** (self.last_epoch - 1)) {EACH}]", id="undone"
        ),
        pytest.param(f"return [g['lr'] + self.last_epoch * (1 - g['lr']) {EACH}]", id="a mixture"),
        pytest.param(f"return [g['lr'] - g['lr'] / (9 - self.last_epoch) {EACH}]", id="a part taken away"),
        pytest.param(f"return [g['initial_lr'] * 0.9 ** self.last_epoch {EACH}]", id="the rate to begin with"),
        pytest.param(
            "return [g['lr'] / b * 0.9 ** self.last_epoch for g, b in zip(self.x, self.base_lrs)]", id="pairs"
        ),
        pytest.param(
            f"return [g['lr'] * 0.9 ** self.last_epoch / g['initial_lr'] {EACH}]", id="in relation to the first"
        ),
        pytest.param("return [b * 0.9 ** self.last_epoch for b in self.base_lrs]", id="the closed form"),
        pytest.param(f"return [g['lr'] + 0.9 ** self.last_epoch {EACH}]", id="a sum"),
        pytest.param(f"if self.last_epoch in self.any:\n    return {PILED}\nreturn [1]", id="chosen"),
        pytest.param(f"if self.last_epoch % 9:\n    return [1]\nreturn {PILED}", id="every ninth"),
        pytest.param(f"if self.last_epoch != 9:\n    return [1]\nreturn {PILED}", id="once"),
        pytest.param(f"if self.any():\n    return [1]\nreturn {PILED}", id="when told to"),
        pytest.param(f"return [g['lr'] * 1.0 ** self.last_epoch {EACH}]", id="a factor of 1"),
        pytest.param(f"self.total = 1\nreturn [g['lr'] * self.last_epoch / self.total {EACH}]", id="what changes"),
    ],
)
def test_what_may_be_a_right_form_does_not(lines: str) -> None:
    assert not piles_up(lines)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        pytest.param("0.9 ** self.last_epoch", True, id="a schedule"),
        pytest.param("0.9", False, id="a constant"),
        pytest.param("self.last_epoch / (self.last_epoch + 1)", False, id="a ratio"),
    ],
)
def test_a_method_or_property_that_gives_a_schedule_is_looked_into(formula: str, found: bool) -> None:
    method = f"    def factor(self):\n        return {formula}\n"
    assert piles_up(f"return [g['lr'] * self.factor() {EACH}]", HEAD + method) == found
    assert piles_up(f"return [g['lr'] * self.factor {EACH}]", HEAD + "    @property\n" + method) == found


def test_a_method_of_several_formulas_is_not_understood() -> None:
    method = (
        "    def factor(self):\n        if self.any:\n            return 1\n        return 0.9 ** self.last_epoch\n"
    )
    assert not piles_up(f"return [g['lr'] * self.factor() {EACH}]", HEAD + method)


def test_a_class_that_sets_rates_by_hand_is_not_judged() -> None:
    head = HEAD + "    def reset(self):\n        for g in self.optimizer.param_groups:\n            g['lr'] = 1\n"
    assert not piles_up(f"return {PILED}", head)


def test_what_a_factor_comes_to_is_computed_with_the_defaults() -> None:
    (cls,) = classes(HEAD, getting(f"return [g['lr'] * self.gamma ** self.last_epoch {EACH}]"))
    assert cls.compounding is not None
    assert cls.compounding.factor == "self.gamma ** self.last_epoch"
    assert cls.compounding.applied == pytest.approx(0.9**55)
    assert cls.compounding.meant == pytest.approx(0.9**10)


# --- what a step of its own does not tell -----------------------------------------------------------------------------

STEP = "class A(LRScheduler):\n    def step(self, epoch=None):\n        self.last_epoch += 1\n"


def untold(text: str) -> bool:
    return any(cls.untold for cls in classes(text))


def test_a_step_that_stores_no_rates_is_found() -> None:
    assert untold(STEP)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STEP + "        self._last_lr = [1]\n", id="it stores them"),
        pytest.param(STEP + "    def get_lr(self):\n        self._last_lr = [1]\n", id="another method does"),
        pytest.param(STEP + "        super().step()\n", id="the base does"),
        pytest.param(STEP + "        if epoch:\n            super().step()\n", id="the base does at times"),
        pytest.param(STEP + "        LRScheduler.step(self)\n", id="the base does, by its name"),
        pytest.param(STEP + "        self._update_lr(epoch)\n", id="a part of the base does"),
        pytest.param(STEP + "    def get_last_lr(self):\n        return [1]\n", id="an answer of its own"),
        pytest.param(STEP + "    @property\n    def _last_lr(self):\n        return [1]\n", id="a property"),
        pytest.param(STEP + "        apply(self)\n", id="given away"),
        pytest.param(STEP.replace("LRScheduler", "ReduceLROnPlateau"), id="another base"),
        pytest.param("class A(LRScheduler):\n    def get_lr(self):\n        return [1]\n", id="no step"),
    ],
)
def test_a_step_that_may_store_them_is_none(text: str) -> None:
    assert not untold(text)
