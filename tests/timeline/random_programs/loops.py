"""The loops of a program: epochs, passes over the data, or updates without epochs."""

from __future__ import annotations

from dataclasses import dataclass

from tests.timeline.random_programs.parts import Parts
from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.settings import Settings
from tests.timeline.random_programs.steps import OneBatch, Sites
from tests.timeline.random_programs.text import Names, Text

BEFORE = {
    "range_next": "stream = iter({loader})",
    "counter": "i = -1",
    "held_tqdm": "bar = tqdm(enumerate({loader}), total=len({loader}))",
}

HEADERS = {
    "enumerate": "for i, (x, y) in enumerate({loader}):",
    "enumerate_one": "for i, (x, y) in enumerate({loader}, 1):",
    "zip": "for i, (pair, other) in enumerate(zip({loader}, {loader})):",
    "zip_range": "for i, (x, y) in zip(range(len({loader})), {loader}):",
    "islice": "for i, (x, y) in enumerate(itertools.islice({loader}, 100)):",
    "range_next": "for i in range(len({loader})):",
    "counter": "for x, y in {loader}:",
    "tqdm": "for i, (x, y) in enumerate(tqdm({loader})):",
    "tqdm_enumerate": "for i, (x, y) in enumerate(tqdm({loader}, desc='train', leave=False)):",
    "enumerate_tqdm": "for i, (x, y) in tqdm(enumerate({loader}), total=len({loader})):",
    "held_tqdm": "for i, (x, y) in bar:",
}

FIRST = {"range_next": "x, y = next(stream)", "zip": "x, y = pair", "counter": "i += 1"}
"""What a pass begins each iteration with."""

EPOCHS = {
    "range": "for {epoch} in range({bound}):",
    "from_one": "for {epoch} in range(1, {bound} + 1):",
    "from_start": "for {epoch} in range(0, {bound}):",
    "resume": "for {epoch} in range(start, {bound}):",
    "while": "while {epoch} < {bound}:",
    "while_to": "while {epoch} <= {bound}:",
    "forever": "while True:",
    "count": "for {epoch} in itertools.count():",
}


@dataclass(frozen=True)
class Loops:
    """Writes the loops of one plan, with all that is in them."""

    plan: Plan
    settings: Settings
    parts: Parts
    sites: Sites
    batch: OneBatch

    def fit(self, t: Text, names: Names) -> None:
        """Everything that trains."""
        self.sites.write(t, names, "once_before")
        if any(s.placement == "best" for s in self.plan.used):
            t("best = 10.0")
        if not self._pass_apart and not self.batch.apart:
            self.batch.scaler(t)
        if "try" in self.plan.noise:
            with t.block("try:"):
                self._all(t, names)
            with t.block("except KeyboardInterrupt:"):
                t('print("interrupted")')
        else:
            self._all(t, names)
        self.sites.write(t, names, "once_after")

    @property
    def _pass_apart(self) -> bool:
        """Whether a pass over the data is a function of its own."""
        return self.plan.epochs and "epoch" in self.plan.cuts

    def _all(self, t: Text, names: Names) -> None:
        match self.plan.shape:
            case "epochs":
                self._epochs(t, names)
            case "full_batch":
                t("inputs, targets = torch.randn(24, 4), torch.randn(24, 1)")
                with t.block(f"for {self.plan.epoch_name} in range({self._bound('epochs', names)}):", "loop:flat"):
                    self.batch.write(t, names, "inputs", "targets", self.plan.epoch_name)
            case "one_pass":
                self._pass(t, names)
            case "steps":
                with t.block(f"for i in range({self._bound('total', names)}):", "loop:flat"):
                    t(f"x, y = next(iter({names.loader}))")
                    self.batch.write(t, names, "x", "y", "i")
            case "while_steps":
                self._while_steps(t, names)
            case _:
                t("done = 0")
                with t.block(f"while done < {self._bound('total', names)}:", "loop:epoch"):
                    self._epoch(t, names)
                    t(f"done += len({names.loader})")

    def _bound(self, name: str, names: Names) -> str:
        return self.settings.spelled(name, names)

    def _while_steps(self, t: Text, names: Names) -> None:
        t("i = 0")
        t(f"stream = iter({names.loader})")
        with t.block(f"while i < {self._bound('total', names)}:", "loop:flat"):
            with t.block("try:"):
                t("x, y = next(stream)")
            with t.block("except StopIteration:"):
                t(f"stream = iter({names.loader})")
                t("x, y = next(stream)")
            self.batch.write(t, names, "x", "y", "i", breaks=True)
            t("i += 1")

    def _epochs(self, t: Text, names: Names) -> None:
        epoch, bound, form = self.plan.epoch_name, self._bound("epochs", names), self.plan.epoch_loop
        if form == "resume":
            t("start = 0")
            with t.block('if os.path.exists("last.pt"):'):
                t('state = torch.load("last.pt")')
                t(f'{names.optimizers[0]}.load_state_dict(state["optimizer"])')
                t('start = state["epoch"]')
        elif form in ("while", "while_to", "forever"):
            t(f"{epoch} = {int(form == 'while_to')}")
        with t.block(EPOCHS[form].format(epoch=epoch, bound=bound), "loop:epoch"):
            if form == "count":
                with t.block(f"if {epoch} >= {bound}:"):
                    t("break")
            self._epoch(t, names)
            if form in ("while", "while_to", "forever"):
                t(f"{epoch} += 1")
            if form == "forever":
                with t.block(f"if {epoch} >= {bound}:"):
                    t("break")

    def _epoch(self, t: Text, names: Names) -> None:
        """What happens in an epoch."""
        noise = self.plan.noise
        self.sites.write(t, names, "epoch_start")
        extra = [self.plan.epoch_name] if self.plan.shape == "epochs" else []
        self.parts.write(t, "epoch", names, extra, self._pass)
        if "validate" in noise:
            t(f'print("metric", evaluate({names.model}, {names.val}))')
        self.sites.write(t, names, "epoch_end", "epoch_zero", "epoch_even", "best", "later", "by_flag:epoch")
        if "log" in noise:
            t(f'print({names.optimizers[0]}.param_groups[0]["lr"])')
        if "save" in noise:
            t(f'torch.save({{"optimizer": {names.optimizers[0]}.state_dict()}}, os.devnull)')
        if "stop_early" in noise:
            with t.block(f"if evaluate({names.model}, {names.val}) < 0.0:"):
                t("break")

    def _pass(self, t: Text, names: Names) -> None:
        """A pass over the data."""
        if self._pass_apart and not self.batch.apart:
            self.batch.scaler(t)
        t(f"{names.model}.train()")
        form = self.plan.batch_loop
        if form == "phases":
            self._phases(t, names)
            return
        if form in BEFORE:
            t(BEFORE[form].format(loader=names.loader))
        if form == "plain":
            header = HEADERS["enumerate"] if self._indexed else "for x, y in {loader}:"
        else:
            header = HEADERS[form]
        mark = "loop:flat" if self.plan.shape == "one_pass" else "loop:batch"
        with t.block(header.format(loader=names.loader), mark):
            if form in FIRST:
                t(FIRST[form])
            self.batch.write(t, names, "x", "y", "i", breaks=self.plan.shape != "while_passes")

    @property
    def _indexed(self) -> bool:
        """Whether the number of the batch is needed."""
        placements = {s.placement for s in self.plan.used}
        counting = {"last_batch", "every_few", "last_leave"}
        return bool(self.plan.accumulate or self.batch.apart or placements & counting)

    def _phases(self, t: Text, names: Names) -> None:
        """Training and validation in one loop over both."""
        t(f'loaders = {{"train": {names.loader}, "val": {names.val}}}')
        with t.block('for phase in ["train", "val"]:', "loop:phase"):
            with t.block("for i, (x, y) in enumerate(loaders[phase]):", "loop:batch"):
                with t.block('if phase == "train":'):
                    self.batch.write(t, names, "x", "y", "i")
                with t.block("else:"):
                    t(f"print((({names.model}(x) - y) ** 2).mean().item())")
            with t.block('if phase == "train":'):
                t('print("trained")')
                self.sites.write(t, names, "phase_end")
