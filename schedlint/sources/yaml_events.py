"""YAML to trees, from the events of PyYAML's parser: nothing is nested, repeated or made but what stands here.

PyYAML's own rules say what a plain scalar is (`1e-3` is a text in YAML 1.1, and `on` is true); its constructors are
used for scalars of the standard types alone. Checked against PyYAML 6.0; the other dialects against ruamel.yaml 0.18
and OmegaConf 2.3.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from schedlint.configuration import Leaf, Listing, Node, Scalar, Section, Unclear
from schedlint.place import Place
from schedlint.sources.text import Unreadable

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same parser in C, where PyYAML was built with it."""

_STANDARD = "tag:yaml.org,2002:"
_SCALARS = {_STANDARD + name for name in ("int", "float", "bool", "null", "str")}
_LONGEST_NUMBER = 100
_EXPONENT = re.compile(r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)[eE][-+]?\d+")
_TEXT_IN_1_2 = re.compile(r"(?i)yes|no|on|off|[-+]?[\d_]+(:[0-5]?\d)+(\.[\d_]*)?")
_OCTAL = re.compile(r"[-+]?0[\d_]+")


def compose(path: str, text: str, form: str, most_values: int, most_depth: int) -> Node:
    """The one document in a text. Raises `Unreadable`."""
    return _Composer(path, form, most_values, most_depth).document(text)


class _Composer:
    """Builds one tree from events."""

    def __init__(self, path: str, form: str, most_values: int, most_depth: int) -> None:
        self._path = path
        self._form = form
        self._left = most_values
        self._most_depth = most_depth
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._loader: Any = None

    def document(self, text: str) -> Node:
        """The tree of the whole text."""
        try:
            self._loader = Loader(text)
            try:
                return self._document()
            finally:
                self._loader.dispose()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "it is not YAML"
            raise Unreadable(self._path, f"it cannot be parsed: {problem}", mark.line + 1 if mark else 1) from error

    def _document(self) -> Node:
        self._loader.get_event()  # the stream begins
        if self._loader.check_event(yaml.StreamEndEvent):
            return Leaf(None, Place(self._path, 1, 1, 1, 1))
        self._loader.get_event()  # the document begins
        tree = self._node(self._loader.get_event(), 0)
        self._loader.get_event()  # it ends
        if not self._loader.check_event(yaml.StreamEndEvent):
            raise Unreadable(self._path, "it holds several documents")
        return tree

    def _node(self, event: Any, depth: int) -> Node:
        before = self._left
        self._spend(1, event)
        if depth > self._most_depth:
            raise Unreadable(self._path, "it is nested too deeply", event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node: Node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._listing(event, depth)
        else:
            node = self._section(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, before - self._left)
        return node

    def _spend(self, values: int, event: Any) -> None:
        self._left -= values
        if self._left < 0:
            raise Unreadable(self._path, "it holds more than a configuration would", event.start_mark.line + 1)

    def _repeated(self, event: Any) -> Node:
        """What an alias stands for; it counts as if it were written out."""
        found = self._anchors.get(event.anchor)
        if found is None:
            raise Unreadable(self._path, "an alias in it leads nowhere, or to itself", event.start_mark.line + 1)
        self._spend(found[1], event)
        return found[0]

    def _refuse_tag(self, event: Any, kind: str) -> None:
        """No tag but the plain ones: to read any other, code would have to be run."""
        if event.tag not in (None, "!", _STANDARD + kind):
            raise Unreadable(self._path, f"it holds the tag {event.tag}", event.start_mark.line + 1)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        return Place(self._path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    # --- collections --------------------------------------------------------------------------------------------------

    def _listing(self, event: Any, depth: int) -> Listing:
        self._refuse_tag(event, "seq")
        items = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            items.append(self._node(self._loader.get_event(), depth + 1))
        self._loader.get_event()
        return Listing(tuple(items), self._place(event))

    def _section(self, event: Any, depth: int) -> Section:
        """A mapping; where a key comes twice the last one counts, and keys that are merged in count least."""
        self._refuse_tag(event, "map")
        entries: dict[Scalar, Node] = {}
        inherited: dict[Scalar, Node] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            key_event = self._loader.get_event()
            is_merge = isinstance(key_event, yaml.ScalarEvent) and key_event.value == "<<" and key_event.implicit[0]
            key = self._node(key_event, depth + 1)
            value = self._node(self._loader.get_event(), depth + 1)
            if is_merge:
                inherited |= self._inherited(value)
            elif isinstance(key, Leaf):
                entries[key.value] = value
            else:
                raise Unreadable(self._path, "a key in it is no plain value", key_event.start_mark.line + 1)
        self._loader.get_event()
        return Section(tuple((inherited | entries).items()), self._place(event))

    def _inherited(self, node: Node) -> dict[Scalar, Node]:
        """The entries that `<<` brings: of several mappings the first one counts most."""
        parts = node.items if isinstance(node, Listing) else (node,)
        entries: dict[Scalar, Node] = {}
        for part in reversed(parts):
            if not isinstance(part, Section):
                raise Unreadable(self._path, "it merges something that is no mapping")
            entries |= dict(part.entries)
        return entries

    # --- scalars ------------------------------------------------------------------------------------------------------

    def _scalar(self, event: Any) -> Leaf | Unclear:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if not tag.startswith(_STANDARD):
            raise Unreadable(self._path, f"it holds the tag {tag}", event.start_mark.line + 1)
        if tag.startswith(_STANDARD + "python/"):
            raise Unreadable(self._path, f"it holds the tag {tag}, which asks for code", event.start_mark.line + 1)
        if event.implicit[0]:
            tag = self._in_dialect(tag, event.value)
        at = self._place(event)
        if tag == _STANDARD + "timestamp":
            return Unclear("a date is no number")
        if tag in (_STANDARD + "merge", _STANDARD + "value"):
            return Leaf(event.value, at)
        if tag not in _SCALARS or (len(event.value) > _LONGEST_NUMBER and tag != _STANDARD + "str"):
            return Unclear("it is no plain value")
        return self._constructed(tag, event.value, at)

    def _in_dialect(self, tag: str, value: str) -> str:
        """What a plain scalar is for a library that has other rules than YAML 1.1."""
        if self._form in ("omegaconf", "yaml 1.2") and tag == _STANDARD + "str" and _EXPONENT.fullmatch(value):
            return _STANDARD + "float"
        if self._form == "omegaconf" and tag == _STANDARD + "timestamp":
            return _STANDARD + "str"
        if self._form == "yaml 1.2" and _TEXT_IN_1_2.fullmatch(value):
            return _STANDARD + "str"
        if self._form == "yaml 1.2" and tag == _STANDARD + "int" and _OCTAL.fullmatch(value):
            return _STANDARD + "binary"  # eight or ten, by version: nobody means either
        return tag

    def _constructed(self, tag: str, value: str, at: Place) -> Leaf | Unclear:
        try:
            made = self._loader.construct_object(yaml.ScalarNode(tag, value))
        except (ValueError, LookupError):  # `!!int text`
            return Unclear("it is not what its tag says")
        return Leaf(made, at)
