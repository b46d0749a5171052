"""What facts cost, as ratios of CPU time to `ast.parse`: `python benchmarks/extract_cost.py DIR...`.

Ratios travel between machines, seconds do not. All steps take turns over the whole sample, and the best pass of each
counts. The garbage collector runs rarely, as in a process that holds many trees.
"""

from __future__ import annotations

import argparse
import ast
import gc
import random
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from schedlint.extract import SyntaxFault, extract
from schedlint.extract.parsing import parse
from schedlint.extract.tokens import scan

STEPS: dict[str, Callable[[str], object]] = {
    "ast.parse": ast.parse,
    "scan": scan,
    "LibCST parse": parse,
    "extract": extract,
}


def main() -> None:
    options = arguments()
    gc.set_threshold(100_000, 50, 50)
    warnings.simplefilter("ignore")
    texts = list(sample(options.folders, options.files))
    size = sum(len(text) for text in texts)
    print(f"{len(texts)} files, {size / 1e6:.2f} million characters")
    passes = [{name: cpu_time(step, texts) for name, step in STEPS.items()} for _ in range(options.passes)]
    seconds = {name: min(one[name] for one in passes) for name in STEPS}
    for name, spent in seconds.items():
        print(f"{name:14} {spent / seconds['ast.parse']:6.2f} x ast.parse")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="CPU time of extraction as ratios to ast.parse.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--files", type=int, default=200, help="how many files to draw (default: 200)")
    parser.add_argument("--passes", type=int, default=3, help="how many passes, the best of which counts (default: 3)")
    return parser.parse_args()


def sample(folders: list[Path], count: int) -> Iterator[str]:
    """Texts that both parsers read, drawn with a fixed seed."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.py") if path.is_file())
    random.Random(20261120).shuffle(paths)
    for path in paths:
        text = path.read_bytes().decode("utf-8", errors="replace")
        if count == 0:
            return
        if readable(text):
            count -= 1
            yield text


def readable(text: str) -> bool:
    try:
        ast.parse(text)
        extract(text)
    except (SyntaxError, ValueError, SyntaxFault):
        return False
    return True


def cpu_time(step: Callable[[str], object], texts: list[str]) -> float:
    """Seconds for one pass; what a step makes of a text is let go before the next."""
    start = time.process_time()
    for text in texts:
        step(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
