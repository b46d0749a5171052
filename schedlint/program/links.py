"""Following names from file to file: imports, star imports and re-exports, to the definition at their end.

A name is a goal; a goal may want other goals. They run as generators on one explicit stack, so that a thousand files
that import each other cost memory and never recursion, and a goal that is wanted again while it runs binds nothing.

What a star import from outside the project binds cannot be listed. One rule covers it: a name that is otherwise
unbound, and no builtin, comes from the external star import that its module reaches when there is exactly one, and is
unknown when there are several. And what a folder without `__init__.py` does not hold comes from the installed package
of that name, which the interpreter prefers.
"""

from __future__ import annotations

import builtins
from collections.abc import Generator
from typing import TypeAlias

from schedlint import facts
from schedlint.program.bindings import Bound, Imported
from schedlint.program.modules import Modules
from schedlint.program.symbols import External, Module, ModuleRef, Symbol, Unknown

Goal: TypeAlias = tuple[Module, str]
Symbols: TypeAlias = tuple[Symbol, ...]
Search: TypeAlias = Generator[Goal, Symbols, Symbols]

_BUILTINS = frozenset(dir(builtins))


def is_builtin(name: str) -> bool:
    """Whether a name that nothing binds is a builtin."""
    return name in _BUILTINS


def unique(symbols: list[Symbol] | Symbols) -> Symbols:
    """Without repeats, order kept."""
    return tuple(dict.fromkeys(symbols))


class Links:
    """The names of a program, followed on demand. Everything found is kept."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._known: dict[Goal, Symbols] = {}

    def _submodule(self, module: Module, name: str) -> Symbols:
        found = self.modules.submodule(module, name)
        return () if found is None else (found,)

    def lookup(self, module: Module, name: str) -> Symbols:
        """Every module-level binding of a name; () when nothing binds it."""
        found = self._run((module, name)) or self._from_outside(module, name)
        if not found and self.modules.table(module).names.get(name):
            return (Unknown(f"{name} is imported from where nothing binds it"),)
        return found

    def attribute(self, module: Module, name: str) -> Symbols:
        """What `module.name` reads: a binding of the module, else a submodule."""
        return self._run((module, name)) or self._submodule(module, name) or self._from_outside(module, name)

    def starred(self, module: Module, name: str) -> Symbols:
        """What the star imports of a module alone bind a name to."""
        return self._drive(self._starred(module, name)) or self._from_outside(module, name)

    def resolve(self, module: Module, bound: tuple[Bound, ...]) -> Symbols:
        """The entries of a table, imports followed."""
        symbols: list[Symbol] = []
        for entry in bound:
            symbols += self.imported(module, entry.node, entry.alias) if isinstance(entry, Imported) else (entry,)
        return unique(symbols)

    def imported(self, module: Module, node: facts.Import, alias: facts.Alias) -> Symbols:
        """What one `name as asname` of an import statement binds, wherever in the file the statement stands."""
        found = self._drive(self._imported(module, node, alias))
        return found or (Unknown(f"{node.module or '.'} does not bind {alias.name}"),)

    def _run(self, goal: Goal) -> Symbols:
        if goal not in self._known:
            self._known[goal] = self._drive(self._search(*goal), goal)
        return self._known[goal]

    def _drive(self, first: Search, goal: Goal | None = None) -> Symbols:
        """Run a search and all it wants, each goal at most once."""
        done: dict[Goal, Symbols] = {}
        running = {goal}
        cyclic = False
        stack: list[tuple[Goal | None, Search]] = [(goal, first)]
        answer: Symbols | None = None
        while stack:
            goal, search = stack[-1]
            try:
                wanted = next(search) if answer is None else search.send(answer)
            except StopIteration as stop:
                answer = stop.value
                stack.pop()
                running.discard(goal)
                if goal is not None:
                    done[goal] = stop.value
                continue
            cyclic = cyclic or wanted in running
            answer = () if wanted in running else self._known.get(wanted, done.get(wanted))
            if answer is None:
                running.add(wanted)
                stack.append((wanted, self._search(*wanted)))
        if not cyclic:  # else what was found inside a cycle may lack what the goal that closed it binds
            self._known.update(done)
        return answer or ()

    def _search(self, module: Module, name: str) -> Search:
        bindings = self.modules.table(module)
        found: list[Symbol] = []
        for bound in bindings.names.get(name, ()):
            if isinstance(bound, Imported):
                found += yield from self._imported(module, bound.node, bound.alias)
            else:
                found.append(bound)
        if name not in bindings.certain:
            found += yield from self._starred(module, name)
        if found and name in self.modules.index(module).rebound:
            found.append(self.modules.index(module).rebound[name])
        return unique(found)

    def _imported(self, module: Module, node: facts.Import, alias: facts.Alias) -> Search:
        if node.module is None and not node.level:
            return (self.modules.absolute(alias.name if alias.asname else alias.name.partition(".")[0], module.path),)
        source = self.modules.source(module, node)
        if isinstance(source, External):
            return (self.modules.external(f"{source.qualified}.{alias.name}"),)
        if isinstance(source, Unknown):
            return (source,)
        found = yield (source.module, alias.name)
        return found or self._submodule(source.module, alias.name) or self._from_outside(source.module, alias.name)

    def _starred(self, module: Module, name: str) -> Search:
        """What the star imports of a module bind: the last one that has the name, and those before it that may."""
        symbols: list[Symbol] = []
        for star in reversed(self.modules.table(module).stars):
            source = self.modules.source(module, star.node)
            if not isinstance(source, ModuleRef) or not self._exports(source.module, name):
                continue
            found = yield (source.module, name)
            if not found and self.modules.table(source.module).exports is not None:
                found = self._submodule(source.module, name)
            symbols[:0] = found
            if found and star.certain:
                break
        return tuple(symbols)

    def _exports(self, module: Module, name: str) -> bool:
        exports = self.modules.table(module).exports
        return not name.startswith("_") if exports is None else name in exports

    def _from_outside(self, module: Module, name: str) -> Symbols:
        """What may bind a name that nothing in the project does; see the module's docstring."""
        package = self.modules.bare(module)
        if package is not None:
            return (self.modules.external(f"{package}.{name}"),)
        if is_builtin(name) or name.startswith("_"):
            return ()
        outside: dict[External | Unknown, None] = {}
        modules = {module: None}
        queue = [module]
        for current in queue:
            for star in self.modules.table(current).stars:
                source = self.modules.source(current, star.node)
                if not isinstance(source, ModuleRef):
                    outside[source] = None
                elif source.module not in modules and self._exports(source.module, name):
                    modules[source.module] = None
                    queue.append(source.module)
        return (self._only(tuple(outside), name),) if outside else ()

    def _only(self, outside: tuple[External | Unknown, ...], name: str) -> External | Unknown:
        if len(outside) > 1:
            return Unknown(f"{name} may come from any of several star imports")
        source = outside[0]
        return source if isinstance(source, Unknown) else self.modules.external(f"{source.qualified}.{name}")
