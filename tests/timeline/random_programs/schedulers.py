"""How schedulers are constructed: their horizons, in the unit they are to have, and their calls."""

from __future__ import annotations

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
}

LAMBDAS = ("lambda x: (1 - x / ({h})) ** 0.9 if x < {h} else 0.0", "lambda x: max(0.0, 1 - x / ({h}))", "curve{number}")


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
        if s.unit == "epochs":
            return (e, "4", f"{e} // 2", f"int({e} * 0.5)", f"{e} - 1", f"max({e} - 2, 1)")[s.spelling]
        if s.unit == "batches":
            forms = ("{n} * {e}", "{e} * {n}", "int(0.5 * {e} * {n})", "({e} - 1) * {n}", "6000", "{n}")
            return forms[s.spelling].format(n=length, e=e)
        forms = (
            "{n} // {k} * {e}", "{e} * {n} // {k}", "math.ceil({n} / {k}) * {e}", "int({e} * {n} / {k})",
            "{e} * ({n} // {k})", "{n} // {k}",
        )  # fmt: skip
        return forms[s.spelling].format(n=length, e=e, k=self.settings.spelled("accum", names))

    def _iterations(self, s: Schedule, names: Names, length: str) -> str:
        """A number of steps of a program without epochs."""
        if self.plan.shape == "one_pass":
            total = length
        else:
            total = self.settings.spelled("epochs" if self.plan.shape == "full_batch" else "total", names)
        return (total, f"{total} // 2", f"int(0.5 * {total})", f"{total} - 1")[s.spelling % 4]

    def construct(self, t: Text, s: Schedule, number: int, target: str, names: Names, length: str) -> None:
        """Write `target = <scheduler>`; the target "return" returns it."""
        assign = "return " if target == "return" else f"{target} = "
        opt = names.optimizers[1 if self.plan.relation == "two_optimizers" and number else 0]
        h = self.horizon(s, names, length)
        if "named_horizon" in self.plan.flags and "{h}" in CALLS.get(s.kind, "{h}"):
            t(f"span{number} = {h}")
            h = f"span{number}"
        if s.kind in ("SequentialLR", "ChainedScheduler"):
            self._composite(t, s, number, assign, opt, h)
            return
        t.lines.extend(self._curve(t, s, number, h))
        call = self._call(s, number).format(opt=opt, h=h)
        t(f"{assign}{self.spelled(s.kind)}({call})", f"made:{number}:{s.kind}")

    def spelled(self, name: str) -> str:
        """A class, as the imports have it."""
        if name == "Warmup":
            return name
        return {"names": "", "module": "lr_scheduler.", "dotted": "torch.optim.lr_scheduler."}[self.plan.imports] + name

    def _call(self, s: Schedule, number: int) -> str:
        if s.kind == "StepLR":
            return "{opt}, step_size={h}, gamma=0.1" if s.spelling % 2 else "{opt}, {h}, 0.5"
        if s.kind == "MultiStepLR":
            return "{opt}, milestones=[{h} // 2, {h}]" if s.spelling % 2 else "{opt}, [int(0.5 * ({h})), {h}]"
        if s.kind == "LambdaLR":
            return "{opt}, lr_lambda=" + LAMBDAS[s.spelling % 3].replace("{number}", str(number))
        return CALLS[s.kind]

    def _curve(self, t: Text, s: Schedule, number: int, h: str) -> list[tuple[str, str]]:
        """The function that a LambdaLR is given, where it is no lambda."""
        body = Text()
        body.depth = t.depth
        if s.kind == "LambdaLR" and s.spelling % 3 == 2:
            with body.block(f"def curve{number}(x):"):
                body(f"return 0.5 * (1 + math.cos(math.pi * x / ({h})))")
        return body.lines

    def _composite(self, t: Text, s: Schedule, number: int, assign: str, opt: str, h: str) -> None:
        for name, kind, rest in (
            (f"head{number}", "LinearLR", f"start_factor=0.1, total_iters={h}"),
            (f"tail{number}", "CosineAnnealingLR", f"T_max={h}"),
        ):
            t(f"{name} = {self.spelled(kind)}({opt}, {rest})", f"made:{number}:{kind}")
        both = f"[head{number}, tail{number}]"
        arguments = f"{opt}, {both}, milestones=[{h}]" if s.kind == "SequentialLR" else both
        t(f"{assign}{self.spelled(s.kind)}({arguments})", f"made:{number}:{s.kind}")
