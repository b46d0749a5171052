"""The programs made from the candidates of a tree: one edit each, spread over the files, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst

from schedlint.place import Place
from tests.seeded.candidates import Candidate, Spot, spot
from tests.seeded.changes import Change, applied, faulty_rows, overlap, row_after
from tests.seeded.kinds import Kind
from tests.seeded.source import Sources
from tests.seeded.unfit import Unfit, require


@dataclass(frozen=True)
class Seed:
    """An edited program: the new texts of some files, and the lines at one of which the mistake must be reported."""

    kind: Kind
    candidate: Candidate
    texts: tuple[tuple[str, str], ...]
    places: frozenset[Spot]
    made_at: Spot | None


@dataclass
class Sowing:
    """What is made of one repository: at most `limit` programs of a kind; and how often each edit does not fit, why."""

    limit: int
    made: Counter[str] = field(default_factory=Counter)
    unfit: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)

    def seeds(self, candidates: Sequence[Candidate], kinds: Iterable[Kind]) -> Iterator[Seed]:
        """The programs of these kinds from the candidates of a tree."""
        sources = Sources()
        for kind in kinds:
            for candidate in spread(candidates):
                if self.is_done(kind):
                    break
                try:
                    seed = sown(kind, candidate, sources)
                except Unfit as reason:
                    self.unfit[kind.name, str(reason)] += 1
                    continue
                if self._is_new(seed):
                    self.made[kind.name] += 1
                    yield seed

    def is_done(self, kind: Kind) -> bool:
        """Whether there are as many programs of a kind as there may be."""
        return self.made[kind.name] >= self.limit

    def _is_new(self, seed: Seed) -> bool:
        """Whether no other tree, and no other construction with the same step, gave the same program."""
        key = (seed.kind.name, seed.texts)
        new = key not in self._known
        self._known.add(key)
        return new


def spread(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates in turn from each file, so that a limit takes some of each."""
    met: Counter[str] = Counter()
    rounds = []
    for candidate in candidates:
        path = candidate.stepped_at.path
        rounds.append((met[path], candidate))
        met[path] += 1
    return [candidate for _, candidate in sorted(rounds, key=lambda one: one[0])]


def sown(kind: Kind, candidate: Candidate, sources: Sources) -> Seed:
    """A candidate's program with a mistake of this kind. Raises Unfit where it would be none."""
    changes = kind.edit(candidate, sources)
    require(not overlap(changes), "its changes are of the same lines")
    folder = candidate.folder
    edited = sorted({change.path for change in changes})
    texts = {spot(folder, path, 1).path: applied(sources[path], changes) for path in edited}
    require(all(map(parses, texts.values())), "the edited file cannot be parsed")
    built = candidate.fellows if kind.edits_step else candidate.fellows[:1]
    kept = [after(folder, place, changes) for place in (*built, candidate.step.place)]
    faulty = [spot(folder, path, row) for path, row in faulty_rows(changes)]
    places = frozenset(place for place in (*kept, *faulty) if place is not None)
    return Seed(kind, candidate, tuple(texts.items()), places, kept[0])


def parses(text: str) -> bool:
    """Whether a text is Python."""
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError:
        return False
    return True


def after(folder: Path, place: Place, changes: Sequence[Change]) -> Spot | None:
    """Where a place is in the edited program; None for one that is gone."""
    row = row_after(place.path, place.row, changes)
    return spot(folder, place.path, row) if row is not None else None
