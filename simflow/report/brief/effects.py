"""Changes as a sentence says them: ``12 more people begin work or education (5–19)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.charts.plausible import Change, change_of
from simflow.labels import NO_BREAK, Lang
from simflow.report.figures import Scale
from simflow.report.words import has, say

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Judgement

_RANGE = ("plausible_low", "plausible_high")


def of_goal(comparison: Comparison, alternative: str, one: Judgement) -> Change | None:
    """The change that a judgement is about."""
    return change_of(comparison, alternative, one.difference.measure.name)


def effect(change: Change | None, lang: Lang) -> Markup:
    """The change in plain words, with its range; a dash when there is none."""
    if change is None:
        return Markup("–")
    scale = scale_of(change, lang)
    way = "same" if not scale.text(change.mean).strip("0.,-−") else (
        "more" if change.mean > 0 else "less")  # fmt: skip
    key = f"effect_{change.measure.name}_{way}"
    size = scale.text(abs(change.mean))
    if size == "1" and has(f"{key}_one"):
        key = f"{key}_one"
    shown = scale.tagged(change.mean, "difference", size)
    if has(key):
        return say(key, lang, size=shown) + range_after(change, scale, lang)
    label = Markup.escape(getattr(change.measure.label, lang))
    signed = scale.tagged(change.mean, "difference", signed=True) + scale.unit_after(change=True)
    return say("effect", lang, label=label, size=signed) + range_after(change, scale, lang)


def scale_of(change: Change, lang: Lang) -> Scale:
    """Digits that the range supports; people are whole."""
    low, high = change.low, change.high
    half = None if low is None or high is None else (high - low) / 2
    if change.measure.unit in ("persons", "clients") and half is not None:
        half = max(half, 2.0)
    scale = Scale.of(change.alternative, change.measure.name, change.measure.unit, half,
                     change.mean, lang)  # fmt: skip
    return scale


def range_after(change: Change, scale: Scale, lang: Lang) -> Markup:
    """`` (5–19)``, or `` (from 3 fewer to 9 more)``; empty where there is none."""
    low, high = change.low, change.high
    if low is None or high is None:
        return Markup("")
    if low < 0 < high:
        less, more = (
            scale.tagged(end, stat, scale.text(abs(end)))
            for end, stat in zip((low, high), _RANGE, strict=True)
        )
        return Markup(" ") + say("range_across", lang, less=less, more=more)
    ends = sorted(zip((low, high), _RANGE, strict=True), key=lambda pair: abs(pair[0]))
    first, second = (scale.tagged(end, stat, scale.text(abs(end))) for end, stat in ends)
    return Markup(' <span class="together">({}–{})</span>').format(first, second)


def money(change: Change, lang: Lang) -> Markup:
    """``costs 52,000 € more in the period (42,000–63,000 €)``."""
    scale = scale_of(change, lang)
    low, high = change.low, change.high
    clear = low is not None and high is not None and (low > 0 or high < 0)
    way = "unclear" if not clear else "more" if change.mean > 0 else "less"
    size = scale.tagged(change.mean, "difference", scale.text(abs(change.mean)))
    text = say(f"money_{way}", lang, size=size + Markup(f"{NO_BREAK}€"))
    return text + range_after(change, scale, lang)
