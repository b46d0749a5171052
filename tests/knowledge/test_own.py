"""Tables of the user's own: how little has to be written, and what is said of what is wrong in them."""

from __future__ import annotations

from typing import Any

import pytest

from schedlint.knowledge.own import SECTIONS, own
from schedlint.knowledge.schema import ConstructionEffect, Effect, Parameter
from schedlint.knowledge.tables import TableError, entries, load

OPTIMIZER = Parameter("optimizer", required=True)


def refused(**sections: Any) -> str:
    """What is said of tables that are refused: one line."""
    with pytest.raises(TableError) as error:
        own(sections)
    assert "\n" not in str(error.value)
    return str(error.value)


def of_scheduler(**keys: Any) -> str:
    return refused(schedulers=[{"name": "a.B", **keys}])


# --- what has to be written -------------------------------------------------------------------------------------------


def test_a_name_is_enough() -> None:
    read = own({section: [{"name": "a.B"}] for section in SECTIONS if section != "functions"})
    named = [each.name for each in entries(read)]
    assert named == ["a.B"] * 3


def test_what_building_does_is_not_known_unless_it_is_said() -> None:
    silent, said = own(
        {"schedulers": [{"name": "a.B"}, {"name": "a.C", "construction": {"effect": "none"}}]}
    ).schedulers
    assert silent.construction.effect is ConstructionEffect.UNKNOWN
    assert said.construction.effect is ConstructionEffect.NONE


def test_without_parameters_the_first_is_the_optimizer() -> None:
    assert own({"schedulers": [{"name": "a.B", "horizon": "total"}]}).schedulers[0].parameters == (OPTIMIZER,)


def test_parameters_are_written_as_a_signature() -> None:
    (read,) = own({"schedulers": [{"name": "a.B", "parameters": "optimizer, total, power=0.9"}]}).schedulers
    assert read.parameters == (OPTIMIZER, Parameter("total", required=True), Parameter("power", default=0.9))


def test_a_list_of_one_may_be_a_text() -> None:
    (read,) = own({"schedulers": [{"name": "a.B", "horizon": "total", "warm_up": ["warm"]}]}).schedulers
    assert (read.horizon, read.warm_up) == (("total",), ("warm",))


def test_what_comes_again_is_a_horizon() -> None:
    (read,) = own({"schedulers": [{"name": "a.B", "horizon": ["n"], "recurring": ["cycle", "n"]}]}).schedulers
    assert read.horizon == ("n", "cycle")


def test_functions_that_do_something_make_others_worth_entering() -> None:
    read = own({"functions": [{"name": "a.update", "effect": "optimizer step", "argument": 1}]})
    assert read.functions[0].effect is Effect.OPTIMIZER_STEP
    assert "update" in load().merged(read).interesting


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param({"horizn": []}, "`horizn` of `a.B` is no key of `schedulers`; did you mean `horizon`?", id="key"),
        pytest.param(
            {"style": "recursiv"},
            "`style` of `a.B` must be one of recursive, absolute, composite, measured, not 'recursiv'; "
            "did you mean `recursive`?",
            id="near a choice",
        ),
        pytest.param({"horizon": 3}, "`horizon` of `a.B` must be a list of texts, not 3", id="no list"),
        pytest.param({"horizon": [3]}, "`horizon` of `a.B` must be a list of texts, not [3]", id="a list of numbers"),
        pytest.param({"rate": ["gamma"]}, "`rate` of `a.B` must be a text, not ['gamma']", id="no text"),
        pytest.param({"function": 1}, "`function` of `a.B` must be true or false, not 1", id="no truth"),
        pytest.param({"construction": "set"}, "`construction` of `a.B` must be a table, not 'set'", id="no table"),
        pytest.param(
            {"construction": {"efect": "set"}},
            "`efect` of `a.B` is no key of `construction`; did you mean `effect`?",
            id="a key inside",
        ),
        pytest.param(
            {"construction": {"value": "1"}}, "`value` of `a.B` must be a number, not '1'", id="a number as a text"
        ),
        pytest.param(
            {"parameters": ["optimizer"]},
            "`parameters` of `a.B` must be a text such as 'optimizer, steps, power=0.9', not ['optimizer']",
            id="a list of parameters",
        ),
        pytest.param(
            {"parameters": "optimizer, n=f()"}, "`parameters` of `a.B`: 'f()' is no literal default", id="a call"
        ),
        pytest.param(
            {"parameters": "optimizer, total_iters", "horizon": ["total_iter"]},
            "`horizon` of `a.B` names `total_iter`, which is none of its parameters; did you mean `total_iters`?",
            id="a parameter that it does not have",
        ),
    ],
)
def test_what_is_wrong_in_an_entry_is_said_in_one_line(keys: dict[str, Any], said: str) -> None:
    assert of_scheduler(**keys) == said


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        pytest.param(
            {"schedulers": {"name": "a"}},
            "`schedulers` must be tables, each under [[tool.schedlint.schedulers]], not {'name': 'a'}",
            id="one table instead of a list",
        ),
        pytest.param(
            {"loaders": ["a"]},
            "`loaders` must be tables, each under [[tool.schedlint.loaders]], not ['a']",
            id="a name",
        ),
        pytest.param({"optimizers": [{"name": "a"}, {}]}, "entry 2 of `optimizers` has no `name`", id="no name"),
        pytest.param(
            {"optimizers": [{"name": "a-b"}]},
            "`name` in entry 1 of `optimizers` must be one as imports spell it, not 'a-b'",
            id="no identifier",
        ),
        pytest.param(
            {"loaders": [{"name": "a", "kind": "datset"}]},
            "`kind` of `a` must be one of loader, dataset, sampler, not 'datset'; did you mean `dataset`?",
            id="a kind that is none",
        ),
        pytest.param(
            {"functions": [{"name": "a"}]},
            "`effect` of `a` is missing: it is one of optimizer step, backward, pass through, save, load, inert, "
            "calls, steps scheduler",
            id="a function that does nothing",
        ),
        pytest.param(
            {"functions": [{"name": "a", "effect": "inert", "argument": "1"}]},
            "`argument` of `a` must be a number, not '1'",
            id="a position as a text",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_said_in_one_line(sections: dict[str, Any], said: str) -> None:
    assert refused(**sections) == said


def test_a_long_word_is_not_repeated_in_full() -> None:
    assert len(of_scheduler(**{"x" * 5_000: 1})) < 200
    assert len(of_scheduler(style="x" * 5_000)) < 200


# --- with what is shipped ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["torch.optim.lr_scheduler.StepLR", "timm.scheduler.cosine_lr.CosineLRScheduler"])
def test_the_users_entry_wins_under_every_name(name: str) -> None:
    known = load().merged(own({"schedulers": [{"name": name, "horizon": "mine"}]}))
    for each in (name, load().canonical(name)):
        entry = known.scheduler(each)
        assert entry is not None
        assert entry.horizon == ("mine",)


def test_an_alias_means_the_users_entry() -> None:
    known = load().merged(own({"optimizers": [{"name": "a.Opt", "aliases": ["torch.optim.SGD"]}]}))
    entry = known.optimizer("torch.optim.SGD")
    assert entry is not None
    assert entry.name == "a.Opt"


def test_what_is_shipped_stays_as_it_is() -> None:
    before = load().own
    assert load().merged(own({"schedulers": [{"name": "a.B"}]})).own == {"B": ("a.B",)}
    assert load().own == before == {}
