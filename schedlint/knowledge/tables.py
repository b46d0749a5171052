"""The knowledge tables, read and indexed: one question, one dictionary look-up.

`load()` gives what is shipped; `Knowledge.merged` adds a table of the user's own. What the tables can say stands in
`schedlint.knowledge.schema`; what they say stands in the TOML files beside this module.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from schedlint.knowledge.schema import (
    Arithmetic,
    Class,
    Effect,
    Function,
    Library,
    Loader,
    Optimizer,
    Scheduler,
    View,
)
from schedlint.knowledge.signature import SignatureError, signature

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OWN_SECTIONS = ("schedulers", "optimizers", "loaders", "functions")

ROUNDS = 3  # a renamed module, then an alias in it, then done


class TableError(ValueError):
    """A table that does not fit the schema; the text names the table and the key."""


class Named(Protocol):
    """An entry of a table."""

    @property
    def name(self) -> str:
        """Its canonical qualified name."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""


Entry = TypeVar("Entry", bound=Named)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Knowledge:
    """What is known about libraries. Every method takes a qualified name, canonical or not.

    `interesting` holds the identifiers that make a function worth entering: the last part of each name under which a
    scheduler, an optimizer or one of their bases can be imported, and words such as `lr_scheduler`. `recurring` holds
    every parameter that some scheduler has for the length of a part that comes again. `entered_for` are identifiers
    that make a function worth entering for what it returns.
    """

    libraries: tuple[Library, ...]
    interesting: frozenset[str]
    entered_for: frozenset[str]
    recurring: frozenset[str]
    renames: Mapping[str, str]  # aliases, and renamed modules
    depth: int  # of the name in `renames` with the most parts
    own: Mapping[str, tuple[str, ...]]  # the last part of each name in the user's own tables -> those names
    vendored: Mapping[str, tuple[Scheduler, ...]]  # the last part of its name -> what is copied into projects
    schedulers: Mapping[str, Scheduler]
    optimizers: Mapping[str, Optimizer]
    loaders: Mapping[str, Loader]
    views: Mapping[str, View]
    functions: Mapping[str, Function]
    operations: Mapping[str, Arithmetic]
    constants: Mapping[str, float]
    classes: Mapping[str, Class]
    bases: Mapping[str, str]  # a class -> the class it derives from
    roots: Mapping[str, frozenset[str]]  # "scheduler", "optimizer", "loader", ... -> classes to derive from
    modules: Mapping[str, frozenset[str]]  # "optimizer", "loader", "dataset", "not scheduler" -> prefixes

    def canonical(self, qualified: str) -> str:
        """The one name of what has several; a name not in the tables comes back with its known part made canonical."""
        for _ in range(ROUNDS):
            renamed = self.renamed(qualified)
            if renamed == qualified:
                break
            qualified = renamed
        return qualified

    def renamed(self, qualified: str) -> str:
        """One round of `canonical`: the longest part that has another name is replaced."""
        parts = qualified.split(".", self.depth)
        for count in range(len(parts), 0, -1):
            prefix = ".".join(parts[:count])
            if prefix in self.renames:
                return self.renames[prefix] + qualified[len(prefix) :]
        return qualified

    def scheduler(self, qualified: str) -> Scheduler | None:
        """The scheduler class, or the function that returns a scheduler."""
        return self.schedulers.get(self.canonical(qualified))

    def resembling(self, name: str, parameters: Sequence[str]) -> Scheduler | None:
        """The class that one so called, whose constructor has these parameters, is a copy of, as far as these tell.

        It must have the parameters that carry the horizon or hold other schedulers, or all that must be given where
        there are none, and in the same order; a warm-up too if it has one. Others may be missing or added.
        """
        return next((entry for entry in self.vendored.get(name, ()) if is_told_by(entry, parameters)), None)

    def optimizer(self, qualified: str) -> Optimizer | None:
        """The optimizer class or function; with no more than its name for a class in a module full of optimizers."""
        name = self.canonical(qualified)
        found = self.optimizers.get(name)
        return Optimizer(name=name) if found is None and self.is_class_in("optimizer", name) else found

    def loader(self, qualified: str) -> Loader | None:
        """The loader, dataset or sampler; with no more than its name for a class in a module full of them."""
        name = self.canonical(qualified)
        if name in self.loaders:
            return self.loaders[name]
        if self.is_class_in("dataset", name):
            return Loader(name=name, kind="dataset")
        return Loader(name=name) if self.is_class_in("loader", name) else None

    def view(self, qualified: str) -> View | None:
        """The function whose result iterates over its argument."""
        found = self.views.get(self.canonical(qualified))
        return None if found is None or found.method else found

    def method_view(self, method: str) -> View | None:
        """The view that a method with this bare name gives, whatever its receiver is."""
        found = self.views.get(method)
        return found if found is not None and found.method else None

    def function(self, qualified: str) -> Function | None:
        """The function, or the method `Class.method`, inherited ones included."""
        name = self.canonical(qualified)
        if name in self.functions:
            return self.functions[name]
        owner, _, method = name.rpartition(".")
        inherited = (self.functions.get(f"{ancestor}.{method}") for ancestor in self.ancestors(owner))
        return next(filter(None, inherited), None)

    def arithmetic(self, qualified: str) -> Arithmetic | None:
        """The pure function of numbers."""
        return self.operations.get(self.canonical(qualified))

    def constant(self, qualified: str) -> float | None:
        """The number that has this name."""
        return self.constants.get(self.canonical(qualified))

    def klass(self, qualified: str) -> Class | None:
        """The class that matters by its methods."""
        return self.classes.get(self.canonical(qualified))

    def ancestors(self, qualified: str) -> tuple[str, ...]:
        """The canonical names of the classes it derives from, nearest first.

        For a function that returns a scheduler they start with the class of its result.
        """
        found: list[str] = []
        name = self.bases.get(self.canonical(qualified), "")
        while name and name not in found:
            found.append(name)
            name = self.bases.get(name, "")
        return tuple(found)

    def is_scheduler_base(self, qualified: str) -> bool:
        """Whether a class that derives from it is a learning-rate scheduler."""
        return self.canonical(qualified) in self.roots["scheduler"]

    def is_template(self, qualified: str) -> bool:
        """Whether its constructor steps once, and its `step()` asks `get_lr()` of a class that derives from it."""
        return self.canonical(qualified) in self.roots["template"]

    def is_optimizer_base(self, qualified: str) -> bool:
        """Whether a class that derives from it is an optimizer."""
        name = self.canonical(qualified)
        return name in self.roots["optimizer"] or self.is_class_in("optimizer", name)

    def is_loader_base(self, qualified: str) -> bool:
        """Whether a class that derives from it is a data loader."""
        name = self.canonical(qualified)
        return name in self.roots["loader"] or self.is_class_in("loader", name)

    def is_dataset_base(self, qualified: str) -> bool:
        """Whether a class that derives from it is a dataset."""
        name = self.canonical(qualified)
        return name in self.roots["dataset"] or self.is_class_in("dataset", name)

    def is_module_base(self, qualified: str) -> bool:
        """Whether a class that derives from it is a neural network module."""
        return self.canonical(qualified) in self.roots["module"]

    def is_not_scheduler(self, qualified: str) -> bool:
        """Whether it is known to have nothing to do with learning rates, whatever it is called."""
        name = self.canonical(qualified)
        return name not in self.schedulers and any(prefix in self.modules["not scheduler"] for prefix in prefixes(name))

    def is_class_in(self, kind: str, name: str) -> bool:
        """Whether a canonical name looks like a class and stands in a module of that kind."""
        last = name.rpartition(".")[2]
        return last[:1].isupper() and any(prefix in self.modules[kind] for prefix in prefixes(name))

    def packages(self) -> frozenset[str]:
        """The top-level packages that the tables speak of: `torch`, `timm`, ..."""
        named = (self.schedulers, self.optimizers, self.loaders, self.views, self.functions, self.classes, self.renames)
        return frozenset(name.partition(".")[0] for names in named for name in names if "." in name)

    def merged(self, extra: Library) -> Knowledge:
        """The same with a table of the user's own, which wins where both know a name, whichever it has there."""
        table = replace(extra, **{section: self._renamed(getattr(extra, section)) for section in OWN_SECTIONS})
        own: dict[str, tuple[str, ...]] = {}
        for entry in entries(table):
            for name in (entry.name, *entry.aliases):
                last = name.rpartition(".")[2]
                own[last] = (*own.get(last, ()), name)
        return dataclasses.replace(indexed((*self.libraries, table)), own=own)

    def _renamed(self, section: tuple[Any, ...]) -> tuple[Any, ...]:
        """Entries under the names that the tables have for them; the name that was written is another one then."""
        canonical = [(entry, self.canonical(entry.name)) for entry in section]
        return tuple(
            entry if entry.name == name else replace(entry, name=name, aliases=(entry.name, *entry.aliases))
            for entry, name in canonical
        )


def prefixes(name: str) -> Iterator[str]:
    """The dotted prefixes of a name, itself included: `a.b.c` gives `a`, `a.b`, `a.b.c`."""
    end = name.find(".")
    while end != -1:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name


@cache
def load() -> Knowledge:
    """The tables shipped with schedlint. Raises `TableError` when one does not fit the schema."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return indexed(tuple(library(tomllib.loads(file.read_text("utf-8")), file.name) for file in files))


def library(raw: Mapping[str, Any], table: str) -> Library:
    """A table decoded from TOML, checked against the schema; `table` is its name in the `TableError` that may come."""
    try:
        return dated(msgspec.convert({key: expanded(value) for key, value in raw.items()}, Library))
    except (msgspec.ValidationError, SignatureError) as error:
        raise TableError(f"{table}: {error}") from error


def dated(library: Library) -> Library:
    """A table whose schedulers say of each parameter that is gone when it was first warned of."""
    if not library.deprecated:
        return library
    return replace(library, schedulers=tuple(with_warnings(each, library.deprecated) for each in library.schedulers))


def with_warnings(entry: Scheduler, deprecated: Mapping[str, str]) -> Scheduler:
    """A scheduler whose parameters that are gone say when they were first warned of."""
    parameters = (
        replace(each, warns=deprecated.get(each.name, "")) if each.until else each for each in entry.parameters
    )
    return replace(entry, parameters=tuple(parameters))


def expanded(section: Any) -> Any:
    """A section of a table with its signatures read; anything else comes back as it is, for the schema to judge."""
    if not isinstance(section, list):
        return section
    return [with_parameters(entry) if isinstance(entry, dict) else entry for entry in section]


def with_parameters(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of a table with its signatures read."""
    result = {key: read_signature(value) if key == "parameters" else value for key, value in entry.items()}
    if isinstance(entry.get("former"), dict):
        result["former"] = {version: read_signature(value) for version, value in entry["former"].items()}
    return result


def read_signature(value: Any) -> Any:
    """The parameters of a signature; what is no text comes back as it is, for the schema to judge."""
    return signature(value) if isinstance(value, str) else value


def indexed(libraries: tuple[Library, ...]) -> Knowledge:
    """The tables with an index over their names; a later library wins."""
    renames = dict(chain.from_iterable(map(renames_in, libraries)))
    schedulers = by_name(libraries, lambda library: library.schedulers)
    optimizers = by_name(libraries, lambda library: library.optimizers)
    loaders = by_name(libraries, lambda library: library.loaders)
    classes = by_name(libraries, lambda library: library.classes)
    roots = {
        "scheduler": listed(libraries, "schedule_bases") | {s.name for s in schedulers.values() if not s.function},
        "template": listed(libraries, "template_bases"),
        "optimizer": listed(libraries, "optimizer_bases") | {o.name for o in optimizers.values() if not o.function},
        "loader": {entry.name for entry in loaders.values() if entry.kind == "loader"},
        "dataset": listed(libraries, "dataset_bases") | {d.name for d in loaders.values() if is_dataset_class(d)},
        "module": listed(libraries, "module_bases") | {c.name for c in classes.values() if c.kind == "module"},
    }
    trained = roots["scheduler"] | roots["optimizer"] | schedulers.keys() | optimizers.keys()
    return Knowledge(
        libraries=libraries,
        interesting=last_parts(trained, renames) | listed(libraries, "words"),
        entered_for=listed(libraries, "entered_for"),
        recurring=frozenset(chain.from_iterable(scheduler.recurring for scheduler in schedulers.values())),
        renames=renames,
        own={},
        vendored=by_last_part(entry for entry in schedulers.values() if entry.vendored),
        depth=max((name.count(".") + 1 for name in renames), default=1),
        schedulers=schedulers,
        optimizers=optimizers,
        loaders=loaders,
        views=by_name(libraries, lambda library: library.views),
        functions=by_name(libraries, functions_in),
        operations=by_name(libraries, lambda library: library.arithmetic),
        constants=dict(chain.from_iterable(library.constants.items() for library in libraries)),
        classes=classes,
        bases=dict(chain.from_iterable(map(bases_in, libraries))),
        roots={kind: frozenset(names) for kind, names in roots.items()},
        modules={kind: listed(libraries, field) for kind, field in MODULES.items()},
    )


MODULES = {
    "optimizer": "optimizer_modules",
    "loader": "loader_modules",
    "dataset": "dataset_modules",
    "not scheduler": "not_schedulers",
}


def by_name(libraries: Iterable[Library], section: Callable[[Library], Iterable[Entry]]) -> dict[str, Entry]:
    """The entries of one section of all libraries, under their canonical names."""
    return {entry.name: entry for library in libraries for entry in section(library)}


def by_last_part(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """The entries under the last part of their names."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        last = entry.name.rpartition(".")[2]
        found[last] = (*found.get(last, ()), entry)
    return found


def is_told_by(entry: Scheduler, parameters: Sequence[str]) -> bool:
    """Whether these are parameters that tell a scheduler class, in its order."""
    telling = {*entry.horizon, *entry.product, entry.children} - {""}
    telling = telling or {parameter.name for parameter in entry.parameters if parameter.required}
    in_order = [each.name for each in entry.parameters if each.name in telling or each.name in entry.warm_up]
    shared = [name for name in in_order if name in parameters]
    return telling <= set(shared) and shared == [name for name in parameters if name in shared]


def listed(libraries: Iterable[Library], field: str) -> frozenset[str]:
    """All the names that the libraries list in `field`."""
    return frozenset(name for library in libraries for name in getattr(library, field))


def is_dataset_class(entry: Loader) -> bool:
    """Whether it is a dataset, and no function that gives several."""
    return entry.kind == "dataset" and not entry.many


def last_parts(names: Iterable[str], renames: Mapping[str, str]) -> frozenset[str]:
    """The last part of each of these names and of each of its other names."""
    wanted = frozenset(names)
    others = (other for other, name in renames.items() if name in wanted)
    return frozenset(name.rpartition(".")[2] for name in chain(wanted, others))


def renames_in(library: Library) -> Iterator[tuple[str, str]]:
    """Every other name in a library with the canonical one."""
    yield from library.modules.items()
    for entry in entries(library):
        for alias in entry.aliases:
            yield alias, entry.name


def bases_in(library: Library) -> Iterator[tuple[str, str]]:
    """Every class in a library that derives from another, with that other one."""
    sections: tuple[Iterable[Scheduler | Optimizer | Class], ...] = (
        library.schedulers,
        library.optimizers,
        library.classes,
    )
    for entry in chain.from_iterable(sections):
        if entry.base:
            yield entry.name, entry.base


def entries(library: Library) -> Iterator[Named]:
    """Everything in a library that has a name."""
    yield from library.schedulers
    yield from library.optimizers
    yield from library.loaders
    yield from library.views
    yield from library.functions
    yield from library.arithmetic
    yield from library.classes


def functions_in(library: Library) -> Iterator[Function]:
    """The functions of a library, the inert ones that are only listed included."""
    for name in library.inert:
        yield Function(name=name, effect=Effect.INERT)
    yield from library.functions
