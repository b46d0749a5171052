"""Facts: what a module says, as plain data.

A module becomes a small ordered tree of frozen structs: which statements, in which order, inside which loop, under
which condition. There are no syntax nodes in it, no scopes and no inference; `schedlint.extract` makes it and nothing
else needs LibCST. The structs are msgspec tagged unions, so a tree can be written as MessagePack and read back without
ever running code.

What is inert is left out by the extractor: literals and docstrings standing alone, `pass`, bodies under
`if TYPE_CHECKING`.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Span(Struct, frozen=True, array_like=True, gc=False):
    """A range of the source text: rows and columns count from 1, columns in code points, the end is exclusive."""

    row: int
    column: int
    end_row: int
    end_column: int


# --- expressions ------------------------------------------------------------------------------------------------------


class Name(Struct, frozen=True, tag="name", array_like=True):
    """An identifier being read, stored to or deleted."""

    id: str
    at: Span


class Attribute(Struct, frozen=True, tag="attr", array_like=True):
    """`value.attr`; `at` is the whole dotted expression, from the first identifier in it to the end of `attr`."""

    value: Expr
    attr: str
    at: Span


class Argument(Struct, frozen=True, array_like=True):
    """One argument of a call. `star` is "", "*" or "**"; `at` is the keyword's own identifier where there is one."""

    value: Expr
    keyword: str | None = None
    star: str = ""
    at: Span | None = None


class Call(Struct, frozen=True, tag="call", array_like=True):
    """A call; `at` is the range of the callee (`scheduler.step`), from its first identifier to its last."""

    func: Expr
    arguments: tuple[Argument, ...]
    at: Span


class Constant(Struct, frozen=True, tag="const", array_like=True):
    """A literal `None`, `bool`, `int` (within 64 bits), `float` or `str`; every other literal is `Opaque`."""

    value: bool | int | float | str | None


class Subscript(Struct, frozen=True, tag="sub", array_like=True):
    """`value[index]`; several indices are a tuple `Sequence`; `at` is `value`, first identifier to last."""

    value: Expr
    index: Expr
    at: Span


class Slice(Struct, frozen=True, tag="slice", array_like=True):
    """`lower:upper:step` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Binary(Struct, frozen=True, tag="bin", array_like=True):
    """An arithmetic or bit operation; `op` is the source operator: `+ - * / // % ** @ << >> & | ^`."""

    op: str
    left: Expr
    right: Expr


class Unary(Struct, frozen=True, tag="un", array_like=True):
    """`op` is one of `- + ~ not`."""

    op: str
    operand: Expr


class BoolOp(Struct, frozen=True, tag="bool", array_like=True):
    """`and` / `or` over two or more values, flattened where the source chains them."""

    op: str
    values: tuple[Expr, ...]


class Compare(Struct, frozen=True, tag="cmp", array_like=True):
    """`left op1 right1 op2 right2 ...`; operators as in the source: `== != < <= > >= is`, `is not`, `in`, `not in`."""

    left: Expr
    operators: tuple[str, ...]
    comparators: tuple[Expr, ...]


class Sequence(Struct, frozen=True, tag="seq", array_like=True):
    """A display; `kind` is "list", "tuple" or "set"."""

    kind: str
    items: tuple[Expr, ...]


class Mapping(Struct, frozen=True, tag="map", array_like=True):
    """A dict display; a key of `None` stands for `**value`."""

    items: tuple[tuple[Expr | None, Expr], ...]


class Starred(Struct, frozen=True, tag="star", array_like=True):
    """`*value` in a display or an assignment target."""

    value: Expr


class Lambda(Struct, frozen=True, tag="lambda", array_like=True):
    """A lambda; `at` starts at its first identifier."""

    parameters: tuple[Parameter, ...]
    body: Expr
    at: Span | None


class Conditional(Struct, frozen=True, tag="cond", array_like=True):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


class Generator(Struct, frozen=True, array_like=True):
    """One `for target in iterable if ...` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


class Comprehension(Struct, frozen=True, tag="comp", array_like=True):
    """`kind` is "list", "set", "dict" or "generator"; `key` only for dicts."""

    kind: str
    key: Expr | None
    element: Expr
    generators: tuple[Generator, ...]


class NamedExpr(Struct, frozen=True, tag="walrus", array_like=True):
    """`(target := value)`."""

    target: Expr
    value: Expr


class Await(Struct, frozen=True, tag="await", array_like=True):
    """`await value`."""

    value: Expr


class Yield(Struct, frozen=True, tag="yield", array_like=True):
    """`yield value`, or `yield from value` when `delegates`."""

    value: Expr | None
    delegates: bool


class Interpolation(Struct, frozen=True, tag="fstr", array_like=True):
    """An f-string or t-string: the expressions in it, in order (format specifications included)."""

    parts: tuple[Expr, ...]


class Opaque(Struct, frozen=True, tag="opaque", array_like=True):
    """Anything else; `parts` are the expressions inside it that hold calls or names, so that nothing happens unseen."""

    parts: tuple[Expr, ...]


Expr: TypeAlias = (
    Name
    | Attribute
    | Call
    | Constant
    | Subscript
    | Slice
    | Binary
    | Unary
    | BoolOp
    | Compare
    | Sequence
    | Mapping
    | Starred
    | Lambda
    | Conditional
    | Comprehension
    | NamedExpr
    | Await
    | Yield
    | Interpolation
    | Opaque
)


# --- parts of statements ----------------------------------------------------------------------------------------------


class Parameter(Struct, frozen=True, array_like=True):
    """A parameter; `kind` is "positional" (before `/`), "normal", "keyword" (after `*`), "*" or "**"."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class Alias(Struct, frozen=True, array_like=True):
    """`name as asname` of an import; `at` is the name. For a star import `name` is "*" and `at` the word `import`."""

    name: str
    asname: str | None
    at: Span


class Handler(Struct, frozen=True, array_like=True):
    """`except type as name:` and its body."""

    type: Expr | None
    name: str | None
    body: tuple[Statement, ...]


class WithItem(Struct, frozen=True, array_like=True):
    """`value as target`."""

    value: Expr
    target: Expr | None


class Case(Struct, frozen=True, array_like=True):
    """One `case` of a match.

    `values` are the constants or dotted names that the pattern compares the subject with (several for `a | b`);
    `exact` says that the pattern is nothing but that comparison, or, with no values, that it is irrefutable (`case _`,
    `case name`). `names` are what the pattern binds.
    """

    values: tuple[Expr, ...]
    exact: bool
    names: tuple[str, ...]
    guard: Expr | None
    body: tuple[Statement, ...]


# --- statements -------------------------------------------------------------------------------------------------------
# `at` is the range of the first identifier of the statement, except where said otherwise.


class Assign(Struct, frozen=True, tag="assign", array_like=True):
    """`target = ... = value`."""

    targets: tuple[Expr, ...]
    value: Expr
    at: Span


class AnnAssign(Struct, frozen=True, tag="ann", array_like=True):
    """`target: annotation = value`."""

    target: Expr
    annotation: Expr
    value: Expr | None
    at: Span


class AugAssign(Struct, frozen=True, tag="aug", array_like=True):
    """`target op= value`; `op` without the equals sign."""

    target: Expr
    op: str
    value: Expr
    at: Span


class Do(Struct, frozen=True, tag="do", array_like=True):
    """An expression standing alone; kept only when it holds a name or a call."""

    value: Expr
    at: Span


class For(Struct, frozen=True, tag="for", array_like=True):
    """A for loop; `at` is the keyword `for`."""

    target: Expr
    iterable: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    at: Span


class While(Struct, frozen=True, tag="while", array_like=True):
    """A while loop; `at` is the keyword `while`."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    at: Span


class If(Struct, frozen=True, tag="if", array_like=True):
    """An if; `elif` is an `If` alone in `orelse`."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    at: Span | None


class Match(Struct, frozen=True, tag="match", array_like=True):
    """A match statement."""

    subject: Expr
    cases: tuple[Case, ...]


class Try(Struct, frozen=True, tag="try", array_like=True):
    """A try; `except*` is not told apart."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    finalbody: tuple[Statement, ...]


class With(Struct, frozen=True, tag="with", array_like=True):
    """A with statement, async or not."""

    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]


class Return(Struct, frozen=True, tag="return", array_like=True):
    """`return value`."""

    value: Expr | None
    at: Span | None


class Raise(Struct, frozen=True, tag="raise", array_like=True):
    """`raise value from cause`; the cause is dropped unless it calls something."""

    value: Expr | None


class Assert(Struct, frozen=True, tag="assert", array_like=True):
    """`assert test`."""

    test: Expr


class Delete(Struct, frozen=True, tag="del", array_like=True):
    """`del targets`."""

    targets: tuple[Expr, ...]


class Break(Struct, frozen=True, tag="break", array_like=True):
    """`break`."""


class Continue(Struct, frozen=True, tag="continue", array_like=True):
    """`continue`."""


class Scope(Struct, frozen=True, tag="scope", array_like=True):
    """`global names` or `nonlocal names`."""

    kind: str
    names: tuple[str, ...]


class FunctionDef(Struct, frozen=True, tag="def", array_like=True):
    """A function; `at` is its name.

    `mentions` is every identifier in the decorators, defaults and body, attribute names included, sorted: it answers
    "can this function have anything to do with X" without a walk. `stores` is every name that the body binds in its own
    scope (parameters, assignments, loops, imports, definitions, walrus), less its `global` and `nonlocal` names,
    sorted.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expr, ...]
    returns: Expr | None
    is_async: bool
    is_generator: bool
    mentions: tuple[str, ...]
    stores: tuple[str, ...]
    at: Span


class ClassDef(Struct, frozen=True, tag="class", array_like=True):
    """A class; `at` is its name; `arguments` holds the bases and keywords such as `metaclass`."""

    name: str
    arguments: tuple[Argument, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expr, ...]
    at: Span


class Import(Struct, frozen=True, tag="import", array_like=True):
    """`import a.b as c` (`module` is None, as in `from . import b`) or `from ..module import x as y`.

    `level` counts the dots, `at` is the first identifier, or the word `import` of `from . import *`.
    """

    module: str | None
    level: int
    names: tuple[Alias, ...]
    at: Span


Statement: TypeAlias = (
    Assign
    | AnnAssign
    | AugAssign
    | Do
    | For
    | While
    | If
    | Match
    | Try
    | With
    | Return
    | Raise
    | Assert
    | Delete
    | Break
    | Continue
    | Scope
    | FunctionDef
    | ClassDef
    | Import
)


# --- the module -------------------------------------------------------------------------------------------------------


class Comment(Struct, frozen=True, array_like=True):
    """A comment that speaks to linters (`# noqa`, `# schedlint: ...`, `# type:` is not kept).

    `first` to `last` are the rows of the logical line that it stands on or in; for a comment between logical lines,
    those of the next one (and of the definition, where that is a decorator), or its own row where none follows.
    """

    row: int
    column: int
    text: str
    first: int
    last: int

    @property
    def stands_there(self) -> bool:
        """Whether it stands on the logical line that it is about, and not above it."""
        return self.first <= self.row <= self.last


class ModuleFacts(Struct, frozen=True, array_like=True):
    """All that one file says. `mentions` is every identifier in it, sorted."""

    body: tuple[Statement, ...]
    comments: tuple[Comment, ...]
    mentions: tuple[str, ...]
