"""Where runs begin, and when they stop."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EntryKind, EventKind, Timeline
from schedlint.timeline.run.machine import Budget
from tests.timeline.run.programs import Files, entries, happens, noted, runs, script, texts, unreached


def names(timelines: list[Timeline]) -> list[str]:
    return [timeline.entry.name for timeline in timelines]


@pytest.mark.parametrize(
    ("text", "files", "begun"),
    [
        pytest.param("opt.step()", {}, [], id="a script alone"),
        pytest.param("def f(o):\n    o.step()\nf(opt)", {}, [], id="a function that the script calls"),
        pytest.param("def f(optimizer):\n    optimizer.step()", {}, ["f"], id="a function that nobody calls"),
        pytest.param("def f(n):\n    return n + 1", {}, [], id="a function that has nothing to do with it"),
        pytest.param(
            "def f(optimizer):\n    g(optimizer)\ndef g(optimizer):\n    optimizer.step()",
            {},
            ["f"],
            id="a caller, and not once more what it calls",
        ),
        pytest.param(
            "class C:\n    def f(self, optimizer):\n        optimizer.step()", {}, ["C"], id="a class that nobody uses"
        ),
        pytest.param(
            "class C:\n    def f(self, o):\n        o.step()\nC().f(opt)", {}, [], id="a class that the script uses"
        ),
        pytest.param(
            "class C:\n    def f(self, o):\n        o.step()\n    def g(self, o):\n        o.step()\nC().f(opt)",
            {},
            ["C"],
            id="a class of which the script uses one method",
        ),
        pytest.param(
            "from engine import train\ntrain(opt)",
            {"engine.py": "def train(o):\n    o.step()\ndef test(o):\n    o.step()\n"},
            ["test"],
            id="what is left of another file",
        ),
    ],
)
def test_what_is_begun_beside_the_script(text: str, files: Files, begun: list[str]) -> None:
    assert names(entries(text, files)) == ["train", *begun]


def test_a_script_knows_its_caller_and_a_function_does_not() -> None:
    first, second = entries("def f(optimizer):\n    optimizer.step()")
    assert (first.entry.kind, first.entry.caller_known) == (EntryKind.SCRIPT, True)
    assert (second.entry.kind, second.entry.caller_known) == (EntryKind.FUNCTION, False)


def test_an_entry_says_where_it_stands() -> None:
    found = unreached("def f(optimizer):\n    optimizer.step()")
    assert found.entry.place.path == "train.py"
    assert found.entry.place.row == found.events[0].place.row - 1


def test_nothing_is_reached_twice() -> None:
    text = """
        def one(o):
            o.step()
        def two(optimizer):
            one(optimizer)
            optimizer.step()
        one(opt)
        """
    assert names(entries(text)) == ["train", "two"]


def test_callers_come_before_what_they_call() -> None:
    text = """
        def one(optimizer):
            optimizer.step()
        def fit(optimizer):
            StepLR(optimizer, 3)
            for x in loader:
                one(optimizer)
        """
    found = unreached(text)
    assert found.entry.name == "fit"
    assert happens(found) == ["x: optimizer.step()"]


@pytest.mark.xfail(strict=True, reason="only the first of several classes that derive from it is run")
def test_an_abstract_class_is_run_as_what_derives_from_it() -> None:
    text = """
        class Base:
            def fit(self, optimizer):
                StepLR(optimizer, self.size)
        class A(Base):
            size = 3
        class B(Base):
            size = 4
        """
    found = entries(text)
    assert names(found) == ["train", "A", "B"]
    assert [noted(timeline) for timeline in found[1:]] == [["3"], ["4"]]


def test_the_second_entry_sees_its_own_objects_alone() -> None:
    text = "def f(optimizer):\n    s = StepLR(optimizer, 3)\n    s.step()\nopt.step()"
    found = unreached(text)
    assert happens(found) == ["s.step()"]
    assert [made.name for made in found.objects] == ["optimizer", "s"]


def test_an_optimizer_handed_in_by_an_unknown_caller_is_handed_in() -> None:
    found = unreached("def f(optimizer):\n    s = StepLR(optimizer, 3)\n    optimizer.step()\n    s.step()")
    made = found.objects[0]
    assert made.handed_in
    assert made.class_reason
    assert happens(found) == ["optimizer.step()", "s.step()"]


def test_what_an_entry_returns_goes_to_a_caller_that_is_not_known() -> None:
    found = unreached("def build(optimizer):\n    s = StepLR(optimizer, 3)\n    return s")
    (s,) = found.schedulers()
    assert [escape.how for escape in s.escapes] == ["returned by `build` to a caller that is not known"]


@pytest.mark.parametrize(
    "annotation",
    [
        pytest.param("o: torch.optim.Optimizer, s: LRScheduler", id="annotated"),
        pytest.param("o: 'torch.optim.Optimizer', s: 'LRScheduler'", id="annotated in quotes"),
        pytest.param("o: torch.optim.Optimizer | None, s: LRScheduler | None = None", id="annotated as optional"),
    ],
)
def test_a_parameter_annotated_as_optimizer_or_scheduler_is_one(annotation: str) -> None:
    found = unreached(f"def f({annotation}):\n    for x in loader:\n        o.step()\n        s.step()")
    assert happens(found) == ["x: o.step()", "x: s.step()"]
    assert [made.confidence.value for made in found.objects[:2]] == ["likely", "likely"]


def test_a_parameter_annotated_as_loader_is_one() -> None:
    found = unreached("def f(optimizer, batches: DataLoader):\n    for x in batches:\n        optimizer.step()")
    assert found.loops[0].iterates.value == "loader"


TRAINER = """
class Trainer:
    def __init__(self, model, optimizer):
        self.model = model
        self.optimizer = optimizer
        self.scheduler = None
    def setup(self):
        self.scheduler = StepLR(self.optimizer, 3)
    def fit(self):
        for epoch in range(9):
            self.one_epoch()
            self.scheduler.step()
    def one_epoch(self):
        for x in loader:
            self.optimizer.step()
"""


def test_a_class_entry_is_set_up_by_its_own_methods_first() -> None:
    found = unreached(TRAINER)
    assert found.entry.kind is EntryKind.CLASS
    assert [line for line in happens(found) if "epoch" in line] == [
        "epoch/x: optimizer.step()",
        "epoch: self.scheduler.step()",
    ]


def test_a_method_that_another_one_calls_is_no_beginning() -> None:
    found = unreached(TRAINER)
    assert sum(event.kind is EventKind.OPTIMIZED for event in found.events) == 1


def test_a_class_entry_sets_up_attributes_of_its_base() -> None:
    files = {"base.py": TRAINER.replace("Trainer", "Base")}
    text = "from base import Base\nclass T(Base):\n    def finish(self):\n        self.scheduler.step()"
    found = entries(text, files)
    (own,) = [timeline for timeline in found if timeline.entry.name == "T"]
    assert "self.scheduler.step()" in happens(own)


def test_lightning_like_methods_share_what_configure_made() -> None:
    text = """
        class Module(nn.Module):
            def configure_optimizers(self):
                self.o = SGD(self.parameters(), lr=1)
                return self.o
            def training_step(self, batch, i):
                self.o.step()
        """
    found = unreached(text)
    assert happens(found)[-1].endswith("self.o.step()")


# --- budgets ----------------------------------------------------------------------------------------------------------

LONG = "opt.step()\n" + "n = 1\n" * 200 + "opt.step()"


def test_a_run_within_its_budget_is_not_cut() -> None:
    timeline = script(LONG)
    assert timeline.spent == ""
    assert happens(timeline) == ["opt.step()", "opt.step()"]


def test_a_spent_budget_is_said_and_what_was_found_is_kept() -> None:
    timeline = script(LONG, budget=Budget(entry=100))
    assert timeline.spent
    assert happens(timeline) == ["opt.step()"]


def test_each_entry_has_its_share() -> None:
    text = LONG + "\ndef f(optimizer):\n    optimizer.step()"
    first, second = entries(text, budget=Budget(entry=100))
    assert first.spent
    assert second.spent == ""
    assert len(happens(second)) == 1


def test_all_entries_share_one_budget() -> None:
    text = LONG + "\ndef f(optimizer):\n    optimizer.step()"
    first, second = entries(text, budget=Budget(entry=1000, run=100))
    assert first.spent
    assert second.spent


def test_a_run_takes_the_same_steps_each_time() -> None:
    used = []
    for _ in range(2):
        budget = Budget()
        script(TRAINER + "Trainer(m, opt).fit()", budget=budget)
        used.append(budget.used)
    assert used[0] == used[1] > 0


def test_a_file_that_is_not_there_has_no_timeline() -> None:
    assert runs(texts("")).script("nowhere.py") is None
    assert list(runs(texts("")).unreached(["nowhere.py"])) == []


def test_the_same_program_gives_the_same_timelines() -> None:
    assert entries(TRAINER) == entries(TRAINER)
