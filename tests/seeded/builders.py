"""What the tests of the seeder share: the edit of a small program, and the conditions under which there is none."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.seeded.candidates import Candidate, Tree, candidates
from tests.seeded.kinds import KINDS, Kind
from tests.seeded.seeds import Seed, sown
from tests.seeded.source import Sources

HEAD = """\
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, OneCycleLR, ReduceLROnPlateau, StepLR
from torch.utils.data import DataLoader

"""
"""What the programs of the tests begin with; they are written without it."""


def kind_of(name: str) -> Kind:
    """The kind of a name."""
    return next(kind for kind in KINDS if kind.name == name)


def written(folder: Path, text: str) -> Path:
    """A program of one file, in a folder of its own; its real path."""
    (folder / "train.py").write_text(HEAD + dedent(text), encoding="utf-8")
    return folder.resolve()


def understood(folder: Path, text: str) -> Tree:
    """The candidates of a program of one file."""
    return candidates(written(folder, text))


def only(tree: Tree) -> Candidate:
    """The one candidate that there is."""
    (candidate,) = tree.candidates
    return candidate


def seed(kind: str, folder: Path, text: str) -> Seed:
    """The edited program. Raises Unfit where the edit would be no mistake."""
    return sown(kind_of(kind), only(understood(folder, text)), Sources())


def text_of(edited: Seed) -> str:
    """The text of the one file that is edited."""
    ((_, text),) = edited.texts
    return text


def body(edited: Seed) -> str:
    """The text of an edited program as the tests write it."""
    return text_of(edited).removeprefix(HEAD)
