"""The program as its clients see it: what names stand for, how classes are related, what may be called.

Everything is answered from facts, on demand, and kept; nothing is run. Files are read when a question leads to them;
`methods_named`, `subclasses` and `family` lead to every file whose text says the name in question.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from schedlint import facts
from schedlint.program.files import Files
from schedlint.program.hierarchy import Hierarchy
from schedlint.program.links import Links
from schedlint.program.modules import Modules
from schedlint.program.mro import Ancestor
from schedlint.program.relevance import Relevance
from schedlint.program.resolver import Resolver
from schedlint.program.symbols import Assigned, Class, External, Function, Module, ModuleRef, Symbol, Unknown
from schedlint.program.walk import nodes

Passed = tuple[tuple[str, ...], frozenset[str]]
"""What a call passes: the names of what stands by position, and the keywords."""


def _as_is(qualified: str) -> str:
    return qualified


class Program:
    """All files that one entry can reach.

    `canonical` gives the one name of something outside the project that can be imported under several.
    """

    def __init__(
        self, files: Files, canonical: Callable[[str], str] = _as_is, resolver: Resolver | None = None
    ) -> None:
        self._files = files
        self._modules = Modules(files, canonical)
        self._links = Links(self._modules)
        self._hierarchy = Hierarchy(self._links, resolver)
        self._relevance = Relevance(self._links, self._hierarchy)
        self._methods: dict[str, tuple[Function, ...]] = {}
        self._calls: dict[str, tuple[Passed, ...]] = {}
        self._derived: dict[Class, tuple[Class, ...]] = {}

    # --- names --------------------------------------------------------------------------------------------------------

    def module(self, path: str) -> Module | None:
        """The module of a file; None when it cannot be read."""
        return self._modules.module(path)

    def lookup(self, module: Module, name: str) -> tuple[Symbol, ...]:
        """Every module-level binding of a name that may hold once the module has run, in order.

        Imports, re-exports and star imports are followed to the definition. Several where branches bind it differently;
        an `Assigned` without value comes last where a function stores to it with `global`. () when nothing binds it.
        """
        return self._links.lookup(module, name)

    def imported(self, module: Module, node: facts.Import, alias: facts.Alias) -> tuple[Symbol, ...]:
        """What one `name as asname` of an import statement in `module` binds, in a function too. Not for `*`."""
        return self._links.imported(module, node, alias)

    def is_imported_from(self, module: Module, name: str) -> bool:
        """Whether another file of the project imports a name from a module, with all others too."""
        others = map(self.module, self._files.mentioning(name))
        return any(self._imports(other, name, module) for other in others if other is not None and other is not module)

    def _imports(self, other: Module, name: str, module: Module) -> bool:
        """Whether a file imports a name from a module, in any of its statements."""
        found = (node for statement in other.facts.body for node in nodes(statement) if isinstance(node, facts.Import))
        names = (name,) if name.startswith("_") else (name, "*")
        naming = (node for node in found if any(alias.name in names for alias in node.names))
        return any(self._modules.source(other, node) == ModuleRef(module) for node in naming)

    def named(self, qualified: str, beside: str) -> tuple[Symbol, ...]:
        """What a dotted name stands for, as an import of it in another file beside this one would find it."""
        first, *rest = qualified.split(".")
        other = f"{beside}.other"  # no file finds itself
        return self._hierarchy.members((self._modules.absolute(first, other),), tuple(rest))

    def expression(self, module: Module, expr: facts.Expr) -> tuple[Symbol, ...]:
        """What a name or attribute chain at module level stands for; () when its first name is not bound."""
        return self._hierarchy.expression(module, expr)

    def member(self, symbol: Symbol, attribute: str) -> tuple[Symbol, ...]:
        """What `symbol.attribute` stands for; aliases are looked through. At least one symbol, Unknown if need be."""
        return self._hierarchy.member(symbol, attribute)

    def aliased(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """What a plain alias (`Base = module.Thing`) ends in; everything else is itself."""
        return self._hierarchy.aliased(symbol)

    # --- definitions --------------------------------------------------------------------------------------------------

    def functions(self, module: Module) -> tuple[Function, ...]:
        """The functions at module level, conditional ones included."""
        found = self._modules.index(module).functions.items()
        return tuple(function for function, around in found if around.owner is None and not around.functions)

    def all_functions(self, module: Module) -> dict[Function, tuple[Function, ...]]:
        """Every function of the file, methods and local ones included, with those around it, outermost first."""
        return {function: around.functions for function, around in self._modules.index(module).functions.items()}

    def classes(self, module: Module) -> tuple[Class, ...]:
        """The classes at module level, conditional ones and those inside other classes included."""
        return tuple(cls for cls, around in self._modules.index(module).classes.items() if not around.functions)

    def all_classes(self, module: Module) -> tuple[Class, ...]:
        """Every class of the file, those inside functions included."""
        return tuple(self._modules.index(module).classes)

    # --- classes ------------------------------------------------------------------------------------------------------

    def bases(self, cls: Class) -> tuple[Ancestor, ...]:
        """The direct bases. One that may be one of several, by branches, gives them all."""
        return self._hierarchy.bases(cls)

    def mro(self, cls: Class) -> tuple[Ancestor, ...]:
        """The resolution order, `cls` first; what is outside the project or unknown stands where it was named."""
        return self._hierarchy.mro(cls)

    def method(
        self, cls: Class, name: str, after: Class | None = None
    ) -> Function | Assigned | External | Unknown | None:
        """What a call of `name` on an instance of `cls` reaches, strictly after the class `after` for `super()`.

        External or Unknown where a base outside the project or an unknown one may define it; None where nothing does.
        """
        return self._hierarchy.method(cls, name, after)

    def methods(self, cls: Class) -> tuple[Function, ...]:
        """The methods that the class body itself defines, in order, conditional ones included."""
        return self._hierarchy.methods(cls)

    def class_attribute(self, cls: Class, name: str) -> tuple[Symbol, ...]:
        """What an attribute of the class stands for, through its bases; () when no class of the project has it."""
        return self._hierarchy.attribute(cls, name)

    # --- the whole project --------------------------------------------------------------------------------------------

    def methods_named(self, name: str) -> tuple[Function, ...]:
        """Every method of this name in the project files, classes inside functions included."""
        if name not in self._methods:
            classes = self._classes_in(self._files.defining(name))
            found = (method for cls in classes for method in self.methods(cls) if method.node.name == name)
            self._methods[name] = tuple(found)
        return self._methods[name]

    def is_given(self, method: Function, parameter: str) -> bool:
        """Whether any call of a method of this name in the project files passes something for a parameter: by keyword,
        or something of that name at its position. Which method is called there is not known.
        """
        names = [each.name for each in method.node.parameters if each.kind in ("positional", "normal")]
        position = names.index(parameter) - (method.owner is not None) if parameter in names else -1
        calls = self._calls_of(method.node.name)
        return any(
            parameter in keywords or positional[position : position + 1] == (parameter,)
            for positional, keywords in calls
        )

    def _calls_of(self, name: str) -> tuple[Passed, ...]:
        """What each call of a method of this name passes, but for those in such methods, which pass on what they are
        given.
        """
        if name not in self._calls:
            modules = filter(None, map(self.module, self._files.mentioning(name)))
            self._calls[name] = tuple(_passed(call) for module in modules for call in _calls_in(module, name))
        return self._calls[name]

    def subclasses(self, cls: Class) -> tuple[Class, ...]:
        """Every class of the project files that derives from `cls`, directly or not, nearest first.

        A file that derives from it under a name given in another file alone (`Base = Trainer` there) is not found.
        """
        return tuple(_reached(cls, self._derived_from))[1:]

    def family(self, cls: Class) -> Container[Class]:
        """The classes of the project that inheritance connects with `cls`, itself included; found when asked for."""
        return _Family(cls, self.mro, self._related)

    def is_relevant(self, function: Function | Class, interesting: frozenset[str]) -> bool:
        """Whether a function mentions an interesting identifier, or something of the project that it calls does."""
        return self._relevance.is_relevant(function, interesting)

    def _related(self, cls: Class) -> tuple[Class, ...]:
        bases = tuple(base for base in self.bases(cls) if isinstance(base, Class))
        return (*bases, *self._derived_from(cls))

    def _derived_from(self, base: Class) -> tuple[Class, ...]:
        if base not in self._derived:
            classes = self._classes_in(self._files.mentioning(base.node.name))
            self._derived[base] = tuple(cls for cls in classes if base in self.bases(cls))
        return self._derived[base]

    def _classes_in(self, paths: Iterable[str]) -> Iterator[Class]:
        for path in paths:
            module = self.module(path)
            if module is not None:
                yield from self.all_classes(module)


class _Family:
    """The classes that inheritance connects with one: a common base shows most, and only the rest costs a search."""

    def __init__(
        self, cls: Class, line: Callable[[Class], Iterable[object]], related: Callable[[Class], tuple[Class, ...]]
    ) -> None:
        self._cls = cls
        self._line = line
        self._related = related

    def __contains__(self, other: object) -> bool:
        if not isinstance(other, Class):
            return False
        shared = {each for each in self._line(self._cls) if isinstance(each, Class)}.intersection(self._line(other))
        return bool(shared) or other in _reached(self._cls, self._related)


def _calls_in(module: Module, name: str) -> Iterator[facts.Call]:
    """The calls of methods of this name in a module that stand in none."""
    every = list(nodes(module.facts))
    own = (each for each in every if isinstance(each, facts.FunctionDef) and each.name == name)
    inside = {id(node) for function in own for node in nodes(function)}
    for node in every:
        if isinstance(node, facts.Call) and getattr(node.func, "attr", "") == name and id(node) not in inside:
            yield node


def _passed(call: facts.Call) -> Passed:
    """The names of what a call passes by position, and the keywords of the rest; `None` is nothing."""
    given = [each for each in call.arguments if not each.star and each.value != facts.Constant(None)]
    positional = tuple(_last_name(each.value) for each in given if each.keyword is None)
    return positional, frozenset(each.keyword for each in given if each.keyword is not None)


def _last_name(expr: facts.Expr) -> str:
    """The name of a variable or an attribute; empty for anything else."""
    if isinstance(expr, facts.Name):
        return expr.id
    return expr.attr if isinstance(expr, facts.Attribute) else ""


def _reached(start: Class, related: Callable[[Class], tuple[Class, ...]]) -> Iterator[Class]:
    """Everything that can be reached from `start`, itself first, nearest first."""
    found = {start}
    queue = [start]
    for current in queue:
        yield current
        fresh = [neighbour for neighbour in dict.fromkeys(related(current)) if neighbour not in found]
        found.update(fresh)
        queue += fresh
