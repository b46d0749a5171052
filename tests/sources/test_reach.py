from __future__ import annotations

from pathlib import Path

import pytest

from schedlint.sources import reach
from schedlint.sources.reach import Reach

SPEAKS = "scheduler = make()\n"
PROJECT = {
    "pyproject.toml": "",
    "schedules.py": SPEAKS,
    "through.py": "from schedules import make\n",
    "apart.py": "import os\n",
    "pkg/__init__.py": "",
    "pkg/deep.py": "from .lower import x\n",
    "pkg/lower.py": "import through\n",
    "lib/inner/found.py": SPEAKS,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def asked(folder: Path, text: str, *, name: str = "train.py", src: tuple[str, ...] = ()) -> bool:
    return Reach(str(folder), src).may_be_reported_on(str(folder / name), text.encode())


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (SPEAKS, True),
        ("LR_SCHEDULER = None\n", True),
        ("import schedules\n", True),
        ("from through import make\n", True),
        ("import pkg.deep\n", True),
        ("def train(s):\n    s.step()\n", True),
        ("def log(s):\n    return s . get_lr()\n", True),
        ("import apart\n", False),
        ("import torch\n", False),
        ("steps = footsteps(1)\n", False),
        ("", False),
    ],
)
def test_what_may_be_reported_on(project: Path, text: str, answer: bool) -> None:
    assert asked(project, text) is answer


def test_a_step_in_a_project_without_schedulers_is_none_of_a_scheduler(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "world.py").write_text("class World:\n    def step(self): ...\n")
    assert not asked(tmp_path, "from world import World\nWorld().step()\n")


def test_imports_start_where_the_settings_say(project: Path) -> None:
    assert not asked(project, "import found\n")
    assert asked(project, "import found\n", src=(str(project / "lib" / "inner"),))


def test_files_are_read_once_for_all_that_are_asked_about(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(path: str | Path) -> bytes:
        read.append(str(path))
        return Path(path).read_bytes()

    monkeypatch.setattr(reach, "read_bytes", counted)
    knows = Reach(str(project))
    for _ in range(5):
        assert not knows.may_be_reported_on(str(project / "a.py"), b"import apart\n")
        assert knows.may_be_reported_on(str(project / "b.py"), b"import apart, through\n")
    assert len(read) <= len(PROJECT) + len(set(read))  # once for each question: does any matter, and where do they lead


def test_many_imports_are_not_followed_for_ever(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST_FOLLOWED", 1)
    assert asked(project, "from through import make\n")
    assert not asked(project, "import pkg.deep\n")
