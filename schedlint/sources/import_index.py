"""Which files of a project may import a given one, found from bytes: no file is parsed for it.

What it says may be too much (an import in a string, a name with two meanings), and is made exact by whoever parses the
files. What it leaves out is what no text shows: imports made with computed names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from schedlint.sources.importing import Ambiguous, Elsewhere, ImportPaths, Tree, nowhere
from schedlint.sources.text import Unreadable, is_notebook, read, read_bytes

# A statement can follow `;`, or the `:` of a header on its row; names may be written in any script.
_IMPORT = re.compile(
    rb"""(?:^|[;:])[ \t\f]*(?:
        from[ \t]+(?P<module>[.\w\x80-\xff]+)[ \t]*\bimport\b[ \t]*
            (?:\((?P<bracketed>(?:[^()\#]|\#[^\n]*)*)\)?|(?P<names>(?:[^\\;\n]|\\\n)*))
        |import[ \t]+(?P<plain>(?:[^\\;\n]|\\\n)*)
    )""",
    re.MULTILINE | re.VERBOSE,
)
_FIRST_NAME = re.compile(rb"[\s\\]*([\w\x80-\xff][\w.\x80-\xff]*|\*)")
_NEWLINE = re.compile(rb"\r\n?")
_COMMENT = re.compile(rb"#[^\n]*")


def imported_names(data: bytes) -> frozenset[str]:
    """The dotted names that a Python source imports: `a.b`, `..x`; for `from a import b` both `a` and `a.b`.

    Only the text is looked at, so names in strings may be among them; aliases and stars are not.
    """
    names: set[str] = set()
    for found in _IMPORT.finditer(_NEWLINE.sub(b"\n", data) if b"\r" in data else data):
        if found["plain"] is not None:
            names.update(_listed(found["plain"]))
            continue
        module = _decoded(found["module"])
        names.add(module)
        listed = found["bracketed"] if found["bracketed"] is not None else found["names"]
        joint = "" if module.endswith(".") else "."
        names.update(f"{module}{joint}{name}" for name in _listed(listed) if name != "*")
    return frozenset(names)


def _listed(data: bytes) -> Iterator[str]:
    for piece in _COMMENT.sub(b"", data).split(b","):
        if found := _FIRST_NAME.match(piece):
            yield _decoded(found[1])


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def module_bytes(path: Path) -> bytes:
    """The bytes of a Python file, or those of the module that a notebook makes. Raises `Unreadable`."""
    return read(path, parses=lambda text: True).text.encode() if is_notebook(path.name) else read_bytes(path)


class ImportIndex:
    """The files of one root by what they import; they are read when first asked about.

    `files` are all files of `root`; `reader` gives the bytes of one, or raises `Unreadable` (it then imports nothing).
    """

    def __init__(
        self,
        root: Path,
        files: Sequence[Path],
        *,
        src: Sequence[Path] = (),
        reader: Callable[[Path], bytes] = module_bytes,
        tree: Tree | None = None,
        elsewhere: Elsewhere = nowhere,
    ) -> None:
        self._root = root
        self._files = tuple(files)
        self._src = tuple(src)
        self._reader = reader
        self._tree = tree or Tree()
        self._elsewhere = elsewhere
        self._paths: dict[Path, ImportPaths] = {}

    def importers(self, path: Path) -> tuple[Path, ...]:
        """The files that may import the module or package at `path`, in the order of `files`.

        A package is imported by every import of something in it.
        """
        target = self._tree.real(path)
        wanted = target.parent.name if target.name == "__init__.py" else target.stem
        mentions = [*self._by_last_name.get(wanted, ()), *self._by_last_name.get("", ())]
        hits = {position for position, name in mentions if self._leads_to(name, self._files[position], target)}
        return tuple(self._files[position] for position in sorted(hits))

    @cached_property
    def _by_last_name(self) -> dict[str, tuple[tuple[int, str], ...]]:
        """Position of the importing file and the full name, by the name's last part; "" for `from . import x`."""
        table: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for position, path in enumerate(self._files):
            try:
                names = imported_names(self._reader(path))
            except Unreadable:
                continue
            for name in sorted({prefix for whole in names for prefix in _prefixes(whole)}):
                table[name.rpartition(".")[2]].append((position, name))
        return {last: tuple(mentions) for last, mentions in table.items()}

    def _leads_to(self, name: str, importing: Path, target: Path) -> bool:
        folder = self._tree.real(importing).parent
        paths = self._paths.get(folder)
        if paths is None:
            paths = self._paths[folder] = ImportPaths(
                self._root, folder, self._src, tree=self._tree, elsewhere=self._elsewhere
            )
        module = name.lstrip(".")
        level = len(name) - len(module)
        found = paths.find_relative(level, module or None, importing) if level else paths.find(module, importing)
        return target in found.candidates if isinstance(found, Ambiguous) else found == target


def _prefixes(name: str) -> Iterator[str]:
    """`a`, `a.b` and `a.b.c` of `a.b.c`; of `..a.b` also the dots alone."""
    module = name.lstrip(".")
    dots = name[: len(name) - len(module)]
    if dots:
        yield dots
    parts = module.split(".") if module else []
    for end in range(1, len(parts) + 1):
        yield dots + ".".join(parts[:end])
