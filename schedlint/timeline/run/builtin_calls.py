"""Calls of the interpreter's own functions that move values about, and command-line options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.timeline.quantity import Literal, Quantity, Symbol, Text
from schedlint.timeline.run.values import (
    CHOSEN_BY_NAME,
    FilePath,
    Foreign,
    ForeignMember,
    ForeignObject,
    Given,
    Pack,
    Partial,
    ProjectClass,
    ProjectModule,
    Ref,
    Stream,
    Table,
    Value,
    alternatives,
    just,
    literal,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

PARSER = "argparse.ArgumentParser"
GROUPS = ("add_argument_group", "add_mutually_exclusive_group", "add_parser", "add_subparsers")
PARSING = {
    "parse_args": False,
    "parse_known_args": True,
    "parse_intermixed_args": False,
    "parse_args_into_dataclasses": False,
}


class BuiltinCalls:
    """Answers what `library` asks first."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._options: dict[tuple[str, str], Symbol] = {}
        self._ways: dict[str, Callable[[tuple[Given, ...], facts.Span | None, str], Value | None]] = {
            "getattr": self._getattr,
            "type": self._type,
            "locals": self._variables,
            "globals": self._variables,
            "setattr": self._setattr,
            "functools.partial": self._partial,
            "dict": self._dict,
            "collections.OrderedDict": self._dict,
            "easydict.EasyDict": self._easy_dict,
            "argparse.Namespace": self._namespace,
            PARSER: self._parser,
            "list": self._list,
            "tuple": self._list,
            "next": self._next,
            "iter": self._iter,
            "copy.copy": self._first,
            "copy.deepcopy": self._copy,
            "vars": self._first,
            "os.environ.get": self._environment,
            "os.getenv": self._environment,
        }

    def call(self, qualified: str, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        """The result of a builtin; None where it is none of these."""
        way = self._ways.get(qualified)
        return way(given, at, spelled) if way is not None else None

    # --- attributes by name -------------------------------------------------------------------------------------------

    def _getattr(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        if len(given) < 2:
            return None
        name = literal(given[1].value)
        if isinstance(name, str):
            return self._walk.members.attribute(given[0].value, name, at)
        holder = only(given[0].value)
        if isinstance(holder, Foreign):
            return just(ForeignMember(holder.qualified, self._walk.evaluator.scalar_of(given[1].value)))
        if isinstance(holder, ProjectModule):
            return self._chosen_from(holder, given[1].value, at)
        return just(self._machine.unknown("getattr", CHOSEN_BY_NAME, at))

    def _chosen_from(self, holder: ProjectModule, name: Value, at: facts.Span | None) -> Value:
        """A member of a project module chosen by name: one that is imported into it from a library, if all are from
        one.
        """
        for candidate in ("SGD", "StepLR"):
            sources = {
                foreign.qualified.rpartition(".")[0]
                for symbol in self._machine.program.lookup(holder.module, candidate)
                if isinstance(foreign := only(self._walk.names.meaning((symbol,), candidate, candidate)), Foreign)
            }
            source = sources.pop() if len(sources) == 1 else ""
            if self._walk.library.makes_objects(source):
                return just(ForeignMember(source, self._walk.evaluator.scalar_of(name)))
        return just(self._machine.unknown("getattr", "a member of a module chosen by name", at))

    def _environment(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        """An environment variable: an option by its name, with the default that stands beside it."""
        name = literal(given[0].value) if given else None
        if not isinstance(name, str):
            return None
        default = self._default(given[1].value) if len(given) > 1 else None
        if isinstance(default, Literal) and isinstance(default.value, str) and default.value.isdecimal():
            default = Literal(int(default.value))
        return just(Symbol(f"environment {name}", name, role="option", default=default, place=self._machine.place(at)))

    def _type(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        """`type(self)`: the class of an instance of the project."""
        thing = only(given[0].value) if len(given) == 1 else None
        instance = self._machine.instances.get(thing.id) if isinstance(thing, Ref) else None
        return just(ProjectClass(instance.cls, instance.frames)) if instance is not None else None

    def _variables(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """`locals()` and `globals()`: from there on every variable may be used by its name."""
        for frame in (self._machine.frame.id, self._walk.names.module_frame(self._machine.frame.module).id):
            for value in self._machine.store.held_by(frame):
                self._walk.escapes.note_escape(value, f"seen by `{spelled}()`", at)
        return just(self._machine.unknown(f"{spelled}()", "the variables by their names", at))

    def _setattr(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        if len(given) == 3:
            name = literal(given[1].value)
            if isinstance(name, str):
                self._walk.members.store_attribute(given[0].value, name, given[2].value, at)
            else:
                self._walk.escapes.escape(given[2].value, "stored to an attribute chosen by name", at)
        return just(Literal(None))

    # --- making and reading containers --------------------------------------------------------------------------------

    def _partial(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        if not given:
            return None
        return alternatives(
            [(just(Partial(option.thing, given[1:])), option.when) for option in given[0].value],
            self._machine.unknown("partial", "", at).key,
        )

    def _dict(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        entries: dict[bool | int | float | str | None, Value] = {}
        rest: Value | None = None
        for argument in given:
            table = self._walk.containers.table(argument.value)
            if argument.keyword is not None:
                entries[argument.keyword] = argument.value
            elif table is not None:
                entries.update(table.entries)
                rest = table.rest or rest
            else:
                rest = just(self._machine.unknown("entry", "an entry of a dict", at))
        return just(self._walk.containers.make("dict", Table(tuple(entries.items()), rest)))

    def _easy_dict(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """`EasyDict(settings)`; settings that are not known are read by the same names as before."""
        lone = only(given[0].value) if len(given) == 1 and not given[0].keyword and not given[0].star else None
        return given[0].value if isinstance(lone, Symbol) else self._dict(given, at, spelled)

    def _namespace(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        """`Namespace(**settings)`; one that is made empty gets its attributes later."""
        return self._walk.settings.held(given)

    def _list(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        if not given:
            return just(self._walk.containers.make("list", Pack(())))
        pack = self._walk.containers.as_pack(given[0].value)
        if pack is not None:
            return just(self._walk.containers.make("list", pack))
        return just(Stream("same", (given[0].value,), spelled))

    def _iter(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        if not given:
            return None
        return just(Stream("same", (given[0].value,), spelled, endless=len(given) > 1))

    def _next(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        for argument in given:
            self._walk.escapes.let_go(argument.value, "taken by hand", at)
        return just(self._machine.unknown("next()", "an item taken by hand", at))

    def _first(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        return given[0].value if given else None

    def _copy(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value | None:
        """A copy of plain data is as good as the data; a copy of an object is not the object."""
        if not given or any(self._walk.containers.holds(option.thing) for option in given[0].value):
            return just(self._machine.unknown("copy", "a copy of an object", at))
        return given[0].value

    # --- command-line options -----------------------------------------------------------------------------------------

    def attribute(self, thing: ForeignObject, name: str, at: facts.Span | None) -> Value:
        """An attribute of an instance of a library class: an option of parsed arguments, else unknown."""
        stored = self._machine.read((self._machine.symbol_owner(thing.key), name))
        if stored is not None:
            return stored
        if name == "__dict__":
            return just(thing)
        option = self._options.get((thing.key, name))
        said = f"{thing.name or 'args'}.{name}"
        if option is not None:
            return just(replace(option, name=said))
        reason = (
            "an option that is not declared in the files that were read"
            if thing.qualified.startswith("argparse")
            else ""
        )
        return just(Symbol(f"{thing.key}.{name}", said, reason=reason or f"an attribute of {thing.qualified}"))

    def on_parser(
        self, parser: ForeignObject, name: str, given: tuple[Given, ...], at: facts.Span | None
    ) -> Value | None:
        """A method of a command-line parser; None for any other object."""
        if parser.qualified != PARSER:
            return None
        if name == "add_argument":
            self._declare(parser, given, at)
        elif name == "set_defaults":
            self._set_defaults(parser, given)
        elif name in GROUPS:
            return just(parser)
        elif name in PARSING:
            parsed = just(ForeignObject("argparse.Namespace", parser.key))
            rest = just(self._machine.unknown("rest", "unknown options", at))
            return just(Pack((parsed, rest))) if PARSING[name] else parsed
        return just(Literal(None))

    def _parser(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """A command-line parser, with the options that its parents have by now."""
        parser = ForeignObject(PARSER, self._machine.unknown(spelled, "", at).key)
        for argument in given:
            if argument.keyword == "parents":
                pack = self._walk.containers.as_pack(argument.value)
                for parent in map(only, pack.items if pack is not None else ()):
                    if isinstance(parent, ForeignObject):
                        self._inherit(parser, parent)
        return just(parser)

    def _inherit(self, parser: ForeignObject, parent: ForeignObject) -> None:
        for (key, name), option in list(self._options.items()):
            if key == parent.key:
                self._options[(parser.key, name)] = replace(option, key=f"{parser.key}.{name}")

    def _declare(self, parser: ForeignObject, given: tuple[Given, ...], at: facts.Span | None) -> None:
        flags = [literal(argument.value) for argument in given if argument.keyword is None]
        named = {argument.keyword: argument.value for argument in given if argument.keyword is not None}
        names = [flag.lstrip("-").replace("-", "_") for flag in flags if isinstance(flag, str)]
        long = [flag.lstrip("-").replace("-", "_") for flag in flags if isinstance(flag, str) and flag.startswith("--")]
        dest = literal(named["dest"]) if "dest" in named else None
        name = dest if isinstance(dest, str) else (long or names or [""])[0]
        if not name:
            return
        said = literal(named["help"]) if "help" in named else None
        self._options[(parser.key, name)] = Symbol(
            key=f"{parser.key}.{name}",
            name=name,
            role="option",
            default=self._default(named.get("default")),
            help=said if isinstance(said, str) else "",
            place=self._machine.place(at),
            text=None if any(argument.star for argument in given) else given_text(named),
        )

    def _default(self, value: Value | None) -> Quantity | None:
        thing = only(value) if value is not None else None
        if isinstance(thing, Literal):
            return thing
        if isinstance(thing, FilePath):
            return Literal(thing.text)
        if isinstance(thing, Symbol) and thing.role in ("setting", "preset", "constant"):
            return thing.default
        if isinstance(thing, (Pack, Ref)):
            return self._walk.evaluator.scalar(thing)
        return None

    def _set_defaults(self, parser: ForeignObject, given: tuple[Given, ...]) -> None:
        for argument in given:
            if argument.keyword is not None:
                key = (parser.key, argument.keyword)
                self._options[key] = Symbol(
                    key=f"{parser.key}.{argument.keyword}",
                    name=argument.keyword,
                    role="option",
                    default=self._default(argument.value),
                )


def given_text(declared: Mapping[str, Value]) -> Text | None:
    """In which form an option gives the characters of the command line, by what its declaration says; None where its
    `type` makes something else of them, or it may be a switch.
    """
    made = only(declared["type"]) if "type" in declared else Foreign("str")
    action = literal(declared["action"]) if "action" in declared else "store"
    many = action in ("append", "extend") or ("nargs" in declared and literal(declared["nargs"]) != "?")
    if not isinstance(made, Foreign) or action not in ("store", "append", "extend"):
        return None
    if made.qualified in ("list", "tuple"):
        return None if many else Text.CHARACTERS
    if made.qualified != "str":
        return None
    return Text.LIST if many else Text.WHOLE
