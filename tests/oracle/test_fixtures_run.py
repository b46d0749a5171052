"""The fixtures are real programs: they run under torch, and torch says of their order what the markers say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.oracle.markers import markers
from tests.oracle.recording import FIXTURES, Place, Recording, StepSite, fixture_folders, record, record_scripts

each_fixture = pytest.mark.parametrize("folder", fixture_folders(), ids=lambda folder: folder.name)
pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]


STEPS = (
    "LRS101", "LRS102", "LRS103", "LRS105", "LRS106", "LRS107",
    "LRS205", "LRS206", "LRS208", "LRS301", "LRS302", "LRS303", "LRS304",
)  # fmt: skip
"""The rules that report a step of a scheduler."""

CONSTRUCTIONS = ("LRS201", "LRS202", "LRS204")
"""The rules that report a construction that nothing steps."""

IDLE = ("LRS203", "LRS207")
"""The rules that report a step that is none, the only one of its scheduler."""

TOO_EARLY = ("LRS205", "LRS301", "LRS302")
"""The rules that report what torch takes for the wrong order."""


def marked(folder: Path, *codes: str, expected: bool = True) -> set[Place]:
    """The lines that are marked for one of these rules."""
    found = [marker for marker in markers(folder) if marker.code in codes and marker.expected is expected]
    return {Place(marker.file, marker.row) for marker in found}


@each_fixture
def test_runs_and_trains(folder: Path) -> None:
    recording = record(folder)
    assert recording.status == 0, recording.error
    assert {made.kind for made in recording.made} == {"optimizer", "scheduler"}
    assert "optimizer" in {step.made.kind for step in recording.steps}


@each_fixture
def test_torch_warns_of_the_order_exactly_where_it_is_marked(folder: Path) -> None:
    assert {warning.site for warning in record(folder).warned("order")} == marked(folder, *TOO_EARLY)


@each_fixture
def test_torch_warns_of_get_lr_exactly_where_it_is_marked(folder: Path) -> None:
    assert {warning.site for warning in record(folder).warned("get_lr")} == marked(folder, "LRS601")


@each_fixture
def test_torch_warns_of_an_argument_of_a_step_exactly_where_it_is_marked(folder: Path) -> None:
    assert {warning.site for warning in record(folder).warned("epoch argument")} == marked(folder, "LRS603", "LRS604")


@each_fixture
def test_torch_warns_of_nothing_else(folder: Path) -> None:
    kinds = {warning.kind: warning.text for warning in record(folder).warnings}
    assert set(kinds) <= {"order", "get_lr", "epoch argument"}, kinds


def stepped(recording: Recording) -> set[int]:
    """The schedulers that the program steps, by number."""
    return {step.made.number for step in recording.steps if step.made.kind == "scheduler"}


@each_fixture
def test_a_step_to_report_happens(folder: Path) -> None:
    sites = {step.site for step in record(folder).steps if step.made.kind == "scheduler"}
    assert marked(folder, *STEPS) <= sites


@each_fixture
def test_what_is_said_never_to_be_stepped_is_built_and_never_stepped(folder: Path) -> None:
    recording = record(folder)
    lines = marked(folder, *CONSTRUCTIONS)
    built = [made for made in recording.made if made.site in lines and made.kind == "scheduler"]
    assert {made.site for made in built} == lines
    assert not stepped(recording) & {made.number for made in built}


@each_fixture
def test_a_scheduler_that_is_never_stepped_is_marked_or_its_step_is_or_it_is_inside_another_one(folder: Path) -> None:
    recording = record(folder)
    busy = stepped(recording) | {child for made in recording.made for child in made.children}
    idle = [made for made in recording.made if made.kind == "scheduler" and made.number not in busy]
    others = {made.site for made in idle} - marked(folder, *CONSTRUCTIONS)
    assert len(others) == len(marked(folder, *IDLE))


@each_fixture
def test_a_step_that_is_said_to_be_none_never_happens(folder: Path) -> None:
    assert not {step.site for step in record(folder).steps} & marked(folder, *IDLE)


SmallPrograms = dict[str, Recording]
PROGRAMS = {
    "nested loops": "for a in range(2):\n    for b in range(3):\n        o.step()\n",
    "beside loops": "while o is None:\n    pass\nelse:\n    o.step()\nfor a in '':\n    pass\no.step()\n",
    "loop entered twice": "def f():\n    for b in range(3):\n        o.step()\nfor a in range(2):\n    f()\n    f()\n",
    "raises": "o.step()\nraise KeyError('gone')\n",
}


@pytest.fixture(scope="module")
def small_programs(tmp_path_factory: pytest.TempPathFactory) -> SmallPrograms:
    scripts = {name: tmp_path_factory.mktemp("program") / "train.py" for name in PROGRAMS}
    for name, script in scripts.items():
        script.write_text(f"import torch\no = torch.optim.SGD([torch.zeros(1)], lr=0.1)\n{PROGRAMS[name]}")
    return dict(zip(scripts, record_scripts(scripts.values()), strict=True))


class TestLoopContext:
    def test_a_step_in_a_called_function_has_the_loops_of_its_callers(self) -> None:
        warmup, main = _sites(record(FIXTURES / "detection"), "LinearLR", "MultiStepLR")
        epochs, batches = warmup.loops
        assert (epochs.file, batches.file) == ("train.py", "engine.py")
        assert main.loops == (epochs,)

    def test_a_step_of_the_first_epoch_only_passes_through_one_of_the_epochs(self) -> None:
        recording = record(FIXTURES / "detection")
        (warmup,) = _sites(recording, "LinearLR")
        assert warmup.passes == (1, 10)
        assert [recording.iterations(loop) for loop in warmup.loops] == [4, 40]

    def test_a_step_of_the_last_batch_is_once_per_epoch(self) -> None:
        (site,) = _sites(record(FIXTURES / "last_batch_guard"), "StepLR")
        assert (site.count, site.passes) == (6, (6, 6))

    def test_steps_inside_a_chained_or_sequential_scheduler_are_not_recorded(self) -> None:
        sites = [*record(FIXTURES / "regression").step_sites(), *record(FIXTURES / "dataclass_config").step_sites()]
        counts = {site.class_name: site.count for site in sites if site.kind == "scheduler"}
        assert counts == {"CosineAnnealingLR": 5, "ExponentialLR": 5, "ChainedScheduler": 5, "SequentialLR": 32}

    def test_a_scheduler_knows_where_it_and_its_optimizer_were_made(self) -> None:
        recording = record(FIXTURES / "gan")
        made_at = [made.site.row for made in recording.made]
        drives = [
            (made_at[made.number], made_at[made.optimizer]) for made in recording.made if made.optimizer is not None
        ]
        assert drives == [(35, 27), (36, 28)]

    def test_iterations_are_counted_anew_for_each_entry_of_a_loop(self, small_programs: SmallPrograms) -> None:
        recording = small_programs["nested loops"]
        numbers = [tuple(iteration.number for iteration in step.loops) for step in recording.steps]
        assert numbers == [(a, b) for a in range(2) for b in range(3)]

    def test_the_iterations_of_two_calls_of_one_function_are_told_apart(self, small_programs: SmallPrograms) -> None:
        sites = small_programs["loop entered twice"].step_sites()
        assert [(site.count, site.passes) for site in sites] == [(12, (2, 12))]

    def test_a_step_in_the_else_of_a_loop_or_after_it_is_outside(self, small_programs: SmallPrograms) -> None:
        assert [step.loops for step in small_programs["beside loops"].steps] == [(), ()]

    def test_an_exception_is_the_result_of_the_run(self, small_programs: SmallPrograms) -> None:
        recording = small_programs["raises"]
        assert (recording.status, len(recording.steps)) == (1, 1)
        assert "KeyError: 'gone'" in recording.error


def _sites(recording: Recording, *classes: str) -> list[StepSite]:
    return [site for name in classes for site in recording.step_sites() if site.class_name == name]
