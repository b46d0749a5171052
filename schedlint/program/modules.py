"""The modules of a program: from an import statement to the file, folder or outside package that it names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from schedlint import facts
from schedlint.program.bindings import Table
from schedlint.program.files import Ambiguous, Files, Found, Namespace, is_package
from schedlint.program.index import Index
from schedlint.program.symbols import External, Module, ModuleRef, Unknown


class Modules:
    """The files of a program as modules, and where the imports in them lead."""

    def __init__(self, files: Files, canonical: Callable[[str], str]) -> None:
        self.files = files
        self.shelf = files.shelf
        self._canonical = canonical
        self._namespaces: dict[tuple[str, ...], Module] = {}
        self._inside: dict[Module, Callable[[str], Found]] = {}

    def module(self, path: str) -> Module | None:
        """The module of a file; None when the file cannot be read."""
        return self.shelf.module(path)

    def table(self, module: Module) -> Table:
        """What the module's body binds."""
        return self.shelf.table(module)

    def index(self, module: Module) -> Index:
        """The definitions of the module's file."""
        return self.shelf.index(module)

    def external(self, qualified: str) -> External:
        """A name outside the project, made canonical."""
        return External(self._canonical(qualified))

    def bare(self, module: Module) -> str | None:
        """The name under which a folder without `__init__.py` was imported, unless that was relative."""
        return module.name if module in self._inside and not module.name.startswith(".") else None

    def _leads_to(self, found: Found, name: str, inside: Callable[[str], Found]) -> ModuleRef | Unknown | None:
        if isinstance(found, Ambiguous):
            return Unknown(f"{name} could be {' or '.join(found.paths)}")
        if isinstance(found, Namespace):
            return ModuleRef(self._namespace(found, name, inside))
        if found is None:
            return None
        module = self.module(found)
        return Unknown(f"{name} cannot be read") if module is None else ModuleRef(module)

    def _namespace(self, found: Namespace, name: str, inside: Callable[[str], Found]) -> Module:
        if found.folders not in self._namespaces:
            module = Module(found.folders[0], name, facts.ModuleFacts((), (), ()))
            self._namespaces[found.folders] = module
            self._inside[module] = inside
        return self._namespaces[found.folders]

    def absolute(self, name: str, importing: str) -> ModuleRef | External | Unknown:
        """What the absolute import `name` stands for in the file `importing`."""
        inside = partial(_find_below, self.files, name, importing)
        found = self._leads_to(self.files.find(name, importing), name, inside)
        return self.external(name) if found is None else found

    def _relative(self, node: facts.Import, importing: str) -> ModuleRef | Unknown:
        name = "." * node.level + (node.module or "")
        inside = partial(_find_beside, self.files, node.level, node.module, importing)
        found = self._leads_to(self.files.find_relative(node.level, node.module, importing), name, inside)
        return Unknown(f"the relative import {name} leads nowhere") if found is None else found

    def source(self, module: Module, node: facts.Import) -> ModuleRef | External | Unknown:
        """What stands between `from` and `import`."""
        if node.level:
            return self._relative(node, module.path)
        return self.absolute(node.module or "", module.path)

    def submodule(self, module: Module, name: str) -> ModuleRef | Unknown | None:
        """The file or folder `name` inside a package."""
        if module in self._inside:
            found = self._inside[module](name)
            inside = partial(_inside_of, self._inside[module], name)
        elif is_package(module.path):
            found = self.files.find_relative(1, name, module.path)
            inside = partial(_find_beside, self.files, 1, name, module.path)
        else:
            return None
        return self._leads_to(found, f"{module.name}.{name}", inside)


def _find_below(files: Files, package: str, importing: str, name: str) -> Found:
    return files.find(f"{package}.{name}", importing)


def _find_beside(files: Files, level: int, package: str | None, importing: str, name: str) -> Found:
    return files.find_relative(level, f"{package}.{name}" if package else name, importing)


def _inside_of(inside: Callable[[str], Found], package: str, name: str) -> Found:
    return inside(f"{package}.{name}")
