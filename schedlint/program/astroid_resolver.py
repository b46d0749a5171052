"""Inference of classes by astroid, which is kept from touching anything but text. Nothing else imports astroid.

astroid's own import machinery changes the working directory and can load extension modules. It is never reached: every
module that astroid sees here is built by `_Project` from text that the program already reads, and answers its imports
through the program's own lookup. What lies outside the project is a stub in which every capitalised name is an empty
class, whether it is installed or not. No transforms ("brains") are applied, and attribute assignments are not inferred
while a module is built, so that one question does not read a whole closure of imports.

Importing this module imports astroid, which takes as long as a small run: see `resolver.Deferred`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePath
from typing import Any, TypeAlias

with warnings.catch_warnings():  # importing astroid adds filters to the process
    from astroid import nodes  # type: ignore[import-untyped]
    from astroid.builder import AstroidBuilder  # type: ignore[import-untyped]
    from astroid.exceptions import (  # type: ignore[import-untyped]
        AstroidError,
        AstroidImportError,
        AttributeInferenceError,
        UseInferenceDefault,
    )
    from astroid.manager import AstroidManager  # type: ignore[import-untyped]

from schedlint import facts
from schedlint.program.files import Finder, Found, Namespace, is_package
from schedlint.program.resolver import ClassPlace, Meaning
from schedlint.program.symbols import External, Unknown

MOST = 16
"""More possibilities than these, and it is unknown which class is meant."""

Text: TypeAlias = Callable[[str], "str | None"]

# What inference raises on odd input: its own errors, and what it runs into where it trusts the code it reads.
_FAILURES = (AstroidError, UseInferenceDefault, RecursionError, UnicodeError)


class AstroidResolver:
    """A `Resolver` for one run; making a `fresh` one drops all that astroid remembers, which takes it a while.

    `text` gives the text of a file exactly as its facts were made from it.
    """

    def __init__(self, text: Text, finder: Finder, *, fresh: bool = True) -> None:
        if fresh:
            AstroidManager().clear_cache()
        self._project = _Project(text, finder)

    def classes(self, path: str, expr: facts.Expr) -> tuple[Meaning, ...]:
        """See `Resolver.classes`. Whatever goes wrong in astroid is Unknown."""
        try:
            with warnings.catch_warnings(), _sealed_builtins():
                warnings.simplefilter("ignore")  # the parser's, about the code being read
                return self._infer(path, expr)
        except _FAILURES as failure:
            return (Unknown(f"inference failed ({type(failure).__name__})"),)

    def _infer(self, path: str, expr: facts.Expr) -> tuple[Meaning, ...]:
        node = _find(self._project.module(path), expr, self._project.lines(path))
        if node is None:
            return (Unknown("inference found no such expression"),)
        inferred = list(islice(node.infer(), MOST + 1))
        meanings = list(islice(self._meanings(inferred), MOST + 1))
        if max(len(inferred), len(meanings)) > MOST:
            return (Unknown(f"inference found more than {MOST} classes"),)
        return tuple(dict.fromkeys(meanings))

    def _meanings(self, inferred: list[Any]) -> Iterator[Meaning]:
        queue = list(inferred)
        for value in queue:
            if len(queue) > MOST * MOST:
                yield Unknown("inference found too many classes on the way")
                return
            if not isinstance(value, nodes.ClassDef):
                yield Unknown("inference found no class")
            elif value.root().name == "builtins":
                yield External(f"builtins.{value.name}")
            elif value.position is not None:
                yield self._project.place(value)
            elif any(not name.startswith("__") for name in value.locals):
                yield Unknown(f"the class {value.name} has no statement of its own")
            elif _lost_bases(value):
                yield Unknown(f"not all bases of the class {value.name} are known")
            else:  # made by type(...), with nothing in it
                queue += [base for each in value.bases for base in _evaluated(each)]


class _Project:
    """The files of the project as astroid modules, each built once, and stubs for all else."""

    def __init__(self, text: Text, finder: Finder) -> None:
        self._text = text
        self._finder = finder
        self._modules: dict[str, Any] = {}
        self._paths: dict[Any, str] = {}

    def module(self, path: str) -> Any:
        """The module of a file; raises AstroidError when the file cannot be read or parsed."""
        if path not in self._modules:
            text = self._text(path)
            if text is None:
                raise AstroidImportError("cannot be read", modname=path)
            name = _module_name(path)
            manager = _Manager(lambda module: self._adopt(module, path))
            name = f"{name}.__init__" if is_package(path) else name
            self._modules[path] = _Builder(manager, apply_transforms=False).string_build(text, name)
        return self._modules[path]

    def lines(self, path: str) -> list[str]:
        """The rows of a file, as Python counts them."""
        return (self._text(path) or "").split("\n")

    def place(self, cls: Any) -> Meaning:
        """Where a class statement stands, or the name of an outside class."""
        module = cls.root()
        if module in self._paths:
            return ClassPlace(self._paths[module], cls.name, cls.position.lineno)
        return External(f"{module.name}.{cls.name}")

    def _adopt(self, module: Any, path: str) -> None:
        """Take over the imports of a module as soon as it exists; astroid asks the module itself for them."""
        self._modules[path] = module
        self._paths[module] = path

        def import_module(
            name: str, relative_only: bool = False, level: int | None = None, use_cache: bool = True
        ) -> Any:
            if level or relative_only:
                return self._found(self._finder.find_relative(level or 1, name or None, path), name)
            found = self._finder.find(name, path)
            return _stub(name) if found is None else self._found(found, name, lambda sub: self._finder.find(sub, path))

        module.import_module = import_module

    def _found(self, found: Found, name: str, below: Callable[[str], Found] | None = None) -> Any:
        if isinstance(found, str):
            return self.module(found)
        if isinstance(found, Namespace) and below is not None:
            return self._namespace(name, below)
        raise AstroidImportError("leads to no file", modname=name)

    def _namespace(self, name: str, find: Callable[[str], Found]) -> Any:
        """A package that is only a folder: it has nothing but submodules."""
        module = _empty_module(name)
        module.import_module = lambda sub, **_: self._found(find(f"{name}.{sub}"), f"{name}.{sub}", find)
        return module


class _Manager(AstroidManager):  # type: ignore[misc]
    """Hands a module over before its star imports are followed, and keeps it out of what all managers share."""

    def __init__(self, adopt: Callable[[Any], None]) -> None:
        super().__init__()
        self._adopt = adopt

    def cache_module(self, module: Any) -> None:
        self._adopt(module)


class _Builder(AstroidBuilder):  # type: ignore[misc]
    """Builds without inference: what is assigned to attributes does not matter to which class is meant."""

    def delayed_assattr(self, node: Any) -> None:
        """Leave attribute assignments alone."""


@contextmanager
def _sealed_builtins() -> Iterator[None]:
    """Keep the builtins from importing: `open` comes from `_io`, which astroid would load through `sys.path`."""
    module = AstroidManager().builtins_module
    module.import_module = lambda name, **_: _stub(name)
    try:
        yield
    finally:
        del module.import_module


def _empty_module(name: str) -> Any:
    module = nodes.Module(name, package=True)
    module.postinit(body=[], doc_node=None)
    return module


def _stub(name: str) -> Any:
    """A module outside the project: capitalised names are empty classes in it, all others modules."""
    module = _empty_module(name)
    made: dict[str, Any] = {}

    def getattr_(attribute: str, context: Any = None, ignore_locals: bool = False) -> list[Any]:
        if attribute.startswith("__"):
            raise AttributeInferenceError(target=module, attribute=attribute, context=context)
        if attribute not in made:
            is_class = attribute.lstrip("_")[:1].isupper()
            made[attribute] = _stub_class(name, attribute) if is_class else _stub(f"{name}.{attribute}")
        return [made[attribute]]

    module.getattr = getattr_
    module.import_module = lambda sub, **_: _stub(f"{name}.{sub}")
    return module


def _stub_class(module: str, name: str) -> Any:
    manager = _Manager(lambda _: None)
    built = _Builder(manager, apply_transforms=False).string_build(f"class {name}: ...", module)
    return built.locals[name][0]


def _module_name(path: str) -> str:
    """A name with as many parts as the path: astroid lets relative imports climb no higher than its dots."""
    pure = PurePath(path)
    parts = pure.parent.parts if is_package(path) else (*pure.parent.parts, pure.stem)
    return ".".join(("project", *(part.replace(".", "_") for part in parts)))


def _lost_bases(cls: Any) -> bool:
    """Whether astroid left out bases given to `type(...)`, as it does with what it cannot infer: parameters."""
    calls = [node for node in cls.parent.get_children() if isinstance(node, nodes.Call) and len(node.args) == 3]
    written = [len(call.args[1].elts) for call in calls if isinstance(call.args[1], nodes.Tuple)]
    return written != [len(cls.bases)]


def _evaluated(base: Any) -> list[Any]:
    """The classes behind a base given to `type(...)`, of which astroid keeps the first."""
    if not isinstance(base, nodes.EvaluatedObject):
        return list(islice(base.infer(), MOST + 1))
    several = [value for value in islice(base.original.infer(), MOST + 1) if isinstance(value, nodes.ClassDef)]
    return several if len(several) > 1 else [base.value]


def _find(module: Any, expr: facts.Expr, lines: list[str]) -> Any | None:
    """The node that `expr` is, found by the place of its first name and by its shape."""
    shape, start = _shape(expr)
    if start is None:
        return None
    column = len(lines[start.row - 1][: start.column - 1].encode()) if start.row <= len(lines) else -1
    stack = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, (nodes.Name, nodes.Attribute, nodes.Call, nodes.Subscript)):
            bottom, found = _node_shape(node)
            if (bottom.lineno, bottom.col_offset) == (start.row, column) and found == shape:
                return node
        stack += [child for child in node.get_children() if _covers(child, start.row)]
    return None


def _covers(node: Any, row: int) -> bool:
    """Whether a row lies in a node; nodes without rows of their own may hold any."""
    return node.lineno is None or node.end_lineno is None or node.lineno <= row <= node.end_lineno


def _shape(expr: facts.Expr) -> tuple[tuple[str, ...], facts.Span | None]:
    """The calls, attributes and subscripts around the name at the bottom of an expression, and where it stands."""
    shape: list[str] = []
    while not isinstance(expr, facts.Name):
        if isinstance(expr, facts.Call):
            shape.append("()")
            expr = expr.func
        elif isinstance(expr, facts.Attribute):
            shape.append(expr.attr)
            expr = expr.value
        elif isinstance(expr, facts.Subscript):
            shape.append("[]")
            expr = expr.value
        else:
            return (), None
    return tuple(shape), expr.at


def _node_shape(node: Any) -> tuple[Any, tuple[str, ...]]:
    """The same of an astroid node."""
    shape: list[str] = []
    while isinstance(node, (nodes.Call, nodes.Attribute, nodes.Subscript)):
        if isinstance(node, nodes.Call):
            shape.append("()")
            node = node.func
        elif isinstance(node, nodes.Attribute):
            shape.append(node.attrname)
            node = node.expr
        else:
            shape.append("[]")
            node = node.value
    return node, tuple(shape)
