"""Variables that are given another scheduler or optimizer, as the run records them."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from tests.timeline.run.programs import script

TRAINER = """
class Trainer:
    def __init__(self):
        self.s = StepLR(opt, 3)
        {body}
Trainer()
"""


def rebound(text: str) -> list[str]:
    """What is overwritten by what: `s: StepLR by LinearLR`."""
    timeline = script(text)
    classes = {made.id: made.classes[0].rpartition(".")[2] for made in timeline.objects}
    return [
        f"{event.receiver}: {classes[subject.object]} by {classes[id]}"
        for event in timeline.events
        if event.kind is EventKind.REBOUND
        for subject in event.subjects
        for id in event.arguments[0].objects
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s = StepLR(opt, 3)\ns = LinearLR(opt)", ["s: StepLR by LinearLR"], id="a variable"),
        pytest.param(TRAINER.format(body="self.s = LinearLR(opt)"), ["self.s: StepLR by LinearLR"], id="an attribute"),
        pytest.param("opt = LBFGS(parameters)", ["opt: SGD by LBFGS"], id="an optimizer"),
        pytest.param(
            "s = StepLR(opt, 3)\nif fast:\n    s = LinearLR(opt)", ["s: StepLR by LinearLR"], id="under a condition"
        ),
        pytest.param("s = StepLR(opt, 3)\ns = None", [], id="by nothing"),
        pytest.param("s = StepLR(opt, 3)\ns = s", [], id="by itself"),
        pytest.param("s = StepLR(opt, 3)\nt = LinearLR(opt)", [], id="another variable"),
        pytest.param("s = opt\ns = StepLR(opt, 3)", [], id="an optimizer by a scheduler"),
        pytest.param(
            "if fast:\n    s = StepLR(opt, 3)\nelse:\n    s = LinearLR(opt)", [], id="on the other side of a test"
        ),
        pytest.param("for k in range(5):\n    s = StepLR(opt, 3)", [], id="by what the same line makes"),
        pytest.param(
            "a = StepLR(opt, 3)\nb = LinearLR(opt)\nfor s in [a, b]:\n    print(s)", [], id="a loop that goes over both"
        ),
    ],
)
def test_what_is_overwritten(text: str, expected: list[str]) -> None:
    assert rebound(text) == expected
