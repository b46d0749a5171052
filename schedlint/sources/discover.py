"""The files that paths stand for, and the bytes that make a file worth parsing. Nothing is read of a file but its name.

A file that is named is taken as it is. A folder is searched as git sees it, or else whole, without what is not the
project's own: environments, caches, build output, and what the configuration excludes.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence

from schedlint.sources.git import listed_files
from schedlint.sources.text import Unreadable, explain

SUFFIXES = (".py", ".pyw", ".ipynb")
"""Names that are looked for in folders; a file that is named may be called anything."""

_NEVER_OURS = (
    ".bzr .direnv .eggs .git .hg .ipynb_checkpoints .mypy_cache .nox .pytest_cache .ruff_cache .svn .tox .venv .vscode "
    "__pycache__ __pypackages__ _build buck-out build dist node_modules site-packages venv *.egg-info"
)
DEFAULT_EXCLUDES = tuple(_NEVER_OURS.split())
"""Base names that are never searched below a folder that is named."""


def discover(
    paths: Sequence[str], *, exclude: Sequence[str] = (), force_exclude: bool = False, base: str | None = None
) -> tuple[list[str], list[Unreadable]]:
    """The files that `paths` stand for, sorted and each once, and the paths that could not be looked into.

    `exclude` are glob patterns for a base name, or, with a slash, for a path relative to `base` (the current folder
    unless given); a pattern that fits a folder excludes all in it. A path in `paths` is excluded only if
    `force_exclude`. A file reached under several names is given under the one that is no symbolic link.
    """
    rules = _Excludes([*DEFAULT_EXCLUDES, *exclude], base or os.getcwd())
    found: list[str] = []
    failures: list[Unreadable] = []
    for path in sorted(set(paths)):
        if force_exclude and rules.fits_any_part(path):
            continue
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            failures.append(Unreadable(path, explain(error)))
        except ValueError:
            failures.append(Unreadable(path, "its name cannot be the name of a file"))
        else:
            found += _search(path, rules, failures) if stat.S_ISDIR(mode) else [path]
    return _each_once(found), sorted(failures, key=lambda failure: failure.path)


def is_excluded(path: str, exclude: Sequence[str], base: str) -> bool:
    """Whether a file, which need not be on disk, lies in what is excluded; see `discover`."""
    return _Excludes([*DEFAULT_EXCLUDES, *exclude], base).fits_any_part(path)


def matters(data: bytes, names: Sequence[bytes] = ()) -> bool:
    """Whether the bytes of a file hold `sched`, in any case, or one of `names`: else nothing in it can be reported."""
    return b"sched" in data or b"sched" in data.lower() or any(name in data for name in names)


def _each_once(paths: list[str]) -> list[str]:
    """The sorted paths, without those that lead to a file which another one leads to."""
    chosen: dict[str, tuple[bool, bool, str]] = {}
    for path in paths:
        real = os.path.realpath(path)
        candidate = (os.path.islink(path), os.path.abspath(path) != real, path)
        chosen[real] = min(candidate, chosen.get(real, candidate))
    return sorted(path for *_, path in chosen.values())


class _Excludes:
    """Glob patterns, for one base name or for a path relative to `base`."""

    def __init__(self, patterns: Sequence[str], base: str) -> None:
        self._base = os.path.abspath(base)
        cleaned = [pattern.removeprefix("./").rstrip("/") for pattern in patterns]
        self._names = _any_of([pattern for pattern in cleaned if "/" not in pattern])
        # `**/` may stand for no folder at all, which fnmatch does not know.
        self._whole = [form for pattern in cleaned if "/" in pattern for form in (pattern, pattern.replace("**/", ""))]
        self._paths = _any_of(self._whole)

    def fits(self, path: str) -> bool:
        """Whether a pattern fits `path` itself; the folders that it lies in are not looked at."""
        if self._names(os.path.basename(path)):
            return True
        if not self._whole:
            return False
        full = os.path.abspath(path)
        return self._paths(_posix(self._relative(full))) or self._paths(_posix(full))

    def fits_any_part(self, path: str) -> bool:
        """Whether a pattern fits `path` or a folder between it and the base."""
        full = os.path.abspath(path)
        parts = self._relative(full).split(os.sep)
        if os.pardir in parts:
            return self.fits(full)
        return any(self.fits(os.path.join(self._base, *parts[: end + 1])) for end in range(len(parts)))

    def _relative(self, full: str) -> str:
        try:
            return os.path.relpath(full, self._base)
        except ValueError:  # another drive
            return full


def _any_of(patterns: Sequence[str]) -> Callable[[str], bool]:
    if not patterns:
        return lambda text: False
    matcher = re.compile("|".join(map(fnmatch.translate, patterns)))
    return lambda text: matcher.match(text) is not None


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


def _search(folder: str, rules: _Excludes, failures: list[Unreadable]) -> Iterator[str]:
    """The files below `folder`, as git lists them if it lists any."""
    listed = listed_files(folder)
    if listed:  # a folder that git ignores as a whole was named on purpose
        yield from _search_listed(folder, listed, rules, failures)
    else:
        yield from _walk(folder, rules, failures)


def _search_listed(folder: str, listed: Sequence[str], rules: _Excludes, failures: list[Unreadable]) -> Iterator[str]:
    """Those of the paths that git lists that are wanted; nested repositories are searched in turn."""
    excluded: dict[str, bool] = {"": False}

    def is_excluded(below: str) -> bool:
        parts = below.split("/")
        for end in range(len(parts)):
            outer, inner = "/".join(parts[:end]), "/".join(parts[: end + 1])
            if inner not in excluded:
                excluded[inner] = excluded[outer] or _skips_folder(_join(folder, inner), rules)
        return excluded[below]

    for name in listed:
        path = _join(folder, name)
        if name.endswith(SUFFIXES) and os.path.isfile(path):
            if not is_excluded(name.rpartition("/")[0]) and not rules.fits(path):
                yield path
        elif os.path.isdir(path) and not os.path.islink(path) and not is_excluded(name):
            yield from _search(path, rules, failures)


def _walk(folder: str, rules: _Excludes, failures: list[Unreadable]) -> Iterator[str]:
    """The wanted files below a folder; symbolic links to folders are not followed, so there are no circles."""
    waiting = [folder]  # os.walk would recurse, on some Pythons, and folders can be nested deeper than that goes
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(parent) as entries:
                children = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            failures.append(Unreadable(parent, explain(error)))
            continue
        for entry in children:
            path = _join(parent, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not _skips_folder(path, rules):
                    waiting.append(path)
            elif entry.name.endswith(SUFFIXES) and os.path.isfile(path) and not rules.fits(path):
                yield path


def _skips_folder(path: str, rules: _Excludes) -> bool:
    """Whether a folder below the named one is excluded, or a virtual environment under whatever name."""
    return rules.fits(path) or os.path.exists(os.path.join(path, "pyvenv.cfg"))


def _join(folder: str, name: str) -> str:
    return name if folder == os.curdir else os.path.join(folder, name)
