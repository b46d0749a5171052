"""The use cases: understand the programs in some paths, and say what is wrong in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from schedlint.config import Config
from schedlint.diagnostics import Confidence, Diagnostic, Failure, Location, Severity
from schedlint.fixing import Fixed, Fixer, Fixing
from schedlint.judge import MakeFix, diagnostic, judge, location, no_fix
from schedlint.knowledge.tables import Knowledge, load
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.resolver import Deferred, Resolver
from schedlint.releases import Range
from schedlint.selection import INTERNAL_ERROR, OWN, Selection, selection
from schedlint.sources.text import read_bytes
from schedlint.suppress import Suppressions, suppressions
from schedlint.timeline.model import Timeline
from schedlint.timeline.modules import read_module
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from schedlint.timeline.run.entries import Runs
from schedlint.timeline.run.machine import Budget
from schedlint.timeline.told import Tellings, tellings
from schedlint.timeline.understood import ModuleReading, Understood
from schedlint.unheeded import unheeded
from schedlint.workspace import EntryFiles, Fault, Root, Workspace

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
    chosen, known = selection(config.selectors), knowledge(config)
    workspace, named = _found(paths, config, cwd, overlay)
    understood, failures = Understood(), list[Failure]()
    for root in _roots(workspace, named):
        programs = Programs(root, known, config.releases)
        understood = understood.joined(programs.understood(root.named))
        failures += programs.failures()
    fixed = Fixer(workspace, named).fix
    together = _judged(workspace, named, understood, failures, chosen, config.min_confidence, fixed=fixed)
    return Report(together, len(named), workspace.lines)


@dataclass(frozen=True, slots=True)
class Repair:
    """What was fixed in some files, and `report`, what is still to be said of them. Nothing is written yet."""

    report: Report
    fixed: Fixed


def repair(
    paths: Sequence[str],
    config: Config = DEFAULT,
    *,
    cwd: str,
    overlay: Mapping[str, bytes] | None = None,
    unsafe: bool = False,
) -> Repair:
    """Fix what can be fixed in the files and folders named, with fixes that are not safe only if `unsafe`. See
    `check`.
    """
    laid = dict(overlay or {})
    reports = [check(paths, config, cwd=cwd, overlay=overlay)]

    def again(texts: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
        reports.append(check(paths, config, cwd=cwd, overlay={**laid, **texts}))
        return reports[-1].diagnostics

    def bytes_of(path: str) -> bytes:
        return laid[path] if path in laid else read_bytes(os.path.join(cwd, path))

    fixed = Fixing(again, bytes_of, unsafe=unsafe).run(reports[0].diagnostics)
    report = next(each for each in reversed(reports) if each.diagnostics is fixed.left)
    return Repair(report, fixed)


class Project:
    """A project whose files are checked one by one, for a caller that hands them over in that way. What was read of a
    file, and every run, serves all that come later; `is_current` says whether it is still true.

    What is said of all files together is what `check` says when all are named at once: a finding is shown where its fix
    goes, when that file's turn comes, and nowhere else. A file is analysed whatever it holds, if it is not excluded,
    with the programs that lead to it, or, if `alone`, as if there were no other. `overlay` is that of `check`. Raises
    UsageError for a selector that is no rule.
    """

    def __init__(
        self, config: Config, *, cwd: str, overlay: Mapping[str, bytes] | None = None, alone: bool = False
    ) -> None:
        self.config = config
        self._cwd = cwd
        self._chosen = selection(config.selectors)
        self._programs: dict[Root, Programs] = {}
        self._knowledge = knowledge(config)
        self._workspace = Workspace(cwd, load().packages(), config.src, overlay, alone=alone, words=config.names)
        self.is_current = self._workspace.is_current

    @property
    def size(self) -> int:
        """How many bytes of source are held."""
        return self._workspace.size

    def holds(self, path: str, text: str) -> bool:
        """Whether a file was, or is now, read with this text."""
        return self._workspace.text(os.path.realpath(os.path.join(self._cwd, path))) == text

    def check(self, path: str) -> tuple[Diagnostic, ...]:
        """Report what is wrong in one file."""
        config, workspace = self.config, self._workspace
        named = workspace.find([path], exclude=config.exclude, force_exclude=True, base=config.base)
        if not named:
            return ()
        programs = self._programs_of(workspace.root_of(named[0]))
        understood, failures = programs.understood(named), programs.failures()
        said = _judged(workspace, named, understood, failures, self._chosen, config.min_confidence, moving=False)
        return tuple(diagnostic for diagnostic in said if diagnostic.at.path == workspace.shown(named[0]))

    def _programs_of(self, root: Root) -> Programs:
        if root not in self._programs:
            self._programs[root] = Programs(root, self._knowledge, self.config.releases)
        return self._programs[root]


def _judged(
    workspace: Workspace,
    named: Sequence[str],
    understood: Understood,
    failures: Sequence[Failure],
    chosen: Selection,
    least: Confidence,
    *,
    moving: bool = True,
    fixed: MakeFix = no_fix,
) -> tuple[Diagnostic, ...]:
    """What is wrong in the named files, and what is to be said of the analysis itself, in the order of the files."""
    silenced = suppressions(workspace.comments())
    diagnostics, errors = judge(
        understood, chosen.rules, frozenset(named), workspace.locate, least, silenced, moving=moving, fixed=fixed
    )
    failures = [*failures, *errors]
    said = (
        *_notes(workspace, named),
        *_spent(understood.readings, failures, workspace),
        *_unheeded(understood.readings, workspace, named, silenced),
        *_failed(failures, workspace),
    )
    notes = [note for note in said if note.code in chosen.own]
    return tuple(sorted((*diagnostics, *notes), key=lambda diagnostic: diagnostic.order))


def timelines(
    paths: Sequence[str], config: Config = DEFAULT, *, cwd: str, overlay: Mapping[str, bytes] | None = None
) -> Understanding:
    """Understand the programs in the files and folders named; what is wrong in them is in their notes. See `check`."""
    chosen, known = selection(config.selectors), knowledge(config)
    workspace, named = _found(paths, config, cwd, overlay)
    programs = []
    for root in _roots(workspace, named):
        found = Programs(root, known, config.releases)
        understood = found.understood(root.named)
        silenced = suppressions(workspace.comments())
        notes, errors = judge(
            understood, chosen.rules, frozenset(root.named), workspace.locate, config.min_confidence, silenced
        )
        said = [
            note for note in _unheeded(understood.readings, workspace, root.named, silenced) if note.code in chosen.own
        ]
        together = (*notes, *said, *_failed([*found.failures(), *errors], workspace))
        notes = tuple(sorted(together, key=lambda note: note.order))
        programs.append(ProgramTimelines(workspace.shown(str(root.folder)), understood.readings, notes, workspace))
    unread = _notes(workspace, named)
    if unread:
        programs.append(ProgramTimelines(workspace.shown(cwd), (), unread, workspace))
    return Understanding(tuple(programs), len(named))


def knowledge(config: Config) -> Knowledge:
    """What is known of libraries, with what the settings add."""
    return load() if config.own is None else load().merged(config.own)


def _found(
    paths: Sequence[str], config: Config, cwd: str, overlay: Mapping[str, bytes] | None
) -> tuple[Workspace, list[str]]:
    """The workspace of a run and the files named in it."""
    workspace = Workspace(cwd, load().packages(), config.src, overlay, words=config.names)
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


class Programs:
    """The programs under one root, run on demand and each once, with one budget and one memory of what was reached."""

    def __init__(self, root: Root, known: Knowledge, releases: Mapping[str, Range]) -> None:
        self._root = root
        self._knowledge = known
        self._told_releases = releases
        self._budget = Budget()
        self._reached: set[tuple[str, int, int]] = set()
        self._runs: dict[str, Runs] = {}
        self._scripts: dict[str, Timeline | None] = {}
        self._readings: dict[int, tuple[Timeline, tuple[Reading, ...]]] = {}
        self._modules_read: dict[str, tuple[ModuleReading, ...]] = {}
        self._unread: list[Failure] = []

    def failures(self) -> tuple[Failure, ...]:
        """The errors of the analysis itself, so far."""
        return (*self._unread, *(failure for run in self._runs.values() for failure in run.failures))

    def understood(self, named: Sequence[str]) -> Understood:
        """What these files of the root say, and the programs that lead to them."""
        return Understood(self.readings(named), tuple(self._modules(named)))

    @property
    def _releases(self) -> dict[str, Range]:
        """The releases of libraries that the project declares, or the settings in its place."""
        return {**self._root.releases, **self._told_releases}

    def _modules(self, named: Sequence[str]) -> Iterator[ModuleReading]:
        for path in named:
            if path not in self._modules_read:
                self._modules_read[path] = self._module(path)
            yield from self._modules_read[path]

    def _module(self, path: str) -> tuple[ModuleReading, ...]:
        """What the text of a file says; nothing where that fails: one file must not take the others with it."""
        program = self._run_of(path).program
        module = program.module(path)
        if module is None:
            return ()
        try:
            return (read_module(program, module, self._knowledge, self._releases, self._saying(path)),)
        except Exception as error:  # noqa: BLE001 - it is shown, as a failure
            message = f"the module cannot be understood: {type(error).__name__}: {error}"
            self._unread.append(Failure(message, Place(path, 1, 1, 1, 1)))
            return ()

    def _saying(self, path: str) -> Callable[[str], bool]:
        data = self._root.workspace.data(path) or b""
        return lambda word: word.encode() in data

    def readings(self, named: Sequence[str]) -> tuple[Reading, ...]:
        """The timelines of every program that leads to these files of the root, read; only what touches one of them."""
        found = [self._script(script) for script in self._root.scripts(named)]
        for key, run in self._runs.items():
            found.extend(run.unreached([path for path in named if self._key(path) == key]))
        told, files = tellings(self._root.workspace.comments()), frozenset(named)
        touching = [timeline for timeline in found if timeline is not None and touches(timeline, files)]
        return tuple(reading for timeline in touching for reading in self._read(timeline, told))

    def _script(self, path: str) -> Timeline | None:
        if path not in self._scripts:
            self._scripts[path] = self._run_of(path).script(path)
        return self._scripts[path]

    def _read(self, timeline: Timeline, told: Tellings) -> tuple[Reading, ...]:
        """What is read off a timeline; nothing where that fails: one entry must not take the others with it."""
        if id(timeline) not in self._readings:
            self._readings[id(timeline)] = timeline, self._attempted(timeline, told)
        return self._readings[id(timeline)][1]

    def _attempted(self, timeline: Timeline, told: Tellings) -> tuple[Reading, ...]:
        try:
            return (read(timeline, self._knowledge, told, self._releases),)
        except Exception as error:  # noqa: BLE001 - it is shown, as a failure
            message = f"`{timeline.entry.name}` cannot be understood: {type(error).__name__}: {error}"
            self._unread.append(Failure(message, timeline.entry.place))
            return ()

    def _run_of(self, path: str) -> Runs:
        """The runs of the program that a file belongs to: one program per folder of entries."""
        files, key = self._root.entry_files(path), self._key(path)
        if key not in self._runs:
            program = Program(files, self._knowledge.canonical, Deferred(lambda: _resolver(self._root, files)))
            self._runs[key] = Runs(program, self._knowledge, self._budget, self._reached, files.configurations)
        return self._runs[key]

    def _key(self, path: str) -> str:
        """What tells the programs of a root apart: the folder of their entries."""
        return str(self._root.entry_files(path).folder)


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
