"""The use cases: understand the programs in some paths, and say what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from schedlint.config import Config
from schedlint.diagnostics import Confidence, Diagnostic, Failure, Location, Severity
from schedlint.judge import diagnostic, judge, location
from schedlint.knowledge.tables import Knowledge, load
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.resolver import Deferred, Resolver
from schedlint.selection import INTERNAL_ERROR, OWN, Selection, selection
from schedlint.suppress import Suppressions, suppressions
from schedlint.timeline.model import Timeline
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from schedlint.timeline.run.entries import Runs
from schedlint.timeline.run.machine import Budget
from schedlint.timeline.told import Tellings, tellings
from schedlint.unheeded import unheeded
from schedlint.workspace import EntryFiles, Fault, Memory, Root, Workspace

DEFAULT = Config()

FEW = 20
"""So many named files that do not matter by themselves are asked where their imports lead."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found in how many files; `lines` gives the rows of what a location is in, for showing them."""

    diagnostics: tuple[Diagnostic, ...]
    files: int = 0
    lines: Callable[[Location], Sequence[str]] = field(default=lambda at: (), compare=False, repr=False)

    @property
    def failed(self) -> bool:
        """Whether anything is missing because of an error of the analysis itself."""
        return any(diagnostic.code == INTERNAL_ERROR for diagnostic in self.diagnostics)


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
    """What was understood, root by root, of how many files."""

    programs: tuple[ProgramTimelines, ...]
    files: int = 0

    @property
    def failed(self) -> bool:
        """Whether anything is missing because of an error of the analysis itself."""
        return any(note.code == INTERNAL_ERROR for program in self.programs for note in program.notes)


def check(
    paths: Sequence[str], config: Config = DEFAULT, *, cwd: str, overlay: Mapping[str, bytes] | None = None
) -> Report:
    """Report what is wrong in the files and folders named. Raises UsageError for a selector that is no rule.

    `overlay` holds the bytes of files, by path, that are to be read instead of what is on disk, if anything is.
    """
    chosen = selection(config.selectors)
    workspace, named = _found(paths, config, cwd, overlay)
    together = _judged(workspace, named, _roots(workspace, named), chosen, config.min_confidence)
    return Report(together, len(named), workspace.lines)


def check_one(
    path: str, data: bytes, config: Config = DEFAULT, *, cwd: str, memory: Memory | None = None, alone: bool = False
) -> tuple[Diagnostic, ...]:
    """Report what is wrong in one file that holds `data`, for a caller that goes through a project file by file.

    What is said of all files together is what is said when they are all named at once: a finding is shown where its fix
    goes, when that file's turn comes, and nowhere else. The file is analysed whatever it holds, if it is not excluded,
    with the programs that lead to it; or, if `alone`, as if there were no other. `memory` keeps what was read of the
    others for the next call. Raises UsageError for a selector that is no rule.
    """
    chosen = selection(config.selectors)
    workspace = Workspace(cwd, load().packages(), config.src, {path: data}, memory, alone=alone)
    named = workspace.find([path], exclude=config.exclude, force_exclude=True, base=config.base)
    said = _judged(workspace, named, workspace.roots(named), chosen, config.min_confidence, moving=False)
    return tuple(diagnostic for diagnostic in said if diagnostic.at.path in map(workspace.shown, named))


def _judged(
    workspace: Workspace,
    named: Sequence[str],
    roots: Sequence[Root],
    chosen: Selection,
    least: Confidence,
    *,
    moving: bool = True,
) -> tuple[Diagnostic, ...]:
    """What is wrong in the named files, and what is to be said of the analysis itself, in the order of the files."""
    failures: list[Failure] = []
    readings = [reading for root in roots for reading in _readings(root, failures)]
    silenced = suppressions(workspace.comments())
    diagnostics, errors = judge(
        readings, chosen.rules, frozenset(named), workspace.locate, least, silenced, moving=moving
    )
    failures += errors
    said = (
        *_notes(workspace, named),
        *_spent(readings, failures, workspace),
        *_unheeded(readings, workspace, named, silenced),
        *_failed(failures, workspace),
    )
    notes = [note for note in said if note.code in chosen.own]
    return tuple(sorted((*diagnostics, *notes), key=lambda diagnostic: diagnostic.order))


def timelines(
    paths: Sequence[str], config: Config = DEFAULT, *, cwd: str, overlay: Mapping[str, bytes] | None = None
) -> Understanding:
    """Understand the programs in the files and folders named; what is wrong in them is in their notes. See `check`."""
    chosen = selection(config.selectors)
    workspace, named = _found(paths, config, cwd, overlay)
    programs = []
    for root in _roots(workspace, named):
        failures: list[Failure] = []
        readings = _readings(root, failures)
        silenced = suppressions(workspace.comments())
        notes, errors = judge(
            readings, chosen.rules, frozenset(root.named), workspace.locate, config.min_confidence, silenced
        )
        said = [note for note in _unheeded(readings, workspace, root.named, silenced) if note.code in chosen.own]
        together = (*notes, *said, *_failed([*failures, *errors], workspace))
        notes = tuple(sorted(together, key=lambda note: note.order))
        programs.append(ProgramTimelines(workspace.shown(str(root.folder)), readings, notes, workspace))
    unread = _notes(workspace, named)
    if unread:
        programs.append(ProgramTimelines(workspace.shown(cwd), (), unread, workspace))
    return Understanding(tuple(programs), len(named))


def _found(
    paths: Sequence[str], config: Config, cwd: str, overlay: Mapping[str, bytes] | None
) -> tuple[Workspace, list[str]]:
    """The workspace of a run and the files named in it."""
    workspace = Workspace(cwd, load().packages(), config.src, overlay)
    return workspace, workspace.find(
        paths, exclude=config.exclude, force_exclude=config.force_exclude, base=config.base
    )


def _roots(workspace: Workspace, named: Sequence[str]) -> list[Root]:
    """The roots of what is named and matters by itself or, where that is little, by what it imports: in a whole project
    the files that matter are named themselves.
    """
    mattering = [path for path in named if workspace.matters(path)]
    others = sorted(set(named).difference(mattering))
    leading = [path for path in others if workspace.leads_to_what_matters(path)] if len(others) <= FEW else []
    return workspace.roots([*mattering, *leading])


def _readings(root: Root, failures: list[Failure]) -> tuple[Reading, ...]:
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
    touching = [timeline for timeline in found if timeline is not None and touches(timeline, named)]
    return tuple(reading for timeline in touching for reading in _read(timeline, knowledge, told, failures))


def _read(timeline: Timeline, knowledge: Knowledge, told: Tellings, failures: list[Failure]) -> tuple[Reading, ...]:
    """What is read off a timeline; nothing where that fails, with the failure added to the others."""
    try:
        return (read(timeline, knowledge, told),)
    except Exception as error:  # noqa: BLE001 - one entry must not take the others with it
        message = f"`{timeline.entry.name}` cannot be understood: {type(error).__name__}: {error}"
        failures.append(Failure(message, timeline.entry.place))
        return ()


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
    """Whether anything of a timeline stands in a named file, or happens because one is run."""
    places = [*(event.place for event in timeline.events), *(made.place for made in timeline.objects)]
    begins = timeline.entry.place.path in named
    return bool(timeline.spent) or any(begins or place.path in named for place in places)


def _notes(workspace: Workspace, named: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What could not be read of what is named; a file that was only read on demand is nobody's business."""
    shown = {workspace.shown(path) for path in named}
    faults = workspace.faults.values()
    return tuple(_note(fault) for fault in faults if fault.path in shown or fault.missing or fault.internal)


def _spent(readings: Sequence[Reading], failures: Sequence[Failure], workspace: Workspace) -> tuple[Diagnostic, ...]:
    """That the analysis of some entries was not finished: said once, at the first of them."""
    failed = {failure.place for failure in failures}
    timelines = [reading.timeline for reading in readings]
    stopped = [timeline for timeline in timelines if timeline.spent and timeline.entry.place not in failed]
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


def _failed(failures: Sequence[Failure], workspace: Workspace) -> tuple[Diagnostic, ...]:
    """The errors of the analysis itself, each where it happened."""
    return tuple(_failure(failure, workspace) for failure in failures)


def _failure(failure: Failure, workspace: Workspace) -> Diagnostic:
    at = location(failure.place, workspace.locate)
    return Diagnostic(at, INTERNAL_ERROR, OWN[INTERNAL_ERROR], f"internal error: {failure.message}")


def _note(fault: Fault) -> Diagnostic:
    code = INTERNAL_ERROR if fault.internal else "LRS901" if fault.syntax else "LRS900"
    at = Location(fault.path, fault.row, fault.column, fault.row, fault.column, fault.cell)
    return Diagnostic(at, code, OWN[code], fault.reason, Severity.ERROR)
