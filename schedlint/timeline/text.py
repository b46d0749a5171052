"""The nodes of a module, each with what is around it and with what it is there for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from schedlint import facts
from schedlint.program.walk import nodes
from schedlint.timeline.gone import ASKING
from schedlint.timeline.understood import Role

CHECKS = frozenset({"isinstance", "issubclass"})

FIELD_ROLES: dict[tuple[type[Struct], str], Role] = {
    (facts.ClassDef, "arguments"): Role.BASE,
    (facts.FunctionDef, "returns"): Role.ANNOTATION,
    (facts.Parameter, "annotation"): Role.ANNOTATION,
    (facts.AnnAssign, "annotation"): Role.ANNOTATION,
}

KEPT_INSIDE = (facts.Argument, facts.Sequence, facts.Binary, facts.Subscript, facts.Starred)
"""What a name may stand in and still have the role of the whole."""


class Found(Struct, frozen=True):
    """A node, with its role and the node that it stands in."""

    node: Struct
    role: Role = Role.OTHER
    outer: Found | None = None

    @property
    def around(self) -> Iterator[Struct]:
        """What is around it, innermost first."""
        outer = self.outer
        while outer is not None:
            yield outer.node
            outer = outer.outer


def walked(body: tuple[facts.Statement, ...]) -> Iterator[Found]:
    """Every node of a module, in no order that matters."""
    stack = [Found(statement) for statement in body]
    while stack:
        found = stack.pop()
        yield found
        for field in found.node.__struct_fields__:
            value = getattr(found.node, field)
            inner = [each for each in _structs(value) if not isinstance(each, facts.Span)]
            stack += [Found(each, _role_in(found, field, index), found) for index, each in enumerate(inner)]


def _role_in(found: Found, field: str, index: int) -> Role:
    """The role of what stands in a field of a node, as the item `index` of what is there."""
    node = found.node
    if isinstance(node, KEPT_INSIDE):
        return found.role
    if isinstance(node, facts.Call) and field == "arguments" and index and is_call_of(node, CHECKS):
        return Role.CHECK
    return FIELD_ROLES.get((type(node), field), Role.OTHER)


def _structs(value: object) -> Iterator[Struct]:
    """The nodes in the value of a field."""
    if isinstance(value, Struct):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _structs(each)


def is_call_of(node: facts.Call, names: frozenset[str]) -> bool:
    """Whether a call is one of a function so called, with several arguments."""
    return isinstance(node.func, facts.Name) and node.func.id in names and len(node.arguments) > 1


def asks_for_a_version(node: Struct, flags: Container[str] = ()) -> bool:
    """Whether a test asks for a version, by a name that says so or by one of the `flags`, or for the parameters that
    something has.
    """
    return isinstance(node, (facts.If, facts.Conditional)) and _is_about_a_version(node.test, flags)


def version_flags(walk: Iterable[Found]) -> frozenset[str]:
    """The names that a module gives to what comes of asking for a version."""
    assigned = (found.node for found in walk if isinstance(found.node, facts.Assign))
    asking = (node for node in assigned if _is_about_a_version(node.value, ()))
    return frozenset(target.id for node in asking for target in node.targets if isinstance(target, facts.Name))


def _is_about_a_version(test: facts.Expr, flags: Container[str]) -> bool:
    names = [each.id if isinstance(each, facts.Name) else each.attr for each in _names_in(test)]
    return any(name in flags or ASKING.search(name) for name in names)


def _names_in(expr: Struct) -> Iterator[facts.Name | facts.Attribute]:
    return (each for each in nodes(expr) if isinstance(each, (facts.Name, facts.Attribute)))


def is_tried(node: Struct) -> bool:
    """Whether something else is done where the arguments of a call are not taken."""
    if not isinstance(node, facts.Try):
        return False
    types = (handler.type for handler in node.handlers if handler.type is not None)
    return any(isinstance(each, facts.Name) and each.id == "TypeError" for type in types for each in nodes(type))
