"""The log hands over the numbers written, row by row, as arrays."""

from __future__ import annotations

import struct
from math import inf, nan

import numpy as np
import pytest

from simflow.model import EventLog, Keeper, Outcome
from simflow.model.log import TABLES

VISITS = [
    (0, 3, 1, -3.5, 0.0, 5, Outcome.COMPLETED, -1, 0, 2, 0),
    (12_345_678, 0, 2, 1 / 3, nan, inf, Outcome.ONGOING, 4, 1, 0, True),
]


def test_rows_arrive_as_written() -> None:
    """Whole numbers, times without an end and times that never came are the same numbers."""
    keeper = Keeper()
    log = EventLog(keeper)
    for row in VISITS:
        log.write("visits", row)
    log.close()
    np.testing.assert_array_equal(keeper.table("visits"), np.array(VISITS, np.float64))
    assert keeper.table("clients").shape == (0, len(TABLES["clients"]))


def test_part_of_a_number_in_a_column_of_whole_numbers_is_refused() -> None:
    """It would be the mistake of a service that writes its columns in another order."""
    log = EventLog(Keeper())
    log.write("sessions", (0, 1.0, 10, 8.5, 3))
    with pytest.raises(struct.error):
        log.close()
