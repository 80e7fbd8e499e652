"""How relationships end, as charts tell it: work on the open labour market is not a subsidised job.

One place for the names, colours and order of what exits count as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from simflow.charts.style import INK
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.scenario.schema import Exit

Work = Literal["open_work", "subsidised_work"]
Ending = Literal[Work, "education", "transfer", "other", "not_started"]

WORK: Final[tuple[Work, ...]] = ("open_work", "subsidised_work")
AIMS: Final[tuple[Ending, ...]] = (*WORK, "education")
"""What services work towards."""
ENDINGS: Final[tuple[Ending, ...]] = (*AIMS, "transfer", "other")
"""Endings of those who had started, in the order in which charts show them."""
NAMES: Final[dict[Lang, dict[Ending, str]]] = {
    "en": {"open_work": "Open labour market", "subsidised_work": "Subsidised job",
           "education": "Education", "transfer": "To another service", "other": "Other endings"},
    "fi": {"open_work": "Avoimet työmarkkinat", "subsidised_work": "Palkkatukityö",
           "education": "Koulutus", "transfer": "Muu palvelu", "other": "Muu päättyminen"},
}  # fmt: skip
FILLS: Final[dict[Ending, str]] = {
    "open_work": "#0072B2", "subsidised_work": "#A6D5F2", "education": "#4DB898",
    "transfer": "#F0C36D", "other": "#EEEEEE",
}  # fmt: skip
"""Neighbours differ in lightness, so that they are told apart in grey too."""


def ink(ending: Ending) -> str:
    """Colour of letters on the fill of an ending."""
    return "white" if ending == "open_work" else INK


def ending_of(exit_: Exit) -> Ending:
    """What an exit counts as: its kind, but of work, which."""
    return work_of(exit_) if exit_.kind == "work" else exit_.kind


def work_of(exit_: Exit) -> Work:
    """What work an exit of the kind `work` leads to.

    The scenario says so with `begins`; where it does not, a job whose wage subsidy the city adds
    to is subsidised.
    """
    begins = getattr(exit_, "begins", None)
    if begins in WORK:
        return "open_work" if begins == "open_work" else "subsidised_work"
    return "open_work" if exit_.top_up is None else "subsidised_work"
