"""Lines of source text with marks, and how things are spelled where a line is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

Line = tuple[str, str]
"""A line and its mark: what it is, by the program's truth ("" for most)."""

BLANK: list[Line] = [("", ""), ("", "")]


class Text:
    """Lines of one part of a file."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.depth = 0

    def __call__(self, text: str, mark: str = "") -> None:
        """Add a line."""
        self.lines.append(("    " * self.depth + text if text else "", mark))

    def add(self, other: Text) -> None:
        """Add the lines of another text, indented as deep as this one is."""
        for line, mark in other.lines:
            self(line, mark)

    @contextmanager
    def block(self, header: str, mark: str = "") -> Iterator[None]:
        """Add a header, and what is added meanwhile below it."""
        self(header, mark)
        self.depth += 1
        yield
        self.depth -= 1


@dataclass(frozen=True)
class Names:
    """How things are spelled where code is written; `handed` is what a function must be given to know them."""

    model: str = "model"
    optimizers: tuple[str, ...] = ("optimizer", "optimizer_b")
    schedulers: tuple[str, ...] = ("scheduler", "scheduler_b")
    loader: str = "loader"
    val: str = "val_loader"
    prefix: str = ""
    handed: tuple[str, ...] = ()

    def spelled(self, template: str, handed: tuple[str, ...] = ()) -> Names:
        """The same names, each put into a template such as `self.{}`."""
        return replace(
            self,
            model=template.format(self.model),
            optimizers=tuple(map(template.format, self.optimizers)),
            schedulers=tuple(map(template.format, self.schedulers)),
            loader=template.format(self.loader),
            val=template.format(self.val),
            handed=handed,
        )

    def renamed(self) -> Names:
        """Other names for all of them, as a function's parameters may have."""

        def new(name: str) -> str:
            return RENAMED.get(name, name)

        return Names(
            model=new(self.model),
            optimizers=tuple(map(new, self.optimizers)),
            schedulers=tuple(map(new, self.schedulers)),
            loader=new(self.loader),
            val=new(self.val),
            handed=tuple(map(new, self.handed)),
        )


ON_SELF = replace(Names().spelled("self.{}"), prefix="self.")

RENAMED = {
    "model": "net",
    "optimizer": "opt",
    "optimizer_b": "other",
    "scheduler": "lr_sched",
    "scheduler_b": "second",
    "loader": "batches",
    "val_loader": "held_out",
}
