"""Edits that move a step, or add one."""

from __future__ import annotations

import pytest

from schedlint.remedies import After, Before, EndOf, Insert, Move
from tests.fixes.editing import edited, plain, spot


def to_the_end(text: str, loop: int = 1) -> str | None:
    """The step moved to the end of the nth loop."""
    return edited(text, Move(spot(text, "s.step"), EndOf(spot(text, "for", loop))))


def check(before: str, after: str | None, loop: int = 1) -> None:
    assert to_the_end(plain(before), loop) == (None if after is None else plain(after))


def test_a_step_moves_out_of_the_batch_loop_with_its_comments() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader:
                o.step()
                # decay
                s.step()  # now
                n += 1

            print(n)
        done()
        """,
        """
        for epoch in range(9):
            for x in loader:
                o.step()
                n += 1

            print(n)
            # decay
            s.step()  # now
        done()
        """,
    )


def test_a_step_that_is_the_last_line_of_a_text_without_a_newline_moves() -> None:
    text = "for e in r:\n    for x in loader:\n        o.step()\n        s.step()"
    assert to_the_end(text) == "for e in r:\n    for x in loader:\n        o.step()\n    s.step()"


def test_a_step_at_the_top_moves_to_the_end() -> None:
    check(
        """
        for epoch in range(9):
            s.step()
            train()
        """,
        """
        for epoch in range(9):
            train()
            s.step()
        """,
    )


def test_no_blank_row_is_left_at_the_top_of_a_block() -> None:
    check(
        """
        for epoch in range(9):
            s.step()

            # train
            train()
        """,
        """
        for epoch in range(9):
            # train
            train()
            s.step()
        """,
    )


def test_a_comment_that_does_not_speak_of_the_step_stays() -> None:
    check(
        """
        for epoch in range(9):
            # Train on the training split
            s.step()

            train()
        """,
        """
        for epoch in range(9):
            # Train on the training split

            train()
            s.step()
        """,
    )


def test_no_two_blank_rows_are_left_where_there_was_one() -> None:
    check(
        """
        for epoch in range(9):
            first()

            s.step()

            train()
        """,
        """
        for epoch in range(9):
            first()

            train()
            s.step()
        """,
    )


def test_a_step_moves_before_what_saves_and_its_comment() -> None:
    text = plain(
        """
        for epoch in range(9):
            s.step()
            train()

            # keep it
            if best:
                save()
        """
    )
    assert edited(text, Move(spot(text, "s.step"), Before(spot(text, "for"), spot(text, "save")))) == plain(
        """
        for epoch in range(9):
            train()

            s.step()
            # keep it
            if best:
                save()
        """
    )


def test_the_test_for_a_scheduler_moves_with_the_step() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader:
                o.step()
                if s is not None:
                    s.step()
        """,
        """
        for epoch in range(9):
            for x in loader:
                o.step()
            if s is not None:
                s.step()
        """,
    )


def test_any_other_test_that_holds_nothing_else_moves_too() -> None:
    check(
        """
        for epoch in range(9):
            if c.noam:
                s.step()
            train()
        """,
        """
        for epoch in range(9):
            train()
            if c.noam:
                s.step()
        """,
    )


def test_a_test_in_one_line_moves_with_the_step() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader:
                o.step()
                if s: s.step()
        """,
        """
        for epoch in range(9):
            for x in loader:
                o.step()
            if s: s.step()
        """,
    )


def test_a_test_that_holds_other_statements_is_asked_again() -> None:
    check(
        """
        for epoch in range(9):
          if train:
            s.step()
            model.train()
          run()
        """,
        """
        for epoch in range(9):
          if train:
            model.train()
          run()
          if train:
            s.step()
        """,
    )


def test_a_step_moves_to_the_end_of_its_phase() -> None:
    check(
        """
        for epoch in range(9):
            for phase in ["train", "val"]:
                if phase == "train":
                    s.step()
                    model.train()
                run(phase)
            print(epoch)
        """,
        """
        for epoch in range(9):
            for phase in ["train", "val"]:
                if phase == "train":
                    model.train()
                run(phase)
                if phase == "train":
                    s.step()
            print(epoch)
        """,
    )


def test_a_body_that_would_be_empty_passes() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader:
                s.step()
            train()
        """,
        """
        for epoch in range(9):
            for x in loader:
                pass
            train()
            s.step()
        """,
    )


def test_a_loop_in_one_line() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader: s.step()
        """,
        """
        for epoch in range(9):
            for x in loader: pass
            s.step()
        """,
    )


def test_a_step_between_semicolons() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader: o.step(); s.step(); n += 1
        """,
        """
        for epoch in range(9):
            for x in loader: o.step(); n += 1
            s.step()
        """,
    )


def test_the_else_of_a_loop_stays_behind_its_body() -> None:
    check(
        """
        for epoch in range(9):
            for x in loader:
                s.step()
                o.step()
            else:
                print("all")
        else:
            print("done")
        """,
        """
        for epoch in range(9):
            for x in loader:
                o.step()
            else:
                print("all")
            s.step()
        else:
            print("done")
        """,
    )


def test_a_body_that_always_leaves_at_its_end() -> None:
    check(
        """
        def one():
            for epoch in range(9):
                s.step()
                train()
                return epoch
        """,
        """
        def one():
            for epoch in range(9):
                train()
                s.step()
                return epoch
        """,
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("if ok(): s.step(); n += 1", id="behind a test that calls something"),
        pytest.param("if n: pass\n        else: s.step()", id="behind an else"),
        pytest.param("n = s.step()", id="not a statement by itself"),
        pytest.param("try: s.step()\n        except E: pass", id="in a try"),
        pytest.param("def f(): s.step()", id="in another function"),
        pytest.param(
            "n = x\n        if n:\n            s.step()\n            o.step()",
            id="behind a test of what the loop changes",
        ),
    ],
)
def test_a_step_that_may_mean_something_else_elsewhere_stays(body: str) -> None:
    assert to_the_end(f"for epoch in r:\n    for x in loader:\n        {body}\n    n = 0\n") is None


def test_a_step_moves_behind_the_step_of_the_optimizer() -> None:
    text = plain(
        """
        for x in loader:
        \ts.step()
        \tif ok:
        \t\to.step(  # all
        \t\t)  # of it
        \tprint(x)
        """
    )
    assert edited(text, Move(spot(text, "s.step"), After(spot(text, "o.step")))) == plain(
        """
        for x in loader:
        \tif ok:
        \t\to.step(  # all
        \t\t)  # of it
        \t\ts.step()
        \tprint(x)
        """
    )


def test_a_step_moves_into_the_batch_loop() -> None:
    text = "for e in r:\n    for x in loader:\n        o.step()\n    s.step()\n"
    moved = edited(text, Move(spot(text, "s.step"), After(spot(text, "o.step"))))
    assert moved == "for e in r:\n    for x in loader:\n        o.step()\n        s.step()\n"


def inserted(text: str, loop: int = 1) -> str | None:
    return edited(text, Insert("s.step()", EndOf(spot(text, "for", loop))))


def test_a_step_is_added_at_the_end_of_a_loop() -> None:
    assert inserted("s = 1\nfor e in r:\n    train()\n\nend()\n") == (
        "s = 1\nfor e in r:\n    train()\n    s.step()\n\nend()\n"
    )


def test_a_step_is_added_to_a_loop_in_one_line() -> None:
    assert inserted("s = 1\nfor e in r: train()  # all\n") == "s = 1\nfor e in r: train(); s.step()  # all\n"


def test_a_step_of_what_is_not_known_there_is_not_added() -> None:
    assert inserted("def run(r):\n    for e in r:\n        train()\n") is None
    assert inserted("def run(r, s):\n    for e in r:\n        train()\n") is not None
    assert inserted("for e in r:\n    train()\ns = 1\n") is None
