"""What the report says, in English and Finnish; `{}` are figures and names, escaped when filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import Final

from markupsafe import Markup

from simflow.labels import LANGUAGES, NO_BREAK, Lang


def _read() -> Mapping[str, tuple[str, ...]]:
    """The texts of ``words.txt``: a key, then a line for each language.

    A number and its per cent sign stay on one line.
    """
    text = resources.files("simflow.report").joinpath("words.txt").read_text(encoding="utf-8")
    text = re.sub(r"(?<=\d) (?=%)", NO_BREAK, text)
    blocks = (block.split("\n") for block in text.strip().split("\n\n"))
    return {lines[0]: tuple(lines[1:]) for lines in blocks if not lines[0].startswith("#")}


_WORDS: Final = _read()


def say(key: str, lang: Lang, **values: object) -> Markup:
    """The text `key` in a language, with its values filled in; they are escaped, the text is not.

    Raises
    ------
    KeyError
        When there is no such text.
    """
    return Markup(_WORDS[key][LANGUAGES.index(lang)]).format(**values)


def sentence(text: Markup) -> Markup:
    """The text with a capital first."""
    return Markup(text[:1].upper() + text[1:]) if text[:1].isalpha() else text


def has(key: str) -> bool:
    """Whether there is such a text."""
    return key in _WORDS


def join(parts: list[Markup] | tuple[Markup, ...], gap: str = ", ") -> Markup:
    """Texts in one line."""
    return Markup(gap).join(parts)
