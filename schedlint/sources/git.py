"""What git says are the files of a folder, without running anything that the repository configures."""

from __future__ import annotations

import os
import shutil
import subprocess

_TIMEOUT = 20.0
"""Seconds; a million files take two."""

_ARGUMENTS = (
    "--no-pager --no-replace-objects --literal-pathspecs -c core.fsmonitor=false -c core.hooksPath=/dev/null "
    "-c core.untrackedCache=false ls-files --cached --others --exclude-standard -z"
)


def listed_files(folder: str) -> list[str] | None:
    """Paths relative to `folder` of what git tracks below it or would track: sorted, files and nested repositories.

    Tracked files that are gone are among them. None if the folder is not in a work tree, or git is missing or fails.
    """
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):  # never a `git` that lies in the folder we happen to stand in
        return None
    try:
        done = subprocess.run(
            [git, "-C", os.path.abspath(folder), *_ARGUMENTS.split()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    names = {os.fsdecode(name).rstrip("/") for name in done.stdout.split(b"\0") if name}
    return sorted(name for name in names if not os.path.isabs(name) and name.split("/", 1)[0] != "..")


def _environment() -> dict[str, str]:
    """The environment without what git puts there for its hooks, which names another repository or index."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
