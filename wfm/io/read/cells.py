"""A table as it stands in a file: its cells, not yet understood, and the line of each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Cells:
    """One column: the different values and, for each row, which of them it holds (-1: empty).

    A value that stands in a million rows is then understood once.
    """

    codes: np.ndarray
    values: pd.Series

    @classmethod
    def of(cls, column: pd.Series) -> Cells:
        """Cells of a column of a frame; texts that are blank count as empty."""
        if pd.api.types.is_numeric_dtype(column.dtype) or isinstance(
            column.dtype, pd.DatetimeTZDtype
        ):
            return cls(_present(column), column.reset_index(drop=True))
        if pd.api.types.is_datetime64_dtype(column.dtype):
            return cls(_present(column), column.reset_index(drop=True))
        codes, values = pd.factorize(column)
        uniques = pd.Series(np.asarray(values, dtype=object), dtype=object)
        return cls(codes.astype(np.int64), uniques).without_blanks()

    def without_blanks(self) -> Cells:
        """The same with cells that hold only spaces as empty."""
        blank = self.values.map(lambda v: isinstance(v, str) and not v.strip()).to_numpy(dtype=bool)
        if not blank.any():
            return self
        codes = self.codes.copy()
        held = codes >= 0
        codes[held] = np.where(blank[codes[held]], -1, codes[held])
        return Cells(codes, self.values)

    @property
    def empty(self) -> np.ndarray:
        """Which rows hold nothing; shape (rows,), bool."""
        return self.codes < 0

    @cached_property
    def used(self) -> np.ndarray:
        """Which of the different values any row holds; shape (values,), bool."""
        found = np.zeros(len(self.values) + 1, dtype=bool)  # the last one is that of empty rows
        found[self.codes] = True
        return found[:-1]

    @cached_property
    def full(self) -> bool:
        """Whether no row is empty."""
        return not len(self.codes) or bool(self.codes.min() >= 0)

    def spread(self, understood: np.ndarray, nothing: object) -> np.ndarray:
        """Values for each row from one for each different value; `nothing` where it is empty."""
        if len(understood) == 0:
            return np.full(len(self.codes), nothing, dtype=understood.dtype)
        found = np.asarray(understood[self.codes])  # that of an empty cell is taken back below
        if not self.full:
            found[self.empty] = nothing
        return found

    def shown(self, rows: np.ndarray) -> list[object]:
        """The cells of some rows, as found."""
        return [None if c < 0 else self.values.iloc[c] for c in self.codes[rows]]

    def take(self, rows: np.ndarray) -> Cells:
        """The same column with some of its rows."""
        return Cells(self.codes[rows], self.values)


def _present(column: pd.Series) -> np.ndarray:
    return np.where(column.isna().to_numpy(), -1, np.arange(len(column)))


@dataclass(frozen=True)
class Raw:
    """A table as it stands in a file.

    Parameters
    ----------
    source
        Name of the file, for messages.
    names, cells
        Headings in order and the column below each.
    lines
        Line of the file on which each row stands.
    ragged
        Lines with too many or too few cells, as `row` and `value`.
    encoding, separator, sheet
        What was found; empty where the format has none.
    """

    source: str
    names: tuple[str, ...]
    cells: tuple[Cells, ...]
    lines: np.ndarray
    ragged: pd.DataFrame
    encoding: str = ""
    separator: str = ""
    sheet: str = ""

    def column(self, name: str) -> Cells:
        """The column below a heading."""
        return self.cells[self.names.index(name)]

    def without_empty_rows(self) -> Raw:
        """The same without the rows that hold nothing at all."""
        if not self.cells:
            return self
        empty = np.ones(len(self.lines), dtype=bool)
        for column in self.cells:
            if column.full:
                return self
            empty &= column.empty
        if not empty.any():
            return self
        cells = tuple(c.take(~empty) for c in self.cells)
        return Raw(
            self.source,
            self.names,
            cells,
            self.lines[~empty],
            self.ragged,
            self.encoding,
            self.separator,
            self.sheet,
        )


def no_ragged() -> pd.DataFrame:
    """An empty list of ragged lines."""
    return pd.DataFrame({"row": pd.Series(dtype="int64"), "value": pd.Series(dtype="str")})
