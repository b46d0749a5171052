"""The examples on the pages are real programs: they run under torch, which says of them what their markers say."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from schedlint.checks import RULES
from tests.examples import Example, Mark, examples
from tests.oracle.recording import Made, Place, Recording, Step, record_scripts

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]

OTHER_LIBRARIES = re.compile(r"^(?:import|from) (?:lightning|engines)\b", re.MULTILINE)
"""What some examples need beside torch; those are not run."""

SCRIPT = "run_example.py"

RAISES = {
    "LRS106": "ValueError: Tried to step",
    "LRS503": "KeyError",
    "LRS601": "NotImplementedError",
    "LRS717": "ZeroDivisionError",
    "LRS602": "TypeError",
    "LRS603": "TypeError",
    "LRS604": "TypeError",
    "LRS605": "TypeError",
    "LRS607": "Error: ",
}
"""What torch raises where these rules have something to report: always, and of some schedulers."""

OF_CLASSES = {"LRS608": "AttributeError", "LRS609": "TypeError", "LRS610": "AttributeError"}
"""What torch raises because of a class that one of these rules reports: where an object is built or stepped."""

CODES = {rule.code for rule in RULES}


def can_run(example: Example) -> bool:
    """Whether an example is about a rule and needs nothing but torch."""
    return example.page.code in CODES and not any(OTHER_LIBRARIES.search(text) for _, text in example.files)


ALL = [example for example in examples() if can_run(example)]
each_example = pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)


@dataclass(frozen=True)
class Run:
    """An example, and what it did."""

    example: Example
    recording: Recording

    def marked(self, wanted: Callable[[Mark], bool]) -> set[Place]:
        """The marked lines that are wanted."""
        return {Place(mark.file, mark.row) for mark in self.example.marks() if wanted(mark)}

    def expected(self, *codes: str) -> set[Place]:
        """The lines to report for one of these rules."""
        return self.marked(lambda mark: mark.expected and mark.code in codes)

    def warned(self, kind: str) -> set[Place | None]:
        """Where torch warned."""
        return {warning.site for warning in self.recording.warned(kind)}

    def said_by_torch(self, code: str) -> set[Place]:
        """Where the markers say that torch warns."""
        return self.marked(lambda mark: mark.code == code and (mark.expected or mark.torch_warns))

    def raising(self, code: str) -> set[Place]:
        """Where torch raised what this rule says that it raises, among the lines to report for it."""
        last = self.recording.error.splitlines()[-1:]
        raised = any(RAISES[code] in line for line in last)
        return {place for place in self.expected(code) if raised and place == self.recording.raised}

    def raised_by_class(self) -> bool:
        """Whether torch raised what a rule about classes says that it raises."""
        last = self.recording.error.splitlines()[-1:]
        return any(OF_CLASSES[code] in line for code in OF_CLASSES if self.expected(code) for line in last)

    def built(self, places: set[Place]) -> list[Made]:
        """The schedulers that were built there."""
        return [made for made in self.recording.made if made.kind == "scheduler" and made.site in places]

    def steps_and_epochs(self, place: Place) -> Iterator[tuple[int, int]]:
        """For each scheduler that is stepped there, how often, and how many epochs there are."""
        taken: dict[int, list[Step]] = {}
        for step in self.recording.steps:
            if step.site == place and step.made.kind == "scheduler":
                taken.setdefault(step.made.number, []).append(step)
        for steps in taken.values():
            epochs = next(each.loop for each in steps[0].loops if each.loop.file != SCRIPT)
            yield len(steps), self.recording.iterations(epochs)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Run]:
    """Every example, run under the recorder."""
    script = Path(__file__).with_name("stand_ins.py").read_text(encoding="utf-8")
    folders = [tmp_path_factory.mktemp("example") for _ in ALL]
    for example, folder in zip(ALL, folders, strict=True):
        example.write(folder)
        (folder / SCRIPT).write_text(script, encoding="utf-8")
    recordings = record_scripts(folder / SCRIPT for folder in folders)
    return {example.name: Run(example, done) for example, done in zip(ALL, recordings, strict=True)}


@each_example
def test_an_example_runs_to_its_end_or_to_a_line_that_is_said_to_raise(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    assert run.recording.made, run.recording.error
    if run.recording.status:
        said = any(run.recording.raised in run.raising(code) for code in RAISES)
        assert said or run.raised_by_class(), run.recording.error


@each_example
def test_torch_warns_of_the_order_exactly_where_it_is_marked(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    assert run.warned("order") == run.said_by_torch("LRS301") | run.expected("LRS205", "LRS302")


@each_example
def test_torch_objects_to_get_lr_exactly_where_it_is_marked(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    raised = run.raising("LRS601")
    assert run.warned("get_lr") | raised == run.said_by_torch("LRS601")
    assert not run.warned("get_lr") & raised


def expecting(*codes: str) -> pytest.MarkDecorator:
    """The examples in which one of these rules has something to report."""
    found = [example for example in ALL if any(mark.expected and mark.code in codes for mark in example.marks())]
    return pytest.mark.parametrize("example", found, ids=lambda example: example.name)


@expecting("LRS503")
def test_what_is_said_to_raise_raises(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    assert run.raising("LRS503") == run.expected("LRS503") != set()


@expecting("LRS602")
def test_an_argument_that_is_no_more_raises_or_is_taken_for_a_threshold(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    refused = run.raising("LRS602")
    assert bool(refused) != ('"min", 0.5, 5, True' in example.files[0][1])
    assert refused <= run.expected("LRS602")


@expecting(*OF_CLASSES)
def test_a_class_that_is_said_to_raise_raises(example: Example, runs: Mapping[str, Run]) -> None:
    assert runs[example.name].raised_by_class()


@expecting("LRS201", "LRS202")
def test_what_is_said_never_to_be_stepped_is_built_and_never_stepped(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    lines = run.expected("LRS201", "LRS202")
    built = run.built(lines)
    assert {made.site for made in built} == lines
    assert not {step.made for step in run.recording.steps} & set(built)


@expecting("LRS204")
def test_what_is_said_to_be_overwritten_is_never_stepped_and_another_one_is(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    lost = run.built(run.expected("LRS204"))
    stepped = {step.made for step in run.recording.steps if step.made.kind == "scheduler"}
    assert lost
    assert stepped
    assert not stepped & set(lost)
    assert {made.optimizer for made in lost} == {made.optimizer for made in stepped}


@expecting("LRS203", "LRS207")
def test_a_step_that_is_said_to_be_none_is_none(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    taken = {step.site for step in run.recording.steps}
    assert not taken & run.expected("LRS203", "LRS207")
    assert any(step.made.kind == "optimizer" for step in run.recording.steps)


@expecting("LRS205")
def test_what_is_said_to_be_stepped_in_place_of_its_optimizer_is_stepped_alone(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    assert {step.made.kind for step in run.recording.steps} == {"scheduler"}
    assert {step.site for step in run.recording.steps} == run.expected("LRS205")


@expecting("LRS206")
def test_what_is_said_to_be_stepped_outside_training_is_stepped_before_or_after_all_of_it(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    sites = run.expected("LRS206")
    order = [step.site in sites for step in run.recording.steps]
    assert len(set(order)) == 2
    assert order in (sorted(order), sorted(order, reverse=True))
    assert {step.site for step in run.recording.steps if step.made.kind == "scheduler"} == sites


@expecting("LRS302")
def test_what_is_said_to_be_stepped_once_too_early_is_stepped_first_of_all(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    first, *others = [step.site for step in run.recording.steps]
    assert first in run.expected("LRS302")
    assert first not in others


@expecting("LRS101")
def test_what_is_said_to_be_stepped_too_often_is_stepped_more_often_than_there_are_epochs(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    counts = [count for place in run.expected("LRS101") for count in run.steps_and_epochs(place)]
    assert counts
    assert all(steps > epochs for steps, epochs in counts)


@expecting("LRS102")
def test_what_is_said_to_be_stepped_too_seldom_is_stepped_at_most_once_per_epoch(
    example: Example, runs: Mapping[str, Run]
) -> None:
    run = runs[example.name]
    counts = [count for place in run.expected("LRS102") for count in run.steps_and_epochs(place)]
    assert counts
    assert all(steps <= epochs for steps, epochs in counts)


@expecting("LRS106")
def test_what_is_said_to_be_stepped_beyond_its_end_raises(example: Example, runs: Mapping[str, Run]) -> None:
    run = runs[example.name]
    assert {run.recording.raised} == run.expected("LRS106")
