"""How arguments are written in a call, as the run tells it: in it, out of a mapping, or out of one at times."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Object, ObjectKind, Written
from schedlint.timeline.quantity import Literal, Symbol
from tests.timeline.run.programs import only_scheduler, script, unreached


def of(made: Object, parameter: str) -> Written:
    (bound,) = [bound for bound in made.arguments if bound.parameter == parameter]
    return bound.written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("StepLR(opt, 3)", Written.POSITION, id="by position"),
        pytest.param("StepLR(opt, step_size=3)", Written.KEYWORD, id="by keyword"),
        pytest.param("StepLR(opt, *[3])", Written.UNPACKED, id="out of a list"),
        pytest.param("StepLR(opt, **{'step_size': 3})", Written.UNPACKED, id="out of a dict"),
        pytest.param(
            "d = {'gamma': 0.5}\nif x:\n    d['step_size'] = 3\nStepLR(opt, **d)",
            Written.AT_TIMES,
            id="put in at times",
        ),
        pytest.param(
            "d = {}\nif x:\n    d['step_size'] = 3\nd['gamma'] = 1\nStepLR(opt, **d)",
            Written.AT_TIMES,
            id="before others",
        ),
        pytest.param(
            "d = {}\nif x:\n    d['step_size'] = 3\nd['step_size'] = 4\nStepLR(opt, **d)",
            Written.UNPACKED,
            id="put in at times, and then always",
        ),
    ],
)
def test_an_argument_is_written(text: str, written: Written) -> None:
    assert of(only_scheduler(text), "step_size") is written


def test_a_mapping_that_a_parameter_has_by_default_gives_what_may_be_others() -> None:
    timeline = unreached("def make(o, options=dict(step_size=3, gamma=f())):\n    StepLR(o, **options)")
    (made,) = [thing for thing in timeline.objects if thing.kind is ObjectKind.SCHEDULER]
    given = {bound.parameter: bound.values[0] for bound in made.arguments}
    size, gamma = given["step_size"], given["gamma"]
    assert isinstance(size, Symbol)
    assert isinstance(gamma, Symbol)
    assert (size.name, size.default, gamma.default) == ("options['step_size']", Literal(3), None)
    assert "**" in given


def test_what_is_tried_says_so() -> None:
    timeline = script("try:\n    s = StepLR(opt, 3)\nexcept TypeError:\n    s = None\nt = StepLR(opt, 4)")
    first, second = timeline.schedulers()
    assert (first.attempted, second.attempted) == (True, False)
