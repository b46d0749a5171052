"""Comparisons read as statements about loop counters: accumulation, the last batch, warm-up windows."""

from __future__ import annotations

from dataclasses import dataclass

from schedlint.timeline.model import GuardKind
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity, Symbol, symbols

COUNTING = ("index", "counter")
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a comparison means on its two sides; `loop` is the loop whose counter it tests, `period` what it is tested
    against, `limits` what makes the kind of each side exact (`Guard.limit`).
    """

    then: GuardKind
    orelse: GuardKind
    loop: int = 0
    period: Quantity | None = None
    limits: tuple[Quantity | None, Quantity | None] = (None, None)


NO_REST = Literal(0)
UNKNOWN = Reading(GuardKind.UNKNOWN, GuardKind.UNKNOWN)
FLAG = Reading(GuardKind.FLAG, GuardKind.FLAG)
NEUTRAL = Reading(GuardKind.NEUTRAL, GuardKind.NEUTRAL)


def read_comparison(thing: Quantity, loops: tuple[int, ...]) -> Reading:
    """What the truth of this quantity means for how often the code behind it runs, inside these loops."""
    if any(symbol.loop and symbol.loop not in loops for symbol in symbols(thing)):
        return UNKNOWN  # what a loop before this one left behind counts nothing here
    if any("get_scale" in symbol.name or "found_inf" in symbol.name for symbol in symbols(thing)):
        return NEUTRAL
    if isinstance(thing, Arithmetic):
        if thing.op == "%":
            return swapped(remainder(thing))
        if len(thing.operands) == 2 and thing.op in FLIPPED:
            return read_two(thing.op, thing.operands[0], thing.operands[1])
    return plain(thing)


def plain(thing: Quantity) -> Reading:
    """A quantity in which no counter is compared: configuration if nothing in it changes, else not understood."""
    return UNKNOWN if any(symbol.loop for symbol in symbols(thing)) else FLAG


def swapped(reading: Reading) -> Reading:
    """The reading of the denied test."""
    return Reading(reading.orelse, reading.then, reading.loop, reading.period, reading.limits[::-1])


def read_two(op: str, left: Quantity, right: Quantity) -> Reading:
    """`left op right`, the counter brought to the left."""
    if counter(left) is None and counter(right) is not None:
        left, right, op = right, left, FLIPPED[op]
    count = counter(left)
    if count is None:
        return plain(Arithmetic(op, (left, right)))
    if isinstance(right, Literal) and isinstance(right.value, (str, bool, type(None))):
        return plain(Arithmetic(op, (left, right)))
    if isinstance(left, Arithmetic) and left.op == "%" and op in ("==", "!="):
        reading = remainder(left, right)
        return reading if op == "==" else swapped(reading)
    if count.role == "parameter" and not countable(count.name):
        return plain(Arithmetic(op, (left, right)))
    if op in ("==", "!="):
        reading = once(count, right, shift(left, count))
        return reading if op == "==" else swapped(reading)
    return window(op, count, right, shift(left, count))


def shift(quantity: Quantity, count: Symbol) -> Quantity | None:
    """What is added to a loop's index in a quantity that is just that; None where it is anything else."""
    if count.role != "index":
        return None
    match quantity:
        case Symbol() if quantity == count:
            return Literal(0)
        case Arithmetic(op="+", operands=(Symbol() as index, Literal() as added)) if index == count:
            return added
        case Arithmetic(op="+", operands=(Literal() as added, Symbol() as index)) if index == count:
            return added
        case Arithmetic(op="-", operands=(Symbol() as index, Literal() as taken)) if index == count:
            return Arithmetic("neg", (taken,))
        case _:
            return None


def moved(limit: Quantity, shifted: Quantity | None, by: int = 0) -> Quantity | None:
    """A limit for the index itself, where what is compared is the index and `shifted` more."""
    return None if shifted is None else Arithmetic("+", (Arithmetic("-", (limit, shifted)), Literal(by)))


def counter(quantity: Quantity) -> Symbol | None:
    """The innermost loop counter in the quantity; a parameter of an unknown caller that is called like one counts."""
    found = [symbol for symbol in symbols(quantity) if symbol.role in COUNTING and symbol.loop]
    if found:
        return max(found, key=lambda symbol: symbol.loop)
    return next((symbol for symbol in symbols(quantity) if symbol.role == "parameter" and countable(symbol.name)), None)


def countable(name: str) -> bool:
    """Whether a parameter's name says that it counts epochs, batches or steps."""
    return name.split("_")[-1].rstrip("s") in {
        "epoch",
        "step",
        "iter",
        "iteration",
        "idx",
        "i",
        "it",
        "batch",
        "ep",
        "e",
    }


def remainder(modulo: Arithmetic, rest: Quantity = NO_REST) -> Reading:
    """`counter % period == 0` (or any other rest)."""
    count, period = counter(modulo.operands[0]), modulo.operands[1]
    if count is None:
        return plain(modulo)
    if epoch_length(period):
        return Reading(GuardKind.LAST, GuardKind.NEUTRAL, count.loop, period)
    added = shift(modulo.operands[0], count)
    limit = None if added is None else Arithmetic("-", (added, rest))
    return Reading(GuardKind.PERIODIC, GuardKind.UNKNOWN, count.loop, period, (limit, None))


def once(count: Symbol, right: Quantity, shifted: Quantity | None) -> Reading:
    """`counter == something`."""
    if epoch_length(right):
        return Reading(GuardKind.LAST, GuardKind.NEUTRAL, count.loop, right)
    if isinstance(right, Literal) and right.value == 0:
        limits = moved(right, shifted), moved(right, shifted, by=1)
        return Reading(GuardKind.ONCE, GuardKind.LATER, count.loop, right, limits)
    if counter(right) is not None:
        return UNKNOWN
    return Reading(GuardKind.ONCE, GuardKind.UNKNOWN, count.loop, right, (moved(right, shifted), None))


def window(op: str, count: Symbol, right: Quantity, shifted: Quantity | None) -> Reading:
    """`counter < something` and its like."""
    if counter(right) is not None and counter(right) != count:
        return UNKNOWN
    if epoch_length(right):
        ends = op in (">", ">=")
        return Reading(
            *((GuardKind.LAST, GuardKind.NEUTRAL) if ends else (GuardKind.NEUTRAL, GuardKind.LAST)), count.loop, right
        )
    limit = moved(right, shifted, by=1 if op in ("<=", ">") else 0)
    if op in ("<", "<="):
        return Reading(GuardKind.FIRST, GuardKind.LATER, count.loop, right, (limit, limit))
    return Reading(GuardKind.LATER, GuardKind.FIRST, count.loop, right, (limit, limit))


def epoch_length(quantity: Quantity) -> bool:
    """Whether the quantity is the number of batches in an epoch, give or take a constant."""
    match quantity:
        case Length(kind="loader"):
            return True
        case Length(name=name):
            return "loader" in name.lower() or name.lower().rsplit(".", 1)[-1] in ("dl", "batches")
        case Arithmetic(op="-" | "+", operands=(left, Literal())):
            return epoch_length(left)
        case Symbol(name=name):
            last = name.lower().rsplit(".", 1)[-1]
            return last in {
                "num_batches",
                "n_batches",
                "nb",
                "batches_per_epoch",
                "steps_per_epoch",
                "iters_per_epoch",
                "total_batches",
            }
        case _:
            return False
