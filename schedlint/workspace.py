"""The files of a run: read once, turned into facts on demand, grouped into programs.

This is where sources, extraction and linking are wired together. Paths inside the analysis are real paths; what
people are shown is the path as they named it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schedlint.declared import SETUP, declared, in_setup_py, requirement_files
from schedlint.diagnostics import Location
from schedlint.extract import SyntaxFault, extract, parses
from schedlint.facts import Comment, ModuleFacts
from schedlint.place import Place
from schedlint.program.files import Ambiguous, Found, Namespace
from schedlint.program.shelf import Shelf
from schedlint.releases import Range, spanning
from schedlint.sources import importing
from schedlint.sources.bodies import does_something
from schedlint.sources.configuration import SIZE_LIMIT
from schedlint.sources.configurations import Configurations
from schedlint.sources.discover import discover, is_excluded, matters
from schedlint.sources.following import MOST_FOLLOWED, imported_files
from schedlint.sources.import_index import ImportIndex
from schedlint.sources.remembered import Stamp, stamp
from schedlint.sources.roots import find_root
from schedlint.sources.text import SourceFile, Unreadable, from_bytes, is_notebook, read_bytes, refuse_large

MOST_IMPORTERS = 200
"""How many files that lead to the named ones are looked at, at most, to find the programs that use them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that could not be analysed, or a cell of it: `syntax` tells a syntax error from a file that could not be
    read, and `internal` that the mistake is not the file's but schedlint's.
    """

    path: str
    row: int
    column: int
    reason: str
    syntax: bool
    cell: int | None = None
    missing: bool = False
    internal: bool = False


class Workspace:
    """Everything that is read during one run. `libraries` are the top-level names that mean a library wherever one
    may be installed. `overlay` holds the bytes of files that are not, or not yet, what stands on disk. In a workspace
    of files that stand `alone`, none leads to another. A file that holds one of `words` matters.
    """

    def __init__(
        self,
        cwd: str,
        libraries: frozenset[str],
        src: Sequence[str] = (),
        overlay: Mapping[str, bytes] | None = None,
        *,
        alone: bool = False,
        words: Sequence[bytes] = (),
    ) -> None:
        self._cwd = Path(cwd)
        self._words = tuple(words)
        self.alone = alone
        self._laid = {os.path.join(self._cwd, path): data for path, data in (overlay or {}).items()}
        self.overlay = {os.path.realpath(path): data for path, data in self._laid.items()}
        self._src = tuple(Path(folder) for folder in src)
        self.libraries = libraries
        self._shown: dict[str, str] = {}
        self._bytes: dict[str, bytes | None] = {}
        self._stamps: dict[str, Stamp | None] = {}
        self._sources: dict[str, SourceFile] = {}
        self._facts: dict[str, ModuleFacts | None] = {}
        self._roots: dict[Path, Root] = {}
        self._lines: dict[tuple[str, int | None], Sequence[str]] = {}
        self.faults: dict[str, Fault] = {}
        self.inferring = False

    # --- what is named ------------------------------------------------------------------------------------------------

    def find(
        self, paths: Sequence[str], *, exclude: Sequence[str] = (), force_exclude: bool = False, base: str = ""
    ) -> list[str]:
        """The real paths of the files that are named; those that cannot be looked into become faults.

        What is excluded is not named; it is read all the same where the program leads there. See `discover`.
        """
        absolute = {os.path.join(self._cwd, path): path for path in paths}
        laid = [path for path in absolute if path in self._laid]
        base = base or str(self._cwd)
        found, failures = discover(
            [path for path in absolute if path not in self._laid],
            exclude=exclude,
            force_exclude=force_exclude,
            base=base,
        )
        for failure in failures:
            self._fail(failure, absolute.get(failure.path, failure.path), missing=True)
        real = []
        for path in [*found, *(each for each in laid if not (force_exclude and is_excluded(each, exclude, base)))]:
            name = os.path.realpath(path)
            self._shown.setdefault(name, self._relative(path))
            real.append(name)
        return list(dict.fromkeys(real))

    def _relative(self, path: str) -> str:
        try:
            relative = os.path.relpath(path, self._cwd)
        except ValueError:  # another drive
            return path
        return path if relative.startswith("..") else relative

    def shown(self, path: str) -> str:
        """The path as people are shown it."""
        return self._shown.get(path) or self._relative(path)

    def matters(self, path: str) -> bool:
        """Whether anything in the file can be reported on; a file that cannot be read becomes a fault."""
        data = self.data(path)
        return data is not None and matters(data, self._words)

    def leads_to_what_matters(self, path: str) -> bool:
        """Whether the imports of a file, of which nothing can be reported by itself, lead to one that matters."""
        start = Path(path)
        paths = importing.ImportPaths(self._root_folder(path), start.parent, self._src, libraries=self.libraries)
        reached = imported_files(start, paths, lambda each: self.data(str(each)), MOST_FOLLOWED)
        return any(self.matters(str(each)) for each in reached)

    # --- reading ------------------------------------------------------------------------------------------------------

    def data(self, path: str) -> bytes | None:
        """The bytes of a file, read once; None where it cannot be read."""
        if path not in self._bytes:
            try:
                self._bytes[path] = self._read(path)
            except Unreadable as failure:
                self._bytes[path] = None
                self._fail(failure, self.shown(path))
        return self._bytes[path]

    def _read(self, path: str) -> bytes:
        if path not in self.overlay:
            self._stamps[path] = stamp(path)
            return read_bytes(path)
        refuse_large(path, self.overlay[path])
        return self.overlay[path]

    def configuration(self, path: str) -> bytes | None:
        """The bytes of a configuration file of the project; None for one that is missing, or too large to be one."""
        if path not in self.overlay:
            self._stamps.setdefault(path, found := stamp(path))
            if self.alone or found is None or found[0] > SIZE_LIMIT:
                return None
        return self.data(path)

    def is_current(self) -> bool:
        """Whether the files on disk are still what was read of them, as far as size and time tell."""
        return all(stamp(path) == before for path, before in self._stamps.items())

    @property
    def size(self) -> int:
        """How many bytes are held."""
        return sum(len(data) for data in self._bytes.values() if data is not None)

    def _fail(self, failure: Unreadable, shown: str, *, missing: bool = False) -> None:
        self.faults[failure.path] = Fault(shown, failure.row, 1, failure.reason, syntax=False, missing=missing)

    def source(self, path: str) -> SourceFile | None:
        """The text of a file; None where there is none, with the fault noted."""
        if path not in self._sources:
            data = self.data(path)
            if data is None:
                return None
            try:
                self._sources[path] = from_bytes(path, data, parses=parses)
            except Unreadable as failure:
                self._fail(failure, self.shown(path))
                return None
        return self._sources[path]

    def text(self, path: str) -> str | None:
        """The text that a file's facts are made from."""
        source = self.source(path)
        return source.text if source is not None else None

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of a file, made once; None where it cannot be read or parsed, with the fault noted."""
        if path not in self._facts:
            self._facts[path] = self._extract(path)
        return self._facts[path]

    def comments(self) -> dict[str, tuple[Comment, ...]]:
        """What every file that was read so far says to linters, by path."""
        return {path: facts.comments for path, facts in self._facts.items() if facts is not None and facts.comments}

    def _extract(self, path: str) -> ModuleFacts | None:
        source = self.source(path)
        if source is None:
            return None
        for cell in source.broken:
            self.faults.setdefault(
                f"{path}:{cell}", Fault(self.shown(path), 1, 1, "this cell is not Python", syntax=True, cell=cell)
            )
        try:
            return extract(source.text, path)
        except SyntaxFault as fault:
            cell_number, row = source.locate(fault.row)
            self.faults[path] = Fault(self.shown(path), row, fault.column, fault.message, syntax=True, cell=cell_number)
        except Exception as error:  # noqa: BLE001 - one file must not take the others with it
            reason = f"internal error: the file cannot be analysed: {type(error).__name__}: {error}"
            self.faults[path] = Fault(self.shown(path), 1, 1, reason, syntax=False, internal=True)
        return None

    def lines(self, at: Location) -> Sequence[str]:
        """The rows of the file, or of the cell, that a location is in; none if the file was not read."""
        path = os.path.realpath(os.path.join(self._cwd, at.path))
        if (path, at.cell) not in self._lines:
            source = self._sources.get(path)
            self._lines[path, at.cell] = source.lines(at.cell) if source is not None else self._settings(path)
        return self._lines[path, at.cell]

    def _settings(self, path: str) -> Sequence[str]:
        """The rows of a configuration file that was read."""
        data = self._bytes.get(path)
        return () if data is None or path.endswith(".py") else data.decode(errors="replace").splitlines()

    def locate(self, place: Place) -> tuple[str, int | None, int]:
        """Where a place is to be found: the path to show, the cell of a notebook, the row (in that cell)."""
        source = self._sources.get(place.path)
        cell, row = source.locate(place.row) if source is not None else (None, place.row)
        return self.shown(place.path), cell, row

    # --- programs -----------------------------------------------------------------------------------------------------

    def roots(self, files: Iterable[str]) -> list[Root]:
        """The roots of the named files that matter, each with them."""
        found: dict[Path, list[str]] = {}
        for path in files:
            found.setdefault(self._root_folder(path), []).append(path)
        for folder, named in found.items():
            self._roots[folder] = Root(self, folder, named, self._src)
        return [self._roots[folder] for folder in found]

    def root_of(self, path: str) -> Root:
        """The root of one file, the same for all files in it, in which none is named."""
        folder = self._root_folder(path)
        if folder not in self._roots:
            self._roots[folder] = Root(self, folder, (), self._src)
        return self._roots[folder]

    def _root_folder(self, path: str) -> Path:
        return find_root(Path(path), self._cwd).resolve()


class Root:
    """One project folder: the named files in it, and the programs that lead to them."""

    def __init__(self, workspace: Workspace, folder: Path, named: Sequence[str], src: Sequence[Path]) -> None:
        self.workspace = workspace
        self.folder = folder
        self.named = tuple(named)
        self._src = tuple(src)
        self._tree = importing.Tree(importing.list_with([Path(path) for path in workspace.overlay]))
        self._files: tuple[str, ...] | None = None
        self._index: ImportIndex | None = None
        self._programs: dict[Path, EntryFiles] = {}
        self._moved: dict[Path, bool] = {}
        self._defining: dict[str, tuple[str, ...]] = {}
        self.shelf = Shelf(workspace.facts)

    def files(self) -> tuple[str, ...]:
        """All Python files under the root."""
        if self._files is None:
            found = [] if self.workspace.alone else discover([str(self.folder)])[0]
            self._files = tuple(dict.fromkeys([*map(os.path.realpath, found), *self.named]))
        return self._files

    def defining(self, function: str) -> tuple[str, ...]:
        """The files that the byte prefilter lets through and that may define a function of this name."""
        if function not in self._defining:
            header = re.compile(rb"\bdef[\s\\]+%s\b" % re.escape(function).encode())
            paths = self.mentioning(function)
            self._defining[function] = tuple(path for path in paths if header.search(self._bytes(path)))
        return self._defining[function]

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files that the byte prefilter lets through and that may hold an identifier."""
        if not word.isascii():  # its bytes depend on the encoding of the file, and its spelling on the author
            return self._mattering
        return tuple(path for path in self._mattering if word.encode() in self._bytes(path))

    @cached_property
    def _mattering(self) -> tuple[str, ...]:
        return tuple(path for path in self.files() if not is_notebook(path) and self.workspace.matters(path))

    def _bytes(self, path: str) -> bytes:
        return self.workspace.data(path) or b""

    @cached_property
    def releases(self) -> Mapping[str, Range]:
        """The releases of libraries that the project declares, by the name of the distribution."""
        if self.workspace.alone:
            return {}
        found = declared(requirement_files(self.folder), self._declaration)
        path = str(self.folder / SETUP)
        module = self.workspace.facts(path) if self._declaration(SETUP) is not None else None
        for name, range in in_setup_py(module) if module is not None else ():
            found[name] = spanning([range, found.get(name, range)])
        return found

    def _declaration(self, name: str) -> str | None:
        """The text of a file of the root that says what the project needs."""
        data = self.workspace.configuration(str(self.folder / name))
        return None if data is None else data.decode("utf-8-sig", errors="replace")

    def scripts(self, named: Sequence[str] = ()) -> tuple[str, ...]:
        """The files whose bodies are run: the named ones (those of the root, unless given), and what leads to them by
        imports and calls anything.
        """
        named = named or self.named
        importers = filter(self._does_something, self._importers(list(named)))
        reached = dict.fromkeys([*named, *importers])
        return tuple(sorted(reached, key=lambda path: (not self._is_program(path), path)))

    def _does_something(self, path: str) -> bool:
        data = self.workspace.data(path)
        return data is not None and does_something(data)

    def _importers(self, start: list[str]) -> list[str]:
        """What imports the files, directly or through others, nearest first."""
        index = self._import_index()
        found: dict[str, None] = {}
        queue = list(start)
        while queue and len(found) < MOST_IMPORTERS:
            path = queue.pop(0)
            for importer in map(str, index.importers(Path(path))):
                if importer not in found and importer not in start and not is_notebook(importer):
                    found[importer] = None
                    queue.append(importer)
        return list(found)

    def _is_program(self, path: str) -> bool:
        data = self.workspace.data(path)
        return data is not None and b"__main__" in data

    def _import_index(self) -> ImportIndex:
        if self._index is None:
            files = [Path(path) for path in self.files() if not is_notebook(path)]
            self._index = ImportIndex(
                self.folder, files, src=self._src, reader=self._reader, tree=self._tree, elsewhere=self.elsewhere
            )
        return self._index

    def elsewhere(self, entry_folder: Path, names: Sequence[str]) -> Sequence[Path]:
        """The files that a module may be for an entry whose folder holds code that changes `sys.path`."""
        if entry_folder not in self._moved:
            beside = self._by_folder.get(str(entry_folder), ())
            self._moved[entry_folder] = any(b"sys.path" in self._bytes(path) for path in beside)
        return self._by_name.get(tuple(names), ()) if self._moved[entry_folder] else ()

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for path in self.files():
            table.setdefault(os.path.dirname(path), []).append(path)
        return table

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], list[Path]]:
        """The files under the root by every end of their path that a module name can be."""
        table: dict[tuple[str, ...], list[Path]] = {}
        for path in map(Path, self.files()):
            parts = path.parent.parts if path.name == "__init__.py" else (*path.parent.parts, path.stem)
            below = parts[len(self.folder.parts) :]
            for start in range(len(below)):
                table.setdefault(below[start:], []).append(path)
        return table

    def _reader(self, path: Path) -> bytes:
        data = self.workspace.data(str(path))
        if data is None:
            raise Unreadable(str(path), "it cannot be read")
        return data

    def entry_files(self, script: str) -> EntryFiles:
        """The files as an entry in this folder sees them."""
        folder = Path(script).parent
        if folder not in self._programs:
            self._programs[folder] = EntryFiles(self, folder, self._src, self._tree)
        return self._programs[folder]


class EntryFiles:
    """What `schedlint.program` asks for: files, and where imports lead from one entry's folder."""

    def __init__(self, root: Root, folder: Path, src: Sequence[Path], tree: importing.Tree) -> None:
        self.folder = folder
        self._root = root
        self.shelf = root.shelf
        self._alone = root.workspace.alone
        self.configurations = Configurations(root.folder, folder, root.workspace.configuration)
        self._paths = importing.ImportPaths(
            root.folder, folder, src, libraries=root.workspace.libraries, tree=tree, elsewhere=root.elsewhere
        )

    def find(self, module: str, importing: str) -> Found:
        """Where an absolute import leads."""
        return None if self._alone else translated(self._paths.find(module, Path(importing)))

    def find_relative(self, level: int, module: str | None, importing: str) -> Found:
        """Where a relative import leads."""
        return None if self._alone else translated(self._paths.find_relative(level, module, Path(importing)))

    def defining(self, function: str) -> tuple[str, ...]:
        """The files under the root that may define a function of this name."""
        return self._root.defining(function)

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files under the root in which an identifier may stand."""
        return self._root.mentioning(word)


def translated(found: importing.Found) -> Found:
    """A find of `sources` in the terms of `program`."""
    match found:
        case importing.Namespace(folder=folder):
            return Namespace((str(folder),))
        case importing.Ambiguous(candidates=candidates):
            return Ambiguous(tuple(map(str, candidates)))
        case None:
            return None
        case path:
            return str(path)
