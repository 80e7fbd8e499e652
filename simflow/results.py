

@dataclass(frozen=True)
class View:
    """Everything that a chart or a report may read.

    Attributes
    ----------
    results : Results
        The only run, or the base of the comparison.
    scenario : Scenario
        What it simulated.
    comparison : Comparison or None
        The base with its alternatives.
    sources : tuple of SourceRow
        Source and place of every number of the base scenario.
    manifest : mapping
        Versions, seed, hash.
    folder : Path or None
        Where it is saved.
    """

    results: Results
    scenario: Scenario
    comparison: Comparison | None = None
    sources: tuple[SourceRow, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
