"""What a command has to say, and how it is written.

Exit status: 0 clean, 1 findings, 2 the command cannot be carried out (usage, configuration, an internal error, output
that cannot be written), 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: its result, remarks beside the result (one line each), and the exit status.

    A `verbatim` result is written as it is: the bytes of a file, in which a half that is no text is kept.
    """

    status: int
    output: str = ""
    remarks: tuple[str, ...] = ()
    verbatim: bool = False


def deliver(outcome: Outcome) -> int:
    """Write the outcome and return the exit status: 2 where it could not be written."""
    try:
        if outcome.verbatim:
            write_bytes(outcome.output.encode(errors="surrogateescape"))
        else:
            sys.stdout.write(ended(outcome.output))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough: `schedlint . | head`
        return silenced()
    except OSError as error:
        remark(f"cannot write the result: {error.strerror}")
        return silenced()
    for text in outcome.remarks:
        remark(text)
    return outcome.status


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output, whatever its encoding and its newlines are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def ended(text: str) -> str:
    """The text, ended by a newline unless it is empty."""
    return text if not text or text.endswith("\n") else text + "\n"


def remark(text: str) -> None:
    """Say something beside the result, in one line."""
    from schedlint.reporters.text import printable

    sys.stderr.write(f"schedlint: {printable(text)}\n")


def silenced() -> int:
    """Throw away what is still buffered, so that writing it does not fail once more while Python shuts down."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
    return FAILED
