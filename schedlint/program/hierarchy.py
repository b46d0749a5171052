"""Classes of the program: what they derive from, in which order they are asked, and where an attribute comes from."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint import facts
from schedlint.program import bindings
from schedlint.program.bindings import Table
from schedlint.program.index import Around
from schedlint.program.links import Links, Symbols, is_builtin, unique
from schedlint.program.mro import Ancestor, Line, linearise
from schedlint.program.resolver import Meaning, Resolver
from schedlint.program.symbols import Assigned, Class, External, Function, Module, ModuleRef, Symbol, Unknown
from schedlint.program.walk import dotted, scope_statements

_ALIAS_HOPS = 8
_NESTED_BASES = 8  # `class B(A.Inner)` needs the bases of A before its own
_WITHOUT_METHODS = frozenset(
    f"{module}.{name}"
    for module, names in {
        "builtins": ("object",),
        "abc": ("ABC",),
        "typing": ("Generic", "Protocol"),
        "typing_extensions": ("Generic", "Protocol"),
    }.items()
    for name in names
)


class Hierarchy:
    """Bases, orders and attributes of project classes. Everything found is kept."""

    def __init__(self, links: Links, resolver: Resolver | None) -> None:
        self._links = links
        self._resolver = resolver
        self._nested = 0
        self._tables: dict[Class, Table] = {}
        self._bases: dict[Class, Line] = {}
        self._lines: dict[Class, Line] = {}
        self._aliases: dict[Assigned, Symbols] = {}

    # --- what an expression means -------------------------------------------------------------------------------------

    def expression(self, module: Module, expr: facts.Expr) -> Symbols:
        """What a name or an attribute chain at module level stands for; () when its name is not bound."""
        name, attributes = dotted(expr)
        if not isinstance(name, facts.Name):
            return (Unknown("not a name"),)
        return self.members(self._links.lookup(module, name.id), attributes)

    def member(self, symbol: Symbol, attribute: str) -> Symbols:
        """What `symbol.attribute` stands for, or one Unknown."""
        return self.members((symbol,), (attribute,))

    def members(self, symbols: Symbols, attributes: tuple[str, ...], hops: int = 0) -> Symbols:
        """What a chain of attributes read from any of some symbols stands for."""
        for attribute in attributes:
            owners = [owner for symbol in symbols for owner in self.aliased(symbol, hops)]
            symbols = unique([found for owner in owners for found in self._member(owner, attribute)])
        return symbols

    def _member(self, owner: Symbol, attribute: str) -> Symbols:
        found: Symbols = ()
        if isinstance(owner, Unknown):
            return (owner,)
        if isinstance(owner, External):
            return (self._links.modules.external(f"{owner.qualified}.{attribute}"),)
        if isinstance(owner, ModuleRef):
            found = self._links.attribute(owner.module, attribute)
        elif isinstance(owner, Class):
            found = self.attribute(owner, attribute)
        return found or (Unknown(f"no {attribute} is known there"),)

    def aliased(self, symbol: Symbol, hops: int = 0) -> Symbols:
        """What a plain alias (`Base = module.Thing`) ends in; everything else is itself."""
        if not isinstance(symbol, Assigned) or symbol.value is None:
            return (symbol,)
        name, attributes = dotted(symbol.value)
        if not isinstance(name, facts.Name):
            return (symbol,)
        if symbol not in self._aliases:
            self._aliases[symbol] = (Unknown(f"{name.id} is an alias of itself"),)  # while it is being followed
            self._aliases[symbol] = self._follow(symbol.module, name.id, attributes, hops + 1)
        return self._aliases[symbol]

    def _follow(self, module: Module, name: str, attributes: tuple[str, ...], hops: int) -> Symbols:
        if hops > _ALIAS_HOPS:
            return (Unknown(f"{name} is an alias of an alias, too often"),)
        symbols = self.members(self._links.lookup(module, name), attributes, hops)
        ends = unique([end for symbol in symbols for end in self.aliased(symbol, hops)])
        return ends or (self._unbound(name),)

    def _unbound(self, name: str) -> External | Unknown:
        if is_builtin(name):
            return self._links.modules.external(f"builtins.{name}")
        return Unknown(f"{name} is not bound")

    # --- classes ------------------------------------------------------------------------------------------------------

    def bases(self, cls: Class) -> Line:
        """The classes that `cls` derives from directly; a base that may be one of several gives them all, in order."""
        if cls in self._bases:
            return self._bases[cls]
        if self._nested == _NESTED_BASES:
            return (Unknown("its base is an attribute of a class whose base is one of a class, and so on"),)
        self._bases[cls] = ()  # while they are looked for: a class that derives from itself has no bases
        self._nested += 1
        found = [base for argument in cls.node.arguments for base in self._base(cls, argument)]
        self._nested -= 1
        self._bases[cls] = tuple(dict.fromkeys(found))
        return self._bases[cls]

    def _base(self, cls: Class, argument: facts.Argument) -> Line:
        if argument.keyword is not None or argument.star == "**":
            return ()
        if argument.star:
            return (Unknown("its bases are unpacked from something"),)
        found = [base for leaf in _leaves(argument.value) for base in self._leaf(cls, leaf)]
        several = len(found) > 1
        return tuple(base for base in found if not (several and base == External("builtins.object")))

    def _leaf(self, cls: Class, expr: facts.Expr) -> Line:
        symbols = self._in_scope(cls, expr)
        if symbols is None:
            return self._infer(cls.module, expr)
        return tuple(found for symbol in symbols for found in self._meant(symbol))

    def _in_scope(self, cls: Class, expr: facts.Expr) -> Symbols | None:
        """What a base stands for where its class statement is; None where that has to be inferred."""
        name, attributes = dotted(expr)
        if not isinstance(name, facts.Name):
            return None
        around = self._links.modules.index(cls.module).classes.get(cls, Around())
        if any(name.id in function.node.stores for function in around.functions):
            return None
        symbols = self._bound(cls, self.table(around.owner), name.id) if around.owner is not None else ()
        symbols = symbols or self._bound(cls, self._links.modules.table(cls.module), name.id)
        symbols = symbols or self._links.lookup(cls.module, name.id)
        if cls in symbols:  # it can only replace what a star import brought
            symbols = self._links.starred(cls.module, name.id)
        return self.members(symbols or (self._unbound(name.id),), attributes)

    def _bound(self, cls: Class, table: Table, name: str) -> Symbols:
        """What a scope binds a name to before `cls` is made: `class SGD(SGD)` derives from what it replaces."""
        bound = table.names.get(name, ())
        return self._links.resolve(cls.module, table.earlier.get(cls, ()) if cls in bound else bound)

    def _meant(self, symbol: Symbol) -> Line:
        found: list[Ancestor] = []
        for end in self.aliased(symbol):
            if isinstance(end, Assigned):
                found += self._assigned(end)
            elif isinstance(end, (Class, External, Unknown)):
                found.append(end)
            else:
                found.append(Unknown("its base is not a class"))
        return tuple(found)

    def _assigned(self, symbol: Assigned) -> Line:
        """The classes that an assignment of something that has to be inferred may bind."""
        if isinstance(symbol.value, facts.Constant):
            return ()  # the `None` of `except ImportError: Base = None`
        if symbol.value is None:
            return (Unknown("its base is bound without an expression"),)
        return self._infer(symbol.module, symbol.value)

    def _infer(self, module: Module, expr: facts.Expr) -> Line:
        maker = self.expression(module, expr.func) if isinstance(expr, facts.Call) else ()
        if maker and all(isinstance(symbol, External) for symbol in maker):
            return tuple(_made_outside(symbol) for symbol in maker if isinstance(symbol, External))
        if self._resolver is None:
            return (Unknown("it would have to be inferred"),)
        meanings = self._resolver.classes(module.path, expr)
        return tuple(self._place(meaning) for meaning in meanings) or (Unknown("inference found no class"),)

    def _place(self, meaning: Meaning) -> Ancestor:
        """A class that the resolver found, as a symbol."""
        if isinstance(meaning, External):
            return self._links.modules.external(meaning.qualified)
        if isinstance(meaning, Unknown):
            return meaning
        module = self._links.modules.module(meaning.path)
        classes = () if module is None else self._links.modules.index(module).classes
        found = [cls for cls in classes if cls.node.name == meaning.name and cls.at.row == meaning.row]
        return found[0] if len(found) == 1 else Unknown(f"the class {meaning.name} was not found again")

    def mro(self, cls: Class) -> Line:
        """The resolution order, `cls` first; what is outside the project or unknown stands where it was named."""
        return linearise(cls, self.bases, self._lines)

    # --- attributes ---------------------------------------------------------------------------------------------------

    def table(self, cls: Class) -> Table:
        """What the class body binds."""
        if cls not in self._tables:
            self._tables[cls] = bindings.table(cls.module, cls.node.body, cls)
        return self._tables[cls]

    def attribute(self, cls: Class, name: str, after: Class | None = None) -> Symbols:
        """What the classes of the resolution order (those strictly after `after`) bind an attribute to.

        A class of the project that has the name wins over an outside base in front of it: what such a base defines is
        not known here, and code in which it hid the name would not do what it says. An unknown base in front leaves it
        unknown. () when no class has the name and every base is known.
        """
        outside: Symbols = ()
        for ancestor in self._after(cls, after):
            if isinstance(ancestor, Class):
                bound = self.table(ancestor).names.get(name, ())
                if bound:
                    return self._aliases_inside(ancestor, self._links.resolve(ancestor.module, bound))
            elif isinstance(ancestor, Unknown):
                return outside or (ancestor,)
            elif not outside and ancestor.qualified not in _WITHOUT_METHODS:
                outside = (self._links.modules.external(f"{ancestor.qualified}.{name}"),)
        return outside

    def _after(self, cls: Class, after: Class | None) -> Line:
        line = self.mro(cls)
        if after is None:
            return line
        return line[line.index(after) + 1 :] if after in line else (Unknown(f"{after.node.name} is no base"),)

    def _aliases_inside(self, cls: Class, symbols: Symbols) -> Symbols:
        """`step_update = step` in a class body is the method."""
        found: list[Symbol] = []
        for symbol in symbols:
            value = symbol.value if isinstance(symbol, Assigned) else None
            bound = self.table(cls).names.get(value.id, ()) if isinstance(value, facts.Name) else ()
            found += [entry for entry in bound if isinstance(entry, Function)] or [symbol]
        return unique(found)

    def method(
        self, cls: Class, name: str, after: Class | None = None
    ) -> Function | Assigned | External | Unknown | None:
        """The one definition of a method that a call on an instance of `cls` reaches; see `attribute`."""
        found = self.attribute(cls, name, after)
        if not found:
            return None
        if len(found) > 1:
            return Unknown(f"{name} is defined in {len(found)} ways")
        only = found[0]
        return Unknown(f"{name} is not a method") if isinstance(only, (Class, ModuleRef)) else only

    def methods(self, cls: Class) -> tuple[Function, ...]:
        """The methods that the class body itself defines, in order, conditional and replaced ones included."""
        statements = scope_statements(cls.node.body)
        defs = (statement for statement in statements if isinstance(statement, facts.FunctionDef))
        return tuple(Function(cls.module, node, node.at, cls) for node in defs)


def _made_outside(maker: External) -> External | Unknown:
    """The class that a call of something outside the project gives; nothing in the project can tell what it is."""
    if maker.qualified in ("collections.namedtuple", "typing.NamedTuple"):
        return External("builtins.tuple")
    return Unknown(f"{maker.qualified} makes it")


def _leaves(expr: facts.Expr) -> Iterator[facts.Expr]:
    """What a base may be: both sides of a conditional, the class of `Generic[T]`, what `with_metaclass` takes."""
    stack = [expr]
    while stack:
        current = stack.pop()
        if isinstance(current, facts.Subscript):
            stack.append(current.value)
        elif isinstance(current, facts.Conditional):
            stack += [current.orelse, current.body]
        elif isinstance(current, facts.Call) and _name(current.func) == "with_metaclass" and _plain(current):
            stack += [argument.value for argument in reversed(current.arguments[1:])]
        else:
            yield current


def _name(expr: facts.Expr) -> str:
    if isinstance(expr, facts.Name):
        return expr.id
    return expr.attr if isinstance(expr, facts.Attribute) else ""


def _plain(call: facts.Call) -> bool:
    return not any(argument.keyword or argument.star for argument in call.arguments)
