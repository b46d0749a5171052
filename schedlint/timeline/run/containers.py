"""Lists, tuples, sets and dicts: what they hold, as far as it is known.

A tuple is a `Pack` by value; a list, set or dict is an object on the heap whose content (a `Pack` or a `Table`) is
stored like an attribute, so that branches and loops join it like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.program.walk import nodes
from schedlint.timeline.conditions import conjoin
from schedlint.timeline.model import Condition, Test
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.run.names import named_constant
from schedlint.timeline.run.values import (
    BoundRoutine,
    Given,
    LambdaRoutine,
    Method,
    Pack,
    Partial,
    Ref,
    Routine,
    Table,
    Thing,
    Value,
    alternatives,
    derived,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

CONTENT = "[]"
MOST_ITEMS = 64


class Containers:
    """Makes, reads and changes containers."""

    def __init__(self, walk: Walk) -> None:
        self._machine = walk.machine
        self._walk = walk

    # --- making -------------------------------------------------------------------------------------------------------

    def make(self, kind: str, content: Pack | Table) -> Ref:
        """A new list, set or dict with this content; the same one when its place is walked again."""
        machine = self._machine
        ref = Ref(machine.recorder.owner(kind, machine.display()))
        machine.containers[ref.id] = kind
        machine.born.setdefault(ref.id, tuple(machine.loops))
        self.put(ref, content)
        return ref

    def pack(self, items: Sequence[tuple[Value, bool]]) -> Pack:
        """A tuple of items; a starred one is spread where it is known."""
        spread: list[Value] = []
        for value, starred in items:
            if not starred:
                spread.append(value)
                continue
            inner = self.as_pack(value)
            if inner is None or not inner.whole:
                return Pack((), alternatives([(item, ()) for item in (*spread, value)], "spread"))
            spread.extend(inner.items)
        found = Pack(tuple(spread))
        self._note(found)
        return found

    # --- reading ------------------------------------------------------------------------------------------------------

    def content(self, ref: Ref) -> Pack | Table | None:
        """What a list, set or dict holds; None where that is one of several."""
        value = self._machine.store.get((ref.id, CONTENT))
        if value is None:
            return None
        thing = only(value)
        if isinstance(thing, (Pack, Table)):
            return thing
        return merged([option.thing for option in value])

    def as_pack(self, value: Value) -> Pack | None:
        """The value as a sequence of items, where it is one tuple, list or set."""
        thing = only(value)
        if isinstance(thing, Pack):
            return thing
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            content = self.content(thing)
            return content if isinstance(content, Pack) else None
        return None

    def table(self, value: Value) -> Table | None:
        """The value as a dict's content, where it is one."""
        thing = only(value)
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            content = self.content(thing)
            return content if isinstance(content, Table) else None
        return None

    def item(self, thing: Pack | Ref, index: Value) -> Value | None:
        """The item at an index or key; None where the container is not followed."""
        content = (
            thing if isinstance(thing, Pack) else self.content(thing) if thing.id in self._machine.containers else None
        )
        if isinstance(content, Pack):
            return self._pack_item(content, index)
        if isinstance(content, Table):
            return self._table_item(content, index)
        return None

    def _pack_item(self, pack: Pack, index: Value) -> Value | None:
        position = only(index)
        if isinstance(position, Literal) and isinstance(position.value, int) and pack.whole:
            if -len(pack.items) <= position.value < len(pack.items):
                return pack.items[position.value]
            return None
        return self.any_item(pack)

    @staticmethod
    def any_item(pack: Pack) -> Value | None:
        """The union of all items."""
        parts: list[tuple[Value, Condition]] = [(item, ()) for item in pack.items]
        if pack.rest is not None:
            parts.append((pack.rest, ()))
        return alternatives(parts, "any item") if parts else None

    def _table_item(self, table: Table, index: Value) -> Value | None:
        parts: list[tuple[Value, Condition]] = []
        for option in index:
            key = option.thing
            if isinstance(key, Literal):
                found = dict(table.entries).get(key.value)
                if found is not None:
                    name = key.value if isinstance(key.value, str) else ""
                    parts.append((named_constant(found, name, f"entry {name}"), option.when))
                elif table.rest is not None:
                    parts.append((entry_of(table.rest, key.value), option.when))
            else:
                parts.extend(self._chosen(table, key, option.when))
        return alternatives(parts, "entry") if parts else None

    @staticmethod
    def _chosen(table: Table, key: Thing, when: Condition) -> list[tuple[Value, Condition]]:
        """Every entry, each under the condition that the unknown key is its key."""
        parts: list[tuple[Value, Condition]] = []
        for constant, value in table.entries:
            condition: Condition | None = when
            if isinstance(key, Symbol) and not key.loop:
                test = Test(key.key, "==", constant, True, f"{key.name} == {constant!r}")
                condition = conjoin(when, (test,))
            if condition is not None:
                parts.append((value, condition))
        if table.rest is not None:
            parts.append((table.rest, when))
        return parts

    # --- changing -----------------------------------------------------------------------------------------------------

    def put(self, ref: Ref, content: Pack | Table) -> None:
        """Make this the content of a list, set or dict."""
        self._machine.store.put((ref.id, CONTENT), just(content))
        self._note(content)

    def _note(self, content: Pack | Table) -> None:
        """Say of the tracked objects right inside that a container holds them."""
        for value in self._inside(content):
            for option in value:
                inner = self._machine.tracked(option.thing)
                if inner is not None:
                    self._machine.recorder.contain_object(inner.id)

    def append(self, ref: Ref, value: Value) -> None:
        """`list.append(value)`; in a loop that is walked once, any number of times."""
        content = self.content(ref)
        if not isinstance(content, Pack):
            return
        many = bool(self._machine.loops) and self._machine.loops[-1] not in self._machine.born.get(ref.id, ())
        if many or not content.whole or len(content.items) >= MOST_ITEMS:
            parts = [(item, ()) for item in (*content.items, value)] + ([(content.rest, ())] if content.rest else [])
            self.put(ref, Pack((), alternatives(parts, "items")))
        else:
            self.put(ref, Pack((*content.items, value)))

    def extend(self, ref: Ref, value: Value) -> None:
        """`list.extend(value)`."""
        content, more = self.content(ref), self.as_pack(value)
        if not isinstance(content, Pack):
            return
        if more is not None and more.whole and content.whole and len(content.items) + len(more.items) <= MOST_ITEMS:
            self.put(ref, Pack((*content.items, *more.items)))
            return
        inner = (
            self.any_item(more)
            if more is not None
            else just(self._machine.unknown("item", "an item of what was added"))
        )
        parts = [(item, ()) for item in content.items]
        parts += [(rest, ()) for rest in (content.rest, inner) if rest is not None]
        self.put(ref, Pack((), alternatives(parts, "items")))

    def store_item(self, ref: Ref, index: Value, value: Value) -> None:
        """`container[index] = value`."""
        content = self.content(ref)
        key = only(index)
        if isinstance(content, Table):
            if isinstance(key, Literal):
                entries = dict(content.entries)
                entries[key.value] = value
                self.put(ref, Table(tuple(entries.items()), content.rest, content.open - {key.value}))
            else:
                parts = [(value, ())] + ([(content.rest, ())] if content.rest else [])
                both = tuple((each, alternatives([(held, ()), (value, ())], "entry")) for each, held in content.entries)
                self.put(ref, Table(both, alternatives(parts, "entry")))
        elif isinstance(content, Pack):
            self._store_in_pack(ref, content, key, value)

    def _store_in_pack(self, ref: Ref, pack: Pack, key: Thing | None, value: Value) -> None:
        if isinstance(key, Literal) and isinstance(key.value, int) and pack.whole and 0 <= key.value < len(pack.items):
            items = list(pack.items)
            items[key.value] = value
            self.put(ref, Pack(tuple(items)))
        else:
            parts = [(item, ()) for item in (*pack.items, value)] + ([(pack.rest, ())] if pack.rest else [])
            self.put(ref, Pack((), alternatives(parts, "items")))

    # --- operators ----------------------------------------------------------------------------------------------------

    def concatenation(self, left: Value, right: Value) -> Value | None:
        """`left + right` of two sequences; None where they are not both known."""
        one, other = self.as_pack(left), self.as_pack(right)
        if one is None or other is None:
            return None
        if one.whole and other.whole:
            joined = Pack((*one.items, *other.items))
        else:
            parts = [(item, ()) for item in (*one.items, *other.items)]
            parts += [(rest, ()) for rest in (one.rest, other.rest) if rest is not None]
            joined = Pack((), alternatives(parts, "items"))
        return just(joined) if isinstance(only(left), Pack) else just(self.make("list", joined))

    def augmented(self, op: str, old: Value, added: Value) -> Value | None:
        """`old += added` of a list, which changes it in place; None for anything else."""
        thing = only(old)
        if op == "+" and isinstance(thing, Ref) and self._machine.containers.get(thing.id) == "list":
            self.extend(thing, added)
            return old
        return None

    def repetition(self, left: Value, right: Value) -> Value | None:
        """`[item] * n`."""
        pack = self.as_pack(left)
        times = only(right)
        if pack is None:
            return None
        if (
            isinstance(times, Literal)
            and isinstance(times.value, int)
            and pack.whole
            and 0 <= times.value * len(pack.items) <= MOST_ITEMS
        ):
            return just(self.make("list", Pack(pack.items * times.value)))
        return just(self.make("list", Pack((), self.any_item(pack))))

    # --- methods ------------------------------------------------------------------------------------------------------

    def method(self, ref: Ref, name: str, given: Sequence[Given]) -> Value:
        """A method of a list, set or dict."""
        content = self.content(ref)
        if isinstance(content, Table):
            return self._table_method(ref, content, name, given)
        values = [argument.value for argument in given]
        if name in ("append", "add") and values:
            self.append(ref, values[0])
        elif name in ("extend", "update") and values:
            self.extend(ref, values[0])
        elif isinstance(content, Pack):
            return self._pack_method(ref, content, name, values)
        return just(Literal(None))

    def _pack_method(self, ref: Ref, pack: Pack, name: str, values: Sequence[Value]) -> Value:
        nothing = just(Literal(None))
        if name == "pop":
            return self._pop(ref, pack, only(values[0]) if values else Literal(-1))
        if name == "copy":
            return just(self.make("list", pack))
        if name == "clear":
            self.put(ref, Pack(()))
        elif name == "reverse" and pack.whole:
            self.put(ref, Pack(tuple(reversed(pack.items))))
        elif name == "insert" and len(values) > 1:
            first = only(values[0]) == Literal(0) and pack.whole
            self.put(ref, Pack((values[1], *pack.items)) if first else self._mixed(pack, values[1]))
        elif name in ("remove", "discard", "sort", "reverse", "difference_update"):
            self.put(ref, self._mixed(pack, None))
        return nothing

    @staticmethod
    def _mixed(pack: Pack, more: Value | None) -> Pack:
        """The same items in an order and number that are not known, perhaps with one more."""
        held = [item for item in (*pack.items, pack.rest, more) if item is not None]
        return Pack((), alternatives([(item, ()) for item in held], "items")) if held else Pack(())

    def _pop(self, ref: Ref, pack: Pack, index: Thing | None) -> Value:
        position = index.value if isinstance(index, Literal) else None
        if pack.whole and isinstance(position, int) and -len(pack.items) <= position < len(pack.items):
            items = list(pack.items)
            taken = items.pop(position)
            self.put(ref, Pack(tuple(items)))
            return taken
        item = self.any_item(pack)
        self.put(ref, self._mixed(pack, None))
        return item or just(self._machine.unknown("item", "an item of an empty list"))

    def _table_method(self, ref: Ref, table: Table, name: str, given: Sequence[Given]) -> Value:
        values = [argument.value for argument in given]
        answer = self._walk.settings.method(ref, name, tuple(given))
        if answer is not None:
            return answer
        if name in ("get", "pop", "setdefault") and values:
            return self._lookup(ref, table, name, values)
        if name == "update":
            self._update(ref, table, given)
        elif name == "clear":
            self.put(ref, Table(()))
        elif name in ("values", "keys", "items"):
            return just(self._table_view(table, name))
        elif name == "copy":
            return just(self.make("dict", table))
        else:
            return just(self._machine.unknown(name, f"a dict's {name}()"))
        return just(Literal(None))

    def _lookup(self, ref: Ref, table: Table, name: str, values: Sequence[Value]) -> Value:
        """`get`, `pop` and `setdefault`."""
        found = self._table_item(table, values[0])
        default = values[1] if len(values) > 1 else just(Literal(None))
        key = only(values[0])
        known = found is not None and isinstance(key, Literal)
        if name == "pop" and isinstance(key, Literal):
            kept = tuple((each, value) for each, value in table.entries if each != key.value)
            self.put(ref, Table(kept, table.rest))
        if name == "setdefault" and not known:
            self.store_item(ref, values[0], default)
        if known and found is not None:
            return found
        return alternatives([(value, ()) for value in (found, default) if value is not None], "entry")

    def _update(self, ref: Ref, table: Table, given: Sequence[Given]) -> None:
        entries, rest = dict(table.entries), table.rest
        for argument in given:
            other = self.table(argument.value) if argument.keyword is None else None
            if argument.keyword is not None:
                entries[argument.keyword] = argument.value
            elif other is not None:
                entries.update(other.entries)
                rest = other.rest or rest
            else:  # every entry may be another one now
                rest = just(self._machine.unknown("entry", "an entry of what a dict was updated with"))
                entries = {
                    key: alternatives([(value, ()), (entry_of(rest, key), ())], "entry")
                    for key, value in entries.items()
                }
        self.put(ref, Table(tuple(entries.items()), rest))

    @staticmethod
    def _table_view(table: Table, name: str) -> Pack:
        keys = [just(Literal(key)) for key, _ in table.entries]
        held = [value for _, value in table.entries]
        pairs = [just(Pack((key, value))) for key, value in zip(keys, held, strict=True)]
        items = {"values": held, "keys": keys, "items": pairs}[name]
        if table.rest is None:
            return Pack(tuple(items))
        unknown = just(Symbol("key", "key", reason="a key of a dict"))
        rest = {"values": table.rest, "keys": unknown, "items": just(Pack((unknown, table.rest)))}[name]
        return Pack(tuple(items), rest)

    def holds(self, thing: Thing, deep: int = 4) -> tuple[Ref, ...]:
        """The tracked objects that the thing is or holds, through containers and attributes of instances."""
        machine = self._machine
        ref = machine.tracked(thing)
        if ref is not None:
            return (ref,)
        if deep == 0:
            return ()
        found: list[Ref] = []
        for value in self._inside(thing):
            for option in value:
                found.extend(self.holds(option.thing, deep - 1))
        return tuple(dict.fromkeys(found))

    def captured(self, thing: Thing) -> tuple[Ref, ...]:
        """What `holds` finds, and what a callable can reach: its receiver, its arguments, the variables around it."""
        found = list(self.holds(thing, 3))
        match thing:
            case Method(receiver=receiver) | BoundRoutine(receiver=receiver):
                found += self.holds(receiver, 3)
            case Partial(target=target, arguments=arguments):
                found += self.captured(target)
                found += [ref for given in arguments for option in given.value for ref in self.holds(option.thing, 3)]
            case Routine(function=function, frames=frames):
                module = self._walk.names.module_frame(function.module)
                found += self._around((*frames, module.id), function.node.mentions)
            case LambdaRoutine(node=node, frames=frames, module=module):
                names = tuple(each.id for each in nodes(node) if isinstance(each, facts.Name))
                found += self._around((*frames, self._walk.names.module_frame(module).id), names)
            case _:
                pass
        return tuple(dict.fromkeys(found))

    def _around(self, frames: Sequence[int], names: Sequence[str]) -> list[Ref]:
        held = [self._machine.store.get((frame, name)) for frame in frames for name in names]
        return [ref for value in held for option in value or () for ref in self.holds(option.thing, 3)]

    def _inside(self, thing: Thing) -> list[Value]:
        machine = self._machine
        if isinstance(thing, Ref) and thing.id in machine.containers:
            content = self.content(thing)
            return self._inside(content) if content is not None else []
        if isinstance(thing, Pack):
            return [*thing.items, *([thing.rest] if thing.rest is not None else [])]
        if isinstance(thing, Table):
            return [*(value for _, value in thing.entries), *([thing.rest] if thing.rest is not None else [])]
        if isinstance(thing, Ref) and thing.id in machine.instances:
            return machine.store.held_by(thing.id)
        return []


def entry_of(rest: Value, key: bool | int | float | str | None) -> Value:
    """One entry among those of which no more is known than what one of them may be: another one for each key."""
    return tuple(
        replace(option, thing=derived(option.thing, f"[{key!r}]")) if isinstance(option.thing, Symbol) else option
        for option in rest
    )


def merged(things: Sequence[Thing]) -> Pack | Table | None:
    """One content that covers several: lists of one length item by item, dicts key by key."""
    packs = [thing for thing in things if isinstance(thing, Pack)]
    tables = [thing for thing in things if isinstance(thing, Table)]
    if len(packs) == len(things):
        if all(pack.whole and len(pack.items) == len(packs[0].items) for pack in packs):
            columns = zip(*(pack.items for pack in packs), strict=True)
            return Pack(tuple(alternatives([(value, ()) for value in column], "item") for column in columns))
        parts = [(value, ()) for pack in packs for value in (*pack.items, *((pack.rest,) if pack.rest else ()))]
        return Pack((), alternatives(parts, "items")) if parts else Pack(())
    if len(tables) == len(things):
        keys = dict.fromkeys(key for table in tables for key, _ in table.entries)
        entries = tuple(
            (key, alternatives([(dict(t.entries)[key], ()) for t in tables if key in dict(t.entries)], "entry"))
            for key in keys
        )
        rests = [(table.rest, ()) for table in tables if table.rest is not None]
        always = frozenset.intersection(*(frozenset(dict(table.entries)) - table.open for table in tables))
        return Table(entries, alternatives(rests, "entry") if rests else None, frozenset(keys) - always)
    return None
