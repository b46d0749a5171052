"""A plan becomes the files of a program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.timeline.random_programs.building import Building
from tests.timeline.random_programs.loops import Loops
from tests.timeline.random_programs.parts import Parts
from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.schedulers import Schedulers
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.steps import OneBatch, Sites
from tests.timeline.random_programs.text import BLANK, ON_SELF, Line, Names, Text
from tests.timeline.random_programs.truth import Truth, truth_of

OUTER = {
    "fold": "for fold in range(3):",
    "seed": "for seed in range(2):",
    "r": "for r in range(2):",
    "display": "for seed in (0, 1):",
}

HELPERS = """\
import torch
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader, TensorDataset


class State:
    name = "run"


class Warmup(LRScheduler):
    def __init__(self, optimizer, span):
        self.span = span
        super().__init__(optimizer)

    def get_lr(self):
        return [base * min(1.0, self.last_epoch / self.span) for base in self.base_lrs]


def apply(optimizer, model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def evaluate(model, loader):
    total = 0.0
    with torch.no_grad():
        for x, y in loader:
            total += ((model(x) - y) ** 2).mean().item()
    return total / len(loader)


def make_loaders():
    data = TensorDataset(torch.randn(24, 4), torch.randn(24, 1))
    return DataLoader(data, batch_size=4, shuffle=True), DataLoader(data, batch_size=4)
"""


@dataclass(frozen=True)
class Program:
    """The files of a program, `train.py` its script, and what is true of it."""

    plan: Plan
    files: dict[str, str]
    truth: Truth

    def write(self, folder: Path) -> Path:
        """Write the files; the script's path."""
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder / "train.py"


def program(plan: Plan) -> Program:
    """The program of a plan."""
    files = Writer(plan).files()
    texts = {name: "\n".join(line for line, _ in lines) + "\n" for name, lines in files.items()}
    return Program(plan, texts, truth_of(plan, files))


class Writer:
    """Writes the program of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.settings = Settings(plan)
        self.parts = Parts(plan, self.settings)
        self.building = Building(plan, self.settings, self.parts, Schedulers(plan, self.settings))
        sites = Sites(plan, self.settings)
        self.loops = Loops(plan, self.settings, self.parts, sites, OneBatch(plan, self.settings, self.parts, sites))

    def files(self) -> dict[str, list[Line]]:
        """The lines of every file."""
        script = self._script()
        files: dict[str, list[Line]] = {}
        classes = self._classes(files) if self.plan.style == "methods" else []
        for name in ("build.py", "engine.py"):
            if self.parts.functions[name]:
                files[name] = [*self._preamble(name), *self._functions(name)]
        files["train.py"] = [*self._preamble("train.py"), *self._functions("train.py"), *classes, *script]
        files["helpers.py"] = [
            (line, "loop:batch" if line.lstrip().startswith("for ") else "") for line in HELPERS.splitlines()
        ]
        constants = self.settings.config()
        return {**files, "config.py": constants} if constants else files

    def _script(self) -> list[Line]:
        """What the script does, in `main` or not."""
        t, flags, guarded = Text(), self.plan.flags, "main_guard" in self.plan.noise
        if self.plan.style == "globals" or not ("uncalled" in flags or self.plan.style == "closures" or guarded):
            self._runs(t)
            return t.lines
        with t.block("def main():"):
            self._runs(t)
        if "uncalled" in flags:
            return t.lines
        called = [('if __name__ == "__main__":', ""), ("    main()", "")] if guarded else [("main()", "")]
        return [*t.lines, *BLANK, *called]

    def _runs(self, t: Text) -> None:
        """One training run, or several."""
        self.settings.write(t)
        if not self.plan.outer:
            self._run(t)
            return
        with t.block(OUTER[self.plan.outer], "loop:outer"):
            self._run(t)

    def _run(self, t: Text) -> None:
        if self.plan.style == "methods":
            t(f"trainer = Trainer({', '.join(self.settings.carriers())})")
            self._fit_method(t)
            return
        self.building.write(t, Names())
        names, fit = self._held(t), Text()
        self.parts.write(fit, "fit", names, [], self.loops.fit)
        for closure in self.parts.closures:
            t.add(closure)
        t.add(fit)

    def _fit_method(self, t: Text) -> None:
        if "fit" in self.plan.cuts:
            self.parts.write(Text(), "fit", ON_SELF, [], self.loops.fit)
            t("trainer.fit()")
            return
        body = Text()
        with body.block("def run(self):"):
            self.loops.fit(body, ON_SELF)
        self.parts.methods.append(("fit", body))
        t("trainer.run()")

    def _held(self, t: Text) -> Names:
        """The names of everything: variables, items of a dict, or attributes of an object."""
        names, plan = Names(), self.plan
        schedulers = 1 if plan.alternatives or plan.relation in ("single", "list") else 2
        tracked = (*names.optimizers[: plan.optimizers], *names.schedulers[:schedulers])
        present = ("model", *tracked, "loader", "val_loader")
        if plan.hold == "plain":
            return Names(handed=present)
        if plan.hold == "dict":
            t("objs = {" + ", ".join(f'"{one}": {one}' for one in present) + "}")
            return names.spelled('objs["{}"]', ("objs",))
        t("objs = State()")
        for one in present:
            t(f"objs.{one} = {one}")
        return names.spelled("objs.{}", ("objs",))

    def _functions(self, name: str) -> list[Line]:
        return [line for text in self.parts.functions[name] for line in (*text.lines, *BLANK)]

    def _classes(self, files: dict[str, list[Line]]) -> list[Line]:
        """The trainer's class; its base class goes into a file of its own."""
        init = Text()
        with init.block(f"def __init__({', '.join(['self', *self.settings.carriers()])}):"):
            for carrier in self.settings.carriers():
                init(f"self.{carrier} = {carrier}")
            self.building.write(init, ON_SELF)
        inherited = {"fit", "step"} if "base" in self.plan.flags else set()
        own, base = Text(), Text()
        with own.block("class Trainer(BaseTrainer):" if inherited else "class Trainer:"):
            own.add(init)
            for name, body in self.parts.methods:
                if name not in inherited:
                    own.add(body)
        with base.block("class BaseTrainer:"):
            for name, body in self.parts.methods:
                if name in inherited:
                    base.add(body)
        if inherited:
            files["base.py"] = [*self._preamble("base.py"), *base.lines]
        return [*own.lines, *BLANK]

    def _preamble(self, file: str) -> list[Line]:
        """The imports of a file, and what stands below them."""
        t, plan = Text(), self.plan
        for name in ("argparse", "itertools", "math", "os"):
            t(f"import {name}")
        t("from dataclasses import dataclass, field")
        t("")
        t("import torch")
        if plan.imports == "names":
            used = {s.kind for s in plan.used if not s.kind.startswith("get_")}
            kinds = {"LinearLR", "CosineAnnealingLR", *used} - {"Warmup"}
            t(f"from torch.optim.lr_scheduler import {', '.join(sorted(kinds))}")
        elif plan.imports == "module":
            t("from torch.optim import lr_scheduler")
        t("from torch.utils.data import DataLoader, TensorDataset")
        if "tqdm" in plan.batch_loop:
            t("from tqdm import tqdm")
        for kind in sorted({s.kind for s in plan.used if s.kind.startswith("get_")}):
            t(f"from transformers import {kind}")
        t("")
        t("from helpers import State, Warmup, apply, evaluate, make_loaders")
        if self.settings.config():
            t("import config")
        if file == "train.py":
            self._own_imports(t)
            self.settings.declared(t)
        return [*t.lines, *BLANK]

    def _own_imports(self, t: Text) -> None:
        for module in ("build", "engine"):
            if self.parts.functions[f"{module}.py"]:
                t(f"import {module}")
        if "base" in self.plan.flags and self.plan.style == "methods":
            t("from base import BaseTrainer")
        t("")
