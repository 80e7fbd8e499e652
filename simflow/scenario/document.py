"""A scenario file with all that belongs to it: its parent, values of the command line, dates."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from simflow.errors import InputError, Problem
from simflow.scenario.explain import fields_at, near
from simflow.scenario.merge import at, extended, parts_of, placed
from simflow.scenario.slips import check_new_names
from simflow.scenario.yamlfile import Document, parse, read

OWN: Final = ("name", "title", "question", "hypothesis", "circumstance")
"""What a file says of itself alone: a file that extends it asks another question."""


def with_parent(path: Path, children: tuple[Path, ...]) -> Document:
    """A file laid over the one it extends: all but what is the parent's `OWN` is inherited.

    Raises
    ------
    InputError
        When one of them cannot be read, or they extend each other.
    """
    if path.resolve() in children:
        chain = " extends ".join(child.name for child in (*children, path))
        raise InputError([Problem(f"`extends` goes in a circle: {chain}",
                                  remedy="remove one of them", file=str(path))])  # fmt: skip
    document = read(path)
    if is_calibration(document.tree):
        message = "this is a calibration file, and no scenario"
        remedy = "`simflow calibrate` takes it; the scenario is named in it"
        raise InputError([Problem(message, remedy=remedy, file=str(path))])
    parent_name = document.tree.get("extends")
    if parent_name is None:
        return document
    origin = document.origins[("extends",)]
    parent = path.parent / str(parent_name)
    if not isinstance(parent_name, str) or not parent.is_file():
        problem = Problem(f'there is no file "{parent_name}" to extend',
                          "the name of one scenario file, seen from this one's folder", "",
                          origin.file, origin.line, origin.column, "extends")  # fmt: skip
        raise InputError([problem])
    base = with_parent(parent, (*children, path.resolve()))
    lost = {key for key in OWN if key not in document.tree}
    tree = {k: v for k, v in extended(base.tree, document.tree).items() if k not in lost}
    kept = {path: origin for path, origin in base.origins.items() if not lost & {*path[:1]}}
    origins = kept | document.origins
    slips = base.slips + check_new_names(base.tree, tree, origins)
    return Document(document.file, tree, origins, slips)


def is_calibration(tree: Mapping[str, Any]) -> bool:
    """Whether the keys of a file are those of a calibration file rather than of a scenario."""
    alone = "scenario" in tree and not {"services", "extends"} & set(tree)
    return alone or bool({"priors", "splits", "held_out", "forecasts"} & set(tree))


def name_it(document: Document, path: Path) -> None:
    """Give a file without a name that of the file, and without a title its name, readable."""
    name = document.tree.setdefault("name", path.stem)
    if isinstance(name, str):
        words = re.sub(r"[-_\s]+", " ", name).strip()
        document.tree.setdefault("title", words[:1].upper() + words[1:] or name)


def set_value(document: Document, dotted: str, text: str) -> list[Problem]:
    """Put one value of the command line into the document."""
    path = parts_of(document.tree, dotted)
    for length, part in enumerate(path[:-1]):
        try:
            at(document.tree, path[: length + 1])
        except KeyError:
            here = at(document.tree, path[:length])
            optional = fields_at(path[:length], document.tree)
            if part not in optional:
                remedy = near(part, [*(here if isinstance(here, dict) else ()), *optional])
                message = f'--set names an unknown value: there is no "{part}"'
                return [Problem(message, remedy=remedy, path=dotted)]
            break
    try:
        given = parse(text, path)
    except InputError as error:
        return list(error.problems)
    before, document.tree = document.tree, placed(document.tree, path, given.tree)
    stale = [old for old in document.origins if old[: len(path)] == path]
    for old in stale:
        del document.origins[old]
    document.origins |= given.origins
    document.slips += check_new_names(before, document.tree, document.origins)
    return []


def read_dates(document: Document) -> None:
    """Replace a channel's `file` by the dates in it."""
    channels = document.tree.get("channels")
    if not isinstance(channels, dict):
        return
    for name, channel in channels.items():
        if isinstance(channel, dict) and isinstance(channel.get("file"), str):
            path = ("channels", name, "file")
            origin = document.origins[path]
            file = Path(origin.file).parent / channel["file"]
            try:
                with file.open(encoding="utf-8-sig", newline="") as handle:
                    rows = list(csv.DictReader(handle))
                dates = [row["date"] for row in rows]
            except (OSError, KeyError, UnicodeDecodeError, csv.Error):
                problem = Problem(f'cannot read dates from "{channel["file"]}"',
                                  "a CSV file with a column `date`", "", origin.file, origin.line,
                                  origin.column, ".".join(path))  # fmt: skip
                raise InputError([problem]) from None
            new = {key: value for key, value in channel.items() if key != "file"}
            new["arrivals"] = dates
            if rows and rows[0].get("segment"):
                new["segments"] = [row["segment"] for row in rows]
            document.tree = document.tree | {"channels": channels | {name: new}}
            channels = document.tree["channels"]
