"""schedlint as a library; `schedlint` itself gives these names, and is where they are to be imported from.

It does what the commands do without what belongs to a command: nothing is printed, no settings are looked for, and an
answer is an object instead of a text and an exit status.
"""

from __future__ import annotations

import io
import os
import tempfile
import tokenize
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from schedlint import app, config
from schedlint.app import DEFAULT, Report
from schedlint.config import Config, Selectors
from schedlint.diagnostics import Confidence, Diagnostic, Location, Note, Severity, UsageError

__all__ = [
    "Confidence",
    "Config",
    "Diagnostic",
    "Location",
    "Note",
    "Report",
    "Selectors",
    "Severity",
    "UsageError",
    "check_paths",
    "check_source",
    "load_config",
]

StrPath: TypeAlias = "str | os.PathLike[str]"


def check_paths(paths: Sequence[StrPath], *, config: Config = DEFAULT, cwd: StrPath | None = None) -> Report:
    """Check files and folders, each with the program that it belongs to, as `schedlint check PATH...` does.

        report = schedlint.check_paths(["train.py", "engine"])

    Paths are relative to `cwd` (the current folder unless given), and so are those in the report. No paths are no
    files. No settings are read from disk: `config` has all of them, and `load_config` reads those of a project. Its
    `output_format` means nothing here.

    What cannot be read or understood is a diagnostic of the report (LRS900 to LRS904) and no exception; after an error
    of schedlint itself the report is `failed`. Raises UsageError for a selector that is no rule, and TypeError for one
    path instead of several.
    """
    if isinstance(paths, (str, bytes, os.PathLike)):
        raise TypeError("`paths` are several paths: put the one into a list")
    return app.check([os.fspath(path) for path in paths], _spoken(config), cwd=_folder(cwd))


def check_source(
    text: str, *, filename: StrPath = "<string>", config: Config = DEFAULT, cwd: StrPath | None = None
) -> Report:
    """Check a text as if it stood in the file `filename`, whether or not there is such a file, or says the same.

        report = schedlint.check_source(editor.text, filename="train.py")

    The rest of the program is read from disk: what the text imports, and the files that import `filename`. A name in
    angle brackets, as Python gives to what is no file, stands alone: nothing is read then. The text of a name that ends
    in `.ipynb` is that of a notebook, in JSON.

    Settings, `cwd` and errors are those of `check_paths`.
    """
    name = os.fspath(filename)
    overlay = {name: _written(text)}
    if not (name.startswith("<") and name.endswith(">")):
        return app.check([name], _spoken(config), cwd=_folder(cwd), overlay=overlay)
    with tempfile.TemporaryDirectory() as nowhere:
        Path(nowhere, "setup.cfg").touch()  # a project of its own, wherever temporary files are kept
        return app.check([name], _spoken(config), cwd=nowhere, overlay=overlay)


def load_config(cwd: StrPath | None = None, *, file: StrPath | None = None) -> Config:
    """The settings that the command would use in the folder `cwd`: those of the nearest pyproject.toml, from there
    upward, that has a table for schedlint; none if there is no such file. `file`, relative to `cwd`, names one instead.

        config = schedlint.load_config("../project")

    Raises UsageError for a file that cannot be read or that says what is no setting.
    """
    return config.load(_folder(cwd), None if file is None else os.fspath(file))


def _folder(cwd: StrPath | None) -> str:
    return os.path.abspath(os.getcwd() if cwd is None else cwd)


def _spoken(config: Config) -> Config:
    """The settings, so that an error in a selector names what it was given in."""
    named = (each if each.origin else replace(each, origin="Selectors") for each in config.selectors)
    return replace(config, selectors=tuple(named))


def _written(text: str) -> bytes:
    """The bytes of a file with this text: in the encoding that it declares, as whoever reads it heeds that."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data if encoding.startswith("utf-8") else text.encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return data
