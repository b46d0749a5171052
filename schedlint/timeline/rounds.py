"""How many rounds of one loop there are, and how many of them a guard lets through.

Both are limits, as polynomials: the least and the most that it can be. What is not known has no upper limit, and zero
as its lower one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from schedlint.timeline.arithmetic import defaulted
from schedlint.timeline.model import Confidence, Guard, GuardKind, Iterated, Loop
from schedlint.timeline.polynomials import ZERO, Polynomial, is_positive, plain, polynomial, rounded
from schedlint.timeline.quantity import Arithmetic, Quantity, symbols
from schedlint.timeline.reading import weakest

ONE = plain(Fraction(1))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number between two limits (`most` is None: without end); `reason` says why the limits are not the same."""

    least: Polynomial
    most: Polynomial | None
    confidence: Confidence = Confidence.CERTAIN
    reason: str = ""

    @property
    def exact(self) -> Polynomial | None:
        """The number, where both limits are the same."""
        return self.least if self.least == self.most else None

    def __mul__(self, other: Amount) -> Amount:
        """The product."""
        most = None if self.most is None or other.most is None else self.most * other.most
        confidence = weakest(self.confidence, other.confidence)
        return Amount(self.least * other.least, most, confidence, self.reason or other.reason)

    def __add__(self, other: Amount) -> Amount:
        """The sum."""
        most = None if self.most is None or other.most is None else self.most + other.most
        confidence = weakest(self.confidence, other.confidence)
        return Amount(self.least + other.least, most, confidence, self.reason or other.reason)

    def at_most(self, reason: str) -> Amount:
        """The number or less."""
        return replace(self, least=ZERO, reason=self.reason or reason)

    def at_least(self, reason: str) -> Amount:
        """The number or more."""
        return replace(self, most=None, reason=self.reason or reason)


def just(value: Polynomial, confidence: Confidence = Confidence.CERTAIN) -> Amount:
    """A number that is known."""
    return Amount(value, value, confidence)


def unknown(reason: str) -> Amount:
    """A number that may be anything."""
    return Amount(ZERO, None, Confidence.CERTAIN, reason)


def rounds(loop: Loop) -> Amount:
    """How many rounds of a loop there are."""
    if loop.partial or loop.is_while or loop.iterates is Iterated.COUNT:
        return unknown(f"how many rounds `{loop.head}` has is not known")
    bound = loop.bound if loop.iterates is Iterated.RANGE else loop.length
    if bound is None:
        return unknown(f"how many rounds `{loop.head}` has is not known")
    whole = polynomial(bound)
    start = polynomial(loop.start) if loop.start is not None else ZERO
    between = whole - start
    amount = just(ZERO if between.constant is not None and between.constant < 0 else between)
    anyhow = None if loop.start is None else _apart(loop.start, bound)
    if anyhow is not None:
        amount = anyhow
    elif loop.start is not None and between.constant is None and start.constant is None:
        fresh = beginning(loop.start)
        known = None if fresh is None else just(whole - plain(fresh), Confidence.LIKELY)
        amount = known or just(whole).at_most(f"`{loop.head}` may begin anywhere")
    return amount.at_most(f"`{loop.head}` may be left early") if loop.left else amount


def _apart(start: Quantity, bound: Quantity) -> Amount | None:
    """The rounds of `range(start, start + n)`, which are n wherever it begins; None for any other bound."""
    starts, bounds = _each(start), _each(bound)
    betweens = {end - begin for begin, end in zip(starts, bounds, strict=False)}
    between = betweens.pop()
    moved = {factor for begin in starts for factor, _ in begin.factors()}
    if betweens or len(starts) != len(bounds) or moved.intersection(factor for factor, _ in between.factors()):
        return None
    confidence = Confidence.CERTAIN if len(starts) == 1 else Confidence.LIKELY
    return just(between, confidence) if moved and is_positive(between) else None


def _each(quantity: Quantity) -> list[Polynomial]:
    """The values that a quantity may have."""
    if isinstance(quantity, Arithmetic) and quantity.op == "or":
        return [polynomial(one) for one in quantity.operands]
    return [polynomial(quantity)]


def beginning(start: Quantity) -> float | None:
    """Where a loop begins in a run that goes on from no other one: a default, or the least of the values that may be;
    None where no number is known.
    """
    if isinstance(start, Arithmetic) and start.op in ("or", "max"):
        known = [one for one in map(beginning, start.operands) if one is not None]
        return None if not known else min(known) if start.op == "or" else max(known)
    value = polynomial(defaulted(start) or start).constant
    return None if value is None else float(value)


def fresh(quantity: Quantity) -> Quantity:
    """What a quantity is in a run that goes on from no other one: of several values the one that is known."""
    if not isinstance(quantity, Arithmetic):
        return quantity
    parts = tuple(map(fresh, quantity.operands))
    known = [part for part in parts if quantity.op == "or" and beginning(part) is not None]
    return known[0] if len(known) == 1 else Arithmetic(quantity.op, parts)


def varies(loop: Loop, guards: tuple[Guard, ...], counted: frozenset[int]) -> bool:
    """Whether the number of rounds, or what a guard tests, is another one in each round of a loop around."""
    parts: list[Quantity | None] = [loop.bound, loop.start, loop.length]
    parts += [part for guard in guards for part in (guard.period, guard.limit)]
    return any(symbol.loop in counted for part in parts for symbol in symbols(part))


COUNTING = frozenset(GuardKind) - {GuardKind.FLAG}
"""Guards that let only some rounds through; a setting is part of the condition."""


def let_through(loop: Loop, guards: tuple[Guard, ...]) -> Amount:
    """How many rounds of a loop the guards that test its counter let through."""
    amount = rounds(loop)
    counting = tuple(dict.fromkeys(guard for guard in guards if guard.kind in COUNTING))
    if not counting:
        return amount
    if len(counting) > 1 or amount.exact is None:
        return amount.at_most("several tests stand before it" if len(counting) > 1 else "")
    guard = counting[0]
    limit = _limit(loop, guard)
    open_end = amount.at_most(f"how often `{guard.text}` holds is not known")
    match guard.kind:
        case GuardKind.LAST:
            return just(ONE, Confidence.LIKELY)
        case GuardKind.NEUTRAL:  # all but the last
            return replace(open_end, least=amount.least - ONE)
        case GuardKind.PERIODIC if guard.period is not None:
            return _every(amount.exact, polynomial(guard.period), limit, guard)
        case GuardKind.FIRST if limit is not None:
            return _cut(limit, amount.exact) or open_end
        case GuardKind.LATER if limit is not None:
            return _cut(amount.exact - limit, amount.exact) or open_end
        case GuardKind.ONCE:
            known = limit is not None and (limit == ZERO or is_positive(limit)) and is_positive(amount.exact - limit)
            return just(ONE) if known else just(ONE).at_most(f"`{guard.text}` may never hold")
        case _:
            return open_end


def _limit(loop: Loop, guard: Guard) -> Polynomial | None:
    """A guard's limit, where the rounds of the loop count from 0."""
    if guard.limit is None or loop.first is None:
        return None
    first, limit = polynomial(loop.first), polynomial(guard.limit)
    return limit + first if guard.kind is GuardKind.PERIODIC else limit - first


def _cut(wanted: Polynomial, whole: Polynomial) -> Amount | None:
    """A number of rounds, of all that there are."""
    if wanted.constant is not None and wanted.constant <= 0:
        return just(ZERO)
    if wanted == whole or is_positive(wanted - whole):
        return just(whole)
    return just(wanted) if is_positive(whole - wanted) and is_positive(wanted) else None


def _every(whole: Polynomial, period: Polynomial, offset: Polynomial | None, guard: Guard) -> Amount:
    """Every k rounds: those in which the number of the round, counted from `offset`, is a multiple of k."""
    share = whole.over(period)
    if share is None or (period.constant is not None and period.constant < 1):
        return just(whole).at_most(f"how often `{guard.text}` holds is not known")
    if offset is not None:
        if ONE in (offset, offset + period):
            return just(rounded("floor", share))
        if offset == ZERO:
            return just(rounded("ceil", share))
        if whole.constant is not None and period.constant and offset.constant is not None:
            return just(plain(_multiples(offset.constant, whole.constant, period.constant)))
    about = f"`{guard.text}` leaves open what is done with the rest"
    confidence = Confidence.CERTAIN if offset is not None else Confidence.LIKELY
    return Amount(share - ONE, share + ONE, confidence, about)


def _multiples(offset: Fraction, whole: Fraction, period: Fraction) -> Fraction:
    """How many multiples of the period are among so many numbers from the offset on."""
    return Fraction((offset + whole - 1) // period - (offset - 1) // period)
