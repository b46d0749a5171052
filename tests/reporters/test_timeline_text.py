"""The tree that `schedlint timeline` prints."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from schedlint.diagnostics import Confidence
from schedlint.reporters.timeline_text import render
from schedlint.timeline.model import (
    Bound,
    Entry,
    EntryKind,
    Escape,
    Event,
    EventKind,
    Guard,
    GuardKind,
    LoopKind,
    Object,
    ObjectKind,
    Subject,
    Test,
)
from schedlint.timeline.quantity import Arithmetic, Items, Length, Literal, Symbol
from schedlint.timeline.reading import Cadence, CountReading, Unit
from tests.reporters.builders import (
    CADENCE,
    EVENTS,
    HORIZON,
    LOADER,
    LOOPS,
    OPTIMIZER,
    SCHEDULER,
    Program,
    at,
    created,
    detection,
    diagnostic,
)

COSINE = Test("args.sched", "==", "cos", True, "args.sched == 'cos'")


def shown(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def rendered(**changes: Any) -> str:
    return render([Program((detection(**changes),))])


def step(**changes: Any) -> Any:
    """The tree when the step of the scheduler is changed so."""
    return rendered(events=(*EVENTS[:-1], replace(EVENTS[-1], **changes))).splitlines()[-1]


def test_the_tree_of_the_detection_recipe() -> None:
    assert rendered() == shown(
        "train.py: run as a script",
        "  train.py:41   optimizer = SGD(lr=0.02)",
        "  train.py:42   scheduler = MultiStepLR(milestones=[16, 22])  horizon: 22 epochs",
        "  train.py:50   for epoch in range(24)                        epoch loop",
        "  engine.py:30  |  for (images, targets) in data_loader       batch loop (DataLoader, train.py:33)",
        "  engine.py:44  |  |  optimizer.step()",
        "  engine.py:45  |  |  scheduler.step()                        once per batch",
    )


def test_why_puts_the_evidence_below_its_line() -> None:
    lines = render([Program((detection(),))], why=True).splitlines()
    below = {above: line.strip(" |") for above, line in pairwise(lines) if " - " in line}
    assert list(below.values()) == [
        "- unit: `22` is below the 24 epochs (train.py:50)",
        "- kind: holds a batch loop (engine.py:30)",
        "- kind: runs over a DataLoader (train.py:33)",
        "- cadence: in the batch loop (engine.py:30)",
    ]
    assert [above.split()[0] for above in below] == ["train.py:42", "train.py:50", "engine.py:30", "engine.py:45"]


def test_a_finding_marks_its_line_and_what_is_on_no_line_comes_last() -> None:
    notes = (diagnostic(), diagnostic(3, "broken.py", "LRS901"))
    lines = render([Program((detection(),), notes)]).splitlines()
    assert lines[-3].endswith("scheduler.step()                        once per batch  <- LRS101")
    assert lines[-1] == "broken.py:3:9: LRS901 it counts epochs"


def test_several_programs_are_told_apart_by_their_roots() -> None:
    text = render([Program((detection(),), root="one"), Program((detection(),), root="two")])
    assert [line for line in text.splitlines() if line.startswith("==")] == ["== one", "== two"]


def test_an_entry_without_schedulers_is_left_out() -> None:
    assert rendered(objects=(LOADER,), events=EVENTS[:1], horizons=(), cadences=()) == ""


def test_a_spent_budget_is_said() -> None:
    assert "stopped early, the rest is unknown: 50,000 steps" in rendered(spent="50,000 steps")


def test_an_entry_that_is_no_script_says_that_its_caller_is_unknown() -> None:
    text = rendered(entry=Entry(EntryKind.FUNCTION, "train_one_epoch", at(12, "engine.py")))
    assert text.startswith("engine.py:12: function train_one_epoch, whose caller is not known\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": LoopKind.OUTER}, "outer loop, a training run each"),
        ({"confidence": Confidence.LIKELY}, "epoch loop (likely)"),
        ({"kind": LoopKind.UNKNOWN, "confidence": Confidence.POSSIBLE, "reason": "why"}, "loop of unknown kind"),
        ({"kind": LoopKind.UNKNOWN, "visits": True}, "visits several things, no part of training time"),
    ],
)
def test_a_loop_is_said_by_its_kind(change: dict[str, Any], said: str) -> None:
    line = rendered(loops=(replace(LOOPS[0], **change), LOOPS[1])).splitlines()[3]
    assert line == f"  train.py:50   for epoch in range(24)                        {said}"


def test_what_the_caller_hands_in_comes_first() -> None:
    given = Object(3, ObjectKind.SCHEDULER, at(12), "sched", (), "handed in", handed_in=True)
    events = (*EVENTS[:2], replace(EVENTS[-1], receiver="sched"))
    lines = rendered(objects=(LOADER, OPTIMIZER, given), events=events, horizons=(), cadences=()).splitlines()
    assert lines[1].split(maxsplit=1) == ["train.py:12", "sched: scheduler handed in by the caller"]


def test_rows_of_a_notebook_are_those_of_its_cell() -> None:
    things = [replace(thing, place=at(41, "train.ipynb")) for thing in (OPTIMIZER, SCHEDULER)]
    text = rendered(objects=(LOADER, *things), events=(created(1, things[0]), created(2, things[1])), cadences=())
    assert "  train.ipynb:cell 5:1  optimizer = SGD(lr=0.02)" in text


@pytest.mark.parametrize(
    ("change", "aside"),
    [
        pytest.param({"unit": Unit.NONE}, "no horizon", id="a schedule without an end"),
        pytest.param({"confidence": Confidence.LIKELY}, "horizon: 22 epochs (likely)", id="not quite sure"),
        pytest.param({"condition": (COSINE,)}, "horizon: 22 epochs when args.sched == 'cos'", id="sometimes"),
        pytest.param(
            {"unit": Unit.UNKNOWN, "amount": None, "parameter": "T_max", "quantity": Symbol("k", "args.t")},
            "horizon: T_max = args.t, unit unknown",
            id="a number that may be anything",
        ),
        pytest.param({"unit": Unit.UNKNOWN}, "horizon: milestones = [16, 22], unit unknown", id="several numbers"),
        pytest.param(
            {"unit": Unit.UNKNOWN, "amount": None, "parameter": "", "quantity": None},
            "horizon unknown",
            id="nothing known at all",
        ),
        pytest.param(
            {
                "unit": Unit.BATCHES,
                "amount": None,
                "parameter": "T_max",
                "quantity": Arithmetic("*", (Symbol("e", "epochs"), Length("loader", "dl"))),
            },
            "horizon in batches: T_max = epochs * len(dl)",
            id="an expression with a unit",
        ),
    ],
)
def test_a_horizon_is_said_as_far_as_it_is_known(change: dict[str, Any], aside: str) -> None:
    line = rendered(horizons=(replace(HORIZON, **change),)).splitlines()[2]
    assert line.endswith(f"MultiStepLR(milestones=[16, 22])  {aside}")


@pytest.mark.parametrize(
    ("kind", "denied", "said"),
    [
        (GuardKind.PERIODIC, False, "once per batch, if (i + 1) % 4 == 0"),
        (GuardKind.UNKNOWN, True, "once per batch, unless (i + 1) % 4 == 0"),
        (GuardKind.NEUTRAL, False, "once per batch"),
        (GuardKind.FLAG, False, "once per batch"),
    ],
)
def test_a_guard_is_said_where_it_tells_how_often(kind: GuardKind, denied: bool, said: str) -> None:
    line = step(guards=(Guard(kind, "(i + 1) % 4 == 0", denied, at(44, "engine.py")),))
    assert line.endswith(f"scheduler.step()                        {said}")


def test_a_construction_says_when_it_happens() -> None:
    limits = {"guards": (Guard(GuardKind.FIRST, "epoch == 0", False, at(50)),), "condition": (COSINE,)}
    events = (*EVENTS[:2], replace(EVENTS[2], **limits), *EVENTS[3:])
    assert rendered(events=events).splitlines()[2].endswith("22 epochs, if epoch == 0, when args.sched == 'cos'")


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (COSINE, "when args.sched == 'cos'"),
        (replace(COSINE, positive=False), "when args.sched != 'cos'"),
        (Test("s", "is", None, False, "cfg.warmup is None"), "when cfg.warmup is not None"),
        (Test("s", "in", ("a",), False, "name in ('a',)"), "when name not in ('a',)"),
        (Test("s", "truth", None, False, "args.amp"), "when not args.amp"),
        (Test("s", "<", 5, False, "epoch < 5"), "when epoch >= 5"),
        (Test("s", "truth", None, False, "name not in known"), "when name in known"),
        (Test("s", "truth", None, False, "isfile(path)"), "when not isfile(path)"),
        (Test("s", "truth", None, False, "a < 5 or b"), "when not (a < 5 or b)"),
        (Test("s", "truth", None, False, "0 < a < 5"), "when not (0 < a < 5)"),
    ],
)
def test_a_condition_is_said_as_one_would_write_it(test: Test, said: str) -> None:
    assert step(condition=(test,)).endswith(f"once per batch, {said}")


def test_alternatives_with_different_cadences_are_told_apart() -> None:
    warmup = replace(SCHEDULER, id=4, name="warmup")
    cadences = (CADENCE, replace(CADENCE, object=4, cadence=Cadence.UNKNOWN, reason="a guard", evidence=()))
    events = (*EVENTS[:-1], replace(EVENTS[-1], receiver="s", subjects=(Subject(3), Subject(4))))
    program = Program((detection(objects=(LOADER, OPTIMIZER, SCHEDULER, warmup), events=events, cadences=cadences),))
    text = render([program], why=True)
    assert "s.step()                                once per batch" not in text
    assert "scheduler: once per batch, warmup: cadence unknown" in text
    assert "- cadence of warmup unknown: a guard" in text


def test_a_step_through_another_object_names_what_is_stepped() -> None:
    event = replace(EVENTS[4], receiver="scaler", method="step")
    assert "scaler.step()                           steps optimizer\n" in rendered(events=(*EVENTS[:4], event))


def test_what_is_handed_on_is_said_by_how_and_what() -> None:
    subjects = (Subject(2), Subject(3))
    how = "passed to `fabric.setup`"
    event = Event(7, EventKind.HANDED_ON, at(60), subjects, how, "fabric.setup", (), every=True)
    main = replace(SCHEDULER, name="main")
    last = rendered(objects=(LOADER, OPTIMIZER, main), events=(*EVENTS, event)).splitlines()[-1]
    assert re.split(r"  +", last.strip()) == ["train.py:60", how, "handed on: optimizer and scheduler main"]


def test_alternatives_of_one_name_are_named_once() -> None:
    others = [replace(OPTIMIZER, id=id, place=at(40 + id)) for id in (4, 5)]
    driven = replace(SCHEDULER, optimizers=(2, 4, 5))
    write = Event(7, EventKind.LR_WRITTEN, at(60), (Subject(2), Subject(4)), "", "param_groups", ())
    text = rendered(objects=(LOADER, OPTIMIZER, driven, *others), events=(*EVENTS, write))
    assert "drives optimizer\n" in text
    assert "  optimizer.param_groups " in text


def test_alternatives_of_different_names_stand_in_parentheses() -> None:
    other = replace(OPTIMIZER, id=4, name="critic")
    write = Event(7, EventKind.LR_WRITTEN, at(60), (Subject(2), Subject(4)), "", "param_groups", ())
    text = rendered(objects=(LOADER, OPTIMIZER, SCHEDULER, other), events=(*EVENTS, write))
    assert "  (optimizer or critic).param_groups " in text


def test_the_same_evidence_for_several_of_one_name_is_given_once() -> None:
    other = replace(SCHEDULER, id=4)
    events = (*EVENTS[:-1], replace(EVENTS[-1], subjects=(Subject(3), Subject(4))))
    cadences = (CADENCE, replace(CADENCE, object=4))
    program = Program((detection(objects=(LOADER, OPTIMIZER, SCHEDULER, other), events=events, cadences=cadences),))
    lines = render([program], why=True).splitlines()
    assert [line.strip(" |") for line in lines if "cadence" in line] == ["- cadence: in the batch loop (engine.py:30)"]


def test_the_evidence_of_a_loop_is_not_repeated_at_each_step_in_it() -> None:
    cadence = replace(CADENCE, evidence=(*CADENCE.evidence, *LOOPS[1].evidence))
    text = render([Program((detection(cadences=(cadence,)),))], why=True)
    assert text.count("runs over a DataLoader") == 1


def test_lines_in_a_row_that_say_the_same_are_one() -> None:
    event = Event(7, EventKind.FILE_SAVED, at(60), (), "torch.save", "", ())
    lines = rendered(events=(*EVENTS, event, replace(event, id=8), replace(event, id=9, place=at(61)))).splitlines()
    assert [re.split(r"  +", line.strip())[1:] for line in lines[-2:]] == [
        ["torch.save", "file saved", "(2 times)"],
        ["torch.save", "file saved"],
    ]


def test_a_long_place_pushes_its_own_line_only() -> None:
    far = Event(7, EventKind.FILE_SAVED, at(60, "deep/" * 12 + "io.py"), (), "torch.save", "", ())
    near, long = rendered(events=(*EVENTS, far)).splitlines()[-2:]
    assert near.index("|  |  scheduler.step()") == 48
    assert long.startswith(f"  {'deep/' * 12}io.py:60  torch.save ")


def test_why_tells_the_first_places_where_an_object_is_lost() -> None:
    lost = replace(SCHEDULER, escapes=tuple(Escape(f"passed to `f{n}`", at(50 + n)) for n in range(5)))
    text = render([Program((detection(objects=(LOADER, OPTIMIZER, lost)),))], why=True)
    assert [line.partition("sight: ")[2] for line in text.splitlines() if "lost from sight" in line] == [
        "passed to `f0` (train.py:50)",
        "passed to `f1` (train.py:51)",
        "passed to `f2` (train.py:52)",
        "at 2 more places",
    ]


def test_a_program_is_not_headed_where_no_other_has_anything_to_show() -> None:
    empty = Program((detection(objects=(LOADER,), events=EVENTS[:1], horizons=(), cadences=()),), root="two")
    assert not render([Program((detection(),), root="one"), empty]).startswith("==")


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        pytest.param(Bound("milestones", (Items((Literal(16),), whole=False),)), "milestones=[16, …]", id="not whole"),
        pytest.param(Bound("milestones", (Items((), whole=False),)), "milestones=[…]", id="no item known"),
        pytest.param(Bound("**", (Symbol("c", "cfg.options"),)), "**cfg.options", id="unpacked options"),
        pytest.param(Bound("argument 2", (Literal(5),)), "5", id="the parameter is not known"),
        pytest.param(
            Bound("T_max", (Arithmetic("or", (Symbol("a", "n"), Symbol("b", "n"), Literal(9))),)),
            "T_max=n or 9",
            id="alternatives",
        ),
        pytest.param(Bound("gamma", (Symbol("a", "c.gamma"), Symbol("b", "c.gamma"))), "gamma=c.gamma", id="alike"),
        pytest.param(
            Bound(
                "T_max",
                (
                    Arithmetic(
                        "*",
                        (
                            Symbol("a", "args.number_of_epochs"),
                            Length("l", "train_data_loader"),
                            Symbol("c", "args.number_of_replays"),
                        ),
                    ),
                ),
            ),
            "T_max=args.number_of_epochs * … * args.number_of_replays",
            id="a long expression is cut between words",
        ),
    ],
)
def test_an_argument_is_said_as_one_would_write_it(bound: Bound, said: str) -> None:
    line = rendered(objects=(LOADER, OPTIMIZER, replace(SCHEDULER, arguments=(bound,)))).splitlines()[2]
    assert f"MultiStepLR({said})" in line


def test_events_that_are_no_steps_say_what_they_are() -> None:
    event = Event(7, EventKind.STATE_SAVED, at(60), (Subject(3),), "scheduler", "state_dict", (1,))
    last = rendered(events=(*EVENTS, event)).splitlines()[-1]
    assert last == "  train.py:60   |  scheduler.state_dict()                     state saved"


def test_a_store_is_no_call() -> None:
    event = Event(7, EventKind.LR_WRITTEN, at(60), (Subject(2),), "", "param_groups", (1,))
    last = rendered(events=(*EVENTS, event)).splitlines()[-1]
    assert last == "  train.py:60   |  optimizer.param_groups                     learning rate written"


def test_with_two_optimizers_a_scheduler_says_which_one_it_drives() -> None:
    other = replace(OPTIMIZER, id=4, name="optimizer_d")
    lines = rendered(objects=(LOADER, OPTIMIZER, SCHEDULER, other)).splitlines()
    assert lines[3].endswith("horizon: 22 epochs, drives optimizer")


def test_why_says_what_is_unknown_of_an_object() -> None:
    lost = replace(
        SCHEDULER,
        classes=(),
        class_reason="getattr with a name that is not known",
        optimizers=(),
        optimizer_reason="the parameter `opt` of an unknown caller",
        escapes=(Escape("handed to accelerator.prepare", at(48)),),
    )
    text = render([Program((detection(objects=(LOADER, OPTIMIZER, lost)),))], why=True)
    assert "scheduler = <scheduler>(milestones=[16, 22])" in text
    assert "- class unknown: getattr with a name that is not known" in text
    assert "- optimizer unknown: the parameter `opt` of an unknown caller" in text
    assert "- lost from sight: handed to accelerator.prepare (train.py:48)" in text


def test_names_cannot_command_the_terminal() -> None:
    hostile = replace(SCHEDULER, name="s\x1b[2J\nx")
    text = rendered(objects=(LOADER, OPTIMIZER, hostile))
    assert "\x1b" not in text
    assert "s\\x1b[2J\\nx = MultiStepLR" in text


TOTAL = Arithmetic("*", (Literal(24), Length("loader", "loader")))


@pytest.mark.parametrize(
    ("count", "line"),
    [
        pytest.param((TOTAL, TOTAL), "takes 24 * len(loader) steps", id="exact"),
        pytest.param((Literal(1), Literal(1)), "takes 1 step", id="one"),
        pytest.param((None, TOTAL), "takes at most 24 * len(loader) steps: it may end early", id="an upper limit"),
        pytest.param((Literal(3), None), "takes at least 3 steps: it may end early", id="a lower limit"),
        pytest.param((Literal(3), Literal(5)), "takes 3 to 5 steps: it may end early", id="both limits"),
        pytest.param((None, None), "steps unknown: it may end early", id="nothing"),
    ],
)
def test_why_says_how_many_steps_a_scheduler_takes(count: tuple[Any, Any], line: str) -> None:
    reason = "" if count[0] == count[1] is not None else "it may end early"
    reading = CountReading(SCHEDULER.id, *count, Confidence.CERTAIN, reason=reason)
    text = render([Program((detection(counts=(reading,)),))], why=True)
    assert f"    - {line}\n" in text
    assert line not in render([Program((detection(counts=(reading,)),))])
