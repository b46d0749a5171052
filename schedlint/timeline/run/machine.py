"""The state of one abstract run, and the ways to change it: frames, branches, the path, the budget.

What statements, expressions and calls mean is in the sibling modules; they all work on one `Machine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from schedlint import facts
from schedlint.knowledge.tables import Knowledge
from schedlint.program.program import Program
from schedlint.program.symbols import Class, Function, Module
from schedlint.timeline.conditions import conjoin
from schedlint.timeline.model import (
    Bound,
    Condition,
    Confidence,
    Event,
    EventKind,
    Guard,
    GuardKind,
    ObjectKind,
    Part,
    Subject,
)
from schedlint.timeline.quantity import Place, Quantity, Symbol
from schedlint.timeline.run.files import NO_FILES, Configurations
from schedlint.timeline.run.recorder import Recorder, Way
from schedlint.timeline.run.store import Delta, Key, Store
from schedlint.timeline.run.values import Ref, Thing, Value, alternatives, just, under

MOST_CALLS = 8
"""How deep calls are followed from an entry (design, section 4)."""

ENTERED_FOR = frozenset(("step backward DataLoader param_groups get_lr get_last_lr add_argument parse_args ").split())
"""Identifiers that make a function worth entering, beside the names of what the tables know."""

BEGUN_WITH = frozenset(["step", "get_lr", "get_last_lr"])
"""Identifiers that make a function nobody called an entry, beside the names of what the tables know."""

STEPS_PER_ENTRY = 50_000
STEPS_PER_RUN = 500_000


class BudgetSpent(Exception):
    """The run took as many steps as it may; what was found until here stands."""


@dataclass(slots=True)
class Budget:
    """Steps that may still be taken: by the entry being run, and by the whole run."""

    entry: int = STEPS_PER_ENTRY
    run: int = STEPS_PER_RUN
    used: int = 0

    def begin_entry(self) -> None:
        """Give the next entry its share."""
        self.used = 0

    def step(self) -> None:
        """Take one step. Raises BudgetSpent when there is none left."""
        self.used += 1
        self.run -= 1
        if self.used > self.entry or self.run < 0:
            raise BudgetSpent


@dataclass(slots=True)
class Exit:
    """One `return`: its value, what was changed until there since the function began, and when it is taken."""

    value: Value
    delta: Delta
    condition: Condition


@dataclass(slots=True)
class Frame:
    """One call of a function (or a module body): where its names live and how it was left so far.

    `parents` are the enclosing frames of a closure, innermost first; `names` the function's own names (None: a
    module, where every name is its own); `body_of` is the class whose body is being evaluated. `mark` and
    `condition` are the store and the path at its beginning.
    """

    id: int
    module: Module
    function: Function | None = None
    names: frozenset[str] | None = None
    parents: tuple[int, ...] = ()
    owner: Class | None = None
    receiver: Thing | None = None
    mark: int = 0
    condition: Condition = ()
    depth_of_loops: int = 0
    exits: list[Exit] = field(default_factory=list)
    body_of: Class | None = None
    yields: list[Value] = field(default_factory=list)
    elsewhere: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a project class: its class, and the frames around a class defined inside a function."""

    cls: Class
    frames: tuple[int, ...] = ()


class Attempt(NamedTuple):
    """Code in which an error is expected: in this frame (0: in what it calls too), at this depth of loops (-1: any)."""

    frame: int
    loops: int


class Machine:
    """One abstract run from one entry."""

    def __init__(
        self, program: Program, knowledge: Knowledge, budget: Budget, files: Configurations = NO_FILES
    ) -> None:
        self.program = program
        self.knowledge = knowledge
        self.budget = budget
        self.files = files
        self.words = knowledge.interesting | ENTERED_FOR
        self.store = Store()
        self.recorder = Recorder()
        self.frames: dict[int, Frame] = {}
        self.stack: list[Frame] = []
        self.active: list[Function] = []
        self.calls: list[Place] = []
        self.loops: list[int] = []
        self.guards: list[Guard] = []
        self.condition: Condition = ()
        self.attempts: list[Attempt] = []
        self.lane = 0
        self.muted = 0
        self.likely = 0
        self.configuring = 0
        self.importing = 0
        self.preparing = 0
        self.reached: set[Function] = set()
        self.instances: dict[int, Instance] = {}
        self.containers: dict[int, str] = {}
        self.kinds_of_settings: dict[int, str] = {}
        self.born: dict[int, tuple[int, ...]] = {}
        self.known_as: dict[str, int] = {}
        self.mapped: dict[str, tuple[tuple[str, Symbol], ...]] = {}  # a parameter's key -> the entries of its default
        self.parts: dict[str, Part] = {}
        self.statement = 0
        self.displays = 0
        self.iterables: dict[int, Value] = {}
        self.generated: dict[int, list[Value]] = {}
        self._statements: dict[int, int] = {}
        self._symbol_owners: dict[str, int] = {}

    # --- where we are -------------------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The frame being run."""
        return self.stack[-1]

    @property
    def innermost(self) -> int:
        """The innermost loop around this place; 0 where there is none."""
        return self.loops[-1] if self.loops else 0

    def place(self, at: facts.Span | None) -> Place:
        """A range of the file being run, as a place."""
        path = self.frame.module.path
        if at is None:
            return self.calls[-1] if self.calls else Place(path, 1, 1, 1, 1)
        return Place(path, at.row, at.column, at.end_row, at.end_column)

    def way(self, place: Place) -> Way:
        """How what is made at this place is reached from the entry."""
        return (self.frame.id, place, self.lane)

    def display(self) -> Way:
        """The way to the next list or dict display of the statement being run: displays have no place of their own."""
        self.displays += 1
        return (self.frame.id, Place(self.frame.module.path, self.statement, self.displays, 0, 0), self.lane)

    @property
    def attempted(self) -> bool:
        """Whether an error of the call being made is expected."""
        here, loops = self.frame.id, len(self.loops)
        return any(each.frame in (0, here) and each.loops in (-1, loops) for each in self.attempts)

    @contextmanager
    def attempting(self, everywhere: bool, deep: bool) -> Iterator[None]:
        """Run code in which an error is expected: with `deep` in what it calls too, with `everywhere` in its loops."""
        self.attempts.append(Attempt(0 if deep else self.frame.id, -1 if everywhere or deep else len(self.loops)))
        try:
            yield
        finally:
            self.attempts.pop()

    def loops_in_frame(self) -> tuple[int, ...]:
        """The loops around the statement being run that belong to the function being run."""
        return tuple(self.loops[self.frame.depth_of_loops :])

    @contextmanager
    def in_lane(self, place: Place, index: int) -> Iterator[None]:
        """Walk one of several rounds of an unrolled loop: what is made in it is its own."""
        outside = self.lane
        self.lane = self.recorder.owner("lane", (outside, place, index))
        try:
            yield
        finally:
            self.lane = outside

    def guard(
        self,
        kind: GuardKind,
        text: str,
        denied: bool,
        place: Place,
        loop: int = 0,
        period: Quantity | None = None,
        limit: Quantity | None = None,
    ) -> Guard:
        """A guard that stands here."""
        return Guard(kind, text, denied, place, loop, period, self.innermost, limit)

    @contextmanager
    def at_import(self, frame: Frame) -> Iterator[None]:
        """Walk code of a module as when it is imported: outside all loops, branches and calls, and never taken back."""
        outside = (self.loops, self.guards, self.condition, self.calls)
        self.loops, self.guards, self.condition, self.calls = [], [], (), []
        self.stack.append(frame)
        self.importing += 1
        mark = self.store.mark()
        try:
            yield
        finally:
            self.importing -= 1
            self.stack.pop()
            self.store.settle(mark)
            self.loops, self.guards, self.condition, self.calls = outside

    # --- the path -----------------------------------------------------------------------------------------------------

    @contextmanager
    def assuming(self, condition: Condition, guards: Sequence[Guard] = ()) -> Iterator[bool]:
        """Walk on under a condition and behind guards; yields False where the condition contradicts the path."""
        outside, depth = self.condition, len(self.guards)
        both = conjoin(outside, condition)
        self.condition = outside if both is None else both
        self.guards.extend(guards)
        try:
            yield both is not None
        finally:
            self.condition = outside
            del self.guards[depth:]

    def fork(self, ways: Iterable[tuple[Condition, Sequence[Guard], Callable[[], Value]]], key: str) -> Value:
        """Walk several ways from the same state, one after the other, and join them; the union of their results."""
        mark = self.store.mark()
        deltas: list[tuple[Delta, Condition]] = []
        results: list[tuple[Value, Condition]] = []
        for condition, guards, walk in ways:
            with self.assuming(condition, guards) as possible:
                if possible:
                    results.append((walk(), condition))
                    deltas.append((self.store.undo(mark), condition))
        if not deltas:
            return just(self.unknown("?", "no way leads here"))
        self.store.join(deltas)
        return alternatives(results, key)

    @contextmanager
    def guessing(self) -> Iterator[None]:
        """What happens here is likely, and no more."""
        self.likely += 1
        try:
            yield
        finally:
            self.likely -= 1

    # --- unknown values -----------------------------------------------------------------------------------------------

    def unknown(self, name: str, reason: str, at: facts.Span | None = None, what: str = "") -> Symbol:
        """A new unknown value, made at this place; it varies with the innermost loop."""
        place = self.place(at)
        where = f"{place.row}:{place.column}" if at is not None else self._spot()
        key = f"{self.frame.id}:{where}:{self.lane}:{what or name}"
        return Symbol(key=key, name=name, reason=reason, loop=self.innermost, place=place)

    def _spot(self) -> str:
        """What tells things without a place of their own apart: the statement, and how many came before in it."""
        self.displays += 1
        number = self._statements.setdefault(self.statement, len(self._statements) + 1)
        return f"statement {number}.{self.displays}"

    def symbol_owner(self, key: str) -> int:
        """The owner of what is stored to attributes and items of an unknown value."""
        if key not in self._symbol_owners:
            place = Place(key, 0, 0, 0, 0)
            self._symbol_owners[key] = self.recorder.owner("symbol", (0, place, 0))
        return self._symbol_owners[key]

    # --- variables ----------------------------------------------------------------------------------------------------

    def read(self, key: Key) -> Value | None:
        """What a key holds, less what cannot be on this path."""
        value = self.store.get(key)
        return None if value is None else under(value, self.condition)

    # --- tracked objects ----------------------------------------------------------------------------------------------

    def tracked(self, thing: Thing) -> Ref | None:
        """The tracked object that the thing is, also where an unknown value has turned out to be one."""
        if isinstance(thing, Symbol) and thing.key in self.known_as:
            return Ref(self.known_as[thing.key])
        if isinstance(thing, Ref) and thing.id > 0:
            return thing
        return None

    def kind(self, ref: Ref) -> ObjectKind:
        """What kind of tracked object it is."""
        return self.recorder.objects[ref.id].kind

    def event(
        self,
        kind: EventKind,
        at: facts.Span | None,
        subjects: Sequence[Subject],
        *,
        receiver: str = "",
        method: str = "",
        arguments: tuple[Bound, ...] = (),
        every: bool = False,
        likely: bool = False,
        behind: str = "",
        may_skip: bool = False,
        parts: tuple[Part, ...] = (),
        whole: bool = True,
    ) -> None:
        """Record that something happens here, to one of the subjects (or to each of them)."""
        if self.muted or (self.preparing and kind is not EventKind.CREATED):
            return
        record = self.recorder.before_all if self.importing else self.recorder.event
        record(
            lambda number: Event(
                id=number,
                kind=kind,
                place=self.place(at),
                subjects=tuple(subjects),
                receiver=receiver,
                method=method,
                loops=tuple(self.loops),
                guards=tuple(self.guards),
                condition=self.condition,
                calls=tuple(self.calls),
                arguments=arguments,
                every=every,
                confidence=Confidence.LIKELY if likely or self.likely else Confidence.CERTAIN,
                behind=behind,
                may_skip=may_skip,
                parts=parts,
                whole=whole,
                attempted=self.attempted,
            )
        )
