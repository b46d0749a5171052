"""What leaves the part of the program that is understood."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import EventKind
from schedlint.timeline.run.machine import MOST_CALLS
from tests.timeline.run.programs import entries, escapes, happens, script, unreached


@pytest.mark.parametrize(
    ("text", "how"),
    [
        pytest.param("give(s)", "passed to `give`", id="an argument of an unknown function"),
        pytest.param("give(a=s)", "passed to `give`", id="a keyword of an unknown function"),
        pytest.param("give([s])", "passed to `give`", id="in a list"),
        pytest.param("give({'s': s})", "passed to `give`", id="in a dict"),
        pytest.param("give(*[s])", "passed to `give`", id="spread"),
        pytest.param("give(**{'s': s})", "passed to `give`", id="spread by name"),
        pytest.param("hooks.register(s)", "passed to `hooks.register`", id="an argument of an unknown method"),
        pytest.param(
            "opt.register_step_post_hook(lambda *_: s.step())",
            "passed to `opt.register_step_post_hook`",
            id="a hook of its optimizer",
        ),
        pytest.param("give(**locals())", "seen by `locals()`", id="with all variables"),
        pytest.param("registry.current = s", "stored to `registry.current`", id="an attribute of something unknown"),
        pytest.param("registry['s'] = s", "stored to an item of `registry`", id="an item of something unknown"),
        pytest.param("registry.all.append(s)", "passed to `registry.all.append`", id="a list of something unknown"),
        pytest.param("setattr(registry, name, s)", "stored to an attribute chosen by name", id="by an unknown name"),
        pytest.param(
            "give(s.step)",
            "passed to `give`",
            id="its bound method",
        ),
        pytest.param("s(engine)", "called as `s()`", id="it is called itself"),
        pytest.param(
            "give(lambda: s.step())",
            "passed to `give`",
            id="in a lambda",
        ),
        pytest.param(
            "give(partial(s.step))",
            "passed to `give`",
            id="in a partial",
        ),
        pytest.param(
            "def f():\n    s.step()\ngive(f)",
            "passed to `give`",
            id="in a function",
        ),
        pytest.param(
            "def f(s):\n    def g():\n        s.step()\n    give(g)\nf(s)",
            "passed to `give`",
            id="in a closure",
        ),
    ],
)
def test_a_scheduler_escapes(text: str, how: str) -> None:
    assert how in escapes(f"s = StepLR(opt, 3)\n{text}", "s")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        pytest.param("t = {'a': 1} | {'s': s}", "an operand of `|`", id="two dicts as one"),
        pytest.param("t = {}\nt |= {'s': s}", "an operand of `|=`", id="a dict added in place"),
        pytest.param("t = [1, s][1:]", "sliced", id="a part of a list"),
        pytest.param("t = [1, 2]\nt[1:] = [s]", "stored to a slice", id="a part of a list that is replaced"),
        pytest.param("t = sum([[s]], [])", "passed to `sum`", id="a sum of lists"),
        pytest.param("t = max([s], key=rank)", "passed to `max`", id="the greatest of a list"),
        pytest.param("t = next(iter([s]))", "taken by hand", id="the first of a list"),
    ],
)
def test_what_a_container_holds_escapes_into_a_result_that_is_not_followed(text: str, how: str) -> None:
    assert escapes(f"s = StepLR(opt, 3)\n{text}", "s") == [how]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("t = [s] + [1]", id="two lists in a row"),
        pytest.param("t = [s] * 2", id="a list repeated"),
        pytest.param("t = [1]\nt += [s]", id="a list added in place"),
        pytest.param("t = [1, s][1]", id="an item"),
        pytest.param("t = len(loader) * 3", id="numbers"),
    ],
)
def test_what_is_followed_lets_nothing_go(text: str) -> None:
    assert escapes(f"s = StepLR(opt, 3)\n{text}", "s") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("print(s)", id="print"),
        pytest.param("len(opt.param_groups)", id="len"),
        pytest.param("isinstance(s, StepLR)", id="isinstance"),
        pytest.param("x = str(s)", id="str"),
        pytest.param("x = f'{s}'", id="an f-string"),
        pytest.param("x = hasattr(s, 'step')", id="hasattr"),
        pytest.param("import logging\nlogging.info(s)", id="logging"),
        pytest.param("x = type(s)", id="type"),
        pytest.param("t = s", id="another name"),
        pytest.param("d = {'s': s}", id="a dict"),
        pytest.param("class C: pass\nc = C()\nc.s = s", id="an attribute of an instance"),
        pytest.param("def f(s):\n    s.step()\nf(s)", id="a project function"),
        pytest.param("torch.save(s.state_dict(), 'x')", id="its state"),
        pytest.param("give(s.get_last_lr())", id="its learning rates"),
        pytest.param("give(len(loader))", id="something else"),
        pytest.param("x = s is not None", id="a comparison"),
        pytest.param("del s", id="del"),
    ],
)
def test_a_scheduler_does_not_escape(text: str) -> None:
    assert escapes(f"s = StepLR(opt, 3)\n{text}", "s") == []


def test_a_function_that_is_mapped_over_schedulers_is_called_or_takes_them_along() -> None:
    text = "a = StepLR(opt, 1)\nlist(map(lambda s: s.step(), [a]))"
    assert happens(text) != [] or escapes(text, "a") != []


def test_an_event_says_that_something_was_handed_on() -> None:
    assert happens("s = StepLR(opt, 3)\ngive(opt, s)") == ["opt: handed on", "s: handed on"]


def test_a_place_that_stays_readable_hands_nothing_on() -> None:
    assert happens("s = StepLR(opt, 3)\nregistry.current = s\nregistry.current.step()") == ["s.step()"]


def test_the_attributes_of_an_instance_escape_with_it() -> None:
    text = "class C:\n    def __init__(self, o):\n        self.s = StepLR(o, 3)\nc = C(opt)\ngive(c)"
    assert escapes(text, "self.s") == ["passed to `give`"]


def test_a_loader_that_is_handed_on_is_no_event() -> None:
    assert happens("give(loader)") == []


def test_what_is_handed_on_in_a_loop_is_handed_on_there() -> None:
    assert happens("for x in loader:\n    give(opt)") == ["x: opt: handed on"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f(optimizer):\n    s = StepLR(optimizer, 3)\n    return s", id="returned"),
        pytest.param("def f(optimizer):\n    s = StepLR(optimizer, 3)\n    return [s]", id="returned in a list"),
        pytest.param("def f(optimizer):\n    s = StepLR(optimizer, 3)\n    return {'s': s}", id="returned in a dict"),
        pytest.param("def f(optimizer):\n    s = StepLR(optimizer, 3)\n    yield s", id="yielded"),
        pytest.param(
            "def f(optimizer):\n    s = StepLR(optimizer, 3)\n    def g():\n        s.step()\n    return g",
            id="returned in a closure",
        ),
    ],
)
def test_what_an_unknown_caller_gets_back_escapes(text: str) -> None:
    timeline = entries(text)[1]
    (made,) = timeline.schedulers()
    assert made.escapes


def test_what_an_unknown_caller_passed_as_self_keeps() -> None:
    timeline = unreached("class C:\n    def f(self, optimizer):\n        self.s = StepLR(optimizer, 3)")
    (made,) = timeline.schedulers()
    assert made.name == "self.s"


def test_the_same_escape_is_told_once() -> None:
    assert escapes("s = StepLR(opt, 3)\nfor x in loader:\n    give(s)", "s") == ["passed to `give`"]


def test_a_trainer_of_a_library_that_steps_what_it_is_given() -> None:
    text = """
        from transformers import Trainer
        s = StepLR(opt, 3)
        t = Trainer(model=m, optimizers=(opt, s))
        t.train()
        """
    timeline = script(text)
    (made,) = timeline.schedulers()
    assert made.escapes or "s: stepped by a library" in happens(timeline)


def test_a_handler_that_is_registered_by_a_decorator_takes_what_it_uses_along() -> None:
    text = "s = StepLR(opt, 3)\n@trainer.on(event)\ndef go(engine):\n    s.step()\ntrainer.run()"
    assert escapes(text, "s") != []


@pytest.mark.parametrize(
    ("text", "thrown_away"),
    [
        pytest.param("StepLR(opt, 3)", True, id="a construction that is a statement"),
        pytest.param("def make():\n    return StepLR(opt, 3)\nmake()", True, id="a factory whose result is not used"),
        pytest.param("s = StepLR(opt, 3)", False, id="with a name"),
        pytest.param("def make():\n    s = StepLR(opt, 3)\n    return s\nmake()", False, id="that had a name inside"),
        pytest.param("give(StepLR(opt, 3))", False, id="passed on"),
        pytest.param("all.append(StepLR(opt, 3))", False, id="added to something unknown"),
    ],
)
def test_a_scheduler_is_thrown_away(text: str, thrown_away: bool) -> None:
    kinds = {event.kind for event in script(text).events}
    assert (EventKind.THROWN_AWAY in kinds) is thrown_away


def test_a_step_of_one_of_too_many_is_a_step_of_what_is_called_so() -> None:
    ways = "".join(f"elif k == {n}:\n    s = StepLR(opt, {n})\n" for n in range(20))
    (event,) = [each for each in script(f"if k == 99:\n    s = None\n{ways}s.step()").events if each.method == "step"]
    assert (event.kind, event.subjects, event.receiver) == (EventKind.STEPPED, (), "s")


# --- classes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "how"),
    [
        pytest.param("from elsewhere import Base", ["stored to `self.s`"], id="a base that was not read"),
        pytest.param("class Base:\n    pass", [], id="a base of the project"),
    ],
)
def test_an_attribute_is_seen_by_what_the_class_derives_from(base: str, how: list[str]) -> None:
    text = f"{base}\nclass T(Base):\n    def __init__(self, o):\n        self.s = StepLR(o, 3)\nT(opt)"
    assert escapes(text, "self.s") == how


def test_an_attribute_that_a_base_in_another_file_steps_is_stepped() -> None:
    base = "class Base:\n    def fit(self):\n        for epoch in range(9):\n            self.s.step()"
    text = """
        from base import Base
        class T(Base):
            def __init__(self, o):
                self.s = StepLR(o, 3)
        T(opt).fit()
        """
    assert happens(text, {"base.py": base}) == ["epoch: self.s.step()"]


@pytest.mark.parametrize("body", ["self.step()", "self.last_epoch += 1", "print(self.last_epoch)"])
def test_a_method_of_its_own_may_do_anything_to_a_scheduler(body: str) -> None:
    text = f"class S(StepLR):\n    def advance(self):\n        {body}\ns = S(opt, 3)\ns.advance()"
    assert escapes(text, "s") == ["used by `.advance()` of its own class"]


# --- what was not reached ---------------------------------------------------------------------------------------------

MODULE = "s = StepLR(opt, 3)\ndef handler(event):\n    {}"
CLASS = "class T:\n    def __init__(self, o):\n        self.s = StepLR(o, 3)\n{}\nT(opt)"


@pytest.mark.parametrize(
    ("text", "name", "function"),
    [
        pytest.param(MODULE.format("s.step()"), "s", "handler", id="a function of the module"),
        pytest.param(MODULE.format("s.step_update(1)"), "s", "handler", id="a step of another name"),
        pytest.param(
            "s = StepLR(opt, 3)\n@hook\ndef handler(event):\n    s.step()", "s", "handler", id="a decorated function"
        ),
        pytest.param(
            "def f(o):\n    s = StepLR(o, 3)\n    def g():\n        s.step()\nf(opt)", "s", "g", id="a function inside"
        ),
        pytest.param(
            CLASS.format("    def on_end(self):\n        self.s.step()"), "self.s", "on_end", id="a method of its class"
        ),
        pytest.param(
            CLASS.format("class U(T):\n    def on_end(self):\n        self.s.step()"),
            "self.s",
            "on_end",
            id="a method of a class that derives from it",
        ),
        pytest.param(
            CLASS.format("def on_end(trainer):\n    trainer.s.step()"), "self.s", "on_end", id="a function beside it"
        ),
    ],
)
def test_a_function_that_was_not_reached_may_step_what_it_can_see(text: str, name: str, function: str) -> None:
    assert escapes(text, name) == [f"seen by `{function}`, which was not reached"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MODULE.format("print(s)"), id="that steps nothing"),
        pytest.param(MODULE.format("other.step()"), id="that steps something else"),
        pytest.param(MODULE.format("s = other()\n    s.step()"), id="that gives the name to something of its own"),
        pytest.param(f"{MODULE.format('s.step()')}\nfor x in y:\n    s.step()", id="when a loop steps the scheduler"),
        pytest.param(f"{MODULE.format('s.step()')}\nhandler(1)", id="but was, and stepped it"),
        pytest.param("def f():\n    s = StepLR(opt, 3)\ndef g(s):\n    s.step()\nf()", id="that cannot see the name"),
    ],
)
def test_a_function_that_does_not_hide_a_step(text: str) -> None:
    assert escapes(text, "s") == []


def test_a_function_that_a_method_of_something_registers_takes_along_what_it_uses() -> None:
    text = "s = StepLR(opt, 3)\n@engine.on(event)\ndef go(engine):\n    s.step()"
    assert escapes(text, "s") == ["used in `go`, which is registered"]
    assert happens(text) == ["s: handed on"]


# --- where calls are no longer followed -------------------------------------------------------------------------------


def chain(length: int) -> str:
    """So many functions, each of which hands the scheduler to the next one; the last one steps it."""
    links = [f"def f{n}(s):\n    f{n + 1}(s)\n" for n in range(length - 1)]
    return f"s = StepLR(opt, 3)\n{''.join(links)}def f{length - 1}(s):\n    s.step()\nf0(s)"


def test_what_is_handed_on_too_deep_escapes() -> None:
    text = chain(MOST_CALLS + 1)
    assert escapes(text, "s") == [f"passed to `f{MOST_CALLS}`"]
    assert happens(text) == ["s: handed on"]


def test_what_is_handed_on_as_deep_as_calls_are_followed_does_not() -> None:
    assert escapes(chain(MOST_CALLS), "s") == []
    assert happens(chain(MOST_CALLS)) == ["s.step()"]


def test_a_function_that_calls_itself_lets_nothing_go() -> None:
    text = "s = StepLR(opt, 3)\ndef f(s, n):\n    s.step()\n    f(s, n - 1)\nf(s, 3)"
    assert escapes(text, "s") == []
    assert happens(text) == ["s.step()"]
