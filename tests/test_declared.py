"""What projects declare of the libraries that they need, in each of the files in which they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedlint.declared import declared, in_setup_py, requirement_files
from tests.program.facts_of import facts_of

METADATA = '[project]\ndependencies = ["numpy", "torch>=2.0,<2.7"]\n'
OPTIONAL = '[project.optional-dependencies]\ngpu = ["torch>=2.0,<2.7"]\n'
GROUP = '[dependency-groups]\ntrain = [{include-group = "x"}, "torch>=2.0,<2.7"]\n'
POETRY = '[tool.poetry.dependencies]\npython = "^3.10"\ntorch = ">=2.0,<2.7"\n'
POETRY_TABLE = '[tool.poetry.dependencies]\ntorch = {version = ">=2.0,<2.7", source = "pytorch"}\n'
POETRY_SEVERAL = (
    '[tool.poetry.dependencies]\ntorch = [{version = ">=2.0,<2.1"}, {version = "~2.6", platform = "x"}, {path = "y"}]\n'
)
POETRY_GROUP = '[tool.poetry.group.train.dependencies]\ntorch = ">=2.0,<2.7"\n'
PINNED = "# what is needed\nnumpy\n-r other.txt\ntorch>=2.0,<2.7  # not yet\nscipy==1.0 --hash=sha256:0\n"
CONTINUED = "torch>=2.0,\\\n<2.7\n"
SETUP_CFG = "[options]\ninstall_requires =\n    numpy\n    torch>=2.0,<2.7\n"
SETUP_CFG_EXTRA = "[options.extras_require]\ngpu = torch>=2.0,<2.7\n"


def of(name: str, text: str, wanted: str = "torch") -> str | None:
    found = declared([name], {name: text}.get)
    return str(found[wanted]) if wanted in found else None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("pyproject.toml", METADATA, id="metadata"),
        pytest.param("pyproject.toml", OPTIONAL, id="optional dependencies"),
        pytest.param("pyproject.toml", GROUP, id="a group of dependencies"),
        pytest.param("pyproject.toml", POETRY, id="poetry"),
        pytest.param("pyproject.toml", POETRY_TABLE, id="a table of poetry's"),
        pytest.param("pyproject.toml", POETRY_SEVERAL, id="several tables of poetry's"),
        pytest.param("pyproject.toml", POETRY_GROUP, id="a group of poetry's"),
        pytest.param("requirements.txt", PINNED, id="requirements"),
        pytest.param("requirements-train.txt", CONTINUED, id="a line that goes on"),
        pytest.param("requirements/base.txt", PINNED, id="a folder of requirements"),
        pytest.param("setup.cfg", SETUP_CFG, id="options of setuptools"),
        pytest.param("setup.cfg", SETUP_CFG_EXTRA, id="extras of setuptools"),
    ],
)
def test_the_versions_that_a_file_declares(name: str, text: str) -> None:
    assert of(name, text) == ">=2.0,<2.7"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("pyproject.toml", "[project\n", id="no TOML"),
        pytest.param("pyproject.toml", 'project = 1\ntool = "x"\n[dependency-groups]\na = 1\n', id="other tables"),
        pytest.param("pyproject.toml", '[tool.poetry.dependencies]\ntorch = "newest"\n', id="no version"),
        pytest.param("setup.cfg", "install_requires = torch\n", id="no section"),
        pytest.param("requirements.txt", "torchvision==0.15\ntorch\n", id="a name alone"),
        pytest.param("constraints.txt", "torch<2\n", id="another file"),
        pytest.param("setup.cfg", "", id="an empty file"),
    ],
)
def test_what_declares_nothing(name: str, text: str) -> None:
    assert of(name, text) is None


def test_several_files_count_from_the_least_to_the_most() -> None:
    texts = {"pyproject.toml": METADATA, "requirements.txt": "torch==1.13.1\n", "requirements-dev.txt": "torch\n"}
    assert str(declared(texts, texts.get)["torch"]) == ">=1.13.1,<2.7"


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        pytest.param("setup(install_requires=['numpy', 'torch<2'])", ["<2"], id="written out"),
        pytest.param("setup(extras_require={'gpu': ['torch<2']})", ["<2"], id="extras"),
        pytest.param("NEEDED = ['torch<2']\nsetup(install_requires=NEEDED)", [], id="by a name"),
        pytest.param("setup(description='torch<2')", [], id="another argument"),
    ],
)
def test_what_a_setup_script_declares(text: str, limits: list[str]) -> None:
    assert [str(range) for name, range in in_setup_py(facts_of(text)) if name == "torch"] == limits


def test_the_files_that_may_declare_something(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements.txt", "requirements_dev.txt", "requirements/gpu.txt", "notes.txt", "train.py"):
        (tmp_path / name).touch()
    assert requirement_files(tmp_path) == [
        "pyproject.toml", "setup.cfg", "requirements.txt", "requirements_dev.txt", "requirements/gpu.txt",
    ]  # fmt: skip
    assert requirement_files(tmp_path / "nowhere") == ["pyproject.toml", "setup.cfg"]
