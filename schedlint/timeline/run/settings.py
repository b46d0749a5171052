"""Configuration files in a run: which file a program reads, and what it holds from there on.

A number that stands in a file is a `Symbol` with the role "setting", or "preset" where a command line or another file
may change it; it decides no branch, as people edit such files to take the other one. A list is a list of constants.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.configuration import Leaf, Listing, Node, Scalar, Section, Unclear
from schedlint.knowledge import schema
from schedlint.place import Place
from schedlint.program.symbols import External, Function
from schedlint.timeline.quantity import Items, Literal, Quantity, Symbol
from schedlint.timeline.run.prescan import changes_items
from schedlint.timeline.run.values import (
    FilePath,
    Foreign,
    Given,
    OpenFile,
    Pack,
    Ref,
    Table,
    Thing,
    Value,
    just,
    literal,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

READABLE = (".yaml", ".yml", ".json", ".toml", ".cfg", ".conf", "")
"""Endings of the files that are followed; others hold data."""

SETTINGS = "settings"
Trail = tuple[Scalar, ...]


class Settings:
    """Reads configuration files for the program."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._composed: dict[Function, Value] = {}

    # --- paths --------------------------------------------------------------------------------------------------------

    def path(self, value: Value | None) -> FilePath | None:
        """The path that a value is: a text, a path, or an option whose default is one."""
        thing = only(value) if value else None
        match thing:
            case FilePath():
                return thing
            case Literal(value=str(text)):
                return FilePath(text)
            case Symbol(role="option" | "field" | "preset" | "parameter", default=Literal(value=str(text))):
                return FilePath(text, sure=False)
            case Symbol(role="setting", default=Literal(value=str(text))):
                return FilePath(text)
            case _:
                return None

    def joined(self, values: Sequence[Value]) -> FilePath | None:
        """`a / b`, `os.path.join(a, b)`."""
        parts = [part for part in map(self.path, values) if part is not None]
        if not parts or len(parts) < len(values):
            return None
        text = os.path.normpath(os.path.join(*(part.text for part in parts)))
        return FilePath(text, all(part.sure for part in parts))

    def member(self, path: FilePath, name: str) -> Value | None:
        """An attribute of a path."""
        return just(FilePath(os.path.dirname(path.text) or ".", path.sure)) if name == "parent" else None

    def operation(self, op: str, left: Value, right: Value) -> Value | None:
        """`folder / "name"`, `folder + "/name"`; None where the left is no path."""
        first = only(left)
        if not isinstance(first, FilePath):
            return None
        if op == "/":
            path = self.joined((left, right))
        else:
            end = self.path(right)
            path = FilePath(first.text + end.text, first.sure and end.sure) if end is not None else None
        return just(path) if path is not None else None

    # --- calls --------------------------------------------------------------------------------------------------------

    def effect(
        self, function: schema.Function, given: tuple[Given, ...], receiver: Thing | None = None
    ) -> Value | None:
        """What a function gives that has to do with files and settings; None where that is not known."""
        plain = [argument.value for argument in given if argument.keyword is None and not argument.star]
        match function.effect:
            case schema.Effect.PATH:
                path = self.joined(plain)
                if path is not None and function.form == "folder":
                    return self.member(path, "parent")
                return just(path) if path is not None else None
            case schema.Effect.OPEN:
                return self._opened(plain, given)
            case schema.Effect.READ:
                return self._read(function, given, plain)
            case schema.Effect.HOLD:
                return self.held(given)
            case schema.Effect.MERGE:
                return self._merged(plain)
            case _:
                return None

    def _opened(self, plain: list[Value], given: tuple[Given, ...]) -> Value | None:
        named = {argument.keyword: argument.value for argument in given if argument.keyword is not None}
        path = self.path(plain[0] if plain else named.get("file"))
        mode = literal(plain[1]) if len(plain) > 1 else literal(named["mode"]) if "mode" in named else "r"
        if path is None or not isinstance(mode, str) or not mode.startswith("r") or "+" in mode:
            return None
        return just(OpenFile(path)) if os.path.splitext(path.text)[1].lower() in READABLE else None

    def _read(self, function: schema.Function, given: tuple[Given, ...], plain: list[Value]) -> Value | None:
        """What a reader returns for a file whose path is known."""
        source = self._source(function, given, plain)
        if source is None or not self._as_chosen(function, given, plain):
            return None
        node = self._machine.files.read(source.text, function.form)
        return None if isinstance(node, Unclear) else self.value(node, (), source.sure)

    def _source(self, function: schema.Function, given: tuple[Given, ...], plain: list[Value]) -> FilePath | None:
        named = [argument.value for argument in given if argument.keyword and argument.keyword == function.keyword]
        stream = named[0] if named else plain[function.argument] if len(plain) > function.argument else None
        thing = only(stream) if stream else None
        if isinstance(thing, OpenFile):
            return thing.path
        return self.path(stream) if function.paths else None

    def _as_chosen(self, function: schema.Function, given: tuple[Given, ...], plain: list[Value]) -> bool:
        """Whether the loader that is given is one that reads as the tables say."""
        named = [argument.value for argument in given if argument.keyword == function.chosen_by and argument.keyword]
        chosen = named or (plain[1:2] if function.chosen_by else [])
        if not chosen:
            return True
        loader = only(chosen[0])
        return isinstance(loader, Foreign) and loader.qualified in function.choices

    def held(self, given: tuple[Given, ...]) -> Value | None:
        """A mapping that holds the entries of another one: `SimpleNamespace(**settings)`, `EasyDict(settings)`."""
        containers = self._walk.containers
        first = only(given[0].value) if len(given) == 1 and not given[0].keyword and not given[0].star else None
        if isinstance(first, Ref) and self._machine.containers.get(first.id) == "dict":
            return just(first)
        result = Table(())
        for argument in given:
            table = containers.table(argument.value) if argument.star == "**" else None
            if argument.keyword is not None:
                table = Table(((argument.keyword, argument.value),))
            if table is None:
                return None
            result = self._laid_over(result, table)
        stands_in_file = any(self._stands_in_file(value) for _, value in result.entries)
        return just(containers.make("dict", result)) if stands_in_file else None

    def _stands_in_file(self, value: Value) -> bool:
        thing = only(value)
        return self.holds(value) or (isinstance(thing, Symbol) and thing.role in ("setting", "preset"))

    def _merged(self, plain: list[Value]) -> Value | None:
        """Several mappings laid over each other; what one that is not known may change is no more than a preset."""
        tables = [self._walk.containers.table(value) for value in plain]
        if all(table is None for table in tables):
            return None
        result = Table(())
        for table in tables:
            result = self._weak(result) if table is None else self._laid_over(result, table)
        return just(self._walk.containers.make("dict", result))

    def _laid_over(self, under: Table, over: Table) -> Table:
        containers = self._walk.containers
        entries = dict(under.entries)
        for key, value in over.entries:
            below, above = containers.table(entries.get(key, ())), containers.table(value)
            if below is not None and above is not None:
                value = just(containers.make("dict", self._laid_over(below, above)))
            entries[key] = value
        return Table(tuple(entries.items()), over.rest or under.rest)

    @staticmethod
    def named(name: Quantity) -> str:
        """The text that a configuration file has for a name; "" where none does."""
        match name:
            case Symbol(role="setting" | "preset", default=Literal(value=str(text))):
                return text
            case _:
                return ""

    def target(self, given: tuple[Given, ...]) -> tuple[str, tuple[Given, ...], bool]:
        """What `instantiate(settings, ...)` calls and with what, and whether it only prepares the call."""
        table = self._walk.containers.table(given[0].value) if given and not given[0].star else None
        if table is None:
            return "", (), False
        entries = {str(key): value for key, value in table.entries}
        named = {argument.keyword for argument in given}
        plain = tuple(
            Given(value, key, unpacked=True) for key, value in entries.items() if key[:1] != "_" and key not in named
        )
        target, partial = (self._default_of(entries.get(key)) for key in ("_target_", "_partial_"))
        arguments = (*(each for each in given[1:] if each.keyword is None), *plain)
        arguments = (*arguments, *(each for each in given[1:] if each.keyword is not None))
        return (target if isinstance(target, str) else ""), arguments, partial is True

    @staticmethod
    def _default_of(value: Value | None) -> Scalar:
        thing = only(value) if value else None
        default = thing.default if isinstance(thing, Symbol) else thing
        return default.value if isinstance(default, Literal) else None

    # --- trees of settings --------------------------------------------------------------------------------------------

    def method(self, ref: Ref, name: str, given: tuple[Given, ...]) -> Value | None:
        """A method of a mapping that is one of a settings class (yacs); None for any other."""
        machine = self._machine
        function = machine.knowledge.function(f"{machine.kinds_of_settings.get(ref.id, '')}.{name}")
        if function is None:
            return None
        if function.effect is schema.Effect.PASS_THROUGH:
            return just(ref)
        plain = [argument.value for argument in given if argument.keyword is None and not argument.star]
        if function.effect is schema.Effect.READ:
            read = self._read(function, given, plain)
            over = self._walk.containers.table(read) if read is not None else None
            if over is not None:
                self._lay_into(ref, over)
                return just(Literal(None))
        self.weaken(ref)
        return just(Literal(None))

    def make(self, qualified: str, given: tuple[Given, ...]) -> Value:
        """A new mapping of a settings class, with the entries of the one that it is given."""
        first = self._walk.containers.table(given[0].value) if len(given) == 1 else None
        unknown = just(self._machine.unknown("entry", "an entry of settings")) if given and first is None else None
        ref = self._walk.containers.make("dict", first or Table((), unknown))
        self._machine.kinds_of_settings[ref.id] = qualified
        return just(ref)

    def _lay_into(self, ref: Ref, over: Table) -> None:
        """`cfg.merge_from_file(path)`: the file's values from here on, in the same objects."""
        containers = self._walk.containers
        for key, value in over.entries:
            content = containers.content(ref)
            held = dict(content.entries).get(key, ()) if isinstance(content, Table) else ()
            inner, above = only(held), containers.table(value)
            if isinstance(inner, Ref) and containers.table(held) is not None and above is not None:
                self._lay_into(inner, above)
            else:
                containers.store_item(ref, just(Literal(key)), value)

    def fill(self, receiver: Thing, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        """`self.__dict__.update(settings)`: the entries become attributes."""
        for argument in given:
            table = self._walk.containers.table(argument.value)
            entries = table.entries if table is not None and argument.keyword is None else ()
            for name, value in entries:
                self._walk.members.store_attribute(just(receiver), str(name), value, at)
            if argument.keyword is not None:
                self._walk.members.store_attribute(just(receiver), argument.keyword, argument.value, at)
        return just(Literal(None))

    def holds(self, value: Value) -> bool:
        """Whether a value is a mapping of settings."""
        thing = only(value)
        return isinstance(thing, Ref) and thing.id in self._machine.kinds_of_settings

    def spelled(self, ref: Ref) -> Symbol:
        """A mapping as something unknown; one from a file is called as the file, or as its part of it."""
        content = self._walk.containers.content(ref) if ref.id in self._machine.kinds_of_settings else None
        rest = only(content.rest) if isinstance(content, Table) and content.rest is not None else None
        return rest if isinstance(rest, Symbol) else self._machine.unknown("dict", "a dict")

    def changed_by(self, function: facts.FunctionDef, given: tuple[Given, ...]) -> None:
        """A function that is not followed may change the settings that it is given."""
        refs = [option.thing for argument in given for option in argument.value if isinstance(option.thing, Ref)]
        settings = [ref for ref in refs if ref.id in self._machine.kinds_of_settings]
        if settings and changes_items(function):
            for ref in settings:
                self.weaken(ref)

    def weaken(self, ref: Ref) -> None:
        """From here on every value under a mapping may be another one: what is known of it is its default."""
        content = self._walk.containers.content(ref)
        if isinstance(content, Table):
            self._walk.containers.put(ref, self._weak(content, f"settings {ref.id}"))

    def _weak(self, table: Table, key: str = "settings") -> Table:
        entries = tuple((name, self._weak_value(value, f"{key}.{name}", str(name))) for name, value in table.entries)
        return Table(entries, table.rest or just(self._machine.unknown("entry", "settings that may be overridden")))

    def as_default(self, value: Value, key: str, name: str) -> Value:
        """What a configuration module stores is the default of an option: known, but not certain to stay."""
        return self._weak_value(value, key, name)

    def _weak_value(self, value: Value, key: str, name: str) -> Value:
        thing = only(value)
        if isinstance(thing, Ref) and self._machine.containers.get(thing.id) == "dict":
            self.weaken(thing)
            return value
        if isinstance(thing, Symbol) and thing.role in ("setting", "constant"):
            return just(replace(thing, role="preset" if thing.role == "setting" else "field"))
        if isinstance(thing, Literal) and thing.value is not None:
            return just(Symbol(key, name, role="field", default=thing))
        pack = self._walk.containers.as_pack(value)
        if pack is not None:
            default = self._walk.evaluator.scalar(pack)
            return just(Symbol(key, name, role="field", default=default if isinstance(default, Items) else None))
        return value

    # --- values of files ----------------------------------------------------------------------------------------------

    def value(self, node: Node, trail: Trail, sure: bool) -> Value:
        """A tree as the program sees it; what is not `sure` is the default of something that may be overridden."""
        self._machine.budget.step()
        name = ".".join(map(str, trail))
        match node:
            case Leaf(value=value, at=at):
                role = "setting" if sure else "preset"
                return just(Symbol(identity(at, name), name, role=role, default=Literal(value), place=at))
            case Section(entries=entries, at=at, is_open=is_open):
                inside = tuple((key, self.value(inner, (*trail, key), sure)) for key, inner in entries)
                called = name or os.path.basename(at.path)
                more = just(self._machine.unknown(called, "settings that may be overridden"))
                table = Table(inside, None if sure and not is_open else more)
                ref = self._walk.containers.make("dict", table)
                self._machine.kinds_of_settings.setdefault(ref.id, "")
                return just(ref)
            case Listing(items=items, at=at):
                return self._listed(items, trail, sure, Symbol(identity(at, name), name, "preset", place=at))
            case Unclear(reason=reason):
                return just(self._machine.unknown(name or "settings", reason))

    def _listed(self, items: tuple[Node, ...], trail: Trail, sure: bool, symbol: Symbol) -> Value:
        plain = tuple(Literal(item.value) for item in items if isinstance(item, Leaf))
        if len(plain) == len(items) and not sure:
            return just(replace(symbol, default=Items(plain)))
        if len(plain) == len(items):
            return just(self._walk.containers.make("list", Pack(tuple(map(just, plain)))))
        inner = tuple(self.value(item, (*trail, index), sure) for index, item in enumerate(items))
        return just(self._walk.containers.make("list", Pack(inner)))

    # --- Hydra --------------------------------------------------------------------------------------------------------

    def composed(self, function: Function) -> Value | None:
        """What a decorated function is called with: the configuration that is composed for it."""
        for decorator in function.node.decorators:
            if isinstance(decorator, facts.Call):
                spec = self._composing(function, decorator)
                if spec is not None:
                    return self._composition(function, decorator, spec)
        return None

    def _composing(self, function: Function, decorator: facts.Call) -> schema.Function | None:
        symbols = self._machine.program.expression(function.module, decorator.func)
        thing = symbols[0] if len(symbols) == 1 else None
        found = self._machine.knowledge.function(thing.qualified) if isinstance(thing, External) else None
        return found if found is not None and found.effect is schema.Effect.COMPOSE else None

    def _composition(self, function: Function, decorator: facts.Call, spec: schema.Function) -> Value | None:
        if any(argument.star for argument in decorator.arguments):
            return None
        evaluate = self._walk.names.evaluate_in
        given = tuple(Given(evaluate(function.module, each.value), each.keyword) for each in decorator.arguments)
        bound = {name: value for name, value, _ in self._walk.making.bind(spec.parameters, given)}
        name, folder = literal(bound.get("config_name", ())), self.path(bound.get("config_path", just(Literal("."))))
        if not isinstance(name, str) or folder is None:
            return None
        where = os.path.normpath(os.path.join(os.path.dirname(function.module.path), folder.text))
        node = self._machine.files.composed(where, name)
        return None if isinstance(node, Unclear) else self.value(node, (), sure=False)


def identity(at: Place, name: str) -> str:
    """The key of a value: the same wherever a reference or an alias leads to it."""
    return f"setting {at.path}:{at.row}:{at.column}" + ("" if at.row > 1 or at.column > 1 else f":{name}")
