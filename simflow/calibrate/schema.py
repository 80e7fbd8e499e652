"""A calibration file: what was published, and what was believed of each number before that."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from simflow.scenario.values import Name, Part, Text

Positive = Annotated[float, Field(gt=0, le=1e9)]


class Target(Part):
    """A published figure that the model is to reproduce."""

    label: Text | None = None
    """Name shown in tables and charts; that of the measure when left out."""
    value: Annotated[float, Field(ge=0, le=1e9)]
    """The figure."""
    year: Annotated[int, Field(ge=1900, le=2200)]
    """The year it holds for."""
    counts: Annotated[str, Field(min_length=1)]
    """What is counted: persons, relationships started, clients open on a date."""
    error: Positive
    """Standard deviation of the published figure about what the model counts: slips of the pen,
    another definition. The chance of the year itself is the model's, and not part of it."""
    why: Annotated[str, Field(min_length=1)]
    """Why the error is as large as that."""
    outside: str = ""
    """A reason why the figure may lie outside its interval; without one that is a failure."""


class Law(Part):
    """A distribution of `scipy.stats` by name with its parameters, or a range alone.

    With both, it is the distribution within the range; a range alone is uniform.
    """

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)
    __pydantic_extra__: dict[str, float]

    dist: str = "uniform"
    """Name in `scipy.stats`."""
    range: tuple[float, float] | None = None
    """Lowest and highest value."""

    @model_validator(mode="after")
    def _given(self) -> Self:
        if self.range is None and not self.__pydantic_extra__:
            raise ValueError("expected a range such as [50, 140], or dist with its parameters")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError("expected a range whose lowest value comes first")
        return self


class Prior(Part):
    """What was believed of one number of the scenario before the figures were seen."""

    label: Text | None = None
    """Name shown in tables and charts."""
    path: str
    """Dotted path of the number."""
    unit: str = ""
    """Unit of the number, as the scenario writes it; empty for a plain one."""
    prior: Law
    """Its distribution, in that unit."""
    along: dict[str, Positive] = {}
    """Other numbers that move with it: dotted path, and the factor by which they differ from it."""
    why: Annotated[str, Field(min_length=1)]
    """The reason for this prior."""


class Split(Part):
    """Shares of one split, with a Dirichlet prior; shares of the split not named stay fixed."""

    label: Text | None = None
    """Name shown in tables and charts, before that of each share."""
    path: str
    """Dotted path of the shares."""
    dirichlet: Annotated[dict[str, Positive], Field(min_length=2)]
    """Weight of each share: they divide what the fixed shares leave over in proportion to these,
    the more firmly the larger the weights."""
    why: Annotated[str, Field(min_length=1)]
    """The reason for this prior."""


class CalibrationFile(Part):
    """A calibration file."""

    simflow: Literal[1] = 1
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """Short name; the file's name when left out."""
    title: Text | None = None
    """One line for tables and charts."""
    scenario: str
    """The scenario to calibrate, seen from this file's folder."""
    targets: Annotated[dict[str, Target], Field(min_length=1)]
    """Published figures by measure."""
    priors: dict[Name, Prior] = {}
    """Numbers of the scenario that are not known."""
    splits: dict[Name, Split] = {}
    """Splits of the scenario that are not known."""
    translations: dict[str, str] = {}
    """Reasons and sources in Finnish, by their text, for the Finnish page."""
    held_out: list[str] = []
    """Targets first left out of the fit and predicted, as a test; then all are fitted."""
    forecasts: list[str] = []
    """Scenarios that extend the one calibrated, seen from this file's folder: what they lead to is
    forecast with the posterior, and held against their own `targets`."""
