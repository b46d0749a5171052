"""Configuration files, from bytes to trees: YAML, JSON and TOML, read as the libraries read them that programs use.

Nothing in a file can make this slow, large or dangerous: size, depth and number of values are limited, what an alias
repeats is counted each time, and no tag makes an object. Where files are looked for is `locating`'s business.
"""

from __future__ import annotations

import ast
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from schedlint.configuration import Leaf, Listing, Node, Section, Unclear
from schedlint.place import Place
from schedlint.sources.text import Unreadable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SIZE_LIMIT = 1_000_000
"""Bytes; what people write by hand is a hundred times smaller."""

MOST_VALUES = 20_000
"""A file with more values is no configuration, or a trap."""

MOST_DEPTH = 32
"""Levels of nesting."""

LONGEST_LITERAL = 1000
"""Characters of a text that yacs would read as a Python literal."""


def parse(path: str, data: bytes, form: str) -> Node:
    """The tree in `data`, read as `form` says. Raises `Unreadable`, and nothing else, whatever is there.

    `form` is "json", "toml" or a kind of YAML: "yaml" (1.1, as PyYAML has it), "yaml 1.2" (ruamel), "omegaconf",
    "yacs".
    """
    if len(data) > SIZE_LIMIT:
        raise Unreadable(path, f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig" if form != "json" else "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(path, "it is not UTF-8") from error
    tree = _LOADERS.get(form, _yaml(form))(path, text)
    return _decoded(tree) if form == "yacs" else tree


def _yaml(form: str) -> Callable[[str, str], Node]:
    def load(path: str, text: str) -> Node:
        from schedlint.sources.yaml_events import compose  # PyYAML is imported where there is YAML to read

        return compose(path, text, form, MOST_VALUES, MOST_DEPTH)

    return load


def _json(path: str, text: str) -> Node:
    return _loaded(path, text, json.loads)


def _toml(path: str, text: str) -> Node:
    return _loaded(path, text.replace("\r\n", "\n"), tomllib.loads)


_LOADERS: Mapping[str, Callable[[str, str], Node]] = {"json": _json, "toml": _toml}


def _loaded(path: str, text: str, load: Callable[[str], Any]) -> Node:
    """The tree that a parser of the standard library makes; it does not say where each value stands."""
    try:
        raw = load(text)
    except RecursionError as error:
        raise Unreadable(path, "it is nested too deeply") from error
    except ValueError as error:
        raise Unreadable(path, f"it cannot be parsed: {error}") from error
    return _Conversion(path).node(raw, 0)


class _Conversion:
    """Plain data to a tree, as far as the limits let it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._at = Place(path, 1, 1, 1, 1)
        self._left = MOST_VALUES

    def node(self, raw: Any, depth: int) -> Node:
        self._left -= 1
        if self._left < 0 or depth > MOST_DEPTH:
            raise Unreadable(self._path, "it holds more than a configuration would")
        if isinstance(raw, dict):
            return Section(tuple((key, self.node(value, depth + 1)) for key, value in raw.items()), self._at)
        if isinstance(raw, list):
            return Listing(tuple(self.node(item, depth + 1) for item in raw), self._at)
        if raw is None or isinstance(raw, (bool, int, float, str)):
            return Leaf(raw, self._at)
        return Unclear(f"a {type(raw).__name__} is no number")


def _decoded(node: Node) -> Node:
    """The tree as yacs reads it: a text that is a Python literal is what that literal says."""
    if isinstance(node, Section):
        return Section(tuple((key, _decoded(inner)) for key, inner in node.entries), node.at)
    if not isinstance(node, Leaf) or not isinstance(node.value, str) or len(node.value) > LONGEST_LITERAL:
        return node
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in the text is none of our business
            value = ast.literal_eval(node.value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return node
    return _of_literal(value, node)


def _of_literal(value: object, node: Leaf) -> Node:
    if isinstance(value, (list, tuple)):
        return Listing(tuple(_of_literal(item, node) for item in value), node.at)
    if value is None or isinstance(value, (bool, int, float, str)):
        return Leaf(value, node.at)
    return Unclear(f"a {type(value).__name__} is no number")


def candidates(text: str, root: Path, entry_folder: Path) -> tuple[str, ...]:
    """The real paths that a path in a program can mean, if they are inside the project: a relative one is looked up
    from the root and from the folder of the script.
    """
    if "\0" in text or "://" in text:
        return ()
    try:
        named = [(folder / text).resolve() for folder in (root, entry_folder)]
    except (OSError, RuntimeError, ValueError):  # links in a circle, or no name for a file
        return ()
    inside = [path for path in named if any(path.is_relative_to(folder) for folder in (root, entry_folder))]
    return tuple(dict.fromkeys(map(str, inside)))
