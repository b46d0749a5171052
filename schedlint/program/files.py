"""What linking needs from outside: facts of a file, and where an import leads. Nothing here reads a disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from schedlint.program.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Namespace:
    """A package without `__init__.py`: the folders that make it up."""

    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An import with several candidates that differ."""

    paths: tuple[str, ...]


Found: TypeAlias = str | Namespace | Ambiguous | None
"""Where an import leads: a file (`__init__.py` for a package), or None where it leaves the project."""


class Finder(Protocol):
    """Looks imports up as the interpreter would for the entry being analysed."""

    def find(self, module: str, importing: str) -> Found:
        """The file of the absolute import `module` in the file `importing`."""

    def find_relative(self, level: int, module: str | None, importing: str) -> Found:
        """The file of a relative import; `level` counts the dots and `module` is None for `from . import x`."""


class Files(Finder, Protocol):
    """The files of one program."""

    @property
    def shelf(self) -> Shelf:
        """The files as they are read, one by one, on demand."""

    def defining(self, function: str) -> tuple[str, ...]:
        """The files under the root that may define a function of this name, in a fixed order; told without a parse."""

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files under the root in which an identifier may stand, in the same order; told without a parse."""


def is_package(path: str) -> bool:
    """Whether a file is the `__init__` of a package, so that submodules stand beside it."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return name in ("__init__.py", "__init__.pyi")
