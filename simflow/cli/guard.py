"""From an exception to one clear message on stderr and an exit code; never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback

import click

from simflow.errors import INTERRUPTED, InputError, SimflowError


class Stopped(SimflowError):
    """Ctrl-C, and what became of the work so far (click would drop the words of its own)."""

    exit_code = INTERRUPTED


def exit_code(error: BaseException) -> int:
    """Say what went wrong on stderr and return the exit code of it."""
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else 1
        case click.exceptions.Exit():
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            return _say("Interrupted; nothing was saved.", INTERRUPTED)
        case click.ClickException():
            error.show()
            return error.exit_code
        case BrokenPipeError():
            return 0  # the reader had enough, as in `simflow show x.yaml | head`
        case InputError():
            count = len(error.problems)
            tail = f"\n{count} problems" if count > 1 else ""
            return _say(f"{error}{tail}", error.exit_code)
        case SimflowError():
            return _say(str(error), error.exit_code)
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _say("The disk is full; free some space and run again.", 2)
        case _:
            return _fault(error)


def _say(message: str, code: int) -> int:
    # When stderr is closed there is nobody to tell; the exit code still says it.
    try:
        print(message, file=sys.stderr)
    except (OSError, ValueError):
        return code
    return code


def _fault(error: BaseException) -> int:
    text = "".join(traceback.format_exception(error))
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    try:
        handle, path = tempfile.mkstemp(prefix="simflow-fault-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        where = f"details are in {path}; please send that file to the maintainers"
    except OSError:
        where = "the details could not be saved"
    return _say(f"This is a fault in simflow ({kind}); {where}.", 1)
