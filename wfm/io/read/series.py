"""The queues of a file, and the series that are recorded each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from wfm.io.formula import unguard
from wfm.io.read.cells import Raw
from wfm.io.read.findings import Findings
from wfm.io.read.layout import Meaning, key
from wfm.io.read.layouts.base import Layout
from wfm.io.read.source import Source, source_name


def read_queues(
    raw: Raw, mapping: Mapping[str, Meaning], path: Source, findings: Findings
) -> tuple[np.ndarray, list[str]]:
    """Code of each row's queue (-1: none), and the names."""
    if "queue" not in mapping:
        stem = "" if isinstance(path, pd.DataFrame) else Path(source_name(path)).stem
        return np.zeros(len(raw.lines), dtype=np.int64), [stem or "queue"]
    cells = raw.column(mapping["queue"].column)
    texts = [
        str(int(v)) if isinstance(v, float) and v.is_integer() else unguard(str(v).strip())
        for v in cells.values
    ]
    codes, names = pd.factorize(np.asarray(texts, dtype=object))
    if not cells.full:
        heading = mapping["queue"].column
        findings.add(raw.lines[cells.empty], heading, "", "no queue", "row not taken", bad=True)
    held = np.unique(codes[cells.used])
    again = np.full(len(names), -1, dtype=np.int32)
    again[held] = np.arange(len(held))
    understood = again[codes]
    same = (understood == np.arange(len(understood))).all()
    return cells.codes if same else cells.spread(understood, -1), [str(names[i]) for i in held]


def read_series(
    raw: Raw, queue: np.ndarray, queues: list[str], kind: Layout
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Series that are recorded each on its own: code of each row, names, and queue of each."""
    parted = [n for n in raw.names if key(n) in {key(p) for p in kind.parts}]
    if not parted:
        return queue, queues, np.arange(len(queues))
    keys = pd.DataFrame({n: raw.column(n).codes for n in parted}).assign(_queue=queue)
    codes = keys.groupby(["_queue", *parted], sort=True).ngroup().to_numpy()
    first = pd.Series(codes).drop_duplicates().sort_values()
    of_series = queue[first.index.to_numpy()]
    if (of_series < 0).any():
        codes, of_series = codes - int((of_series < 0).sum()), of_series[of_series >= 0]
    return np.where(queue < 0, -1, codes), [queues[q] for q in of_series], of_series


def text_columns(raw: Raw, mapping: Mapping[str, Meaning]) -> list[str]:
    """Headings without a meaning whose first cells hold words."""
    used = {meaning.column for meaning in mapping.values()}
    cells = {name: raw.column(name).values for name in raw.names if name not in used}
    return [n for n, c in cells.items() if len(c) and any(x.isalpha() for x in str(c.iloc[0]))]
