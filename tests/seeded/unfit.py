"""Why a program is not made: the edit would be no mistake there, or it cannot be made."""

from __future__ import annotations


class Unfit(Exception):
    """The edit does not fit a candidate; the text is the reason."""


def require(fits: object, reason: str) -> None:
    """Raise Unfit with the reason unless the condition holds."""
    if not fits:
        raise Unfit(reason)
