"""What a sentence of a page says in numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Claim(NamedTuple):
    """A sentence of a page and the numbers in it, as `{}`; `true` computes them, in order."""

    code: str
    sentence: str
    numbers: tuple[str, ...]
    true: Callable[[], tuple[float, ...]]
