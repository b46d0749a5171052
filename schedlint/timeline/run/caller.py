"""Calls: which function is meant, whether it is entered, how arguments are bound, what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.place import Place
from schedlint.program.symbols import Function
from schedlint.timeline.model import Condition
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.run.flow import NORMAL
from schedlint.timeline.run.machine import MOST_CALLS, Frame
from schedlint.timeline.run.members import decorator_names
from schedlint.timeline.run.prescan import (
    getter,
    global_names,
    holds_functions,
    passes_each,
    returns_value,
    stored_attributes,
    stored_elsewhere,
)
from schedlint.timeline.run.spelling import source
from schedlint.timeline.run.store import Delta, Key
from schedlint.timeline.run.values import (
    BoundRoutine,
    FilePath,
    Foreign,
    ForeignMember,
    ForeignObject,
    Given,
    LambdaRoutine,
    Method,
    OpenFile,
    Option,
    Pack,
    Partial,
    ProjectClass,
    Ref,
    Routine,
    Stream,
    Super,
    Table,
    Thing,
    Value,
    alternatives,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

COMMON_METHODS = frozenset(
    (
        "train eval test fit run step forward backward update load save zero_grad cuda cpu to half float "
        "state_dict load_state_dict parameters named_parameters modules children apply close start stop reset get "
        "set add append extend items keys values pop copy log info debug warning error write read print item size "
        "view mean sum max min detach clone predict compute sample render init setup build make create call main "
        "process transform encode decode register evaluate validate __init__ __call__ __len__ __getitem__ "
    ).split()
)
"""Method names that too many classes have for one of them to be meant when the receiver is not known."""


class Caller:
    """Makes calls."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    # --- the call -----------------------------------------------------------------------------------------------------

    def call(self, expr: facts.Call) -> Value:
        """Evaluate a call as written."""
        func = expr.func
        if isinstance(func, facts.Attribute):
            receiver = self._walk.evaluator.evaluate(func.value)
            given = self.given(expr.arguments)
            return self.call_method(receiver, func.attr, given, expr.at, source(func.value))
        if isinstance(func, facts.Name) and func.id == "super":
            return self._super(self.given(expr.arguments))
        target = self._walk.evaluator.evaluate(func)
        if only(target) == Foreign("len") and len(expr.arguments) == 1:
            inner = expr.arguments[0].value
            return self._walk.evaluator.length(self._walk.evaluator.evaluate(inner), source(inner))
        return self.call_value(target, self.given(expr.arguments), expr.at, source(func))

    def given(self, arguments: Sequence[facts.Argument]) -> tuple[Given, ...]:
        """The arguments of a call, evaluated; known `*` and `**` ones spread."""
        found: list[Given] = []
        for argument in arguments:
            value = self._walk.evaluator.evaluate(argument.value)
            if argument.star == "*":
                pack = self._walk.containers.as_pack(value)
                if pack is not None and pack.whole:
                    found.extend(Given(item, unpacked=True) for item in pack.items)
                    continue
            if argument.star == "**":
                table = self._walk.containers.table(value)
                if table is not None and table.rest is None:
                    found.extend(
                        Given(item, str(key), unpacked=True, open=key in table.open) for key, item in table.entries
                    )
                    continue
                found.extend(self._by_default(value))
                if table is not None and self._walk.settings.holds(value):  # there may be more than what the file says
                    found.extend(Given(item, str(key), unpacked=True) for key, item in table.entries)
            found.append(Given(value, argument.keyword, argument.star, None if argument.star else argument.value))
        return tuple(found)

    def _by_default(self, value: Value) -> Iterator[Given]:
        """The arguments in a mapping that is the default of a parameter; there may be others in its place."""
        thing = only(value)
        for name, entry in self._machine.mapped.get(thing.key, ()) if isinstance(thing, Symbol) else ():
            yield Given(just(entry), name, unpacked=True)

    def _super(self, given: tuple[Given, ...]) -> Value:
        """`super()`, or `super(Class, self)`."""
        frame = self._machine.frame
        if len(given) == 2:
            after, receiver = only(given[0].value), only(given[1].value)
            if isinstance(after, ProjectClass) and receiver is not None:
                return just(Super(receiver, after.cls))
        elif not given and frame.receiver is not None and frame.owner is not None:
            return just(Super(frame.receiver, frame.owner))
        return just(self._machine.unknown("super()", "super() outside a method"))

    def call_method(self, receiver: Value, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        """`receiver.name(...)`: one event for all the tracked objects it may be, one call for each other thing."""
        machine = self._machine
        tracked = tuple(option for option in receiver if machine.tracked(option.thing) is not None)
        if tracked and self._own_method(tracked, name) and not name.startswith("__"):
            self._walk.escapes.note_escape(tracked, f"used by `.{name}()` of its own class", at)
        others = [option for option in receiver if option not in tracked and option.thing != Literal(None)]
        unknown = [option for option in others if isinstance(option.thing, Symbol)]
        others = [option for option in others if option not in unknown[1:]]  # what is not known need not be asked twice
        ways: list[tuple[Condition, Value]] = []
        if tracked and not self._own_method(tracked, name):
            ways.append(((), self._walk.methods.on_tracked(tracked, name, given, at, spelled)))
        else:
            others = [*tracked, *others]
        if len(others) == 1 and not ways:
            return self._under(others[0], lambda: self._method_of(others[0], name, given, at, spelled))
        results = [(value, condition) for condition, value in ways]
        if others:
            results.append((self._each(others, name, given, at, spelled), ()))
        return (
            alternatives(results, machine.unknown(name, "", at).key)
            if results
            else just(machine.unknown(name, "called on None", at))
        )

    def _each(
        self, options: Sequence[Option], name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value:
        ways = [(o.when, (), lambda o=o: self._method_of(o, name, given, at, spelled)) for o in options]
        return self._machine.fork(ways, self._machine.unknown(name, "", at).key)

    def _under(self, option: Option, walk: Callable[[], Value]) -> Value:
        if not option.when:
            return walk()
        with self._machine.assuming(option.when):
            return walk()

    def _own_method(self, options: Sequence[Option], name: str) -> bool:
        """Whether the method is one that a project's own scheduler or optimizer class adds to what the library
        gives.
        """
        machine = self._machine
        for option in options:
            ref = machine.tracked(option.thing)
            if ref is None or ref.id not in machine.instances or self._walk.methods.is_library_method(ref, name):
                return False
        return True

    def _method_of(self, option: Option, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        machine, thing = self._machine, option.thing
        if isinstance(thing, Super) and name == "__init__":
            self._walk.instances.hand_up(thing, given, at)
        if isinstance(thing, Ref) and thing.id in machine.containers:
            return self._walk.containers.method(thing, name, given)
        if isinstance(thing, Symbol) and machine.tracked(thing) is None:
            return self._on_unknown(thing, name, given, at, spelled)
        if isinstance(thing, ForeignObject):
            answer = self._walk.library.on_parser(thing, name, given, at)
            return answer if answer is not None else self._walk.methods.on_foreign(thing, name, given, at, spelled)
        if isinstance(thing, Method) and thing.name == "__dict__" and name != "update":
            return self._on_unknown(Symbol(f"{thing.receiver}.__dict__", "__dict__"), name, given, at, spelled)
        if isinstance(thing, (FilePath, OpenFile)):
            return self._walk.methods.on_file(thing, name, given, at, spelled)
        if isinstance(thing, (Pack, Table, Stream, Method, Literal)):
            return self._walk.methods.on_value(thing, name, given, at, spelled)
        target = self._walk.members.of_thing(thing, name, at)
        held = only(target)
        if isinstance(held, Method):
            if machine.tracked(thing) is not None:
                return self._walk.methods.on_tracked((option,), name, given, at, spelled)
            return self._walk.methods.on_value(thing, name, given, at, spelled)
        if isinstance(held, Symbol) and isinstance(thing, (Ref, Super)):
            return self._walk.methods.on_unknown(held, name, given, at, spelled)
        return self.call_value(target, given, at, f"{spelled}.{name}")

    def _on_unknown(self, receiver: Symbol, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        """A method of something unknown: what its name alone says, else the one project class that has such a
        method.
        """
        answer = self._walk.methods.by_name(receiver, name, given, at, spelled)
        if answer is not None:
            return answer
        function = self._only_candidate(name)
        if function is not None:
            return self._guess(receiver, function, given, at)
        return self._walk.methods.on_unknown(receiver, name, given, at, spelled)

    def _only_candidate(self, name: str) -> Function | None:
        """The method that an unknown receiver must mean: one class family of the project alone defines it."""
        if name in COMMON_METHODS or name.startswith("__"):
            return None
        program = self._machine.program
        found = program.methods_named(name)
        if not 1 <= len(found) <= 4 or found[0].owner is None:
            return None
        family = program.family(found[0].owner)
        if not all(function.owner in family for function in found):
            return None
        return found[0] if program.is_relevant(found[0], self._machine.words) else None

    def _guess(self, receiver: Symbol, function: Function, given: tuple[Given, ...], at: facts.Span) -> Value:
        machine = self._machine
        assert function.owner is not None
        with machine.guessing():
            guessed = self._walk.instances.guessed(receiver, function.owner, at)
            ways = [
                (option.when, (), lambda thing=option.thing: self._guessed_call(thing, function, given, at))
                for option in guessed
            ]
            return machine.fork(ways, machine.unknown(function.node.name, "", at).key)

    def _guessed_call(self, instance: Thing, function: Function, given: tuple[Given, ...], at: facts.Span) -> Value:
        """The method of one of the classes that the receiver may have."""
        assert isinstance(instance, Ref)
        cls = self._machine.instances[instance.id].cls
        found = self._machine.program.method(cls, function.node.name)
        if not isinstance(found, Function):
            return just(self._machine.unknown(function.node.name, "the class does not have the method", at))
        return self.enter(Routine(found), instance, given, at)

    # --- callables ----------------------------------------------------------------------------------------------------

    def call_value(self, target: Value, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """Call whatever the value is."""
        if len(target) == 1:
            return self._under(target[0], lambda: self.call_thing(target[0].thing, given, at, spelled))
        called = [option for option in target if option.thing != Literal(None)]
        ways = [
            (
                option.when,
                (),
                lambda index=index, option=option: self._call_one_of(index, option.thing, given, at, spelled),
            )
            for index, option in enumerate(called)
        ]
        return self._machine.fork(ways, self._machine.unknown(spelled, "", at).key)

    def _call_one_of(
        self, index: int, thing: Thing, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """Call one of several things that may be meant at one place; what each makes is its own."""
        with self._machine.in_lane(self._machine.place(at), index):
            return self.call_thing(thing, given, at, spelled)

    def call_thing(self, thing: Thing, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """Call one thing."""
        match thing:
            case Routine():
                return self._call_routine(thing, None, given, at, spelled)
            case BoundRoutine(routine=routine, receiver=receiver):
                return self._call_routine(routine, receiver, given, at, spelled)
            case LambdaRoutine():
                return self._call_lambda(thing, given)
            case ProjectClass():
                return self._walk.instances.construct(thing, given, at, spelled)
            case Foreign(qualified=qualified):
                return self._walk.library.call(qualified, given, at, spelled)
            case ForeignMember():
                return self._walk.library.call_member(thing, given, at, spelled)
            case Method(receiver=receiver, name=name):
                return self.call_method(just(receiver), name, given, at or facts.Span(1, 1, 1, 1), spelled)
            case Partial(target=target, arguments=arguments):
                named = {argument.keyword for argument in given if argument.keyword is not None}
                kept = [argument for argument in arguments if argument.keyword not in named]
                return self.call_thing(target, (*kept, *given), at, spelled)
            case Ref(id=id) if id > 0 and id not in self._machine.instances:
                self._walk.escapes.note_escape(just(thing), f"called as `{spelled}()`", at)
                return self._walk.library.unknown_call(spelled, given, at)
            case Ref(id=id) if id in self._machine.instances:
                return self.special(thing, "__call__", tuple(argument.value for argument in given), at, given)
            case _:
                return self._walk.library.unknown_call(spelled, given, at)

    def _call_routine(
        self, routine: Routine, receiver: Thing | None, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """Call a function of the project: as the user's own tables say, else as it is written."""
        answer = self._walk.own.call(routine.function, receiver, given, at, spelled)
        return self.maybe_enter(routine, receiver, given, at, spelled) if answer is None else answer

    def special(
        self,
        receiver: Ref,
        name: str,
        values: Sequence[Value],
        at: facts.Span | None,
        given: tuple[Given, ...] | None = None,
    ) -> Value:
        """Call a special method of an instance, where its class has it."""
        cls = self._machine.instances[receiver.id].cls
        found = self._machine.program.method(cls, name)
        arguments = given if given is not None else tuple(Given(value) for value in values)
        if isinstance(found, Function):
            return self.maybe_enter(Routine(found), receiver, arguments, at, name)
        return self._walk.library.unknown_call(name, arguments, at)

    def _call_lambda(self, thing: LambdaRoutine, given: tuple[Given, ...]) -> Value:
        machine = self._machine
        if len(machine.stack) > 4 * MOST_CALLS:
            return just(machine.unknown("lambda", "calls are nested too deeply"))
        place = machine.place(thing.at)
        names = frozenset(parameter.name for parameter in thing.node.parameters)
        frame = Frame(
            machine.recorder.owner("lambda", machine.way(place)),
            thing.module,
            names=names,
            parents=thing.frames,
        )
        machine.frames[frame.id] = frame
        self._walk.binding.bind(frame, thing.node.parameters, thing, given, "lambda")
        machine.stack.append(frame)
        try:
            return self._walk.evaluator.evaluate(thing.node.body)
        finally:
            machine.stack.pop()

    # --- entering -----------------------------------------------------------------------------------------------------

    def maybe_enter(
        self, routine: Routine, receiver: Thing | None, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """Enter a project function where it can matter, else answer that its result is unknown."""
        if self._walk.schedules.reading or self._prepares(routine.function) or self._matters(routine, receiver, given):
            value = self.enter(routine, receiver, given, at)
            return self._walk.making.scheduler_from_factory(value, spelled, given, at)
        self._forget(routine.function, receiver)
        self._walk.settings.changed_by(routine.function.node, given)
        return just(
            self._machine.unknown(
                f"{spelled}()", f"`{spelled}` has nothing to do with schedulers and is not followed", at
            )
        )

    def _forget(self, function: Function, receiver: Thing | None) -> None:
        """What a function that is not followed stores to its object, to other objects and to globals is not known any
        more.
        """
        machine = self._machine
        elsewhere = stored_elsewhere(function.node)
        keys: list[Key] = [(instance, name) for name in elsewhere for instance in machine.instances]
        keys += [(self._walk.names.module_frame(function.module).id, name) for name in global_names(function.node)]
        if isinstance(receiver, Ref):
            keys += [(receiver.id, name) for name in stored_attributes(function.node)]
        for key in keys:
            if machine.store.get(key) is not None:
                reason = f"`{function.node.name}` changes it and is not followed"
                machine.store.put(key, just(machine.unknown(key[1], reason, what=f"{key[0]}.{key[1]}")))

    def _matters(self, routine: Routine, receiver: Thing | None, given: tuple[Given, ...]) -> bool:
        if receiver is not None and self._walk.containers.holds(receiver, 2):
            return True
        if any(self._is_telling(option.thing) for argument in given for option in argument.value):
            return True
        if any(self._walk.saving.holds_state(argument.value) for argument in given):
            return True
        relevant = self._machine.program.is_relevant(routine.function, self._machine.words)
        node = routine.function.node
        return relevant or self._captures(routine) or makes_function(node) or getter(node) or self._loads(node)

    def _loads(self, node: facts.FunctionDef) -> bool:
        """Whether a function may return settings that it reads."""
        return not self._machine.knowledge.entered_for.isdisjoint(node.mentions) and returns_value(node)

    def _prepares(self, function: Function) -> bool:
        """Whether it is a constructor that sets attributes other methods rely on; those of networks build layers."""
        if function.node.name != "__init__" or function.owner is None:
            return False
        return not self._walk.instances.is_module(function.owner)

    def _is_telling(self, thing: Thing) -> bool:
        """Whether a function that is given this can do something that matters: an object, or what makes one."""
        machine = self._machine
        match thing:
            case Foreign(qualified=qualified):
                return self._walk.library.makes_objects(qualified)
            case ProjectClass(cls=cls):
                return self._walk.instances.role(cls) is not None or machine.program.is_relevant(cls, machine.words)
            case Routine() | BoundRoutine():
                routine = thing if isinstance(thing, Routine) else thing.routine
                return self._walk.schedules.reading or machine.program.is_relevant(routine.function, machine.words)
            case Partial(target=target):
                return self._is_telling(target)
            case Method(receiver=receiver):
                return machine.tracked(receiver) is not None
            case _:
                return bool(self._walk.containers.holds(thing, 2))

    def _captures(self, routine: Routine, deep: int = 3) -> bool:
        """Whether a function mentions a variable of an enclosing function or of its module that is telling."""
        names, machine = self._walk.names, self._machine
        owners = (*routine.frames, names.module_frame(routine.function.module).id)
        for owner in owners:
            for mentioned in routine.function.node.mentions:
                value = machine.store.get((owner, mentioned))
                if value is not None and any(self._captured(option.thing, routine, deep) for option in value):
                    return True
        return False

    def _captured(self, thing: Thing, routine: Routine, deep: int) -> bool:
        if isinstance(thing, Routine):
            if thing.function == routine.function or not thing.frames or deep == 0:
                return False
            return self._is_telling(thing) or self._captures(thing, deep - 1)
        return not isinstance(thing, (Foreign, ProjectClass, BoundRoutine)) and self._is_telling(thing)

    def enter(self, routine: Routine, receiver: Thing | None, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        """Run the function's body with the arguments bound; the union of what it may return."""
        machine, function = self._machine, routine.function
        if function in machine.active:
            return just(machine.unknown(f"{function.node.name}()", "the function calls itself", at))
        if len(machine.active) >= MOST_CALLS:
            self._walk.escapes.hand_on((*given, *([Given(just(receiver))] if receiver else [])), function.node.name, at)
            return just(machine.unknown(f"{function.node.name}()", f"calls are nested more than {MOST_CALLS} deep", at))
        place = machine.place(at)
        frame = self._frame(routine, receiver, place)
        machine.frames[frame.id] = frame
        outside, depth = machine.condition, len(machine.guards)
        machine.active.append(function)
        machine.calls.append(place)
        frame.mark, frame.condition = machine.store.mark(), machine.condition
        machine.reached.add(function)
        try:
            self._bind_receiver(frame, function, receiver)
            self._walk.binding.bind(frame, self._parameters(function, receiver), routine, given, function.node.name)
            self._walk.binding.from_outside = False
            machine.stack.append(frame)
            try:
                flow = self._walk.executor.block(function.node.body)
            finally:
                machine.stack.pop()
        finally:
            machine.active.pop()
            machine.calls.pop()
            machine.condition = outside
            del machine.guards[depth:]
        return self._leave(frame, function, flow)

    def _frame(self, routine: Routine, receiver: Thing | None, place: Place) -> Frame:
        machine, function = self._machine, routine.function
        way = machine.way(place)
        at = function.at
        frame_id = machine.recorder.owner(f"frame {function.module.path}:{at.row}:{at.column}", way)
        return Frame(
            id=frame_id,
            module=function.module,
            function=function,
            names=frozenset(function.node.stores),
            parents=routine.frames,
            owner=function.owner,
            receiver=receiver,
            depth_of_loops=len(machine.loops),
        )

    def _bind_receiver(self, frame: Frame, function: Function, receiver: Thing | None) -> None:
        parameters = function.node.parameters
        if receiver is not None and parameters and "staticmethod" not in decorator_names(function.node):
            self._machine.store.put((frame.id, parameters[0].name), just(receiver))

    @staticmethod
    def _parameters(function: Function, receiver: Thing | None) -> tuple[facts.Parameter, ...]:
        skip = receiver is not None and "staticmethod" not in decorator_names(function.node)
        return function.node.parameters[1:] if skip else function.node.parameters

    def _leave(self, frame: Frame, function: Function, flow: int) -> Value:
        """Join the ways in which the function was left; its result."""
        machine = self._machine
        ways: list[tuple[Delta, Condition]] = [(exit.delta, exit.condition) for exit in frame.exits]
        results: list[tuple[Value, Condition]] = [(exit.value, exit.condition) for exit in frame.exits]
        last = machine.store.undo(frame.mark)
        if not holds_functions(function.node):
            last = outliving(last, frame.id)
            ways = [(outliving(delta, frame.id), condition) for delta, condition in ways]
        if flow & NORMAL or not ways:
            ways.append((last, ()))
            if flow & NORMAL:
                results.append((just(Literal(None)), ()))
        machine.store.join(ways)
        if function.node.is_generator:
            return just(self._generated(frame, function))
        if not results:
            return just(machine.unknown(f"{function.node.name}()", "the function does not return"))
        return alternatives(results, machine.unknown(f"{function.node.name}()", "").key)

    def _generated(self, frame: Frame, function: Function) -> Thing:
        """What calling a generator function gives: a stream of what it yields."""
        machine = self._machine
        streams = machine.generated.pop(frame.id, [])
        if "contextmanager" in decorator_names(function.node):
            value = frame.yields[0] if frame.yields else just(Literal(None))
            return only(value) or machine.unknown(f"{function.node.name}()", "one of several values")
        if streams:
            return Stream("mapped", (streams[0],), function.node.name, partial=not passes_each(function.node))
        if frame.yields:
            return Pack((), alternatives([(value, ()) for value in frame.yields], "yielded"))
        return machine.unknown(f"{function.node.name}()", "a generator", None)

    def entered(self, value: Value) -> Value:
        """What `with value as target` binds: what the project's own `__enter__` returns, else the thing itself."""
        thing = only(value)
        if isinstance(thing, Ref) and thing.id in self._machine.instances and thing.id < 0:
            cls = self._machine.instances[thing.id].cls
            found = self._machine.program.method(cls, "__enter__")
            if isinstance(found, Function):
                return self.enter(Routine(found), thing, (), None)
        return value


def makes_function(function: facts.FunctionDef) -> bool:
    """Whether a function does nothing but make another one and return it, as a factory of schedules does."""
    if len(function.body) > 8 or not function.body or not isinstance(function.body[-1], facts.Return):
        return False
    returned = function.body[-1].value
    made = {statement.name for statement in function.body if isinstance(statement, facts.FunctionDef)}
    return isinstance(returned, facts.Lambda) or (isinstance(returned, facts.Name) and returned.id in made)


def outliving(delta: Delta, frame: int) -> Delta:
    """What a call changed that is still there when it has returned: all but its own variables."""
    return {key: value for key, value in delta.items() if key[0] != frame}
