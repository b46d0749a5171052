from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedlint.sources import text
from schedlint.sources.text import Cell, SourceFile, Unreadable, from_bytes, read, refuse_large


def _reason(path: Path | str, data: bytes | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(path) if data is None else from_bytes(path, data)
    assert caught.value.path == os.fspath(path)
    return caught.value


def test_a_file_is_read_with_its_path_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_bytes(b"a = 1\n")
    monkeypatch.chdir(tmp_path)
    source = read("train.py")
    assert (source.path, source.text, source.cells, source.newline, source.encoding) == (
        "train.py", "a = 1\n", (), "\n", "utf-8",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected", "newline"),
    [
        pytest.param(b"", "", "\n", id="nothing"),
        pytest.param(b"a\r\nb\r\n", "a\nb\n", "\r\n", id="windows newlines"),
        pytest.param(b"a\rb", "a\nb", "\r", id="old mac newlines"),
        pytest.param(b"a\r\r\nb\n\rc", "a\n\nb\n\nc", "\r", id="all kinds at once"),
        pytest.param(b"\xef\xbb\xbfa\n", "a\n", "\n", id="byte order mark"),
        pytest.param(b"\x0cclass A: pass\n", "\x0cclass A: pass\n", "\n", id="form feed stays"),
        pytest.param("é = 'x\u2028y\x85z'\n".encode(), "é = 'x\u2028y\x85z'\n", "\n", id="separators are no newlines"),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n", "\n", id="declared latin-1"),
        pytest.param(b"#!x\r# coding=cp1252 :\r'\x80'", "#!x\n# coding=cp1252 :\n'€'", "\r", id="on row 2, old mac"),
        pytest.param(b"# -*- coding: utf-8-unix -*-\n", "# -*- coding: utf-8-unix -*-\n", "\n", id="emacs"),
        pytest.param(b"# coding: future_fstrings\n", "# coding: future_fstrings\n", "\n", id="a codec of a package"),
        pytest.param(b"x = 1\n# coding: nonsense\n", "x = 1\n# coding: nonsense\n", "\n", id="too late to declare"),
    ],
)  # fmt: skip
def test_bytes_are_decoded_as_python_does(data: bytes, expected: str, newline: str) -> None:
    source = from_bytes("m.py", data)
    assert (source.text, source.newline) == (expected, newline)


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        pytest.param(b"a = 1\nb = '\xe9'\n", 2, "not UTF-8", id="latin-1 without a declaration"),
        pytest.param(b"'\xe9'\n", 1, "not UTF-8", id="latin-1 on the first row"),
        pytest.param(b"a\r\nb\rc\n\xff", 4, "not UTF-8", id="rows are counted with every kind of newline"),
        pytest.param(b"# coding: klingon\n", 1, "encoding klingon, which Python does not", id="unknown encoding"),
        pytest.param(b"\xef\xbb\xbf# coding: klingon\n", 1, "encoding klingon", id="unknown, with a mark"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n", 1, "byte order mark", id="mark and declaration differ"),
        pytest.param(b"# coding: hex\n", 1, "cannot be decoded as hex", id="a codec that is not for text"),
        pytest.param(b"# coding: punycode\n", 1, "not for source files", id="a codec of quadratic cost"),
        pytest.param(b"# coding: raw_unicode_escape\n'\\ud800'\n", 1, "cannot be decoded", id="half a character"),
        pytest.param(b"# coding: ascii\n\n'\xe9'\n", 3, "not ascii", id="declared ascii, but is not"),
        pytest.param(b"a = 1\n\0", 2, "NUL", id="nul"),
    ],
)
def test_what_python_refuses_is_a_reason_with_a_row(data: bytes, row: int, words: str) -> None:
    failure = _reason("m.py", data)
    assert failure.row == row
    assert words in failure.reason


@given(st.binary(max_size=200) | st.text(max_size=50).map(str.encode))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    for path in ("m.py", "m.ipynb"):
        try:
            source = from_bytes(path, data)
        except Unreadable:
            continue
        assert "\r" not in source.text
        assert "\0" not in source.text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=100))
def test_text_written_as_utf_8_comes_back(content: str) -> None:
    body = "\n\n" + content.removeprefix("\ufeff")
    assert from_bytes("m.py", body.encode()).text == body


def test_the_digest_is_of_the_raw_bytes() -> None:
    one, same, other = (from_bytes("m.py", data).digest for data in (b"a\n", b"a\n", b"a\r\n"))
    assert one == same
    assert one != other


def test_what_is_no_regular_file_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "m.py").write_bytes(b"")
    assert "no such file" in _reason(tmp_path / "missing.py").reason
    assert "no such file" in _reason(tmp_path / "dangling.py").reason
    assert "no such file" in _reason(tmp_path / "m.py" / "n.py").reason
    assert "no such file" in _reason("").reason
    assert "folder" in _reason(tmp_path).reason
    assert "circle" in _reason(tmp_path / "loop.py").reason
    assert "too long" in _reason(tmp_path / ("x" * 5000)).reason
    assert "cannot be the name" in _reason("a\0b.py").reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_a_socket_and_a_device_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the names of sockets must be short
    os.mkfifo("pipe.py")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("socket.py")
        for path in ("pipe.py", "socket.py", os.devnull):
            assert "not a regular file" in _reason(path).reason


def test_a_file_replaced_by_a_pipe_between_look_and_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, regular = tmp_path / "pipe.py", tmp_path / "regular.py"
    os.mkfifo(pipe)
    regular.write_bytes(b"")
    status = os.stat(regular)
    monkeypatch.setattr(os, "stat", lambda path: status)
    assert "not a regular file" in _reason(pipe).reason


def test_a_file_that_vanishes_between_look_and_open_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = os.stat(__file__)
    monkeypatch.setattr(os, "stat", lambda path: status)
    assert "no such file" in _reason(tmp_path / "gone.py").reason


def test_a_file_without_permission_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.py").write_bytes(b"")

    def refuse(*_: object) -> int:  # the superuser may read everything, so chmod would prove nothing here
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "permission" in _reason(tmp_path / "secret.py").reason


def test_a_file_over_the_limit_is_a_reason(tmp_path: Path) -> None:
    large = tmp_path / "large.py"
    large.touch()
    os.truncate(large, text.SIZE_LIMIT)
    assert len(text.read_bytes(large)) == text.SIZE_LIMIT
    os.truncate(large, text.SIZE_LIMIT + 1)
    assert "larger than 20 MB" in _reason(large).reason


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_more_than_the_limit_is_refused_from_wherever_it_comes() -> None:
    refuse_large("-", bytes(text.SIZE_LIMIT))
    with pytest.raises(Unreadable, match="larger than"):
        refuse_large("-", bytes(text.SIZE_LIMIT + 1))


def test_names_that_are_not_utf_8_and_names_with_newlines_are_read(tmp_path: Path) -> None:
    for name in (os.fsdecode(b"caf\xe9.py"), "two\nlines.py"):
        (tmp_path / name).write_bytes(b"x = 1\n")
        assert read(str(tmp_path / name)).text == "x = 1\n"


def test_rows_are_located_in_cells() -> None:
    source = SourceFile("n.ipynb", "", (Cell(2, 1, 3), Cell(5, 4, 1), Cell(6, 5, 2)), "", "\n", "utf-8")
    assert [source.locate(row) for row in range(1, 7)] == [(2, 1), (2, 2), (2, 3), (5, 1), (6, 1), (6, 2)]
    assert source.locate(7) == (6, 3)  # where a parser may place the end of the last statement
    assert SourceFile("m.py", "", (), "", "\n", "utf-8").locate(7) == (None, 7)
