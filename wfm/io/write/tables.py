"""Any table to a file: csv, parquet or a sheet."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Forecast, History, Requirement
from wfm.io.write.atomic import write_bytes
from wfm.io.write.csv_table import csv_bytes


def write_table(table: pd.DataFrame | History | Forecast | Requirement, path: str | Path) -> Path:
    """Write a frame, or that of a history, forecast or requirement, to csv or parquet.

    Both are read back without loss: parquet keeps the zone of the stamps; csv writes stamps with
    their offset and names the zone in a last column `time_zone`, which the readers know.

    Parameters
    ----------
    table
        What to write.
    path
        Ends in ``.csv`` or ``.parquet``.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    DataError
        Another suffix, or it cannot be saved: a file of that name is then unchanged.
    """
    frame = table if isinstance(table, pd.DataFrame) else table.frame
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".csv":
        return write_bytes(target, csv_bytes(frame))
    if suffix == ".parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return write_bytes(target, buffer.getvalue())
    message = (
        f"{target.name}: tables are written as .csv or .parquet. Choose one of these suffixes."
    )
    raise DataError(message)
