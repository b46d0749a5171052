"""What is shipped, and whether what pyproject.toml says elsewhere is said the same."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

import schedlint
from tests.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REQUIREMENT = re.compile(r"(?P<name>[\w-]+)>=(?P<floor>[\d.]+)")


def project_table() -> dict[str, Any]:
    """The `[project]` table."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture
def project() -> dict[str, Any]:
    """The `[project]` table."""
    return project_table()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel."""
    [path] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def shipped(wheel: zipfile.ZipFile) -> frozenset[str]:
    """The names of all files in the wheel."""
    return frozenset(wheel.namelist())


@pytest.fixture
def metadata(wheel: zipfile.ZipFile, shipped: frozenset[str]) -> Message:
    """What the wheel says of itself."""
    [name] = [name for name in shipped if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name), policy=default)


def test_the_wheel_says_that_it_is_typed(shipped: frozenset[str]) -> None:
    assert "schedlint/py.typed" in shipped


def test_the_wheel_carries_the_page_of_every_rule(shipped: frozenset[str], root: Path) -> None:
    pages = {f"schedlint/_rules/{page.name}" for page in (root / "rules").glob("*.md")}
    assert pages == {name for name in shipped if name.startswith("schedlint/_rules/")}


def test_the_wheel_carries_every_knowledge_table(shipped: frozenset[str], root: Path) -> None:
    tables = {table.relative_to(root).as_posix() for table in (root / "schedlint" / "knowledge").rglob("*.toml")}
    assert tables
    assert tables <= shipped


def test_the_wheel_carries_nothing_but_the_package(shipped: frozenset[str]) -> None:
    kinds = {PurePosixPath(name).suffix for name in shipped if ".dist-info/" not in name}
    assert {name.split("/")[0].split("-")[0] for name in shipped} == {"schedlint"}
    assert kinds == {".py", ".md", ".toml", ".typed"}


def test_the_licence_is_in_the_wheel(shipped: frozenset[str]) -> None:
    assert [name for name in shipped if name.endswith("licenses/LICENSE")]


def test_an_index_can_show_what_the_wheel_says_of_itself(
    metadata: Message, project: dict[str, Any], root: Path
) -> None:
    assert metadata["Version"] == schedlint.__version__
    assert metadata["Summary"] == project["description"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert (metadata["License-Expression"], metadata["License-File"]) == ("MIT", "LICENSE")
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata.get_payload() == (root / "README.md").read_text(encoding="utf-8")


def test_the_wheel_brings_the_command(wheel: zipfile.ZipFile, shipped: frozenset[str]) -> None:
    [name] = [name for name in shipped if name.endswith(".dist-info/entry_points.txt")]
    assert "schedlint = schedlint.cli:main" in wheel.read(name).decode().splitlines()


def test_the_lowest_run_uses_the_floors_that_are_promised(project: dict[str, Any], root: Path) -> None:
    promised = [REQUIREMENT.match(requirement) for requirement in project["dependencies"]]
    floors = {found["name"]: found["floor"] for found in promised if found}
    lines = (root / "constraints" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert len(floors) == len(project["dependencies"])
    assert {name: release(version) for name, version in pinned.items()} == {
        name: release(version) for name, version in floors.items()
    }


def release(version: str) -> tuple[int, ...]:
    """A version to compare by: 4.0 is 4.0.0."""
    parts = [int(part) for part in version.split(".")]
    return (*parts, *[0] * (3 - len(parts)))


def test_the_oldest_python_is_the_same_everywhere(project: dict[str, Any], root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    oldest = project["requires-python"].removeprefix(">=")
    assert settings["mypy"]["python_version"] == oldest
    assert settings["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"Programming Language :: Python :: {oldest}" in project["classifiers"]


def test_the_version_is_one_that_packages_may_have() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|(a|b|rc)\d+)?", schedlint.__version__)
