"""The store: keys, marks, undoing and joining."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Test
from schedlint.timeline.quantity import Literal
from schedlint.timeline.run.store import Store
from schedlint.timeline.run.values import Option, Value, just

A, B = (1, "a"), (1, "b")
FAST = Test("fast", "truth", True, True, "fast")
SLOW = Test("fast", "truth", True, False, "fast")


def number(value: int) -> Value:
    return just(Literal(value))


@pytest.fixture
def store() -> Store:
    made = Store()
    made.put(A, number(1))
    return made


def test_a_key_holds_what_was_last_stored(store: Store) -> None:
    store.put(A, number(2))
    assert store.get(A) == number(2)


def test_a_key_that_was_never_stored_holds_nothing(store: Store) -> None:
    assert store.get(B) is None


def test_a_dropped_key_holds_nothing(store: Store) -> None:
    store.drop(A)
    assert store.get(A) is None


def test_undoing_restores_what_was_before_and_gives_what_was_there(store: Store) -> None:
    mark = store.mark()
    store.put(A, number(2))
    store.put(A, number(3))
    store.put(B, number(4))
    assert store.undo(mark) == {A: number(3), B: number(4)}
    assert store.get(A) == number(1)
    assert store.get(B) is None


def test_undoing_restores_a_dropped_key(store: Store) -> None:
    mark = store.mark()
    store.drop(A)
    assert store.undo(mark) == {A: None}
    assert store.get(A) == number(1)


def test_changes_and_what_was_before_them(store: Store) -> None:
    mark = store.mark()
    store.put(A, number(2))
    store.put(A, number(3))
    store.put(B, number(4))
    assert store.changes(mark) == {A: number(3), B: number(4)}
    assert store.before(mark) == {A: number(1), B: None}


def test_a_single_way_is_applied(store: Store) -> None:
    store.join([({A: number(2), B: None}, (FAST,))])
    assert store.get(A) == number(2)


def test_two_ways_are_joined_with_their_conditions(store: Store) -> None:
    store.join([({A: number(2)}, (FAST,)), ({A: number(3)}, (SLOW,))])
    assert store.get(A) == (Option(Literal(2), (FAST,)), Option(Literal(3), (SLOW,)))


def test_a_way_that_changes_nothing_keeps_the_old_value(store: Store) -> None:
    store.join([({A: number(2)}, (FAST,)), ({}, (SLOW,))])
    assert store.get(A) == (Option(Literal(2), (FAST,)), Option(Literal(1), (SLOW,)))


def test_the_same_value_on_all_ways_needs_no_condition(store: Store) -> None:
    store.join([({A: number(2)}, (FAST,)), ({A: number(2)}, (SLOW,))])
    assert store.get(A) == number(2)


def test_a_key_bound_on_one_way_holds_that_under_its_condition(store: Store) -> None:
    store.join([({B: number(2)}, (FAST,)), ({}, (SLOW,))])
    assert store.get(B) == (Option(Literal(2), (FAST,)),)


def test_a_key_dropped_on_all_ways_is_dropped(store: Store) -> None:
    store.join([({A: None}, (FAST,)), ({A: None}, (SLOW,))])
    assert store.get(A) is None


def test_an_owner_holds_its_names_in_the_order_of_their_first_store(store: Store) -> None:
    store.put(B, number(2))
    store.put(A, number(3))
    store.put((2, "c"), number(4))
    assert store.held_by(1) == [number(3), number(2)]
    assert store.held_by(3) == []


def test_a_join_can_be_undone(store: Store) -> None:
    mark = store.mark()
    store.join([({A: number(2)}, (FAST,)), ({A: number(3)}, (SLOW,))])
    store.undo(mark)
    assert store.get(A) == number(1)
