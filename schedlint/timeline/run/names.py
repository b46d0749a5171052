"""What a name means: locals, enclosing functions, module globals (of the module being run, or read on demand),
builtins.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.place import Place
from schedlint.program.symbols import Assigned, Class, External, Function, Module, ModuleRef
from schedlint.program.symbols import Symbol as ProgramSymbol
from schedlint.timeline.names import dimension_of_name
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.run.machine import Frame
from schedlint.timeline.run.values import (
    FilePath,
    Foreign,
    ForeignObject,
    Option,
    ProjectClass,
    ProjectModule,
    Ref,
    Routine,
    Value,
    alternatives,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

BUILTINS = frozenset(dir(builtins))
SPECIAL = {"__name__", "__file__", "__doc__"}


class Names:
    """Reads and stores variables."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._globals: dict[tuple[int, str], Value] = {}
        self._configured: set[int] = set()
        self._made: dict[int, tuple[facts.Expr, Value]] = {}
        self._in_bodies: set[tuple[Class, str]] = set()
        self._being_read: set[tuple[int, str]] = set()
        self._module_frames: dict[Module, Frame] = {}

    # --- frames of modules --------------------------------------------------------------------------------------------

    def module_frame(self, module: Module) -> Frame:
        """The frame in which the module's globals live."""
        frame = self._module_frames.get(module)
        if frame is None:
            place = Place(module.path, 0, 0, 0, 0)
            frame = Frame(self._machine.recorder.owner("module", (0, place, 0)), module)
            self._module_frames[module] = frame
            self._machine.frames[frame.id] = frame
        return frame

    # --- reading ------------------------------------------------------------------------------------------------------

    def read(self, name: str, at: facts.Span | None) -> Value:
        """What the name holds here."""
        machine = self._machine
        for owner in self._owners(name):
            value = machine.read((owner, name))
            if value is not None:
                return value
        frame = machine.frame
        if frame.body_of is not None:
            symbols = machine.program.class_attribute(frame.body_of, name)
            if symbols and (frame.body_of, name) not in self._in_bodies:
                return self._class_level(frame.body_of, name, symbols)
        if frame.names is not None and name in frame.names and name not in frame.elsewhere:
            return just(machine.unknown(name, f"`{name}` is not set on this way", at))
        return self.module_global(frame.module, name, at)

    def _owners(self, name: str) -> tuple[int, ...]:
        """The frames that may hold the name, innermost first, less the module's."""
        frame = self._machine.frame
        if name in frame.elsewhere:
            return (frame.elsewhere[name],)
        if frame.names is None:
            return (frame.id,)
        if name in frame.names:
            return (frame.id,)
        return frame.parents

    def module_global(self, module: Module, name: str, at: facts.Span | None = None) -> Value:
        """What a global of a module holds: as far as the module was run, else as its bindings say."""
        machine = self._machine
        frame = self.module_frame(module)
        value = machine.read((frame.id, name))
        if value is not None:
            return value
        if name == "__name__":
            entry = machine.stack and machine.stack[0].module is module
            return just(Literal("__main__" if entry else module.name))
        if name == "__file__":
            return just(FilePath(module.path))
        self._configure(frame)
        value = machine.read((frame.id, name))
        if value is not None:
            return value
        known = self._globals.get((frame.id, name))
        if known is not None:
            return known
        symbols = machine.program.lookup(module, name)
        if symbols:
            return self._read_on_demand(frame, name, symbols)
        if name in BUILTINS:
            return just(Foreign(name))
        return just(
            Symbol(key=f"{module.path}:{name}", name=name, reason=f"`{name}` is not bound in the files that were read")
        )

    def module_attribute(self, module: Module, name: str, at: facts.Span | None = None) -> Value:
        """What `module.name` reads: a global of the module, else a module inside it."""
        symbols = self._machine.program.member(ModuleRef(module), name)
        if len(symbols) == 1 and isinstance(symbols[0], ModuleRef):
            return just(ProjectModule(symbols[0].module))
        return self.module_global(module, name, at)

    def _configure(self, frame: Frame) -> None:
        """Run the body of an imported module that fills a configuration object (`_C.SOLVER.EPOCHS = 24`), once.

        What it stores there are defaults, which a command line or a file may change: see `Members.store_attribute`.
        """
        machine = self._machine
        if frame.id in self._configured or machine.stack[0].id == frame.id:
            return
        self._configured.add(frame.id)
        if not fills_configuration(frame.module.facts):
            return
        machine.configuring += 1
        try:
            with machine.at_import(frame):
                self._walk.executor.block(frame.module.facts.body)
        finally:
            machine.configuring -= 1

    def _read_on_demand(self, frame: Frame, name: str, symbols: Sequence[ProgramSymbol]) -> Value:
        key = (frame.id, name)
        if key in self._being_read:
            return just(Symbol(key=f"{frame.module.path}:{name}", name=name, reason=f"`{name}` is defined by itself"))
        self._being_read.add(key)
        try:
            value = self.meaning(symbols, name, f"{frame.module.path}:{name}")
            value = called_by_name(named_constant(value, name, f"{frame.module.path}:{name}"), name)
        finally:
            self._being_read.discard(key)
        self._globals[key] = value
        tracked = [ref for option in value for ref in self._walk.containers.holds(option.thing, 1)]
        for ref in tracked:
            self._machine.recorder.name_object(ref.id, name, frame.id)
        if tracked:
            self._machine.store.begin_with(key, value)
        return value

    def meaning(self, symbols: Sequence[ProgramSymbol], name: str, key: str) -> Value:
        """What one of several symbols of the program may be, as a value."""
        return alternatives([(self._one_meaning(symbol, name, key), ()) for symbol in symbols], key)

    def _one_meaning(self, symbol: ProgramSymbol, name: str, key: str) -> Value:
        match symbol:
            case Function():
                return just(Routine(symbol))
            case Class():
                return just(ProjectClass(symbol))
            case ModuleRef(module=module):
                return just(ProjectModule(module))
            case External(qualified=qualified):
                return just(Foreign(qualified))
            case Assigned(module=module, value=expression) if expression is not None:
                return self._filled(module, expression) or self.evaluate_in(module, expression)
            case Assigned():
                return just(Symbol(key=key, name=name, reason=f"`{name}` is bound in a way that is not followed"))
            case unknown:
                return just(Symbol(key=key, name=name, reason=unknown.reason))

    def _filled(self, module: Module, expression: facts.Expr) -> Value | None:
        """The mapping that a configuration module makes with this expression and then fills; None for anything else."""
        self._configure(self.module_frame(module))
        _, value = self._made.get(id(expression), (expression, ()))
        thing = only(value) if value else None
        return value if isinstance(thing, Ref) and thing.id in self._machine.kinds_of_settings else None

    def note_made(self, expression: facts.Expr, value: Value) -> None:
        """Remember what an expression of a configuration module made, for those who import its name."""
        if self._machine.configuring:
            self._made[id(expression)] = expression, value

    def _class_level(self, cls: Class, name: str, symbols: Sequence[ProgramSymbol]) -> Value:
        """What a name means in a class body that binds it."""
        key = f"{cls.module.path}:{cls.node.name}.{name}"
        self._in_bodies.add((cls, name))
        try:
            parts = [
                self.evaluate_in(symbol.module, symbol.value, cls)
                if isinstance(symbol, Assigned) and symbol.value is not None
                else self._one_meaning(symbol, name, key)
                for symbol in symbols
            ]
        finally:
            self._in_bodies.discard((cls, name))
        return alternatives([(part, ()) for part in parts], key)

    def evaluate_in(self, module: Module, expression: facts.Expr, cls: Class | None = None) -> Value:
        """The value of an expression at the top level of a module, or of a class body in it, as when it is imported."""
        frame = self.module_frame(module) if cls is None else self._class_frame(module, cls)
        with self._machine.at_import(frame):
            return self._walk.evaluator.evaluate(expression)

    def _class_frame(self, module: Module, cls: Class) -> Frame:
        """The frame in which a class body is evaluated."""
        place = Place(module.path, cls.at.row, cls.at.column, 0, 0)
        owner = self._machine.recorder.owner("class body", (0, place, 0))
        return Frame(owner, module, names=frozenset(), body_of=cls)

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, name: str, value: Value) -> None:
        """Bind a name in the frame being run (or where `global` or `nonlocal` says)."""
        machine = self._machine
        owner = machine.frame.elsewhere.get(name, machine.frame.id)
        value = called_by_name(named_constant(value, name, f"{owner}.{name}"), name)
        for option in value:
            ref = machine.tracked(option.thing)
            if ref is not None:
                machine.recorder.name_object(ref.id, name, owner)
        machine.store.put((owner, name), value)

    def declare(self, scope: facts.Scope) -> None:
        """`global` and `nonlocal`: the names live in another frame from here on."""
        frame = self._machine.frame
        if frame.names is None:
            return
        for name in scope.names:
            if scope.kind == "global":
                frame.elsewhere[name] = self.module_frame(frame.module).id
            else:
                holders = [parent for parent in frame.parents if self._machine.store.get((parent, name)) is not None]
                frame.elsewhere[name] = (holders or list(frame.parents) or [frame.id])[0]


def fills_configuration(module: facts.ModuleFacts) -> bool:
    """Whether a module body assigns to attributes or items of an object of its own more than once."""
    count = 0
    for statement in module.body:
        targets = statement.targets if isinstance(statement, facts.Assign) else ()
        count += sum(isinstance(target, (facts.Attribute, facts.Subscript)) for target in targets)
    return count > 1


def called_by_name(value: Value, name: str) -> Value:
    """An unknown result of a call, or a part of what a loop goes over, is called by the variable it goes to from there
    on: `cfg`, not `load()`.
    """
    thing = only(value)
    if isinstance(thing, Symbol) and (thing.name.endswith("()") or "," in thing.name):
        return just(replace(thing, name=name))
    if isinstance(thing, ForeignObject) and not thing.name:
        return just(ForeignObject(thing.qualified, thing.key, name))
    return value


def named_constant(value: Value, name: str, key: str) -> Value:
    """A number, or one of several, under a name that says what it counts: `EPOCHS = 24` is 24, and epochs."""
    if not any(map(_is_number, value)) or dimension_of_name(name) is None:
        return value
    return tuple(
        Option(
            Symbol(f"constant {key}={option.thing.value!r}", name, role="constant", default=option.thing), option.when
        )
        if isinstance(option.thing, Literal) and _is_number(option)
        else option
        for option in value
    )


def _is_number(option: Option) -> bool:
    number = option.thing
    return isinstance(number, Literal) and not isinstance(number.value, (bool, str)) and number.value is not None
