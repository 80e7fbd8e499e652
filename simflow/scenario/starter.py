"""A small commented scenario to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from simflow.errors import OutputError

NAME = "my-city.yaml"
"""Name of the file written."""


def starter(directory: str | Path) -> Path:
    """Write the starter scenario into a folder, made if it is not there.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        When the file is there already, or cannot be written.
    """
    target = Path(directory) / NAME
    text = files("simflow.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"{target} is there already; choose another folder") from None
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from None
    return target
