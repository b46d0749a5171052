from __future__ import annotations

from pathlib import Path

import pytest

from schedlint.sources.roots import find_root


def _project(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project" / "pkg" / "deep"
    folder.mkdir(parents=True)
    (folder / "train.py").touch()
    return folder


@pytest.mark.parametrize("mark", ["pyproject.toml", "setup.cfg", "setup.py", ".git"])
def test_the_nearest_mark_upward_is_the_root(tmp_path: Path, mark: str) -> None:
    folder = _project(tmp_path)
    (tmp_path / "setup.py").touch()
    (tmp_path / "project" / mark).touch()
    for path in (folder / "train.py", folder, folder / "not_written_yet.py"):
        assert find_root(path, cwd=folder) == tmp_path.resolve() / "project"


def test_a_folder_with_a_mark_is_its_own_root(tmp_path: Path) -> None:
    folder = _project(tmp_path)
    (folder / "setup.cfg").touch()
    assert find_root(folder, cwd=tmp_path) == folder


def test_without_a_mark_it_is_the_current_folder_if_the_file_is_in_it(tmp_path: Path) -> None:
    folder = _project(tmp_path)
    assert find_root(folder / "train.py", cwd=tmp_path / "project") == tmp_path.resolve() / "project"


def test_else_it_is_the_folder_of_the_file(tmp_path: Path) -> None:
    folder = _project(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    assert find_root(folder / "train.py", cwd=tmp_path / "elsewhere") == folder


def test_relative_paths_and_links_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _project(tmp_path)
    (tmp_path / "project" / "setup.py").touch()
    (tmp_path / "link.py").symlink_to(folder / "train.py")
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.chdir(tmp_path)
    assert find_root(Path("link.py"), cwd=Path()) == tmp_path.resolve() / "project"
    assert find_root(Path("circle"), cwd=Path()) == tmp_path.resolve()
