"""What understanding costs, as ratios of CPU time to `ast.parse`: `python benchmarks/run_cost.py FILE...`.

For each file: making its facts, and all of `schedlint timeline` on it (the files that it leads to included), each
against parsing the text of that one file with `ast`. Ratios travel between machines, seconds do not. A folder stands
for the files in it that mention a scheduler. The best of three; the garbage collector runs rarely.
"""

from __future__ import annotations

import argparse
import ast
import gc
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from schedlint.app import timelines
from schedlint.extract import extract
from schedlint.sources.discover import discover, matters


class Cost(NamedTuple):
    """CPU seconds for one file."""

    path: str
    ast_parse: float
    extract: float
    timelines: float


def main() -> None:
    gc.set_threshold(100_000, 50, 50)
    warnings.simplefilter("ignore")
    paths = parser().parse_args().paths
    costs = [cost for path in files(paths) if (cost := measured(path)) is not None]
    print(f"{len(costs)} files")
    report("extract", costs, [cost.extract / cost.ast_parse for cost in costs])
    report("timelines", costs, [cost.timelines / cost.ast_parse for cost in costs])


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="CPU time of facts and timelines as ratios to ast.parse.")
    made.add_argument("paths", nargs="+", metavar="FILE")
    return made


def files(paths: Sequence[str]) -> list[str]:
    """The Python files that the paths stand for, without those in which nothing can be found."""
    found, _ = discover([str(Path(path).absolute()) for path in paths])
    return [path for path in found if path.endswith(".py") and matters(Path(path).read_bytes())]


def measured(path: str) -> Cost | None:
    """What one file costs; None for one that `ast` refuses."""
    text = Path(path).read_bytes().decode("utf-8", errors="replace")
    try:
        parsing = best_of_three(lambda: ast.parse(text))
    except (SyntaxError, ValueError):
        return None
    folder = str(Path(path).parent)
    return Cost(
        path, parsing, best_of_three(lambda: extract(text)), best_of_three(lambda: timelines([path], cwd=folder))
    )


def best_of_three(step: Callable[[], object]) -> float:
    return min(cpu_time(step) for _ in range(3))


def cpu_time(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def report(stage: str, costs: Sequence[Cost], ratios: Sequence[float]) -> None:
    worst = max(range(len(ratios)), key=ratios.__getitem__)
    print(f"{stage:10} median {statistics.median(ratios):7.1f} x ast.parse   worst {ratios[worst]:7.1f} x", end="   ")
    print(f"({costs[worst].path})")


if __name__ == "__main__":
    main()
