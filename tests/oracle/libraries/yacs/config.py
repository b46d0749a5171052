"""As much of yacs as the fixtures use: what they are given where the real one is not installed."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import yaml


class CfgNode(dict[str, Any]):
    """A mapping whose keys are attributes too; texts in a file that are Python literals are read as such."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__

    def clone(self) -> CfgNode:
        return CfgNode({key: value.clone() if isinstance(value, CfgNode) else value for key, value in self.items()})

    def freeze(self) -> None: ...

    def merge_from_file(self, path: str) -> None:
        self._merge(yaml.safe_load(Path(path).read_text()))

    def _merge(self, entries: dict[str, Any]) -> None:
        for key, value in entries.items():
            if isinstance(value, dict):
                self[key]._merge(value)
            else:
                self[key] = ast.literal_eval(value) if isinstance(value, str) else value
