"""Words that are not known, and what may have been meant: for settings, selectors and comments alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

CODE = re.compile(r"([A-Z]+)[0-9]+")
"""A code of a linter: its letters, and the number of the rule."""

LONGEST = 60
"""So much of a word that is not understood is repeated, or compared with those that are."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of the known words, in any case of letters, that may have been meant."""
    from difflib import SequenceMatcher, get_close_matches  # what a run without mistakes does not need

    spelled = {each.lower(): each for each in known if not _are_of_others(word, each)}
    wrong = word[:LONGEST].lower()
    near = get_close_matches(wrong, spelled, n=len(spelled) or 1)
    alike = {each: SequenceMatcher(None, each, wrong).ratio() for each in near}
    best = max(near, key=lambda each: (alike[each], _in_place(wrong, each)), default=None)
    return None if best is None else spelled[best]


def _in_place(word: str, known: str) -> int:
    """How many characters of two words stand in the same place."""
    return sum(one == other for one, other in zip(word, known, strict=False))


def _are_of_others(word: str, known: str) -> bool:
    """Whether two words are codes of different linters, alike by their numbers alone: `E501` and `LRS501`."""
    letters = [found[1] for found in map(CODE.fullmatch, (word.upper(), known)) if found is not None]
    return len(letters) == 2 and len(set(letters[0]) & set(letters[1])) < 2


def meant(word: str, known: Iterable[str]) -> str:
    """What to say behind a word that is none of those known: the nearest of them, if any is near."""
    best = nearest(word, known)
    return "" if best is None else f"; did you mean `{best}`?"
