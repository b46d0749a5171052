"""What a program sets (epochs, accumulation, which scheduler) and how that is spelled."""

from __future__ import annotations

from dataclasses import dataclass

from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.text import Line, Names, Text

EPOCHS, STEPS, ACCUMULATION = 6, 36, 2

TELLING = {"epochs": "epochs", "total": "max_steps", "accum": "accum_steps", "sched": "sched", "flag": "decay"}
NEUTRAL = {"epochs": "n", "total": "n", "accum": "k", "sched": "which", "flag": "on"}


@dataclass(frozen=True)
class Settings:
    """The settings of one plan."""

    plan: Plan

    def values(self) -> dict[str, object]:
        """Every setting with its value."""
        counted = self.plan.shape in ("epochs", "full_batch")
        values: dict[str, object] = {"epochs": EPOCHS} if counted else {"total": STEPS}
        if self.plan.accumulate:
            values["accum"] = ACCUMULATION
        if self.plan.alternatives:
            values["sched"] = "a"
        values["flag"] = True
        return values

    @property
    def names(self) -> dict[str, str]:
        """The identifier of each setting."""
        return NEUTRAL if "neutral" in self.plan.flags else TELLING

    @property
    def several_files(self) -> bool:
        """Whether the settings are needed in more than one file."""
        return bool(self.plan.flags & {"files", "base"})

    def spelled(self, name: str, names: Names) -> str:
        """A setting as it is spelled here."""
        identifier = self.names[name]
        match self.plan.settings:
            case "literal":
                return repr(self.values()[name])
            case "local":
                return names.prefix + identifier
            case "const":
                return ("config." if self.several_files else "") + identifier.upper()
            case "dict":
                return f'{names.prefix}cfg["{identifier}"]'
            case kind:
                return f"{names.prefix}{'args' if kind == 'args' else 'cfg'}.{identifier}"

    def carriers(self) -> list[str]:
        """The variables that a function must be given to know the settings."""
        if self.plan.settings == "local":
            return [self.names[name] for name in self.values()]
        return {"args": ["args"], "dict": ["cfg"], "object": ["cfg"]}.get(self.plan.settings, [])

    def assigned(self, *, upper: bool = False) -> list[str]:
        """An assignment for each setting."""
        identifiers = {name: self.names[name].upper() if upper else self.names[name] for name in self.values()}
        return [f"{identifiers[name]} = {value!r}" for name, value in self.values().items()]

    def write(self, t: Text) -> None:
        """Where the program begins: its settings."""
        match self.plan.settings:
            case "local":
                for line in self.assigned():
                    t(line)
            case "args":
                self._parse(t)
            case "dict":
                pairs = (f'"{self.names[name]}": {value!r}' for name, value in self.values().items())
                t(f"cfg = {{{', '.join(pairs)}}}")
            case "object":
                t("cfg = Config()")

    def _parse(self, t: Text) -> None:
        t("parser = argparse.ArgumentParser()")
        for name, value in self.values().items():
            kind = "type=int, " if isinstance(value, int) and not isinstance(value, bool) else ""
            t(f'parser.add_argument("--{self.names[name]}", {kind}default={value!r})')
        t("args = parser.parse_args()")

    def config(self) -> list[Line]:
        """The module of constants that programs of several files have, if they have one."""
        if self.plan.settings != "const" or not self.several_files:
            return []
        return [(line, "") for line in self.assigned(upper=True)]

    def declared(self, t: Text) -> None:
        """What stands at the top of the script."""
        if self.plan.settings == "const" and not self.several_files:
            for line in self.assigned(upper=True):
                t(line)
        if self.plan.settings == "object":
            with t.block("class Config:"):
                for line in self.assigned():
                    t(line)
