"""Functions, methods and closures: pieces of a program that may stand apart from where they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.text import Names, Text

Emit = Callable[[Text, Names], None]

CALLED = {"fit": "fit", "epoch": "train_one_epoch", "step": "train_step"}


@dataclass
class Parts:
    """What a program consists of besides its script: functions by file, methods by name, functions inside `main`."""

    plan: Plan
    settings: Settings
    functions: dict[str, list[Text]] = field(default_factory=lambda: {"train.py": [], "engine.py": [], "build.py": []})
    methods: list[tuple[str, Text]] = field(default_factory=list)
    closures: list[Text] = field(default_factory=list)

    def write(self, t: Text, name: str, names: Names, extra: list[str], emit: Emit) -> None:
        """Write a piece here, or as a function of its own that is called here with `extra` arguments."""
        if name not in self.plan.cuts:
            emit(t, names)
        elif self.plan.style == "functions":
            self._function(t, name, names, extra, emit)
        elif self.plan.style == "methods":
            self.methods.append((name, self._defined(CALLED[name], ["self", *extra], names, emit)))
            t(f"self.{CALLED[name]}({', '.join(extra)})")
        else:
            home = self.closures if self.plan.style == "closures" else self.functions["train.py"]
            home.append(self._defined(CALLED[name], extra, names, emit))
            t(f"{CALLED[name]}({', '.join(extra)})")

    def _function(self, t: Text, name: str, names: Names, extra: list[str], emit: Emit) -> None:
        """A function of a module, which is given everything it needs."""
        inner = names.renamed() if "renamed" in self.plan.flags and self.plan.hold == "plain" else names
        parameters = [*inner.handed, *extra, *self.settings.carriers()]
        passed = [*names.handed, *extra, *self.settings.carriers()]
        if "keywords" in self.plan.flags:
            passed = [f"{one}={other}" for one, other in zip(parameters, passed, strict=True)][::-1]
        apart = "files" in self.plan.flags
        self.functions["engine.py" if apart else "train.py"].append(
            self._defined(CALLED[name], parameters, inner, emit)
        )
        outermost = next(one for one in CALLED if one in self.plan.cuts)
        t(f"{'engine.' if apart and name == outermost else ''}{CALLED[name]}({', '.join(passed)})")

    def _defined(self, called: str, parameters: list[str], names: Names, emit: Emit) -> Text:
        body = Text()
        with body.block(f"def {called}({', '.join(parameters)}):"):
            if "return_early" in self.plan.noise:
                with body.block(f"if {names.model} is None:"):
                    body("return")
            emit(body, names)
        return body
