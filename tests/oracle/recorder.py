"""Runs one training program under the real torch and prints what its schedulers and optimizers did, as JSON.

    python recorder.py path/to/train.py [another/train.py ...]

One line of JSON for each script. Every step that the program takes is recorded with the place of the call and the stack
of loops it happened in, through all calls on the way. Steps that torch takes itself (at construction, inside
SequentialLR or ChainedScheduler) are not.
Loops are counted by two statements put into each `for` and `while` of the program's own modules when they are compiled;
line numbers stay what they are. Each script runs in a fork of its own, so that torch is imported once; `recording`
starts all this and reads the answer. Nothing of schedlint is used here.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import importlib.machinery
import importlib.util
import json
import os
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import PathEntryFinder

WARNINGS = {
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`": "order",
    "To get the last learning rate computed by the scheduler": "get_lr",
    "The epoch parameter in `scheduler.step()` was not necessary": "epoch argument",
}
"""How torch 1.4 to 2.15 begin what they say about schedulers, and our names for it."""

LIBRARIES = Path(__file__).with_name("libraries")
"""As much of other libraries than torch as the fixtures use, for where they are not installed."""

ENTER, NEXT = "_enter_recorded_loop", "_next_in_recorded_loop"


def counter_of(row: int) -> str:
    """The local variable that holds which entry and which iteration the loop with its header in this row is in."""
    return f"_recorded_loop_{row}"


class LoopCounting(ast.NodeTransformer):
    """Makes every loop statement count its iterations in a variable of the frame it runs in.

    A variable of the frame and no table: so recursion, generators and exceptions need no care.
    """

    def __init__(self, file: str) -> None:
        self.file = file

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        return self.count(node)

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        return self.count(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> list[ast.stmt]:
        return self.count(node)

    def count(self, node: ast.For | ast.While | ast.AsyncFor) -> list[ast.stmt]:
        self.generic_visit(node)
        name = counter_of(node.lineno)
        enter = ast.parse(f"{name} = {ENTER}({self.file!r}, {node.lineno})").body[0]
        advance = ast.parse(f"{name} = {NEXT}({self.file!r}, {node.lineno}, {name})").body[0]
        for part in (*ast.walk(enter), *ast.walk(advance)):
            if "lineno" in part._attributes:
                ast.copy_location(part, node)
        node.body.insert(0, advance)
        return [enter, node]


def loop_bodies(tree: ast.AST) -> dict[int, tuple[int, int]]:
    """For the row of each loop header, the first and the last row of the loop's body."""
    return {
        node.lineno: (node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno)
        for node in ast.walk(tree)
        if isinstance(node, (ast.For, ast.While, ast.AsyncFor))
    }


def notebook_source(text: str) -> str:
    """The code cells of a notebook as one module, with as many rows; magics and shell lines become comments."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    lines = "\n".join("".join(cell["source"]) for cell in cells).split("\n")
    return "\n".join("# " + line if line.startswith(("%", "!")) or line.endswith("?") else line for line in lines)


class Recorder:
    """What happened so far, and the loops of the program's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bodies: dict[str, dict[int, tuple[int, int]]] = {}
        self.loops: dict[tuple[str, int], list[int]] = {}
        self.objects: list[dict[str, Any]] = []
        self.numbers: dict[int, int] = {}
        self.kept: list[Any] = []  # alive, so that no two objects ever share an id
        self.steps: list[dict[str, Any]] = []
        self.warnings: list[dict[str, Any]] = []
        self.depth = 0  # of scheduler code of torch that is running

    def compile(self, source: str, path: str) -> types.CodeType:
        """The code of one of the program's files, with its loops counted."""
        tree = ast.parse(source, path)
        file = self.relative(path)
        self.bodies[file] = loop_bodies(tree)
        counted = LoopCounting(file).visit(tree)
        return compile(counted, path, "exec", dont_inherit=True)

    def owns(self, path: str) -> bool:
        """Whether a file is one of the program's."""
        return path.startswith(f"{self.folder}/")

    def relative(self, path: str) -> str:
        return Path(path).relative_to(self.folder).as_posix()

    def enter(self, file: str, row: int) -> tuple[int, int]:
        """A loop begins; answers which entry of it this is, from 0, and the number before the first iteration."""
        counts = self.loops.setdefault((file, row), [0, 0])
        counts[0] += 1
        return counts[0] - 1, -1

    def advance(self, file: str, row: int, current: tuple[int, int]) -> tuple[int, int]:
        """An iteration begins; answers the entry and the number of the iteration, from 0."""
        self.loops[file, row][1] += 1
        entry, iteration = current
        return entry, iteration + 1

    def frames(self) -> list[tuple[str, types.FrameType]]:
        """The frames of the program on the stack, innermost first."""
        found = []
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if self.owns(frame.f_code.co_filename):
                found.append((self.relative(frame.f_code.co_filename), frame))
            frame = frame.f_back
        return found

    def place(self) -> dict[str, Any]:
        """The row of the program that runs, the rows that called it, and the loops around them, outermost first."""
        frames = self.frames()
        rows = [[file, frame.f_lineno] for file, frame in frames]
        loops = [loop for file, frame in reversed(frames) for loop in self.loops_around(file, frame)]
        return {"site": rows[0] if rows else None, "calls": rows[:0:-1], "loops": loops}

    def loops_around(self, file: str, frame: types.FrameType) -> Iterator[tuple[str, int, int, int]]:
        """The loops whose body this frame is in, outermost first: file, row of the header, entry and iteration."""
        variables = frame.f_locals
        for row, (first, last) in sorted(self.bodies[file].items()):
            if first <= frame.f_lineno <= last and counter_of(row) in variables:
                yield file, row, *variables[counter_of(row)]

    def outermost(self, call: Callable[..., Any], then: Callable[[Any], None]) -> Callable[..., Any]:
        """The scheduler's method `call`, followed by `then` where it was not called by another of these methods."""

        @functools.wraps(call)
        def wrapper(scheduler: Any, *args: Any, **kwargs: Any) -> Any:
            self.depth += 1
            try:
                result = call(scheduler, *args, **kwargs)
            finally:
                self.depth -= 1
            if not self.depth:
                then(scheduler)
            return result

        return wrapper

    def add_object(self, kind: str, made: Any, optimizer: Any) -> None:
        """An optimizer or scheduler was constructed by the program."""
        self.numbers[id(made)] = len(self.objects)
        self.kept.append(made)
        drives = None if optimizer is None else self.numbers.get(id(optimizer))
        inside = [self.numbers[id(each)] for each in getattr(made, "_schedulers", ())]
        entry = {"kind": kind, "class": type(made).__name__, "optimizer": drives, "children": inside}
        self.objects.append({**entry, **self.place()})

    def add_step(self, stepped: Any, optimizer: Any) -> None:
        """The program stepped an optimizer or scheduler; `optimizer` is the one whose learning rate is noted."""
        lr = float(optimizer.param_groups[0]["lr"])
        self.steps.append({"object": self.numbers[id(stepped)], "lr": lr, **self.place()})

    def add_warning(self, message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        text = str(message)
        kind = next((kind for start, kind in WARNINGS.items() if start in text), "other")
        entry = {"kind": kind, "text": text, "category": category.__name__, "site": self.place()["site"]}
        self.warnings.append(entry)

    def answer(self, status: int, error: str, raised: Any) -> dict[str, Any]:
        loops = [[file, row, *counts] for (file, row), counts in sorted(self.loops.items())]
        return {
            "objects": self.objects,
            "steps": self.steps,
            "loops": loops,
            "warnings": self.warnings,
            "status": status,
            "error": error,
            "raised": raised,
        }


def watch_optimizers(recorder: Recorder) -> None:
    """Have every optimizer recorded when it is made, and each of its steps after it happened."""
    from torch.optim import optimizer as optimizers

    construct = optimizers.Optimizer.__init__

    @functools.wraps(construct)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        construct(self, *args, **kwargs)
        recorder.add_object("optimizer", self, None)

    def stepped(optimizer: Any, _args: Any, _kwargs: Any) -> None:
        recorder.add_step(optimizer, optimizer)

    optimizers.Optimizer.__init__ = made
    optimizers.register_optimizer_step_post_hook(stepped)


def watch_schedulers(recorder: Recorder) -> None:
    """Have every scheduler recorded when it is made, and the outermost of nested steps; the program's classes too."""
    from torch.optim import lr_scheduler, swa_utils  # noqa: F401  (imported for SWALR, a subclass)

    def made(scheduler: Any) -> None:
        recorder.add_object("scheduler", scheduler, optimizer_of(scheduler))

    def stepped(scheduler: Any) -> None:
        recorder.add_step(scheduler, optimizer_of(scheduler))

    def watch(cls: Any) -> None:
        if "__init__" in vars(cls):
            cls.__init__ = recorder.outermost(vars(cls)["__init__"], made)
        if "step" in vars(cls):
            cls.step = recorder.outermost(vars(cls)["step"], stepped)
        for child in cls.__subclasses__():
            watch(child)

    watch(lr_scheduler.LRScheduler)
    lr_scheduler.LRScheduler.__init_subclass__ = classmethod(lambda cls, **_: watch(cls))


def optimizer_of(scheduler: Any) -> Any:
    """The optimizer that a scheduler drives; ChainedScheduler of old torch versions has none of its own."""
    return getattr(scheduler, "optimizer", None) or scheduler._schedulers[0].optimizer


def importer(recorder: Recorder) -> Callable[[str], PathEntryFinder]:
    """A path hook for the program's own folder, which counts loops and reads and writes no bytecode."""

    class Loader(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname: str) -> types.CodeType:
            path = self.get_filename(fullname)
            return recorder.compile(importlib.util.decode_source(self.get_data(path)), path)

    finder = importlib.machinery.FileFinder.path_hook((Loader, [".py"]))

    def hook(path: str) -> PathEntryFinder:
        if not Path(path).is_relative_to(recorder.folder):
            raise ImportError("outside the recorded program")
        return finder(path)

    return hook


def execute(recorder: Recorder, script: Path) -> tuple[int, str, tuple[str, int] | None]:
    """Run the script as `__main__`; its exit status, and the traceback and the row where an exception ended it."""
    text = script.read_text(encoding="utf-8")
    main = types.ModuleType("__main__")
    main.__file__ = str(script)
    sys.modules["__main__"] = main
    sys.argv = [str(script)]
    try:
        exec(recorder.compile(notebook_source(text) if script.suffix == ".ipynb" else text, str(script)), vars(main))
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else int(exit.code is not None), "", None
    except Exception as error:  # noqa: BLE001  (what the program does wrong is its result, no failure of the recorder)
        own = [each for each in traceback.extract_tb(error.__traceback__) if recorder.owns(each.filename)]
        at = (recorder.relative(own[-1].filename), own[-1].lineno or 0) if own else None
        return 1, traceback.format_exc(), at
    return 0, "", None


def record(script: Path) -> dict[str, Any]:
    """Run the script in this process and say what happened. Only once per process: torch stays patched."""
    recorder = Recorder(script.parent)
    watch_optimizers(recorder)
    watch_schedulers(recorder)
    setattr(builtins, ENTER, recorder.enter)
    setattr(builtins, NEXT, recorder.advance)
    sys.path_hooks.insert(0, importer(recorder))
    sys.path[0] = str(recorder.folder)
    sys.path.append(str(LIBRARIES))
    warnings.simplefilter("always")
    warnings.showwarning = recorder.add_warning
    with contextlib.redirect_stdout(sys.stderr):
        return recorder.answer(*execute(recorder, script))


def import_torch() -> None:
    """Import all of torch that a training program needs, its compiler too, which the first optimizer would load."""
    import torch
    import torch._dynamo

    torch.set_num_threads(1)


def main(scripts: list[Path]) -> None:
    """Record each script in a process of its own."""
    import_torch()
    for script in scripts:
        child = os.fork()
        if not child:
            answer = json.dumps(record(script))
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()
            os._exit(0)
        _, failed = os.waitpid(child, 0)
        if failed:
            sys.exit(f"could not record {script}")


if __name__ == "__main__":
    main([Path(argument).resolve() for argument in sys.argv[1:]])
