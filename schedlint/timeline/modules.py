"""A module read without running it: what its text alone says."""

from __future__ import annotations

from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import Module
from schedlint.timeline.definitions.classes import scheduler_classes
from schedlint.timeline.understood import ModuleReading


def read_module(program: Program, module: Module, knowledge: Knowledge) -> ModuleReading:
    """What a module of a program says, whatever is run of it."""
    classes = scheduler_classes(program, module, knowledge)
    return ModuleReading(Place(module.path, 1, 1, 1, 1), classes=classes)
