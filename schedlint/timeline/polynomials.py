"""Quantities in a form in which two can be compared: sums of products of symbols and lengths.

`24 * len(loader)` and `len(loader) * EPOCHS` are one polynomial where `EPOCHS = 24`; exponents may be negative
(`len(loader) / accum`). What is rounded is a factor of its own, with what was rounded inside, so that
`epochs * (len(loader) // accum)` equals itself and still lies within known bounds. Coefficients are exact.

Whatever is counted here (epochs, batches, lengths) is at least 1; nothing is assumed of other parts of a quantity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from itertools import product
from math import comb

from schedlint.timeline.arithmetic import number
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity, Symbol


@dataclass(frozen=True, slots=True)
class Factor:
    """A part that is not taken apart: a symbol, a length, or (with `inside`) a polynomial rounded down or up.

    Two with the same key are the same. `positive` says that it counts something, and so is at least 1.
    """

    key: str
    quantity: Quantity = field(compare=False)
    positive: bool = field(compare=False, default=True)
    rounds: str = field(compare=False, default="")
    inside: Polynomial | None = field(compare=False, default=None)


Product = tuple[tuple[Factor, int], ...]
"""Factors with their exponents, by key; empty is 1."""


@dataclass(frozen=True, slots=True)
class Polynomial:
    """How often each product is in a sum, by the keys of the products."""

    terms: tuple[tuple[Product, Fraction], ...] = ()

    def __add__(self, other: Polynomial) -> Polynomial:
        """The sum."""
        return _gathered((*self.terms, *other.terms))

    def __neg__(self) -> Polynomial:
        """The opposite."""
        return Polynomial(tuple((factors, -count) for factors, count in self.terms))

    def __sub__(self, other: Polynomial) -> Polynomial:
        """The difference."""
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        """The product."""
        pairs = product(self.terms, other.terms)
        return _gathered((_times(one, another), a * b) for (one, a), (another, b) in pairs)

    def over(self, other: Polynomial) -> Polynomial | None:
        """The quotient; None where the divisor is a sum, or zero."""
        if len(other.terms) != 1:
            return None
        factors, count = other.terms[0]
        inverse: Product = tuple((factor, -exponent) for factor, exponent in factors)
        return self * Polynomial(((inverse, 1 / count),))

    @property
    def constant(self) -> Fraction | None:
        """Its value, where it is a number."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number, given that what is counted is."""
        whole = all(count.denominator == 1 for _, count in self.terms)
        return whole and all(factor.positive and exponent > 0 for factor, exponent in self.factors())

    def factors(self) -> Iterator[tuple[Factor, int]]:
        """Every factor of every product with its exponent."""
        return (each for factors, _ in self.terms for each in factors)

    def ratio(self, other: Polynomial) -> Fraction | None:
        """How many times another one it is, where that is one number."""
        if not self.terms:
            return Fraction(0) if other.terms else None
        if not other.terms:
            return None
        ratio = self.terms[0][1] / other.terms[0][1]
        return ratio if not (self - plain(ratio) * other).terms else None


ZERO = Polynomial()


def plain(value: Fraction | float) -> Polynomial:
    """A number. A decimal fraction is what it was written as: 0.1 is a tenth."""
    exact = value if isinstance(value, Fraction) else Fraction(repr(value))
    return Polynomial((((), exact),)) if exact else ZERO


def _gathered(terms: Iterable[tuple[Product, Fraction]]) -> Polynomial:
    sums: dict[Product, Fraction] = {}
    for factors, count in terms:
        sums[factors] = sums.get(factors, Fraction(0)) + count
    kept = ((factors, count) for factors, count in sums.items() if count)
    return Polynomial(tuple(sorted(kept, key=lambda term: _name(term[0]))))


def _times(one: Product, other: Product) -> Product:
    exponents: dict[Factor, int] = dict(one)
    for factor, exponent in other:
        exponents[factor] = exponents.get(factor, 0) + exponent
    kept = ((factor, exponent) for factor, exponent in exponents.items() if exponent)
    return tuple(sorted(kept, key=lambda each: each[0].key))


def _name(factors: Product) -> str:
    return " ".join(f"{factor.key}^{exponent}" for factor, exponent in factors)


# --- from quantities and back -----------------------------------------------------------------------------------------


def single(factor: Factor) -> Polynomial:
    """One factor by itself."""
    return Polynomial(((((factor, 1),), Fraction(1)),))


def polynomial(quantity: Quantity, lengths: Mapping[int, Quantity] | None = None) -> Polynomial:
    """The quantity as a polynomial; `lengths` says what the lengths of some objects are made of."""
    value = number(quantity)
    if value is not None and abs(value) < _GREATEST:
        return plain(value)
    match quantity:
        case Symbol(key=key):
            return single(Factor(f"symbol {key}", quantity, _may_count(quantity)))
        case Length(object=object) if lengths and object in lengths:
            return polynomial(lengths[object], lengths)
        case Length(object=object, key=key, name=name):
            return single(Factor(f"length {object or key or name}", quantity))
        case Arithmetic(op=op, operands=operands):
            parts = [polynomial(operand, lengths) for operand in operands]
            return _WAYS.get(op, _opaque)(quantity, parts)
        case _:
            return _opaque(quantity, [])


def _may_count(symbol: Symbol) -> bool:
    """Whether a symbol may be taken for at least 1: an option that is 0 unless it is set may not."""
    default = number(symbol.default)
    return default is None or default >= 1


def _opaque(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    inside = " ".join(_name(factors) + f"*{count}" for part in parts for factors, count in part.terms)
    key = f"{quantity.op}({inside})" if parts and isinstance(quantity, Arithmetic) else repr(quantity)
    if len(key) > _LONGEST_KEY:
        key = sha256(key.encode()).hexdigest()
    return single(Factor(key, quantity, positive=False))


_LONGEST_KEY = 1000
"""A longer one is kept as its digest, so that what is nested deeply does not grow without end."""


def _sum(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    return reduce(Polynomial.__add__, parts)


def _difference(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    return reduce(Polynomial.__sub__, parts)


def _product(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    result = reduce(Polynomial.__mul__, parts)
    return result if _is_modest(result) else _opaque(quantity, [])


def _is_modest(value: Polynomial) -> bool:
    """Whether a person may have meant it: nobody multiplies a number of epochs by itself again and again."""
    few = len(value.terms) <= _MOST_TERMS and all(abs(count) < _GREATEST for _, count in value.terms)
    return few and all(abs(exponent) <= _MOST_FACTORS for _, exponent in value.factors())


def _quotient(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    result = parts[0].over(parts[1]) if len(parts) == 2 else None
    return _opaque(quantity, parts) if result is None else result


def _floored(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    result = parts[0].over(parts[1]) if len(parts) == 2 else None
    return _opaque(quantity, parts) if result is None else rounded("floor", result)


def _rounding(how: str) -> Callable[[Quantity, list[Polynomial]], Polynomial]:
    return lambda quantity, parts: rounded(how, parts[0])


def _nearest(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    return parts[0] if parts[0].is_whole else _opaque(quantity, parts)


def _first(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    return parts[0]


def _greatest(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    """`max(1, n)` is n where n counts something."""
    open_ended = [part for part in parts if part.constant is None or part.constant > 1]
    certain = len(open_ended) == 1 and is_positive(open_ended[0])
    return open_ended[0] if certain else _opaque(quantity, parts)


def _agreed(quantity: Quantity, parts: list[Polynomial]) -> Polynomial:
    return parts[0] if len(set(parts)) == 1 else _opaque(quantity, parts)


_WAYS: dict[str, Callable[[Quantity, list[Polynomial]], Polynomial]] = {
    "+": _sum,
    "sum": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
    "//": _floored,
    "int": _rounding("floor"),
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "round": _nearest,
    "float": _first,
    "neg": lambda quantity, parts: -parts[0],
    "max": _greatest,
    "or": _agreed,
}


def rounded(how: str, inside: Polynomial) -> Polynomial:
    """A polynomial rounded ("floor" or "ceil") to a whole number."""
    if inside.is_whole:
        return inside
    if inside.constant is not None:
        return plain(Fraction(math.floor(inside.constant) if how == "floor" else math.ceil(inside.constant)))
    key = f"{how}({' + '.join(f'{count} {_name(factors)}' for factors, count in inside.terms)})"
    counts = all(factor.positive for factor, _ in inside.factors())
    return single(Factor(key, _rounded_as_written(how, written(inside)), counts, how, inside))


def _rounded_as_written(how: str, inside: Quantity) -> Quantity:
    match inside:
        case Arithmetic(op="/", operands=(_, _) as operands) if how == "floor":
            return Arithmetic("//", operands)
        case _:
            return Arithmetic(how, (inside,))


def written(value: Polynomial) -> Quantity:
    """The polynomial as a quantity, as short as a person would write it."""
    if not value.terms:
        return Literal(0)
    ordered = sorted(value.terms, key=lambda term: (not term[0], term[1] < 0))
    result = _term(*ordered[0])
    for factors, count in ordered[1:]:
        result = Arithmetic("-" if count < 0 else "+", (result, _term(factors, abs(count))))
    return result


def _term(factors: Product, count: Fraction) -> Quantity:
    above = [factor.quantity for factor, exponent in _told(factors) for _ in range(exponent)]
    below = [factor.quantity for factor, exponent in _told(factors) for _ in range(-exponent)]
    if count.denominator > 1 and count.denominator <= _PLAIN_DIVISOR:
        below.append(Literal(count.denominator))
        count = Fraction(count.numerator)
    if count != 1 or not above:
        above.insert(0, Literal(int(count) if count.denominator == 1 else float(count)))
    top = above[0] if len(above) == 1 else Arithmetic("*", tuple(above))
    return Arithmetic("/", (top, *below)) if below else top


_PLAIN_DIVISOR = 10
"""A fraction with a greater divisor is better written as a decimal number."""


def _told(factors: Product) -> list[tuple[Factor, int]]:
    """Numbers of epochs before lengths, as people write them."""
    return sorted(factors, key=lambda each: not isinstance(each[0].quantity, Symbol))


# --- signs ------------------------------------------------------------------------------------------------------------


def is_positive(value: Polynomial) -> bool:
    """Whether it is above zero, whatever the values of what is counted are."""
    return any(_is_above_zero(each) for each in _no_greater(value))


def spare(value: Polynomial) -> Polynomial | None:
    """The most that a difference can be which is only one of roundings, up here and down there; None for any other."""
    least, most = _ceilings_as_floors(value), -_ceilings_as_floors(-value)
    return most if not least.terms and is_positive(most) else None


def unrounded(value: Polynomial) -> Polynomial:
    """The polynomial with nothing rounded in it."""
    while any(factor.inside is not None and exponent > 0 for factor, exponent in value.factors()):
        value = _replaced(value, lambda factor, least: factor.inside)
    return value


def divides(divisor: Polynomial, value: Polynomial) -> bool:
    """Whether something is divided by this in a polynomial: by all that is in it, or by a number of which it is one."""
    whole = unrounded(value)
    if divisor.constant is not None:
        return any(count.denominator > 1 for _, count in whole.terms)
    wanted = {factor for factor, exponent in divisor.factors() if exponent > 0}
    below = {factor for factor, exponent in whole.factors() if exponent < 0}
    return bool(wanted) and wanted <= below


def _no_greater(value: Polynomial) -> Iterator[Polynomial]:
    """The polynomial, and others that are surely no greater, with ever fewer rounded factors. What is rounded inside
    another rounding is kept at first: it may stand outside of one as well.
    """
    for start in (value, _replaced(value, _outer_bounds)):
        yield start
        least = start
        for how in (_ceilings_as_floors, _unrounded):
            least = how(least)
            yield least


def _ceilings_as_floors(value: Polynomial) -> Polynomial:
    """`ceil(x)` is at least `floor(x)` and at most one more."""
    return _replaced(value, lambda factor, least: _floor_of(factor, 0 if least else 1))


def _floor_of(factor: Factor, more: int) -> Polynomial | None:
    if factor.rounds != "ceil" or factor.inside is None:
        return None
    return rounded("floor", factor.inside) + plain(Fraction(more))


def _unrounded(value: Polynomial) -> Polynomial:
    """`floor(x)` is more than `x - 1` and at most `x`; `ceil(x)` at least `x` and less than `x + 1`."""
    return _replaced(value, _bounds)


def _bounds(factor: Factor, least: bool) -> Polynomial | None:
    if factor.inside is None:
        return None
    off = {("floor", True): -1, ("ceil", False): 1}.get((factor.rounds, least), 0)
    return factor.inside + plain(Fraction(off))


def _outer_bounds(factor: Factor, least: bool) -> Polynomial | None:
    inside = () if factor.inside is None else factor.inside.factors()
    return _bounds(factor, least) if any(inner.inside is not None for inner, _ in inside) else None


def _replaced(value: Polynomial, bound: Callable[[Factor, bool], Polynomial | None]) -> Polynomial:
    """The polynomial with each factor by which something is multiplied replaced by a bound of it: the lower one where
    the term is added, the upper one where it is taken away.
    """
    result = ZERO
    for factors, count in value.terms:
        term = plain(count)
        for factor, exponent in factors:
            instead = bound(factor, count > 0) if exponent > 0 else None
            one = single(factor) if instead is None else instead
            for _ in range(abs(exponent)):
                term = term * one if exponent > 0 else term * Polynomial(((((factor, -1),), Fraction(1)),))
        result = result + term
    return result


def _is_above_zero(value: Polynomial) -> bool:
    """Whether it is above zero for all factors of at least 1: written in what they are above 1, nothing is negative."""
    if not value.terms or not all(factor.positive for factor, _ in value.factors()):
        return False
    cleared = _cleared(value)
    if not _is_modest(cleared) or any(
        sum(exponent for _, exponent in each) > _MOST_FACTORS for each, _ in cleared.terms
    ):
        return False
    moved: dict[tuple[tuple[str, int], ...], Fraction] = {}
    for factors, count in cleared.terms:
        for powers in product(*(range(exponent + 1) for _, exponent in factors)):
            times = math.prod(comb(exponent, power) for (_, exponent), power in zip(factors, powers, strict=True))
            key = tuple((factor.key, power) for (factor, _), power in zip(factors, powers, strict=True) if power)
            moved[key] = moved.get(key, Fraction(0)) + count * times
    return moved.get((), Fraction(0)) > 0 and all(count >= 0 for count in moved.values())


_MOST_FACTORS, _MOST_TERMS, _GREATEST = 8, 32, 1e15
"""Beyond so many factors and terms, and so great a number, nobody wrote a number of steps."""


def _cleared(value: Polynomial) -> Polynomial:
    """The polynomial times whatever it is divided by."""
    least: dict[Factor, int] = {}
    for factor, exponent in value.factors():
        least[factor] = min(least.get(factor, 0), exponent)
    clearing: Product = tuple((factor, -exponent) for factor, exponent in sorted(least.items(), key=lambda e: e[0].key))
    kept: Product = tuple((factor, exponent) for factor, exponent in clearing if exponent)
    return value * Polynomial(((kept, Fraction(1)),))
