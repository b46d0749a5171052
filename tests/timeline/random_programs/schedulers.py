"""How schedulers are constructed: their horizons, in the unit they are to have, and their calls."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.timeline.random_programs.plans import Plan, Schedule
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.text import Names, Text

CALLS = {
    "CosineAnnealingLR": "{opt}, T_max={h}",
    "LinearLR": "{opt}, start_factor=1.0, end_factor=0.1, total_iters={h}",
    "PolynomialLR": "{opt}, total_iters={h}, power=0.9",
    "ExponentialLR": "{opt}, gamma=0.95",
    "CosineAnnealingWarmRestarts": "{opt}, T_0={h}",
    "ReduceLROnPlateau": '{opt}, mode="min", patience=3',
    "CyclicLR": "{opt}, base_lr=0.001, max_lr=0.1, step_size_up={h}, cycle_momentum=False",
    "OneCycleLR": "{opt}, max_lr=0.1, total_steps={h}",
    "Warmup": "{opt}, {h}",
    "get_scheduler": '"cosine", optimizer={opt}, num_warmup_steps=0, num_training_steps={h}',
    "get_linear_schedule_with_warmup": "{opt}, int(0.1 * ({h})), {h}",
}

LAMBDAS = (
    "lambda x: (1 - x / ({h})) ** 0.9 if x < {h} else 0.0",
    "lambda x: max(0.0, 1 - x / ({h}))",
    "curve{number}",
    "lambda x: min(1.0, (x + 1) / ({h}))",
    "lambda x: 0.5 ** (x // ({h}))",
    "curve{number}",
)
RISING = 3
"""The schedule function that only rises."""

EPOCHS = (
    "{e}", "4", "{e} // 2", "int({e} * 0.5)", "{e} - 1", "max({e} - 2, 1)", "round(0.8 * {e})", "{e} - {e} // 3",
)  # fmt: skip
BATCHES = (
    "{n} * {e}", "{e} * {n}", "int(0.5 * {e} * {n})", "({e} - 1) * {n}", "6000", "{n}", "int(0.1 * {n} * {e})",
    "max(1, {n} * {e} // 2)", "{e} * len({d}) // {b}", "math.ceil(len({d}) / {b}) * {e}", "len({d}) * {e} // {b}",
)  # fmt: skip
UPDATES = (
    "{n} // {k} * {e}", "{e} * {n} // {k}", "math.ceil({n} / {k}) * {e}", "int({e} * {n} / {k})",
    "{e} * ({n} // {k})", "{n} // {k}", "math.ceil({n} / {k}) * {e} // 2",
)  # fmt: skip
MILESTONES = (
    "[{h} // 2, {h}]", "[int(0.5 * ({h})), {h}]", "[int(f * ({h})) for f in (0.5, 0.75)]",
    "[m * ({h}) // 4 for m in (1, 2, 3)]", "",
)  # fmt: skip
"""Lists by the whole horizon; the last is the setting."""


def spelled(plan: Plan, name: str) -> str:
    """A class, as the imports have it."""
    if name == "Warmup" or name.startswith("get_"):
        return name
    return {"names": "", "module": "lr_scheduler.", "dotted": "torch.optim.lr_scheduler."}[plan.imports] + name


def is_bare(text: str) -> bool:
    """Whether a quantity is written in nothing but numbers."""
    return not re.search("[A-Za-z]", re.sub(r"\b(int|max|round)\b", "", text))


@dataclass(frozen=True)
class Schedulers:
    """Writes the constructions of one plan."""

    plan: Plan
    settings: Settings

    def horizon(self, s: Schedule, names: Names, length: str) -> str:
        """A number of steps in the schedule's unit; `length` spells the number of batches per epoch."""
        if s.unit == "iterations":
            return self._iterations(s, names, length)
        e = self.settings.spelled("epochs", names)
        forms = {"epochs": EPOCHS, "batches": BATCHES, "updates": UPDATES}[s.unit]
        form = forms[s.spelling % len(forms)]
        if "{d}" in form and not length.startswith("len("):
            form = forms[0]
        loader = length.removeprefix("len(").removesuffix(")")
        k = self.settings.spelled("accum", names) if s.unit == "updates" else ""
        return form.format(n=length, e=e, k=k, d=f"{loader}.dataset", b=f"{loader}.batch_size")

    def _first(self, s: Schedule, names: Names, length: str) -> str:
        """A part of the horizon, in the same unit."""
        if s.unit == "iterations":
            return self._iterations(s, names, length, "{total} // 4")
        if s.unit == "epochs":
            return ("2", "{e} // 3")[s.spelling % 2].format(e=self.settings.spelled("epochs", names))
        return length if s.unit == "batches" else f"{length} // {self.settings.spelled('accum', names)}"

    def _iterations(self, s: Schedule, names: Names, length: str, form: str = "") -> str:
        """A number of steps of a program without epochs."""
        if self.plan.shape == "one_pass":
            total = length
        else:
            total = self.settings.spelled("epochs" if self.plan.shape == "full_batch" else "total", names)
        forms = ("{total}", "{total} // 2", "int(0.5 * {total})", "{total} - 1", "max(1, {total} - 2)")
        return (form or forms[s.spelling % len(forms)]).format(total=total)

    def construct(self, t: Text, s: Schedule, number: int, target: str, names: Names, length: str) -> None:
        """Write `target = <scheduler>`; the target "return" returns it."""
        assign = "return " if target == "return" else f"{target} = "
        opt = names.optimizers[1 if self.plan.relation == "two_optimizers" and number else 0]
        h = whole = self.horizon(s, names, length)
        if "named_horizon" in self.plan.flags and "{h}" in CALLS.get(s.kind, "{h}"):
            t(f"span{number} = {h}")
            h = f"span{number}"
        first = self._first(s, names, length)
        if s.kind in ("SequentialLR", "ChainedScheduler"):
            self._composite(t, s, number, assign, opt, h, first)
            return
        t.lines.extend(self._curve(t, s, number, h, first))
        milestones = self._milestones(s, names, length, h)
        call = self._call(s, number).format(opt=opt, h=h, milestones=milestones)
        rises = s.kind == "Warmup" or (s.kind == "LambdaLR" and s.spelling % len(LAMBDAS) == RISING)
        hidden = rises and is_bare(whole) and (self.plan.epochs or s.kind == "Warmup")
        t(f"{assign}{spelled(self.plan, s.kind)}({call})", f"made:{number}:{s.kind}:{'hidden' if hidden else ''}")

    def _milestones(self, s: Schedule, names: Names, length: str, h: str) -> str:
        form = MILESTONES[s.spelling // 10 % len(MILESTONES)]
        if s.kind != "MultiStepLR" or form or s.unit == "iterations":
            return (form or MILESTONES[0]).format(h=h)
        given = self.settings.spelled("milestones", names)
        if s.unit == "epochs":
            return given
        per = length if s.unit == "batches" else f"{length} // {self.settings.spelled('accum', names)}"
        return f"[m * {per} for m in {given}]"

    def _call(self, s: Schedule, number: int) -> str:
        if s.kind == "StepLR":
            return "{opt}, step_size={h}, gamma=0.1" if s.spelling // 10 % 2 else "{opt}, {h}, 0.5"
        if s.kind == "MultiStepLR":
            return "{opt}, milestones={milestones}" if s.spelling // 100 % 2 else "{opt}, {milestones}"
        if s.kind == "LambdaLR":
            return "{opt}, lr_lambda=" + LAMBDAS[s.spelling % len(LAMBDAS)].replace("{number}", str(number))
        return CALLS[s.kind]

    def _curve(self, t: Text, s: Schedule, number: int, h: str, first: str) -> list[tuple[str, str]]:
        """The function that a LambdaLR is given, where it is no lambda."""
        body = Text()
        body.depth = t.depth
        form = s.spelling % len(LAMBDAS)
        if s.kind != "LambdaLR" or not LAMBDAS[form].startswith("curve"):
            return []
        with body.block(f"def curve{number}(x):"):
            if form == 2:
                body(f"return 0.5 * (1 + math.cos(math.pi * x / ({h})))")
            else:
                with body.block(f"if x < {first}:"):
                    body(f"return (x + 1) / ({first})")
                body(f"return max(0.0, 1 - (x - {first}) / ({h}))")
        return body.lines

    def _composite(self, t: Text, s: Schedule, number: int, assign: str, opt: str, h: str, first: str) -> None:
        """A warm-up and what comes behind it, or both side by side."""
        apart = s.kind == "SequentialLR" and s.spelling // 10 % 2
        head, tail, milestone = (first, f"{h} - {first}", first) if apart else (h, h, h)
        for name, kind, rest in (
            (f"head{number}", "LinearLR", f"start_factor=0.1, total_iters={head}"),
            (f"tail{number}", "CosineAnnealingLR", f"T_max={tail}"),
        ):
            t(f"{name} = {spelled(self.plan, kind)}({opt}, {rest})", f"made:{number}:{kind}:")
        both = f"[head{number}, tail{number}]"
        arguments = f"{opt}, {both}, milestones=[{milestone}]" if s.kind == "SequentialLR" else both
        t(f"{assign}{spelled(self.plan, s.kind)}({arguments})", f"made:{number}:{s.kind}:")
