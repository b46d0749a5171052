"""The learning rates that the parameter groups of an optimizer bring with them."""

from __future__ import annotations

import pytest

from schedlint.timeline.quantity import spelled
from tests.timeline.run.programs import script


@pytest.mark.parametrize(
    ("parameters", "rates"),
    [
        pytest.param("model.parameters()", [], id="those of a model"),
        pytest.param("list(model.parameters())", [], id="as a list"),
        pytest.param("[*model.parameters()]", [], id="spread into a list"),
        pytest.param("filter(lambda p: p.requires_grad, model.parameters())", [], id="filtered"),
        pytest.param("[p for p in model.parameters() if p.requires_grad]", [], id="some of them"),
        pytest.param("(p for p in model.parameters())", [], id="a generator"),
        pytest.param("[nn.Parameter(x)]", [], id="made here"),
        pytest.param("[{'params': model.parameters()}]", [], id="a group without a rate"),
        pytest.param("[{'params': a, 'lr': 0.1}, {'params': b}]", ["0.1"], id="a group with one"),
        pytest.param("[{'params': p, 'lr': rate} for p in model.parameters()]", ["rate"], id="many with one"),
        pytest.param("[{'params': a, **more}]", None, id="a group with more in it"),
        pytest.param("model.get_parameters()", None, id="a method that may give groups"),
        pytest.param("[g for g in model.get_parameters()]", None, id="a list from such a method"),
        pytest.param("groups(model)", None, id="a function that is not known"),
        pytest.param("parameters", None, id="something that is not known"),
        pytest.param("[group]", None, id="a list of something that is not known"),
    ],
)
def test_groups_bring_rates(parameters: str, rates: list[str] | None) -> None:
    timeline = script(f"model, rate = f(), g()\no = SGD({parameters}, lr=0.1)")
    found = next(made for made in timeline.objects if made.name == "o").own_rates
    assert (None if found is None else list(map(spelled, found))) == rates


def test_a_variable_that_holds_the_parameters_is_seen_through() -> None:
    timeline = script("params = model.parameters()\no = SGD(params, lr=0.1)")
    assert next(made for made in timeline.objects if made.name == "o").own_rates == ()


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("return [{'params': self.w, 'lr': 0.3}]", False),
        ("return [dict(params=self.w, lr=0.3)]", False),
        ("return [*self.a.parameters(), *self.b.parameters()]", True),
    ],
)
def test_a_project_with_a_method_that_gives_groups_has_no_plain_parameters(body: str, known: bool) -> None:
    text = f"class Net:\n    def parameters(self):\n        {body}\n"
    timeline = script(f"{text}o = SGD(model.parameters(), lr=0.1)")
    assert next(made for made in timeline.objects if made.name == "o").own_rates == (() if known else None)
