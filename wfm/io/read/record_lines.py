"""On which line of a text file a call stands, where rows are blank or break within quotes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

_PIECE = 2**22
_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True)
class Lines:
    """Lines of a file whose breaks within quotes are no ends.

    Parameters
    ----------
    begin
        Line of the file on which each begins; shape (n,).
    blank
        Which of them hold nothing; shape (n,).
    """

    begin: np.ndarray
    blank: np.ndarray

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """Lines of the file for numbers that count breaks within quotes as nothing."""
        at = np.clip(np.asarray(numbers, dtype=np.int64) - 1, 0, len(self.begin) - 1)
        found: np.ndarray = self.begin[at]
        return found

    def of_rows(self, rows: np.ndarray, first: int, gone: np.ndarray) -> np.ndarray:
        """Lines of the file for rows that are counted from 1 on.

        Parameters
        ----------
        rows
            Shape (n,).
        first
            Line of the file on which the first row stands.
        gone
            Numbers, as `of` takes them, of lines that hold no row.
        """
        held = ~self.blank
        held[self.begin < first] = False
        held[np.clip(np.asarray(gone, dtype=np.int64) - 1, 0, len(held) - 1)] = False
        kept = np.flatnonzero(held)
        found: np.ndarray = self.begin[kept[np.minimum(np.asarray(rows), len(kept)) - 1]]
        return found


def find_lines(path: Path, *, quoted: bool = True) -> Lines:
    r"""The lines of a file, read piece by piece.

    Parameters
    ----------
    path
        Of the file.
    quoted
        Whether a break may stand within quotes; never in a file with a quote left over.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "calls.csv"
    ...     _ = file.write_text('a\n\n"b\nb"\nc\n')
    ...     lines = find_lines(file)
    >>> lines.begin.tolist(), lines.blank.tolist()
    ([1, 2, 3, 5], [False, True, False, False])
    """
    begins, sizes = [np.ones(1, dtype=np.int32)], []
    quotes, line, offset, last, mark = 0, 1, 0, -1, 0
    returns = False
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            held = np.frombuffer(piece, dtype=np.uint8)
            if not mark:
                mark = _CR if b"\r" in piece and b"\n" not in piece else _LF
                returns = b"\r\n" in piece
            outside = (np.cumsum(held == _QUOTE) + quotes) % 2 == 0 if quoted else True
            breaks = held == mark
            ends = np.flatnonzero(breaks & outside)
            begins.append((line + np.cumsum(breaks)[ends]).astype(np.int32))
            sizes.append(np.diff(ends + offset, prepend=last) - 1 - returns)
            quotes += int((held == _QUOTE).sum())
            line += int(breaks.sum())
            last = int(ends[-1]) + offset if len(ends) else last
            offset += len(held)
    if quoted and quotes % 2:
        return find_lines(path, quoted=False)
    blank = np.concatenate([*sizes, np.array([offset - 1 - last])]) <= 0
    begin = np.concatenate(begins)
    return Lines(begin, blank) if offset - 1 > last else Lines(begin[:-1], blank[:-1])
