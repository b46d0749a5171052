"""What happens for one batch, and the steps of the schedulers wherever they are placed."""

from __future__ import annotations

from dataclasses import dataclass

from tests.timeline.random_programs.parts import Parts
from tests.timeline.random_programs.plans import LEAVES, Plan, Schedule
from tests.timeline.random_programs.schedulers import spelled
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.text import Names, Text

WINDOW = 2
"""How many epochs a window lasts."""

UPDATE_WHEN = {
    "block": "({i} + 1) % {k} == 0",
    "falsy": "not ({i} + 1) % {k}",
    "last_of": "{i} % {k} == {k} - 1",
    "zero": "{i} % {k} == 0",
    "or_last": "({i} + 1) % {k} == 0 or {i} + 1 == {n}",
    "leave": "({i} + 1) % {k} != 0",
    "leave_truthy": "({i} + 1) % {k}",
    "leave_but_last": "({i} + 1) % {k} != 0 and {i} + 1 != {n}",
}
"""The tests under which a batch ends in an update, or is left without one."""


@dataclass(frozen=True)
class Sites:
    """Writes the scheduler steps of one plan."""

    plan: Plan
    settings: Settings

    def write(self, t: Text, names: Names, *placements: str) -> None:
        """The steps that are placed at this point."""
        for placement, _, second in (placement.partition(":") for placement in placements):
            for number, s in enumerate(self.plan.used):
                if s.placement == placement and not (number and self.plan.relation in ("shared", "list")):
                    self._under_conditions(t, names, s, number, second=bool(second))

    def _under_conditions(self, t: Text, names: Names, s: Schedule, number: int, *, second: bool) -> None:
        one_variable = self.plan.alternatives or self.plan.relation == "list"
        scheduler = names.schedulers[0 if one_variable else number]
        tests = []
        if self.plan.relation == "own":
            tests.append(f'{self.settings.spelled("sched", names)} == "{"ab"[number]}"')
        if s.guard == "not_none" and self.plan.relation != "list":
            tests.append(f"{scheduler} is not None")
        if s.guard == "flag":
            tests.append(self.settings.spelled("flag", names))
        if s.guard == "instance":
            tests.append(f"isinstance({scheduler}, {spelled(self.plan, s.kind)})")
        if s.placement == "by_flag":
            tests.append(f"{'not ' if second else ''}{self.settings.spelled('flag', names)}")
        if s.kind == "ReduceLROnPlateau" or s.placement == "best":
            t(f"metric = evaluate({names.model}, {names.val})")
        if not tests:
            self._placed(t, s, scheduler, f"site:{number}", names)
            return
        with t.block(f"if {' and '.join(tests)}:"):
            self._placed(t, s, scheduler, f"{'second' if second else 'site'}:{number}", names)

    def _placed(self, t: Text, s: Schedule, scheduler: str, mark: str, names: Names) -> None:
        """One step, under what its placement asks for."""
        header = self._header(s, names)
        if header is None:
            self._step(t, s, scheduler, mark)
            return
        with t.block(header, "loop:inner" if s.placement == "inner" else ""):
            self._step(t, s, scheduler, mark)

    def _header(self, s: Schedule, names: Names) -> str | None:
        epoch = self.plan.epoch_name
        index = epoch if self.plan.shape == "full_batch" else "i"
        first = int(self.plan.epoch_loop in ("from_one", "while_to"))
        return {
            "last_batch": f"if {self.last_batch(s, names)}:",
            "epoch_zero": f"if {epoch} == {first}:",
            "first_epoch": f"if {epoch} == {first}:",
            "epoch_even": f"if {epoch} % 2 == 0:",
            "best": "if metric < best:",
            "window": f"if {epoch} < {WINDOW}:",
            "later": f"if {epoch} >= {WINDOW}:",
            "every_few": f"if {index} % 4 == 0:",
            "inner": "for _ in range(2):",
        }.get(s.placement)

    def last_batch(self, s: Schedule, names: Names) -> str:
        """The test for the last batch of an epoch."""
        length = f"len({names.loader})"
        if self.plan.batch_loop == "enumerate_one":
            return (f"i == {length}", f"i % {length} == 0", f"i >= {length}")[s.spelling % 3]
        return (f"i == {length} - 1", f"(i + 1) % {length} == 0", f"i + 1 == {length}")[s.spelling % 3]

    def _step(self, t: Text, s: Schedule, scheduler: str, mark: str) -> None:
        if self.plan.relation == "list":
            with t.block(f"for one in {scheduler}:", "loop:visit"):
                t("one.step()", mark)
            return
        t(f"{scheduler}.step({'metric' if s.kind == 'ReduceLROnPlateau' else ''})", mark)


@dataclass(frozen=True)
class OneBatch:
    """Writes the training on one batch."""

    plan: Plan
    settings: Settings
    parts: Parts
    sites: Sites

    @property
    def apart(self) -> bool:
        """Whether it is a function of its own."""
        return "step" in self.plan.cuts

    def write(self, t: Text, names: Names, x: str, y: str, i: str, *, breaks: bool = False) -> None:
        """Train on one batch, number `i`; `breaks` where a loop around it may be left."""
        extra = [x, y, i, *([self.plan.epoch_name] if self.plan.shape == "epochs" else [])]

        def emit(t: Text, names: Names) -> None:
            if self.apart:
                self.scaler(t)
            if "with" in self.plan.noise:
                with t.block("with torch.enable_grad():"):
                    self._body(t, names, x, y, i, breaks=breaks)
            else:
                self._body(t, names, x, y, i, breaks=breaks)

        self.parts.write(t, "step", names, extra, emit)

    def scaler(self, t: Text) -> None:
        """The gradient scaler, where one is used."""
        if self.plan.optimizer_step == "scaler":
            t('scaler = torch.amp.GradScaler("cpu", enabled=False)')

    def _body(self, t: Text, names: Names, x: str, y: str, i: str, *, breaks: bool) -> None:
        self.sites.write(t, names, "batch_start")
        t(f"loss = (({names.model}({x}) - {y}) ** 2).mean()")
        if "finite_break" in self.plan.noise and breaks and not self.apart:
            with t.block("if not torch.isfinite(loss):"):
                t("break")
        if "finite_leave" in self.plan.noise and self.plan.shape != "while_steps":
            self._leave(t, "not math.isfinite(loss.item())")
        self._update(t, names, x, y, i)
        self.sites.write(t, names, "batch_end", "last_batch", "window", "every_few", "inner", "first_epoch", "by_flag")
        if "log" in self.plan.noise and not self.plan.epochs:
            t(f'print({names.optimizers[0]}.param_groups[0]["lr"])')
        if any(s.placement == "skipped" for s in self.plan.used):
            self._leave(t, "loss.item() < 0.0001")
            self.sites.write(t, names, "skipped")
        for last in (s for s in self.plan.used[:1] if s.placement == "last_leave"):
            self._leave(t, f"not ({self.sites.last_batch(last, names)})")
            self.sites.write(t, names, "last_leave")

    def _leave(self, t: Text, test: str) -> None:
        """Be done with this batch on a condition."""
        with t.block(f"if {test}:"):
            if self.plan.shape == "while_steps" and not self.apart:
                t("i += 1")
            t("return" if self.apart else "continue")

    def _update(self, t: Text, names: Names, x: str, y: str, i: str) -> None:
        """Backward, and the optimizers' steps."""
        t("scaler.scale(loss).backward()" if self.plan.optimizer_step == "scaler" else "loss.backward()")
        if not self.plan.accumulate:
            self._optimize(t, names, x, y)
            return
        k = self.settings.spelled("accum", names)
        test = UPDATE_WHEN[self.plan.accumulate].format(i=i, k=k, n=f"len({names.loader})")
        if self.plan.accumulate in LEAVES:
            self._leave(t, test)
            self._optimize(t, names, x, y)
            self.sites.write(t, names, "update")
            return
        with t.block(f"if {test}:"):
            self._optimize(t, names, x, y)
            self.sites.write(t, names, "update")

    def _optimize(self, t: Text, names: Names, x: str, y: str) -> None:
        for optimizer in names.optimizers[: self.plan.optimizers]:
            match self.plan.optimizer_step:
                case "scaler":
                    t(f"scaler.step({optimizer})")
                    t("scaler.update()")
                case "closure":
                    with t.block("def closure():"):
                        t(f"return (({names.model}({x}) - {y}) ** 2).mean()")
                    t(f"{optimizer}.step(closure)")
                case "helper":
                    t(f"apply({optimizer}, {names.model})")
                case _:
                    t(f"{optimizer}.step()")
            t(f"{optimizer}.zero_grad()")
