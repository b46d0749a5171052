"""Measuring trees: copy, find the candidates, make the programs, judge each."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.seeded.candidates import Spot, candidates
from tests.seeded.copies import copied
from tests.seeded.judge import Bench
from tests.seeded.kinds import Kind
from tests.seeded.report import Measured
from tests.seeded.seeds import Sowing

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
    tree, bench = candidates(folder, wrong), Bench(folder)
    made = Measured(folder.name, len(tree.candidates), alarms=tree.alarms, left_out=tree.left_out)
    for seed in sowing.seeds(tree.candidates, kinds):
        said = bench.alarms(seed)
        made.alarms += [alarm for alarm in said if alarm not in made.alarms]
        if not said:
            made.verdicts.append(bench.verdict(seed))
    made.failures = list(dict.fromkeys(bench.failures))
    return made


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
