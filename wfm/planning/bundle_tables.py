"""Tables of a project as csv files, with the type of each column told beside them."""

from __future__ import annotations

import csv
import io as streams
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from wfm import io
from wfm.core.errors import DataError

TYPES = "types.csv"
_NUMBER = re.compile(r"-?\d{1,18}(\.\d*)?(e[+-]?\d+)?")
_TEXTS = ("agent", "name", "team", "contract", "skill", "skills", "campaign", "queue", "queues",
          "component", "event", "reason")  # fmt: skip


def typed_table(
    file: streams.BytesIO, table: str, types: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    r"""A table as the project kept it; where that is not told, as its cells show.

    Parameters
    ----------
    file
        Its csv.
    table
        Its name.
    types
        Type of a column by table and column, as `type_of` told them.

    Raises
    ------
    DataError
        A line has too many or too few cells, or a cell is not of its column's type.

    Examples
    --------
    >>> file = streams.BytesIO(b"agent,cost_per_h\n007,12.5\n")
    >>> typed_table(file, "agents", {("agents", "agent"): "str"})["agent"].tolist()
    ['007']
    """
    if not file.getvalue().strip():
        return pd.DataFrame()
    told = [column for held, column in types if held == table]
    read = _as_written(file, told)
    if read is None:
        read = io.read_frame(file).reset_index(drop=True)
    typed = {}
    for name in map(str, read.columns):
        texts = pd.Series(["" if v is None or v != v else str(v) for v in read[name]], dtype="str")
        kind = types.get((table, name)) or _guessed(name, texts)
        try:
            typed[name] = _as(texts, kind)
        except (ValueError, TypeError) as error:
            message = (
                f"{file.name}: column {name!r} holds a cell that is no {kind}. Correct it, or take "
                f"its line out of {TYPES}."
            )
            raise DataError(message) from error
    return pd.DataFrame(typed)


def _as_written(file: streams.BytesIO, names: list[str]) -> pd.DataFrame | None:
    """The cells of a table that is as the project wrote it, empty rows too; None for any other."""
    try:
        text = file.getvalue().decode("utf-8")
        found = list(csv.reader(streams.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if not found or found[0] != names or any(len(row) != len(names) for row in found):
        return None
    texts = [[io.unguard(cell) for cell in row] for row in found[1:]]
    return pd.DataFrame(texts, columns=names, dtype="str")


def type_of(cells: pd.Series) -> str:
    """Type of a column; a ``?`` tells that its empty cells hold nothing rather than no letters.

    >>> type_of(pd.Series([1.5])), type_of(pd.Series(["a", None], dtype="str"))
    ('float64', 'str?')
    """
    words = cells.dtype == object or isinstance(cells.dtype, pd.StringDtype)
    return f"{cells.dtype}{'?' if words and cells.isna().any() else ''}"


def _as(texts: pd.Series, kind: str) -> pd.Series:
    plain, nothing = kind.removesuffix("?"), kind.endswith("?")
    if plain == "bool":
        return texts.map({"True": True, "False": False}).astype("bool")
    if plain == "str":
        return texts.where(texts != "", None) if nothing else texts
    if plain == "object":
        return pd.Series([None if nothing and not t else t for t in texts], dtype=object)
    if plain.startswith("datetime64"):
        moments = pd.to_datetime(texts.where(texts != ""), format="ISO8601")
        return moments.astype(pandas_dtype(plain))
    if plain.startswith("int"):
        return pd.Series([int(t) for t in texts], dtype=pandas_dtype(plain))
    return pd.Series([float(t) if t else np.nan for t in texts], dtype=pandas_dtype(plain))


def _guessed(name: str, texts: pd.Series) -> str:
    """Numbers where a column holds nothing else and is not one of names; whole ones for whole."""
    filled = [t for t in texts if t]
    if name in _TEXTS or not filled or not all(_NUMBER.fullmatch(t) for t in filled):
        return "str"
    whole = len(filled) == len(texts) and all(t.lstrip("-").isdigit() for t in texts)
    return "int64" if whole else "float64"
