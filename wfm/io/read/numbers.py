"""Numbers as people write them: decimal comma or point, grouped thousands, durations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta

import numpy as np
import pandas as pd

from wfm.core.errors import DataError

NOTHING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "<na>"})
_NO_MEAN = NOTHING | {"-", "--", "\u2013", "#div/0!"}  # what a mean of no contacts is shown as
_GROUPED = r"^[+-]?[1-9]\d{0,2}(?:%s\d{3})+$"
_PLAIN = r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$"
_CLOCK = r"^(\d+):([0-5]\d):([0-5]\d)$"
_SHORT_CLOCK = r"^(\d{1,2}):([0-5]\d)$"
_MEAN_S = (60.0, 3600.0)  # as minutes a mean handle time; as hours it would be 1 to 60 of them


def find_decimal(columns: Iterable[pd.Series], source: str) -> str:
    """Whether the numbers of a file have a decimal point or a decimal comma.

    Raises
    ------
    DataError
        They can be read both ways, such as 1.234 beside whole numbers.

    Examples
    --------
    >>> find_decimal([pd.Series(["12,5", "1.200"], dtype=object)], "calls.csv")
    ','
    """
    texts = [_texts(values) for values in columns]
    texts = [t[t.str.contains(r"[.,]", regex=True)] for t in texts]
    if all(len(t) == 0 for t in texts):
        return "."
    marked = pd.concat(texts)
    counts = {mark: marked.str.count(rf"\{mark}") for mark in ".,"}
    grouped = {mark: marked.str.match(_GROUPED % rf"\{mark}") for mark in ".,"}
    last_comma = marked.str.rfind(",") > marked.str.rfind(".")
    both = (counts["."] > 0) & (counts[","] > 0)
    comma = (both & last_comma & (counts[","] == 1)) | (
        (counts[","] == 1) & (counts["."] == 0) & ~grouped[","]
    )
    comma |= (counts["."] > 1) & (counts[","] == 0)
    point = (both & ~last_comma & (counts["."] == 1)) | (
        (counts["."] == 1) & (counts[","] == 0) & ~grouped["."]
    )
    point |= (counts[","] > 1) & (counts["."] == 0)
    if comma.sum() != point.sum():
        return "," if comma.sum() > point.sum() else "."
    shown = marked.iloc[0]
    message = (
        f"{source}: numbers such as {shown} can be read two ways. "
        "Say decimal='.' or decimal=',' to settle it."
    )
    raise DataError(message)


def _texts(values: pd.Series) -> pd.Series:
    """The texts among the values, without the spaces that group thousands."""
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return pd.Series([], dtype=object)
    texts = values[values.map(lambda v: isinstance(v, str)).astype(bool)].astype("str")
    return texts.str.strip().str.replace(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3})", "", regex=True)


def parse_numbers(
    values: pd.Series, decimal: str, *, clock_s: float | None = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers from the different cells of a column.

    Parameters
    ----------
    values
        Texts or numbers.
    decimal
        ``"."`` or ``","``; the other one may group thousands.
    clock_s
        Unit in which ``H:MM:SS``, and a time or a duration of a sheet, is told [s]; a dash or
        ``#DIV/0!`` is then nothing. None for a count, which neither of these can be.

    Returns
    -------
    tuple
        The numbers (NaN where there is none), and which cells hold something else; both of
        shape (n,).

    Examples
    --------
    >>> parse_numbers(pd.Series(["1.200,5", "abc", "NA"], dtype=object), ",")
    (array([1200.5,    nan,    nan]), array([False,  True, False]))
    >>> parse_numbers(pd.Series(["0:03:00"], dtype=object), ".", clock_s=60.0)[0]
    array([3.])
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return np.full(len(values), np.nan), np.ones(len(values), dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype(float).to_numpy()
        return np.where(np.isfinite(numbers), numbers, np.nan), np.isinf(numbers)
    if values.dtype == object and clock_s:
        values = values.map(lambda v: _told_in(clock_s, v))
    numbers = np.full(len(values), np.nan)
    kinds = [type(v) for v in values]
    native = np.array([issubclass(k, int | float | np.number) and k is not bool for k in kinds])
    native = native.astype(bool)
    if native.any():
        numbers[native] = values[native].astype(float)
    text = np.array([issubclass(k, str) for k in kinds], dtype=bool)
    wrong = ~native & ~text
    if text.any():
        found, bad = _from_texts(_texts(values), decimal, clock_s)
        numbers[text], wrong[text] = found, bad
    wrong |= np.isinf(numbers)
    return np.where(wrong, np.nan, numbers), wrong


def minutes_seconds(values: pd.Series) -> pd.Series | None:
    """Mean handle times written M:SS, with their hours; None where they may be anything else.

    Parameters
    ----------
    values
        The different cells of a column.

    Returns
    -------
    pandas.Series or None
        Texts H:MM:SS, where every cell that holds something is two numbers with a colon whose
        median would be an hour or more as hours and minutes, which no mean handle time is.

    Examples
    --------
    >>> minutes_seconds(pd.Series(["5:12", "-", "61:00"], dtype=object)).tolist()
    ['0:05:12', '-', '1:01:00']
    >>> minutes_seconds(pd.Series(["0:45", "0:50"], dtype=object)) is None
    True
    """
    texts = _texts(values)
    parts = texts.str.extract(_SHORT_CLOCK)
    timed = parts[0].notna()
    nothing = texts.str.lower().isin(_NO_MEAN)
    if len(texts) < len(values) or not timed.any() or not (timed | nothing).all():
        return None
    minutes = parts.loc[timed, 0].astype(int)
    median_s = float((60 * minutes + parts.loc[timed, 1].astype(int)).median())
    if not _MEAN_S[0] <= median_s <= _MEAN_S[1]:
        return None
    told = [f"{m // 60}:{m % 60:02}:{s}" for m, s in zip(minutes, parts.loc[timed, 1], strict=True)]
    found = texts.astype(object)
    found[timed] = told
    return found


def _told_in(unit_s: float, value: object) -> object:
    """A duration that a sheet shows as a time, in a unit; any other cell as it is."""
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 3) / unit_s
    return value


def _from_texts(
    texts: pd.Series, decimal: str, clock_s: float | None
) -> tuple[np.ndarray, np.ndarray]:
    other = "," if decimal == "." else "."
    grouped = texts.str.match(rf"^[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}})+(?:\{decimal}\d*)?$")
    plain = texts.where(~grouped, texts.str.replace(other, "", regex=False))
    if decimal == ",":
        plain = plain.where(~plain.str.contains(".", regex=False), "?")
        plain = plain.str.replace(",", ".", regex=False)
    fits = plain.str.match(_PLAIN)
    numbers = pd.to_numeric(plain.where(fits), errors="coerce").astype(float).to_numpy().copy()
    clock = texts.str.extract(_CLOCK)
    timed = clock[0].notna().to_numpy(dtype=bool)
    if timed.any() and clock_s:
        h, m, s = (pd.to_numeric(clock[i], errors="coerce").to_numpy(dtype=float) for i in range(3))
        numbers = np.where(timed, (h * 3600 + m * 60 + s) / clock_s, numbers)
    nothing = texts.str.lower().isin(_NO_MEAN if clock_s else NOTHING).to_numpy(dtype=bool)
    return numbers, np.isnan(numbers) & ~nothing
