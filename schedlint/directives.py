"""What a comment says to linters: the grammar of `# noqa` and `# schedlint: ...`, whatever it may be said about.

`# noqa` is read as flake8 reads it. To schedlint one says `ignore`, `ignore[LRS101, a-rule] reason`, `steps=batch` and
`horizon=epochs`, several of them with commas or blanks between; another `#` ends what is said. Where some words are not
understood, the others count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from schedlint.misspelled import LONGEST, nearest

VALUES = {
    "steps": ("batch", "update", "epoch"),
    "horizon": ("epochs", "batches", "updates"),
}
"""What can be told: of a step how often it happens, of a construction in which unit its horizon was written."""

_FORMS = "say `ignore[LRS101]`, `steps=batch` or `horizon=epochs`"
_NOQA = re.compile(r"#\s*noqa\b(?::\s?(?P<codes>(?:[a-z]+[0-9]+[,\s]*)+))?", re.IGNORECASE | re.ASCII)
_OURS = re.compile(r"#\s*schedlint:\s*(?P<said>[^#]*)", re.IGNORECASE)
_ALL = re.compile(r"ignore\s*\Z", re.IGNORECASE)
_SOME = re.compile(r"ignore\s*\[(?P<rules>[^\]]*)\][\s,]*", re.IGNORECASE)
_TOLD = re.compile(r"(?P<key>[\w-]+)\s*=\s*(?P<value>[\w-]*)[\s,]*")
_TOLD_AFTER = re.compile(rf"(?:{'|'.join(VALUES)})\s*=", re.IGNORECASE)
_CODE = re.compile(r"[a-z]+[0-9]+", re.IGNORECASE | re.ASCII)
_RULE = re.compile(r"[^\s,]+")


class Silence(Struct, frozen=True):
    """Findings are not to be reported: those of the rules that `rules` name, or all where it is empty.

    `noqa` tells what is said to every linter, so that it may name what is no rule of ours.
    """

    rules: tuple[str, ...]
    noqa: bool


class Telling(Struct, frozen=True):
    """A fact that the author knows; `key` and `value` are as in `VALUES`."""

    key: str
    value: str

    @property
    def text(self) -> str:
        """How it is said: `# schedlint: steps=batch`."""
        return f"# schedlint: {self.key}={self.value}"


class Unclear(Struct, frozen=True):
    """Words said to schedlint that it does not understand, and what to say instead."""

    words: str
    hint: str


Directive: TypeAlias = Silence | Telling | Unclear


def directives(comment: str) -> Iterator[Directive]:
    """Everything that a comment says to linters."""
    for noqa in _NOQA.finditer(comment):
        yield Silence(tuple(_CODE.findall(noqa["codes"] or "")), noqa=True)
    for ours in _OURS.finditer(comment):
        yield from _said(ours["said"])


def cut(words: str) -> str:
    """The beginning of what may be many words."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _said(text: str) -> Iterator[Directive]:
    """What is said in one go, piece by piece."""
    if not text:
        yield Unclear("", _FORMS)
    position = 0
    while position < len(text):
        if some := _SOME.match(text, position):
            yield _silence(some)
            position = some.end() if _TOLD_AFTER.match(text, some.end()) else len(text)  # else it is the reason
        elif told := _TOLD.match(text, position):
            yield _telling(told["key"].lower(), told["value"].lower(), told)
            position = told.end()
        else:
            yield Silence((), noqa=False) if _ALL.match(text, position) else _stray(text[position:], alone=not position)
            return


def _silence(some: re.Match[str]) -> Directive:
    rules = tuple(_RULE.findall(some["rules"]))
    return Silence(rules, noqa=False) if rules else _unclear(some[0], "name the rules, or say `ignore` for all")


def _telling(key: str, value: str, told: re.Match[str]) -> Directive:
    """`key=value`, if there are such a key and such a value."""
    if value in VALUES.get(key, ()):
        return Telling(key, value)
    if key == "ignore":
        return _unclear(told[0], f"did you mean `ignore[{told['value']}]`?")
    meant = key if key in VALUES else nearest(key, VALUES)
    if meant is None:
        return _unclear(told[0], _FORMS)
    best = nearest(value, VALUES[meant])
    choice = ", ".join(f"`{meant}={each}`" for each in VALUES[meant])
    return _unclear(told[0], f"did you mean `{meant}={best}`?" if best else f"say one of {choice}")


def _stray(text: str, *, alone: bool) -> Unclear:
    """Words that are neither a rule to ignore nor a fact."""
    codes = _CODE.findall(text[:LONGEST])
    if not text.lower().startswith("ignore"):
        return _unclear(text, _FORMS if alone else "other words go behind another `#`")
    if codes:
        return _unclear(text, f"did you mean `ignore[{', '.join(codes)}]`?")
    return _unclear(text, "a reason follows the rules: `ignore[LRS101] reason`")


def _unclear(text: str, hint: str) -> Unclear:
    return Unclear(cut(text.strip(" \t,")), hint)
