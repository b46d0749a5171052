"""Tests: what an `if` says about values, and what it means for how often the code behind it runs.

A test is decided where the values decide it. Else each side gets the tests that hold on it (statements about values),
the guards that stand on the way, and the values that variables are narrowed to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.timeline.conditions import conjoin
from schedlint.timeline.model import Condition, Guard, GuardKind, Test
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, Symbol, spelled
from schedlint.timeline.run.counters import read_comparison
from schedlint.timeline.run.prescan import calls_something
from schedlint.timeline.run.spelling import keyed, source
from schedlint.timeline.run.store import Key
from schedlint.timeline.run.values import (
    SCALARS,
    Foreign,
    Option,
    Pack,
    ProjectClass,
    Ref,
    Thing,
    Value,
    alternatives,
    common,
    is_none,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in")


PLAIN_CLASSES = frozenset({"dict", "list", "tuple", "set", "str", "int", "float", "bool"})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a test: what holds on it, what stands before it, what variables are narrowed to."""

    tests: Condition = ()
    guards: tuple[Guard, ...] = ()
    narrowed: tuple[tuple[Key, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A test: decided (`outcome`), or what its two sides are."""

    outcome: bool | None
    then: Side = Side()
    orelse: Side = Side()

    def denied(self) -> Verdict:
        """The test under `not`."""
        return Verdict(None if self.outcome is None else not self.outcome, self.orelse, self.then)


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """One `case` of a match: its side (None: never taken), the tests that hold behind it, whether it is the last."""

    side: Side | None
    otherwise: Condition = ()
    last: bool = False


class Branching:
    """Assesses tests."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    # --- tests as they are written ------------------------------------------------------------------------------------

    def assess(self, test: facts.Expr, at: facts.Span | None = None) -> Verdict:
        """What the test says; everything that happens in it is recorded."""
        match test:
            case facts.Unary(op="not", operand=operand):
                return self.assess(operand, at).denied()
            case facts.BoolOp(op=op, values=values):
                return self._assess_chain(op, values, at)
            case facts.Compare(left=left, operators=(op,), comparators=(right,)) if op in ("is", "is not", "==", "!="):
                if isinstance(right, facts.Constant) and right.value is None:
                    plain = facts.Compare(left, ("is",), (right,))
                    verdict = self._assess_none(left, plain, at)
                    return verdict if op in ("is", "==") else verdict.denied()
            case facts.Call(func=facts.Name(id="isinstance"), arguments=(subject, cls)):
                return self._assess_isinstance(subject.value, cls.value, test, at)
            case facts.NamedExpr(target=target, value=value):
                self._walk.executor.assign(target, self._walk.evaluator.evaluate(value))
                return self.assess(target, at)
            case _:
                pass
        return self._assess_truth(test, self._walk.evaluator.evaluate(test), at)

    def _assess_chain(self, op: str, values: Sequence[facts.Expr], at: facts.Span | None) -> Verdict:
        decisive = op == "or"
        open_verdicts: list[Verdict] = []
        with ExitStack() as assumed:
            for value in values:
                verdict = self.assess(value, at)
                if verdict.outcome is decisive:
                    return Verdict(decisive)
                if verdict.outcome is None:
                    open_verdicts.append(verdict)
                    assumed.enter_context(self._supposing(verdict.then if op == "and" else verdict.orelse))
        if not open_verdicts:
            return Verdict(not decisive)
        if len(open_verdicts) == 1:
            return open_verdicts[0]
        if op == "and":
            return Verdict(
                None,
                together([verdict.then for verdict in open_verdicts]),
                either([v.orelse for v in open_verdicts], self._chain(op, values), denied=True),
            )
        return Verdict(
            None,
            either([verdict.then for verdict in open_verdicts], self._chain(op, values), denied=False),
            together([v.orelse for v in open_verdicts]),
        )

    @staticmethod
    def _chain(op: str, values: Sequence[facts.Expr]) -> str:
        return source(facts.BoolOp(op, tuple(values)))

    @contextmanager
    def _supposing(self, side: Side) -> Iterator[None]:
        """What stands behind an `and` or `or` is reached on one side of what stands before it only."""
        store = self._machine.store
        before = [(key, store.get(key)) for key, _ in side.narrowed]
        with self._machine.assuming(side.tests, side.guards):
            self.narrow(side)
            try:
                yield
            finally:
                for (key, old), (_, narrowed) in zip(before, side.narrowed, strict=True):
                    if old is not None and store.get(key) == narrowed:
                        store.put(key, old)

    def _assess_none(self, expr: facts.Expr, test: facts.Expr, at: facts.Span | None) -> Verdict:
        value = self._walk.evaluator.evaluate(expr)
        null = tuple(option for option in value if is_none(option.thing))
        open_ = tuple(
            option
            for option in value
            if isinstance(option.thing, Symbol) and self._machine.tracked(option.thing) is None
        )
        real = tuple(option for option in value if option not in null and option not in open_)
        if not open_ and not (null and real):
            return Verdict(bool(null))
        return self._split(expr, test, (*null, *open_), (*real, *open_), "is", None, at)

    def _split(
        self,
        expr: facts.Expr,
        test: facts.Expr,
        positive: tuple[Option, ...],
        negative: tuple[Option, ...],
        operator: str,
        constant: bool | None,
        at: facts.Span | None,
    ) -> Verdict:
        """A test that some of the possibilities meet and some do not."""
        key = self._key_of(expr)
        sides = []
        for options, holds in ((positive, True), (negative, False)):
            tests = self._tests_of(options, operator, constant, holds)
            guard = self._split_guard(options, test, holds, tests, at)
            narrowed = ((key, options),) if key is not None and options else ()
            sides.append(Side(tests, (guard,), narrowed))
        return Verdict(None, sides[0], sides[1])

    @staticmethod
    def _tests_of(options: Sequence[Option], operator: str, constant: bool | None, holds: bool) -> Condition:
        if not options:
            return ()
        tests = options[0].when
        for option in options[1:]:
            tests = common(tests, option.when)
        thing = options[0].thing
        if len(options) == 1 and isinstance(thing, Symbol) and not thing.loop:
            said = thing.name if operator == "truth" else f"{thing.name} is {constant}"
            tests = (*tests, Test(thing.key, operator, constant, holds, said))
        return tests[:4]

    def _split_guard(
        self, options: Sequence[Option], test: facts.Expr, holds: bool, tests: Condition, at: facts.Span | None
    ) -> Guard:
        tracked = any(self._machine.tracked(option.thing) is not None for option in options)
        varies = any(isinstance(option.thing, Symbol) and option.thing.loop for option in options)
        varies = varies or any(
            isinstance(plain_number(option.thing), Literal) and not option.when for option in options
        )
        kind = GuardKind.NEUTRAL if tracked else GuardKind.UNKNOWN if varies else GuardKind.FLAG
        return self.guard(kind, test, not holds, at)

    def guard(
        self,
        kind: GuardKind,
        test: facts.Expr,
        denied: bool,
        at: facts.Span | None,
        loop: int = 0,
        period: Quantity | None = None,
        limit: Quantity | None = None,
    ) -> Guard:
        """A guard for a test as written."""
        place = self._machine.place(at or getattr(test, "at", None))
        return self._machine.guard(kind, source(test), denied, place, loop, period, limit)

    def _key_of(self, expr: facts.Expr) -> Key | None:
        """Where the value of a name or attribute is stored."""
        machine = self._machine
        if isinstance(expr, facts.Name):
            for owner in (machine.frame.elsewhere.get(expr.id, machine.frame.id), *machine.frame.parents):
                if machine.store.get((owner, expr.id)) is not None:
                    return (owner, expr.id)
        if isinstance(expr, facts.Attribute) and isinstance(expr.value, facts.Name):
            base = only(self._walk.evaluator.evaluate(expr.value))
            if isinstance(base, Ref) and machine.store.get((base.id, expr.attr)) is not None:
                return (base.id, expr.attr)
        return None

    def _assess_isinstance(
        self, subject: facts.Expr, cls: facts.Expr, test: facts.Expr, at: facts.Span | None
    ) -> Verdict:
        evaluator = self._walk.evaluator
        value, wanted = evaluator.evaluate(subject), evaluator.evaluate(cls)
        classes = self._classes(wanted)
        verdicts = [(option, self._is_instance(option.thing, classes)) for option in value]
        if classes and all(verdict is True for _, verdict in verdicts):
            return Verdict(True)
        if classes and all(verdict is False for _, verdict in verdicts):
            return Verdict(False)
        positive = tuple(option for option, verdict in verdicts if verdict is not False)
        negative = tuple(option for option, verdict in verdicts if verdict is not True)
        verdict = self._split(subject, test, positive, negative, "isinstance", None, at)
        if not any(answer is None for _, answer in verdicts):
            return verdict
        name = source(cls)
        key = only(value)
        if isinstance(key, (Symbol, Ref)):
            symbol = key.key if isinstance(key, Symbol) else f"object{key.id}"
            said = f"isinstance({source(subject)}, {name})"
            flags = [self.guard(GuardKind.FLAG, test, denied, at) for denied in (False, True)]
            return Verdict(
                None,
                Side((Test(symbol, "isinstance", name, True, said),), (flags[0],)),
                Side((Test(symbol, "isinstance", name, False, said),), (flags[1],)),
            )
        return verdict

    def _classes(self, wanted: Value) -> list[Thing]:
        pack = self._walk.containers.as_pack(wanted)
        if pack is not None and pack.whole:
            return [option.thing for item in pack.items for option in item]
        return [option.thing for option in wanted]

    def _is_instance(self, thing: Thing, classes: Sequence[Thing]) -> bool | None:
        machine = self._machine
        ref = machine.tracked(thing)
        if is_none(thing):
            return False
        if isinstance(thing, Ref) and machine.containers.get(thing.id) in ("dict", "list") and classes:
            wanted = {cls.qualified for cls in classes if isinstance(cls, Foreign)}
            plain = len(wanted) == len(classes) and wanted <= PLAIN_CLASSES
            return machine.containers[thing.id] in wanted if plain else None
        if isinstance(thing, Symbol) and thing.role == "setting" and Foreign("dict") in classes and len(classes) == 1:
            return False
        if ref is None or not classes:
            return None
        made = machine.recorder.objects[ref.id]
        answers = [
            self._walk.making.is_of_class(made, cls) for cls in classes if isinstance(cls, (Foreign, ProjectClass))
        ]
        if any(answer is True for answer in answers):
            return True
        return False if len(answers) == len(classes) and all(answer is False for answer in answers) else None

    # --- truth of values ----------------------------------------------------------------------------------------------

    def truth(self, value: Value) -> bool | None:
        """Whether the value is true; None where that is not known."""
        answers = {self._truth_of(option.thing) for option in value}
        return answers.pop() if len(answers) == 1 else None

    def _truth_of(self, thing: Thing) -> bool | None:
        thing = plain_number(thing) or thing
        if isinstance(thing, Literal):
            return bool(thing.value)
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            content = self._walk.containers.content(thing)
            return True if isinstance(content, Pack) and content.items else None
        if isinstance(thing, Pack):
            return bool(thing.items) if thing.whole else None
        if self._machine.tracked(thing) is not None:
            return True
        return None if isinstance(thing, SCALARS) else True

    def _assess_truth(self, test: facts.Expr, value: Value, at: facts.Span | None) -> Verdict:
        decided = self.truth(value)
        if decided is not None:
            return Verdict(decided)
        thing = only(value)
        if thing is not None and isinstance(thing, SCALARS) and self._machine.tracked(thing) is None:
            return self._assess_scalar(test, thing, at)
        same = self._alike(test, value, at)
        if same is not None:
            return same
        answers = [(option, self._truth_of(option.thing)) for option in value]
        positive = tuple(option for option, answer in answers if answer is not False)
        negative = tuple(option for option, answer in answers if answer is not True)
        return self._split(test, test, positive, negative, "truth", True, at)

    def _alike(self, test: facts.Expr, value: Value, at: facts.Span | None) -> Verdict | None:
        """A test of one of several scalars, where it means the same for each: `i % k == 0`, whatever k is."""
        things = [option.thing for option in value]
        scalars = [thing for thing in things if isinstance(thing, Arithmetic) and self._machine.tracked(thing) is None]
        if len(scalars) < len(things):
            return None
        verdicts = [self._assess_scalar(test, thing, at) for thing in scalars]
        kinds = {tuple((g.kind, g.loop) for side in (v.then, v.orelse) for g in side.guards) for v in verdicts}
        if len(kinds) > 1:
            unknown = [self.guard(GuardKind.UNKNOWN, test, denied, at) for denied in (False, True)]
            return Verdict(None, Side((), (unknown[0],)), Side((), (unknown[1],)))
        thens, elses = [v.then.guards for v in verdicts], [v.orelse.guards for v in verdicts]
        return Verdict(None, Side((), in_common(thens)), Side((), in_common(elses)))

    def _assess_scalar(self, test: facts.Expr, thing: Quantity, at: facts.Span | None) -> Verdict:
        if isinstance(thing, Arithmetic):
            if thing.op == "not":
                return flipped(self._assess_scalar(test, thing.operands[0], at).denied())
            if thing.op in ("and", "or") and len(thing.operands) > 1:
                verdicts = [self._assess_scalar(test, operand, at) for operand in thing.operands]
                thens, elses = [v.then for v in verdicts], [v.orelse for v in verdicts]
                if thing.op == "and":
                    return Verdict(None, together(thens), either(elses, source(test), denied=True))
                return Verdict(None, either(thens, source(test), denied=False), together(elses))
        return self._read(test, thing, at)

    def _read(self, test: facts.Expr, thing: Quantity, at: facts.Span | None) -> Verdict:
        """A comparison, or the truth of one scalar, read as a statement about counters or about configuration."""
        self._walk.schedules.note(thing)
        reading = read_comparison(thing, tuple(self._machine.loops))
        sides = []
        for holds, kind, limit in zip((True, False), (reading.then, reading.orelse), reading.limits, strict=True):
            tests = self._configured(thing, holds) if kind is GuardKind.FLAG else ()
            limit = thing if kind is GuardKind.FLAG else limit
            sides.append(Side(tests, (self.guard(kind, test, not holds, at, reading.loop, reading.period, limit),)))
        return Verdict(None, sides[0], sides[1])

    @staticmethod
    def _configured(thing: Quantity, holds: bool) -> Condition:
        """The test that a comparison of unchanging values is."""
        match thing:
            case Symbol(key=key, name=name):
                return (Test(key, "truth", True, holds, name),)
            case Arithmetic(op=("==" | "!=") as op, operands=(Literal() as constant, Symbol() as symbol)):
                return Branching._configured(Arithmetic(op, (symbol, constant)), holds)
            case Arithmetic(
                op=("==" | "!=" | "is" | "is not") as op, operands=(Symbol() as symbol, Literal(value=constant))
            ):
                positive = holds == (op in ("==", "is"))
                return (Test(symbol.key, "==", constant, positive, f"{symbol.name} == {constant!r}"),)
            case Arithmetic(op=("==" | "!=") as op, operands=(Arithmetic() as whole, Literal(value=constant))):
                positive = holds == (op == "==")
                return (Test(keyed(whole), "==", constant, positive, f"{spelled(whole)} == {constant!r}"),)
            case Arithmetic(op=("in" | "not in") as op, operands=(Symbol() as symbol, Items(items=items, whole=True))):
                if all(isinstance(item, Literal) for item in items):
                    constants = tuple(item.value for item in items if isinstance(item, Literal))
                    said = f"{symbol.name} in {constants!r}"
                    return (Test(symbol.key, "in", constants, holds == (op == "in"), said),)
            case Arithmetic(op="in", operands=(Literal(value=str(constant)), Symbol() as symbol)):
                return (Test(symbol.key, "contains", constant, holds, f"{constant!r} in {symbol.name}"),)
            case _:
                pass
        return (Test(keyed(thing), "truth", True, holds, spelled(thing)),)

    # --- values of tests ----------------------------------------------------------------------------------------------

    def decide(self, op: str, left: Value, right: Value) -> bool | None:
        """The outcome of a comparison that the values decide."""
        one, other = plain_number(only(left)), plain_number(only(right))
        if op in ("is", "is not", "==", "!=") and one is not None and other is not None:
            same = self._same(one, other)
            return same if same is None or op in ("is", "==") else not same
        if op in ("in", "not in") and isinstance(one, Literal):
            pack = self._walk.containers.as_pack(right)
            table = self._walk.containers.table(right)
            known = None
            if pack is not None and pack.whole and all(isinstance(only(item), Literal) for item in pack.items):
                known = any(only(item) == one for item in pack.items)
            elif table is not None and table.rest is None:
                known = any(key == one.value for key, _ in table.entries)
            return known if known is None or op == "in" else not known
        if isinstance(one, Literal) and isinstance(other, Literal):
            return ordered(op, one.value, other.value)
        return None

    def _same(self, one: Thing, other: Thing) -> bool | None:
        if isinstance(one, Literal) and isinstance(other, Literal):
            return one.value == other.value and (one.value is None) == (other.value is None)
        for thing, against in ((one, other), (other, one)):
            if is_none(thing):
                solid = self._machine.tracked(against) is not None or not isinstance(against, SCALARS)
                return False if solid else None
        return None

    def bool_value(self, expr: facts.BoolOp) -> Value:
        """`a or b`, `a and b` as a value."""
        if any(calls_something(part) for part in expr.values[1:]):
            return self._short_circuit(expr.op, expr.values)
        evaluator = self._walk.evaluator
        values = [evaluator.evaluate(part) for part in expr.values]
        scalars = [only(value) for value in values]
        plain = all(
            isinstance(thing, (Symbol, Arithmetic)) and self._machine.tracked(thing) is None for thing in scalars
        )
        if plain and (
            expr.op == "and" or all(isinstance(t, Arithmetic) and t.op in (*COMPARISONS, "not") for t in scalars)
        ):
            return just(Arithmetic(expr.op, tuple(evaluator.scalar_of(value) for value in values)))
        chosen: list[tuple[Value, Condition]] = []
        for value in values[:-1]:
            decided = self.truth(value)
            if decided is (expr.op == "or"):
                return alternatives([*chosen, (value, ())], "or")
            if decided is None:
                kept = tuple(o for o in value if self._truth_of(o.thing) is not (expr.op == "and")) or value
                chosen.append((kept, ()))
        return alternatives([*chosen, (values[-1], ())], "or")

    def _short_circuit(self, op: str, values: Sequence[facts.Expr]) -> Value:
        """`a and f()`, `a or f()`: the call is made on one side of the first operand only."""
        first, rest = values[0], values[1:]
        if not rest:
            return self._walk.evaluator.evaluate(first)

        def decided() -> Value:
            return just(Literal(op == "or")) if calls_something(first) else self._walk.evaluator.evaluate(first)

        def goes_on() -> Value:
            return self._short_circuit(op, rest)

        return self.choice(first, goes_on, decided) if op == "and" else self.choice(first, decided, goes_on)

    def choice(self, test: facts.Expr, then: Callable[[], Value], orelse: Callable[[], Value]) -> Value:
        """`then if test else orelse`."""
        verdict = self.assess(test)
        if verdict.outcome is not None:
            return then() if verdict.outcome else orelse()
        ways = []
        for side, walk in ((verdict.then, then), (verdict.orelse, orelse)):
            ways.append((side.tests, side.guards, self._narrowing(side, walk)))
        return self._machine.fork(ways, self._machine.unknown("if", "").key)

    def _narrowing(self, side: Side, walk: Callable[[], Value]) -> Callable[[], Value]:
        def narrowed() -> Value:
            self.narrow(side)
            return walk()

        return narrowed

    def case(self, subject: facts.Expr, value: Value, case: facts.Case) -> CaseVerdict:
        """One `case` of a match."""
        place = self._machine.place(getattr(subject, "at", None))
        constants = [only(self._walk.evaluator.evaluate(each)) for each in case.values]
        thing = only(value)
        said = source(subject)
        if not case.values and case.exact:
            return CaseVerdict(Side(), last=case.guard is None)
        plain = [constant.value for constant in constants if isinstance(constant, Literal)]
        if isinstance(thing, Literal) and plain and len(plain) == len(constants):
            met = thing.value in plain
            return CaseVerdict(Side() if met else None, last=met and case.exact and case.guard is None)
        text = f"{said} == {plain[0]!r}" if len(plain) == 1 else f"{said} in {tuple(plain)!r}"
        flag = not (isinstance(thing, Symbol) and thing.loop) and case.guard is None
        guards = (self._machine.guard(GuardKind.FLAG if flag else GuardKind.UNKNOWN, text, False, place),)
        if not isinstance(thing, Symbol) or thing.loop or len(plain) != len(constants) or not plain:
            return CaseVerdict(Side((), guards))
        operator, constant = ("==", plain[0]) if len(plain) == 1 else ("in", tuple(plain))
        test = Test(thing.key, operator, constant, True, text)
        otherwise = (Test(thing.key, operator, constant, False, text),) if case.exact and case.guard is None else ()
        return CaseVerdict(Side((test,), guards), otherwise)

    def narrow(self, side: Side) -> None:
        """Narrow variables to what they can be on this side."""
        for key, value in side.narrowed:
            self._machine.store.put(key, value)


def flipped(verdict: Verdict) -> Verdict:
    """The verdict with its guards said of the negation that a variable holds: `ready = not x`, `if ready`."""
    return Verdict(verdict.outcome, _flipped(verdict.then), _flipped(verdict.orelse))


def _flipped(side: Side) -> Side:
    return Side(side.tests, tuple(replace(each, denied=not each.denied) for each in side.guards), side.narrowed)


def together(sides: Sequence[Side]) -> Side:
    """All sides hold."""
    tests: Condition = ()
    for side in sides:
        tests = conjoin(tests, side.tests) or tests
    return Side(
        tests,
        tuple(guard for side in sides for guard in side.guards),
        tuple(narrowed for side in sides for narrowed in side.narrowed),
    )


def in_common(alike: Sequence[tuple[Guard, ...]]) -> tuple[Guard, ...]:
    """Guards of the same kinds as one of them, less what they differ in."""
    return tuple(
        guards[0]
        if len(set(guards)) == 1
        else replace(guards[0], period=_any_of([g.period for g in guards]), limit=None)
        for guards in zip(*alike, strict=True)
    )


def _any_of(quantities: Sequence[Quantity | None]) -> Quantity | None:
    known = tuple(dict.fromkeys(each for each in quantities if each is not None))
    return known[0] if len(known) == 1 else Arithmetic("or", known) if known else None


def either(sides: Sequence[Side], text: str, *, denied: bool) -> Side:
    """One of the sides holds, it is not known which: nothing is known of values; the guard is the hardest of theirs.

    `text` is the whole test, `denied` whether this is its other side.
    """
    guards = [replace(guard, text=text, denied=denied) for side in sides for guard in side.guards]
    soft = (GuardKind.FLAG, GuardKind.NEUTRAL)
    hard = [guard for guard in guards if guard.kind not in soft]
    if not hard:
        return Side((), tuple(guards[:1]))
    periodic = [guard for guard in hard if guard.kind is GuardKind.PERIODIC]
    if len(periodic) == 1 and all(guard.kind in (GuardKind.PERIODIC, GuardKind.LAST) for guard in hard):
        return Side(
            (), (replace(periodic[0], limit=None),)
        )  # every k batches, and what is left over at the end of an epoch
    return Side((), (replace(hard[0], kind=GuardKind.UNKNOWN, loop=0, period=None, limit=None),))


def plain_number(thing: Thing | None) -> Thing | None:
    """A named constant as the number that it is; anything else as it is."""
    if isinstance(thing, Symbol) and thing.role == "constant" and isinstance(thing.default, Literal):
        return thing.default
    return thing


def ordered(op: str, left: object, right: object) -> bool | None:
    """`left op right` for two numbers or two strings."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}.get(op)
    return None
