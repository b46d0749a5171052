"""Tables that users write in their settings: entries of the schema, with more left to defaults, and with errors that
say what to change.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from enum import Enum
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from schedlint.knowledge.schema import Construction, Function, Library, Loader, Optimizer, Parameter, Scheduler
from schedlint.knowledge.signature import SignatureError, signature
from schedlint.knowledge.tables import TableError
from schedlint.misspelled import LONGEST, meant

SECTIONS: Mapping[str, type[Scheduler | Optimizer | Loader | Function]] = {
    "schedulers": Scheduler,
    "optimizers": Optimizer,
    "loaders": Loader,
    "functions": Function,
}
"""What users may add to, with what one entry is."""

SHIPPED_ONLY = frozenset({"former", "vendored", "ramp"})
"""What only tables of libraries with many versions, and copies, need; and what is a table itself."""

NAMING = ("horizon", "product", "warm_up", "recurring", "function_parameters", "units", "children", "rate", "drop")
NAMING_ALSO = ("dataset", "batch_size", "wraps")
"""Keys whose values are names of parameters."""

OPTIMIZER = (Parameter("optimizer", required=True),)
"""The parameters of a scheduler of which no others are given: the rest can only be told apart by name."""


def own(tables: Mapping[str, Any]) -> Library:
    """The entries in some sections of a user's settings. Raises TableError, in one line, for what is none."""
    read = {section: tuple(_entries(section, raw)) for section, raw in tables.items()}
    words = (entry.name.rpartition(".")[2] for entry in read.get("functions", ()))
    return msgspec.convert({"library": "own", "source": "", "words": tuple(words), **read}, Library)


def _entries(section: str, raw: Any) -> Iterable[Scheduler | Optimizer | Loader | Function]:
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise TableError(f"`{section}` must be tables, each under [[tool.schedlint.{section}]], not {_brief(raw)}")
    return (_entry(section, entry, number) for number, entry in enumerate(raw, 1))


def _entry(section: str, raw: Mapping[str, Any], number: int) -> Scheduler | Optimizer | Loader | Function:
    struct, name = SECTIONS[section], _name(section, raw, number)
    of = f" of `{name}`"
    values = {key: value for key, value in _values(struct, raw, section, of).items() if value != ()}
    if struct is Function and "effect" not in values:
        raise TableError(f"`effect`{of} is missing: it is {_expected(get_type_hints(Function)['effect'])[0]}")
    _named(values, of)
    if struct is Scheduler:
        values.setdefault("construction", Construction.unknown())
        values.setdefault("parameters", OPTIMIZER)
        values["horizon"] = tuple(dict.fromkeys((*values.get("horizon", ()), *values.get("recurring", ()))))
    return struct(**values)


def _name(section: str, raw: Mapping[str, Any], number: int) -> str:
    """The name of an entry; it may be all that is written."""
    name = raw.get("name")
    if name is None:
        raise TableError(f"entry {number} of `{section}` has no `name`")
    if not isinstance(name, str) or not all(part.isidentifier() for part in name.split(".")):
        raise TableError(f"`name` in entry {number} of `{section}` must be one as imports spell it, not {_brief(name)}")
    return name


def _values(struct: type, raw: Mapping[str, Any], section: str, of: str) -> dict[str, Any]:
    """The values of an entry, each of the type that the schema asks for."""
    types = {key: each for key, each in get_type_hints(struct).items() if key not in SHIPPED_ONLY}
    for key in raw:
        if key not in types:
            raise TableError(f"`{key[:LONGEST]}`{of} is no key of `{section}`{meant(key, types)}")
    return {key: _value(key, value, types[key], of) for key, value in raw.items()}


def _value(key: str, value: Any, wanted: Any, of: str) -> Any:
    """One value; a list of one text may be written as that text."""
    if key == "parameters":
        return _parameters(value, of)
    if wanted is Construction and isinstance(value, dict):
        return Construction(**_values(Construction, value, key, of))
    if isinstance(value, str) and wanted == tuple[str, ...]:
        value = [value]
    try:
        return msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        expected, choices = _expected(wanted)
        nearest = meant(value, choices) if isinstance(value, str) else ""
        raise TableError(f"`{key}`{of} must be {expected}, not {_brief(value)}{nearest}") from None


def _parameters(value: Any, of: str) -> tuple[Parameter, ...]:
    if not isinstance(value, str):
        raise TableError(f"`parameters`{of} must be a text such as 'optimizer, steps, power=0.9', not {_brief(value)}")
    try:
        return signature(value)
    except SignatureError as error:
        raise TableError(f"`parameters`{of}: {error}") from error


def _expected(wanted: Any) -> tuple[str, tuple[str, ...]]:
    """What a value must be, in words, and what it may be where that can be listed."""
    if get_origin(wanted) is Literal or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        choices = get_args(wanted) or tuple(each.value for each in wanted)
        return f"one of {', '.join(choices)}", choices
    if get_origin(wanted) is UnionType or wanted is int:
        return "a number", ()
    return {bool: "true or false", str: "a text", tuple[str, ...]: "a list of texts"}.get(wanted, "a table"), ()


def _named(values: Mapping[str, Any], of: str) -> None:
    """Refuse a key that names a parameter which is not among those given; where none are given, any may be meant."""
    known = [parameter.name for parameter in values.get("parameters", ())]
    for key in (*NAMING, *NAMING_ALSO):
        named = values.get(key, ())
        for name in [named] if isinstance(named, str) else named:
            if known and name not in known:
                raise TableError(f"`{key}`{of} names `{name}`, which is none of its parameters{meant(name, known)}")


def _brief(value: object) -> str:
    """A value in a few words, however large it is."""
    return reprlib.repr(value)
