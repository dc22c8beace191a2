"""Where the headings of a text file stand, what they are, and what separates its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import numpy as np

from wfm.core.errors import DataError
from wfm.io.read.layout import heading_row

_MOST_BREAKS = 6
SEPARATORS = (",", ";", "\t", "|")


def find_separator(lines: list[str]) -> str:
    r"""The separator that cuts the heading into most columns and the lines below alike.

    >>> find_separator(["start;offered;aht", "02.03.2026 08:00;12;301,5"])
    ';'
    """
    best, score = ",", (0.0, 0)
    for separator in SEPARATORS:
        counts = [_outside_quotes(line).count(separator) for line in lines]
        if counts and counts[0]:
            alike = float(np.mean([c == counts[0] for c in counts]))
            score, best = max((score, best), ((alike, counts[0]), separator))
    return best


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def no_headings(cells: list[str]) -> tuple[str, ...]:
    """The first line holds the headings, whatever its cells."""
    return tuple(cells[:0])


def name_columns(
    head: list[str],
    skipped: int,
    separator: str,
    headings_for: Callable[[list[str]], tuple[str, ...]],
    source: str,
) -> tuple[list[str], int, str]:
    """Headings by the first lines, the line that they stand in (-1: in none), the separator.

    Parameters
    ----------
    head, skipped
        The first lines, and how many blank ones stood before them.
    separator
        As given, or ``"auto"``.
    headings_for
        Headings of a file without any, by the cells of its first line.
    source
        Name of the file, for messages.

    Raises
    ------
    DataError
        The line holds no headings.

    Examples
    --------
    >>> name_columns(["Report", "start;offered", "2026-03-02 08:00;5"], 0, "auto", no_headings, "f")
    (['start', 'offered'], 1, ';')
    """
    top, separator = _heading(head, separator)
    heading = re.sub(rf"^#\s*(fields\s*(:|{re.escape(separator)})?\s*)?", "", head[top])
    if not heading.strip():
        message = (
            f"{source}: line {skipped + top + 1} holds no headings. Export it again, with one row "
            "of headings."
        )
        raise DataError(message)
    names = _cells(heading, separator)
    given = headings_for(names)
    if given:
        names, top = list(given), top - 1
    return names, top, separator


def _heading(head: list[str], separator: str) -> tuple[int, str]:
    """Which line holds the headings, and the separator.

    Titles above the headings have none of the separators, or cells that are no headings where a
    line below has some; ``sep=;`` names the separator for spreadsheets.
    """
    named = re.fullmatch(r"sep=(.)", head[0].strip()) if len(head) > 1 else None
    if named:
        return 1, named[1] if separator == "auto" else separator
    marks = SEPARATORS if separator == "auto" else (separator,)
    below = [i for i, line in enumerate(head[:20]) if any(m in line for m in marks)]
    top = below[0] if below else 0
    if separator == "auto":
        separator = find_separator([line for line in head[top:] if line.strip()])
    rows = [i for i in below if i >= top]
    return rows[heading_row([_cells(head[i], separator) for i in rows])] if rows else 0, separator


def _cells(line: str, separator: str) -> list[str]:
    rows = csv.reader(line.splitlines(keepends=True), delimiter=separator)
    return [" ".join(cell.split()) for cell in next(rows, [])]


def whole_lines(head: list[str]) -> tuple[list[str], list[int]]:
    r"""Lines with those put together that a quoted heading breaks, and of how many each is made.

    >>> whole_lines(['start;"Contacts', 'offered"', "2026-03-02 08:00;5"])
    (['start;"Contacts\noffered"', '2026-03-02 08:00;5'], [2, 1])
    """
    whole: list[str] = []
    depth: list[int] = []
    at = 0
    while at < len(head):
        most = head[at : at + _MOST_BREAKS]
        ends = [n for n in range(1, len(most) + 1) if "\n".join(most[:n]).count('"') % 2 == 0]
        depth.append(ends[0] if ends else 1)
        whole.append("\n".join(most[: depth[-1]]))
        at += depth[-1]
    return whole, depth
