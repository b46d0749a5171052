"""Lists, tuples, sets and dicts: what they hold."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from tests.timeline.run.programs import happens, noted, only_scheduler, schedulers, script, steps


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("d = [1, 2, 3]\nn = d[1]", "2", id="an item"),
        pytest.param("d = [1, 2, 3]\nn = d[-1]", "3", id="an item from the end"),
        pytest.param("d = [1, 2]\nn = d[k]", "1 or 2", id="an unknown index gives any item"),
        pytest.param("d = []\nd.append(3)\nn = d[0]", "3", id="what was appended"),
        pytest.param("d = [1]\nd.extend([2, 3])\nn = d[2]", "3", id="what the list was extended by"),
        pytest.param("d = [1]\nd += [2, 3]\nn = d[2]", "3", id="what was added in place"),
        pytest.param("d = [1] + [2]\nn = d[1]", "2", id="two lists in a row"),
        pytest.param("d = (1,) + (2,)\nn = d[1]", "2", id="two tuples in a row"),
        pytest.param("d = [4] * 3\nn = d[2]", "4", id="a list repeated"),
        pytest.param("d = [1, 2]\nd[0] = 5\nn = d[0]", "5", id="an item stored"),
        pytest.param("d = [1, 2]\ne = d\ne[0] = 5\nn = d[0]", "5", id="two names, one list"),
        pytest.param("d = [1, 2]\ne = list(d)\ne[0] = 5\nn = d[0]", "1", id="a copy by list() is another list"),
        pytest.param("d = [1, 2]\ne = d.copy()\ne[0] = 5\nn = d[0]", "1", id="a copy is another list"),
        pytest.param("d = [1, 2]\nd.insert(0, 5)\nn = d[0]", "5", id="what was inserted in front"),
        pytest.param("d = [1, 2]\nn = d.pop()", "2", id="the last item is taken"),
        pytest.param("d = [1, 2]\nd.pop()\nn = len(d)", "1", id="a list is shorter by what was taken"),
        pytest.param("d = [1, 2]\nd.clear()\nd.append(5)\nn = d[0]", "5", id="a list that was cleared"),
        pytest.param(
            "d = [1, 2]\nd.remove(1)\nn = d[0]", "1 or 2", id="what is left after one was removed is any of them"
        ),
        pytest.param("d = [1, 2]\nd.reverse()\nn = d[0]", "2", id="a list that was reversed"),
        pytest.param("d = [*[1, 2], 3]\nn = d[2]", "3", id="a list spread in a list"),
        pytest.param("d = {'a': 1}\nn = d['a']", "1", id="an entry"),
        pytest.param("d = dict(a=1)\nn = d['a']", "1", id="an entry of a dict made by call"),
        pytest.param("d = {}\nd['a'] = 1\nn = d['a']", "1", id="an entry stored"),
        pytest.param("d = {'a': 1}\nd['a'] = 2\nn = d['a']", "2", id="an entry stored again"),
        pytest.param("d = {'a': 1}\nd.update({'a': 2})\nn = d['a']", "2", id="an entry updated"),
        pytest.param("d = {'a': 1}\nd.update(a=2)\nn = d['a']", "2", id="an entry updated by keyword"),
        pytest.param("d = {'a': 1, **{'b': 2}}\nn = d['b']", "2", id="a dict spread in a dict"),
        pytest.param("d = {**{'a': 1}, 'a': 2}\nn = d['a']", "2", id="a later entry replaces one that was spread"),
        pytest.param("d = {'a': 1, **{'a': 2}}\nn = d['a']", "2", id="what is spread replaces an earlier entry"),
        pytest.param("d = {'a': 1}\nn = d.get('a')", "1", id="get of an entry"),
        pytest.param("d = {'a': 1}\nn = d.get('b', 2)", "2", id="get of what is not there"),
        pytest.param("d = {'a': 1}\nn = d.get('b')", "None", id="get without a default"),
        pytest.param("d = {'a': 1}\nn = d.pop('a')", "1", id="an entry is taken"),
        pytest.param("d = {'a': 1}\nd.pop('a')\nn = d.get('a', 2)", "2", id="what was taken is gone"),
        pytest.param("d = {'a': 1}\nd.setdefault('b', 2)\nn = d['b']", "2", id="a default that is stored"),
        pytest.param("d = {'a': {'b': 3}}\nn = d['a']['b']", "3", id="an entry of an entry"),
        pytest.param("d = {'a': 1, 'b': 2}\nn = d[k]", "1 or 2", id="an unknown key gives any entry"),
        pytest.param("d = {k: v for k, v in [('a', 1), ('b', 2)]}\nn = d['b']", "2", id="a dict comprehension"),
        pytest.param("d = {'a': 1}\nn = len(d)", "1", id="the length of a dict"),
        pytest.param("d = {'a': 1}\nn = list(d.values())[0]", "1", id="the values of a dict"),
        pytest.param(
            "d = {'a': 1}\nn = d | {'b': 2}\nn = n['b']",
            "2",
            id="two dicts as one",
            marks=pytest.mark.xfail(strict=True, reason="the union of two dicts is not followed"),
        ),
        pytest.param("d = (1, 2)\nn = d[1]", "2", id="an item of a tuple"),
        pytest.param(
            "d = [1, 2, 3, 4]\nn = d[1:3][0]",
            "2",
            id="a slice",
            marks=pytest.mark.xfail(strict=True, reason="a slice of a known list is not followed"),
        ),
    ],
)
def test_a_container_holds(text: str, held: str) -> None:
    (found,) = noted(f"{text}\nStepLR(opt, n)")
    assert set(found.split(" or ")) == set(held.split(" or "))


def test_an_entry_of_a_dict_that_a_branch_changed_is_joined() -> None:
    (found,) = noted("d = {'a': 1}\nif fast:\n    d['a'] = 2\nStepLR(opt, d['a'])")
    assert set(found.split(" or ")) == {"1", "2"}


def test_a_dict_of_classes_under_an_unknown_key_gives_each_under_its_condition() -> None:
    text = """
        table = {'step': StepLR, 'multi': MultiStepLR}
        s = table[args.name](opt, 3)
        if args.name == 'multi':
            s.step()
        """
    assert schedulers(text) == [
        "s = StepLR(on opt, step_size=3) if args.name == 'step'",
        "s = MultiStepLR(on opt, milestones=3) if args.name == 'multi'",
    ]
    timeline = script(text)
    (event,) = [event for event in timeline.events if event.kind is EventKind.STEPPED]
    assert [timeline.object(s.object).classes[0].rpartition(".")[2] for s in event.subjects] == ["MultiStepLR"]


def test_a_dict_of_functions_under_an_unknown_key_calls_each_under_its_condition() -> None:
    text = """
        def one(o):
            return StepLR(o, 1)
        def two(o):
            return StepLR(o, 2)
        s = {'one': one, 'two': two}[args.name](opt)
        """
    assert schedulers(text) == [
        "s = StepLR(on opt, step_size=1) if args.name == 'one'",
        "s = StepLR(on opt, step_size=2) if args.name == 'two'",
    ]


def test_a_dict_of_classes_under_a_known_key_gives_one() -> None:
    assert schedulers("s = {'step': StepLR, 'multi': MultiStepLR}['step'](opt, 3)") == [
        "s = StepLR(on opt, step_size=3)"
    ]


def test_a_scheduler_in_a_dict_is_the_scheduler() -> None:
    assert steps("d = {'lr': StepLR(opt, 3), 'every': 'epoch'}\nd['lr'].step()") == ["StepLR.step()"]


def test_optimizer_and_scheduler_returned_as_lightning_wants_them() -> None:
    text = """
        def configure(o):
            s = StepLR(o, 3)
            return [o], [{'scheduler': s, 'interval': 'step'}]
        (o,), (d,) = configure(opt)
        o.step()
        d['scheduler'].step()
        """
    assert happens(text) == ["opt.step()", "s.step()"]


def test_items_appended_under_conditions_are_told_apart() -> None:
    text = """
        many = []
        if warm:
            many.append(StepLR(opt, 1))
        many.append(StepLR(opt, 2))
        for s in many:
            s.step()
        """
    timeline = script(text)
    made = [each.id for each in timeline.schedulers()]
    stepped = {s.object for e in timeline.events if e.kind is EventKind.STEPPED for s in e.subjects}
    assert len(made) == 2
    assert stepped == set(made)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("d = [StepLR(opt, 3)]", id="a list"),
        pytest.param("d = 1, StepLR(opt, 3)", id="a tuple"),
        pytest.param("d = {StepLR(opt, 3)}", id="a set"),
        pytest.param("d = {'s': StepLR(opt, 3)}", id="a dict"),
        pytest.param("d = dict(s=StepLR(opt, 3))", id="a dict made by call"),
        pytest.param("d = []\nd.append(StepLR(opt, 3))", id="a list that it is appended to"),
        pytest.param("d = {}\nd['s'] = StepLR(opt, 3)", id="a dict that it is stored to"),
        pytest.param("d = [StepLR(o, 3) for o in [opt]]", id="a list comprehension"),
        pytest.param("s = StepLR(opt, 3)\nd = [s]", id="a list of something with a name"),
        pytest.param("d = [StepLR(opt, 3)]\nd.clear()", id="a list that held it"),
    ],
)
def test_a_scheduler_is_held_by_a_container(text: str) -> None:
    assert only_scheduler(text).contained


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("StepLR(opt, 3)", id="nothing"),
        pytest.param("s = StepLR(opt, 3)", id="a variable"),
        pytest.param("class C: pass\nc = C()\nc.s = StepLR(opt, 3)", id="an attribute"),
        pytest.param("give(StepLR(opt, 3))", id="a function that is not followed"),
    ],
)
def test_a_scheduler_is_held_by_no_container(text: str) -> None:
    assert not only_scheduler(text).contained


@pytest.mark.parametrize("around", ["tuple({})", "list({})", "{}"], ids=["a tuple", "a list", "the generator itself"])
def test_what_a_generator_makes_is_found_again(around: str) -> None:
    made = around.format("(StepLR(o, 3) for o in optimizers(opt))")
    assert steps(f"s = {made}\nfor t in s:\n    t.step()") == ["t: t.step()"]


@pytest.mark.parametrize(
    "d",
    [
        pytest.param("d = {'a': 1, 'b': 1}\nd.update(unknown)", id="entries that an unknown dict may replace"),
        pytest.param("d = dict(**unknown)", id="entries that only the unknown dict has"),
    ],
)
def test_two_entries_of_which_nothing_is_known_are_two_values(d: str) -> None:
    one, other = noted(f"{d}\nStepLR(opt, d['a'])\nStepLR(opt, d['b'])")
    assert one != other
