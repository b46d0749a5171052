"""What Hydra composes, in the simple forms of the defaults list."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schedlint.configuration import Node, Unclear
from schedlint.sources.composing import MISSING, composed
from schedlint.sources.configuration import parse
from tests.sources.test_configuration import plain


def composition(config: str, files: Mapping[str, str], package_of: Mapping[str, str] | None = None) -> object:
    """The configuration that begins with the text of `config`, among other files."""
    texts = {"config": config, **files}

    def read(path: str) -> Node:
        return parse(path, texts[path].encode(), "omegaconf") if path in texts else Unclear(MISSING)

    return plain(composed("config", read, (package_of or {}).get))


SMALL = {"model/small": "depth: 4\nwidth: 16\n", "model/large": "depth: 40\n"}


@pytest.mark.parametrize(
    ("config", "result"),
    [
        pytest.param("epochs: 3\n", {"epochs": 3}, id="one file"),
        pytest.param("defaults: [model: small]\n", {"model": {"depth": 4, "width": 16}}, id="a group"),
        pytest.param("defaults: [model: small.yaml]\n", {"model": {"depth": 4, "width": 16}}, id="with its ending"),
        pytest.param("defaults: [model: large, _self_]\nmodel: {depth: 5}\n", {"model": {"depth": 5}}, id="self last"),
        pytest.param(
            "defaults: [_self_, model: large]\nmodel: {depth: 5}\n", {"model": {"depth": 40}}, id="self first"
        ),
        pytest.param("defaults: [model: large]\nmodel: {depth: 5}\n", {"model": {"depth": ...}}, id="self left out"),
        pytest.param("defaults: [model: large]\nmodel: {depth: 40}\n", {"model": {"depth": 40}}, id="self that agrees"),
        pytest.param("defaults: [model: null]\na: 1\n", {"a": 1}, id="a group that is left out"),
        pytest.param(
            "defaults: [optional model: gone, _self_]\na: 1\n", {"a": 1}, id="an optional file that is not there"
        ),
        pytest.param("defaults: [model: gone, _self_]\na: 1\n", {"model": ..., "a": 1}, id="a file that is not there"),
        pytest.param("defaults: [schema, _self_]\na: 1\n", {"a": 1}, id="a schema that is not a file"),
        pytest.param("defaults: [_self_, schema]\na: 1\n", ..., id="something that is no file, on top"),
        pytest.param("defaults: [model: [small, large]]\n", {"model": {"width": 16, "depth": 40}}, id="two of a group"),
        pytest.param("defaults: [model@net: large]\n", {"net": {"depth": 40}}, id="a package"),
        pytest.param("defaults: [model@_global_: large]\n", {"depth": 40}, id="the global package"),
        pytest.param("defaults: [other]\n", {"b": 2, "model": {"depth": 40}}, id="a file with defaults of its own"),
        pytest.param(
            "defaults: [other, override model: small]\n", {"b": 2, "model": {"depth": 4, "width": 16}}, id="overridden"
        ),
        pytest.param("defaults: [override hydra/launcher: joblib, _self_]\na: 1\n", {"a": 1}, id="hydra's own"),
        pytest.param("defaults: [model: '${kind}', _self_]\na: 1\n", {"a": 1}, id="chosen by a reference"),
        pytest.param("defaults: nothing\na: 1\n", {"a": 1}, id="no list"),
        pytest.param("[1, 2]\n", ..., id="no mapping"),
        pytest.param("defaults: [config]\na: 1\n", ..., id="a list that leads to itself"),
    ],
)
def test_a_defaults_list(config: str, result: object) -> None:
    files = SMALL | {"other": "defaults: [model: large]\nb: 2\n"}
    assert composition(config, files) == result


def test_the_head_of_a_file_says_where_its_values_go() -> None:
    config = "defaults: [model: large]\n"
    assert composition(config, SMALL, {"model/large": "_global_"}) == {"depth": 40}
    assert composition(config, SMALL, {"model/large": "a.b"}) == {"a": {"b": {"depth": 40}}}
    assert composition(config, SMALL, {"model/large": "_group_"}) == {"model": {"depth": 40}}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("${epochs}", 90),
        ("${train.steps}", [30, 60]),
        ("${half}", 90),
        ("${itself}", ...),
        ("${gone}", ...),
        ("${train}", ...),
        ("${.epochs}", ...),
        ("${oc.env:HOME}", ...),
        ("${mul:${epochs},2}", ...),
        ("run-${epochs}", ...),
        ("???", ...),
    ],
)
def test_a_reference(value: str, result: object) -> None:
    config = f"epochs: 90\nhalf: ${{epochs}}\nitself: ${{itself}}\ntrain: {{steps: [30, 60]}}\na: '{value}'\n"
    found = composition(config, {})
    assert isinstance(found, dict)
    assert found["a"] == result


def test_references_to_references_are_followed_so_far() -> None:
    chain = "".join(f"a{n}: ${{a{n + 1}}}\n" for n in range(40)) + "a40: 1\n"
    found = composition(chain, {})
    assert isinstance(found, dict)
    assert (found["a39"], found["a0"]) == (1, ...)


def test_references_cannot_make_a_configuration_large() -> None:
    level = "a{}: [" + ", ".join(["'${{a{}}}'"] * 9) + "]\n"
    lists = "".join(level.format(n, *[n + 1] * 9) for n in range(8)) + "a8: [1]\n"
    assert len(str(composition(lists, {}))) < 100_000
