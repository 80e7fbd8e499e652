"""Reading a page back: its marked figures, its words by language, its outline."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})
_SILENT = frozenset({"style", "code", "svg"})
"""Parts whose words are not read: names in files, and shapes (but a chart's words are read)."""


@dataclass
class Marked:
    """A figure on the page: its attributes, and the text shown."""

    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a test asks of a page."""

    source: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    figures: list[Marked] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)
    _open: list[tuple[str, str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        _, lang, silent = self._open[-1] if self._open else ("", "", False)
        lang = attributes.get("lang", lang)
        silent = (silent or tag in _SILENT) and tag not in ("title", "desc", "text")
        for name in ("aria-label", "alt", "title"):
            if name in attributes:
                self.words.setdefault(lang, []).append(attributes[name])
        if tag == "data":
            self.figures.append(Marked(attributes))
        if tag not in _VOID:
            self._open.append((tag, lang, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1][0] == tag, (self._open[-3:], tag)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        tag, lang, silent = self._open[-1]
        if tag == "data":
            self.figures[-1].text += data
        if data.strip() and not silent:
            self.words.setdefault(lang, []).append(data)

    def text(self, lang: str) -> str:
        """All that is said in a language, in one string."""
        return "\n".join(self.words.get(lang, ()))

    def count(self, tag: str) -> int:
        """How many elements of a kind."""
        return sum(name == tag for name, _ in self.tags)
