"""States of objects: where they are taken, what files hold, and what is loaded from where."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Event, EventKind, Form, Timeline
from tests.timeline.run.programs import Files, entries, script

BEGIN = "s = StepLR(opt, 3)\n"


def called(timeline: Timeline, event: Event) -> list[str]:
    """The parts of an event in a word each: `optim=opt`, `s=s!` for the object itself, `epoch` for anything else."""
    found = []
    for part in event.parts:
        names = "|".join(timeline.object(id).name for id in part.objects)
        mark = {Form.OBJECT: "!", Form.INSIDE: "?"}.get(part.form, "")
        found.append("=".join(filter(None, (".".join(part.keys), names + mark))))
    return found


def files(text: str, others: Files | None = None) -> list[list[str]]:
    """What each file that is saved holds; a last item `...` where there may be more."""
    timeline = script(BEGIN + text, others)
    saved = [event for event in timeline.events if event.kind is EventKind.FILE_SAVED]
    return [called(timeline, event) + ([] if event.whole else ["..."]) for event in saved]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        pytest.param("torch.save({'o': opt.state_dict()}, p)", ["o=opt"], id="a dict"),
        pytest.param("torch.save(dict(o=opt.state_dict(), n=1), p)", ["o=opt", "n"], id="a dict by keywords"),
        pytest.param("d = {}\nd['o'] = opt.state_dict()\ntorch.save(d, p)", ["o=opt"], id="a dict filled later"),
        pytest.param(
            "d = {'n': 1}\nd.update({'o': opt.state_dict()})\ntorch.save(d, p)", ["n", "o=opt"], id="a dict updated"
        ),
        pytest.param("d = {'n': 1}\ntorch.save({**d, 's': s.state_dict()}, p)", ["n", "s=s"], id="a dict spread"),
        pytest.param("torch.save(opt.state_dict(), p)", ["opt"], id="a state alone"),
        pytest.param("torch.save([s.state_dict(), 1], p)", ["0=s", "1"], id="a list"),
        pytest.param("torch.save({'a': {'o': opt.state_dict()}}, p)", ["a.o=opt"], id="a dict in a dict"),
        pytest.param("torch.save({'s': s}, p)", ["s=s!"], id="the object itself"),
        pytest.param("torch.save(obj={'s': s.state_dict()}, f=p)", ["s=s"], id="by keyword"),
        pytest.param("import pickle\npickle.dump({'s': s.state_dict()}, f)", ["s=s"], id="with pickle"),
        pytest.param("torch.save({**other, 's': s.state_dict()}, p)", ["s=s", "*", "..."], id="beside what is unknown"),
        pytest.param(
            "d = {'s': s.state_dict()}\nd.update(other)\ntorch.save(d, p)", ["s=s", "s", "*", "..."], id="updated"
        ),
        pytest.param("save_checkpoint({'s': s.state_dict()}, p)", ["s=s"], id="a function that is not followed"),
    ],
)
def test_a_file_holds(text: str, holds: list[str]) -> None:
    assert files(text) == [holds]


def test_a_file_is_written_by_a_function_of_the_project() -> None:
    keep = "def keep(state, best):\n    torch.save(state, 'last')\n    if best:\n        torch.save(state, 'best')\n"
    assert files("from utils import keep\nkeep({'o': opt.state_dict()}, True)", {"utils.py": keep}) == [
        ["o=opt"],
        ["o=opt"],
    ]


def test_an_object_that_holds_a_scheduler_is_pickled() -> None:
    text = "class T:\n    def __init__(self):\n        self.s = s\nt = T()\ntorch.save(t, p)"
    assert files(text) == [["s?"]]


def loaded(text: str) -> list[list[str]]:
    """What each state is loaded from."""
    timeline = script(BEGIN + text)
    return [called(timeline, event) for event in timeline.events if event.kind is EventKind.STATE_LOADED]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        pytest.param("opt.load_state_dict(torch.load(p)['o'])", ["o"], id="an entry"),
        pytest.param("c = torch.load(p)\nopt.load_state_dict(c.get('o'))", ["o"], id="by get"),
        pytest.param("c = torch.load(p)\nopt.load_state_dict(c['a']['o'])", ["a.o"], id="an entry of an entry"),
        pytest.param("opt.load_state_dict(torch.load(p))", [""], id="the whole file"),
        pytest.param("opt.load_state_dict(c[name])", [""], id="an entry of unknown name"),
        pytest.param("opt.load_state_dict(opt.state_dict())", ["opt"], id="a state of the same run"),
        pytest.param("d = opt.state_dict()\nfor i in f():\n    opt.load_state_dict(d)", ["opt"], id="put back"),
    ],
)
def test_a_state_is_loaded_from(text: str, source: list[str]) -> None:
    assert loaded(text) == [source]


def unseen(text: str, name: str) -> list[tuple[EventKind, int, bool]]:
    """Where the state of an object goes unseen: rows count from the one behind `BEGIN`."""
    timeline = script(BEGIN + text)
    first = next(made.place.row for made in timeline.schedulers())
    made = next(each for each in timeline.objects if each.name == name)
    return [(each.kind, each.place.row - first, each.exact) for each in made.unseen]


def test_a_branch_that_is_not_taken_has_calls_that_go_unseen() -> None:
    text = "RESUME = None\nif RESUME is not None:\n    opt.load_state_dict(c['o'])"
    assert unseen(text, "opt") == [(EventKind.STATE_LOADED, 3, True)]


def test_a_function_that_was_not_reached_may_save_a_scheduler() -> None:
    text = "def f():\n    torch.save(s.state_dict(), p)"
    assert unseen(text, "s") == [(EventKind.STATE_SAVED, 2, True), (EventKind.STATE_SAVED, 1, False)]


def test_a_parameter_of_the_same_name_is_another_thing() -> None:
    assert not unseen("def f(opt):\n    opt.load_state_dict(c['o'])", "opt")


def test_what_happened_is_not_unseen() -> None:
    assert not unseen("opt.load_state_dict(c['o'])\ntorch.save(opt.state_dict(), p)", "opt")


def test_methods_that_nobody_calls_are_run_for_the_states_they_save() -> None:
    text = """
    class Trainer:
        def __init__(self, model):
            self.o = SGD(model.parameters(), lr=0.1)
            self.s = StepLR(self.o, 3)

        def fit(self):
            self.o.step()
            self.s.step()

        def keep(self):
            torch.save(self.s.state_dict(), 'p')
    """
    saved = [event for each in entries(text) for event in each.events if event.kind is EventKind.FILE_SAVED]
    assert len(saved) == 1


@pytest.mark.parametrize("name", ["scheduler", "self.lr_sched", "optimizer", "getattr(self, name)"])
def test_the_state_of_something_that_is_called_so_is_noted(name: str) -> None:
    timeline = script(f"self = f()\nname = g()\nscheduler, optimizer = h()\n{name}.load_state_dict(c['x'])")
    (event,) = (event for event in timeline.events if event.kind is EventKind.STATE_LOADED)
    assert not event.subjects


def test_the_state_of_a_model_is_not() -> None:
    timeline = script("model = f()\nmodel.load_state_dict(c['x'])")
    assert not [event for event in timeline.events if event.kind is EventKind.STATE_LOADED]


@pytest.mark.parametrize(
    ("parameters", "known"),
    [
        ("model.parameters()", False),
        ("filter(f, model.parameters())", False),
        ("[{'params': a, 'lr': 0.1}, {'params': b}]", False),
        ("[{'params': a, 'initial_lr': 0.1}]", True),
        ("groups(model)", None),
        ("[{'params': a, **more}]", None),
    ],
)
def test_groups_hold_an_initial_rate(parameters: str, known: bool | None) -> None:
    timeline = script(f"model = f()\no = SGD({parameters}, lr=0.1)")
    assert next(made for made in timeline.objects if made.name == "o").initial_rates is known


ACCELERATE = "from accelerate import Accelerator\na = Accelerator()\n"
FABRIC = "from lightning.fabric import Fabric\nf = Fabric()\n"


def test_a_library_saves_what_it_was_given_before() -> None:
    assert files(f"{ACCELERATE}a.save_state(p)") == [["..."]]


def test_a_library_loads_what_it_was_given_before() -> None:
    timeline = script(f"{BEGIN}{ACCELERATE}a.load_state(p)")
    (event,) = (event for event in timeline.events if event.kind is EventKind.STATE_LOADED)
    assert (event.subjects, event.receiver) == ((), "a")


def test_a_library_saves_the_states_of_objects() -> None:
    timeline = script(f"{BEGIN}{FABRIC}f.save(p, {{'o': opt, 's': s}})")
    (event,) = (event for event in timeline.events if event.kind is EventKind.FILE_SAVED)
    assert [(part.keys, part.form) for part in event.parts] == [(("o",), Form.STATE), (("s",), Form.STATE)]


def test_a_library_loads_the_states_of_objects() -> None:
    timeline = script(f"{BEGIN}{FABRIC}f.load(p, {{'o': opt, 's': s}})")
    events = [event for event in timeline.events if event.kind is EventKind.STATE_LOADED]
    assert [timeline.object(subject.object).name for event in events for subject in event.subjects] == ["opt", "s"]
