"""What a layout of an ACD's export is: its headings, and what cannot be seen from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.io.read.cells import Raw
from wfm.io.read.layout import key, split_unit


def as_it_is(raw: Raw) -> Raw:
    """The cells of a file that needs no change."""
    return raw


def no_row(cells: list[str]) -> bool:
    """A layout with headings has no row that could stand for them."""
    return not cells


@dataclass(frozen=True)
class Layout:
    """One export as a system writes it.

    Parameters
    ----------
    name, title
        For `read_history(layout=)` and for people.
    marks
        Headings that together show the layout; case, spaces and marks do not count.
    columns
        Meaning (a time with its unit) to its headings, the surest first.
    parts
        Headings whose values split one queue's interval into several rows, to be added up.
    plus
        Meaning to a heading whose numbers are added to it.
    source_zone, zone_column
        Zone of the stamps, or the heading of a column that names it.
    headings, is_row
        Of files without headings: what they would be, and whether cells are such a row.
    prepare
        Changes cells that no reader could take as they stand.
    one_a_call
        Whether the rows are calls, not intervals.
    """

    name: str
    title: str
    marks: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    parts: tuple[str, ...] = ()
    plus: Mapping[str, str] = field(default_factory=dict)
    source_zone: str | None = None
    zone_column: str = ""
    headings: tuple[str, ...] = ()
    is_row: Callable[[list[str]], bool] = no_row
    prepare: Callable[[Raw], Raw] = as_it_is
    one_a_call: bool = False

    def fits(self, names: tuple[str, ...]) -> bool:
        """Whether headings are those of the layout."""
        return {key(m) for m in self.marks} <= {key(n) for n in names}

    def by_hand(self, raw: Raw, given: Mapping[str, str] | None) -> dict[str, str]:
        """Meaning to heading for a file: as given, else as the layout has it."""
        known = {key(n): n for n in reversed(raw.names)}
        taken = {split_unit(name)[0] for name in given or {}}
        found = dict(given or {})
        for name, candidates in self.columns.items():
            here = [known[key(c)] for c in candidates if key(c) in known]
            if here and split_unit(name)[0] not in taken:
                found[name] = here[0]
        return found

    def zone_of(self, raw: Raw, given: str | None) -> str | None:
        """Zone of the stamps: as given, as a column names it, or as the layout has it.

        Raises
        ------
        DataError
            The column names several zones, or one that is not an IANA zone.
        """
        if given is not None or not self.zone_column:
            return given or self.source_zone
        held = next((n for n in raw.names if key(n) == key(self.zone_column)), None)
        if held is None:
            return self.source_zone
        cells = raw.column(held)
        used = cells.values.iloc[np.unique(cells.codes[~cells.empty])]
        names = sorted({str(v).strip() for v in used})
        if len(names) != 1:
            shown = ", ".join(names[:3]) or "no zone"
            message = (
                f"{raw.source}: column {held!r} names {shown}. "
                "Say in which zone its times are, for example source_zone='Europe/Istanbul'."
            )
            raise DataError(message)
        try:
            zone(names[0])
        except DataError as error:
            message = (
                f"{raw.source}: column {held!r} names {names[0]!r}, which is no IANA zone. "
                "Say which one is meant, for example source_zone='America/New_York'."
            )
            raise DataError(message) from error
        return names[0]
