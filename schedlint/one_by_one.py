"""The files of a project, handed over one after another in one process: what is kept between them, and for how long.

It stands between `app` and a front that is given single files, by name and text, and knows no project. Nothing that
analyses code is imported before `check` is called.
"""

from __future__ import annotations

import gc
import io
import os
import re
import time
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schedlint.sources.reach import Reach
from schedlint.sources.remembered import Lately

if TYPE_CHECKING:
    from schedlint.app import Project
    from schedlint.config import Config
    from schedlint.diagnostics import Diagnostic

BELIEVED = 30.0
"""For so many seconds settings, and what other files import, are taken for what they were."""

LOOKED_AT_AFTER = 1.0
"""So many seconds after the last look, it is looked at whether files that were read have changed."""

MOST_BYTES = 100_000_000
"""How many bytes of source are held, about, before everything is read anew."""

_NEWLINE = re.compile(r"\r\n?")
_PROJECT_FILE = "pyproject.toml"


class OneByOne:
    """What one process knows of the files under `cwd`.

    Files are analysed together with the programs that they are part of until that has taken `seconds`; those that come
    later are judged alone. Imports that are needed for it are not counted.
    """

    def __init__(self, cwd: str, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._cwd = cwd
        self._left = seconds
        self._clock = clock
        self._reach = Lately(lambda: self._new_reach(), BELIEVED, clock)
        self._config = Lately(self._load, BELIEVED, clock)
        self._project: Project | None = None
        self._still: Lately[bool]

    @property
    def is_spent(self) -> bool:
        """Whether files are judged alone from now on."""
        return self._left <= 0

    def may_be_reported_on(self, name: str, text: str) -> bool:
        """Whether anything can be reported in a file, as far as can be told without parsing it."""
        path = os.path.realpath(os.path.join(self._cwd, name))
        return self._reach.get().may_be_reported_on(path, text.encode(errors="replace"))

    def check(self, name: str, text: str) -> tuple[Diagnostic, ...]:
        """What is wrong in a file; or, while the settings cannot be used, that."""
        from schedlint.diagnostics import UsageError

        try:
            config = self._config.get()
            return self._checked(python_name(name), _NEWLINE.sub("\n", text), config)
        except UsageError as error:
            return (_unusable(name, str(error)),)

    def _checked(self, path: str, text: str, config: Config) -> tuple[Diagnostic, ...]:
        import schedlint.app  # noqa: F401 - it takes longer than the analysis of a file, and is not counted

        began = self._clock()
        try:
            with few_collections():
                return self._serving(path, text, config).check(path)
        finally:
            self._left -= self._clock() - began

    def _serving(self, path: str, text: str, config: Config) -> Project:
        """The project as it is with this text in the file: the one that is kept, if that is what stands on disk."""
        from schedlint.app import Project

        if not self.is_spent and self._kept(config).holds(path, text):
            return self._kept(config)
        return Project(config, cwd=self._cwd, overlay={path: encoded(text)}, alone=self.is_spent)

    def _kept(self, config: Config) -> Project:
        from schedlint.app import Project

        if self._project is None or self._project.config != config or not self._still.get():
            self._project = Project(config, cwd=self._cwd)
            self._still = self._new_look(self._project)
        return self._project

    def _new_look(self, project: Project) -> Lately[bool]:
        """Whether what was read of a project can go on to serve."""
        return Lately(lambda: project.size < MOST_BYTES and project.is_current(), LOOKED_AT_AFTER, self._clock)

    def _load(self) -> Config:
        from schedlint import config

        return config.load(self._cwd)

    def _new_reach(self) -> Reach:
        """What files can matter, by the settings; that there are none is found out without reading any."""
        if not any(map(_speaks_of_schedlint, _upward(self._cwd))):
            return Reach(self._cwd)
        from schedlint.diagnostics import UsageError

        try:
            config = self._config.get()
            return Reach(self._cwd, config.src, config.names)
        except UsageError:
            return Reach(self._cwd)


def python_name(name: str) -> str:
    """The name of a file whose text is Python: what is handed over of a notebook are its cells, one after the other."""
    return f"{name}.py" if name.lower().endswith(".ipynb") else name


def encoded(text: str) -> bytes:
    """The text in the encoding that it declares itself, so that reading it gives the same characters in each row."""
    header = io.BytesIO("".join(text.splitlines(keepends=True)[:2]).encode(errors="replace"))
    try:
        encoding, _ = tokenize.detect_encoding(header.readline)
    except SyntaxError:
        encoding = "utf-8"
    return text.encode(encoding, errors="replace")


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for cycles rarely for a while: what an analysis builds are trees that live to its end."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _unusable(name: str, message: str) -> Diagnostic:
    """What is said of every file in which something could be found, while the settings cannot be used."""
    from schedlint.diagnostics import Diagnostic, Location
    from schedlint.selection import OWN

    code = "LRS900"
    return Diagnostic(Location(name, 1, 1, 1, 1), code, OWN[code], f"{message} (until it is put right, no rule runs)")


def _upward(folder: str) -> Iterator[str]:
    """The folder and those above it."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _speaks_of_schedlint(folder: str) -> bool:
    try:
        with open(os.path.join(folder, _PROJECT_FILE), "rb") as stream:
            return b"schedlint" in stream.read()
    except OSError:
        return False
