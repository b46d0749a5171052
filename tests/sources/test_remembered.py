from __future__ import annotations

import os
from pathlib import Path

from schedlint.sources.remembered import Lately, stamp


def test_a_value_is_made_once_and_believed_for_its_time() -> None:
    now, made = [0.0], iter("abc")
    value = Lately(lambda: next(made), 10, lambda: now[0])
    assert (value.get(), value.get()) == ("a", "a")
    now[0] = 10
    assert value.get() == "a"
    now[0] = 10.1
    assert value.get() == "b"


def test_a_value_that_could_not_be_made_is_tried_again() -> None:
    answers = iter([ZeroDivisionError, None])

    def make() -> str:
        if error := next(answers):
            raise error
        return "made"

    value = Lately(make, 10)
    try:
        value.get()
    except ZeroDivisionError:
        assert value.get() == "made"


def test_a_stamp_tells_the_states_of_a_file_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    assert stamp(str(file)) is None
    assert stamp("a\0") is None
    file.write_text("a")
    first = stamp(str(file))
    assert first == stamp(str(file))
    os.utime(file, ns=(0, 1))
    assert first != stamp(str(file))
    changed = stamp(str(file))
    file.write_text("ab")
    os.utime(file, ns=(0, 1))
    assert changed != stamp(str(file))
