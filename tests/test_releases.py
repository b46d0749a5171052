"""Releases: what versions and requirements mean, and what is known of several."""

from __future__ import annotations

import pytest

from schedlint.releases import ANY, Range, allowed, poetry, requirement, spanning


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        pytest.param("2.6", ">=2.6,<2.7", id="a version is all of it"),
        pytest.param("2.6.1", ">=2.6.1,<2.6.2", id="a release"),
        pytest.param("2", ">=2,<3", id="a major version"),
        pytest.param(">=2.0,<2.7", ">=2.0,<2.7", id="two limits"),
        pytest.param(">=2.0", ">=2.0", id="no limit above"),
        pytest.param("<2", "<2", id="no limit below"),
        pytest.param("<=2.6", "<2.6.1", id="up to a release"),
        pytest.param(">1.13.1", ">=1.13.2", id="behind a release"),
        pytest.param("==1.13.1", ">=1.13.1,<1.13.2", id="one release"),
        pytest.param("==2.*", ">=2,<3", id="all of a version"),
        pytest.param("~=2.1", ">=2.1,<3", id="compatible with a minor version"),
        pytest.param("~=2.1.0", ">=2.1.0,<2.2", id="compatible with a release"),
        pytest.param(">=1.8,!=2.0.1", ">=1.8", id="a release that is left out is no limit"),
        pytest.param(">=1.8,>=2.0,<3,<2.7", ">=2.0,<2.7", id="the nearest limits"),
        pytest.param("1.13.1+cu117", ">=1.13.1,<1.13.2", id="a build of a release"),
    ],
)
def test_what_is_allowed(text: str, limits: str) -> None:
    assert str(allowed(text.replace("1.13.1+cu117", "==1.13.1+cu117"))) == limits


@pytest.mark.parametrize("text", ["", "newest", ">=", "2.x", "2 3"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        allowed(text)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("^2.0", ">=2.0,<3"),
        ("^0.4.1", ">=0.4.1,<0.5"),
        ("~2.1", ">=2.1,<2.2"),
        ("~2.1.3", ">=2.1.3,<2.2"),
        ("2.1.0", ">=2.1.0,<2.1.1"),
        (">=1.8,<2", ">=1.8,<2"),
        ("~=2.1", ">=2.1,<3"),
        ("^1.13 || ^2.1", ">=1.13,<3"),
        ("*", ""),
    ],
)
def test_what_poetry_means(text: str, limits: str) -> None:
    assert str(poetry(text)) == limits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("torch>=2.0", ("torch", Range((2, 0))), id="a limit"),
        pytest.param("Torch_Vision [extra] >= 0.15 ; python_version > '3'", ("torch-vision", Range((0, 15))), id="all"),
        pytest.param("torch==1.13.1+cu117", ("torch", Range((1, 13, 1), (1, 13, 2))), id="a build"),
        pytest.param("torch", None, id="a name alone"),
        pytest.param("torch @ https://example.org/torch-2.1.0.whl", None, id="an address"),
        pytest.param("-r other.txt", None, id="an option"),
        pytest.param("torch===nightly", None, id="a version of its own making"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_a_requirement_says(text: str, found: tuple[str, Range] | None) -> None:
    assert requirement(text) == found


def test_several_ranges_reach_from_the_least_to_the_most() -> None:
    assert spanning([Range((1, 8), (1, 13)), Range((2, 1), (2, 7)), ANY]) == Range((1, 8), (2, 7))
    assert spanning([Range((1, 8)), Range((2, 1), (2, 7))]) == Range((1, 8))
    assert spanning([]) == ANY


@pytest.mark.parametrize(
    ("range", "version", "before", "later"),
    [
        (Range((2, 0), (2, 7)), "2.7", True, False),
        (Range((2, 0), (2, 7, 1)), "2.7", False, False),
        (Range((2, 7)), "2.7", False, True),
        (Range((2,)), "2.0", False, True),
        (Range((1, 13), (2,)), "2.0", True, False),
        (Range(below=(1, 13, 2)), "2.0", True, False),
        (ANY, "2.0", False, False),
    ],
)
def test_a_version_lies_behind_or_before_a_range(range: Range, version: str, before: bool, later: bool) -> None:
    assert (range.is_before(version), range.is_from(version)) == (before, later)
