"""The programs made from the candidates of a tree: one edit each, spread over the files, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst

from tests.seeded.candidates import Candidate, Spot
from tests.seeded.changes import Draft, applied, faulty_rows, row_after
from tests.seeded.kinds import Kind
from tests.seeded.source import Sources
from tests.seeded.unfit import Unfit


@dataclass(frozen=True)
class Seed:
    """An edited program: the new text of one file, and the lines at one of which the mistake must be reported."""

    kind: Kind
    candidate: Candidate
    path: str
    text: str
    places: frozenset[Spot]
    made_at: Spot | None


@dataclass
class Sowing:
    """What is made of one repository: at most `limit` programs of a kind; and how often each edit does not fit, why."""

    limit: int
    made: Counter[str] = field(default_factory=Counter)
    unfit: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: set[tuple[str, str, str]] = field(default_factory=set)

    def seeds(self, candidates: Sequence[Candidate], kinds: Iterable[Kind]) -> Iterator[Seed]:
        """The programs of these kinds from the candidates of a tree."""
        sources = Sources()
        for kind in kinds:
            for candidate in spread(candidates):
                if self.made[kind.name] >= self.limit:
                    break
                try:
                    seed = sown(kind, candidate, sources)
                except Unfit as reason:
                    self.unfit[kind.name, str(reason)] += 1
                    continue
                if self._is_new(seed):
                    self.made[kind.name] += 1
                    yield seed

    def _is_new(self, seed: Seed) -> bool:
        """Whether no other tree, and no other construction with the same step, gave the same program."""
        key = (seed.kind.name, seed.path, seed.text)
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
    draft = kind.edit(candidate, sources)
    source = sources[draft.path]
    text = applied(source, draft.changes)
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise Unfit("the edited file cannot be parsed") from error
    path = Path(draft.path).relative_to(candidate.folder).as_posix()
    made_at, stepped_at = (after(spot, path, draft) for spot in (candidate.made_at, candidate.stepped_at))
    rows = {Spot(path, row) for row in faulty_rows(draft.changes)}
    places = frozenset({spot for spot in (made_at, stepped_at) if spot is not None} | rows)
    return Seed(kind, candidate, path, text, places, made_at)


def after(spot: Spot, path: str, draft: Draft) -> Spot | None:
    """Where a row is in the edited program; None for one that is gone."""
    if spot.path != path:
        return spot
    row = row_after(spot.row, draft.changes)
    return Spot(path, row) if row is not None else None
