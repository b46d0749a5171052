"""What a program sets (epochs, accumulation, which scheduler) and how that is spelled."""

from __future__ import annotations

from dataclasses import dataclass

from tests.timeline.random_programs.plans import Plan
from tests.timeline.random_programs.text import Line, Names, Text

EPOCHS, STEPS, ACCUMULATION = 6, 36, 2

MILESTONES = [2, 4]

TELLING = {
    "epochs": "epochs", "total": "max_steps", "accum": "accum_steps", "sched": "sched", "flag": "decay",
    "milestones": "milestones",
}  # fmt: skip
NEUTRAL = {"epochs": "n", "total": "n", "accum": "k", "sched": "which", "flag": "on", "milestones": "ms"}

OTHERWISE = {"epochs": 12, "total": 72, "accum": 4, "sched": "b", "milestones": [3, 5]}
"""What a setting is under another condition."""

HELP = {
    "epochs": "number of epochs", "total": "number of iterations", "accum": "batches per update",
    "sched": "which schedule", "flag": "whether to decay", "milestones": "when to decay",
}  # fmt: skip

VARIABLES = ("local", "default", "choice", "environment")
"""The settings that are variables of the program."""


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
        if any(s.kind == "MultiStepLR" for s in self.plan.used):
            values["milestones"] = MILESTONES
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
            case kind if kind in VARIABLES:
                return names.prefix + identifier
            case "const":
                return ("config." if self.several_files else "") + identifier.upper()
            case "dict":
                return f'{names.prefix}cfg["{identifier}"]'
            case kind:
                return f"{names.prefix}{'args' if kind == 'args' else 'cfg'}.{identifier}"

    def carriers(self) -> list[str]:
        """The variables that a function must be given to know the settings."""
        if self.plan.settings in VARIABLES:
            return [self.names[name] for name in self.values()]
        held = {"args": ["args"], "dict": ["cfg"], "object": ["cfg"], "dataclass": ["cfg"]}
        return held.get(self.plan.settings, [])

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
            case "default":
                self._parse(t)
                for name, value in self.values().items():
                    given = f"args.{self.names[name]}"
                    t(f"{self.names[name]} = {f'not {given}' if name == 'flag' else f'{given} or {value!r}'}")
            case "choice":
                t('large = os.environ.get("LARGE") == "1"')
                for name, value in self.values().items():
                    chosen = (
                        f"{OTHERWISE[name]!r} if large else {value!r}"
                        if name in OTHERWISE
                        else self._environment(name, value)
                    )
                    t(f"{self.names[name]} = {chosen}")
            case "environment":
                for name, value in self.values().items():
                    t(f"{self.names[name]} = {self._environment(name, value)}")
            case "dict":
                pairs = (f'"{self.names[name]}": {value!r}' for name, value in self.values().items())
                t(f"cfg = {{{', '.join(pairs)}}}")
            case "object" | "dataclass":
                t("cfg = Config()")

    def _environment(self, name: str, value: object) -> str:
        """A setting that the environment may have another value for."""
        variable = self.names[name].upper()
        match value:
            case bool():
                return f'os.environ.get("{variable}", "1") == "1"'
            case int():
                return f'int(os.environ.get("{variable}", {value}))'
            case str():
                return f'os.environ.get("{variable}", "{value}")'
            case _:
                return repr(value)

    def _parse(self, t: Text) -> None:
        t("parser = argparse.ArgumentParser()")
        for name, value in self.values().items():
            t(f'parser.add_argument("--{self.names[name]}"{self._option(name, value)})')
        t("args = parser.parse_args()")

    def _option(self, name: str, value: object) -> str:
        """What an option is declared with, behind its name."""
        number = isinstance(value, int) and not isinstance(value, bool)
        parts = [", type=int"] if number or isinstance(value, list) else []
        parts += [', nargs="+"'] if isinstance(value, list) else []
        parts += [f", default={value!r}"] if self.plan.settings == "args" else []
        parts += [f', help="{HELP[name]}"'] if "help" in self.plan.flags else []
        return "".join(parts)

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
        if self.plan.settings == "dataclass":
            t("@dataclass")
            with t.block("class Config:"):
                for name, value in self.values().items():
                    given = f"field(default_factory=lambda: {value!r})" if isinstance(value, list) else repr(value)
                    t(f"{self.names[name]}: {type(value).__name__} = {given}")
