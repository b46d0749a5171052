"""A module: the LibCST visitor that stops at each statement, and the two ways of knowing places."""

from __future__ import annotations

import libcst as cst

from schedlint.extract.fault import TOO_DEEP, SyntaxFault
from schedlint.extract.parsing import parse
from schedlint.extract.places import Computed, Misaligned, Places, Scanned
from schedlint.extract.statements import statement
from schedlint.extract.tokens import Tokens
from schedlint.extract.walk import Statements, Walk
from schedlint.facts import ModuleFacts


def facts_of(text: str, tokens: Tokens) -> ModuleFacts:
    """The facts of a text that has been scanned. Raises SyntaxFault."""
    module = parse(text)
    try:
        try:
            return walked(module, tokens, Scanned(tokens))
        except Misaligned:
            return walked(module, tokens, Computed(module, text, tokens))
    except RecursionError as error:
        raise SyntaxFault(1, 1, TOO_DEEP) from error


def walked(module: cst.Module, tokens: Tokens, places: Places) -> ModuleFacts:
    """The facts of a tree. Raises Misaligned when the places are not those of this tree."""
    visitor = _Statements(Walk(places))
    module.visit(visitor)
    places.finish()
    everything = (0, len(places.words))
    return ModuleFacts(tuple(visitor.body), tuple(tokens.comments), places.mentions(everything))


class _Statements(cst.CSTVisitor):
    """Hands each statement of a module over and goes no deeper: LibCST's visiting costs more than the recursion."""

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk
        self.body: Statements = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
            statement(self.walk, node, self.body)
        return isinstance(node, cst.Module)
