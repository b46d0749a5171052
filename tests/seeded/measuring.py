"""Measuring trees: copy, find the candidates, make the programs, judge each."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from schedlint.diagnostics import Diagnostic
from tests.seeded.candidates import Candidate, Spot, candidates, spots
from tests.seeded.copies import copied
from tests.seeded.judge import Bench, files_of
from tests.seeded.kinds import CONVERSIONS, Kind
from tests.seeded.report import Measured
from tests.seeded.seeds import Seed, Sowing, sown, spread
from tests.seeded.source import Sources
from tests.seeded.unfit import Unfit

ELSEWHERE = frozenset({"ok", "get-lr", "private-lrscheduler", "state-not-saved", "verbose-arg"})
"""Labels of lines whose scheduler may well step as it should."""


@dataclass(frozen=True)
class Task:
    """The trees of one repository, what is to be seeded in them, and at most how often; `wrong` are lines known for a
    mistake, by tree.
    """

    trees: tuple[Path, ...]
    kinds: tuple[Kind, ...]
    limit: int
    wrong: Mapping[str, frozenset[Spot]]


def tasks(trees: Iterable[Path], kinds: Sequence[Kind], limit: int, wrong: Mapping[str, frozenset[Spot]]) -> list[Task]:
    """One task for each repository: trees whose names differ behind an `@` are versions of the same."""
    grouped: dict[str, list[Path]] = defaultdict(list)
    for tree in trees:
        grouped[tree.name.partition("@")[0]].append(tree)
    return [Task(tuple(versions), tuple(kinds), limit, wrong) for versions in grouped.values()]


def measured(work: Sequence[Task], jobs: int) -> Iterator[Measured]:
    """What is measured in each tree, as it is done. Raises BrokenProcessPool where a process dies, of memory say."""
    if jobs == 1:
        yield from chain.from_iterable(map(measure, work))
        return
    with ProcessPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(measure, task) for task in work]):
            yield from done.result()


def measure(task: Task) -> list[Measured]:
    """Measure the trees of one repository."""
    sowing = Sowing(task.limit)
    found = []
    for tree in task.trees:
        with tempfile.TemporaryDirectory() as folder:
            made = measure_copy(copied(tree, Path(folder)), sowing, task.kinds, task.wrong.get(tree.name, frozenset()))
        made.tree = tree.name
        found.append(made)
    found[-1].unfit = sowing.unfit
    return found


def measure_copy(folder: Path, sowing: Sowing, kinds: Sequence[Kind], wrong: Iterable[Spot]) -> Measured:
    """Measure one tree in the folder of its copy."""
    tree = candidates(folder, wrong)
    made = Measured(folder.name, len(tree.candidates), alarms=tree.alarms, left_out=tree.left_out)
    made.alarms += sow(tree.candidates, kinds, sowing, Bench(folder), made)
    for conversion in CONVERSIONS:
        fit = [kind for kind in kinds if conversion.name in kind.bases]
        for candidate in spread(tree.candidates) if fit else ():
            if all(sowing.is_done(kind) for kind in fit):
                break
            made.alarms_converted += sow_converted(candidate, conversion, fit, sowing, made)
    return made


def sow(
    found: Sequence[Candidate], kinds: Sequence[Kind], sowing: Sowing, bench: Bench, made: Measured
) -> list[Diagnostic]:
    """Make the programs of some candidates, and judge each; what is said of the candidates as they are."""
    alarms: list[Diagnostic] = []
    for seed in sowing.seeds(found, kinds):
        said = bench.alarms(seed)
        alarms += [alarm for alarm in said if alarm not in (*made.alarms, *alarms)]
        if not said:
            made.verdicts.append(bench.verdict(seed))
    made.failures = list(dict.fromkeys([*made.failures, *bench.failures]))
    return alarms


def sow_converted(
    candidate: Candidate, conversion: Kind, kinds: Sequence[Kind], sowing: Sowing, made: Measured
) -> list[Diagnostic]:
    """Make the programs of what a candidate is converted to, which is in its place in the copy for as long; what is
    said of that as it is.
    """
    try:
        right = sown(conversion, candidate, Sources())
    except Unfit:
        return []
    with laid(candidate.folder, right):
        tree = candidates(candidate.folder, files=files_of(right))
        found = [one for one in tree.candidates if one.made_at == right.made_at]
        alarms = [alarm for alarm in tree.alarms if right.made_at in spots(alarm)]
        why = "something is reported of it" if alarms else "it is no candidate"
        made.converted[conversion.name, "right" if found else why] += 1
        based = [replace(one, base=conversion.name) for one in found]
        return [*alarms, *sow(based, kinds, sowing, Bench(candidate.folder), made)]


@contextmanager
def laid(folder: Path, seed: Seed) -> Iterator[None]:
    """The text of a program in the place of what its files hold."""
    before = {path: (folder / path).read_bytes() for path, _ in seed.texts}
    try:
        for path, text in seed.texts:
            (folder / path).write_bytes(text.encode("utf-8"))
        yield
    finally:
        for path, held in before.items():
            (folder / path).write_bytes(held)


def mistakes(labels: Path) -> dict[str, frozenset[Spot]]:
    """The lines that labels call a mistake in how a scheduler is stepped, by the name of their tree."""
    found: dict[str, set[Spot]] = defaultdict(set)
    for row in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
        if row["label"] not in ELSEWHERE:
            lines = (row["line"], *row.get("alt_lines", []))
            found[tree_of(row)].update(Spot(row["path"], line) for line in lines)
    return {tree: frozenset(spots) for tree, spots in found.items()}


def tree_of(row: Mapping[str, str]) -> str:
    """The folder in which the tree of a label is laid out."""
    kind, _, name = row["source"].partition(":")
    if kind == "github":
        return f"{name.replace('/', '+')}@{row['commit'][:12]}"
    return f"{kind}+{name.replace('==', '-')}"
