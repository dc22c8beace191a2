"""Volumes and handle times of the rows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from wfm.io.read.cells import Raw
from wfm.io.read.findings import Findings
from wfm.io.read.layout import TIMES, UNIT_S, Meaning
from wfm.io.read.numbers import find_decimal, minutes_seconds, parse_numbers

COUNTS = ("offered", "answered", "abandoned")
MORE = ("answered_within", "abandoned_within", "short_abandoned")
WAITS = ("wait_answered", "wait_abandoned")
_SHORT_AHT_S, _LONG_AHT_S = 15.0, 7200.0


@dataclass(frozen=True)
class Measures:
    """Numbers of every row (NaN unknown): counts, `handle_s` in all, `weight` contacts of it.

    Where a file has means, they stand as `aht_given_s` in place of `handle_s`.
    """

    numbers: Mapping[str, np.ndarray]
    decimal: str
    offered_column: str
    remarks: tuple[str, ...]

    def of(self, rows: slice | np.ndarray, unknown: np.ndarray) -> dict[str, np.ndarray]:
        """Numbers of some rows, or of all, all of them NaN where contradicted."""
        if isinstance(rows, slice) and not unknown.any():
            return dict(self.numbers)
        return {k: np.where(unknown, np.nan, v[rows]) for k, v in self.numbers.items()}

    def differ(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Whether rows hold other numbers than others do."""
        same = np.ones(len(rows), dtype=bool)
        for values in self.numbers.values():
            a, b = values[rows], values[others]
            same &= (a == b) | (np.isnan(a) & np.isnan(b))
        return ~same


def read_measures(
    raw: Raw,
    mapping: Mapping[str, Meaning],
    decimal: str,
    unit: str,
    findings: Findings,
    plus: Mapping[str, str] | None = None,
) -> Measures:
    """Counts and handle times; what is not a number or negative is noted and unknown.

    `plus` names further columns whose numbers are added to a count.
    """
    headings = {n: mapping[n].column for n in (*COUNTS, *MORE, *TIMES) if n in mapping}
    headings |= {f"{n} +": h for n, h in (plus or {}).items() if n in mapping and h in raw.names}
    cells = {name: raw.column(heading) for name, heading in headings.items()}
    if decimal == "auto":
        decimal = find_decimal([c.values for c in cells.values()], raw.source)
    units = {name: UNIT_S[mapping[name].unit or unit] for name in TIMES if name in mapping}
    clean: dict[str, np.ndarray] = {}
    remarks: list[str] = []
    for name, heading in headings.items():
        values = cells[name].values
        if name == "aht" and (with_hours := minutes_seconds(values)) is not None:
            first = next(text for text in values if ":" in text)
            remarks.append(f"{heading} is read as minutes and seconds, such as {first}.")
            values = with_hours
        numbers, wrong = parse_numbers(values, decimal, clock_s=units.get(name))
        negative = numbers < 0
        for kind, hit in (("not a number", wrong), ("negative", negative)):
            if not hit.any():
                continue
            at = np.flatnonzero(cells[name].spread(hit, nothing=False))
            what = "handle time unknown" if name in TIMES else "volume unknown"
            shown = cells[name].shown(at)
            findings.add(raw.lines[at], heading, shown, kind, what, bad=True)
        clean[name] = np.where(negative, np.nan, numbers)
    with ThreadPoolExecutor() as pool:
        spread = pool.map(lambda name: cells[name].spread(clean[name], np.nan), clean)
        found = dict(zip(clean, spread, strict=True))
    for name in [n for n in found if n.endswith(" +")]:
        found[name.removesuffix(" +")] += found.pop(name)
        remarks.append(f"{headings[name]} is added to {name.removesuffix(' +')}.")
    counts = {name: found[name] for name in COUNTS if name in found}
    offered_column = mapping["offered"].column if "offered" in mapping else ""
    if "offered" not in counts:
        counts["offered"] = counts["answered"] + counts["abandoned"]
        offered_column = f"{mapping['answered'].column} + {mapping['abandoned'].column}"
        remarks.append("Offered is answered plus abandoned.")
    seconds = {n: found[n] if by == 1 else found[n] * by for n, by in units.items()}
    waits = {f"{name}_s": seconds.pop(name) for name in WAITS if name in seconds}
    counts |= _handled(counts, seconds, remarks)
    counts |= waits | {name: found[name] for name in MORE if name in found}
    return Measures(counts, decimal, offered_column, tuple(remarks))


def _handled(
    counts: Mapping[str, np.ndarray], seconds: Mapping[str, np.ndarray], remarks: list[str]
) -> dict[str, np.ndarray]:
    """Handle time in all and the contacts it belongs to."""
    if not seconds:
        remarks.append("No handle time in the file: a plan needs an assumed one.")
        return {}
    weight = counts.get("answered")
    if weight is None and "abandoned" in counts:
        weight = np.maximum(counts["offered"] - counts["abandoned"], 0)
    if weight is None:
        weight = counts["offered"]
    if "aht" in seconds:
        given = {"aht_given_s": seconds["aht"]}
    elif "handle" in seconds:
        given = {"handle_s": seconds["handle"]}
    else:
        parts = [seconds[name] for name in ("talk", "hold", "wrap") if name in seconds]
        given = {"handle_s": np.sum(parts, axis=0)}
        names = " + ".join(name for name in ("talk", "hold", "wrap") if name in seconds)
        remarks.append(f"AHT is ({names}) / contacts handled.")
    if "aht" not in seconds and "answered" not in counts and "abandoned" not in counts:
        remarks.append(
            "No column of answered contacts: handle time is divided by the offered ones, "
            "which is too short where callers abandon."
        )
    mean = _mean(given, weight)
    if np.isnan(mean):
        known = ~np.isnan(weight) & ~np.isnan(next(iter(given.values())))
        mean = _mean({name: v[known] for name, v in given.items()}, weight[known])
    if mean < _SHORT_AHT_S:
        remarks.append(
            f"Mean handle time is {mean:.3g} s. If the file has minutes, say handle_unit='min'."
        )
    if mean > _LONG_AHT_S:
        remarks.append(
            f"Mean handle time is {mean:,.0f} s. If the file has milliseconds, say "
            "handle_unit='ms'."
        )
    return {"weight": weight} | given


def _mean(given: Mapping[str, np.ndarray], weight: np.ndarray) -> float:
    """Mean handle time [s]; NaN where there is no contact or anything is unknown."""
    contacts = weight.sum()
    if not contacts > 0:
        return np.nan
    total = given["handle_s"].sum() if "handle_s" in given else given["aht_given_s"] @ weight
    return float(total / contacts)
