"""How many seeded mistakes are reported, and what is said of programs without one."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from tests.seeded.kinds import KINDS
from tests.seeded.measuring import measured, mistakes, tasks
from tests.seeded.report import Measured, json_lines, lines


def main() -> None:
    """Measure the trees that are named."""
    chosen = parser().parse_args()
    kinds = [kind for kind in KINDS if not chosen.kind or kind.name in chosen.kind]
    work = tasks(chosen.trees, kinds, chosen.limit, mistakes(chosen.labels) if chosen.labels else {})
    done: list[Measured] = []
    with chosen.json.open("w", encoding="utf-8") if chosen.json else nullcontext() as file:
        for tree in measured(work, chosen.jobs):
            done.append(tree)
            sys.stderr.write(f"{tree.tree}: {tree.candidates} candidates, {len(tree.verdicts)} seeded mistakes\n")
            if file is not None:
                file.writelines(f"{line}\n" for line in json_lines(tree))
                file.flush()
    sys.stdout.writelines(f"{line}\n" for line in lines(sorted(done, key=lambda tree: tree.tree)))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.seeded", description=__doc__)
    made.add_argument("trees", nargs="+", type=Path, metavar="TREE", help="a folder of right programs")
    made.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS], help="only this kind")
    made.add_argument("--limit", type=int, default=12, help="at most so many of a kind for a repository (%(default)s)")
    made.add_argument("--labels", type=Path, help="JSON lines of labelled places: no mistake is a candidate")
    made.add_argument("--json", type=Path, help="write every verdict and alarm to this file")
    made.add_argument("--jobs", type=int, default=1, help="how many repositories to measure side by side")
    return made


if __name__ == "__main__":
    main()
