"""`schedlint timeline --output-format json`."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from schedlint.diagnostics import Confidence
from schedlint.reporters.timeline_json import render
from schedlint.timeline.quantity import Literal
from schedlint.timeline.reading import CountReading
from tests.reporters.builders import HORIZON, Program, detection


def entry(**changes: Any) -> Any:
    """The one entry of the one program, read back."""
    [program] = json.loads(render([Program((detection(**changes),), root="project")]))
    assert program["root"] == "project"
    return program["entries"][0]


def test_ids_tie_events_to_objects_and_loops() -> None:
    document = entry()
    step = document["events"][-1]
    scheduler = next(thing for thing in document["objects"] if thing["id"] == step["subjects"][0]["object"])
    loops = {loop["id"]: loop["kind"] for loop in document["loops"]}
    assert scheduler["classes"] == ["torch.optim.lr_scheduler.MultiStepLR"]
    assert [loops[id] for id in step["loops"]] == ["epoch", "batch"]


def test_facts_carry_their_evidence_and_its_place() -> None:
    [horizon] = entry()["objects"][2]["horizons"]
    assert (horizon["unit"], horizon["amount"], horizon["quantity"]) == ("epochs", 22, "[16, 22]")
    assert horizon["evidence"] == [
        {
            "text": "`22` is below the 24 epochs",
            "filename": "train.py",
            "cell": None,
            "location": {"row": 50, "column": 5},
        }
    ]
    [cadence] = entry()["events"][-1]["cadences"]
    assert (cadence["object"], cadence["cadence"], cadence["loop"]) == (3, "once per batch", 2)


def test_a_loop_that_was_not_asked_about_has_no_kind() -> None:
    loop = entry(loops=())["loops"][0]
    assert (loop["kind"], loop["evidence"]) == (None, [])


def test_an_endless_horizon_is_still_json() -> None:
    text = render([Program((detection(horizons=(replace(HORIZON, amount=float("inf")),)),))])
    document = json.loads(text, parse_constant=lambda name: name.lower() + " is no JSON")
    assert document[0]["entries"][0]["objects"][2]["horizons"][0]["amount"] == "inf"


def test_a_number_of_steps_has_its_limits() -> None:
    count = CountReading(3, Literal(3), None, Confidence.LIKELY, (6,), (), "it is lost from sight")
    [thing] = json.loads(render([Program((detection(counts=(count,)),))]))[0]["entries"][0]["objects"][2]["counts"]
    assert (thing["least"], thing["most"], thing["confidence"]) == ("3", None, "likely")
    assert (thing["events"], thing["reason"]) == ([6], "it is lost from sight")
