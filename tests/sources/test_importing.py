from __future__ import annotations

import sys
from pathlib import Path

import pytest

from schedlint.sources.importing import Ambiguous, Contents, ImportPaths, Namespace, Tree, list_with
from schedlint.sources.stdlib import STDLIB


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "root"


def _make(root: Path, names: str) -> None:
    for name in names.split():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_packages_modules_and_bare_folders(root: Path) -> None:
    _make(root, "train.py pkg/__init__.py pkg/a.py pkg/sub/b.py bare/c.py bare.txt")
    paths, train = ImportPaths(root, root), root / "train.py"
    assert paths.find("pkg", train) == root / "pkg/__init__.py"
    assert paths.find("pkg.a", train) == root / "pkg/a.py"
    assert paths.find("pkg.sub", train) == Namespace(root / "pkg/sub")
    assert paths.find("pkg.sub.b", train) == root / "pkg/sub/b.py"
    assert paths.find("bare", train) == Namespace(root / "bare")
    assert paths.find("bare.c", train) == root / "bare/c.py"
    for absent in ("torch", "pkg.none", "pkg.a.b", "bare.c.d", "", ".", "pkg.", "a/b", "..", "x\0y"):
        assert paths.find(absent, train) is None


def test_in_one_place_a_package_wins_over_a_module_and_a_module_over_a_bare_folder(root: Path) -> None:
    _make(root, "x.py a/__init__.py a.py b/c.py b.py")
    paths = ImportPaths(root, root)
    assert paths.find("a", root / "x.py") == root / "a/__init__.py"
    assert paths.find("b", root / "x.py") == root / "b.py"
    assert paths.find("b.c", root / "x.py") is None


@pytest.mark.parametrize(
    ("place", "importing"),
    [
        pytest.param("tools", "lib/deep/x.py", id="folder of the entry"),
        pytest.param("python", "lib/deep/x.py", id="src of the configuration"),
        pytest.param("", "lib/deep/x.py", id="root"),
        pytest.param("src", "lib/deep/x.py", id="root/src"),
        pytest.param("lib/deep", "lib/deep/x.py", id="folder of the importing file"),
        pytest.param("lib", "lib/deep/x.py", id="folder above it"),
    ],
)
def test_every_place_is_looked_at(root: Path, place: str, importing: str) -> None:
    _make(root, f"tools/train.py {importing} {place or '.'}/helper.py")
    paths = ImportPaths(root, root / "tools", [Path("python")])
    assert paths.find("helper", root / importing) == root / place / "helper.py"


def test_files_that_differ_make_a_name_ambiguous(root: Path) -> None:
    _make(root, "tools/train.py tools/utils.py utils.py lib/x.py lib/utils.py")
    paths = ImportPaths(root, root / "tools")
    assert paths.find("utils", root / "tools/train.py") == Ambiguous((root / "tools/utils.py", root / "utils.py"))
    assert paths.find("utils", root / "lib/x.py") == Ambiguous(
        (root / "tools/utils.py", root / "utils.py", root / "lib/utils.py")
    )


def test_a_script_has_its_own_folder_first(root: Path) -> None:
    _make(root, "tools/train.py tools/utils.py utils.py lib/x.py lib/utils.py lib/other.py other.py")
    script = ImportPaths(root, root / "tools", run_as_script=True)
    assert script.find("utils", root / "lib/x.py") == root / "tools/utils.py"
    assert script.find("other", root / "lib/x.py") == Ambiguous((root / "other.py", root / "lib/other.py"))


def test_an_entry_in_the_root_has_the_root_first_however_it_is_started(root: Path) -> None:
    _make(root, "train.py utils.py lib/x.py lib/utils.py")
    assert ImportPaths(root, root).find("utils", root / "lib/x.py") == root / "utils.py"


def test_a_file_wins_over_a_bare_folder_and_bare_folders_that_differ_are_ambiguous(root: Path) -> None:
    _make(root, "tools/train.py tools/utils/a.py utils.py data/a.py tools/data/b.py")
    paths, train = ImportPaths(root, root / "tools", run_as_script=True), root / "tools/train.py"
    assert paths.find("utils", train) == root / "utils.py"
    assert paths.find("data", train) == Ambiguous((root / "tools/data", root / "data"))
    assert paths.find("data.a", train) == root / "data/a.py"


def test_the_same_file_reached_twice_is_one(root: Path) -> None:
    _make(root, "lib/utils.py lib/x.py tools/train.py pkg/__init__.py")
    (root / "tools/utils.py").symlink_to(root / "lib/utils.py")
    (root / "tools/pkg").symlink_to(root / "pkg")
    paths = ImportPaths(root, root / "tools")
    assert paths.find("utils", root / "lib/x.py") == root / "lib/utils.py"
    assert paths.find("pkg", root / "lib/x.py") == root / "pkg/__init__.py"


def test_nothing_outside_the_root_and_the_folder_of_the_entry_is_found(root: Path) -> None:
    _make(root.parent, "outside.py away/far.py away/deep/near.py")
    _make(root, "pkg/x.py")
    (root / "leak.py").symlink_to(root.parent / "outside.py")
    (root / "leaks").symlink_to(root.parent / "away")
    paths, x = ImportPaths(root, root / "pkg", [root.parent, Path("..")]), root / "pkg/x.py"
    for name in ("outside", "leak", "leaks", "leaks.far", "away.far"):
        assert paths.find(name, x) is None
    assert paths.find_relative(3, "outside", x) is None
    assert paths.find_relative(2, "leak", x) is None
    assert paths.find_relative(10**9, None, x) is None
    apart = ImportPaths(root, root.parent / "away")
    assert apart.find("far", x) == root.parent / "away/far.py"
    assert apart.find("deep.near", x) == root.parent / "away/deep/near.py"


def test_relative_imports(root: Path) -> None:
    _make(root, "top.py pkg/__init__.py pkg/a.py pkg/sub/b.py pkg/sub/c.py")
    paths, b = ImportPaths(root, root), root / "pkg/sub/b.py"
    assert paths.find_relative(1, "c", b) == root / "pkg/sub/c.py"
    assert paths.find_relative(1, None, b) == Namespace(root / "pkg/sub")
    assert paths.find_relative(2, None, b) == root / "pkg/__init__.py"
    assert paths.find_relative(2, "a", b) == root / "pkg/a.py"
    assert paths.find_relative(2, "sub.c", b) == root / "pkg/sub/c.py"
    assert paths.find_relative(3, "top", b) == root / "top.py"
    assert paths.find_relative(1, "sub", root / "pkg/__init__.py") == Namespace(root / "pkg/sub")
    assert paths.find_relative(1, "none", b) is None
    assert paths.find_relative(1, "c.", b) is None


def test_a_file_that_imports_its_own_name_means_the_library(root: Path) -> None:
    _make(root, "train.py models/wandb.py models/utils.py utils.py")
    paths = ImportPaths(root, root)
    assert paths.find("wandb", root / "models/wandb.py") is None
    assert paths.find("utils", root / "models/utils.py") == root / "utils.py"


def test_the_standard_library_is_hidden_only_by_the_folder_of_the_entry(root: Path) -> None:
    _make(
        root, "tools/train.py tools/queue.py logging.py pkg/logging.py pkg/x.py src/types/__init__.py tools/email/a.py"
    )
    paths, x = ImportPaths(root, root / "tools"), root / "pkg/x.py"
    assert paths.find("logging", x) is None
    assert paths.find("types", x) is None
    assert paths.find("queue", x) == root / "tools/queue.py"
    assert paths.find("email", x) is None


def test_a_known_library_is_not_taken_for_a_folder_beside_the_importing_file(root: Path) -> None:
    _make(root, "train.py models/timm/y.py models/x.py models/torch.py ignite/z.py src/transformers/__init__.py")
    names = frozenset({"timm", "torch", "ignite", "transformers"})
    paths, x = ImportPaths(root, root, libraries=names), root / "models/x.py"
    assert [paths.find(name, x) for name in ("timm", "torch", "ignite")] == [None, None, None]
    assert paths.find("transformers", x) == root / "src/transformers/__init__.py"
    assert ImportPaths(root, root).find("torch", x) == root / "models/torch.py"


def test_an_editor_can_lay_its_own_listing_over_the_disk() -> None:
    listings = {
        Path("/p"): Contents(frozenset({"train"}), frozenset({"pkg"})),
        Path("/p/pkg"): Contents(frozenset({"__init__"}), frozenset()),
    }
    asked: list[Path] = []

    def listing(folder: Path) -> Contents:
        asked.append(folder)
        return listings.get(folder, Contents(frozenset(), frozenset()))

    paths = ImportPaths(Path("/p"), Path("/p"), tree=Tree(listing))
    for _ in range(2):
        assert paths.find("pkg", Path("/p/train.py")) == Path("/p/pkg/__init__.py")
    assert len(asked) == len(set(asked))


def test_files_that_are_not_on_disk_are_found(root: Path) -> None:
    _make(root, "train.py pkg/__init__.py pkg/a.py")
    tree = Tree(list_with([root / "engine.py", root / "pkg" / "b.py", root / "x.ipynb"]))
    paths, train = ImportPaths(root, root, tree=tree), root / "train.py"
    assert paths.find("engine", train) == root / "engine.py"
    assert paths.find("pkg.a", train) == root / "pkg" / "a.py"
    assert paths.find("pkg.b", train) == root / "pkg" / "b.py"
    assert paths.find("x", train) is None


def test_broken_links_and_folders_named_like_modules_are_no_modules(root: Path) -> None:
    _make(root, "x.py a.py/b.py")
    (root / "c.py").symlink_to(root / "gone.py")
    (root / "d").symlink_to(root / "d")
    paths = ImportPaths(root, root)
    assert [paths.find(name, root / "x.py") for name in "acd"] == [None, None, None]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with 3.11")
def test_the_names_of_the_standard_library_are_real() -> None:
    assert STDLIB.issubset(sys.stdlib_module_names)
