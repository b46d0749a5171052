"""Hydra's configurations: the primary file and what its defaults list brings, laid over each other.

The simple forms of the defaults list are followed (Hydra 1.0 to 1.3: "The Defaults List", "Packages"); what another
form, an unknown file or a structured configuration may bring leaves the values that it could set unclear.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from schedlint.configuration import Leaf, Listing, Node, Scalar, Section, Unclear, contested, found, merged
from schedlint.place import Place

Read = Callable[[str], Node]
"""The tree of a file of the configuration folder, by its path in it without the ending; Unclear if there is none."""

MOST_FILES = 60
MOST_NESTED = 8

_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*(?:\.\w+)*)\}")
_OPTION = re.compile(r"(?:(optional|override)\s+)?(/?[\w./-]+)(?:@([\w.:-]+))?")


def composed(name: str, read: Read, package_of: Callable[[str], str | None]) -> Node:
    """The configuration that starts from the file `name`; `package_of` is what the head of a file says of where its
    values go (`# @package _global_`), if it says anything.
    """
    return resolved(_Composition(read, package_of).file(name.removesuffix(".yaml").removesuffix(".yml"), (), 0))


@dataclass(frozen=True, slots=True)
class _Choice:
    """One line of a defaults list: a file of a group, or several, for a package; `group` is "" for a plain name."""

    group: str
    names: tuple[str, ...]
    package: str | None = None
    optional: bool = False
    override: bool = False

    @property
    def is_self(self) -> bool:
        return not self.group and self.names == ("_self_",)


@dataclass(slots=True)
class _Composition:
    """One composition: the files that it has read, and what was chosen elsewhere for a group."""

    read: Read
    package_of: Callable[[str], str | None]
    files: int = 0
    overrides: dict[str, _Choice] = field(default_factory=dict)

    def file(self, path: str, package: tuple[str, ...], depth: int) -> Node:
        """What a file brings, the files of its own defaults list included, at the package where it goes."""
        self.files += 1
        tree = self.read(path)
        if self.files > MOST_FILES or depth > MOST_NESTED:
            return _at(Unclear("the defaults lists lead to too many files"), package)
        if not isinstance(tree, Section):
            return _at(tree if isinstance(tree, Unclear) else Unclear("the file is no mapping"), package)
        package = self._package(path, package)
        own = _at(Section(tuple(e for e in tree.entries if e[0] != "defaults"), tree.at, tree.is_open), package)
        listed = dict(tree.entries).get("defaults")
        if listed is None:
            return own
        choices = list(_choices(listed))
        if None in choices:
            return merged(Unclear("its defaults list is not followed"), own)
        known = [choice for choice in choices if choice is not None]
        return self._laid(path, own, known, package, depth)

    def _package(self, path: str, package: tuple[str, ...]) -> tuple[str, ...]:
        said = self.package_of(path)
        if said is None or said == "_group_":
            return package
        return () if said == "_global_" else tuple(said.split("."))

    def _laid(self, path: str, own: Node, choices: list[_Choice], package: tuple[str, ...], depth: int) -> Node:
        """A file among what its defaults list brings, in the order of the list.

        Hydra 1.0 puts a file that does not say where it stands first, and later versions put it last.
        """
        self.overrides |= {_group(path, choice): choice for choice in choices if choice.override}
        chosen = [choice for choice in choices if not choice.override]
        before: list[Node] = []
        after: list[Node] = []
        has_self = any(choice.is_self for choice in chosen)
        seen = False
        for choice in chosen:
            seen = seen or choice.is_self
            if not choice.is_self:
                (after if seen else before).extend(self._brought(path, choice, package, depth))
        if not has_self:
            return contested(_stack(before), own) if before else own
        return _stack([*before, own, *after])

    def _brought(self, path: str, choice: _Choice, package: tuple[str, ...], depth: int) -> Iterator[Node]:
        """What one line of a defaults list brings."""
        group = _group(path, choice)
        if group.startswith("hydra/") or group == "hydra":
            return
        chosen = self.overrides.get(group, choice) if choice.group else choice
        inside = (*package, *(part for part in choice.group.strip("/").split("/") if part))
        if choice.package is not None:
            inside = () if choice.package == "_global_" else (*package, *choice.package.split("."))
        for name in chosen.names:
            node = self.file(posixpath.join(group, name) if group else name, inside, depth + 1)
            if not (choice.optional and node == _at(Unclear(MISSING), inside)):
                yield node


MISSING = "there is no such configuration file in the project"


def _group(path: str, choice: _Choice) -> str:
    """The folder that a line's file stands in: relative to that of the file with the list, unless it begins with /."""
    if choice.group.startswith("/"):
        return choice.group.strip("/")
    return posixpath.join(posixpath.dirname(path), choice.group).strip("/")


def _stack(nodes: Sequence[Node]) -> Node:
    result = nodes[0]
    for node in nodes[1:]:
        result = merged(result, node)
    return result


def _at(node: Node, package: tuple[str, ...]) -> Node:
    """A tree under the keys of its package."""
    at = node.at if not isinstance(node, Unclear) else Place("", 1, 1, 1, 1)
    for key in reversed(package):
        node = Section(((key, node),), at)
    return node


def _choices(listed: Node) -> Iterator[_Choice | None]:
    """The lines of a defaults list; None for one that is not followed."""
    for item in listed.items if isinstance(listed, Listing) else ():
        match item:
            case Leaf(value=str(name)) if "$" not in name:
                yield _Choice("", (name,))
            case Section(entries=((str(key), value),)):
                yield _choice(key, value)
            case _:
                yield None
    if not isinstance(listed, Listing):
        yield None


def _choice(key: str, value: Node) -> _Choice | None:
    option = _OPTION.fullmatch(key.strip())
    names = _names(value)
    if option is None or names is None:
        return None
    how, group, package = option.groups()
    if package is not None and ":" in package:
        return None
    return _Choice(group, names, package, optional=how == "optional", override=how == "override")


def _names(value: Node) -> tuple[str, ...] | None:
    match value:
        case Leaf(value=None):
            return ()
        case Leaf(value=str(name)) if "$" not in name and "???" not in name:
            return (name.removesuffix(".yaml"),)
        case Listing(items=items):
            inner = [_names(item) for item in items]
            return None if None in inner else tuple(name for names in inner if names for name in names)
        case _:
            return None


MOST_REFERENCES = 500
"""References that are followed in one configuration, those inside what a reference leads to included."""


def resolved(tree: Node) -> Node:
    """The tree with plain references (`${train.epochs}`) replaced by what they lead to; what is missing, or computed,
    is unclear.
    """
    followed = 0

    def of(node: Node, through: tuple[str, ...]) -> Node:
        match node:
            case Section(entries=entries, at=at, is_open=is_open):
                return Section(tuple((key, of(inner, through)) for key, inner in entries), at, is_open)
            case Listing(items=items, at=at):
                return Listing(tuple(of(item, through) for item in items), at)
            case Leaf(value=str(text)) if text == "???":
                return Unclear("it must be given on the command line")
            case Leaf(value=str(text)) if "${" in text:
                return referred(text, through)
            case _:
                return node

    def referred(text: str, through: tuple[str, ...]) -> Node:
        nonlocal followed
        followed += 1
        reference = _REFERENCE.fullmatch(text)
        if reference is None or text in through or followed > MOST_REFERENCES or len(through) > MOST_NESTED:
            return Unclear(f"`{text}` is not followed")
        keys: tuple[Scalar, ...] = tuple(reference[1].split("."))
        target = found(tree, keys)
        if not isinstance(target, Leaf | Listing):
            return Unclear(f"`{text}` is not followed")
        return of(target, (*through, text))

    return of(tree, ())
