"""Loops: what they run over, what their targets are bound to, and how often their bodies are walked.

A loop over a few known items (a list of schedulers, `['train', 'val']`) is unrolled and is no loop of the timeline.
Every other body is walked once, with what it stores made unknown in front; and once more where that walk changed
something from before the loop that it may have relied on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.timeline.model import Condition, GuardKind, Iterated, Loop, ObjectKind
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity, Symbol, symbols
from schedlint.timeline.run.branching import plain_number
from schedlint.timeline.run.flow import BREAK, CONTINUE, NORMAL, RETURN
from schedlint.timeline.run.prescan import counted_names, sets_named_attribute, stored_names
from schedlint.timeline.run.spelling import source
from schedlint.timeline.run.spelling import target as spelled_target
from schedlint.timeline.run.store import Delta, Key
from schedlint.timeline.run.values import (
    SCALARS,
    Groups,
    Option,
    Pack,
    Ref,
    Spread,
    Stream,
    Table,
    Thing,
    Value,
    alternatives,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

MOST_UNROLLED = 8
MOST_FILLED = 64
COMPARED = ("<", "<=", "!=", ">", ">=")
_ITEM_OF = "an item of "


@dataclass(frozen=True, slots=True)
class Iteration:
    """What a loop runs over, and the value of one item of it."""

    kind: Iterated
    item: Value
    counter: str = ""
    bound: Quantity | None = None
    start: Quantity | None = None
    object: int = 0
    first: Quantity | None = None
    partial: bool = False
    length: Quantity | None = None

    @property
    def number(self) -> tuple[Quantity | None, ...]:
        """What the number of rounds is made of."""
        return (self.bound, self.start, self.length)


@dataclass(slots=True)
class Body:
    """A loop body being walked: its loop (0: none of the timeline's, as for a round of an unrolled one), where it
    began, and how it was left by `continue` and `break` so far.
    """

    loop: int
    mark: int
    depth: int
    condition: Condition
    exits: list[tuple[Delta, Condition]] = field(default_factory=list)


class Looping:
    """Runs loops."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._changing: dict[int, dict[Key, None]] = {}
        self._counting: dict[int, frozenset[str]] = {}
        self._bodies: list[Body] = []
        self._counters: dict[str, tuple[Symbol, Key]] = {}

    def leave(self, how: int) -> int:
        """`continue` or `break`: what was stored until here holds where the body ends."""
        machine = self._machine
        if self._bodies:
            body = self._bodies[-1]
            if how == BREAK and body.loop:
                self.left_early((body.loop,))
            condition = tuple(test for test in machine.condition if test not in body.condition)
            body.exits.append((machine.store.changes(body.mark), condition))
            if how == BREAK and body.loop:
                self._note_end(body)
        return how

    def _note_end(self, body: Body) -> None:
        """`if epoch >= epochs: break` is the bound of a loop that has no other. What is denied before it is another
        exit.
        """
        loop, guards = self._machine.recorder.known_loop(body.loop), self._machine.guards[body.depth :]
        if loop.iterates is not Iterated.COUNT or loop.bound is not None or not guards:
            return
        guard = guards[-1]
        if not all(other.denied for other in guards[:-1]):
            return
        if guard.loop == loop.id and guard.kind in (GuardKind.LATER, GuardKind.ONCE):
            self._machine.recorder.amend_loop(replace(loop, bound=guard.period))

    def left_early(self, loops: Iterable[int]) -> None:
        """The statement being run may leave these loops before their end."""
        recorder = self._machine.recorder
        for id in loops:
            recorder.amend_loop(replace(recorder.known_loop(id), left=True))

    def _walk_body(self, body: Sequence[facts.Statement], loop: int = 0) -> int:
        """Walk a body to its end, by whichever way."""
        machine = self._machine
        self._bodies.append(Body(loop, machine.store.mark(), len(machine.guards), machine.condition))
        try:
            flow = self._walk.executor.block(body)
        finally:
            left = self._bodies.pop()
        if left.exits:
            last = machine.store.undo(left.mark)
            machine.store.join([*left.exits, *([(last, ())] if flow & NORMAL else [])])
        return flow

    # --- for ----------------------------------------------------------------------------------------------------------

    def for_loop(self, statement: facts.For) -> int:
        """`for target in iterable`."""
        iterable = self._walk.evaluator.evaluate(statement.iterable)
        items = self.known_items(iterable)
        if items is not None and (self._worth_unrolling(items) or self._fills(statement, items)):
            return self._unrolled(statement, items)
        loop = self._enter(statement.at, spelled_target(statement.target), source(statement.iterable))
        item = self._iterate(loop, iterable)

        def bind() -> None:
            self._walk.executor.assign(statement.target, item)

        return self._run(loop, statement.body, statement.orelse, bind, stored_names(statement))

    def _iterate(self, loop: Loop, iterable: Value) -> Value:
        """Note what a loop runs over; the value of one item of it."""
        self._machine.iterables[loop.id] = iterable
        iteration = self.iteration(iterable, loop.id, loop.source, loop.variable)
        self._machine.recorder.amend_loop(
            replace(
                loop,
                iterates=iteration.kind,
                counter=iteration.counter,
                bound=iteration.bound,
                start=iteration.start,
                object=iteration.object,
                first=iteration.first,
                partial=iteration.partial,
                length=iteration.length,
            )
        )
        return iteration.item

    def known_items(self, iterable: Value) -> tuple[Value, ...] | None:
        """The items of a tuple, list, set or dict view that is wholly known."""
        thing = only(iterable)
        if isinstance(thing, Stream):
            return self._known_stream(thing)
        pack = self._walk.containers.as_pack(iterable)
        if pack is not None:
            return pack.items if pack.whole else None
        table = self._walk.containers.table(iterable)
        if table is not None and table.rest is None:
            return tuple(just(Literal(key)) for key, _ in table.entries)
        return None

    def _known_stream(self, stream: Stream) -> tuple[Value, ...] | None:
        columns = [self.known_items(value) for value in stream.sources]
        if any(column is None for column in columns) or stream.endless:
            return None
        known = [column for column in columns if column is not None]
        if stream.shape == "counted":
            return tuple(just(Pack((just(Literal(index)), item))) for index, item in enumerate(known[0]))
        if stream.shape == "zipped":
            return tuple(just(Pack(row)) for row in zip(*known, strict=False))
        return known[0] if len(known) == 1 else None

    def _worth_unrolling(self, items: Sequence[Value]) -> bool:
        """Whether each round is a case of its own: objects, functions, names; not numbers, which are trials or
        layers.
        """
        if len(items) > MOST_UNROLLED:
            return False
        things = [option.thing for item in items for option in item]
        flat = [inner for thing in things for inner in self._parts(thing)]
        named = (str, type(None))
        return all(not isinstance(thing, Literal) or isinstance(thing.value, named) for thing in things) and bool(
            all(isinstance(thing, Literal) for thing in things)
            or any(self._holds_more(thing) for thing in flat)
            or not items
        )

    @staticmethod
    def _fills(statement: facts.For, items: Sequence[Value]) -> bool:
        """Whether each round sets the attribute that an entry of a mapping names."""
        return len(items) <= MOST_FILLED and len(statement.body) == 1 and sets_named_attribute(statement)

    @staticmethod
    def _parts(thing: Thing) -> tuple[Thing, ...]:
        return tuple(option.thing for item in thing.items for option in item) if isinstance(thing, Pack) else (thing,)

    def _holds_more(self, thing: Thing) -> bool:
        return bool(self._walk.containers.holds(thing)) or not isinstance(thing, (*SCALARS, Ref, Pack))

    def _unrolled(self, statement: facts.For, items: Sequence[Value]) -> int:
        machine, flow = self._machine, NORMAL
        place = machine.place(statement.at)
        outside, depth = machine.condition, len(machine.guards)
        for index, item in enumerate(items):
            with machine.in_lane(place, index):
                self._walk.executor.assign(statement.target, item)
                left = self._walk_body(statement.body)
            machine.condition = outside
            del machine.guards[depth:]
            flow |= left & RETURN
            if not left & (NORMAL | CONTINUE):
                return (flow & ~NORMAL) | (NORMAL if left & BREAK else 0) or left
        if statement.orelse:
            flow = (flow & ~NORMAL) | self._walk.executor.block(statement.orelse)
        return flow

    # --- what is iterated ---------------------------------------------------------------------------------------------

    def bind_item(self, target: facts.Expr, iterable: Value, name: str = "") -> None:
        """Bind a target to one item of an iterable that is spelled so, outside any loop of the timeline (a
        comprehension).
        """
        loop, variable = self._machine.innermost, spelled_target(target)
        self._walk.executor.assign(target, self.iteration(iterable, loop, name or variable, variable).item)

    @contextmanager
    def comprehension(
        self, generator: facts.Generator, iterable: Value, at: facts.Span | None, *, calls: bool
    ) -> Iterator[None]:
        """One walk of a comprehension's rounds; a loop of the timeline where the rounds call something."""
        if not calls or at is None:
            self.bind_item(generator.target, iterable, source(generator.iterable))
            yield
            return
        loop = self._enter(at, spelled_target(generator.target), source(generator.iterable))
        item = self._iterate(loop, iterable)
        self._machine.loops.append(loop.id)
        try:
            self._walk.executor.assign(generator.target, item)
            yield
        finally:
            self._machine.loops.pop()

    def iteration(self, iterable: Value, loop: int, name: str, variable: str) -> Iteration:
        """What iterating the value gives."""
        found = [self._iteration_of(option.thing, loop, name, variable) for option in iterable]
        if len(found) == 1:
            return found[0]
        first = found[0]
        kinds, numbers = {one.kind for one in found}, {one.number for one in found}
        same, agreed = len(kinds) == 1, len(numbers) == 1
        return Iteration(
            first.kind if same else Iterated.UNKNOWN,
            alternatives(
                [(one.item, option.when) for one, option in zip(found, iterable, strict=True)], f"item:{loop}"
            ),
            first.counter if len({one.counter for one in found}) == 1 else "",
            first.bound if len({one.bound for one in found}) == 1 else None,
            first.start if same else None,
            first.object if len({one.object for one in found}) == 1 else 0,
            first.first if len({one.first for one in found}) == 1 else None,
            partial=not (same and agreed) or any(one.partial for one in found),
            length=first.length if agreed else None,
        )

    def _iteration_of(self, thing: Thing, loop: int, name: str, variable: str) -> Iteration:
        machine = self._machine
        element = just(self._element(loop, variable, name))
        ref = machine.tracked(thing)
        if ref is not None and machine.kind(ref) is ObjectKind.LOADER:
            batches = self._walk.evaluator.length_of(thing, "loader")
            return Iteration(Iterated.LOADER, element, object=ref.id, length=batches)
        if isinstance(thing, Spread):
            counter = self._counter(loop, variable)
            kind = Iterated.COUNT if thing.stop is None else Iterated.RANGE
            first = thing.start or Literal(0)
            return Iteration(kind, just(counter), counter.key, thing.stop, thing.start, 0, first, thing.strides)
        if isinstance(thing, Stream):
            return self._stream_iteration(thing, loop, name, variable)
        if isinstance(thing, Groups):
            return Iteration(Iterated.ITEMS, just(Groups(thing.optimizer, one=True)))
        if isinstance(thing, (Pack, Ref)):
            return self._container_iteration(thing, element)
        known = isinstance(thing, Symbol)
        length = self._walk.evaluator.length_of(thing, name) if known else None
        return Iteration(Iterated.UNKNOWN, element, length=length)

    def _container_iteration(self, thing: Pack | Ref, element: Value) -> Iteration:
        content: Pack | Table | None = thing if isinstance(thing, Pack) else None
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            content = self._walk.containers.content(thing)
        if isinstance(content, Pack):
            return Iteration(Iterated.ITEMS, self._walk.containers.any_item(content) or element)
        return Iteration(Iterated.ITEMS if isinstance(content, Table) else Iterated.UNKNOWN, element)

    def _stream_iteration(self, stream: Stream, loop: int, name: str, variable: str) -> Iteration:
        inner = [self.iteration(value, loop, stream.name, variable) for value in stream.sources]
        main = next((one for one in inner if one.kind is Iterated.LOADER), inner[0])
        main = dataclasses.replace(main, partial=main.partial or stream.partial or len(inner) > 1)
        if stream.endless:
            main = dataclasses.replace(main, bound=None, start=None, partial=True)
        if stream.shape == "counted":
            counter = self._counter(loop, variable.split(",")[0].strip("( "))
            start = Literal(0) if stream.first is None else stream.first
            number = counter if isinstance(start, Literal) else Arithmetic("+", (start, counter))
            item = just(Pack((just(number), main.item)))
            first = stream.first if isinstance(start, Literal) else Literal(0)
            return dataclasses.replace(main, item=item, counter=counter.key, first=first)
        if stream.shape == "zipped":
            counters = [one.counter for one in inner if one.counter]
            item = just(Pack(tuple(one.item for one in inner)))
            return dataclasses.replace(main, item=item, counter=(counters or [""])[0], first=None)
        if stream.shape == "mapped":
            return dataclasses.replace(main, item=just(self._element(loop, variable, name)), counter="", first=None)
        return main

    def _counter(self, loop: int, variable: str) -> Symbol:
        return Symbol(key=f"loop{loop}:index", name=variable, role="index", loop=loop)

    def _element(self, loop: int, variable: str, name: str) -> Symbol:
        return Symbol(key=f"loop{loop}:item", name=variable, role="element", reason=f"{_ITEM_OF}`{name}`", loop=loop)

    # --- while --------------------------------------------------------------------------------------------------------

    def while_loop(self, statement: facts.While) -> int:
        """`while test`."""
        loop = self._enter(statement.at, "", source(statement.test))
        recorder = self._machine.recorder
        recorder.amend_loop(replace(loop, iterates=Iterated.COUNT, is_while=True))
        tested: list[tuple[Symbol, Quantity]] = []

        def test() -> None:
            bound = self._while_bound(statement.test, loop.id)
            tested[:] = [bound] if bound is not None else []
            if bound is not None and bound[0].role == "counter":
                self._counts(loop.id, *bound)

        def end() -> None:
            left_at = recorder.known_loop(loop.id).bound
            for counter, limit in tested or [(one, left_at) for one in self._counted_by(loop) if left_at is not None]:
                stride = self._stride(counter)
                if stride is not None:
                    self._counts(loop.id, counter, limit)
                    recorder.amend_loop(replace(recorder.known_loop(loop.id), stride=stride))

        return self._run(loop, statement.body, statement.orelse, test, stored_names(statement), end)

    def _counts(self, id: int, counter: Symbol, limit: Quantity) -> None:
        """Note what counts the rounds of a loop, and how far."""
        recorder = self._machine.recorder
        loop = recorder.known_loop(id)
        recorder.amend_loop(replace(loop, variable=counter.name, counter=counter.key, bound=limit))

    def _counted_by(self, loop: Loop) -> list[Symbol]:
        """The one number that grows by one in each round of a loop; none where there are several."""
        own = [symbol for symbol, _ in self._counters.values() if symbol.loop == loop.id]
        found = [symbol for symbol in own if self._stride(symbol) == Literal(1)]
        return found if len(found) == 1 else []

    def _stride(self, counter: Symbol) -> Quantity | None:
        """By how much a number has grown in a round of its loop: a constant, or the length of something. A round that
        was left early may not have come so far.
        """
        things = [option.thing for option in self._machine.store.get(self._counters[counter.key][1]) or ()]
        grown = [thing for thing in things if thing != counter]
        match grown:
            case [Arithmetic(op="+", operands=(start, (Literal() | Length()) as stride))] if start == counter:
                return stride
            case _:
                return None

    def _while_bound(self, test: facts.Expr, loop: int) -> tuple[Symbol, Quantity] | None:
        """The number that a loop changes and its limit, of `while number < limit`."""
        if isinstance(test, facts.BoolOp) and test.op == "and":
            found = [self._while_bound(part, loop) for part in test.values]
            return next((one for one in found if one is not None), None)
        thing = only(self._walk.evaluator.evaluate(test))
        if not isinstance(thing, Arithmetic) or thing.op not in COMPARED:
            return None
        left, right = thing.operands
        for counter, limit in ((left, right), (right, left)):
            counting = [symbol for symbol in symbols(counter) if symbol.loop == loop and symbol.key in self._counters]
            if counting and not any(symbol.loop == loop for symbol in symbols(limit)):
                return counting[0], limit
        return None

    # --- walking a body -----------------------------------------------------------------------------------------------

    def _enter(self, at: facts.Span, variable: str, text: str) -> Loop:
        machine = self._machine
        place = machine.place(at)
        parent = machine.innermost

        def make(number: int) -> Loop:
            return Loop(
                id=number,
                parent=parent,
                place=place,
                calls=tuple(machine.calls),
                iterates=Iterated.UNKNOWN,
                variable=variable,
                counter="",
                source=text,
            )

        return machine.recorder.loop(parent, machine.way(place), make)

    def _run(
        self,
        loop: Loop,
        body: Sequence[facts.Statement],
        orelse: Sequence[facts.Statement],
        begin: Callable[[], None],
        names: frozenset[str],
        end: Callable[[], None] = lambda: None,
    ) -> int:
        """Walk the body in the loop, once or twice, and join what it stores with what was there before."""
        machine = self._machine
        mark, events = machine.store.mark(), machine.recorder.mark()
        counted = counted_names(body)
        self._make_unknown(loop, self._local_keys(names), counted)
        self._make_unknown(
            loop, iter(self._changing.get(loop.id, ())), counted | self._counting.get(loop.id, frozenset())
        )
        start = machine.store.mark()
        flow = self._body(loop, body, begin)
        end()
        changed = self._changed_from_before(start)
        if changed:
            self._changing.setdefault(loop.id, {}).update(changed)
            self._counting[loop.id] = self._counted(changed, start) | self._counting.get(loop.id, frozenset())
            before, now = machine.store.before(start), machine.store.changes(start)
            machine.store.undo(start)
            machine.recorder.take_back(events)
            self._join_in_front(loop, changed, before, now)
            start = machine.store.mark()
            flow = self._body(loop, body, begin)
            end()
        self._join_with_before(mark)
        left = (flow & RETURN) | NORMAL
        if orelse:
            left |= self._walk.executor.block(orelse)
        return left

    def _body(self, loop: Loop, body: Sequence[facts.Statement], begin: Callable[[], None]) -> int:
        machine = self._machine
        outside, depth = machine.condition, len(machine.guards)
        machine.loops.append(loop.id)
        try:
            begin()
            return self._walk_body(body, loop.id)
        finally:
            machine.loops.pop()
            machine.condition = outside
            del machine.guards[depth:]

    def _local_keys(self, names: frozenset[str]) -> Iterator[Key]:
        frame = self._machine.frame
        for name in sorted(names):
            yield (frame.elsewhere.get(name, frame.id), name)

    def _make_unknown(self, loop: Loop, keys: Iterator[Key], counters: frozenset[str]) -> None:
        """Numbers that the loop changes are unknown from its first round on: counters, or what the data make them."""
        store = self._machine.store
        for key in keys:
            value = store.get(key)
            if value is None or not any(self._plain(option.thing) for option in value):
                continue
            role = "counter" if key[1] in counters else "carried"
            reason = "" if role == "counter" else f"`{key[1]}` changes in the loop of line {loop.place.row}"
            counter = Symbol(f"loop{loop.id}:{key[0]}.{key[1]}", key[1], role, reason, loop.id)
            self._counters[counter.key] = (counter, key)
            kept = tuple(option for option in value if not self._plain(option.thing))
            store.put(key, (*kept, Option(counter)))

    def _plain(self, thing: Thing) -> bool:
        """Whether the thing is a number, a flag or another scalar that a loop can change; `None` may be a missing
        object.
        """
        if isinstance(thing, Literal):
            return thing.value is not None
        return isinstance(thing, SCALARS) and self._machine.tracked(thing) is None

    def _changed_from_before(self, start: int) -> dict[Key, None]:
        """The keys from before the body that hold something else now, where that can matter to the body."""
        store = self._machine.store
        found: dict[Key, None] = {}
        for key, old in store.before(start).items():
            if old is None:
                continue
            new = store.get(key)
            held = {option.thing for option in old}
            if new is not None and not {option.thing for option in new} <= held and self._matters(old, new):
                found[key] = None
        return found

    def _matters(self, old: Value, new: Value) -> bool:
        """Whether the body could have acted on the old value alone: an object, a flag or number taken for constant."""
        things = [option.thing for option in (*old, *new)]
        if any(self._machine.tracked(thing) is not None or isinstance(thing, (Pack, Table)) for thing in things):
            return True
        return any(isinstance(plain_number(option.thing), Literal) for option in old)

    def _join_in_front(self, loop: Loop, changed: dict[Key, None], before: Delta, now: Delta) -> None:
        store = self._machine.store
        for key in changed:
            parts: list[tuple[Value, Condition]] = [
                (value, ()) for value in (before.get(key), now.get(key)) if value is not None
            ]
            store.put(key, alternatives(parts, f"loop{loop.id}:{key[0]}.{key[1]}"))
        self._make_unknown(loop, iter(changed), self._counting[loop.id])

    def _counted(self, changed: dict[Key, None], start: int) -> frozenset[str]:
        """The attributes that grew by a constant in one walk of the body: `self.step += 1` somewhere behind a call."""
        before, now = self._machine.store.before(start), self._machine.store.changes(start)
        return frozenset(key[1] for key in changed if grew(before.get(key), now.get(key)))

    def _join_with_before(self, mark: int) -> None:
        """After the loop a variable holds what it held before or what the body left in it."""
        store = self._machine.store
        for key, old in store.before(mark).items():
            new = store.get(key)
            if old is None or new is None or old == new:
                continue
            if not any(isinstance(option.thing, Symbol) and option.thing.role == "counter" for option in (*old, *new)):
                store.put(key, alternatives([(new, ()), (old, ())], f"after:{key[0]}.{key[1]}"))


def item_of(thing: Symbol) -> str:
    """What an item was drawn from, as it is spelled; "" for what is no item."""
    return thing.reason[len(_ITEM_OF) :].strip("`") if thing.reason.startswith(_ITEM_OF) else ""


def grew(before: Value | None, now: Value | None) -> bool:
    """Whether a number grew by a whole number, as a counter does."""
    old, new = plain_number(only(before or ())), plain_number(only(now or ()))
    if isinstance(old, Literal) and isinstance(new, Literal):
        return type(old.value) is int and type(new.value) is int and new.value > old.value
    return isinstance(new, Arithmetic) and new.op == "+" and new.operands[0] == old
