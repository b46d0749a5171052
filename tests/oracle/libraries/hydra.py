"""As much of Hydra as the fixtures use: what they are given where the real one is not installed."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml


class Settings(dict[str, Any]):
    """A mapping whose keys are attributes too."""

    __getattr__ = dict.__getitem__


def main(config_path: str, config_name: str, version_base: str | None = None) -> Callable[[Any], Callable[[], Any]]:
    """Call the function with the files of the defaults list, each under its group, and then the file itself."""

    def decorate(function: Callable[[Any], Any]) -> Callable[[], Any]:
        folder = Path(inspect.getfile(function)).parent / config_path

        @functools.wraps(function)
        def called() -> Any:
            own = yaml.safe_load((folder / f"{config_name}.yaml").read_text())
            composed = {
                group: yaml.safe_load((folder / group / f"{name}.yaml").read_text())
                for choice in own.pop("defaults")
                if choice != "_self_"
                for group, name in choice.items()
            }
            return function(_referred(composed | own, composed | own))

        return called

    return decorate


def _referred(value: Any, root: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return Settings({key: _referred(inner, root) for key, inner in value.items()})
    reference = re.fullmatch(r"\$\{(\w+)\}", value) if isinstance(value, str) else None
    return root[reference[1]] if reference else value
