"""The packages as users get them: built, installed where nothing else is, and used from a folder that is not ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

import schedlint
from tests.conftest import ROOT
from tests.test_package import project_table

CONSUMER = """\
from schedlint import (
    Confidence,
    Config,
    Diagnostic,
    Location,
    Note,
    Report,
    Selectors,
    Severity,
    UsageError,
    check_paths,
    check_source,
    load_config,
)

report: Report = check_paths(["train.py"], config=load_config(), cwd=".")
for found in (*report.diagnostics, *check_source("", filename="train.py").diagnostics):
    diagnostic: Diagnostic = found
    at: Location = diagnostic.at
    notes: tuple[Note, ...] = diagnostic.related
    severity: Severity = diagnostic.severity
settings = Config(selectors=(Selectors(select=("LRS1",)),), min_confidence=Confidence.LIKELY)
"""

MISUSE = """\
import schedlint

schedlint.check_paths(cwd=".")
schedlint.check_source("").diagnostics[0].rwo
schedlint.chek_paths
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The wheel and the source distribution, by their kind."""
    folder = str(tmp_path_factory.mktemp("dist"))
    [wheel] = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    [sdist] = SdistBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(
    request: pytest.FixtureRequest, packages: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The Python of a fresh environment with one of the packages in it, what that depends on, and what builds it."""
    folder = tmp_path_factory.mktemp(request.param)
    venv.create(folder, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    needed = list(project_table()["dependencies"])
    fetched = pip(python, needed if request.param == "wheel" else [*needed, "hatchling"])
    if fetched.returncode != 0:
        pytest.skip(f"what schedlint depends on cannot be installed here: {fetched.stderr.strip().splitlines()[-1]}")
    done = pip(python, ["--no-index", "--no-deps", "--no-build-isolation", packages[request.param]])
    assert done.returncode == 0, done.stderr
    return python


def pip(python: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Install something into the environment of `python`."""
    quiet = ["--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=15"]
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", *quiet, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with nothing in the environment that leads to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))}
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)


def copied(fixture: str, folder: Path) -> Path:
    """A fixture's Python files in a folder of somebody else."""
    folder.mkdir()
    for source in (ROOT / "fixtures" / fixture).glob("*.py"):
        (folder / source.name).write_bytes(source.read_bytes())
    return folder


# --- used as a command ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [False, True], ids=["schedlint", "python -m schedlint"])
def test_the_command_works_wherever_it_is_run(installed: Path, tmp_path: Path, module: bool) -> None:
    command = [installed, "-m", "schedlint"] if module else [installed.with_name("schedlint")]
    (tmp_path / "plain.py").write_text("x = 1\n")
    wrong = copied("detection_main_per_batch", tmp_path / "wrong")

    version = run(tmp_path, *command, "--version")
    assert (version.returncode, version.stdout) == (0, f"schedlint {schedlint.__version__}\n")
    clean = run(tmp_path, *command, "plain.py")
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "", "schedlint: checked 1 file: no findings\n")
    found = run(wrong, *command, ".", "--output-format", "json")
    assert (found.returncode, [entry["code"] for entry in json.loads(found.stdout)]) == (1, ["LRS101"])
    unusable = run(tmp_path, *command, "--select", "LRS9999")
    assert (unusable.returncode, unusable.stdout, unusable.stderr.count("\n")) == (2, "", 1)
    assert run(tmp_path, *command, "--help").stdout.startswith("Usage: schedlint [OPTIONS] COMMAND")


def test_every_page_is_printed_as_it_stands_in_the_checkout(installed: Path, tmp_path: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").glob("LRS*.md"))]
    printed = run(tmp_path, installed.with_name("schedlint"), "rule", "--all")
    assert (printed.returncode, printed.stdout) == (0, "\n".join(pages))


# --- used as a library ------------------------------------------------------------------------------------------------


def test_programs_that_use_it_are_type_checked(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER)
    (tmp_path / "misuse.py").write_text(MISUSE)
    options = ("--strict", "--no-error-summary", "--python-executable", str(installed))
    done = run(tmp_path, sys.executable, "-m", "mypy", *options, "consumer.py", "misuse.py")
    assert [line.rpartition("  ")[2] for line in done.stdout.splitlines() if ": error:" in line] == [
        "[call-arg]",
        "[attr-defined]",
        "[attr-defined]",
    ], done.stdout + done.stderr
    assert "consumer.py" not in done.stdout


# --- the source distribution ------------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(packages: dict[str, str], tmp_path: Path) -> Path:
    """What is in the source distribution."""
    with tarfile.open(packages["sdist"]) as archive:
        if sys.version_info >= (3, 12):
            archive.extractall(tmp_path, filter="data")
        else:
            archive.extractall(tmp_path)
    return tmp_path / Path(packages["sdist"]).name.removesuffix(".tar.gz")


def test_the_source_distribution_makes_the_same_wheel(packages: dict[str, str], unpacked: Path, tmp_path: Path) -> None:
    [again] = WheelBuilder(str(unpacked)).build(directory=str(tmp_path / "dist"), versions=["standard"])
    assert Path(again).name == Path(packages["wheel"]).name
    assert Path(again).read_bytes() == Path(packages["wheel"]).read_bytes()


def test_the_source_distribution_has_what_its_tests_need(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert {"tests/conftest.py", "constraints/lowest.txt", "CHANGELOG.md", ".pre-commit-hooks.yaml"} <= names
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "fixtures").rglob("*.py")} <= names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc") or "_cache/" in name]
