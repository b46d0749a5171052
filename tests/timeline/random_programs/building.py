"""Where model, data, optimizers and schedulers are made: in place, or by functions that return them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.timeline.random_programs.parts import Parts
from tests.timeline.random_programs.plans import Plan, Schedule
from tests.timeline.random_programs.schedulers import Schedulers
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.text import Names, Text

Make = Callable[[Text, Names, str, str], None]
"""Writes what makes a scheduler: into which text, by which names, its target, and the spelling of `len(loader)`."""


@dataclass(frozen=True)
class Building:
    """Writes the construction of everything that one plan has."""

    plan: Plan
    settings: Settings
    parts: Parts
    schedulers: Schedulers

    def write(self, t: Text, names: Names) -> None:
        """Model, data, optimizers and schedulers."""
        t(f"{names.model} = torch.nn.Linear(4, 1)")
        if "loaders_made" in self.plan.flags:
            t(f"{names.loader}, {names.val} = make_loaders()")
        else:
            t("data = TensorDataset(torch.randn(24, 4), torch.randn(24, 1))")
            t(f"{names.loader} = DataLoader(data, batch_size=4, shuffle=True)")
            t(f"{names.val} = DataLoader(data, batch_size=4)")
        if self.plan.build == "pair":
            self._pair(t, names)
            return
        for number in range(self.plan.optimizers):
            t(f"{names.optimizers[number]} = torch.optim.SGD({names.model}.parameters(), lr=0.1)", f"opt:{number}")
        self._schedulers(t, names)

    def _schedulers(self, t: Text, names: Names) -> None:
        if self.plan.alternatives:
            self._by(t, names, 0, self._alternatives)
        elif self.plan.relation == "list":
            for number, s in enumerate(self.plan.used):
                self.schedulers.construct(t, s, number, f"part{number}", names, f"len({names.loader})")
            t(f"{names.schedulers[0]} = [part0, part1]")
        else:
            for number, s in enumerate(self.plan.used):
                self._by(t, names, number, self._one(s, number))

    def _one(self, s: Schedule, number: int) -> Make:
        def make(t: Text, names: Names, target: str, length: str) -> None:
            self.schedulers.construct(t, s, number, target, names, length)

        return make

    def _alternatives(self, t: Text, names: Names, target: str, length: str) -> None:
        sched = self.settings.spelled("sched", names)
        for number, (value, word) in enumerate((("a", "if"), ("b", "elif"))):
            with t.block(f'{word} {sched} == "{value}":'):
                self.schedulers.construct(t, self.plan.schedules[number], number, target, names, length)
        with t.block("else:"):
            if self.plan.schedules[0].guard == "not_none":
                t("return None" if target == "return" else f"{target} = None")
            else:
                t(f"raise ValueError({sched})")

    def _by(self, t: Text, names: Names, number: int, make: Make) -> None:
        """Make a scheduler here, or in a function that returns it."""
        target, called = names.schedulers[number], f"build_scheduler{number or ''}"
        if self.plan.build == "inline":
            make(t, names, target, f"len({names.loader})")
        elif self.plan.style == "methods" and "files" not in self.plan.flags:
            body = Text()
            with body.block(f"def {called}(self):"):
                make(body, names, "return", f"len({names.loader})")
            self.parts.methods.append(("build", body))
            t(f"{target} = self.{called}()")
        else:
            self._factory(t, names, number, called, make)

    def _factory(self, t: Text, names: Names, number: int, called: str, make: Make) -> None:
        by_length = "pass_length" in self.plan.flags
        third = ("m" if "neutral" in self.plan.flags else "steps_per_epoch") if by_length else "loader"
        body = Text()
        with body.block(f"def {called}({', '.join(['opt', third, *self.settings.carriers()])}):"):
            make(body, Names(optimizers=("opt", "opt")), "return", third if by_length else "len(loader)")
        optimizer = names.optimizers[min(number, self.plan.optimizers - 1)]
        passed = [optimizer, f"len({names.loader})" if by_length else names.loader]
        t(f"{names.schedulers[number]} = {self._called(called, body)}({', '.join([*passed, *self._carried(names)])})")

    def _pair(self, t: Text, names: Names) -> None:
        """One function makes and returns optimizer and scheduler."""
        body, inner = Text(), Names()
        with body.block(f"def build({', '.join(['model', 'loader', *self.settings.carriers()])}):"):
            body("optimizer = torch.optim.SGD(model.parameters(), lr=0.1)", "opt:0")
            make = self._alternatives if self.plan.alternatives else self._one(self.plan.schedules[0], 0)
            make(body, inner, "scheduler", "len(loader)")
            body("return optimizer, scheduler")
        passed = ", ".join([names.model, names.loader, *self._carried(names)])
        t(f"{names.optimizers[0]}, {names.schedulers[0]} = {self._called('build', body)}({passed})")

    def _called(self, called: str, body: Text) -> str:
        """Put a function where it belongs; how it is called."""
        apart = "files" in self.plan.flags
        self.parts.functions["build.py" if apart else "train.py"].append(body)
        return f"build.{called}" if apart else called

    def _carried(self, names: Names) -> list[str]:
        return [names.prefix + carrier for carrier in self.settings.carriers()]
