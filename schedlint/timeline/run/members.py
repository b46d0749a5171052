"""What `thing.name` and `thing[index]` mean, read and stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.program.symbols import Assigned, Class, External, Function
from schedlint.timeline.model import Bound, Condition, EventKind, Object, ObjectKind, Subject
from schedlint.timeline.quantity import Items, Literal, Symbol, spelled
from schedlint.timeline.run.names import named_constant
from schedlint.timeline.run.values import (
    SCALARS,
    BoundRoutine,
    FilePath,
    Foreign,
    ForeignObject,
    Groups,
    Method,
    Option,
    Pack,
    ProjectClass,
    ProjectModule,
    Ref,
    Routine,
    Super,
    Thing,
    Value,
    alternatives,
    derived,
    is_none,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

PROPERTIES = {"property", "cached_property"}

POSITION = frozenset(["last_epoch", "_step_count", "num_bad_epochs"])
"""Attributes of a scheduler that say how far its schedule has come."""


def decorator_names(definition: facts.FunctionDef | facts.ClassDef) -> set[str]:
    """The last component of each decorator's name."""
    names = set()
    for decorator in definition.decorators:
        target = decorator.func if isinstance(decorator, facts.Call) else decorator
        if isinstance(target, facts.Attribute):
            names.add(target.attr)
        elif isinstance(target, facts.Name):
            names.add(target.id)
    return names


class Members:
    """Attributes and items."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    # --- reading attributes -------------------------------------------------------------------------------------------

    def attribute(self, value: Value, name: str, at: facts.Span | None) -> Value:
        """What the attribute of each thing that the value may be is."""
        if len(value) == 1 and not value[0].when:
            return self.of_thing(value[0].thing, name, at)
        machine = self._machine
        parts = [
            (self.of_thing(option.thing, name, at), option.when)
            for option in value
            if not (isinstance(option.thing, Literal) and option.thing.value is None)
        ]
        if not parts:
            return just(machine.unknown(name, f"`{name}` is read from None", at))
        return alternatives(parts, machine.unknown(name, "", at).key)

    def of_thing(self, thing: Thing, name: str, at: facts.Span | None) -> Value:
        """What the attribute of one thing is."""
        machine = self._machine
        ref = machine.tracked(thing)
        if ref is not None:
            return self._of_tracked(ref, name, at)
        match thing:
            case Ref(id=id) if id in machine.instances:
                return self.of_instance(thing, name, at)
            case ProjectModule(module=module):
                return self._walk.names.module_attribute(module, name, at)
            case Foreign(qualified=qualified):
                return just(Foreign(machine.knowledge.canonical(f"{qualified}.{name}")))
            case ProjectClass(cls=cls):
                return self._of_class(thing, cls, name, at)
            case Super():
                return self._of_super(thing, name, at)
            case Symbol():
                return self._of_symbol(thing, name)
            case ForeignObject():
                return self._walk.library.foreign_attribute(thing, name, at)
            case Ref(id=id) if machine.containers.get(id) == "dict":
                return self._of_dict(thing, name)
            case FilePath():
                return self._walk.settings.member(thing, name) or just(Method(thing, name))
            case _:
                return just(Method(thing, name))

    def _of_symbol(self, symbol: Symbol, name: str) -> Value:
        stored = self._machine.read((self._machine.symbol_owner(symbol.key), name))
        return stored if stored is not None else just(derived(symbol, f".{name}"))

    def _of_dict(self, ref: Ref, name: str) -> Value:
        """An attribute of a dict: a method, or an entry of the kind of dict whose keys are attributes too."""
        stored = self._machine.read((ref.id, name))
        if stored is not None:
            return stored
        found = None if hasattr(dict, name) else self._walk.containers.item(ref, just(Literal(name)))
        return found if found is not None else just(Method(ref, name))

    def _of_tracked(self, ref: Ref, name: str, at: facts.Span | None) -> Value:
        machine = self._machine
        stored = machine.read((ref.id, name))
        if stored is not None:
            return stored
        made = machine.recorder.objects[ref.id]
        if made.kind is ObjectKind.OPTIMIZER and name in ("param_groups", "state", "defaults"):
            return just(Groups(ref)) if name == "param_groups" else just(Symbol(settings_key(ref.id, name), name))
        if made.kind is ObjectKind.SCHEDULER and name == "optimizer" and made.optimizers:
            return alternatives([(just(Ref(optimizer)), ()) for optimizer in made.optimizers], f"object{ref.id}.{name}")
        if ref.id in machine.instances:
            return self.of_instance(ref, name, at)
        return self._of_loader(made, name) or just(Method(ref, name))

    def _of_loader(self, made: Object, name: str) -> Value | None:
        """The dataset of a loader, or the size of its batches: it has them under the names of the parameters that they
        were given for.
        """
        if made.kind is not ObjectKind.LOADER or not made.classes:
            return None
        entry = self._machine.knowledge.loader(made.classes[0])
        if entry is None or name not in (entry.dataset, entry.batch_size):
            return None
        match next((bound for bound in made.arguments if bound.parameter == name), None):
            case Bound(values=(_,), objects=(id,)):
                return just(Ref(id))
            case Bound(values=(Symbol() as given,), objects=()):
                return just(replace(given, name=f"{made.name}.{name}") if made.name else given)
            case Bound(values=(Literal() as given,), objects=()) if name == entry.batch_size:
                return just(Symbol(f"object{made.id}.{name}", f"{made.name}.{name}", "constant", default=given))
            case _:
                return None

    def of_instance(self, ref: Ref, name: str, at: facts.Span | None) -> Value:
        """An attribute of an instance: its own, else its class's."""
        machine = self._machine
        stored = machine.read((ref.id, name))
        if stored is not None:
            return stored
        if name == "__dict__":
            return just(Method(ref, name))
        if name == "__class__":
            return just(ProjectClass(machine.instances[ref.id].cls, machine.instances[ref.id].frames))
        return self._from_class(ref, machine.instances[ref.id].cls, name, at, None)

    def _stored_on_class(self, cls: Class, name: str) -> Value | None:
        """What was stored to a class as an attribute: `Config.EPOCHS = 3`."""
        return self._machine.read((self._machine.symbol_owner(class_key(cls)), name))

    def _from_class(self, ref: Ref, cls: Class, name: str, at: facts.Span | None, after: Class | None) -> Value:
        machine = self._machine
        stored = self._stored_on_class(cls, name)
        if stored is not None:
            return stored
        found = machine.program.method(cls, name, after)
        frames = machine.instances[ref.id].frames if ref.id in machine.instances else ()
        match found:
            case Function():
                return self._bind(found, ref, frames, at)
            case Assigned(module=module, value=expression) if expression is not None:
                default = self._walk.names.evaluate_in(module, field_default(expression), cls)
                return self._class_value(cls, name, default)
            case External(qualified=qualified):
                return just(Symbol(f"object{ref.id}.{name}", f"self.{name}", reason=f"`{name}` comes from {qualified}"))
            case _:
                reason = f"`{name}` is not set in the methods that were run"
                return just(Symbol(f"object{ref.id}.{name}", f"self.{name}", reason=reason))

    def _class_value(self, cls: Class, name: str, value: Value) -> Value:
        """A value that stands in the class body; in a dataclass it is only the default of a field."""
        default = only(value)
        if isinstance(default, Literal) and self._walk.instances.dataclass_field(cls, name):
            said = f"{cls.node.name}.{name}"
            return just(Symbol(f"{cls.module.path}:{said}", said, role="field", default=default))
        return named_constant(value, name, f"{cls.module.path}:{cls.node.name}.{name}")

    def _bind(self, function: Function, receiver: Thing, frames: tuple[int, ...], at: facts.Span | None) -> Value:
        names = decorator_names(function.node)
        routine = Routine(function, frames)
        if names & PROPERTIES:
            return self._walk.caller.enter(routine, receiver, (), at)
        if "staticmethod" in names:
            return just(routine)
        if "classmethod" in names and isinstance(receiver, Ref) and receiver.id in self._machine.instances:
            instance = self._machine.instances[receiver.id]
            return just(BoundRoutine(routine, ProjectClass(instance.cls, instance.frames)))
        return just(BoundRoutine(routine, receiver))

    def _of_class(self, thing: ProjectClass, cls: Class, name: str, at: facts.Span | None) -> Value:
        stored = self._stored_on_class(cls, name)
        if stored is not None:
            return stored
        match self._machine.program.method(cls, name):
            case Function() as function:
                if "classmethod" in decorator_names(function.node):
                    return just(BoundRoutine(Routine(function, thing.frames), thing))
                return just(Routine(function, thing.frames))
            case Assigned(module=module, value=expression) if expression is not None:
                return self._walk.names.evaluate_in(module, expression, cls)
            case _:
                inner = self._machine.program.class_attribute(cls, name)
                key = f"{cls.module.path}:{cls.node.name}.{name}"
                if inner and all(isinstance(symbol, Class) for symbol in inner):
                    return self._walk.names.meaning(inner, name, key)
                return just(Symbol(key, f"{cls.node.name}.{name}", reason=f"`{name}` is not found in the class"))

    def _of_super(self, thing: Super, name: str, at: facts.Span | None) -> Value:
        receiver = thing.receiver
        machine = self._machine
        if isinstance(receiver, Ref) and receiver.id in machine.instances:
            return self._from_class(receiver, machine.instances[receiver.id].cls, name, at, thing.after)
        return just(Method(receiver, name)) if isinstance(receiver, Ref) else just(machine.unknown(name, "super()", at))

    # --- storing attributes -------------------------------------------------------------------------------------------

    def held(self, base: Value, name: str) -> Value | None:
        """What a store to `base.name` will overwrite; None where nothing was stored to it, or `base` is several
        things.
        """
        owner = self._owner(base[0].thing) if len(base) == 1 else None
        return None if owner is None else self._machine.read((owner, name))

    def store_attribute(self, base: Value, name: str, value: Value, at: facts.Span | None) -> None:
        """`base.name = value`."""
        machine = self._machine
        if machine.configuring:
            value = self._as_default(base, name, value)
        else:
            value = named_constant(value, name, f"{self._owner(base[0].thing)}.{name}")
        for option in base:
            if is_none(option.thing):
                continue
            owner = self._owner(option.thing)
            if owner is None:
                self._walk.escapes.escape(value, f"stored to an attribute `{name}` that is not followed", at)
                continue
            ref = machine.tracked(option.thing)
            if ref is not None:
                self._note_store(ref, option, name, at)
            if self._is_open(option.thing):
                self._walk.escapes.note_escape(value, f"stored to `{self._spelled(option.thing)}.{name}`", at)
            for held in value:
                inner = machine.tracked(held.thing)
                if inner is not None:
                    machine.recorder.name_object(inner.id, f"{self._spelled(option.thing)}.{name}", owner)
            if isinstance(option.thing, (Symbol, ForeignObject)) and machine.store.get((owner, name)) is None:
                machine.store.begin_with((owner, name), self.of_thing(option.thing, name, at))
            if isinstance(option.thing, Ref) and machine.containers.get(option.thing.id) == "dict":
                self._walk.containers.store_item(option.thing, just(Literal(name)), value)
            elif len(base) > 1:
                old = machine.store.get((owner, name))
                value_here = value if old is None else alternatives([(value, ()), (old, ())], f"{owner}.{name}")
                machine.store.put((owner, name), value_here)
            else:
                machine.store.put((owner, name), value)

    def _as_default(self, base: Value, name: str, value: Value) -> Value:
        """What a configuration module stores is the default of an option: known, but not certain to stay."""
        holder = only(base)
        if holder is None:
            return value
        said = f"{holder.name}.{name}" if isinstance(holder, Symbol) else f"cfg.{name}"
        return self._walk.settings.as_default(value, f"option {self._owner(holder)}.{name}", said)

    def _spelled(self, thing: Thing) -> str:
        return thing.name if isinstance(thing, (Symbol, ForeignObject)) and thing.name else "self"

    def _is_open(self, thing: Thing) -> bool:
        """Whether code that is not read can see the attributes of a thing."""
        if isinstance(thing, Ref) and thing.id in self._machine.instances:
            return self._walk.instances.is_open(self._machine.instances[thing.id].cls)
        return True

    def _note_store(self, ref: Ref, option: Option, name: str, at: facts.Span | None) -> None:
        kind = self._machine.kind(ref)
        if kind is ObjectKind.SCHEDULER and name in POSITION:
            self._machine.event(EventKind.LAST_EPOCH_WRITTEN, at, (Subject(ref.id, option.when),), method=name)
        elif kind is ObjectKind.OPTIMIZER and name in ("lr", "learning_rate"):
            self._machine.event(EventKind.LR_WRITTEN, at, (Subject(ref.id, option.when),), method=name)

    def _note_defaults(self, base: Value, at: facts.Span | None) -> None:
        """A learning rate that is stored to the defaults of an optimizer, which only groups added later read."""
        machine = self._machine
        for option in base:
            for made in machine.recorder.objects.values():
                if isinstance(option.thing, Symbol) and option.thing.key == settings_key(made.id, "defaults"):
                    subject = Subject(made.id, option.when)
                    machine.event(EventKind.LR_WRITTEN, at, (subject,), method="defaults['lr']")

    def _owner(self, thing: Thing) -> int | None:
        machine = self._machine
        ref = machine.tracked(thing)
        if ref is not None:
            return ref.id
        match thing:
            case Ref(id=id):
                return id
            case Symbol(key=key) | ForeignObject(key=key):
                return machine.symbol_owner(key)
            case ProjectModule(module=module):
                return self._walk.names.module_frame(module).id
            case ProjectClass(cls=cls):
                return machine.symbol_owner(class_key(cls))
            case _:
                return None

    # --- items --------------------------------------------------------------------------------------------------------

    def item(self, value: Value, index: Value, at: facts.Span | None) -> Value:
        """`value[index]`."""
        machine = self._machine
        parts: list[tuple[Value, Condition]] = []
        groups = tuple(option for option in value if isinstance(option.thing, Groups))
        if groups:
            parts.append((self._group_item(groups, index, at), ()))
        for option in value:
            thing = option.thing
            if isinstance(thing, Groups) or is_none(thing):
                continue
            parts.append((self._item_of(thing, index, at), option.when))
        return (
            alternatives(parts, f"{machine.unknown('item', '', at).key}")
            if parts
            else just(machine.unknown("item", "", at))
        )

    def _item_of(self, thing: Thing, index: Value, at: facts.Span | None) -> Value:
        machine = self._machine
        if isinstance(thing, (Pack, Ref)):
            found = self._walk.containers.item(thing, index)
            if found is not None:
                return found
        if isinstance(thing, Symbol):
            return self._symbol_item(thing, index)
        if isinstance(thing, Ref) and thing.id in machine.instances:
            return self._walk.caller.special(thing, "__getitem__", (index,), at)
        return just(machine.unknown("item", "an item of something that is not followed", at))

    def _symbol_item(self, symbol: Symbol, index: Value) -> Value:
        name = self._index_name(index)
        stored = self._machine.read((self._machine.symbol_owner(symbol.key), name))
        if stored is not None:
            return stored
        item = preset_item(symbol, index)
        if item is not None:
            return just(item)
        varies = max([symbol.loop, *(option.thing.loop for option in index if isinstance(option.thing, Symbol))])
        entry = derived(symbol, name, varies)
        self._walk.saving.note_entry(entry, symbol, only(index))
        return just(entry)

    @staticmethod
    def _index_name(index: Value) -> str:
        thing = index[0].thing if len(index) == 1 else None
        return f"[{spelled(thing)}]" if isinstance(thing, SCALARS) else "[...]"

    def _group_item(self, groups: Sequence[Option], index: Value, at: facts.Span | None) -> Value:
        """An item of parameter groups: a group, or a value in one; reading the rate is one event."""
        machine = self._machine
        key = index[0].thing if len(index) == 1 else None
        held = [(option.thing, option.when) for option in groups if isinstance(option.thing, Groups)]
        if isinstance(key, Literal) and key.value == "lr":
            subjects = [Subject(thing.optimizer.id, when) for thing, when in held]
            machine.event(EventKind.LR_READ, at, subjects, method="param_groups")
            loop = machine.innermost
            return just(Symbol(f"object{held[0][0].optimizer.id}.lr", "lr", loop=loop))
        if all(thing.one for thing, _ in held):
            return just(machine.unknown("group item", "", at))
        return tuple(Option(Groups(thing.optimizer, one=True), when) for thing, when in held)

    def store_item(self, base: Value, index: Value, value: Value, at: facts.Span | None) -> None:
        """`base[index] = value`."""
        machine = self._machine
        groups = [(option.thing, option.when) for option in base if isinstance(option.thing, Groups)]
        key = index[0].thing if len(index) == 1 else None
        if groups and isinstance(key, Literal) and key.value == "lr":
            subjects = [Subject(thing.optimizer.id, when) for thing, when in groups]
            machine.event(EventKind.LR_WRITTEN, at, subjects, method="param_groups")
        if isinstance(key, Literal) and key.value == "lr":
            self._note_defaults(base, at)
        for option in base:
            thing = option.thing
            if isinstance(thing, Groups):
                continue
            if isinstance(thing, Ref) and thing.id in machine.containers:
                self._walk.containers.store_item(thing, index, value)
            elif isinstance(thing, Symbol):
                self._walk.escapes.note_escape(value, f"stored to an item of `{thing.name}`", at)
                item = (machine.symbol_owner(thing.key), self._index_name(index))
                if machine.store.get(item) is None:
                    machine.store.begin_with(item, self._symbol_item(thing, index))
                machine.store.put(item, value)
            else:
                self._walk.escapes.escape(value, "stored to an item that is not followed", at)


def preset_item(symbol: Symbol, index: Value) -> Symbol | None:
    """One item of a list that is the default of an option; None where there is none."""
    position = only(index)
    items = symbol.default.items if isinstance(symbol.default, Items) and symbol.default.whole else ()
    if not isinstance(position, Literal) or not isinstance(position.value, int):
        return None
    if not -len(items) <= position.value < len(items):
        return None
    said = f"[{position.value}]"
    return replace(symbol, key=symbol.key + said, name=symbol.name + said, default=items[position.value])


def settings_key(optimizer: int, name: str) -> str:
    """The key of what an optimizer keeps beside its parameter groups: `state`, `defaults`."""
    return f"object{optimizer}.{name}"


def class_key(cls: Class) -> str:
    """The key under which attributes are stored to a class."""
    return f"class {cls.module.path}:{cls.at.row}:{cls.at.column}"


def field_default(expression: facts.Expr) -> facts.Expr:
    """What a dataclass field is by default: `field(default=x)` is x, `field(default_factory=f)` is `f()`."""
    if not isinstance(expression, facts.Call):
        return expression
    named = {argument.keyword: argument for argument in expression.arguments}
    name = expression.func.attr if isinstance(expression.func, facts.Attribute) else getattr(expression.func, "id", "")
    if name == "field" and "default" in named:
        return named["default"].value
    if name == "field" and "default_factory" in named:
        return facts.Call(named["default_factory"].value, (), expression.at)
    return expression
