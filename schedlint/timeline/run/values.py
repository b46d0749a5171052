"""What a variable can hold during an abstract run.

A `Value` is a tuple of options, never empty: a thing and the condition under which the variable holds it. Scalars are
quantities (see `schedlint.timeline.quantity`); a lone `Symbol` is "unknown", with an identity and a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from schedlint import facts
from schedlint.program.symbols import Class, Function, Module
from schedlint.timeline.conditions import conjoin, contradicts
from schedlint.timeline.model import Condition, Written
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol

MOST_OPTIONS = 16
"""A value with more possibilities than this is unknown (design, section 4)."""

CHOSEN_BY_NAME = "an attribute chosen by name"

TOO_MANY = f"it has more than {MOST_OPTIONS} possibilities"


@dataclass(frozen=True, slots=True)
class Ref:
    """An object on the heap: tracked (optimizer, scheduler, loader, dataset), an instance of a project class, a list
    or a dict.
    """

    id: int


@dataclass(frozen=True, slots=True)
class Routine:
    """A project function with the frames it closes over; one defined in another has the values of its defaults."""

    function: Function
    frames: tuple[int, ...] = ()
    defaults: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class BoundRoutine:
    """A method bound to an instance (or to a class, for a classmethod)."""

    routine: Routine
    receiver: Thing


@dataclass(frozen=True, slots=True)
class LambdaRoutine:
    """A lambda with the frames it closes over and the values of its defaults."""

    node: facts.Lambda = field(compare=False, repr=False)
    at: facts.Span | None
    module: Module
    frames: tuple[int, ...]
    defaults: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectClass:
    """A class of the project as a value; a class defined inside a function keeps the frames around it."""

    cls: Class
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project as a value."""

    module: Module


@dataclass(frozen=True, slots=True)
class Foreign:
    """A module, class or function outside the project, by its canonical qualified name."""

    qualified: str


@dataclass(frozen=True, slots=True)
class ForeignMember:
    """`getattr(module, name)` with an unknown name: some member of a foreign module or class."""

    qualified: str
    name: Quantity


@dataclass(frozen=True, slots=True)
class ForeignObject:
    """An instance of a foreign class that matters by its methods (a GradScaler, an ArgumentParser).

    `name` is the variable that it goes to.
    """

    qualified: str
    key: str
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of something that is not a project instance, taken without being called: `step = scheduler.step`."""

    receiver: Thing
    name: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A tuple, or the content of a list: its items as far as they are known, and what further items may be."""

    items: tuple[Value, ...]
    rest: Value | None = None

    @property
    def whole(self) -> bool:
        """Whether these are all the items there are."""
        return self.rest is None


@dataclass(frozen=True, slots=True)
class Table:
    """The content of a dict: the entries with constant keys, and what other entries may hold. `open` are the keys that
    are there at times alone.
    """

    entries: tuple[tuple[bool | int | float | str | None, Value], ...]
    rest: Value | None = None
    open: frozenset[bool | int | float | str | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Spread:
    """A numeric range: `range(start, stop)`; a missing stop is endless. `strides` says that it goes by steps that may
    not be 1.
    """

    start: Quantity | None
    stop: Quantity | None
    strides: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Something to iterate, seen through a view: what it draws from, and the shape of one item.

    `shape` is "same", "counted" or "zipped". `sources` are the values drawn from (several for `zip`); `name` spells it.
    `partial` says that not everything may be drawn; `first` is what a "counted" one counts from.
    """

    shape: str
    sources: tuple[Value, ...]
    name: str
    endless: bool = False
    partial: bool = False
    first: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """`optimizer.param_groups`, or (`one`) a single group of it."""

    optimizer: Ref
    one: bool = False


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(target, ...)`."""

    target: Thing
    arguments: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` inside a method of `after`."""

    receiver: Thing
    after: Class


@dataclass(frozen=True, slots=True)
class FilePath:
    """A path as the program spells it, absolute or relative to where it is started. It is not `sure` where only the
    default of an option says so.
    """

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open for reading, or the text in it."""

    path: FilePath


Thing: TypeAlias = (
    Literal
    | Symbol
    | Length
    | Arithmetic
    | Items
    | Curve
    | Ref
    | Routine
    | BoundRoutine
    | LambdaRoutine
    | ProjectClass
    | ProjectModule
    | Foreign
    | ForeignMember
    | ForeignObject
    | Method
    | Pack
    | Table
    | Spread
    | Stream
    | Groups
    | Partial
    | Super
    | FilePath
    | OpenFile
)

SCALARS = (Literal, Symbol, Length, Arithmetic, Items, Curve)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a variable may hold, and when."""

    thing: Thing
    when: Condition = ()


Value: TypeAlias = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An argument as passed: `star` is "", "*" or "**"; `unpacked` says that it comes out of one of these, `open` that
    it is there at times alone. `expression` is what stands in the call.
    """

    value: Value
    keyword: str | None = None
    star: str = ""
    expression: facts.Expr | None = None
    unpacked: bool = False
    open: bool = False

    @property
    def written(self) -> Written:
        """How it is given in the call."""
        if self.unpacked or self.star:
            return Written.AT_TIMES if self.open else Written.UNPACKED
        return Written.POSITION if self.keyword is None else Written.KEYWORD


NONE = Literal(None)


def just(thing: Thing) -> Value:
    """The value that is always this thing."""
    return (Option(thing),)


def only(value: Value) -> Thing | None:
    """The one thing that the value holds, whatever the condition; None where there are several."""
    return value[0].thing if len(value) == 1 else None


def is_none(thing: Thing) -> bool:
    """Whether the thing is the constant None."""
    return isinstance(thing, Literal) and thing.value is None


def literal(value: Value) -> bool | int | float | str | None:
    """The constant that the value is; None where it is not one constant (or is None)."""
    thing = only(value)
    return thing.value if isinstance(thing, Literal) else None


def derived(symbol: Symbol, suffix: str, loop: int | None = None) -> Symbol:
    """What is read from an unknown value: unknown too, with an identity of its own."""
    return Symbol(
        key=symbol.key + suffix,
        name=symbol.name + suffix,
        reason=symbol.reason,
        loop=symbol.loop if loop is None else loop,
        place=symbol.place,
    )


def under(value: Value, condition: Condition) -> Value:
    """The options that can hold under the condition; all of them where none can (an impossible path says nothing)."""
    if not condition or len(value) == 1:
        return value
    left = tuple(option for option in value if not contradicts(option.when, condition))
    return left or value


def alternatives(parts: Iterable[tuple[Value, Condition]], key: str) -> Value:
    """The union of several values, each under a condition; unknown (a symbol with this key) beyond the cap."""
    found: dict[Thing, Condition] = {}
    for value, condition in parts:
        for option in value:
            when = conjoin(option.when, condition) if condition else option.when
            if when is None:
                continue
            before = found.setdefault(option.thing, when)
            if before is not when:
                found[option.thing] = common(before, when)
    lost = next((thing for thing in found if isinstance(thing, Symbol) and thing.reason == TOO_MANY), None)
    if lost is not None:
        return just(lost)  # some of its possibilities are not known any more: so it stays unknown
    if len(found) > MOST_OPTIONS:
        return just(Symbol(key=key, name="?", reason=TOO_MANY))
    if not found:
        return just(Symbol(key=key, name="?", reason="its conditions contradict each other"))
    return tuple(Option(thing, when) for thing, when in found.items())


def common(one: Condition, other: Condition) -> Condition:
    """The tests that both conditions hold: the weakest condition that covers both."""
    return tuple(test for test in one if test in other)
