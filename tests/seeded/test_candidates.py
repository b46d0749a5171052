"""Which schedulers are candidates, what is said of the others, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.seeded.builders import HEAD, kind_of, only, understood, written
from tests.seeded.candidates import Spot, candidates
from tests.seeded.copies import copied
from tests.seeded.measuring import mistakes, tasks
from tests.seeded.seeds import Seed, Sowing, spread
from tests.seeded.test_edits import PER_BATCH, PER_EPOCH, replaced

BUILT, STEPPED = (Spot("train.py", HEAD.count("\n") + row) for row in (5, 11))
"""Where the scheduler of PER_EPOCH is built and stepped."""

TWICE = replaced(PER_EPOCH, ("        print(epoch)", "        print(epoch)\n        scheduler.step()"))
NEVER = replaced(PER_EPOCH, ("        scheduler.step()\n", ""))
UNKNOWN = replaced(
    PER_BATCH,
    ("for x, y in loader", "for i, (x, y) in enumerate(loader)"),
    ("            scheduler.step()", "            if i % 10 == 0:\n                scheduler.step()"),
)
TOO_OFTEN = replaced(PER_BATCH, ("total_steps=epochs * len(loader)", "total_steps=epochs"))
ONE_EPOCH = replaced(
    PER_EPOCH,
    ("range(epochs)", "range(1)"),
    ("CosineAnnealingLR(optimizer, T_max=epochs)", "StepLR(optimizer, len(loader))"),
)


def test_a_right_scheduler_of_known_cadence_is_a_candidate(tmp_path: Path) -> None:
    candidate = only(understood(tmp_path, PER_EPOCH))
    assert (candidate.made_at, candidate.stepped_at, candidate.class_name) == (BUILT, STEPPED, "CosineAnnealingLR")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(TWICE, "it is stepped at several places", id="two places step it"),
        pytest.param(UNKNOWN, "how often it steps is not known", id="every few batches"),
        pytest.param(NEVER, "no step of it is seen", id="nothing steps it"),
        pytest.param(ONE_EPOCH, "its horizon counts what its steps do not", id="a mixture that is not reported"),
    ],
)
def test_a_scheduler_that_is_no_candidate(text: str, reason: str, tmp_path: Path) -> None:
    tree = understood(tmp_path, text)
    assert tree.candidates == []
    assert dict(tree.left_out) == {reason: 1}


def test_what_is_reported_of_a_scheduler_that_would_be_a_candidate_is_an_alarm(tmp_path: Path) -> None:
    tree = understood(tmp_path, TOO_OFTEN)
    assert ([alarm.code for alarm in tree.alarms], tree.candidates) == (["LRS101"], [])


def test_a_scheduler_on_a_line_that_is_labelled_as_a_mistake_is_no_candidate(tmp_path: Path) -> None:
    tree = candidates(written(tmp_path, PER_EPOCH), wrong=[STEPPED])
    assert (tree.candidates, dict(tree.left_out)) == ([], {"it is labelled as a mistake": 1})


def test_a_scheduler_in_a_notebook_is_no_candidate(tmp_path: Path) -> None:
    cell: dict[str, object] = {"cell_type": "code", "source": HEAD + PER_EPOCH, "metadata": {}, "outputs": []}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "train.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert dict(candidates(tmp_path.resolve()).left_out) == {"it is in a notebook": 1}


def test_candidates_are_taken_from_each_file_in_turn(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        functions = [PER_EPOCH.replace("main", f"main_{number}") for number in range(2)]
        (tmp_path / name).write_text(HEAD + "".join(functions), encoding="utf-8")
    found = spread(candidates(tmp_path.resolve()).candidates)
    assert [candidate.made_at.path for candidate in found] == ["a.py", "b.py", "a.py", "b.py"]


# --- what is made of them ---------------------------------------------------------------------------------------------


def test_no_more_programs_of_a_kind_are_made_than_the_limit_says(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(HEAD + PER_EPOCH, encoding="utf-8")
    found = candidates(tmp_path.resolve()).candidates
    sowing, kinds = Sowing(limit=1), (kind_of("deleted"), kind_of("doubled"))
    assert [seed.kind.name for seed in sowing.seeds(found, kinds)] == ["deleted", "doubled"]


def test_the_same_program_of_another_version_of_a_repository_is_not_made_again(tmp_path: Path) -> None:
    sowing, kinds = Sowing(limit=9), (kind_of("deleted"),)
    made: list[Seed] = []
    for version in ("old", "new"):
        (tmp_path / version).mkdir()
        made += sowing.seeds(understood(tmp_path / version, PER_EPOCH).candidates, kinds)
    assert len(made) == 1


def test_an_edit_that_does_not_fit_is_counted_with_its_reason(tmp_path: Path) -> None:
    sowing = Sowing(limit=9)
    found = understood(tmp_path, PER_BATCH).candidates
    assert list(sowing.seeds(found, [kind_of("into-batch-loop")])) == []
    assert dict(sowing.unfit) == {("into-batch-loop", "it is not stepped per epoch"): 1}


# --- trees and their copies -------------------------------------------------------------------------------------------


def test_versions_of_a_repository_are_one_task() -> None:
    work = tasks([Path("x/a+b@1"), Path("x/c+d@1"), Path("x/a+b@2")], (), 12, {})
    assert [[tree.name for tree in task.trees] for task in work] == [["a+b@1", "a+b@2"], ["c+d@1"]]


def test_labels_of_steps_say_which_lines_are_wrong(tmp_path: Path) -> None:
    row = {"source": "github:a/b", "commit": "0123456789abcdef", "path": "t.py", "line": 3}
    rows = [row | {"label": "stepped-twice", "alt_lines": [5]}, row | {"label": "ok", "line": 7}]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert mistakes(tmp_path / "labels.jsonl") == {"a+b@0123456789ab": {Spot("t.py", 3), Spot("t.py", 5)}}


def test_a_copy_has_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "data").mkdir(parents=True)
    for name in ("train.py", "pyproject.toml", "weights.pt", "data/set.csv"):
        (tree / name).write_text("", encoding="utf-8")
    copy = copied(tree, tmp_path / "copy")
    assert {path.relative_to(copy).as_posix() for path in copy.rglob("*")} == {"train.py", "pyproject.toml", "data"}
