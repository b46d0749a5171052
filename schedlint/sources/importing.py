"""Where an import leads: to a file of the project, to a folder, to several, or out of the project.

Only names of files are looked at, never what is in them. Which files import a given one is `import_index`'s business.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from schedlint.sources.stdlib import STDLIB


@dataclass(frozen=True, slots=True)
class Namespace:
    """A folder without `__init__.py`: a package that holds nothing but the modules in it."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """What the name may mean, depending on how the program is started: files that differ, or else bare folders.

    They stand in the order in which the places are looked at.
    """

    candidates: tuple[Path, ...]


Found: TypeAlias = Path | Namespace | Ambiguous | None
"""Where a name leads: a file, a folder, several files, or nowhere in the project."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The names in a folder that imports can mean: `modules` without their `.py`, and `folders`."""

    modules: frozenset[str]
    folders: frozenset[str]


_EMPTY = Contents(frozenset(), frozenset())


def list_folder(folder: Path) -> Contents:
    """What is in a folder on disk; nothing if it cannot be read. Links count as what they lead to."""
    modules: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    if entry.is_file():
                        modules.add(entry.name[:-3])
                elif entry.is_dir():
                    folders.add(entry.name)
    except (OSError, ValueError):
        return _EMPTY
    return Contents(frozenset(modules), frozenset(folders))


def list_with(files: Sequence[Path]) -> Callable[[Path], Contents]:
    """Like `list_folder`, with files that need not be on disk."""
    added: dict[Path, set[str]] = {}
    for file in files:
        if file.suffix == ".py":
            added.setdefault(file.parent, set()).add(file.stem)

    def listing(folder: Path) -> Contents:
        contents = list_folder(folder)
        return Contents(contents.modules | added.get(folder, set()), contents.folders)

    return listing


class Tree:
    """A memory of what folders hold, as `listing` says it: an editor can lay its own over the disk."""

    def __init__(self, listing: Callable[[Path], Contents] = list_folder) -> None:
        self._listing = listing
        self._contents: dict[Path, Contents] = {}
        self._real: dict[Path, Path] = {}

    def lookup(self, place: Path, names: Sequence[str]) -> Path | Namespace | None:
        """What the dotted `names` mean below `place`, as the interpreter decides it: package, module, bare folder."""
        folder = place
        for position, name in enumerate(names):
            contents = self._at(folder)
            is_folder = name in contents.folders
            is_package = is_folder and "__init__" in self._at(folder / name).modules
            if name in contents.modules and not is_package:
                return self.real(folder / f"{name}.py") if position == len(names) - 1 else None
            if not is_folder:
                return None
            folder = folder / name
        return self.package(folder)

    def package(self, folder: Path) -> Path | Namespace:
        """The module that a folder is when imported."""
        if "__init__" in self._at(folder).modules:
            return self.real(folder / "__init__.py")
        return Namespace(self.real(folder))

    def real(self, path: Path) -> Path:
        """The path without symbolic links."""
        known = self._real.get(path)
        if known is None:
            known = self._real[path] = Path(os.path.realpath(path))
        return known

    def _at(self, folder: Path) -> Contents:
        known = self._contents.get(folder)
        if known is None:
            known = self._contents[folder] = self._listing(folder)
        return known


Elsewhere: TypeAlias = Callable[[Path, Sequence[str]], Sequence[Path]]
"""From the folder of an entry and the parts of a module's name to the files that may be it."""


def nowhere(entry_folder: Path, names: Sequence[str]) -> Sequence[Path]:
    """No file."""
    return ()


class ImportPaths:
    """Where imports lead for one entry of a program.

    A name is looked up in the folder of the entry script, the folders of `src` (absolute, or relative to `root`),
    `root`, `root`/src, and the folders of the importing file up to `root`. Files that differ make a name ambiguous,
    with one exception: an entry in `root` itself, or one `run_as_script`, has its folder in front of `sys.path`, so
    that what is there is meant. Nothing outside `root` and the entry's folder is ever found, nor the importing file
    itself: a file that imports its own name means the library it is named for.

    Names of the standard library mean a file only in the entry's folder, and those in `libraries` never one that is
    found for the importing file's sake alone, nor a bare folder: installed modules come before these.

    `elsewhere` knows files under the root by the end of their path, for programs that change `sys.path`; it is asked
    for a name that is found nowhere else, and believed if there is just one.
    """

    def __init__(
        self,
        root: Path,
        entry_folder: Path,
        src: Sequence[Path] = (),
        *,
        run_as_script: bool = False,
        libraries: frozenset[str] = frozenset(),
        tree: Tree | None = None,
        elsewhere: Elsewhere = nowhere,
    ) -> None:
        self._elsewhere = elsewhere
        self._tree = tree or Tree()
        self._root = self._tree.real(root)
        self._entry = self._tree.real(entry_folder)
        self._entry_first = run_as_script or self._entry == self._root
        self._libraries = libraries
        configured = [self._tree.real(self._root / folder) for folder in src]
        self._places = _distinct([self._entry, *configured, self._root, self._root / "src"])
        self._found: dict[tuple[str, Path], Found] = {}

    def find(self, module: str, importing: Path) -> Found:
        """Where `import module` leads in the file `importing`."""
        key = (module, self._tree.real(importing))
        if key not in self._found:
            names = module.split(".")
            self._found[key] = self._decide(names, key[1]) if all(names) else None
        return self._found[key]

    def find_relative(self, level: int, module: str | None, importing: Path) -> Found:
        """Where `from ..module import x` leads in the file `importing`; `level` counts the dots, from 1."""
        folder = self._tree.real(importing).parent
        for _ in range(min(level - 1, len(folder.parts))):
            folder = folder.parent
        if not self._is_inside(folder):
            return None
        names = module.split(".") if module else []
        return self._inside(self._tree.lookup(folder, names)) if all(names) else None

    def _decide(self, names: Sequence[str], importing: Path) -> Found:
        foreign = names[0] in self._libraries
        places = [self._entry] if names[0] in STDLIB else self._places
        if places is self._places and not foreign:
            places = _distinct([*places, *self._ancestors(importing.parent)])
        found = [self._inside(self._tree.lookup(place, names)) for place in places]
        files = _distinct([candidate for candidate in found if isinstance(candidate, Path) and candidate != importing])
        if files:
            decided = len(files) == 1 or (self._entry_first and files[0] == found[0])
            return files[0] if decided else Ambiguous(tuple(files))
        if foreign or names[0] in STDLIB:
            return None
        moved = [path for path in self._elsewhere(self._entry, names) if path != importing]
        if moved:
            return moved[0] if len(moved) == 1 else Ambiguous(tuple(moved))
        folders = _distinct([candidate.folder for candidate in found if isinstance(candidate, Namespace)])
        if len(folders) > 1:
            return Ambiguous(tuple(folders))
        return Namespace(folders[0]) if folders else None

    def _ancestors(self, folder: Path) -> Iterator[Path]:
        """The folder and those above it, as far as they are inside the root."""
        for place in (folder, *folder.parents):
            if not place.is_relative_to(self._root):
                return
            yield place

    def _inside(self, found: Path | Namespace | None) -> Path | Namespace | None:
        if found is None:
            return None
        return found if self._is_inside(found.folder if isinstance(found, Namespace) else found) else None

    def _is_inside(self, path: Path) -> bool:
        return path.is_relative_to(self._root) or path.is_relative_to(self._entry)


def _distinct(paths: Sequence[Path]) -> list[Path]:
    return list(dict.fromkeys(paths))
