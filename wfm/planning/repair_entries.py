"""Repairs as what a version of a history keeps of them, and as a table of a project's zip."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any

import numpy as np
import pandas as pd

from wfm.core.columns import HISTORY
from wfm.core.errors import DataError
from wfm.io import PUTS, Repair, csv_bytes, unguard

KEPT = ("action", "queue", "minutes", "reason", "effect", "author", "stands")


def to_entry(one: Repair) -> dict[str, Any]:
    """A repair as JSON; its intervals and rows are packed, for they may be a hundred thousand.

    >>> at = pd.Timestamp("2026-03-02 08:00", tz="UTC")
    >>> entry = to_entry(Repair("unknown", "a", (at,), reason="outage"))
    >>> from_entry(entry).starts == (at,)
    True
    """
    starts = pd.DatetimeIndex(one.starts)
    cells: dict[str, Any] = {"starts": starts.as_unit("s").asi8.tolist()}
    if one.rows is not None:
        measures = one.rows.drop(columns="start")
        at_s = pd.DatetimeIndex(one.rows["start"]).as_unit("s").asi8
        cells["rows"] = {"start": at_s.tolist()} | {
            str(name): [None if np.isnan(v) else v for v in measures[name].tolist()]
            for name in measures.columns
        }
    kept = {name: getattr(one, name) for name in KEPT}
    at = None if one.at is None else one.at.isoformat()
    packed = zlib.compress(json.dumps(cells).encode())
    return {**kept, "at": at, "cells": b64encode(packed).decode()}


def from_entry(entry: Mapping[str, Any]) -> Repair:
    """The repair that `to_entry` took; also one of the first kind, with its starts as texts."""
    kept = {name: entry[name] for name in KEPT if name in entry}
    if "cells" not in entry:
        starts = pd.to_datetime(list(entry["starts"]), utc=True, format="ISO8601")
        return Repair(starts=tuple(starts), **kept)
    cells = json.loads(zlib.decompress(b64decode(entry["cells"])))
    rows = None
    if "rows" in cells:
        rows = pd.DataFrame(cells["rows"])
        measures = [name for name in rows.columns if name != "start"]
        rows = rows.assign(start=_utc(cells["rows"]["start"])).astype(
            dict.fromkeys(measures, "float64")
        )
    at = None if entry["at"] is None else datetime.fromisoformat(entry["at"])
    return Repair(starts=tuple(_utc(cells["starts"])), at=at, rows=rows, **kept)


def repairs_csv(repairs: Sequence[Repair], time_zone: str) -> bytes:
    """Repairs as csv: one row an interval, with what is put there where a repair says it."""
    parts = []
    for number, one in enumerate(repairs):
        starts = pd.DatetimeIndex(one.starts).tz_convert(time_zone)
        part = pd.DataFrame({"repair": number, "start": starts})
        for name in KEPT:
            part[name] = getattr(one, name)
        part["at"] = "" if one.at is None else one.at.isoformat()
        part["put"] = False
        if one.rows is not None:
            at = pd.DatetimeIndex(one.rows["start"]).tz_convert(time_zone)
            part = part.merge(one.rows.assign(start=at), on="start", how="left")
            part["put"] = part["start"].isin(at)
        parts.append(part)
    return csv_bytes(pd.concat(parts, ignore_index=True))


def read_repairs(file: IO[bytes], time_zone: str) -> tuple[Repair, ...]:
    """The repairs that `repairs_csv` wrote.

    Raises
    ------
    DataError
        It is not as the app wrote it.
    """
    measures = [name for name in HISTORY.names if name not in ("start", "queue")]
    texts = dict.fromkeys(("action", "queue", "reason", "effect", "author", "at"), "str")
    try:
        table = pd.read_csv(
            file, dtype=texts, keep_default_na=False, na_values={name: [""] for name in measures}
        )
        starts = pd.to_datetime(table["start"], format="ISO8601", utc=True)
        table["start"] = starts.dt.tz_convert(time_zone)
        for name in texts:
            table[name] = table[name].map(unguard)
        held = [name for name in measures if name in table]
        return tuple(_of(part, held) for _, part in table.groupby("repair", sort=True))
    except (ValueError, KeyError, pd.errors.ParserError) as error:
        message = "repairs.csv: it is not as the app wrote it. Export the project again."
        raise DataError(message) from error


def _of(part: pd.DataFrame, measures: list[str]) -> Repair:
    """The repair of which these are the intervals."""
    first = part.iloc[0]
    rows = None
    if first["action"] in PUTS:
        put = part["put"].astype(bool)
        rows = part.loc[put, ["start", *measures]].astype(dict.fromkeys(measures, "float64"))
    return Repair(
        action=first["action"],
        queue=first["queue"],
        starts=tuple(part["start"]),
        minutes=int(first["minutes"]),
        reason=first["reason"],
        effect=first["effect"],
        author=first["author"],
        at=datetime.fromisoformat(first["at"]) if first["at"] else None,
        rows=None if rows is None else rows.reset_index(drop=True),
        stands=bool(first["stands"]),
    )


def _utc(seconds: Sequence[int]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.array(seconds, dtype="datetime64[s]")).tz_localize("UTC")
