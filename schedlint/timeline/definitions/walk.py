"""What happens for certain, in order, while an object of a scheduler class is built and stepped.

The methods of the class are followed through their calls of each other. Reads of attributes count where every way leads
to them, stores where any way does: what is missing when it is read is missing for certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from schedlint import facts
from schedlint.place import Place
from schedlint.program.symbols import Class, Function
from schedlint.program.walk import Block, branches
from schedlint.timeline.definitions.family import (
    Family,
    Outside,
    is_name,
    is_property,
    is_self,
    placed,
    receiver,
    stores_below,
    targets,
)
from schedlint.timeline.definitions.ways import Reads, Way, children, common, folded, leaving

CONSTRUCTOR = "__init__"
STORED_BY_BASE = ("optimizer", "base_lrs", "last_epoch", "_step_count", "verbose")  # `verbose` until 2.7
STORED_BY_STEP = ("last_epoch", "_last_lr")
COUNTER = "_step_count"
LEADS_TO = {"_initial_step": "step", "step": "_update_lr", "_update_lr": "get_lr"}
"""What the library's own methods call of a class that derives from it (torch 2.13)."""

LOOKS_ONLY = frozenset("super isinstance type hasattr getattr print repr id callable".split())
CALLS_DEEP = 8
CALLS = 500
PER_GROUP = (("base_lrs",), ("optimizer", "param_groups"))
PASSED_THROUGH = frozenset(("enumerate", "zip", "list", "reversed", "range", "len"))


class Walk:
    """One walk. `stored` holds what may be stored by now.

    `missing` is what the step inside the base's constructor reads and nobody has stored by then, and `late` what of it
    is stored after that constructor, which `call` calls. `reached` are the library's own methods that may be called.
    `is_lost` says that anything may have been stored.
    """

    def __init__(self, family: Family, stored: Iterable[str] = ()) -> None:
        self.stored = set(stored)
        self.missing: Reads = {}
        self.late: Reads = {}
        self.call: Place | None = None
        self.reached: set[str] = set()
        self.is_lost = False
        self._family = family
        self._active: list[Function] = []
        self._doubts = 0
        self._calls = 0

    def invoke(self, name: str) -> Reads:
        """Call a method of the object; what that reads for certain."""
        found = self._family.method(name)
        if found is None or name in self.stored:
            self.is_lost = True
            return {}
        return self._outside(name, None) if isinstance(found, Outside) else self._enter(found)

    def _enter(self, method: Function) -> Reads:
        self._calls += 1
        if method in self._active or len(self._active) >= CALLS_DEEP or self._calls > CALLS:
            self.is_lost = True
            return {}
        self._active.append(method)
        way = self._block(method.node.body)
        self._active.pop()
        return way.reads

    @contextmanager
    def _doubted(self) -> Iterator[None]:
        self._doubts += 1
        yield
        self._doubts -= 1

    @property
    def _me(self) -> str:
        return receiver(self._active[-1])

    # --- statements -------------------------------------------------------------------------------------------------

    def _block(self, body: Block) -> Way:
        """The statements in order. What follows an `if` that may leave is read only where the way leads past it."""
        reads: Reads = {}
        pending: list[tuple[Reads, tuple[Reads, ...]]] = []
        last = Way({})
        for statement in body:
            last = self._statement(statement)
            reads = {**last.reads, **reads}
            if last.ends:
                break
            if last.leaving:
                pending.append((reads, last.leaving))
                reads = dict(last.onward)
                self._doubts += 1
        self._doubts -= len(pending)
        return folded(reads, pending, last)

    def _statement(self, statement: facts.Statement) -> Way:
        if isinstance(statement, facts.If):
            return self._if(statement)
        if isinstance(statement, facts.Return):
            return Way({} if statement.value is None else self._expression(statement.value), ends=True)
        if isinstance(statement, facts.Raise):
            return Way({}, ends=True, dies=True)
        if isinstance(statement, (facts.Break, facts.Continue)):
            return Way({}, ends=True)
        if isinstance(statement, (facts.For, facts.While)):
            return self._loop(statement)
        if isinstance(statement, facts.Try):
            return self._try(statement)
        if isinstance(statement, facts.Match):
            reads = self._expression(statement.subject)
            bodies = [case.body for case in statement.cases]
            self._ways(bodies)
            return Way(reads, leaving=leaving(*bodies))
        if isinstance(statement, facts.With):
            return self._with(statement)
        return self._simple(statement)

    def _with(self, statement: facts.With) -> Way:
        reads: Reads = {}
        for item in statement.items:
            reads |= self._expression(item.value)
        self._stores(statement)
        way = self._block(statement.body)
        return way._replace(reads=reads | way.reads)

    def _simple(self, statement: facts.Statement) -> Way:
        reads: Reads = {}
        if isinstance(statement, facts.AugAssign):
            reads = self._expression(statement.target)
        if isinstance(statement, (facts.Assign, facts.AnnAssign, facts.AugAssign, facts.Do)):
            reads |= {} if statement.value is None else self._expression(statement.value)
        elif isinstance(statement, facts.Assert):
            reads = self._expression(statement.test)
        elif isinstance(statement, facts.FunctionDef):  # it may be called at any time
            self.stored.update(target.attr for target, _ in stores_below(statement.body, self._me))
        return Way(reads | self._stores(statement))

    def _stores(self, statement: facts.Statement) -> Reads:
        reads: Reads = {}
        for target, _ in targets(statement):
            reads |= self._store(target)
        return reads

    def _ways(self, bodies: Iterable[Block]) -> list[Way]:
        with self._doubted():
            return [self._block(body) for body in bodies]

    def _if(self, node: facts.If) -> Way:
        """Of the tests only the first is read for certain. A branch that ends in an exception is no way at all."""
        reads = self._expression(node.test)
        alive = [way for way in self._ways(branches(node)) if not way.dies]
        onward = [way.reads for way in alive if not way.ends]
        if not onward:
            return Way(reads | common(way.reads for way in alive), ends=True, dies=not alive)
        leaving = tuple(way.reads for way in alive if way.ends or way.leaving)
        if leaving:
            return Way(reads, leaving=leaving, onward=common(onward))
        return Way(reads | common(onward))

    def _loop(self, node: facts.For | facts.While) -> Way:
        reads = self._expression(node.iterable if isinstance(node, facts.For) else node.test)
        self._stores(node)
        with self._doubted():
            body = self._block(node.body)
        if isinstance(node, facts.For) and self._is_per_group(node.iterable):
            reads |= body.reads
        self._ways([node.orelse])
        return Way(reads, leaving=leaving(node.body, node.orelse))

    def _try(self, node: facts.Try) -> Way:
        if node.handlers:
            bodies = [node.body, *(handler.body for handler in node.handlers), node.orelse]
            self._ways(bodies)
            reads: Reads = {}
        else:
            reads = self._block(node.body).reads
        self._block(node.finalbody)
        return Way(reads, leaving=leaving(node.body, *(handler.body for handler in node.handlers), node.finalbody))

    # --- attributes -------------------------------------------------------------------------------------------------

    def _store(self, target: facts.Expr) -> Reads:
        if isinstance(target, facts.Sequence):
            for item in target.items:
                self._store(item)
            return {}
        if not (isinstance(target, facts.Attribute) and is_self(target, self._me)):
            return self._expression(target) if isinstance(target, (facts.Attribute, facts.Subscript)) else {}
        if target.attr == "__dict__":
            self.is_lost = True
        if self.call is not None and target.attr in self.missing:
            self.late.setdefault(target.attr, self._place(target.at))
        self.stored.add(target.attr)
        return {}

    def _read(self, node: facts.Attribute) -> Reads:
        """An attribute of the object is read: a property is called, and what the classes have is there."""
        name = node.attr
        if name == "__dict__":
            self.is_lost = True
        own = self._family.own(name)
        accessor = next((each for each in own if isinstance(each, Function) and is_property(each)), None)
        if accessor is not None:
            return self._enter(accessor)
        return {} if own or name in self.stored else {name: self._place(node.at)}

    def _place(self, at: facts.Span) -> Place:
        return placed(self._active[-1].module, at)

    # --- expressions ------------------------------------------------------------------------------------------------

    def _expression(self, root: facts.Expr) -> Reads:
        """Everything in an expression, without recursion; what need not be evaluated is read in doubt."""
        reads: Reads = {}
        stack: list[tuple[object, bool]] = [(root, False)]
        while stack:
            node, doubtful = stack.pop()
            found: Reads = {}
            if doubtful:
                self._doubts += 1
            if isinstance(node, facts.Call):
                found = self._call(node)
            elif isinstance(node, facts.Attribute) and is_self(node, self._me):
                found = self._read(node)
            if doubtful:
                self._doubts -= 1
            else:
                reads = {**found, **reads}
            stack += reversed([(part, doubtful or more) for part, more in self._parts(node)])
        return reads

    def _parts(self, node: object) -> list[tuple[object, bool]]:
        """What stands inside an expression, and whether it need not be evaluated."""
        if isinstance(node, facts.BoolOp):
            return [(value, index > 0) for index, value in enumerate(node.values)]
        if isinstance(node, facts.Conditional):
            return [(node.test, False), (node.body, True), (node.orelse, True)]
        if isinstance(node, facts.Comprehension):
            return self._inside_comprehension(node)
        if isinstance(node, facts.Lambda):
            return []
        if isinstance(node, facts.Compare):
            return [(node.left, False), *((each, index > 0) for index, each in enumerate(node.comparators))]
        if isinstance(node, facts.Call):
            callee = [] if is_self(node.func, self._me) else [(node.func, False)]
            return [*callee, *((argument.value, False) for argument in node.arguments)]
        return [(part, False) for part in children(node)]

    def _inside_comprehension(self, node: facts.Comprehension) -> list[tuple[object, bool]]:
        first, *others = node.generators
        certain = self._is_per_group(first.iterable) and not first.conditions and not others
        certain = certain and node.kind != "generator"
        rest = [part for each in others for part in (each.iterable, *each.conditions)]
        inner = [*first.conditions, *rest, *([node.key] if node.key is not None else []), node.element]
        return [(first.iterable, False), *((part, not certain) for part in inner)]

    def _is_per_group(self, expr: facts.Expr) -> bool:
        """Whether it has an item for each parameter group, of which there is at least one."""
        if isinstance(expr, facts.Call) and isinstance(expr.func, facts.Name) and expr.func.id in PASSED_THROUGH:
            return bool(expr.arguments) and all(self._is_per_group(each.value) for each in expr.arguments)
        chain: list[str] = []
        while isinstance(expr, facts.Attribute):
            chain.insert(0, expr.attr)
            expr = expr.value
        return is_name(expr, self._me) and tuple(chain) in PER_GROUP

    # --- calls ------------------------------------------------------------------------------------------------------

    def _call(self, node: facts.Call) -> Reads:
        func = node.func
        if isinstance(func, facts.Attribute):
            if is_self(func, self._me):
                return self._own_method(func)
            if isinstance(func.value, facts.Call) and is_name(func.value.func, "super"):
                return self._inherited(func, self._after(func.value))
            if node.arguments and is_name(node.arguments[0].value, self._me):
                return self._unbound(func)
        if isinstance(func, facts.Name) and func.id in ("setattr", "vars"):
            self.is_lost = True
        elif not (isinstance(func, facts.Name) and func.id in LOOKS_ONLY):
            self._given_away(node)
        return {}

    def _given_away(self, node: facts.Call) -> None:
        values = [argument.value for argument in node.arguments]
        if any(is_name(value, self._me) for value in values):
            self.is_lost = True

    def _own_method(self, func: facts.Attribute) -> Reads:
        if func.attr in self.stored:
            return {}
        own = self._family.own(func.attr)
        if not own and func.attr not in LEADS_TO and func.attr != CONSTRUCTOR and func.attr in self._family.stores:
            return self._read(func)
        method = self._family.method(func.attr)
        if isinstance(method, Outside):
            return self._outside(func.attr, self._place(func.at))
        if method is None:
            self.is_lost = True
            return {}
        return self._enter(method) if receiver(method) else {}

    def _after(self, call: facts.Call) -> Class | None:
        """The class that `super()` looks behind; None where it names another class than the one it stands in."""
        owner = self._active[-1].owner
        if not call.arguments or owner is None:
            return owner
        first = call.arguments[0].value
        named = is_name(first, owner.node.name) or is_name(first, "__class__")
        return owner if named else None

    def _inherited(self, func: facts.Attribute, after: Class | None) -> Reads:
        found = None if after is None else self._family.method(func.attr, after)
        return self._found(found, func)

    def _unbound(self, func: facts.Attribute) -> Reads:
        """`Base.method(self, ...)`."""
        symbols = self._family.program.expression(self._active[-1].module, func.value)
        cls = symbols[0] if len(symbols) == 1 else None
        if isinstance(cls, Class):
            method = self._family.program.method(cls, func.attr)
            outside = None if method is None or not self._is_base(cls) else Outside(func.attr)
            return self._found(method if isinstance(method, Function) else outside, func)
        return self._found(Outside(func.attr) if cls in self._family.bases else None, func)

    def _is_base(self, cls: Class) -> bool:
        return cls in self._family.program.mro(self._family.cls)

    def _found(self, method: Function | Outside | None, func: facts.Attribute) -> Reads:
        if method is None:
            self.is_lost = True
            return {}
        if isinstance(method, Function):
            return self._enter(method)
        return self._outside(func.attr, self._place(func.at))

    def _outside(self, name: str, call: Place | None) -> Reads:
        """The library's own method: it stores, and calls what the class may have of its own."""
        self.reached.add(name)
        if name == CONSTRUCTOR:
            return self._base_constructor(call)
        if name not in LEADS_TO:
            return {}
        reads: Reads = {}
        if name == "_initial_step":
            self.stored.add(COUNTER)
        elif name == "step" and COUNTER not in self.stored:
            reads[COUNTER] = self._family_place()
        reads = {**reads, **self.invoke(LEADS_TO[name])}
        self.stored.update(STORED_BY_STEP)
        return reads

    def _family_place(self) -> Place:
        cls = self._family.cls
        return placed(cls.module, cls.at)

    def _base_constructor(self, call: Place | None) -> Reads:
        """It stores what every schedule has, and steps once."""
        if self._doubts or self.call is not None or call is None:
            self.is_lost = True
            return {}
        self.stored.update(STORED_BY_BASE)
        missing = self.invoke("_initial_step")
        self.call, self.missing = call, missing
        return {}
