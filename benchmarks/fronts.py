"""What each front costs to start and per file, as ratios of CPU time: `python benchmarks/fronts.py`.

The command line is compared with `python -c pass`, flake8 with the plugin with flake8 without it. The tree without
schedulers is pip's own code, whose files that speak of any are left out. The steps take turns, and the
best pass of each counts: what else a machine does only ever adds. Ratios travel between machines, seconds do not.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "cosine_over_one_epoch" / "train.py"
PLAIN = "import os\n\n\nprint(os.name)\n"
# flake8 has no switch for a plugin: those whose module begins with what is named first are hidden from it.
FLAKE8 = """\
import importlib.metadata as metadata, sys
hidden, before = sys.argv.pop(1), metadata.Distribution.entry_points.fget
left = lambda points: metadata.EntryPoints(each for each in points if not each.value.startswith(hidden))
metadata.PathDistribution.entry_points = property(lambda self: left(before(self)))
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        count = laid_out(tree)
        seconds = measured(steps(tree), options.passes, tree)
    print(f"tree without schedulers: {count} files; the best of {options.passes} passes, CPU time")
    for name, base in RATIOS:
        print(f"{name:44} {seconds[name] / seconds[base]:6.2f} x {base}")


START = "python -c pass"
RATIOS = (
    ("schedlint --version", START),
    ("schedlint, a file that cannot matter", START),
    ("schedlint, a file that matters", START),
    ("schedlint, a tree without schedulers", START),
    ("flake8, a file that cannot matter", START),
    ("flake8 + plugin, a file that cannot matter", "flake8, a file that cannot matter"),
    ("flake8, a file that matters", START),
    ("flake8 + plugin, a file that matters", "flake8, a file that matters"),
    ("flake8, a tree without schedulers", START),
    ("flake8 + plugin, a tree without schedulers", "flake8, a tree without schedulers"),
)
"""What is shown, each against what it is compared with."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="CPU time of each front, as ratios.")
    parser.add_argument("--passes", type=int, default=5, help="how many passes (default: 5)")
    return parser.parse_args()


def laid_out(folder: Path) -> int:
    """Write what is to be checked; the number of files in the tree without schedulers."""
    (folder / "plain.py").write_text(PLAIN)
    shutil.copy(FIXTURE, folder / "train.py")
    pip = find_spec("pip")
    assert pip is not None
    assert pip.origin is not None
    tree = folder / "tree"
    own = Path(pip.origin).parent / "_internal"
    shutil.copytree(own, tree / "pip" / "_internal", ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "pyproject.toml").touch()
    for file in tree.rglob("*.py"):
        if b"sched" in file.read_bytes().lower():
            file.unlink()
    return len(list(tree.rglob("*.py")))


def steps(folder: Path) -> dict[str, Sequence[str]]:
    """The commands to measure, by name."""
    python, schedlint = sys.executable, [sys.executable, "-m", "schedlint"]
    found: dict[str, Sequence[str]] = {START: [python, "-c", "pass"], "schedlint --version": [*schedlint, "--version"]}
    for what, path in (("a file that cannot matter", "plain.py"), ("a file that matters", "train.py")):
        found[f"schedlint, {what}"] = [*schedlint, path]
    found["schedlint, a tree without schedulers"] = [*schedlint, "tree"]
    for what, path in (
        ("a file that cannot matter", "plain.py"),
        ("a file that matters", "train.py"),
        ("a tree without schedulers", "tree"),
    ):
        for name, hidden in (("flake8", "schedlint."), ("flake8 + plugin", "nothing.")):
            found[f"{name}, {what}"] = [python, "-c", FLAKE8, hidden, "--isolated", "-j1", path]
    return found


def measured(commands: dict[str, Sequence[str]], passes: int, cwd: Path) -> dict[str, float]:
    """The CPU seconds of each command, in its best pass."""
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(passes):
        for name, command in commands.items():
            spent[name].append(cpu_time(command, cwd))
    return {name: min(times) for name, times in spent.items()}


def cpu_time(command: Sequence[str], cwd: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
