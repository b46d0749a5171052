"""The compact signatures of the tables."""

from __future__ import annotations

import pytest

from schedlint.knowledge.schema import Parameter
from schedlint.knowledge.signature import SignatureError, signature


def test_a_signature_gives_every_parameter_in_order() -> None:
    assert signature("optimizer, gamma=0.1, *, mode='min', eps=..., verbose=False since 1.4 until 2.7") == (
        Parameter("optimizer", required=True),
        Parameter("gamma", default=0.1),
        Parameter("mode", default="min", keyword_only=True),
        Parameter("eps", opaque=True, keyword_only=True),
        Parameter("verbose", default=False, keyword_only=True, since="1.4", until="2.7"),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("x=-1", -1, id="a negative integer"),
        pytest.param("x=1e-8", 1e-8, id="an exponent"),
        pytest.param("x=25.0", 25.0, id="a float that is whole"),
        pytest.param("x=None", None, id="None"),
        pytest.param("x=True", True, id="a boolean"),
        pytest.param("x=''", "", id="an empty string"),
        pytest.param("x='1-sqrt'", "1-sqrt", id="a string that looks like arithmetic"),
    ],
)
def test_a_default_keeps_its_value_and_type(text: str, value: object) -> None:
    (parameter,) = signature(text)
    assert (parameter.default, type(parameter.default)) == (value, type(value))
    assert not parameter.required
    assert not parameter.opaque


def test_no_text_is_no_parameters() -> None:
    assert signature("  ") == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("optimizer,", id="a comma at the end"),
        pytest.param("a, a", id="a name twice"),
        pytest.param("a=1, b", id="required after optional"),
        pytest.param("a=b", id="a name as default"),
        pytest.param("a=1/3", id="an expression as default"),
        pytest.param("a=nan", id="not a number"),
        pytest.param("a=(1, 2)", id="a tuple"),
        pytest.param("*args", id="a star"),
        pytest.param("*, *, a", id="two bare stars"),
        pytest.param("a since yesterday", id="no version"),
        pytest.param("a until 2.7 since 1.4", id="until before since"),
        pytest.param("a: int", id="an annotation"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        signature(text)
