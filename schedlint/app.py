"""The use cases: understand the programs in some paths, and say what is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import filterfalse

from schedlint.diagnostics import Diagnostic, Location, Severity
from schedlint.judge import diagnostic, judge, location
from schedlint.knowledge.tables import Knowledge, load
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.resolver import Deferred, Resolver
from schedlint.selection import OWN, is_meant, selection
from schedlint.suppress import Suppressions, suppressions
from schedlint.timeline.model import Timeline
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from schedlint.timeline.run.entries import Runs
from schedlint.timeline.run.machine import Budget
from schedlint.timeline.told import tellings
from schedlint.unheeded import unheeded
from schedlint.workspace import EntryFiles, Fault, Root, Workspace


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found."""

    diagnostics: tuple[Diagnostic, ...]
    internal_errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramTimelines:
    """The timelines of the programs under one root, read; places can be located through the workspace."""

    root: str
    readings: tuple[Reading, ...]
    notes: tuple[Diagnostic, ...]
    workspace: Workspace

    def locate(self, place: Place) -> tuple[str, int | None, int]:
        """Where a place is to be found: path, cell and row."""
        return self.workspace.locate(place)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood, root by root."""

    programs: tuple[ProgramTimelines, ...]


def check(paths: Sequence[str], *, select: Sequence[str], ignore: Sequence[str], cwd: str) -> Report:
    """Report what is wrong in the files and folders named. Raises UsageError for a selector that is no rule."""
    rules = selection(select, ignore)
    workspace = Workspace(cwd, load().packages())
    named = workspace.find(paths)
    failures: list[str] = []
    readings = [reading for root in _roots(workspace, named) for reading in _readings(root, failures)]
    silenced = suppressions(workspace.comments())
    diagnostics, errors = judge(readings, rules, frozenset(named), workspace.locate, silenced)
    said = (*_notes(workspace, named), *_spent(readings, workspace), *_unheeded(readings, workspace, named, silenced))
    notes = [note for note in said if not is_meant(note.code, note.name, ignore)]
    return Report(tuple(sorted((*diagnostics, *notes), key=lambda diagnostic: diagnostic.order)), (*failures, *errors))


def timelines(paths: Sequence[str], *, cwd: str) -> Understanding:
    """Understand the programs in the files and folders named; what is wrong in them is in their notes."""
    workspace = Workspace(cwd, load().packages())
    named = workspace.find(paths)
    programs = []
    for root in _roots(workspace, named):
        readings = _readings(root, [])
        silenced = suppressions(workspace.comments())
        notes, _ = judge(readings, selection((), ()), frozenset(root.named), workspace.locate, silenced)
        said = (*notes, *_unheeded(readings, workspace, root.named, silenced))
        notes = tuple(sorted(said, key=lambda note: note.order))
        programs.append(ProgramTimelines(workspace.shown(str(root.folder)), readings, notes, workspace))
    unread = _notes(workspace, named)
    if unread:
        programs.append(ProgramTimelines(workspace.shown(cwd), (), unread, workspace))
    return Understanding(tuple(programs))


def _roots(workspace: Workspace, named: Sequence[str]) -> list[Root]:
    return workspace.roots([path for path in named if workspace.matters(path)])


def _readings(root: Root, failures: list[str]) -> tuple[Reading, ...]:
    """The timelines of every program that leads to the named files of a root, read; only what touches a named file.

    What fails is added to `failures`.
    """
    knowledge, budget, reached = load(), Budget(), set[tuple[str, int, int]]()
    named = frozenset(root.named)
    runs: dict[str, Runs] = {}
    found = []
    for script in root.scripts():
        run = _run_of(root, script, runs, knowledge, budget, reached)
        found.append(run.script(script))
    for key, run in runs.items():
        found.extend(run.unreached([path for path in root.named if _key(root, path) == key]))
    failures += [failure for run in runs.values() for failure in run.failures]
    told = tellings(root.workspace.comments())
    touching = (timeline for timeline in found if timeline is not None and touches(timeline, named))
    return tuple(read(timeline, knowledge, told) for timeline in touching)


def _run_of(
    root: Root,
    path: str,
    runs: dict[str, Runs],
    knowledge: Knowledge,
    budget: Budget,
    reached: set[tuple[str, int, int]],
) -> Runs:
    """The runs of the program that a file belongs to: one program per folder of entries."""
    files, key = root.entry_files(path), _key(root, path)
    if key not in runs:
        program = Program(files, knowledge.canonical, Deferred(lambda: _resolver(root, files)))
        runs[key] = Runs(program, knowledge, budget, reached)
    return runs[key]


def _key(root: Root, path: str) -> str:
    """What tells the programs of a root apart: the folder of their entries."""
    return str(root.entry_files(path).folder)


def _resolver(root: Root, files: EntryFiles) -> Resolver:
    from schedlint.program.astroid_resolver import AstroidResolver

    fresh, root.workspace.inferring = not root.workspace.inferring, True
    return AstroidResolver(root.workspace.text, files, fresh=fresh)


def touches(timeline: Timeline, named: frozenset[str]) -> bool:
    """Whether anything of a timeline stands in a named file."""
    places = [*(event.place for event in timeline.events), *(made.place for made in timeline.objects)]
    return bool(timeline.spent) or any(place.path in named for place in places)


def _notes(workspace: Workspace, named: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What could not be read of what is named; a file that was only read on demand is nobody's business."""
    shown = {workspace.shown(path) for path in named}
    return tuple(_note(fault) for fault in workspace.faults.values() if fault.path in shown or fault.missing)


def _spent(readings: Sequence[Reading], workspace: Workspace) -> tuple[Diagnostic, ...]:
    """That the analysis of some entries was not finished: said once, at the first of them."""
    stopped = [reading.timeline for reading in readings if reading.timeline.spent]
    if not stopped:
        return ()
    more = f" (and {len(stopped) - 1} more entries)" if len(stopped) > 1 else ""
    at = location(stopped[0].entry.place, workspace.locate)
    message = f"`{stopped[0].entry.name}`{more}: {stopped[0].spent}"
    return (Diagnostic(at, "LRS903", OWN["LRS903"], message, Severity.INFO),)


def _unheeded(
    readings: Sequence[Reading], workspace: Workspace, named: Sequence[str], silenced: Suppressions
) -> tuple[Diagnostic, ...]:
    """Which comments to the linter in the named files come to nothing."""
    comments = workspace.comments()
    modules = {path: facts for path in named if path in comments and (facts := workspace.facts(path)) is not None}
    findings = filterfalse(silenced.silences, unheeded(modules, readings))
    return tuple(diagnostic(finding, workspace.locate) for finding in findings)


def _note(fault: Fault) -> Diagnostic:
    code = "LRS901" if fault.syntax else "LRS900"
    at = Location(fault.path, fault.row, fault.column, fault.row, fault.column, fault.cell)
    return Diagnostic(at, code, OWN[code], fault.reason, Severity.ERROR)
