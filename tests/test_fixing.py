"""Carrying fixes out: which are made, what is kept of the files, and how they are written."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from schedlint.diagnostics import Diagnostic, Edit, Fix, Location, UsageError
from schedlint.fixing import Fixed, Fixing, write
from schedlint.remedies import Applicability
from schedlint.sources.text import rewritten

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def edit(start: int, end: int, content: str, path: str = "a.py", row: int = 1) -> Edit:
    return Edit(Location(path, row, start, row, end), content)


def reported(code: str, *edits: Edit, applicability: Applicability = SAFE) -> Diagnostic:
    fix = Fix(f"mend {code}", applicability, edits) if edits else None
    return Diagnostic(Location("a.py", 1, 1, 1, 2), code, "name", "message", fix=fix)


Judge = Callable[[str], "tuple[Diagnostic, ...]"]


def run(text: str, judge: Judge, *, unsafe: bool = False) -> Fixed:
    """Fix a file `a.py` about whose text the judge says what is wrong."""

    def check(texts: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
        return judge(texts["a.py"].decode())

    return Fixing(check, lambda path: text.encode(), unsafe=unsafe).run(judge(text))


def wrong_letters(text: str) -> tuple[Diagnostic, ...]:
    """Every capital letter is wrong, and is fixed by a small one."""
    return tuple(
        reported(f"X{letter}", edit(index, index + 1, letter.lower()))
        for index, letter in enumerate(text, start=1)
        if letter.isupper()
    )


# --- which are made ---------------------------------------------------------------------------------------------------


def test_everything_is_fixed() -> None:
    fixed = run("a B c D\n", wrong_letters)
    assert fixed.after == {"a.py": b"a b c d\n"}
    assert (len(fixed.fixes), fixed.left) == (2, ())


def test_of_fixes_that_meet_the_first_is_made_first_and_the_others_in_the_next_round() -> None:
    fixed = run("ABC\n", wrong_letters)
    assert (fixed.after["a.py"], len(fixed.fixes)) == (b"abc\n", 3)


def test_a_fix_that_is_not_safe_is_made_only_if_it_is_asked_for() -> None:
    def judge(text: str) -> tuple[Diagnostic, ...]:
        return (reported("X", edit(1, 2, "b"), applicability=UNSAFE),) if text == "a" else ()

    assert run("a", judge).after == {}
    assert run("a", judge, unsafe=True).after == {"a.py": b"b"}


def test_a_fix_that_brings_another_finding_is_not_made() -> None:
    def judge(text: str) -> tuple[Diagnostic, ...]:
        return (reported("X", edit(1, 2, "b")),) if text == "a" else (reported("Y"),)

    fixed = run("a", judge)
    assert (fixed.after, fixed.fixes) == ({}, ())
    assert [each.code for each in fixed.left] == ["X"]


def test_a_fix_that_does_not_help_is_not_made() -> None:
    fixed = run("a", lambda text: (reported("X", edit(1, 2, "b")),))
    assert (fixed.after, len(fixed.left)) == ({}, 1)


def test_one_bad_fix_does_not_keep_the_others_from_being_made() -> None:
    def judge(text: str) -> tuple[Diagnostic, ...]:
        bad = (reported("XQ"),) if "q" in text else ()
        return (*wrong_letters(text), *bad, *bad)

    fixed = run("A B Q D E\n", judge)
    assert fixed.after["a.py"] == b"a b Q d e\n"
    assert [each.code for each in fixed.left] == ["XQ"]


# --- what is kept -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"a\r\nb\r\nc", b"a\r\nX\r\nY\r\nc", id="carriage returns and no newline at the end"),
        pytest.param(b"a\nb\r\nc\n", b"a\nX\nY\r\nc\n", id="rows that end in several ways"),
        pytest.param(b"a\rb\rc\r", b"a\rX\rY\rc\r", id="carriage returns alone"),
        pytest.param(b"\xef\xbb\xbfa\nb\nc\n", b"\xef\xbb\xbfa\nX\nY\nc\n", id="a byte order mark"),
        pytest.param(
            b"\x0ca\nb\t\n c \n", b"\x0ca\nX\nY\t\n c \n", id="form feeds, tabs and spaces at the end of rows"
        ),
    ],
)
def test_all_else_is_kept_to_the_byte(before: bytes, after: bytes) -> None:
    assert rewritten("a.py", before, [((2, 1), (2, 2), "X\nY")]) == after


def test_the_encoding_of_a_file_is_kept() -> None:
    before = "# -*- coding: latin-1 -*-\nx = 'é'; y = 1\n".encode("latin-1")
    after = "# -*- coding: latin-1 -*-\nx = 'é'; y = 2\n".encode("latin-1")
    assert rewritten("a.py", before, [((2, 14), (2, 15), "2")]) == after


def test_several_ranges_of_one_row() -> None:
    assert rewritten("a.py", b"abc\n", [((1, 1), (1, 2), "x"), ((1, 2), (1, 2), "+"), ((1, 3), (1, 4), "")]) == b"x+b\n"


# --- how they are written ---------------------------------------------------------------------------------------------


def fixed_file(folder: Path, before: bytes = b"a", after: bytes = b"b") -> tuple[Path, dict[str, str], Fixed]:
    path = folder / "a.py"
    path.write_bytes(before)
    return path, {"a.py": str(path)}, Fixed({"a.py": before}, {"a.py": after}, (), ())


def test_a_file_is_written_with_the_mode_it_had(tmp_path: Path) -> None:
    path, paths, fixed = fixed_file(tmp_path)
    path.chmod(0o754)
    assert list(write(paths, fixed)) == ["a.py"]
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"b", 0o754)
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_file_that_is_the_same_is_not_written(tmp_path: Path) -> None:
    path, paths, fixed = fixed_file(tmp_path, b"a", b"a")
    before = path.stat().st_mtime_ns
    assert list(write(paths, fixed)) == []
    assert path.stat().st_mtime_ns == before


def test_a_file_that_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path, paths, fixed = fixed_file(tmp_path)
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="it was changed while it was being fixed"):
        list(write(paths, fixed))
    assert path.read_bytes() == b"mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    path, paths, fixed = fixed_file(tmp_path)
    path.chmod(0o444)
    with pytest.raises(UsageError, match="there is no permission to write it"):
        list(write(paths, fixed))
    assert path.read_bytes() == b"a"


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    path, paths, fixed = fixed_file(tmp_path)
    path.unlink()
    with pytest.raises(UsageError, match=r"^a\.py: it cannot be written"):
        list(write(paths, fixed))
