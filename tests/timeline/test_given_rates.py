"""The learning rates that a schedule starts from."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.given_rates import given_rates, goes_on, is_alone, known_rates, single_rates, starts_there
from schedlint.timeline.model import EventKind, ObjectKind
from schedlint.timeline.quantity import Literal, Quantity, spelled
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from tests.timeline.build import TORCH, Story, Value, equals, named, option


def reading(story: Story) -> Reading:
    return read(story.timeline(), load())


def story(lr: Value = 0.1, own: tuple[Quantity, ...] | None = ()) -> Story:
    """An optimizer; its first line."""
    begun = Story()
    begun.optimizer(lr=lr)
    begun.amend(1, own_rates=own)
    return begun


def scheduled(begun: Story) -> tuple[Reading, int]:
    """With a scheduler at the end."""
    id = begun.scheduler("CosineAnnealingLR", T_max=10)
    return reading(begun), id


def rates(begun: Story) -> list[str] | None:
    seen, id = scheduled(begun)
    found = given_rates(seen, seen.timeline.object(id))
    return None if found is None else list(map(spelled, found))


def with_event(kind: EventKind) -> Story:
    begun = story()
    begun.happen(kind, 1)
    return begun


def handed_in() -> Story:
    begun = Story()
    begun.make(ObjectKind.OPTIMIZER, "optimizer", (), handed_in=True, own_rates=())
    return begun


def resumed() -> Story:
    begun = story()
    begun.amend(1, initial_rates=True)
    return begun


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        pytest.param(story(), ["0.1"], id="the argument"),
        pytest.param(story(None), ["0.001"], id="the default"),
        pytest.param(story(0.1, (Literal(0.01),)), ["0.1", "0.01"], id="and those of groups"),
        pytest.param(story(named("lr")), ["lr"], id="a value that is not known"),
        pytest.param(story(0.1, None), None, id="groups that are not known"),
        pytest.param(handed_in(), None, id="an optimizer that is handed in"),
        pytest.param(resumed(), None, id="groups that go on"),
        pytest.param(with_event(EventKind.LR_WRITTEN), None, id="written before"),
        pytest.param(with_event(EventKind.STATE_LOADED), None, id="loaded before"),
        pytest.param(with_event(EventKind.GROUP_ADDED), None, id="a group added before"),
        pytest.param(with_event(EventKind.OPTIMIZED), ["0.1"], id="stepped before"),
    ],
)
def test_rates_that_an_optimizer_was_given(begun: Story, expected: list[str] | None) -> None:
    assert rates(begun) == expected


def test_what_is_written_later_changes_nothing() -> None:
    begun = story()
    id = begun.scheduler("CosineAnnealingLR", T_max=10)
    begun.happen(EventKind.LR_WRITTEN, 1)
    seen = reading(begun)
    assert given_rates(seen, seen.timeline.object(id)) == (Literal(0.1),)


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        pytest.param(story(), [0.1], id="a number"),
        pytest.param(story(option("args.lr", 0.2)), [0.2], id="a default"),
        pytest.param(story(0.1, (named("lr"),)), None, id="one that is not known"),
    ],
)
def test_rates_as_numbers(begun: Story, expected: list[float] | None) -> None:
    seen, id = scheduled(begun)
    found = known_rates(seen, seen.timeline.object(id))
    assert (found and [each.number for each in found]) == expected


@pytest.mark.parametrize(("own", "single"), [((), True), ((Literal(0.01),), False), (None, False)])
def test_one_rate_for_all_groups(own: tuple[Quantity, ...] | None, single: bool) -> None:
    seen, id = scheduled(story(0.1, own))
    assert (single_rates(seen, seen.timeline.object(id)) is not None) is single


def test_a_schedule_is_alone_if_no_other_drives_its_optimizer() -> None:
    begun = story()
    begun.optimizer("other")
    one, other = begun.scheduler("LambdaLR", 1), begun.scheduler("StepLR", 2)
    seen = reading(begun)
    assert all(is_alone(seen, seen.timeline.object(id)) for id in (one, other))


def test_a_schedule_is_not_alone_beside_another_or_in_another() -> None:
    begun = story()
    one, other = begun.scheduler("LambdaLR"), begun.scheduler("StepLR")
    seen = reading(begun)
    assert not any(is_alone(seen, seen.timeline.object(id)) for id in (one, other))


def test_schedules_of_which_only_one_is_built_are_alone() -> None:
    begun = story()
    one = begun.scheduler("LambdaLR", condition=(equals("args.sched", "a"),))
    other = begun.scheduler("StepLR", condition=(equals("args.sched", "b"),))
    seen = reading(begun)
    assert all(is_alone(seen, seen.timeline.object(id)) for id in (one, other))


def test_all_parts_of_a_schedule_but_the_last_go_on_in_another() -> None:
    begun = story()
    first, last = begun.scheduler("LinearLR"), begun.scheduler("CosineAnnealingLR", T_max=10)
    begun.scheduler("SequentialLR", children=(first, last))
    seen = reading(begun)
    assert [goes_on(seen, seen.timeline.object(id)) for id in (first, last)] == [True, False]


def test_one_of_two_schedules_side_by_side_may_go_on_in_the_other() -> None:
    begun = story()
    one, other = begun.scheduler("CosineAnnealingLR", T_max=10), begun.scheduler("StepLR")
    seen = reading(begun)
    assert all(goes_on(seen, seen.timeline.object(id)) for id in (one, other))


@pytest.mark.parametrize(("last_epoch", "starts"), [(None, True), (-1, True), (9, False), (named("start"), False)])
def test_a_schedule_starts_at_its_beginning(last_epoch: Value, starts: bool) -> None:
    begun = story()
    given = {} if last_epoch is None else {"last_epoch": last_epoch}
    id = begun.schedule("CosineAnnealingLR", {"T_max": 10, **given})
    assert starts_there(load().schedulers[TORCH + "CosineAnnealingLR"], begun.objects[id - 1]) is starts
