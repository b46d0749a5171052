from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schedlint.sources import git
from schedlint.sources.discover import discover, is_excluded, matters

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def _make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def _git(folder: Path, *arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=kept, check=True, capture_output=True)


@pytest.fixture(params=["walked", pytest.param("listed", marks=needs_git)])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, outside of git and inside."""
    folder = tmp_path / "project"
    folder.mkdir()
    if request.param == "listed":
        _git(folder, "init", "-q")
    else:
        monkeypatch.setattr("schedlint.sources.discover.listed_files", lambda folder: None)
    monkeypatch.chdir(folder)
    return folder


def test_a_folder_is_searched_for_python_and_notebooks(root: Path) -> None:
    _make(root, "b.py", "a/train.ipynb", "a/w.pyw", "a/stub.pyi", "a/notes.txt", "run")
    assert discover(["."]) == (["a/train.ipynb", "a/w.pyw", "b.py"], [])
    assert discover([str(root)])[0] == [str(root / name) for name in ("a/train.ipynb", "a/w.pyw", "b.py")]


def test_a_named_file_is_taken_whatever_its_name_and_each_file_once(root: Path) -> None:
    _make(root, "run", "venv/x.py", "b.py")
    assert discover(["run", "venv/x.py", "b.py", ".", "./b.py"])[0] == ["./b.py", "run", "venv/x.py"]


def test_environments_caches_and_build_output_are_left_out(root: Path) -> None:
    _make(
        root, "a.py", "build/b.py", "pkg/__pycache__/c.py", "x.egg-info/d.py", ".venv/e.py", "my/pyvenv.cfg", "my/f.py"
    )
    assert discover(["."])[0] == ["a.py"]
    assert discover(["build", "my"])[0] == ["build/b.py", "my/f.py"]  # named on purpose


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        pytest.param("a.py", ["pkg/b.py", "pkg/deep/c.py"], id="base name of a file"),
        pytest.param("deep", ["a.py", "pkg/a.py", "pkg/b.py"], id="base name of a folder"),
        pytest.param("[ab].py", ["pkg/deep/c.py"], id="glob"),
        pytest.param("pkg/a.py", ["a.py", "pkg/b.py", "pkg/deep/c.py"], id="relative path"),
        pytest.param("./pkg/", ["a.py"], id="folder with a slash"),
        pytest.param("pkg/deep", ["a.py", "pkg/a.py", "pkg/b.py"], id="relative path of a folder"),
        pytest.param("**/a.py", ["pkg/b.py", "pkg/deep/c.py"], id="any depth, none included"),
        pytest.param("pkg/**/c.py", ["a.py", "pkg/a.py", "pkg/b.py"], id="any depth between"),
        pytest.param("kg", ["a.py", "pkg/a.py", "pkg/b.py", "pkg/deep/c.py"], id="no part of a name"),
    ],
)
def test_exclude_patterns(root: Path, pattern: str, left: list[str]) -> None:
    _make(root, "a.py", "pkg/a.py", "pkg/b.py", "pkg/deep/c.py")
    assert discover(["."], exclude=[pattern])[0] == left


def test_patterns_are_relative_to_the_base(root: Path) -> None:
    _make(root, "pkg/a.py", "a.py")
    assert discover(["."], exclude=["a.py/", "pkg/a.py"], base=str(root.parent))[0] == []
    assert discover(["."], exclude=["project/a.py"], base=str(root.parent))[0] == ["pkg/a.py"]
    assert discover(["."], exclude=[f"{root}/pkg"], base="/")[0] == ["a.py"]


def test_named_paths_are_excluded_only_by_force(root: Path) -> None:
    _make(root, "gen/a.py", "venv/b.py", "c.py")
    paths = ["gen", "gen/a.py", "venv/b.py", "c.py"]
    assert discover(paths, exclude=["gen"])[0] == ["c.py", "gen/a.py", "venv/b.py"]
    assert discover(paths, exclude=["gen"], force_exclude=True)[0] == ["c.py"]
    assert discover([str(root / "gen/a.py")], exclude=["gen/*"], force_exclude=True)[0] == []
    outside = root.parent / "gen" / "d.py"
    _make(root.parent, "gen/d.py")
    assert discover([str(outside)], exclude=["gen"], force_exclude=True)[0] == [str(outside)]


def test_a_file_that_is_not_on_disk_may_lie_in_what_is_excluded(root: Path) -> None:
    assert is_excluded("gen/a.py", ["gen"], str(root))
    assert is_excluded("venv/a.py", [], str(root))
    assert not is_excluded("src/a.py", ["gen"], str(root))


def test_what_cannot_be_looked_into_is_said_and_the_rest_found(root: Path) -> None:
    _make(root, "a.py")
    found, failures = discover(["missing.py", "a.py", "nul\0.py"])
    assert found == ["a.py"]
    assert [(failure.path, failure.reason) for failure in failures] == [
        ("missing.py", "there is no such file"),
        ("nul\0.py", "its name cannot be the name of a file"),
    ]


def test_links_are_followed_to_files_only_and_broken_ones_left_out(root: Path) -> None:
    _make(root, "pkg/z.py")
    (root / "alias.py").symlink_to("pkg/z.py")
    (root / "broken.py").symlink_to("gone")
    (root / "circle").symlink_to(".")
    (root / "folder.py").symlink_to("pkg")
    outside = root.parent / "outside"
    _make(outside, "o.py")
    (root / "only.py").symlink_to(outside / "o.py")
    assert discover(["."]) == (["only.py", "pkg/z.py"], [])
    assert discover(["circle"])[0] == ["circle/only.py", "circle/pkg/z.py"]


def test_odd_names_are_found(root: Path) -> None:
    names = ["two\nlines.py", " .py", "-C.py", "é.py"]
    if sys.platform == "linux":
        names.append(os.fsdecode(b"caf\xe9.py"))
    _make(root, *names)
    (root / "folder.py").mkdir()
    assert discover(["."]) == (sorted(names), [])


def test_folders_nested_deeper_than_python_recurses_are_searched(root: Path) -> None:
    deep = "/".join(["d"] * 300)
    _make(root, f"{deep}/x.py")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        found = discover(["."])[0]
    finally:
        sys.setrecursionlimit(limit)
    assert found == [f"{deep}/x.py"]


def test_a_folder_that_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.py", "locked/b.py")
    scandir = os.scandir

    def refuse(path: str) -> object:  # the superuser may list everything, so chmod would prove nothing here
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("schedlint.sources.discover.listed_files", lambda folder: None)
    monkeypatch.setattr(os, "scandir", refuse)
    found, failures = discover([str(tmp_path)])
    assert found == [str(tmp_path / "a.py")]
    assert [(failure.path, failure.reason) for failure in failures] == [
        (str(tmp_path / "locked"), "there is no permission to read it")
    ]


@needs_git
def test_git_decides_what_is_ignored(tmp_path: Path) -> None:
    _make(tmp_path, "a.py", "new.py", "ignored.py", "out/b.py", "gone.py", "kept/ignored.py")
    (tmp_path / ".gitignore").write_text("ignored.py\nout/\n")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-f", "a.py", "gone.py", "kept/ignored.py")
    (tmp_path / "gone.py").unlink()
    assert discover([str(tmp_path)])[0] == [str(tmp_path / name) for name in ("a.py", "kept/ignored.py", "new.py")]
    assert discover([str(tmp_path / "out")])[0] == [str(tmp_path / "out/b.py")]  # named on purpose


@needs_git
def test_nested_repositories_are_searched(tmp_path: Path) -> None:
    _make(tmp_path, "a.py", "sub/b.py", "sub/ignored.py", "linked/c.py")
    for folder in (tmp_path, tmp_path / "sub", tmp_path / "linked"):
        _git(folder, "init", "-q")
    (tmp_path / "sub/.gitignore").write_text("ignored.py")
    _git(tmp_path / "linked", "add", ".")
    _git(tmp_path / "linked", "commit", "-qm", "x")
    _git(tmp_path, "add", "linked")  # as submodules are: an entry without a slash
    assert discover([str(tmp_path)])[0] == [str(tmp_path / name) for name in ("a.py", "linked/c.py", "sub/b.py")]


@needs_git
def test_nothing_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    _make(tmp_path, "a.py")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "a.py")
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "pager.ls-files", "filter.x.clean", "filter.x.process", "core.editor"):
        _git(tmp_path, "config", key, str(trap))
    (tmp_path / ".gitattributes").write_text("* filter=x")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(trap, hooks / "post-index-change")
    shutil.copy(trap, hooks / "query-watchman")
    _git(tmp_path, "config", "core.hooksPath", str(hooks))
    sprung.unlink(missing_ok=True)
    os.utime(tmp_path / "a.py", (1, 1))  # git would have to look into it again
    assert discover([str(tmp_path)])[0] == [str(tmp_path / "a.py")]
    assert not sprung.exists()


@needs_git
def test_the_environment_of_a_hook_does_not_lead_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "one/a.py", "two/b.py")
    _git(tmp_path / "one", "init", "-q")
    _git(tmp_path / "two", "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "two/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "two"))
    assert git.listed_files(str(tmp_path / "one")) == ["a.py"]


def _script(folder: Path, body: str) -> None:
    path = folder / "git"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for git")
@pytest.mark.parametrize("body", ["exit 128", "exec sleep 5", "printf '../x.py\\0/etc/y.py\\0'", "printf ''"])
def test_a_git_that_fails_hangs_or_lies_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    tools, project = tmp_path / "tools", tmp_path / "project"
    tools.mkdir()
    _script(tools, body)
    _make(project, "a.py")
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "_TIMEOUT", 0.2)
    assert discover([str(project)])[0] == [str(project / "a.py")]


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for git")
def test_without_git_and_with_a_git_in_the_current_folder_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(tmp_path, f"touch {tmp_path}/sprung; printf 'a.py\\0'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    assert git.listed_files(".") is None
    monkeypatch.setenv("PATH", ".")
    assert git.listed_files(".") is None
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("data", "names", "expected"),
    [
        (b"import torch", (), False),
        (b"lr_scheduler", (), True),
        (b"LRScheduler", (), True),
        (b"SCHEDULER", (), True),
        (b"sChEd", (), True),
        (b"import torch", (b"MyWarmup",), False),
        (b"x = MyWarmup()", (b"Other", b"MyWarmup"), True),
    ],
)
def test_what_matters(data: bytes, names: tuple[bytes, ...], expected: bool) -> None:
    assert matters(data, names) is expected
