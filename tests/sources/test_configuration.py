"""Configuration files, read as the libraries read them, whatever is in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from schedlint.configuration import Leaf, Listing, Node, Section, Unclear
from schedlint.sources.configuration import MOST_DEPTH, SIZE_LIMIT, candidates, parse
from schedlint.sources.configurations import Configurations
from schedlint.sources.text import Unreadable


def plain(node: Node) -> object:
    """The tree as plain data; `...` for what is unclear."""
    match node:
        case Leaf(value=value):
            return value
        case Listing(items=items):
            return [plain(item) for item in items]
        case Section(entries=entries):
            return {key: plain(inner) for key, inner in entries}
        case _:
            return ...


def read(text: str | bytes, form: str = "yaml") -> object:
    return plain(parse("c", text.encode() if isinstance(text, str) else text, form))


YAML = """\
epochs: 90
lr: 0.1
small: 1e-3
smaller: 1.0e-3
on: yes
off: "no"
nothing: ~
empty:
octal: 010
sexagesimal: 1:30
text: |
  two
  rows
base: &base {a: 1, b: [2, 3]}
more:
  <<: *base
  b: 4
again: *base
both:
  <<: [{a: 1}, {a: 2, c: 3}]
twice: 1
twice: 2
tagged: !!float 3
quoted: !!str 5
"""


def test_yaml_is_what_pyyaml_says_it_is() -> None:
    assert read(YAML) == yaml.safe_load(YAML)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "--- 3\n...\n", "[1, 2]", "just a text", "\ufeffa: 1"])
def test_a_small_file_is_what_pyyaml_says_it_is(text: str) -> None:
    assert read(text) == yaml.safe_load(text.encode())


def test_a_value_has_its_row_and_column() -> None:
    tree = parse("c.yaml", b"a:\n  b: 12\n", "yaml")
    assert isinstance(tree, Section)
    ((_, inner),) = tree.entries
    assert isinstance(inner, Section)
    ((_, leaf),) = inner.entries
    assert isinstance(leaf, Leaf)
    assert (leaf.at.path, leaf.at.row, leaf.at.column, leaf.at.end_column) == ("c.yaml", 2, 6, 8)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("1e-3", "yaml", "1e-3"),
        ("1e-3", "omegaconf", 1e-3),
        ("1e-3", "yaml 1.2", 1e-3),
        ("yes", "yaml", True),
        ("yes", "yaml 1.2", "yes"),
        ("true", "yaml 1.2", True),
        ("1:30", "yaml", 90),
        ("1:30", "yaml 1.2", "1:30"),
        ("2020-01-01", "yaml", ...),
        ("2020-01-01", "omegaconf", "2020-01-01"),
        ("(30, 60)", "yaml", "(30, 60)"),
        ("(30, 60)", "yacs", [30, 60]),
        ("'1e-3'", "yacs", 1e-3),
        ("a text", "yacs", "a text"),
        ("\"'\\\\d'\"", "yacs", "\\d"),
        ("((1, 2), 3)", "yacs", [[1, 2], 3]),
        ("{1: 2}", "json", None),
    ],
)
def test_each_library_has_its_own_rules(text: str, form: str, value: object) -> None:
    if form == "json":
        with pytest.raises(Unreadable, match="cannot be parsed"):
            read(text, form)
    else:
        assert read(f"a: {text}\n", form) == {"a": value}


def test_json_and_toml() -> None:
    assert read('{"a": [1, 2.5, null, true], "b": {"c": "d"}}', "json") == {"a": [1, 2.5, None, True], "b": {"c": "d"}}
    assert read("a = 1\r\n[b]\nc = [1.5]\nd = 2020-01-01\n", "toml") == {"a": 1, "b": {"c": [1.5], "d": ...}}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        pytest.param(BOMB, "yaml", "more than a configuration", id="aliases of aliases"),
        pytest.param("a: &a [*a]\n", "yaml", "to itself", id="an alias of itself"),
        pytest.param("a: *b\n", "yaml", "nowhere", id="an alias of nothing"),
        pytest.param("[" * 100_000, "yaml", "nested too deeply", id="deep YAML"),
        pytest.param("- " * 5000 + "a", "yaml", "nested too deeply", id="deep block YAML"),
        pytest.param("[" * 100_000, "json", "nested too deeply|cannot be parsed", id="deep JSON"),
        pytest.param("[" * 40 + "]" * 40, "json", "more than a configuration", id="JSON that is a little too deep"),
        pytest.param("a = " + "[" * 100_000, "toml", "nested too deeply|cannot be parsed", id="deep TOML"),
        pytest.param("[" + "1," * 30_000 + "1]", "json", "more than a configuration", id="many values"),
        pytest.param("- 1\n" * 30_000, "yaml", "more than a configuration", id="many values of YAML"),
        pytest.param("a" * (SIZE_LIMIT + 1), "yaml", "larger than 1 MB", id="a large file"),
        pytest.param("a: !!python/object/apply:os.system ['true']", "yaml", "tag", id="a tag that calls"),
        pytest.param("a: !!python/name:os.system", "yaml", "tag", id="a tag that names code"),
        pytest.param("a: !!python/tuple [1, 2]", "yaml", "tag", id="a tag of Python"),
        pytest.param("a: !include other.yaml", "yaml", "tag", id="a tag of the project"),
        pytest.param("a: !!set {b}", "yaml", "tag", id="a set"),
        pytest.param("? [1, 2]\n: 3\n", "yaml", "key", id="a list as a key"),
        pytest.param("a: 1\n--- \nb: 2\n", "yaml", "several documents", id="two documents"),
        pytest.param("a: [1\n", "yaml", "cannot be parsed", id="broken YAML"),
        pytest.param("a:\n  <<: 3\n", "yaml", "merges", id="a number merged in"),
        pytest.param("%YAML 9.9\n---\na", "yaml", "cannot be parsed", id="another YAML"),
        pytest.param("a: \x00", "yaml", "cannot be parsed", id="a NUL"),
        pytest.param("{", "json", "cannot be parsed", id="broken JSON"),
        pytest.param('{"a": ' + "9" * 10_000 + "}", "json", "cannot be parsed", id="a number of ten thousand digits"),
        pytest.param("a = ", "toml", "cannot be parsed", id="broken TOML"),
    ],
)
def test_a_file_is_refused(text: str, form: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(text, form)


@pytest.mark.parametrize("form", ["yaml", "json", "toml"])
def test_bytes_that_are_no_text_are_refused(form: str) -> None:
    with pytest.raises(Unreadable, match="not UTF-8"):
        read(b"a: \xff\xfe\xfa", form)


@pytest.mark.parametrize(
    "text", ["!!int text", "9" * 5000, "!!float x", "!!bool 3", "!!binary aGk=", "!!timestamp now"]
)
def test_a_value_that_is_not_what_its_tag_says_is_unclear(text: str) -> None:
    assert read(f"a: {text}\nb: 1\n") == {"a": ..., "b": 1}


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read("[" * MOST_DEPTH + "]" * MOST_DEPTH) is not None


# --- which file -------------------------------------------------------------------------------------------------------


def configurations(root: Path, entry: Path) -> Configurations:
    def data(path: str) -> bytes | None:
        try:
            return Path(path).read_bytes()
        except OSError:
            return None

    return Configurations(root.resolve(), entry.resolve(), data)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / "sub").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text("a: 1\n")
    return tmp_path / "project"


def test_a_relative_path_is_looked_up_from_the_root_and_from_the_script(project: Path) -> None:
    (project / "root.yaml").write_text("a: 1\n")
    (project / "sub" / "sub.yaml").write_text("a: 2\n")
    found = configurations(project, project / "sub")
    assert plain(found.read("root.yaml", "yaml")) == {"a": 1}
    assert plain(found.read("sub.yaml", "yaml")) == {"a": 2}
    assert plain(found.read(str(project.resolve() / "root.yaml"), "yaml")) == {"a": 1}


def test_two_files_that_differ_are_unclear_and_two_alike_are_not(project: Path) -> None:
    (project / "a.yaml").write_text("a: 1\n")
    (project / "sub" / "a.yaml").write_text("a: 1\n")
    (project / "b.yaml").write_text("a: 1\n")
    (project / "sub" / "b.yaml").write_text("a: 2\n")
    found = configurations(project, project / "sub")
    assert plain(found.read("a.yaml", "yaml")) == {"a": 1}
    assert found.read("b.yaml", "yaml") == Unclear("two files that differ may be meant by `b.yaml`")


def test_nothing_outside_the_project_is_read(project: Path) -> None:
    (project / "link.yaml").symlink_to(project.parent / "outside.yaml")
    (project / "circle.yaml").symlink_to(project / "circle.yaml")
    found = configurations(project, project)
    for path in ("../outside.yaml", str(project.parent / "outside.yaml"), "link.yaml", "circle.yaml", "http://a.yaml"):
        assert isinstance(found.read(path, "yaml"), Unclear), path
    for path in ("a\0b", "~/c.yaml", "x" * 5000, "sub", ""):
        assert isinstance(found.read(path, "yaml"), Unclear), path


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    (project / "sub" / "real.yaml").write_text("a: 1\n")
    (project / "link.yaml").symlink_to(Path("sub") / "real.yaml")
    assert candidates("link.yaml", project.resolve(), project.resolve()) == (os.path.realpath(project / "link.yaml"),)
    assert plain(configurations(project, project).read("link.yaml", "yaml")) == {"a": 1}
