"""What expressions mean: each evaluated to a value, and what happens inside it recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from schedlint import facts
from schedlint.timeline.quantity import Arithmetic, Items, Length, Literal, Quantity, Symbol, spelled, symbols
from schedlint.timeline.run.machine import Frame
from schedlint.timeline.run.prescan import calls_something, target_names
from schedlint.timeline.run.spelling import keyed
from schedlint.timeline.run.values import (
    SCALARS,
    Foreign,
    LambdaRoutine,
    Pack,
    Ref,
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

MOST_DEPTH = 12
"""Arithmetic nested deeper than this becomes one unknown value."""

MOST_ROUNDS = 16
"""A comprehension over more known items than this is walked once instead of once per item."""


class Evaluator:
    """Evaluates expressions."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._iterables: dict[int, Value] = {}
        self._ways: dict[type, Callable[[Any], Value]] = {
            facts.Name: self._name,
            facts.Attribute: self._attribute,
            facts.Call: self._call,
            facts.Constant: lambda expr: just(Literal(expr.value)),
            facts.Subscript: self._subscript,
            facts.Slice: self._slice,
            facts.Binary: self._binary,
            facts.Unary: self._unary,
            facts.BoolOp: self._bool,
            facts.Compare: self._compare,
            facts.Sequence: self._sequence,
            facts.Mapping: self._mapping,
            facts.Starred: lambda expr: self.evaluate(expr.value),
            facts.Lambda: self._lambda,
            facts.Conditional: self._conditional,
            facts.Comprehension: self._comprehension,
            facts.NamedExpr: self._named,
            facts.Await: lambda expr: self.evaluate(expr.value),
            facts.Yield: self._yield,
            facts.Interpolation: self._interpolation,
            facts.Opaque: self._opaque,
        }

    def evaluate(self, expr: facts.Expr) -> Value:
        """The value of the expression."""
        return self._ways[type(expr)](expr)

    # --- names --------------------------------------------------------------------------------------------------------

    def _name(self, expr: facts.Name) -> Value:
        return self._walk.names.read(expr.id, expr.at)

    def _attribute(self, expr: facts.Attribute) -> Value:
        return self._walk.members.attribute(self.evaluate(expr.value), expr.attr, expr.at)

    def _call(self, expr: facts.Call) -> Value:
        self._machine.budget.step()
        return self._walk.caller.call(expr)

    def _subscript(self, expr: facts.Subscript) -> Value:
        base = self.evaluate(expr.value)
        if isinstance(expr.index, facts.Slice):
            self._walk.escapes.let_go(base, "sliced", expr.at)
        return self._walk.members.item(base, self.evaluate(expr.index), expr.at)

    def _slice(self, expr: facts.Slice) -> Value:
        for part in (expr.lower, expr.upper, expr.step):
            if part is not None:
                self.evaluate(part)
        return just(self._machine.unknown("slice", "a slice"))

    # --- arithmetic ---------------------------------------------------------------------------------------------------

    def _binary(self, expr: facts.Binary) -> Value:
        left, right = self.evaluate(expr.left), self.evaluate(expr.right)
        if expr.op == "+":
            joined = self._walk.containers.concatenation(left, right)
            if joined is not None:
                return joined
        if expr.op in ("/", "+"):
            path = self._walk.settings.operation(expr.op, left, right)
            if path is not None:
                return path
        if expr.op == "*":
            repeated = self._walk.containers.repetition(left, right)
            if repeated is not None:
                return repeated
        self._walk.escapes.let_go((*left, *right), f"an operand of `{expr.op}`", None)
        return self.combine(expr.op, left, right)

    def combine(self, op: str, left: Value, right: Value) -> Value:
        """`left op right`, for each pair of possibilities."""
        parts = []
        for one in left:
            for other in right:
                decided = self._walk.branching.decide(op, just(one.thing), just(other.thing))
                quantity = arithmetic(op, (self.scalar(one.thing), self.scalar(other.thing)))
                quantity = quantity if decided is None else Literal(decided)
                parts.append((just(quantity), one.when + tuple(test for test in other.when if test not in one.when)))
        return alternatives(parts, self._machine.unknown(op, "").key)

    def scalar(self, thing: Thing) -> Quantity:
        """The thing as a quantity; what is no scalar is an unknown one."""
        if isinstance(thing, SCALARS):
            return thing
        if isinstance(thing, Pack):
            further = () if thing.rest is None or only(thing.rest) == Literal(None) else (thing.rest,)
            return Items(tuple(self.scalar_of(item) for item in (*thing.items, *further)), thing.whole)
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            content = self._walk.containers.content(thing)
            return self.scalar(content) if isinstance(content, Pack) else self._walk.settings.spelled(thing)
        if isinstance(thing, Stream) and thing.shape == "same" and len(thing.sources) == 1:
            source = only(thing.sources[0])
            if isinstance(source, Symbol) and source.text is not None:
                return source  # `list(args.milestones)`
        constant = self._machine.knowledge.constant(thing.qualified) if isinstance(thing, Foreign) else None
        if isinstance(thing, Foreign) and constant is not None:
            return Symbol(f"constant {thing.qualified}", thing.qualified, role="constant", default=Literal(constant))
        key = f"thing:{thing.id}" if isinstance(thing, Ref) else f"thing:{type(thing).__name__}"
        return Symbol(key=key, name="...", reason="not a number")

    def scalar_of(self, value: Value) -> Quantity:
        """The value as one quantity; unknown where it is several things."""
        thing = only(value)
        if thing is not None:
            return self.scalar(thing)
        parts = [self.scalar(option.thing) for option in value]
        loop = max((symbol.loop for part in parts for symbol in symbols(part)), default=0)
        key = " or ".join(sorted(map(keyed, parts)))
        return Symbol(f"one of {key}", "?", reason="one of several values", loop=loop)

    def number_of(self, value: Value) -> Quantity:
        """The value as one number: one of several, where it may be any of them."""
        things = [option.thing for option in value]
        numbers = [thing for thing in things if isinstance(thing, (Symbol, Arithmetic, Length, Literal))]
        tracked = any(self._machine.tracked(thing) is not None for thing in numbers)
        if len(numbers) < 2 or len(numbers) < len(things) or tracked:
            return self.scalar_of(value)
        return Arithmetic("or", tuple(numbers))

    def _unary(self, expr: facts.Unary) -> Value:
        value = self.evaluate(expr.operand)
        if expr.op == "+":
            return value
        if expr.op == "not":
            decided = self._walk.branching.truth(value)
            return just(Literal(not decided)) if decided is not None else self._negated(value)
        if expr.op == "-":
            return alternatives(
                [(just(arithmetic("neg", (self.scalar(option.thing),))), option.when) for option in value],
                self._machine.unknown("-", "").key,
            )
        return just(self._machine.unknown(expr.op, "a bit operation"))

    def _negated(self, value: Value) -> Value:
        return just(Arithmetic("not", (self.scalar_of(value),)))

    def _bool(self, expr: facts.BoolOp) -> Value:
        return self._walk.branching.bool_value(expr)

    def _compare(self, expr: facts.Compare) -> Value:
        values = [self.evaluate(part) for part in (expr.left, *expr.comparators)]
        if len(expr.operators) != 1:
            return just(self._machine.unknown("comparison", "a chained comparison"))
        decided = self._walk.branching.decide(expr.operators[0], values[0], values[1])
        if decided is not None:
            return just(Literal(decided))
        whole = self._either(values[0]) if expr.operators[0] in ("==", "!=") else None
        if whole is not None and isinstance(only(values[1]), Literal):
            return self.combine(expr.operators[0], just(whole), values[1])
        return self.combine(expr.operators[0], values[0], values[1])

    def _either(self, value: Value) -> Quantity | None:
        """One of several values, as the one value that it is: `args.sched or "step"`, wherever it is compared."""
        things = [option.thing for option in value if isinstance(option.thing, (Symbol, Literal)) and not option.when]
        known = [thing for thing in things if isinstance(thing, Symbol) and not thing.loop]
        same = len(things) == len(value) > 1 and len(known) == sum(isinstance(thing, Symbol) for thing in things)
        tracked = any(self._machine.tracked(thing) is not None for thing in known)
        return Arithmetic("or", tuple(things)) if same and known and not tracked else None

    # --- displays -----------------------------------------------------------------------------------------------------

    def _sequence(self, expr: facts.Sequence) -> Value:
        pack = self._walk.containers.pack(
            [(self.evaluate(item), isinstance(item, facts.Starred)) for item in expr.items]
        )
        if expr.kind == "tuple":
            return just(pack)
        return just(self._walk.containers.make("list", pack))

    def _mapping(self, expr: facts.Mapping) -> Value:
        entries: dict[bool | int | float | str | None, Value] = {}
        rest: Value | None = None
        for key, element in expr.items:
            value = self.evaluate(element)
            constant = only(self.evaluate(key)) if key is not None else None
            if isinstance(constant, Literal):
                entries[constant.value] = value
            else:
                spread = self._walk.containers.table(value) if key is None else None
                if spread is not None and spread.rest is None:
                    entries.update(spread.entries)
                else:
                    rest = (
                        value
                        if key is not None and rest is None
                        else just(self._machine.unknown("entry", "an entry of a dict"))
                    )
        return just(self._walk.containers.make("dict", Table(tuple(entries.items()), rest)))

    # --- functions ----------------------------------------------------------------------------------------------------

    def _lambda(self, expr: facts.Lambda) -> Value:
        frame = self._machine.frame
        frames = (frame.id, *frame.parents) if frame.names is not None else ()
        defaults = self._walk.binding.defaults(expr.parameters)
        return just(LambdaRoutine(expr, expr.at, frame.module, frames, defaults))

    def _conditional(self, expr: facts.Conditional) -> Value:
        return self._walk.branching.choice(
            expr.test, lambda: self.evaluate(expr.body), lambda: self.evaluate(expr.orelse)
        )

    def _named(self, expr: facts.NamedExpr) -> Value:
        value = self.evaluate(expr.value)
        self._walk.executor.assign(expr.target, value)
        return value

    def _yield(self, expr: facts.Yield) -> Value:
        machine = self._machine
        value = self.evaluate(expr.value) if expr.value is not None else just(Literal(None))
        machine.frame.yields.append(value)
        loops = machine.loops_in_frame()
        if loops and loops[-1] in machine.iterables:
            machine.generated.setdefault(machine.frame.id, []).append(machine.iterables[loops[-1]])
        return just(machine.unknown("yield", "what is sent to a generator"))

    def _interpolation(self, expr: facts.Interpolation) -> Value:
        for part in expr.parts:
            self.evaluate(part)
        return just(self._machine.unknown("f-string", "a formatted string"))

    def _opaque(self, expr: facts.Opaque) -> Value:
        for part in expr.parts:
            self.evaluate(part)
        return just(self._machine.unknown("...", "an expression that is not followed"))

    # --- comprehensions -----------------------------------------------------------------------------------------------

    def _comprehension(self, expr: facts.Comprehension) -> Value:
        found: list[tuple[Value | None, Value]] = []
        self._machine.stack.append(self._own_frame(expr))
        try:
            whole = self._rounds(expr, 0, found)
        finally:
            self._machine.stack.pop()
        if expr.kind == "generator" and not whole and len(expr.generators) == 1:
            source = self._iterables.pop(id(expr), None)
            if source is not None and not self._make_objects(found):
                return just(Stream("mapped", (source,), "generator", partial=bool(expr.generators[0].conditions)))
        if expr.kind == "dict":
            entries: dict[bool | int | float | str | None, Value] = {}
            rest: Value | None = None
            for key, element in found:
                constant = only(key) if key is not None else None
                if whole and isinstance(constant, Literal):
                    entries[constant.value] = element
                else:
                    rest = element
            return just(self._walk.containers.make("dict", Table(tuple(entries.items()), rest)))
        if whole:
            pack = Pack(tuple(element for _, element in found))
        else:
            pack = Pack(
                (),
                alternatives([(element, ()) for _, element in found], "comprehension")
                if found
                else just(Literal(None)),
            )
        return just(self._walk.containers.make("list", pack))

    def _make_objects(self, found: list[tuple[Value | None, Value]]) -> bool:
        """Whether what a generator gives holds tracked objects, which must not be lost."""
        options = [option for _, element in found for option in element]
        return any(self._walk.containers.holds(option.thing) for option in options)

    def _own_frame(self, expr: facts.Comprehension) -> Frame:
        """A frame for the variables of a comprehension, which the function around it does not see."""
        machine, around = self._machine, self._machine.frame
        names = frozenset().union(*(target_names(generator.target) for generator in expr.generators))
        place = machine.place(self._span(expr))
        frame = Frame(
            id=machine.recorder.owner("comprehension", machine.way(place)),
            module=around.module,
            names=names,
            parents=(around.id, *around.parents) if around.names is not None else (),
            owner=around.owner,
            receiver=around.receiver,
            depth_of_loops=around.depth_of_loops,
            elsewhere={name: owner for name, owner in around.elsewhere.items() if name not in names},
        )
        machine.frames[frame.id] = frame
        return frame

    @staticmethod
    def _span(expr: facts.Comprehension) -> facts.Span | None:
        return getattr(expr.generators[0].target, "at", None)

    def _rounds(self, expr: facts.Comprehension, depth: int, found: list[tuple[Value | None, Value]]) -> bool:
        """Walk the generators from `depth` on; returns whether the rounds walked are all there are, once each."""
        if depth == len(expr.generators):
            key = self.evaluate(expr.key) if expr.key is not None else None
            found.append((key, self.evaluate(expr.element)))
            return True
        generator = expr.generators[depth]
        iterable = self.evaluate(generator.iterable)
        items = self._walk.looping.known_items(iterable)
        if items is not None and len(items) <= MOST_ROUNDS:
            return self._each_round(expr, depth, found, items)
        if expr.kind == "generator" and depth == 0:
            self._iterables[id(expr)] = iterable
        with self._walk.looping.comprehension(generator, iterable, self._span(expr), calls=self._calls(expr)):
            for condition in generator.conditions:
                self.evaluate(condition)
            self._rounds(expr, depth + 1, found)
        return False

    @staticmethod
    def _calls(expr: facts.Comprehension) -> bool:
        """Whether each round calls something, so that the rounds are a loop of the timeline."""
        return calls_something(expr.element) or (expr.key is not None and calls_something(expr.key))

    def _each_round(
        self, expr: facts.Comprehension, depth: int, found: list[tuple[Value | None, Value]], items: tuple[Value, ...]
    ) -> bool:
        machine, generator, whole = self._machine, expr.generators[depth], True
        place = machine.place(self._span(expr))
        for index, item in enumerate(items):
            with machine.in_lane(place, index):
                self._walk.executor.assign(generator.target, item)
                decided = [self._walk.branching.truth(self.evaluate(test)) for test in generator.conditions]
                if False in decided:
                    continue
                whole = whole and None not in decided
                whole = self._rounds(expr, depth + 1, found) and whole
        return whole

    # --- lengths ------------------------------------------------------------------------------------------------------

    def length(self, value: Value, name: str) -> Value:
        """`len(value)`."""
        return alternatives(
            [(just(self.length_of(option.thing, name)), option.when) for option in value], f"len:{name}"
        )

    def length_of(self, thing: Thing, name: str) -> Quantity:
        """The length of one thing."""
        machine = self._machine
        ref = machine.tracked(thing)
        if ref is not None:
            made = machine.recorder.objects[ref.id]
            return Length(made.kind.value, made.name or name, ref.id, f"len:{ref.id}")
        if isinstance(thing, Ref) and thing.id in machine.containers:
            content = self._walk.containers.content(thing)
            if isinstance(content, Pack) and content.whole:
                return Literal(len(content.items))
            if isinstance(content, Table) and content.rest is None:
                return Literal(len(content.entries))
            return Length("list", name, key=f"len:{thing.id}")
        if isinstance(thing, Pack) and thing.whole:
            return Literal(len(thing.items))
        if isinstance(thing, Symbol):
            return Length("unknown", thing.name, key=f"len:{thing.key}")
        return Length("unknown", name, key=f"len:{name}")


def arithmetic(op: str, operands: tuple[Quantity, ...]) -> Quantity:
    """`op` over the operands, computed where all are literal numbers."""
    numbers = [operand.value for operand in operands if isinstance(operand, Literal)]
    if len(numbers) == len(operands) and all(isinstance(number, (int, float)) for number in numbers):
        computed = _compute(op, [number for number in numbers if isinstance(number, (int, float))])
        if computed is not None:
            return Literal(computed)
    if depth(Arithmetic(op, operands)) > MOST_DEPTH:
        loop = max((operand.loop for operand in operands if isinstance(operand, Symbol)), default=0)
        return Symbol(
            key=f"deep:{op}:{spelled(Arithmetic(op, operands))}",
            name="...",
            reason="an expression nested too deeply",
            loop=loop,
        )
    return Arithmetic(op, operands)


def depth(quantity: Quantity) -> int:
    """How deep the quantity is nested, up to one more than the most that is kept."""
    if isinstance(quantity, Arithmetic):
        return 1 + max((depth(operand) for operand in quantity.operands), default=0)
    return 0


def _compute(op: str, numbers: list[int | float]) -> int | float | None:
    """The result of an operation on literal numbers; None where there is none or it would be huge."""
    if op == "neg":
        return -numbers[0]
    if len(numbers) != 2 or any(abs(number) > 1e15 for number in numbers):
        return None
    left, right = numbers
    try:
        match op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "//":
                return left // right
            case "%":
                return left % right
            case "**" if abs(right) <= 64 and abs(left) <= 1e4 and right == int(right):
                power = left**right  # a root is kept as it is: it says for how many steps it was worked out
                return power if isinstance(power, (int, float)) else None
            case _:
                return None
    except (ZeroDivisionError, OverflowError):
        return None
