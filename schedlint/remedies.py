"""What would put a mistake right, as rules say it: changes to places, and no text of the program.

`schedlint.fixes` makes text edits of them, or finds that it cannot: then the finding has its hint in words alone.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from schedlint.place import Place


class Applicability(str, Enum):
    """Whether a program does the same after a fix, but for what was reported."""

    SAFE = "safe"
    UNSAFE = "unsafe"  # it may train in another way: that is what people want, and must look at


class Rename(Struct, frozen=True, tag="rename"):
    """The last identifier of a dotted name at a place becomes another one."""

    at: Place
    name: str


class DropArgument(Struct, frozen=True, tag="drop argument"):
    """The argument for a parameter of a call is left out. `call` is the place of the callee, `position` the index of
    the parameter among positional ones (None: it can only be given by keyword).
    """

    call: Place
    parameter: str
    position: int | None = None


class SetArgument(Struct, frozen=True, tag="set argument"):
    """The argument for a parameter of a call becomes another text; where there is none, it is added by keyword."""

    call: Place
    parameter: str
    text: str
    position: int | None = None


class WrapArgument(Struct, frozen=True, tag="wrap argument"):
    """The argument for a parameter of a call is put into a template, `int({})`; with `each`, every item of the list or
    tuple that it is. Operands of weaker operators get the parentheses that the template needs: `{} * len(loader)`.
    """

    call: Place
    parameter: str
    template: str
    position: int | None = None
    each: bool = False


class SwapArguments(Struct, frozen=True, tag="swap arguments"):
    """The values of two arguments of a call take each other's place, as they are written."""

    call: Place
    parameters: tuple[str, str]
    positions: tuple[int | None, int | None]


class RenameArgument(Struct, frozen=True, tag="rename argument"):
    """The keyword of an argument becomes another one."""

    call: Place
    parameter: str
    name: str


class AddParentheses(Struct, frozen=True, tag="add parentheses"):
    """What stands at a place is called, without arguments."""

    at: Place


class Mirror(Struct, frozen=True, tag="mirror"):
    """What is saved or loaded of one object at a call is saved or loaded of another one as well, under a key that says
    so. `call` is the place of the callee, `optimizer.state_dict`, and `receiver` spells the other object.
    """

    call: Place
    receiver: str


class EndOf(Struct, frozen=True, tag="end of"):
    """The end of the body of a loop; `loop` is the place of its `for` or `while`."""

    loop: Place


class After(Struct, frozen=True, tag="after"):
    """Right behind the statement in which something stands."""

    place: Place


class Before(Struct, frozen=True, tag="before"):
    """Before the statement of a loop's own body in which something stands; `loop` is as in `EndOf`."""

    loop: Place
    place: Place


Spot: TypeAlias = EndOf | After | Before


class Move(Struct, frozen=True, tag="move"):
    """The statement that is a call alone goes elsewhere, with the `if x is not None:` around it. `step` is the place of
    the callee.
    """

    step: Place
    to: Spot


class Insert(Struct, frozen=True, tag="insert"):
    """One more statement."""

    text: str
    to: Spot


Change: TypeAlias = (
    Rename
    | DropArgument
    | SetArgument
    | SwapArguments
    | WrapArgument
    | RenameArgument
    | AddParentheses
    | Mirror
    | Move
    | Insert
)


class Remedy(Struct, frozen=True):
    """Changes that belong together; `title` says in a few words what they do: "call `get_last_lr()`"."""

    title: str
    changes: tuple[Change, ...]
    applicability: Applicability = Applicability.UNSAFE
