"""What a name in a program stands for, before anything is run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from schedlint import facts


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module of the program: its file, its name (for messages) and its facts. Compared by identity."""

    path: str
    name: str
    facts: facts.ModuleFacts = field(repr=False)


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method of the project; `owner` is the class whose body defines it."""

    module: Module
    node: facts.FunctionDef = field(compare=False, repr=False)
    at: facts.Span
    owner: Class | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the project, defined at module or class level (a local class has its own `at`)."""

    module: Module
    node: facts.ClassDef = field(compare=False, repr=False)
    at: facts.Span


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the project as a value (`import engine`)."""

    module: Module


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project, by the name it was imported under, made canonical: `torch.optim.SGD`, `numpy`."""

    qualified: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment `name = value` at module or class level.

    `value` is None where the name is bound in a way that has no expression: a loop, unpacking, `+=`, `global`.
    """

    module: Module
    value: facts.Expr | None = field(compare=False, repr=False)
    at: facts.Span


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not found or not one thing; says why."""

    reason: str


Symbol: TypeAlias = Function | Class | ModuleRef | External | Assigned | Unknown
