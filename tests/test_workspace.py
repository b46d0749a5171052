"""The files of a run: what is named, what is read, which programs there are, and what could not be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schedlint.diagnostics import Location
from schedlint.place import Place
from schedlint.program.files import Ambiguous, Namespace
from schedlint.sources import importing
from schedlint.sources.text import SIZE_LIMIT
from schedlint.workspace import Root, Workspace, translated

SCHED = "from torch.optim import lr_scheduler\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is a project of its own."""
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    """Files by name; two underscores are a slash."""
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def workspace(folder: Path) -> Workspace:
    return Workspace(str(folder), frozenset({"torch"}))


def names(paths: tuple[str, ...] | list[str]) -> list[str]:
    return [Path(path).name for path in paths]


# --- what is named ----------------------------------------------------------------------------------------------------


def test_a_folder_names_the_python_files_in_it(folder: Path) -> None:
    write(folder, a=SCHED, b="", sub__c=SCHED)
    assert sorted(names(workspace(folder).find(["."]))) == ["a.py", "b.py", "c.py"]


def test_a_file_named_twice_is_one(folder: Path) -> None:
    write(folder, a=SCHED)
    assert names(workspace(folder).find(["a.py", "a.py", "."])) == ["a.py"]


def test_a_link_leads_to_the_real_file_and_is_shown_as_named(folder: Path) -> None:
    write(folder, a=SCHED)
    (folder / "link.py").symlink_to(folder / "a.py")
    made = workspace(folder)
    (found,) = made.find(["link.py"])
    assert Path(found).name == "a.py"
    assert made.shown(found) == "link.py"


def test_a_path_is_shown_from_the_current_folder(folder: Path) -> None:
    write(folder, sub__a=SCHED)
    made = workspace(folder)
    (found,) = made.find([str(folder / "sub" / "a.py")])
    assert made.shown(found) == str(Path("sub", "a.py"))


def test_a_path_outside_the_current_folder_is_shown_in_full(folder: Path) -> None:
    write(folder, a=SCHED)
    inner = folder / "inner"
    inner.mkdir()
    made = workspace(inner)
    (found,) = made.find([str(folder / "a.py")])
    assert made.shown(found) == str(folder / "a.py")


def test_a_path_that_is_not_there_is_a_fault(folder: Path) -> None:
    made = workspace(folder)
    assert made.find(["nowhere.py"]) == []
    (fault,) = made.faults.values()
    assert fault.path == "nowhere.py"
    assert not fault.syntax


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        pytest.param(SCHED, True, id="a file that mentions schedulers"),
        pytest.param("x = 1\n", False, id="a file that does not"),
        pytest.param("", False, id="an empty file"),
    ],
)
def test_which_files_matter(folder: Path, text: str, matters: bool) -> None:
    write(folder, a=text)
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.matters(path) is matters


def test_what_is_excluded_is_named_by_its_own_name_only(folder: Path) -> None:
    write(folder, a=SCHED, old__b=SCHED)
    assert names(workspace(folder).find(["."], exclude=["old"])) == ["a.py"]
    assert names(workspace(folder).find(["old/b.py"], exclude=["old"])) == ["b.py"]
    assert workspace(folder).find(["old/b.py"], exclude=["old"], force_exclude=True) == []


def test_a_named_file_above_the_current_folder_is_excluded_up_to_the_base(folder: Path) -> None:
    write(folder, old__b=SCHED, new__a=SCHED)
    made = workspace(folder / "new")
    found = made.find(["../old/b.py", "a.py"], exclude=["old"], force_exclude=True, base=str(folder))
    assert names(found) == ["a.py"]


def test_text_may_be_laid_over_the_disk(folder: Path) -> None:
    write(folder, a="x = 1\n")
    made = Workspace(str(folder), frozenset(), overlay={"a.py": b"x = 2\n", "new/b.py": b"y = 3\n"})
    found = made.find(["a.py", "new/b.py"])
    assert [made.text(path) for path in found] == ["x = 2\n", "y = 3\n"]
    assert [made.shown(path) for path in found] == ["a.py", str(Path("new", "b.py"))]
    assert not made.faults


def test_text_that_is_laid_over_the_disk_may_be_too_large(folder: Path) -> None:
    made = Workspace(str(folder), frozenset(), overlay={"-": bytes(SIZE_LIMIT + 1)})
    assert [made.data(path) for path in made.find(["-"])] == [None]
    assert [fault.path for fault in made.faults.values()] == ["-"]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_facts_are_made_once(folder: Path) -> None:
    write(folder, a=SCHED)
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    first = made.facts(path)
    (folder / "a.py").write_text("")
    assert first is not None
    assert made.facts(path) is first


def test_a_file_that_is_no_python_is_a_fault_with_its_place(folder: Path) -> None:
    write(folder, a="x = 1\nif:\n")
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.facts(path) is None
    (fault,) = made.faults.values()
    assert (fault.path, fault.row, fault.syntax) == ("a.py", 2, True)


def test_a_fault_is_found_once(folder: Path) -> None:
    write(folder, a="if:\n")
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.facts(path) is None
    assert made.facts(path) is None
    assert len(made.faults) == 1


def test_a_file_in_no_known_encoding_is_a_fault(folder: Path) -> None:
    (folder / "a.py").write_bytes(b"# -*- coding: no-such -*-\nsched = 1\n")
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.facts(path) is None
    assert [fault.syntax for fault in made.faults.values()] == [False]


def test_the_text_is_that_of_the_facts(folder: Path) -> None:
    write(folder, a=SCHED)
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.text(path) == SCHED
    assert made.text(str(folder / "nowhere.py")) is None


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_place_in_a_notebook_is_a_cell_and_a_row(folder: Path) -> None:
    (folder / "x.ipynb").write_text(notebook("a = 1\nb = 2", SCHED + "c = 3"))
    made = workspace(folder)
    (path,) = made.find(["x.ipynb"])
    assert made.facts(path) is not None
    total = (made.text(path) or "").splitlines()
    row = next(number for number, line in enumerate(total, 1) if line == "c = 3")
    assert made.locate(Place(path, row, 1, row, 2)) == ("x.ipynb", 2, 2)


def test_a_broken_cell_is_a_fault_and_hides_no_other(folder: Path) -> None:
    (folder / "x.ipynb").write_text(notebook(SCHED, "if:", "b = 2"))
    made = workspace(folder)
    (path,) = made.find(["x.ipynb"])
    facts = made.facts(path)
    assert facts is not None
    assert "b" in facts.mentions
    (fault,) = made.faults.values()
    assert (fault.cell, fault.syntax) == (2, True)


def test_a_place_in_a_file_is_its_row(folder: Path) -> None:
    write(folder, a=SCHED)
    made = workspace(folder)
    (path,) = made.find(["a.py"])
    assert made.locate(Place(path, 7, 1, 7, 2)) == ("a.py", None, 7)


def test_the_rows_around_a_location_can_be_shown(folder: Path) -> None:
    write(folder, a=SCHED + "b = 1")
    (folder / "x.ipynb").write_text(notebook("%pip install torch", SCHED + "c = 3"))
    made = workspace(folder)
    for path in made.find(["a.py", "x.ipynb"]):
        made.facts(path)
    assert made.lines(Location("a.py", 1, 1, 1, 1)) == [SCHED.strip(), "b = 1"]
    assert made.lines(Location("x.ipynb", 1, 1, 1, 1, cell=1)) == ["%pip install torch"]
    assert made.lines(Location("x.ipynb", 1, 1, 1, 1, cell=2)) == [SCHED.strip(), "c = 3"]
    assert list(made.lines(Location("unread.py", 1, 1, 1, 1))) == []


# --- programs ---------------------------------------------------------------------------------------------------------


def test_files_are_grouped_by_the_project_they_belong_to(tmp_path: Path) -> None:
    for project in ("one", "two"):
        (tmp_path / project).mkdir()
        (tmp_path / project / "setup.py").write_text("")
    write(tmp_path, one__a=SCHED, one__b=SCHED, two__c=SCHED)
    made = workspace(tmp_path)
    roots = made.roots(made.find(["one/a.py", "one/b.py", "two/c.py"]))
    assert [(root.folder.name, names(root.named)) for root in roots] == [("one", ["a.py", "b.py"]), ("two", ["c.py"])]


def root_of(folder: Path, *named: str) -> Root:
    made = workspace(folder)
    (root,) = made.roots(made.find(list(named)))
    return root


def test_what_imports_a_named_file_is_run_too(folder: Path) -> None:
    write(folder, engine=SCHED, train="import engine\nengine.scheduler.step()\n", other=SCHED, plain="import engine\n")
    assert sorted(names(root_of(folder, "engine.py").scripts())) == ["engine.py", "train.py"]


def test_what_imports_it_through_others_is_run_too(folder: Path) -> None:
    write(folder, engine=SCHED, mid="import engine\n", train="import mid\nmid.scheduler.step()\n")
    assert "train.py" in names(root_of(folder, "engine.py").scripts())


def test_programs_with_a_main_block_come_first(folder: Path) -> None:
    write(folder, a=SCHED, train="import a\nif __name__ == '__main__':\n    a.scheduler.step()\n")
    assert names(root_of(folder, "a.py").scripts()) == ["train.py", "a.py"]


def test_only_files_that_matter_are_asked_for_functions(folder: Path) -> None:
    write(folder, a=SCHED + "def f(): pass\n", b="def f(): pass\n", c=SCHED + "f()\n", d=SCHED + "def fit(): pass\n")
    root = root_of(folder, "a.py")
    assert names(root.defining("f")) == ["a.py"]
    assert sorted(names(root.mentioning("f"))) == ["a.py", "c.py", "d.py"]


def test_imports_are_looked_up_from_the_folder_of_the_entry(folder: Path) -> None:
    write(folder, tools__train=SCHED, tools__engine="x = 1\n", lib__data="x = 2\n")
    root = root_of(folder, "tools/train.py")
    train = root.named[0]
    files = root.entry_files(train)
    assert files.find("engine", train) == str(folder / "tools" / "engine.py")
    assert files.find("lib.data", train) == str(folder / "lib" / "data.py")
    assert files.find("torch", train) is None
    assert files.find_relative(1, "engine", train) == str(folder / "tools" / "engine.py")


def test_two_files_of_one_name_are_told_apart_by_nobody(folder: Path) -> None:
    write(folder, tools__train=SCHED, tools__engine="x = 1\n", engine="x = 2\n")
    root = root_of(folder, "tools/train.py")
    assert isinstance(root.entry_files(root.named[0]).find("engine", root.named[0]), Ambiguous)


def test_entries_in_one_folder_share_their_program(folder: Path) -> None:
    write(folder, a=SCHED, b=SCHED)
    root = root_of(folder, "a.py", "b.py")
    assert root.entry_files(root.named[0]) is root.entry_files(root.named[1])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param(Path("a.py"), "a.py", id="a file"),
        pytest.param(importing.Namespace(Path("pkg")), Namespace(("pkg",)), id="a folder"),
        pytest.param(
            importing.Ambiguous((Path("a.py"), Path("b.py"))), Ambiguous(("a.py", "b.py")), id="several candidates"
        ),
    ],
)
def test_where_an_import_leads_is_said_in_the_programs_terms(found: importing.Found, expected: object) -> None:
    assert translated(found) == expected
