"""What a run asks for from outside: the configuration files that a program loads. Nothing here reads a disk."""

from __future__ import annotations

from typing import Protocol

from schedlint.configuration import Node, Unclear


class Configurations(Protocol):
    """The configuration files of one program."""

    def read(self, path: str, form: str) -> Node:
        """The tree of the file that the program calls `path`, read as `schedlint.knowledge.schema.Function.form` says;
        Unclear, with the reason, where it cannot be had.
        """

    def composed(self, folder: str, name: str) -> Node:
        """The configuration that Hydra composes from a folder, starting with the file of this name."""


class _NoFiles:
    """A program without configuration files."""

    def read(self, path: str, form: str) -> Node:
        return Unclear(f"`{path}` is not read")

    def composed(self, folder: str, name: str) -> Node:
        return Unclear(f"`{name}` is not read")


NO_FILES: Configurations = _NoFiles()
