"""Values that are known: what an argument is, or what it is unless somebody says otherwise."""

from __future__ import annotations

from msgspec import Struct

from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.model import Confidence
from schedlint.timeline.quantity import Literal, Quantity, Symbol, symbols

FIRM = frozenset({"constant", "setting"})
"""Roles of symbols whose value cannot be another one."""


class Known(Struct, frozen=True):
    """The value of a quantity: certain, or likely where it is the default of something that may be given another one.

    `source` is the first such symbol; None for a value that is certain.
    """

    value: bool | int | float | str | None
    source: Symbol | None = None

    @property
    def confidence(self) -> Confidence:
        """How sure it is that the program runs with this value."""
        return Confidence.CERTAIN if self.source is None else Confidence.LIKELY

    @property
    def number(self) -> float | None:
        """The value, where it is a number."""
        return self.value if isinstance(self.value, (int, float)) and not isinstance(self.value, bool) else None

    def said(self, text: str = "") -> str:
        """How to say the value in a message: "0.1", "0.1, the default of `args.gamma`"."""
        shown = text or (f"{self.value:g}" if isinstance(self.value, float) else repr(self.value))
        return shown if self.source is None else f"{shown}, the default of `{self.source.name}`"


def known(quantity: Quantity | None) -> Known | None:
    """The value of a quantity, if it has one, defaults of options and fields taken for granted."""
    if quantity is None:
        return None
    open_ones = (symbol for symbol in symbols(quantity) if symbol.role not in FIRM)
    source = next((symbol for symbol in open_ones if symbol.default is not None), None)
    plain = defaulted(quantity)
    if isinstance(plain, Literal):
        return Known(plain.value, source)
    value = number(plain)
    return None if value is None else Known(value, source)
