"""The timeline of one entry: three small immutable tables (loops, objects, events), and no syntax.

`schedlint.timeline.run` makes it, `cadence`, `loops` and `units` read facts off it, rules and reports ask it.
Ids count from 1 within a timeline; 0 is "none". Everything here can be built by hand in a test, compared, and written
as JSON with msgspec.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from msgspec import Struct

from schedlint.diagnostics import Confidence as Confidence
from schedlint.timeline.quantity import Arithmetic, Literal, Place, Quantity, Symbol


class Test(Struct, frozen=True, order=True):
    """One literal of a condition: a statement about a *value*, not about source text.

    `symbol` is the key of the value's symbol, `operator` one of `==`, `is`, `in`, `contains`, `truth`, `isinstance`,
    `<`, `<=`; `constant` its right side (a tuple for `in`); `positive` is False where the statement is denied. `text`
    is how to say it (`args.sched == 'cos'`), without the polarity.
    """

    __test__: ClassVar[bool] = False  # pytest would take a class of this name for a test

    symbol: str
    operator: str
    constant: bool | int | float | str | tuple[bool | int | float | str | None, ...] | None
    positive: bool
    text: str


Condition = tuple[Test, ...]
"""A conjunction of at most four tests; empty is "always"."""


class GuardKind(str, Enum):
    """What a guard on the way to an event means for how often the event happens."""

    NEUTRAL = "neutral"  # taken every time in a run that works: not None, a raise on the other side, AMP's scale check
    FLAG = "flag"  # a configuration value that does not change during the run; see the event's condition
    PERIODIC = "periodic"  # (counter + c) % period == 0
    LAST = "last"  # the last batch of an epoch
    ONCE = "once"  # counter == something: once per loop
    FIRST = "first"  # a window from the first iteration on: epoch < n, epoch == 0
    LATER = "later"  # a window without the first iteration: epoch > 0, epoch >= n
    UNKNOWN = "unknown"  # anything else


EVERY_ROUND = frozenset({GuardKind.NEUTRAL, GuardKind.FLAG})
"""Guards that leave out no round of a loop."""

ONCE_A_ROUND = EVERY_ROUND | {GuardKind.LAST}
"""Guards that let one iteration of each epoch through at least."""


class Guard(Struct, frozen=True):
    """A test that must hold for an event to happen.

    `loop` is the loop whose counter it tests (0: none); `period` the divisor of a PERIODIC guard, the bound of a
    FIRST or LATER one; `text` the test as written, `denied` True where it is the else side (or what follows an early
    exit).
    `within` is the innermost loop around the test itself (0: none; None: not recorded, so it may be any).
    `limit` makes the kind exact, where the source says it: a FIRST guard holds while the counter is below it, a LATER
    one from it on, a ONCE one at it alone; a PERIODIC one holds where the counter plus `limit` is a multiple of
    `period`. What a FLAG one tests is its `limit` too, where that is one value.
    """

    kind: GuardKind
    text: str
    denied: bool
    place: Place
    loop: int = 0
    period: Quantity | None = None
    within: int | None = None
    limit: Quantity | None = None


class Iterated(str, Enum):
    """What a loop runs over."""

    LOADER = "loader"  # a data loader, or a view of one
    RANGE = "range"
    COUNT = "count"  # an endless counter or `while`
    ITEMS = "items"  # some other collection
    UNKNOWN = "unknown"


class LoopKind(str, Enum):
    """What one iteration of a loop is."""

    EPOCH = "epoch"
    BATCH = "batch"
    FLAT = "flat"  # one update per iteration, and no epoch exists
    OUTER = "outer"  # folds, seeds, trials: each iteration is a training run of its own
    UNKNOWN = "unknown"


class Loop(Struct, frozen=True):
    """A loop as it was run. `calls` are the call places between the entry and this loop, outermost first.

    `variable` is the counter's or target's spelling; `counter` the key of the symbol that counts its iterations (""
    if none); `bound` the number of iterations, where the source says it (`range(start, bound)`, `while it < bound`);
    `start` likewise; `stride` is by how much the counter of a `while` grows in each iteration, where that is certain;
    `source` spells what is iterated; `object` is the id of the loader iterated.
    `length` is the length of what is iterated, where that is no range; `first` the first value of its counter (None:
    not known). `partial` says that it may not go over everything from `start` to `bound`, or not over the whole loader,
    or over more than that; `left` that something in it may leave it before its end (`break`, `return`).
    """

    id: int
    parent: int
    place: Place
    calls: tuple[Place, ...]
    iterates: Iterated
    variable: str
    counter: str
    source: str
    bound: Quantity | None = None
    start: Quantity | None = None
    object: int = 0
    is_while: bool = False
    stride: Quantity | None = None
    length: Quantity | None = None
    first: Quantity | None = None
    partial: bool = False
    left: bool = False

    @property
    def head(self) -> str:
        """The loop as a person would name it: `for epoch in range(epochs)`."""
        return f"while {self.source}".strip() if self.is_while else f"for {self.variable or '_'} in {self.source}"


class ObjectKind(str, Enum):
    """What kind of thing a tracked object is."""

    OPTIMIZER = "optimizer"
    SCHEDULER = "scheduler"
    LOADER = "loader"
    DATASET = "dataset"
    MODULE = "module"


class Written(str, Enum):
    """How an argument is given in a call."""

    KEYWORD = "keyword"
    POSITION = "position"
    UNPACKED = "unpacked"  # by `*` or `**`, or by a library that is given a mapping
    AT_TIMES = "at times"  # likewise, by a mapping that holds it on some ways alone


class Bound(Struct, frozen=True):
    """An argument of a construction, bound to its parameter: what it may be, each with its condition.

    `written` says how it is given. `place` is that of the call, where it is not the construction itself that is given
    the argument. `spelling` is the argument of a step as it stands in the call, in which every name and entry is a
    symbol so called.
    """

    parameter: str
    values: tuple[Quantity, ...]
    objects: tuple[int, ...] = ()
    place: Place | None = None
    explicit: bool = True
    written: Written = Written.KEYWORD
    spelling: Quantity | None = None


class Object(Struct, frozen=True):
    """An optimizer, scheduler, loader or dataset made at a construction site (or handed in: `place` is then the
    parameter's).

    `classes` are the qualified names it may have (one: known; none: `class_reason` says why); for a project class it
    is its own name first, then the library class it derives from. `name` is the variable or attribute it was first
    stored to, `names` all of them, without what they are attributes of.
    `optimizers` are the ids of the optimizers that a scheduler drives, `children` the schedulers wrapped in it, and
    `turns` what may stand at each place of the list that holds them (empty: not known).
    `loops` is the stack of loops, outermost first, in which it is made. `escapes` says where it left what is
    understood. `own_methods` are the methods that a project class defines itself in place of the library's;
    `resembles` is the library class that it looks like a copy of; `handed_up` are the arguments that it gives to the
    constructor of the one that it derives from.
    `handed_in` is True for an object that an unknown caller passes (class and construction unknown).
    `contained` is True for one that a list, tuple, set or dict holds or held. `wrapped_at` is where a library handed a
    scheduler back that it moves on at a pace of its own (None: nowhere). `within` is the function that makes it, with
    its class (`Trainer.fit`; "" in the body of a module). `unseen` says where its
    state is, or may be, saved or loaded although the run did not come there. `initial_rates` says whether the parameter
    groups that an optimizer is given hold an `initial_lr` (None: not known); `own_rates` are the learning rates that
    such groups bring with them in place of the optimizer's (None: not known; empty: all have the optimizer's).
    `base` is the library class that it derives from, where no more is known of it. `attempted` is as in `Event`.
    """

    id: int
    kind: ObjectKind
    place: Place
    name: str
    classes: tuple[str, ...]
    class_reason: str = ""
    arguments: tuple[Bound, ...] = ()
    optimizers: tuple[int, ...] = ()
    optimizer_reason: str = ""
    children: tuple[int, ...] = ()
    turns: tuple[tuple[int, ...], ...] = ()
    loops: tuple[int, ...] = ()
    guards: tuple[Guard, ...] = ()
    condition: Condition = ()
    calls: tuple[Place, ...] = ()
    escapes: tuple[Escape, ...] = ()
    own_methods: tuple[str, ...] = ()
    resembles: str = ""
    handed_up: tuple[Bound, ...] = ()
    handed_in: bool = False
    contained: bool = False
    confidence: Confidence = Confidence.CERTAIN
    names: tuple[str, ...] = ()
    wrapped_at: Place | None = None
    unseen: tuple[Unseen, ...] = ()
    initial_rates: bool | None = None
    within: str = ""
    own_rates: tuple[Quantity, ...] | None = None
    base: str = ""
    attempted: bool = False


class Escape(Struct, frozen=True):
    """A place at which an object left what is understood: anything may happen to it from there on."""

    how: str
    place: Place


class EventKind(str, Enum):
    """What happened."""

    CREATED = "created"
    STEPPED = "stepped"  # scheduler.step(...)
    OPTIMIZED = "optimizer stepped"
    BACKWARD = "backward"
    LR_READ = "learning rate read"  # get_lr, get_last_lr, param_groups[...]['lr']
    LR_WRITTEN = "learning rate written"
    LAST_EPOCH_WRITTEN = "last_epoch written"
    GROUP_ADDED = "parameter group added"
    STATE_SAVED = "state saved"  # state_dict()
    STATE_LOADED = "state loaded"  # load_state_dict(...)
    FILE_SAVED = "file saved"  # torch.save(...)
    REBOUND = "rebound"  # a variable that held it now holds another of its kind, which `arguments` names
    HANDED_ON = "handed on"  # passed to code that is not understood
    THROWN_AWAY = "thrown away"  # the result of a call that makes it is not used
    STEPPED_BY = "stepped by a library"
    NOT_CALLED = "not called"  # `scheduler.step` standing alone, without parentheses
    NOT_REACHED = "not reached"  # a step, of a scheduler or an optimizer, that no run comes to: see `Event.behind`


class Unseen(Struct, frozen=True):
    """A place that the run did not reach, at which the state of an object is saved or loaded, as `kind` says.

    `exact` is True for a call on a name of the object, False for a function that may do so.
    """

    kind: EventKind
    place: Place
    exact: bool = True


class Subject(Struct, frozen=True):
    """The object that an event happens to, under `condition` when it is one of several alternatives."""

    object: int
    condition: Condition = ()


class Form(str, Enum):
    """In which form an object is in what is saved or loaded."""

    STATE = "state"  # its `state_dict()`
    OBJECT = "object"  # the object itself, pickled
    INSIDE = "inside"  # an attribute of an object that is pickled
    OTHER = "other"  # no tracked object: numbers, the state of a network, what was read from a file


class Part(Struct, frozen=True):
    """A part of what is saved, or loaded: the `keys` under which it stands, outermost first (none: it is the whole),
    and the objects that are there, alternatives, in which `form`. `place` is where the state was taken; `value` the
    number, where it is one.
    """

    keys: tuple[str, ...] = ()
    objects: tuple[int, ...] = ()
    form: Form = Form.OTHER
    place: Place | None = None
    value: Quantity | None = None


class Event(Struct, frozen=True):
    """Something that happens to tracked objects at a place, in program order (`id` counts up).

    `subjects` are alternatives (one of them) unless `every` is True (each of them, as in a loop over a list of
    schedulers).
    An event of an object that is not known has no subjects and `receiver` spells it. `calls` are the call places on
    the way, `loops` the stack of loops, `guards` everything that must hold on the way from the entry, `condition` the
    part of it that is about values. `method` is the method's or function's name; `arguments` what was passed.
    `behind` is what keeps an event that is NOT_REACHED from happening: the statement that always leaves before it
    (`break`), or the test that never fails before an `else`. `may_skip` says that a step of an optimizer is left out
    where the gradients overflow.
    `parts` are what a file that is saved holds, all of it if `whole`; and what a state is loaded from: a part of
    something that was read, or a state that was taken in the same run.
    `attempted` says that the call stands where an error of it is expected: in a `try` that takes a TypeError, in its
    handlers, or in `with pytest.raises(...)`.
    """

    id: int
    kind: EventKind
    place: Place
    subjects: tuple[Subject, ...]
    receiver: str
    method: str
    loops: tuple[int, ...]
    guards: tuple[Guard, ...] = ()
    condition: Condition = ()
    calls: tuple[Place, ...] = ()
    arguments: tuple[Bound, ...] = ()
    every: bool = False
    confidence: Confidence = Confidence.CERTAIN
    behind: str = ""
    may_skip: bool = False
    parts: tuple[Part, ...] = ()
    whole: bool = True
    attempted: bool = False


class EntryKind(str, Enum):
    """How a run begins."""

    SCRIPT = "script"  # a module body: the whole program, run from its start
    FUNCTION = "function"  # called by nobody that was read: the caller is unknown
    CLASS = "class"  # methods of a class that nobody was seen to use


class Entry(Struct, frozen=True):
    """Where a run began. An entry that is no script has an unknown caller: an outermost loop of unknown kind and
    number.
    """

    kind: EntryKind
    name: str
    place: Place

    @property
    def caller_known(self) -> bool:
        """Whether the loops of the timeline are all the loops there are."""
        return self.kind is EntryKind.SCRIPT


class Timeline(Struct, frozen=True):
    """What one entry does. `spent` is why the run stopped early ("" if it did not)."""

    entry: Entry
    loops: tuple[Loop, ...]
    objects: tuple[Object, ...]
    events: tuple[Event, ...]
    spent: str = ""

    def loop(self, id: int) -> Loop:
        """The loop with this id."""
        return self.loops[id - 1]

    def object(self, id: int) -> Object:
        """The object with this id."""
        return self.objects[id - 1]

    def event(self, id: int) -> Event:
        """The event with this id."""
        return self.events[id - 1]

    def lasts(self, object: int) -> bool:
        """Whether all that ever happens to an object is in this timeline's loops: it is made in the run itself, so that
        a loop around the run, where the caller is not known, makes another one each time.
        """
        made, entry = self.object(object), self.entry
        within = entry.kind is EntryKind.FUNCTION and made.calls[:1] == (entry.place,)
        return entry.caller_known or (within and not made.handed_in)

    @staticmethod
    def jumps(step: Event) -> bool:
        """Whether a step is given an argument, and so may go anywhere instead of one on; `step(None)` is `step()`."""
        return any(value != Literal(None) for argument in step.arguments for value in argument.values)

    @staticmethod
    def given(step: Event) -> tuple[Quantity, ...]:
        """What a step may be given, as its position or its metric: its first argument, or the only one by keyword."""
        first = next((bound for bound in step.arguments if bound.parameter == "0"), None)
        if first is None and len(step.arguments) == 1:
            first = step.arguments[0]
        return () if first is None else first.values

    @staticmethod
    def follows(step: Event, loop: int) -> bool:
        """Whether a step is given the counter of a loop, so that it goes on by one with each iteration of it."""
        match [value for argument in step.arguments for value in argument.values]:
            case [Symbol() as counter] | [Arithmetic(op="+" | "-", operands=(Symbol() as counter, Literal()))]:
                return counter.role == "index" and counter.loop == loop
            case _:
                return False

    def ancestors(self, id: int) -> tuple[Loop, ...]:
        """The loops around this loop, innermost first."""
        found: list[Loop] = []
        parent = self.loop(id).parent
        while parent:
            found.append(self.loop(parent))
            parent = found[-1].parent
        return tuple(found)

    def nest(self, event: Event) -> tuple[Loop, ...]:
        """The loops around an event, outermost first."""
        return tuple(map(self.loop, event.loops))

    def loops_between(self, outer: int, event: Event) -> tuple[Loop, ...]:
        """The loops around an event that lie inside `outer` (0: all of them), outermost first; none if `outer` is not
        around it.
        """
        if outer == 0:
            return self.nest(event)
        if outer not in event.loops:
            return ()
        return tuple(map(self.loop, event.loops[event.loops.index(outer) + 1 :]))

    def events_of(self, object: int, *kinds: EventKind) -> tuple[Event, ...]:
        """What happens, or may happen, to an object, in program order; only events of `kinds` if any are given."""
        return tuple(
            event
            for event in self.events
            if (not kinds or event.kind in kinds) and any(subject.object == object for subject in event.subjects)
        )

    def steps_of(self, object: int) -> tuple[Event, ...]:
        """The `.step()` calls of a scheduler."""
        return self.events_of(object, EventKind.STEPPED)

    def optimizer_steps_of(self, scheduler: int) -> tuple[Event, ...]:
        """The steps of the optimizers that a scheduler drives."""
        driven = self.object(scheduler).optimizers
        return tuple(
            event
            for event in self.events
            if event.kind is EventKind.OPTIMIZED and any(subject.object in driven for subject in event.subjects)
        )

    def creation(self, object: int) -> Event | None:
        """The event in which an object was made; None for one that was handed in."""
        return next(iter(self.events_of(object, EventKind.CREATED)), None)

    def schedulers(self) -> tuple[Object, ...]:
        """The schedulers, in the order in which they were met."""
        return tuple(object for object in self.objects if object.kind is ObjectKind.SCHEDULER)

    def rivals(self, scheduler: int) -> tuple[Object, ...]:
        """The other schedulers of the same optimizers."""
        driven = set(self.object(scheduler).optimizers)
        others = (other for other in self.schedulers() if other.id != scheduler)
        return tuple(other for other in others if not driven.isdisjoint(other.optimizers))

    def wrappers(self, scheduler: int) -> tuple[Object, ...]:
        """The composite schedulers that step this one, directly or through another."""
        found: list[Object] = []
        wrapped = [scheduler]
        for inner in wrapped:
            outer = [one for one in self.schedulers() if inner in one.children and one.id not in wrapped]
            found.extend(outer)
            wrapped.extend(one.id for one in outer)
        return tuple(found)
