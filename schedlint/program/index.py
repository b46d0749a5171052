"""Where the classes and functions of a file stand: inside which class, inside which functions."""

from __future__ import annotations

from dataclasses import dataclass

from schedlint import facts
from schedlint.program.symbols import Assigned, Class, Function, Module
from schedlint.program.walk import Block, scope_statements


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a definition: the class whose body holds it, if any, and the functions around, outermost first."""

    owner: Class | None = None
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Every class and function of a file, nested and local ones included, in source order, with what is around each.

    `rebound` holds the module-level names that some function stores to with `global`.
    """

    classes: dict[Class, Around]
    functions: dict[Function, Around]
    rebound: dict[str, Assigned]


def index(module: Module) -> Index:
    """Find all definitions of a file in one walk over its statements."""
    made = Index({}, {}, {})
    stack: list[tuple[Block, Around]] = [(module.facts.body, Around())]
    while stack:
        body, around = stack.pop()
        inner: list[tuple[Block, Around]] = []
        for statement in scope_statements(body):
            if isinstance(statement, facts.ClassDef):
                cls = Class(module, statement, statement.at)
                made.classes[cls] = around
                inner.append((statement.body, Around(cls, around.functions)))
            elif isinstance(statement, facts.FunctionDef):
                function = Function(module, statement, statement.at, around.owner)
                made.functions[function] = around
                inner.append((statement.body, Around(None, (*around.functions, function))))
            elif isinstance(statement, facts.Scope) and statement.kind == "global" and around.functions:
                for name in statement.names:
                    made.rebound.setdefault(name, Assigned(module, None, around.functions[-1].at))
        stack.extend(reversed(inner))
    return made
