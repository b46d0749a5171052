"""schedlint: find learning-rate scheduler mistakes in PyTorch training code without running it.

From Python, what the command does is done by two functions. They print nothing, read no settings unless they are given
some, and never import or run what they check:

    import schedlint

    report = schedlint.check_paths(["train.py"], config=schedlint.load_config())
    for found in report.diagnostics:
        print(f"{found.at.path}:{found.at.row}: {found.code} {found.message}")

    report = schedlint.check_source("scheduler = StepLR(optimizer, 30)", filename="train.py")

The names in `__all__` are the public ones and follow the version; everything else may change in any release. They are
loaded when they are first asked for: `import schedlint` alone costs nothing.
"""

TYPE_CHECKING = False  # what type checkers take for true; `typing` has it too, and is slow to load

__version__ = "0.1.0.dev0"

__all__ = [
    "Confidence",
    "Config",
    "Diagnostic",
    "Location",
    "Note",
    "Report",
    "Selectors",
    "Severity",
    "UsageError",
    "__version__",
    "check_paths",
    "check_source",
    "load_config",
]

if TYPE_CHECKING:
    from schedlint.api import check_paths, check_source, load_config
    from schedlint.app import Report
    from schedlint.config import Config, Selectors
    from schedlint.diagnostics import Confidence, Diagnostic, Location, Note, Severity, UsageError
else:  # type checkers would believe of a module with `__getattr__` that it has every name

    def __getattr__(name: str) -> object:
        """A public name, from the module that it lives in."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from schedlint import api

        globals()[name] = found = getattr(api, name)
        return found

    def __dir__() -> list[str]:
        """What there is, loaded or not."""
        return sorted({*globals(), *__all__})
