"""Arguments of steps as they are written, calls whose errors are expected, and bases that are all that is known."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Event, EventKind, Timeline
from schedlint.timeline.quantity import spelled
from schedlint.timeline.readings import read
from tests.timeline.run.programs import entries, script


def written(argument: str) -> str:
    """How the argument of a step is put on record."""
    (step,) = stepped(script(f"s = StepLR(opt, 3)\ns.step({argument})"))
    (bound,) = step.arguments
    assert bound.spelling is not None
    return spelled(bound.spelling)


def stepped(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.events if event.kind is EventKind.STEPPED]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("val_acc", "val_acc"),
        ("-val_acc", "-val_acc"),
        ("loss.item()", "loss"),
        ("np.mean(losses)", "mean(losses)"),
        ("torch.stack(losses).mean()", "float(losses)"),
        ("round(float(loss), 3)", "round(float(loss))"),
        ("logs.get('loss')", "logs['loss']"),
        ("logs['val']['loss']", "logs['val']['loss']"),
        ("evaluate(model, loader)", "evaluate()"),
        ("evaluate(model, loader)['acc']", "evaluate()['acc']"),
        ("max(a, b)", "max(a, b)"),
        ("1 - self.acc", "1 - self.acc"),
    ],
)
def test_an_argument_is_on_record_as_it_is_written(argument: str, expected: str) -> None:
    assert written(argument) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s.step(1)", [False], id="a plain call"),
        pytest.param("try:\n    s.step(1)\nexcept TypeError:\n    s.step()", [True, True], id="a try for this error"),
        pytest.param("try:\n    s.step(1)\nexcept (KeyError, ValueError):\n    pass", [True], id="one of several"),
        pytest.param("try:\n    s.step(1)\nexcept:\n    pass", [True], id="a try for all errors"),
        pytest.param(
            "try:\n    s.step(1)\nexcept KeyboardInterrupt:\n    pass", [False], id="a try for something else"
        ),
        pytest.param("try:\n    s.step(1)\nfinally:\n    pass", [False], id="a try without handlers"),
        pytest.param(
            "try:\n    for i in range(3):\n        s.step(1)\nexcept Exception:\n    pass",
            [False],
            id="a try around a loop",
        ),
        pytest.param(
            "def f():\n    s.step(1)\ntry:\n    f()\nexcept TypeError:\n    pass", [False], id="a try around a function"
        ),
        pytest.param("with pytest.raises(TypeError):\n    s.step(1)", [True], id="a test that expects an error"),
        pytest.param(
            "def f():\n    s.step(1)\nwith self.assertRaises(TypeError):\n    f()", [True], id="a test of a function"
        ),
        pytest.param("with open('log') as log:\n    s.step(1)", [False], id="another context"),
    ],
)
def test_an_error_of_a_call_may_be_expected(text: str, expected: list[bool]) -> None:
    assert [step.attempted for step in stepped(script(f"s = StepLR(opt, 3)\n{text}"))] == expected


def test_a_construction_may_be_tried_too() -> None:
    timeline = script(
        "try:\n    s = StepLR(opt, 3, x=1)\nexcept TypeError:\n    s = StepLR(opt, 3)\nt = StepLR(opt, 4)"
    )
    assert [made.attempted for made in timeline.schedulers()] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def f(s: LRScheduler):\n    s.step()", "LRScheduler", id="an annotation"),
        pytest.param(
            "def f(s: lr_scheduler.ReduceLROnPlateau):\n    s.step()",
            "ReduceLROnPlateau",
            id="an annotation with a class",
        ),
        pytest.param(
            "def f(name, opt):\n    s = getattr(lr_scheduler, name)(opt)", "LRScheduler", id="a class by name"
        ),
        pytest.param("s = build_scheduler(opt)", None, id="a factory that is not known"),
        pytest.param("class C(StepLR):\n    pass\ns = C(opt, 3)", "StepLR", id="a class of the project"),
        pytest.param("def f(opt):\n    s = StepLR(opt, 3)", "StepLR", id="a class of a library"),
    ],
)
def test_the_nearest_class_that_the_tables_know(text: str, expected: str | None) -> None:
    reading = read(entries(text)[-1], load())
    (made,) = reading.timeline.schedulers()
    table = reading.nearest(made.id)
    assert (None if table is None else table.name.rpartition(".")[2]) == expected


LOCAL = """
def outer(optimizer, scheduler):
    {body}
    use({name})
"""


@pytest.mark.parametrize(
    ("body", "name"),
    [
        pytest.param("def inner(trial):\n        StepLR(SGD(trial), 3)", "inner", id="a function"),
        pytest.param("class Inner:\n        def f(self, o):\n            StepLR(o, 3)", "Inner", id="a class"),
    ],
)
def test_what_is_defined_in_a_function_and_called_by_nobody_is_run_too(body: str, name: str) -> None:
    timelines = entries(LOCAL.format(body=body, name=name))
    assert [each.entry.name for each in timelines[1:]][-1] == name
    assert len(timelines[-1].schedulers()) == 1


def test_names_of_the_function_around_it_are_not_those_of_the_module() -> None:
    body = "def inner(trial):\n        scheduler.step(opt)\n        StepLR(optimizer, 3)"
    timeline = entries(f"scheduler = StepLR(opt, 3)\n{LOCAL.format(body=body, name='inner')}")[-1]
    assert timeline.entry.name == "inner"
    assert all(not step.subjects for step in stepped(timeline))


def test_what_is_defined_in_a_function_and_called_there_is_not_run_again() -> None:
    text = "def outer(o):\n    def inner():\n        return StepLR(o, 3)\n    return inner()"
    assert [each.entry.name for each in entries(text)[1:]] == ["outer"]
