"""Every exception a user can meet, and the exit code each one ends the command line with.

::

    SimflowError            1   a fault of the program
    ├── UsageError          2   the command itself cannot be carried out
    │   └── OutputError     2   the place to write to is unusable (full, forbidden, occupied)
    ├── InputError          3   a file is wrong; carries every Problem found in it
    └── TargetMissed        4   the run is sound but a stated target or precision was not met
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INTERRUPTED = 130
"""Exit code after Ctrl-C, by the convention 128 + SIGINT."""


class SimflowError(Exception):
    """Base of every error that is reported to the user without a traceback."""

    exit_code = 1


class UsageError(SimflowError):
    """The command, its options or its combination cannot be carried out."""

    exit_code = 2


class OutputError(UsageError):
    """A result cannot be written where the user asked for it."""


class TargetMissed(SimflowError):
    """The work is done and saved, but a stated target was not reached."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, said so that a planner can mend it.

    Attributes
    ----------
    message : str
        What is wrong, quoting the text found.
    expected : str
        What would be right: a form, a range, a list of names. Empty when the message says it all.
    remedy : str
        What to write or do instead. Empty when `expected` suffices.
    file : str
        The file as the user named it; empty for a value given on the command line.
    line, column : int
        One-based place in the file; 0 when unknown.
    path : str
        Dotted path of the value, e.g. ``services.startti.seats.max``.
    """

    message: str
    expected: str = ""
    remedy: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = ": ".join(part for part in (place, self.path, self.message) if part)
        tail = [f"expected {self.expected}"] if self.expected else []
        tail += [self.remedy] if self.remedy else []
        return head + "".join(f"\n    {line}" for line in tail)


class InputError(SimflowError):
    """An input file is wrong. Holds every problem found, not only the first."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # comes whole out of another process
