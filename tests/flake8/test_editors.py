"""What editors make of the plugin's lines: the formats that they ask for, and the patterns that they read with."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flake8.running import PATIENT, flake8, needs_flake8, process
from tests.oracle.recording import FIXTURES

FOLDERS = ["detection_main_per_batch", "get_lr_logged", "cosine_over_one_epoch"]
"""Programs whose messages speak of lines, of other files and of code."""

VS_CODE = (
    "%(row)d,%(col)d,%(code).1s,%(code)s:%(text)s",
    re.compile(r"(?P<row>\d+),(?P<column>-?\d+),(?P<type>\w+),(?P<code>\w+\d+):(?P<message>[^\r\n]*)"),
)
ALE = (
    "default",
    re.compile(r"[a-zA-Z]?:?[^:]+:(?P<row>\d+):?(?P<column>\d+)?: (?P<code>[A-Za-z0-9]+):? (?P<message>.*)"),
)
NVIM_LINT = (
    "%(path)s:%(row)d:%(col)d:%(code)s:%(text)s",
    re.compile(r"[^:]+:(?P<row>\d+):(?P<column>\d+):(?P<code>\w+):(?P<message>.+)"),
)
PYLSP = ("default", re.compile(r"(.*):(?P<row>\d*):(?P<column>\d*): (?P<code>\w*) (?P<message>.*)"))


@needs_flake8
@pytest.mark.parametrize(("form", "pattern"), [VS_CODE, ALE, NVIM_LINT, PYLSP], ids=["VS Code", "ALE", "nvim", "pylsp"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_an_editor_reads_the_place_the_code_and_the_message(folder: str, form: str, pattern: re.Pattern[str]) -> None:
    expected = [line[1:] for line in flake8(".", cwd=FIXTURES / folder)]
    ran = process("--isolated", "--select=LRS", PATIENT, f"--format={form}", ".", cwd=FIXTURES / folder)
    found = [pattern.fullmatch(line) for line in ran.stdout.splitlines()]
    read = [(int(one["row"]), int(one["column"]), one["code"], one["message"]) for one in found if one]
    assert sorted(read) == sorted(expected) != []


class Server:
    """python-lsp-server in a process of its own, spoken to as an editor does."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pylsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout

    def say(self, method: str, params: dict[str, Any], number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._to.flush()

    def heard(self) -> Iterator[dict[str, Any]]:
        while header := self._from.readline():
            length = int(header.partition(b":")[2])
            while self._from.readline().strip():
                pass
            yield json.loads(self._from.read(length))

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._to.close()
        self._from.close()


@needs_flake8
@pytest.mark.skipif(importlib.util.find_spec("pylsp") is None, reason="python-lsp-server is not installed")
def test_python_lsp_server_shows_a_mistake_as_a_warning_where_it_is() -> None:
    folder = FIXTURES / "detection_main_per_batch"
    file = folder / "engine.py"
    server = Server(folder)
    try:
        server.say("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}, 1)
        next(message for message in server.heard() if message.get("id") == 1)
        server.say("initialized", {})
        enabled = {"enabled": True, "executable": str(Path(sys.executable).with_name("flake8"))}
        others = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe")}
        settings = {"pylsp": {"plugins": {"flake8": enabled, **others}}}
        server.say("workspace/didChangeConfiguration", {"settings": settings})
        document = {
            "uri": file.as_uri(),
            "languageId": "python",
            "version": 1,
            "text": file.read_text(encoding="utf-8"),
        }
        server.say("textDocument/didOpen", {"textDocument": document})
        published = (each for each in server.heard() if each.get("method") == "textDocument/publishDiagnostics")
        diagnostics = next(each["params"]["diagnostics"] for each in published if each["params"]["diagnostics"])
    finally:
        server.stop()
    [found] = [one for one in diagnostics if one["code"].startswith("LRS")]
    assert found["code"] == "LRS101"
    assert found["range"]["start"] == {"line": 20, "character": 8}
    assert found["severity"] == 2
    assert found["message"].startswith("LRS101 `MultiStepLR` counts epochs")
