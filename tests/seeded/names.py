"""Which names a piece of a program reads, and which it binds: what decides whether it may stand elsewhere."""

from __future__ import annotations

import builtins
from collections.abc import Iterable

import libcst as cst

from tests.seeded.source import Scope, Source


class _Names(cst.CSTVisitor):
    """Gathers names; an attribute of names (`self.lr`) is one with dots."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.bound: set[str] = set()

    def visit_Name(self, node: cst.Name) -> None:
        self.read.add(node.value)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        spelled = dotted(node)
        if spelled:
            self.read.update({spelled, spelled.split(".")[0]})
            return False
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self.bound.update(targets(node.target))

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self.bound.update(targets(node.target))

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self.bound.update(targets(node.target))

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self.bound.update(targets(node.target))

    def visit_For(self, node: cst.For) -> None:
        self.bound.update(targets(node.target))

    def visit_AsName(self, node: cst.AsName) -> None:
        self.bound.update(targets(node.name))

    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        if node.asname is None:
            self.bound.add(dotted(node.name).split(".")[0])

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self.bound.add(node.name.value)
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self.bound.add(node.name.value)
        return False


def dotted(node: cst.BaseExpression) -> str:
    """A name with its dots; nothing for any other expression."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr.value}" if inner else ""
    return ""


def targets(node: cst.CSTNode) -> set[str]:
    """The names that an assignment to this target binds."""
    if isinstance(node, (cst.Name, cst.Attribute)):
        return {dotted(node)} - {""}
    if isinstance(node, (cst.Tuple, cst.List)):
        return {name for element in node.elements for name in targets(element.value)}
    return set()


def read_by(node: cst.CSTNode) -> set[str]:
    """The names that a piece takes from around it."""
    found = _names(node)
    return {name for name in found.read if name.split(".")[0] not in found.bound}


def bound_by(nodes: Iterable[cst.CSTNode]) -> set[str]:
    """The names that some pieces bind; what functions and classes inside them bind is their own."""
    return {name for node in nodes for name in _names(node).bound}


def _names(node: cst.CSTNode) -> _Names:
    found = _Names()
    node.visit(found)
    return found


def depends(read: set[str], bound: set[str]) -> bool:
    """Whether what is read hangs on what is bound: on a name, or on what it is an attribute of."""
    return any(name == other or name.startswith(f"{other}.") for name in read for other in bound)


def parameters(scope: Scope) -> set[str]:
    """The names of a function's parameters."""
    if isinstance(scope, cst.Module):
        return set()
    every = scope.params
    stars = [star for star in (every.star_arg, every.star_kwarg) if isinstance(star, cst.Param)]
    return {param.name.value for param in (*every.posonly_params, *every.params, *every.kwonly_params, *stars)}


def own(scope: Scope) -> set[str]:
    """The names that a scope binds itself."""
    return parameters(scope) | bound_by([scope.body] if isinstance(scope, cst.FunctionDef) else scope.body)


def means_the_same(name: str, source: Source, here: Scope, there: Scope) -> bool:
    """Whether a name read in one function is the same variable in another: `self` of one class, or a global."""
    if here is there or hasattr(builtins, name):
        return True
    if name == "self":
        inside = source.class_around(here)
        return inside is not None and inside is source.class_around(there) and "self" in parameters(there)
    return name in own(source.module) and name not in own_locals(here) | own_locals(there)


def own_locals(scope: Scope) -> set[str]:
    """The names that are local to a function; the module has none. `global` names count as local, to be safe."""
    return set() if isinstance(scope, cst.Module) else own(scope)
