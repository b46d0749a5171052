"""Quantities: the scalar values that an abstract run carries, kept as small expressions.

A number in a training program is rarely known, but where it comes from is: `args.epochs`, `len(loader) * epochs`,
`int(0.1 * total_steps)`. A quantity keeps that: literals, symbols with an identity, lengths, and arithmetic over them.
`schedlint.timeline.units` reads the unit off it.

Quantities are also the run's unknown values: whatever is not understood is a `Symbol` that says why.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from schedlint.place import Place as Place


class Literal(Struct, frozen=True, tag="literal"):
    """A constant: `None`, `bool`, `int`, `float` or `str`."""

    value: bool | int | float | str | None


class Text(str, Enum):
    """What a command line gives for an option whose characters are left as they are."""

    WHOLE = "a string"
    LIST = "a list of strings"
    CHARACTERS = "a list of characters"  # `type=list`


class Symbol(Struct, frozen=True, tag="symbol"):
    """A value that is not known but has an identity: two equal keys are the same value.

    `name` is how the program spells it (`args.epochs`, `cfg['T_max']`, `num_epochs`). `role` says what kind of thing
    it is:

    - "unknown": no more is known; `reason` says why
    - "parameter": a parameter of a function whose caller is not known
    - "option": a command-line option; `default` and `help` are its
    - "index": the counter of loop `loop` (of `range`, `enumerate`), `element`: an item of its iterable
    - "counter": changed in loop `loop` (`global_step += 1`)
    - "carried": likewise, but not by a constant: what the round before has left, or what was there before the loop
    - "step": the parameter of a schedule function, that is the number of `.step()` calls so far
    - "constant": a number that the program gives a telling name (`EPOCHS = 24`); `default` is its value, and certain
    - "field": a dataclass or configuration field; `default` is its
    - "setting": a value in a configuration file that the program loads, at `place`; `default` is the value, and certain
    - "preset": likewise, where the command line or another file may say something else

    `loop` is the innermost loop in which the value is made anew (0: none): a value with a loop varies. `text` says in
    which form the characters of a command line come, where nothing makes numbers of them.
    """

    key: str
    name: str
    role: str = "unknown"
    reason: str = ""
    loop: int = 0
    default: Quantity | None = None
    help: str = ""
    place: Place | None = None
    text: Text | None = None


class Length(Struct, frozen=True, tag="length"):
    """`len(of)`. `kind` is "loader", "dataset", "sampler", "list" or "unknown"; `object` is the id of a tracked
    loader or dataset, or 0.
    """

    kind: str
    name: str
    object: int = 0
    key: str = ""


class Arithmetic(Struct, frozen=True, tag="arithmetic"):
    """`op` over operands: `+ - * / // % **`, or a function that keeps or mixes units: `int float round ceil floor abs
    max min sum cos sin exp sqrt log pow`, or `compare` / `choose` (`a if test else b`: operands test, a, b), `neg`,
    `or`.
    """

    op: str
    operands: tuple[Quantity, ...]


class Items(Struct, frozen=True, tag="items"):
    """A list or tuple of quantities, such as milestones; `whole` is False where there may be more or others."""

    items: tuple[Quantity, ...]
    whole: bool = True


class Curve(Struct, frozen=True, tag="curve"):
    """A schedule function `parameter -> value`: `results` is what it may return, as quantities over `parameter`.

    It is `exact` where it is known which of them it returns when, and `steady` where nothing else that it reads is
    bound to another value later.
    """

    parameter: Symbol
    results: tuple[Quantity, ...]
    exact: bool = True
    steady: bool = True


Quantity: TypeAlias = Literal | Symbol | Length | Arithmetic | Items | Curve


_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in")
_LEVELS = (
    ("choose",), ("or",), ("and",), ("not",), _COMPARISONS, ("|",), ("^",), ("&",), ("<<", ">>"), ("+", "-"),
    ("*", "/", "//", "%", "@"), ("neg",), ("**",),
)  # fmt: skip

BINDING = {op: level for level, ops in enumerate(_LEVELS, start=1) for op in ops}
"""How strongly each operator of Python binds; what is not here is written as a call."""

TIGHT = len(_LEVELS) + 1
"""How strongly names, calls and displays hold together."""

LEFT_TO_RIGHT = frozenset({"|", "^", "&", "<<", ">>", "+", "-", "*", "/", "//", "%", "@"})
"""Operators that are evaluated from the left, so that `(a - b) - c` needs no parentheses."""


def spelled(quantity: Quantity) -> str:
    """The quantity as a person would write it: `epochs * len(train_loader)`; a list of which not all is known ends in
    `…`.
    """
    match quantity:
        case Literal(value=value):
            return repr(value)
        case Symbol(name=name):
            return name
        case Length(name=name):
            return f"len({name})"
        case Items(items=items, whole=whole):
            return "[" + ", ".join([*map(spelled, items), *([] if whole else ["…"])]) + "]"
        case Curve(parameter=parameter, results=results):
            return f"{parameter.name} -> " + " or ".join(map(spelled, results))
        case Arithmetic(op="neg" | "not" as op, operands=(operand,)):
            return ("-" if op == "neg" else "not ") + _inside(operand, _binding(quantity))
        case Arithmetic(op="choose", operands=(test, body, orelse)):
            parts = [_inside(part, _binding(quantity) + 1) for part in (body, test)]
            return " if ".join(parts) + f" else {_inside(orelse, _binding(quantity))}"
        case Arithmetic(op=op, operands=operands) if op not in BINDING:
            return f"{op}(" + ", ".join(map(spelled, operands)) + ")"
        case Arithmetic(op=op, operands=operands):
            own = _binding(quantity)
            chains = op in LEFT_TO_RIGHT
            parts = [_inside(part, own if chains and not index else own + 1) for index, part in enumerate(operands)]
            return f" {op} ".join(parts)


def grouped(quantity: Quantity) -> str:
    """`spelled`, in parentheses where it needs them as one of several alternatives."""
    return _inside(quantity, BINDING["or"] + 1)


def _inside(quantity: Quantity, least: int) -> str:
    """`spelled`, in parentheses unless it binds as strongly as its surroundings demand."""
    text = spelled(quantity)
    return text if _binding(quantity) >= least else f"({text})"


def _binding(quantity: Quantity) -> int:
    """How strongly a quantity holds together when it is written."""
    match quantity:
        case Curve():
            return 0
        case Literal(value=int() | float() as value) if value < 0:
            return BINDING["neg"]
        case Arithmetic(op=op):
            return BINDING.get(op, TIGHT)
        case _:
            return TIGHT


def symbols(quantity: Quantity | None) -> tuple[Symbol, ...]:
    """Every symbol in the quantity, in order, repetitions included."""
    match quantity:
        case Symbol():
            return (quantity,)
        case Arithmetic(operands=parts) | Items(items=parts) | Curve(results=parts):
            return tuple(symbol for part in parts for symbol in symbols(part))
        case _:
            return ()
