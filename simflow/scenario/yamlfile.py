"""Reading a YAML file so that every value still knows its line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simflow.errors import InputError, Problem

Path_ = tuple[str, ...]
"""A dotted path, as its parts."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    Attributes
    ----------
    file : str
        The file as named; ``--set`` for the command line.
    line, column : int
        One-based; 0 for the command line.
    source : str
        Where the number is from, its own or inherited.
    note : str
        What else is said of it.
    range : tuple of two texts, or None
        Its plausible lowest and highest value, as written.
    """

    file: str
    line: int = 0
    column: int = 0
    source: str = ""
    note: str = ""
    range: tuple[str, str] | None = None


@dataclass(slots=True)
class Document:
    """One file: its plain tree, the origin of every value and key, and slips found in it."""

    file: str
    tree: Any
    origins: dict[Path_, Origin] = field(default_factory=dict)
    slips: list[Problem] = field(default_factory=list)


COMMAND_LINE = "--set"
"""File name, and source, of values given on the command line."""
_AFTER_COMMA = re.compile(r"\d+( .*)?")
WRAPPER = {"value", "source", "note", "range"}
"""Keys of a number written with its source."""
_NOTES = {"source", "note"}


def read(path: Path) -> Document:
    """Read a scenario file; what is returned is the caller's, down to the first keys of the tree.

    Raises
    ------
    InputError
        When it cannot be read, is not YAML or is not a mapping.
    """
    found = _parsed(str(path), _text(path))
    return Document(found.file, dict(found.tree), dict(found.origins))


@lru_cache(maxsize=8)
def _parsed(file: str, text: str) -> Document:
    """The content of a file, parsed once for all the scenarios that extend it: never change it."""
    tab = re.search(r"^[ ]*\t", text, flags=re.MULTILINE)
    if tab:
        line = text.count("\n", 0, tab.end()) + 1
        raise _wrong(file, "a tab used for indentation", "spaces", line, tab.end() - tab.start())
    try:
        node = YAML(pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _wrong(file, f"not YAML: {error.problem}", "", line, column) from None
    except YAMLError as error:
        raise _wrong(file, f"not YAML: {error}", "", 1, 1) from None
    if node is None:
        raise _wrong(
            file, "the file is empty", "a scenario; `simflow init DIR` writes one to start from"
        )
    if not isinstance(node, MappingNode):
        raise _wrong(file, "the file is not a mapping", "lines such as `name: my-city`", 1, 1)
    reader = _Reader(file)
    tree = reader.mapping(node, (), "", "")
    if reader.problems:
        raise InputError(reader.problems)
    return Document(file, tree, reader.origins)


def parse(text: str, path: Path_) -> Document:
    """A value given on the command line: its `tree` is the value itself.

    Raises
    ------
    InputError
        When it is not YAML.
    """
    dotted = ".".join(path)
    try:
        node = YAML(pure=True).compose(text)
    except YAMLError:
        problem = Problem(f'--set {dotted}: "{text}" is not YAML', "a value", path=dotted)
        raise InputError([problem]) from None
    reader = _Reader(COMMAND_LINE)
    value = None if node is None else reader.value(node, path, COMMAND_LINE, "")
    if reader.problems:
        raise InputError([replace(p, file="", line=0, column=0) for p in reader.problems])
    origins = {p: replace(o, line=0, column=0) for p, o in reader.origins.items()}
    return Document(COMMAND_LINE, value, origins or {path: Origin(COMMAND_LINE)})


def _text(path: Path) -> str:
    file = str(path)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _wrong(file, "the file is not UTF-8 text", "UTF-8; save it again with that encoding",
                     line, 1) from None  # fmt: skip
    except FileNotFoundError:
        raise _wrong(file, "there is no such file", "the name of a scenario file") from None
    except IsADirectoryError:
        raise _wrong(file, "this is a folder", "a scenario file in it") from None
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror}", "a readable file") from None


def _wrong(file: str, message: str, expected: str, line: int = 0, column: int = 0) -> InputError:
    return InputError([Problem(message, expected, file=file, line=line, column=column)])


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.origins: dict[Path_, Origin] = {}
        self.problems: list[Problem] = []

    def _origin(self, node: Node, source: str, note: str) -> Origin:
        mark = node.start_mark
        return Origin(self.file, mark.line + 1, mark.column + 1, source, note)

    def _problem(self, node: Node, path: Path_, message: str, expected: str = "") -> None:
        mark = node.start_mark
        self.problems.append(
            Problem(
                message, expected, "", self.file, mark.line + 1, mark.column + 1, ".".join(path)
            )
        )

    def value(self, node: Node, path: Path_, source: str, note: str) -> Any:
        """Plain value of any node; its origin is kept under its path."""
        if getattr(node, "anchor", None):
            self._problem(node, path, "anchors and aliases are not used here", "the value itself")
        if isinstance(node, MappingNode):
            return self.mapping(node, path, source, note)
        self.origins[path] = self._origin(node, source, note)
        if isinstance(node, SequenceNode):
            return [
                self.value(item, (*path, str(rank)), source, note)
                for rank, item in enumerate(node.value)
            ]
        assert isinstance(node, ScalarNode)
        return _plain(node)

    def mapping(self, node: MappingNode, path: Path_, source: str, note: str) -> Any:
        """Plain mapping without its notes, or the value alone where it was wrapped with them."""
        entries: dict[str, tuple[Node, Node]] = {}
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            if key in entries:
                first = entries[key][0].start_mark.line + 1
                self._problem(key_node, (*path, key), f'duplicate key "{key}"',
                              f"it once; it stands on line {first} already")  # fmt: skip
            elif key == "<<":
                self._problem(key_node, path, "merge keys are not used here", "`extends`")
            entries[key] = (key_node, value_node)
        self._mend_commas(entries)
        source = self._note(entries, "source") or source
        note = self._note(entries, "note") or note
        wrapped = "value" in entries and set(entries) <= WRAPPER and len(entries) > 1
        if wrapped and path[:1] != ("published",):
            value = self.value(entries["value"][1], path, source, note)
            origin = self._origin(entries["value"][1], source, note)
            self.origins[path] = replace(origin, range=self._range(entries, path))
            return value
        self.origins[path] = self._origin(node, source, note)
        return {
            key: self._entry(key, pair, path, source, note)
            for key, pair in entries.items()
            if key not in _NOTES
        }

    @staticmethod
    def _mend_commas(entries: dict[str, tuple[Node, Node]]) -> None:
        """Put together what a decimal comma parts in braces: {value: 60,5 %} has a key "5 %"."""
        before = ""
        for key, (_, node) in list(entries.items()):
            first = entries[before][1] if before else node
            parted = before and node.value == "" and _AFTER_COMMA.fullmatch(key)
            if parted and isinstance(first, ScalarNode) and first.value[-1:].isdigit():
                first.value, first.tag = f"{first.value},{key}", "tag:yaml.org,2002:str"
                del entries[key]
            else:
                before = key

    def _entry(self, key: str, pair: tuple[Node, Node], path: Path_, source: str, note: str) -> Any:
        inner = (*path, key)
        value = self.value(pair[1], inner, source, note)
        # A mapping is best pointed at by its key, a value by itself.
        origin, mark = self.origins[inner], pair[0].start_mark
        if isinstance(value, dict) and origin.line != mark.line + 1:
            self.origins[inner] = replace(origin, line=mark.line + 1, column=mark.column + 1)
        return value

    def _range(self, entries: dict[str, tuple[Node, Node]], path: Path_) -> tuple[str, str] | None:
        if "range" not in entries:
            return None
        node = entries["range"][1]
        items = node.value if isinstance(node, SequenceNode) else []
        if len(items) != 2 or not all(isinstance(item, ScalarNode) for item in items):
            self._problem(node, (*path, "range"), "not a range", "[lowest, highest]")
            return None
        return str(items[0].value), str(items[1].value)

    def _note(self, entries: dict[str, tuple[Node, Node]], key: str) -> str:
        return str(entries[key][1].value) if key in entries else ""


def _plain(node: ScalarNode) -> Any:
    kind = str(node.tag).rpartition(":")[2]
    text = node.value
    if kind in ("int", "float"):
        return _number(text)
    if kind == "bool":
        return text.lower() == "true"
    return None if kind == "null" else text


def _number(text: str) -> int | float | str:
    """An integer, a float, or the text itself where neither can be made of it."""
    plain = text.replace("_", "").lower()
    if len(plain) > 400:
        return text  # no number anyone means; and Python refuses to read very long ones
    for base, mark in ((16, "0x"), (8, "0o")):
        if mark in plain:
            return int(plain, base)
    try:
        return int(plain)
    except ValueError:
        return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
