"""What every folder of results shares: safe writing, versions, JSON, names of folders."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from simflow.errors import OutputError

_PACKAGES: Final = ("simflow", "simpy", "numpy", "pydantic", "ruamel.yaml", "pyarrow", "holidays")
_REMEDY: Final = "choose another place with --out, or free some space and run again"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write into a message that names the folder and the remedy."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{folder}: cannot be written to ({reason}); {_REMEDY}") from error


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def write_json(path: Path, content: object) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def refuse_occupied(path: Path) -> None:
    """Refuse to write over a folder that holds something.

    Raises
    ------
    OutputError
        When it does.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise OutputError(f"{path}: exists already; choose another folder with --out")


def folder_name(name: str) -> str:
    """A scenario's name as the name of a folder, on any system."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"
