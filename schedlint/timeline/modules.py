"""A module read without running it: what its text alone says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import Module
from schedlint.releases import Range
from schedlint.timeline.definitions.classes import scheduler_classes
from schedlint.timeline.refused import refused
from schedlint.timeline.superseded import uses
from schedlint.timeline.understood import ModuleReading


def read_module(
    program: Program,
    module: Module,
    knowledge: Knowledge,
    releases: Mapping[str, Range],
    says: Callable[[str], bool],
) -> ModuleReading:
    """What a module of a program says, whatever is run of it. `releases` are those of libraries that it runs with;
    `says` tells whether a word stands anywhere in its text.
    """
    start = Place(module.path, 1, 1, 1, 1)
    named, given = uses(program, module, knowledge, says), refused(program, module, knowledge, says)
    return ModuleReading(start, named, given, scheduler_classes(program, module, knowledge), releases)
