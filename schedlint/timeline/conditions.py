"""What conditions say about each other: whether two can hold at once, and both of them as one.

A condition is a conjunction of tests about values (`schedlint.timeline.model.Test`). Nothing here knows where a
condition came from or what it guards.
"""

from __future__ import annotations

from functools import lru_cache

from schedlint.timeline.model import Condition, Test

Constant = bool | int | float | str | None

LIMIT = 4
"""The most tests that a condition keeps; what is dropped makes it hold more often, never less."""

_KEPT = 1 << 15
"""How many answers are kept: a run asks the same questions at every join, about ten times each."""


def denied(test: Test) -> Test:
    """The opposite of a test."""
    return Test(test.symbol, test.operator, test.constant, not test.positive, test.text)


@lru_cache(_KEPT)
def contradicts(one: Condition, other: Condition) -> bool:
    """Whether the two cannot hold at once; False where it is not known."""
    tests = one + other
    if any(_opposed(a, b) for index, a in enumerate(tests) for b in tests[index + 1 :] if a.symbol == b.symbol):
        return True
    return any(_exhausted(test, tests) for test in tests)


@lru_cache(_KEPT)
def conjoin(one: Condition, other: Condition) -> Condition | None:
    """Both conditions as one of at most four tests, or None if they contradict each other.

    A test that another one implies is left out. Where there are too many, what one symbol is not is said in one test
    (an `elif` chain is one), then denied tests are dropped before others and outer ones before inner ones.
    """
    if contradicts(one, other):
        return None
    kept = list(dict.fromkeys(one + other))
    for test in tuple(kept):
        if any(_implies(better, test) for better in kept if better is not test):
            kept.remove(test)
    if len(kept) > LIMIT:
        kept = _folded(kept)
    while len(kept) > LIMIT:
        kept.remove(next((test for test in kept if not test.positive), kept[0]))
    return tuple(kept)


def _folded(tests: list[Test]) -> list[Test]:
    """The tests with all denied equalities of one symbol as one denied `in`."""
    refused: dict[str, list[Test]] = {}
    for test in tests:
        if not test.positive and test.operator in ("==", "in"):
            refused.setdefault(test.symbol, []).append(test)
    folded = [_none_of(same) if len(same) > 1 else same[0] for same in refused.values()]
    return [*folded, *(test for test in tests if test not in refused.get(test.symbol, ()))]


def _none_of(same: list[Test]) -> Test:
    """One denied `in` for several denied tests of one symbol."""
    values: dict[Constant, None] = {}
    for test in same:
        values.update(dict.fromkeys(test.constant if isinstance(test.constant, tuple) else (test.constant,)))
    name = same[0].text.partition(f" {same[0].operator} ")[0]
    return Test(same[0].symbol, "in", tuple(values), False, f"{name} in {tuple(values)!r}")


def _values(test: Test) -> tuple[Constant, ...] | None:
    """The only values that a test lets through, if they are few."""
    if not test.positive:
        return None
    if test.operator in ("==", "is") and not isinstance(test.constant, tuple):
        return (test.constant,)
    if test.operator == "in" and isinstance(test.constant, tuple):
        return test.constant
    return None


def _holds(test: Test, value: Constant) -> bool | None:
    """Whether a test holds for a value that equals `value`; None if that cannot be said."""
    truth = _truth(test, value)
    if truth is None or test.positive:
        return truth
    identity_unsure = test.operator == "is" and isinstance(value, int | float)
    return None if truth and identity_unsure else not truth


def _truth(test: Test, value: Constant) -> bool | None:
    """Whether the statement of a test, its polarity aside, is true of `value`."""
    constant = test.constant
    match test.operator:
        case "==" | "is":
            return value == constant
        case "in":
            return value in constant if isinstance(constant, tuple) else None
        case "truth":
            return bool(value)
        case "contains":
            return constant in value if isinstance(value, str) and isinstance(constant, str) else None
        case "<" | "<=":
            return _less(test.operator, value, constant)
        case _:
            return None


def _less(operator: str, value: object, limit: object) -> bool | None:
    if not isinstance(value, int | float) or not isinstance(limit, int | float):
        return None
    return value < limit if operator == "<" else value <= limit


def _exhausted(test: Test, tests: Condition) -> bool:
    """Whether each of the few values that `test` lets through is refused by one of `tests` on the same symbol."""
    values = _values(test)
    if values is None:
        return False
    same = [other for other in tests if other.symbol == test.symbol]
    return all(any(_holds(other, value) is False for other in same) for value in values)


def _implies(strong: Test, weak: Test) -> bool:
    if strong.symbol != weak.symbol:
        return False
    values = _values(strong)
    return values is not None and all(_holds(weak, value) for value in values)


def _opposed(a: Test, b: Test) -> bool:
    """Whether two tests of one symbol exclude each other by their operators alone."""
    if a.operator == b.operator == "isinstance":
        return a.positive is not b.positive and _narrower(*((a, b) if a.positive else (b, a)))
    if a.operator == b.operator and a.constant == b.constant:
        return a.positive is not b.positive
    if {a.operator, b.operator} <= {"<", "<="}:
        return _apart(a, b) or _apart(b, a)
    return False


def _narrower(yes: Test, no: Test) -> bool:
    """Whether every class that `yes` allows is one that `no` refuses."""
    return set(_classes(yes)) <= set(_classes(no))


def _classes(test: Test) -> tuple[Constant, ...]:
    return test.constant if isinstance(test.constant, tuple) else (test.constant,)


def _apart(below: Test, above: Test) -> bool:
    """Whether `below` keeps the value under a limit that `above` keeps it over."""
    if not below.positive or above.positive:
        return False
    top, bottom = below.constant, above.constant
    if not isinstance(top, int | float) or not isinstance(bottom, int | float):
        return False
    touching = below.operator == "<=" and above.operator == "<"
    return top < bottom or (top == bottom and not touching)
