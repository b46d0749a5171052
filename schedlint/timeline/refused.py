"""Calls in the text of a module that name an argument which a class of a library takes no more, whether or not anything
comes to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from schedlint import facts
from schedlint.knowledge.schema import Scheduler
from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import External, Module, Symbol
from schedlint.program.walk import dotted, nodes
from schedlint.timeline.gone import Gone
from schedlint.timeline.model import Bound
from schedlint.timeline.text import Found, asks_for_a_version, is_tried, version_flags, walked


def refused(program: Program, module: Module, knowledge: Knowledge, says: Callable[[str], bool]) -> tuple[Gone, ...]:
    """Every such argument, but where the program looks which ones are taken, in the order of the text, which `says` a
    word or does not.
    """
    gone = {each.name for table in knowledge.schedulers.values() for each in table.parameters if each.until}
    if not any(map(says, gone)):
        return ()
    walk = list(walked(module.facts.body))
    calls = [found for found in walk if isinstance(found.node, facts.Call) and _names(found.node) & gone]
    if not calls:
        return ()
    imports, flags = dict(_imports(program, module, walk)), version_flags(walk)
    open_ones = (call for call in calls if not _chooses(call, flags))
    found = (each for call in open_ones for each in _refused(program, module, knowledge, imports, call))
    return tuple(sorted(found, key=lambda each: each.bound.place or Place(module.path, 1, 1, 1, 1)))


def _chooses(call: Found, flags: frozenset[str]) -> bool:
    """Whether something around a call, or elsewhere in its function, looks which arguments are taken."""
    around = list(call.around)
    inside = (node for each in around if isinstance(each, facts.FunctionDef) for node in nodes(each))
    return any(map(is_tried, around)) or any(asks_for_a_version(node, flags) for node in (*around, *inside))


def _names(call: facts.Call) -> set[str]:
    return {argument.keyword for argument in call.arguments if argument.keyword is not None}


def _refused(
    program: Program, module: Module, knowledge: Knowledge, imports: dict[str, tuple[Symbol, ...]], found: Found
) -> Iterator[Gone]:
    call = found.node
    assert isinstance(call, facts.Call)
    table = _class(program, module, knowledge, imports, call.func)
    parameters = table.parameters if table is not None and not table.abstract else ()
    for position, parameter in enumerate(parameters):
        if table is not None and parameter.until and parameter.name in _names(call):
            place = Place(module.path, call.at.row, call.at.column, call.at.end_row, call.at.end_column)
            yield Gone(Bound(parameter.name, (), place=place), table, parameter, position)


def _class(
    program: Program, module: Module, knowledge: Knowledge, imports: dict[str, tuple[Symbol, ...]], func: facts.Expr
) -> Scheduler | None:
    """The class of a library that is called, where it can be no other."""
    bottom, attributes = dotted(func)
    if not isinstance(bottom, facts.Name):
        return None
    symbols = program.expression(module, func)
    if not symbols:
        symbols = imports.get(bottom.id, ())
        for attribute in attributes:
            symbols = tuple(inner for symbol in symbols for inner in program.member(symbol, attribute))
    names = {symbol.qualified if isinstance(symbol, External) else "" for symbol in symbols}
    return knowledge.schedulers.get(names.pop()) if len(names) == 1 else None


def _imports(program: Program, module: Module, walk: list[Found]) -> Iterator[tuple[str, tuple[Symbol, ...]]]:
    """What the imports of a module bind, those in functions too."""
    for node in (found.node for found in walk if isinstance(found.node, facts.Import)):
        for alias in node.names:
            if alias.name != "*":
                name = alias.asname or (alias.name if node.module or node.level else alias.name.partition(".")[0])
                yield name, program.imported(module, node, alias)
