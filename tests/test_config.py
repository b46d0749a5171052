"""Settings: where they are found, what they may be, and what is said of those that are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from schedlint.config import FORMATS, KEYS, Config, Selectors, anchored, load
from schedlint.diagnostics import Confidence, UsageError
from schedlint.releases import Range
from schedlint.selection import selection
from schedlint.sources.discover import discover

EVERYTHING = """\
select = ["LRS1"]
extend-select = ["scheduler-before-optimizer"]
ignore = ["LRS102"]
min-confidence = "likely"
output-format = "concise"
exclude = ["generated", "old/*.py"]
force-exclude = true
fix = true
unsafe-fixes = true
src = ["library", "."]
torch-version = ">=2.0,<2.7"
"""


def project(folder: Path, text: str = EVERYTHING, name: str = "pyproject.toml") -> Path:
    """A folder with a file of settings; those of a pyproject.toml stand in their table."""
    folder.mkdir(parents=True, exist_ok=True)
    header = "[tool.schedlint]\n" if name == "pyproject.toml" else ""
    (folder / name).write_text(header + text, encoding="utf-8")
    return folder


def refused(folder: Path, file: str | None = None) -> str:
    """What is said of settings that are refused: one line."""
    with pytest.raises(UsageError) as error:
        load(str(folder), file)
    assert "\n" not in str(error.value)
    return str(error.value)


# --- where ------------------------------------------------------------------------------------------------------------


def test_every_setting_is_read(tmp_path: Path) -> None:
    assert load(str(project(tmp_path))) == Config(
        selectors=(Selectors(("LRS1",), ("scheduler-before-optimizer",), ("LRS102",), origin="pyproject.toml"),),
        min_confidence=Confidence.LIKELY,
        output_format="concise",
        exclude=("generated", f"{tmp_path}/old/*.py"),
        force_exclude=True,
        fix=True,
        unsafe_fixes=True,
        src=(f"{tmp_path}/library", str(tmp_path)),
        base=str(tmp_path),
        releases={"torch": Range((2, 0), (2, 7))},
    )


def test_every_setting_is_in_the_example() -> None:
    assert [line.partition(" ")[0] for line in EVERYTHING.splitlines()] == list(KEYS)


def test_the_readme_shows_every_setting_and_its_example_is_right(tmp_path: Path, root: Path) -> None:
    example = re.search(r"^```toml\n(.*?)^```$", (root / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert example is not None
    (tmp_path / "pyproject.toml").write_text(example[1], encoding="utf-8")
    assert selection(load(str(tmp_path)).selectors).rules
    assert re.findall(r"^([a-z-]+) =", example[1], re.M) == list(KEYS)


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert load(str(tmp_path)) == Config()
    assert Config().output_format == "full"


def test_the_nearest_file_with_a_table_is_taken(tmp_path: Path) -> None:
    inner = project(tmp_path) / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[tool.other]\nselect = 1\n")
    assert load(str(inner)).exclude == load(str(tmp_path)).exclude
    assert load(str(inner)).selectors[0].origin == str(tmp_path / "pyproject.toml")


def test_files_are_not_mixed(tmp_path: Path) -> None:
    inner = project(project(tmp_path) / "inner", "")
    assert load(str(inner)) == Config(selectors=(Selectors(origin="pyproject.toml"),), base=str(inner))


@pytest.mark.parametrize(
    "document", ["", "tool = 1\n", "[project]\nname = 'a'\n"], ids=["empty", "no table", "another"]
)
def test_a_project_file_without_the_table_is_passed_over(tmp_path: Path, document: str) -> None:
    (tmp_path / "pyproject.toml").write_text(document)
    assert load(str(tmp_path)) == Config()


def test_a_file_that_is_named_is_taken_instead(tmp_path: Path) -> None:
    elsewhere = project(tmp_path / "other", 'exclude = ["x/y"]\n', "lint.toml")
    config = load(str(project(tmp_path)), "other/lint.toml")
    assert config.exclude == (f"{elsewhere}/x/y",)
    assert config.selectors == (Selectors(origin="other/lint.toml"),)


def test_a_named_pyproject_is_read_at_its_table(tmp_path: Path) -> None:
    project(tmp_path / "other", "force-exclude = true\n")
    assert load(str(tmp_path), "other/pyproject.toml").force_exclude


def test_windows_may_put_a_mark_in_front(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfforce-exclude = true\r\n")
    assert load(str(tmp_path), "a.toml").force_exclude


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("selec = []", "`selec` is no setting; did you mean `select`?", id="a slip"),
        pytest.param("extend_select = []", "`extend_select` is no setting; did you mean `extend-select`?", id="snake"),
        pytest.param("zzz = 1", "`zzz` is no setting", id="nothing near"),
        pytest.param(
            "torch-version = 2.6",
            '`torch-version` must be a version or versions, as in "2.6" or ">=2.0,<2.7", not 2.6',
            id="a number for a version",
        ),
        pytest.param(
            "torch-version = 'newest'",
            '`torch-version` must be a version or versions, as in "2.6" or ">=2.0,<2.7", not \'newest\'',
            id="no version",
        ),
        pytest.param("select = 'LRS1'", "`select` must be a list of texts, not 'LRS1'", id="no list"),
        pytest.param("ignore = [101]", "`ignore` must be a list of texts, not [101]", id="a number"),
        pytest.param("exclude = ['']", "`exclude` must be a list of texts, not ['']", id="an empty text"),
        pytest.param(
            "min-confidence = 'likly'",
            "`min-confidence` must be one of certain, likely, possible, not 'likly'; did you mean `likely`?",
            id="near a choice",
        ),
        pytest.param(
            "output-format = []", "`output-format` must be one of full, concise, json, not []", id="no text at all"
        ),
        pytest.param(
            "force-exclude = 'yes'", "`force-exclude` must be true or false, not 'yes'", id="a word for a truth"
        ),
        pytest.param("src = ['a\\u0000']".replace("'", '"'), "`src` must be a list of texts, not ['a\\x00']", id="NUL"),
    ],
)
def test_what_is_no_setting_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    assert refused(project(tmp_path, text)) == f"pyproject.toml: {said}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"[tool.schedlint\n", "it is not TOML: ", id="no TOML"),
        pytest.param(b"a = '\xff'\n", "it is not UTF-8, as TOML must be", id="no text"),
        pytest.param(b"a = " + b"[" * 100_000, "it is nested too deeply", id="a hundred thousand brackets"),
        pytest.param(b"a = " + b"9" * 10_000, "it is not TOML: ", id="a number of ten thousand digits"),
        pytest.param(b"tool.schedlint = 3\n", "`tool.schedlint` must be a table, not 3", id="no table"),
        pytest.param(b"a = 1\na = 2\n", "it is not TOML: ", id="a key said twice"),
    ],
)
def test_what_is_no_file_of_settings_is_said_in_one_line(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    assert refused(tmp_path).startswith(f"pyproject.toml: {said}")


def test_a_long_value_is_not_repeated_in_full(tmp_path: Path) -> None:
    assert len(refused(project(tmp_path, f"select = '{'x' * 5_000}'"))) < 200
    assert len(refused(project(tmp_path, f"{'x' * 5_000} = 1"))) < 200


def test_a_named_file_that_is_not_there_or_says_nothing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "gone.toml") == "gone.toml: there is no such file"
    assert refused(tmp_path, ".") == ".: it is a folder"
    (tmp_path / "pyproject.toml").write_text("")
    assert refused(tmp_path, "pyproject.toml") == "pyproject.toml: there is no [tool.schedlint]"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    assert refused(tmp_path, "a.toml") == "a.toml: it is not a regular file"


# --- patterns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("*.py", "*.py"),
        ("./gen/", "./gen/"),
        ("a/b", "/p/[[]q]/a/b"),
        ("./a/b", "/p/[[]q]/a/b"),
        ("**/a", "/p/[[]q]/**/a"),
        ("../a/b", "/p/a/b"),
        ("/a/b", "/a/b"),
    ],
)
def test_patterns_for_a_path_are_relative_to_the_folder_of_the_file(pattern: str, meant: str) -> None:
    assert anchored([pattern], "/p/[q]") == (meant,)


def test_patterns_mean_the_same_wherever_one_stands(tmp_path: Path) -> None:
    folder = project(tmp_path / "[odd]", 'exclude = ["sub/old.py"]\n')
    (folder / "sub").mkdir()
    for name in ("old.py", "new.py"):
        (folder / "sub" / name).write_text("")
    for cwd in (folder, folder / "sub"):
        found, _ = discover([str(folder)], exclude=load(str(cwd)).exclude, base=str(cwd))
        assert [Path(path).name for path in found] == ["new.py"]


def test_the_first_format_is_the_default() -> None:
    assert Config().output_format == FORMATS[0]
