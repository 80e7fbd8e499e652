"""Runs that are finished, kept on disk one by one, so that an interrupt loses none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simflow.errors import OutputError

Floats = NDArray[np.float64]
Add = Callable[[int, Floats | None], None]
"""Takes the number of a run and its measures; None for a point that made no valid scenario."""


class Rows:
    """Rows ``run, valid, measures``: a binary file while they are made, then Parquet.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    names : tuple of str
        The measures.

    Attributes
    ----------
    found : array, shape (runs, 2 + measures)
        What is there.

    Raises
    ------
    OutputError
        When what is there cannot be read.
    """

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._names, self._width = names, 2 + len(names)
        self._bin, self._whole = folder / "runs.bin", folder / "table.parquet"
        self.found = self._read()

    def _read(self) -> Floats:
        rows = np.empty((0, self._width))
        if self._whole.exists():
            import pyarrow
            import pyarrow.parquet as parquet

            try:
                table = parquet.read_table(self._whole, columns=["run", "valid", *self._names])
            except pyarrow.ArrowException:
                raise OutputError(
                    f"{self._whole}: is damaged; remove it to simulate its runs again, or choose "
                    "another folder with --out"
                ) from None
            rows = np.stack([column.to_numpy().astype(float) for column in table.columns], axis=1)
        if self._bin.exists():
            numbers = np.fromfile(self._bin)
            more = numbers[: len(numbers) // self._width * self._width].reshape(-1, self._width)
            more = more[more[:, 0] >= len(rows)]
            rows = np.concatenate([rows, more])
            rows[: len(rows)].tofile(self._bin)  # half a row of a killed process is dropped
        return rows

    @contextmanager
    def adding(self) -> Iterator[Add]:
        """Gives a function that adds a run."""
        new: list[Floats] = []
        with self._bin.open("ab") as file:

            def add(number: int, measures: Floats | None) -> None:
                empty = np.full(len(self._names), np.nan)
                row = np.concatenate(
                    [[number, measures is not None], empty if measures is None else measures]
                )
                row.tofile(file)
                file.flush()
                new.append(row)

            yield add
        self.found = np.concatenate([self.found, np.array(new, float).reshape(-1, self._width)])

    def keep(self, unknowns: Mapping[str, Floats]) -> None:
        """Write all runs with their unknowns, readable by anything that reads Parquet."""
        import pyarrow
        import pyarrow.parquet as parquet

        columns: dict[str, Any] = {
            "run": self.found[:, 0].astype(int),
            "valid": self.found[:, 1] > 0,
        }
        columns |= {f"unknown.{name}": values for name, values in unknowns.items()}
        for place, name in enumerate(self._names):
            columns[name] = self.found[:, 2 + place]
        partial = self._whole.with_suffix(".partial")
        parquet.write_table(pyarrow.table(columns), partial)
        partial.replace(self._whole)
        self._bin.unlink(missing_ok=True)
