"""Conditions in words, for whoever reads a message or a timeline."""

from __future__ import annotations

import re

from schedlint.timeline.model import Condition, Test

OPPOSITES = {"==": "!=", "is": "is not", "in": "not in", "<": ">=", ">": "<="}
OPPOSITES |= {new: old for old, new in OPPOSITES.items()}
COMPARISON = re.compile(r" (is not|not in|is|in|==|!=|<=|>=|<|>) ")
COMPOUND = re.compile(r"^not | (?:and|or|if|else) ")
PLAIN = re.compile(r"[\w.]+(\([^()]*\)|\[[^][]*\])?")


def said(condition: Condition) -> str:
    """The tests of a condition, joined: `args.sched == 'cos' and not args.resume`; "" for always."""
    return " and ".join(map(_literal, condition))


def _literal(test: Test) -> str:
    """A test as one would write it, its denial included: `args.sched != 'cos'`."""
    return test.text if test.positive else _denied(test.text)


def _denied(text: str) -> str:
    """The opposite of a test: `a != b` for `a == b`."""
    operators = COMPARISON.findall(text)
    if len(operators) == 1 and not COMPOUND.search(text):
        return COMPARISON.sub(f" {OPPOSITES[operators[0]]} ", text)
    return f"not {text}" if PLAIN.fullmatch(text) else f"not ({text})"
