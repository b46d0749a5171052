"""What a quantity takes from a configuration file, as evidence."""

from __future__ import annotations

import os

from schedlint.timeline.quantity import Quantity, spelled, symbols
from schedlint.timeline.reading import Evidence


def standing(quantity: Quantity | None) -> tuple[Evidence, ...]:
    """Each value in a quantity that stands in a configuration file: what it is, and where."""
    found = []
    for symbol in symbols(quantity):
        if symbol.role in ("setting", "preset") and symbol.default is not None and symbol.place is not None:
            file = os.path.basename(symbol.place.path)
            unless = "" if symbol.role == "setting" else ", unless it is overridden"
            found.append(Evidence(f"`{symbol.name}` is {spelled(symbol.default)} in {file}{unless}", symbol.place))
    return tuple(dict.fromkeys(found))
