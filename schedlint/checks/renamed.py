"""What the rules about a class that has a successor share: its name in short, and the fix."""

from __future__ import annotations

from schedlint.remedies import Applicability, Remedy, Rename
from schedlint.timeline.understood import ModuleReading, Use


def short(qualified: str) -> str:
    """The last part of a dotted name."""
    return qualified.rpartition(".")[2]


def public_name(module: ModuleReading, use: Use) -> Remedy | None:
    """The successor's name in its place: safe where every release that the project declares has it, and none where no
    release has.
    """
    since, release = use.table.successor_since, module.release(use.table)
    if not use.renames or release.is_before(since):
        return None
    new, known = short(use.table.successor), release.is_from(since)
    changes = tuple(Rename(place, new) for place in use.renames)
    return Remedy(f"use `{new}`", changes, Applicability.SAFE if known else Applicability.UNSAFE)
