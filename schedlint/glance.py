"""Whether a run can have anything to report, told from bytes before anything that analyses code is imported."""

from __future__ import annotations

import os
from collections.abc import Sequence

from schedlint.config import Config
from schedlint.sources.discover import discover
from schedlint.sources.reach import Reach
from schedlint.sources.text import Unreadable, read_bytes


def quiet_files(paths: Sequence[str], config: Config, cwd: str) -> int | None:
    """How many files the paths stand for, if nothing can be reported on any of them; None if anything may be.

    Selectors, of which one may be no rule, and files that cannot be read are left to the analysis to speak of.
    """
    if any(each.select is not None or each.extend_select or each.ignore for each in config.selectors):
        return None
    absolute = [os.path.join(cwd, path) for path in paths]
    base = config.base or cwd
    files, failures = discover(absolute, exclude=config.exclude, force_exclude=config.force_exclude, base=base)
    if failures:
        return None
    reach, real = Reach(cwd, config.src, config.names), set(map(os.path.realpath, files))
    return None if any(_may_be_reported_on(path, reach) for path in sorted(real)) else len(real)


def _may_be_reported_on(path: str, reach: Reach) -> bool:
    try:
        return reach.may_be_reported_on(path, read_bytes(path))
    except Unreadable:
        return True
