"""Loops: what they run over, which are unrolled, and what their bodies make of variables."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from schedlint.timeline.quantity import Literal, Symbol
from tests.timeline.run.programs import happens, loops, noted, quantities, schedulers, script, steps, symbol

# --- what is iterated -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "loop"),
    [
        pytest.param("for i in range(10)", "for i: range to 10", id="a range"),
        pytest.param("for i in range(1, epochs + 1)", "for i: range from 1 to epochs + 1", id="a range with a start"),
        pytest.param("for i in range(0, 10, 2)", "for i: range from 0 to 10", id="a range with a stride"),
        pytest.param("for i in tqdm(range(10))", "for i: range to 10", id="a range behind a progress bar"),
        pytest.param("for i in itertools.count()", "for i: count", id="an endless counter"),
        pytest.param("for i in itertools.count(5)", "for i: count from 5", id="an endless counter with a start"),
        pytest.param("for x in loader", "for x: loader", id="a loader"),
        pytest.param("for i, x in enumerate(loader)", "for i, x: loader", id="an enumerated loader"),
        pytest.param("for i, x in enumerate(tqdm(loader), 1)", "for i, x: loader", id="through two views"),
        pytest.param("for i, x in tqdm(enumerate(loader))", "for i, x: loader", id="through two views, swapped"),
        pytest.param("for a, b in zip(loader, other)", "for a, b: loader", id="a loader beside something unknown"),
        pytest.param("for a, b in zip(other, loader)", "for a, b: loader", id="something unknown beside a loader"),
        pytest.param("for i, x in zip(range(9), loader)", "for i, x: loader", id="a range beside a loader"),
        pytest.param("for x in itertools.islice(loader, 9)", "for x: loader", id="a part of a loader"),
        pytest.param("for x in itertools.cycle(loader)", "for x: loader", id="a loader over and over"),
        pytest.param("for x in iter(loader)", "for x: loader", id="an iterator of a loader"),
        pytest.param("for x in list(loader)", "for x: loader", id="a list of a loader"),
        pytest.param("for x in reversed(range(9))", "for x: range to 9", id="a range backwards"),
        pytest.param("for n in [1, 2, 3]", "for n: items", id="a few numbers"),
        pytest.param("for x in unknown", "for x: unknown", id="something unknown"),
        pytest.param("while it < 100", "while it: count to 100", id="a while loop with a counter"),
        pytest.param("while it <= total", "while it: count to total", id="up to an unknown total"),
        pytest.param("while 100 > it", "while it: count to 100", id="a limit on the left"),
        pytest.param("while True", "while: count", id="a while loop without an end"),
        pytest.param("while not done", "while: count", id="a while loop with a flag"),
        pytest.param("while ok() and it < 100", "while it: count to 100", id="a counter and something else"),
    ],
)
def test_a_loop_runs_over(head: str, loop: str) -> None:
    assert loops(f"it = 0\n{head}:\n    it += 1\n    opt.step()") == [loop]


def test_a_loader_through_a_view_that_was_stored() -> None:
    assert loops("bar = tqdm(loader)\nfor x in bar:\n    opt.step()") == ["for x: loader"]


def test_the_loader_that_a_loop_runs_over_is_an_object_of_the_timeline() -> None:
    timeline = script("for i, x in enumerate(loader):\n    opt.step()")
    (loop,) = timeline.loops
    assert timeline.object(loop.object).name == "loader"


def test_a_loop_in_a_called_function_stands_in_the_loop_around_the_call() -> None:
    text = "def f():\n    for x in loader:\n        opt.step()\nfor epoch in range(3):\n    f()"
    timeline = script(text)
    outer, inner = timeline.loops
    assert inner.parent == outer.id
    assert [place.row for place in inner.calls] == [inner.place.row + 3]


def test_one_function_called_in_two_loops_makes_two_loops() -> None:
    text = """
        def f():
            for x in loader:
                opt.step()
        for a in range(3):
            f()
        for b in range(3):
            f()
        """
    assert happens(text) == ["a/x: opt.step()", "b/x: opt.step()"]
    assert len(loops(text)) == 4


def test_one_function_called_twice_in_a_loop_makes_two_loops() -> None:
    text = "def f():\n    for x in loader:\n        opt.step()\nfor a in range(3):\n    f()\n    f()"
    assert happens(text) == ["a/x: opt.step()", "a/x: opt.step()"]
    assert len(loops(text)) == 3


# --- unrolling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("for s in [a, b]:\n    s.step()", ["a.step()", "b.step()"], id="a list of schedulers"),
        pytest.param("for s in (a, b):\n    s.step()", ["a.step()", "b.step()"], id="a tuple of schedulers"),
        pytest.param(
            "for i, s in enumerate([a, b]):\n    s.step()",
            ["a.step()", "b.step()"],
            id="an enumerated list of schedulers",
        ),
        pytest.param(
            "for o, s in zip([opt, opt], [a, b]):\n    s.step()", ["a.step()", "b.step()"], id="two lists side by side"
        ),
        pytest.param(
            "for s in {'x': a, 'y': b}.values():\n    s.step()", ["a.step()", "b.step()"], id="the values of a dict"
        ),
        pytest.param(
            "for k, s in {'x': a, 'y': b}.items():\n    s.step()", ["a.step()", "b.step()"], id="the items of a dict"
        ),
        pytest.param(
            "d = {'x': a, 'y': b}\nfor k in d:\n    d[k].step()", ["a.step()", "b.step()"], id="the keys of a dict"
        ),
        pytest.param(
            "for s in [a, None]:\n    if s is not None:\n        s.step()", ["a.step()"], id="None among schedulers"
        ),
        pytest.param(
            "for phase in ['train', 'val']:\n    if phase == 'train':\n        a.step()", ["a.step()"], id="phases"
        ),
        pytest.param("[s.step() for s in [a, b]]", ["a.step()", "b.step()"], id="a comprehension over schedulers"),
        pytest.param(
            "for s in [a, b]:\n    if skip:\n        continue\n    s.step()",
            ["a.step() if not skip", "b.step() if not skip"],
            id="a continue in one round",
        ),
        pytest.param("for s in [a, b]:\n    s.step()\n    break", ["a.step()"], id="a break after the first round"),
        pytest.param(
            "def f():\n    for s in [a, b]:\n        s.step()\n        return\nf()",
            ["a.step()"],
            id="a return in the first round",
        ),
        pytest.param(
            "for s in [a]:\n    s.step()\nelse:\n    b.step()", ["a.step()", "b.step()"], id="an else without a break"
        ),
        pytest.param("for s in [a]:\n    break\nelse:\n    b.step()", [], id="an else behind a break"),
        pytest.param(
            "def f():\n    for s in [a, b]:\n        break\n    b.step()\nf()",
            ["b.step()"],
            id="what follows a loop that was left with break",
        ),
    ],
)
def test_a_loop_over_a_few_known_things_is_no_loop(text: str, expected: list[str]) -> None:
    assert steps(f"a = StepLR(opt, 3)\nb = StepLR(opt, 4)\n{text}") == expected


def test_each_round_makes_its_own_object() -> None:
    text = "made = []\nfor name in ['a', 'b']:\n    made.append(StepLR(opt, name))\nfor s in made:\n    s.step()"
    assert noted(text) == ["'a'", "'b'"]
    assert len(steps(text)) == 2


@pytest.mark.parametrize("items", ["[1, 2, 3]", "[0.1, 0.01]", "range(3)"], ids=["numbers", "rates", "a range"])
def test_numbers_are_not_unrolled(items: str) -> None:
    assert happens(f"for n in {items}:\n    opt.step()") == ["n: opt.step()"]


def test_more_than_eight_items_are_not_unrolled() -> None:
    names = [f"n{i}" for i in range(9)]
    assert happens(f"for n in {names}:\n    opt.step()") == ["n: opt.step()"]


def test_a_loop_over_an_unknown_number_of_schedulers_steps_one_of_them_each_time() -> None:
    text = "many = [StepLR(opt, k) for k in unknown]\nfor s in many:\n    s.step()"
    assert len(steps(text)) == 1
    assert loops(text) == ["for k: unknown", "for s: items"]


# --- what changes in a loop -------------------------------------------------------------------------------------------


def test_a_counter_is_unknown_from_the_first_round_on() -> None:
    found = symbol("n = 0\nfor x in loader:\n    StepLR(opt, n)\n    n += 1")
    assert found.role == "counter"
    assert found.loop == 1


def test_a_counter_of_an_outer_loop_varies_in_both() -> None:
    text = "n = 0\nfor epoch in range(3):\n    for x in loader:\n        n += 1\n        StepLR(opt, n)"
    (value,) = quantities(text)[0]
    assert not isinstance(value, Symbol)


def test_a_loop_variable_counts_its_loop() -> None:
    found = symbol("for epoch in range(3):\n    StepLR(opt, epoch)")
    assert (found.role, found.loop, found.name) == ("index", 1, "epoch")


def test_an_item_of_a_loader_is_an_element() -> None:
    found = symbol("for x in loader:\n    StepLR(opt, x)")
    assert (found.role, found.loop) == ("element", 1)


def test_a_constant_from_before_the_loop_stays_constant() -> None:
    assert noted("n = 3\nfor x in loader:\n    StepLR(opt, n)") == ["3"]


def test_a_flag_that_the_loop_changes_is_not_decided() -> None:
    text = "first = True\nfor x in loader:\n    if first:\n        first = False\n    else:\n        opt.step()"
    assert len(happens(text)) == 1


def test_a_flag_in_a_dict_that_the_loop_changes_is_no_configuration() -> None:
    text = "d = {'a': 1}\nfor x in loader:\n    if d['a']:\n        d['a'] = 0\n    else:\n        opt.step()"
    assert happens(text) == ["x: opt.step() [unknown]"]


@pytest.mark.xfail(strict=True, reason="a list that changes is taken for configuration")
def test_a_list_that_the_loop_fills_is_no_configuration() -> None:
    text = "seen = []\nfor x in loader:\n    if 'a' in seen:\n        opt.step()\n    seen.append('a')"
    assert happens(text) == ["x: opt.step() [unknown]"]


def test_a_flag_that_a_called_method_changes_is_not_decided() -> None:
    text = """
        class T:
            def __init__(self, o):
                self.warm = True
                self.o = o
            def one(self):
                if self.warm:
                    self.warm = False
                else:
                    self.o.step()
        t = T(opt)
        for x in loader:
            t.one()
        """
    assert len(happens(text)) == 1


def test_a_scheduler_that_the_body_replaces_is_one_of_two() -> None:
    text = "s = StepLR(opt, 3)\nfor epoch in range(9):\n    s.step()\n    s = MultiStepLR(opt, [2])"
    timeline = script(text)
    (event,) = [event for event in timeline.events if event.kind is EventKind.STEPPED]
    assert len(event.subjects) == 2
    assert len(timeline.schedulers()) == 2


def test_a_scheduler_made_in_the_first_round_is_stepped_in_later_ones() -> None:
    text = """
        s = None
        for epoch in range(9):
            if s is not None:
                s.step()
            if s is None:
                s = StepLR(opt, 3)
        """
    assert steps(text) == ["epoch: s.step()"]


def test_a_scheduler_made_before_continue_is_stepped_in_later_rounds() -> None:
    text = """
        s = None
        for epoch in range(9):
            if epoch == 0:
                s = StepLR(opt, 3)
                continue
            s.step()
        """
    assert steps(text) == ["epoch: s.step() [later]"]


def test_what_was_stored_before_continue_may_hold_in_the_next_round() -> None:
    text = "n = None\nfor x in loader:\n    StepLR(opt, n)\n    if c:\n        n = opt\n        continue\n    n = None"
    (values,) = quantities(text)
    assert len(values) == 2


def test_what_was_stored_before_break_may_hold_after_the_loop() -> None:
    text = "s = StepLR(opt, 1)\nfor x in loader:\n    if c:\n        s = StepLR(opt, 2)\n        break\ns.step()"
    timeline = script(text)
    (event,) = [event for event in timeline.events if event.kind is EventKind.STEPPED]
    assert {subject.object for subject in event.subjects} == {made.id for made in timeline.schedulers()}


@pytest.mark.xfail(strict=True, reason="a break out of an unrolled loop keeps only the last round")
def test_what_was_stored_before_break_in_an_unrolled_loop_may_hold_after_it() -> None:
    text = "for n in ['a', 'b']:\n    if c:\n        break\nStepLR(opt, n)"
    (found,) = noted(text)
    assert set(found.split(" or ")) == {"'a'", "'b'"}


def test_what_is_not_stored_after_continue_does_not_hold_in_the_same_round() -> None:
    text = "for x in loader:\n    n = 1\n    if c:\n        n = 2\n        continue\n    StepLR(opt, n)"
    assert noted(text) == ["1"]


def test_a_comprehension_that_trains_is_a_loop() -> None:
    text = "def one(o, s):\n    o.step()\n    s.step()\ns = StepLR(opt, 3)\n[one(opt, s) for epoch in range(9)]"
    assert all(event.loops for event in script(text).events if event.kind is EventKind.STEPPED)


def test_the_second_walk_does_not_record_events_twice() -> None:
    text = "s = None\nfor epoch in range(9):\n    opt.step()\n    s = StepLR(opt, 3)\n    s.step()"
    assert happens(text) == ["epoch: opt.step()", "epoch: s.step()"]


def test_after_the_loop_a_name_holds_the_old_or_the_new() -> None:
    text = "s = StepLR(opt, 1)\nfor epoch in range(9):\n    s = StepLR(opt, 2)\ns.step()"
    timeline = script(text)
    (event,) = [event for event in timeline.events if event.kind is EventKind.STEPPED]
    assert {subject.object for subject in event.subjects} == {made.id for made in timeline.schedulers()}


def test_after_the_loop_a_counter_is_not_its_first_value() -> None:
    (values,) = quantities("n = 0\nfor x in loader:\n    n += 1\nStepLR(opt, n)")
    assert any(not isinstance(value, Literal) for value in values)


def test_after_the_loop_a_number_set_in_it_may_be_the_old_one() -> None:
    assert quantities("n = 1\nfor x in unknown:\n    n = 2\nStepLR(opt, n)") != [(Literal(2),)]


def test_the_else_of_a_loop_runs_behind_it() -> None:
    assert happens("for x in loader:\n    pass\nelse:\n    opt.step()") == ["opt.step()"]


def test_a_body_that_always_returns_ends_the_function_or_is_never_run() -> None:
    assert happens("def f():\n    for x in loader:\n        return\n    opt.step()\nf()") == ["opt.step()"]


def test_what_a_loop_makes_is_made_in_the_loop() -> None:
    (made,) = script("for fold in range(5):\n    s = StepLR(opt, 3)").schedulers()
    assert made.loops == (1,)


def test_list_items_collected_in_a_loop_are_any_number() -> None:
    text = "many = []\nfor fold in range(5):\n    many.append(StepLR(opt, 3))\nfor s in many:\n    s.step()"
    assert len(schedulers(text)) == 1
    assert len(steps(text)) == 1


def test_nested_loops_are_nested() -> None:
    text = "for fold in range(5):\n    for epoch in range(3):\n        for x in loader:\n            opt.step()"
    assert happens(text) == ["fold/epoch/x: opt.step()"]


def test_a_while_loop_that_a_generator_feeds() -> None:
    text = """
        it = 0
        while it < 100:
            for x in loader:
                opt.step()
                it += 1
        """
    assert loops(text) == ["while it: count to 100", "for x: loader"]


def test_an_async_loop_is_a_loop() -> None:
    assert happens("async def f():\n    async for x in loader:\n        opt.step()\nf()") == ["x: opt.step()"]
