"""simflow: a city's services for the long-term unemployed, simulated client by client.

Importing the package costs nothing; the floors are imported where they are needed:
`simflow.scenario` reads what a planner writes, `simflow.model` simulates it,
`simflow.measures` reads the event log, `simflow.experiment` repeats it, `simflow.results`
keeps it, `simflow.charts` draws it, and `simflow.cli` is the command line.
"""

from __future__ import annotations

__version__ = "0.3.0"
