"""A value to bytes and back without loss: a zip of Parquet parts and one JSON for the rest.

Nothing that is read is ever run: only the types of `TYPES` are made from what the JSON says.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from wfm.core.errors import DataError, WfmError
from wfm.core.types import Forecast, History, Requirement, Schedule, ServiceTarget, Violation

TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (History, Forecast, Requirement, Schedule, ServiceTarget, Violation)
}
AS_TEXT = {("History", "report")}
LARGE, PARTS = 2**20, 2  # rows from which on a frame is written in so many parts at once
_STILL = (1980, 1, 1, 0, 0, 0)  # the same value gives the same bytes at any hour


def encode(value: Any) -> bytes:
    """Bytes of a History, Forecast, Requirement, Schedule or frame.

    A frame keeps its columns, types, zones and index; `History.report` is kept as text.

    Raises
    ------
    DataError
        If something in the value has no lossless form.

    Examples
    --------
    >>> frame = pd.DataFrame({"wape": [0.12]}, index=["auto"])
    >>> decode(encode(frame)).equals(frame)
    True
    """
    parts: list[bytes] = []
    outline = json.dumps(_pack(value, parts), ensure_ascii=False, indent=1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("value.json", _STILL), outline)
        for i, part in enumerate(parts):
            archive.writestr(zipfile.ZipInfo(f"{i}.parquet", _STILL), part)
    return buffer.getvalue()


def decode(payload: bytes) -> Any:
    """The value that `encode` took.

    Raises
    ------
    WfmError
        If the bytes are damaged or come from a newer program.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return _unpack(json.loads(archive.read("value.json")), archive)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, OSError) as error:
        message = "the saved value is damaged. Restore a backup, or make it again."
        raise WfmError(message) from error


def _pack(value: Any, parts: list[bytes]) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, pd.DataFrame):
        labels = [_pack(label, parts) for label in value.columns]
        types = [str(dtype) for dtype in value.dtypes]
        first = len(parts)
        parts += _parquet_parts(value)
        numbers = first if len(parts) == first + 1 else list(range(first, len(parts)))
        return {"frame": numbers, "columns": labels, "types": types}
    if is_dataclass(value) and type(value).__name__ in TYPES:
        return {"type": type(value).__name__, "fields": _pack_fields(value, parts)}
    if isinstance(value, timedelta):
        return {"microseconds": value // timedelta(microseconds=1)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"map": [[_pack(k, parts), _pack(v, parts)] for k, v in value.items()]}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [_pack(item, parts) for item in value]}
    message = f"a {type(value).__name__} cannot be saved: {value!r}."
    raise DataError(message)


def _pack_fields(value: Any, parts: list[bytes]) -> dict[str, Any]:
    packed = {}
    for item in fields(value):
        content = getattr(value, item.name)
        if (type(value).__name__, item.name) in AS_TEXT and content is not None:
            content = str(content)
        packed[item.name] = _pack(content, parts)
    return packed


def _unpack(packed: Any, archive: zipfile.ZipFile) -> Any:
    if not isinstance(packed, dict):
        return packed
    if "frame" in packed:
        labels = [_unpack(label, archive) for label in packed["columns"]]
        numbers = packed["frame"] if isinstance(packed["frame"], list) else [packed["frame"]]
        parts = [archive.read(f"{number}.parquet") for number in numbers]
        return _frame(parts, labels, packed["types"])
    if "type" in packed:
        kind, content = TYPES.get(packed["type"]), packed["fields"]
        if kind is None or not set(content) <= {item.name for item in fields(kind)}:
            message = f"a {packed['type']} was saved by a newer program. Update wfm to open it."
            raise WfmError(message)
        return kind(**{name: _unpack(item, archive) for name, item in content.items()})
    ((tag, content),) = packed.items()
    if tag == "microseconds":
        return timedelta(microseconds=content)
    if tag == "date":
        return date.fromisoformat(content)
    if tag == "map":
        return {_unpack(k, archive): _unpack(v, archive) for k, v in content}
    items = [_unpack(item, archive) for item in content]
    return tuple(items) if tag == "tuple" else items


def _parquet_parts(frame: pd.DataFrame) -> list[bytes]:
    """A frame as Parquet: some of its columns in each part where it is large, written at once."""
    import pyarrow as pa

    numbered = frame.set_axis([str(i) for i in range(frame.shape[1])], axis=1)
    numbered.attrs = {}
    try:
        table = pa.Table.from_pandas(numbered)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        message = (
            "a column of the table mixes kinds of values and cannot be saved. Use one kind in "
            f"each. Detail: {error}"
        )
        raise DataError(message) from error
    if len(frame) < LARGE or not isinstance(frame.index, pd.RangeIndex):
        return [_parquet(table)]
    halves = [table.select(table.column_names[i::PARTS]) for i in range(PARTS)]
    with ThreadPoolExecutor(PARTS) as pool:
        return list(pool.map(_parquet, [half for half in halves if half.num_columns]))


def _parquet(table: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    stamps = [part.name for part in table.schema if pa.types.is_timestamp(part.type)]
    buffer = io.BytesIO()
    pq.write_table(
        table,
        buffer,
        compression="zstd",
        use_dictionary=[name for name in table.column_names if name not in stamps],
        column_encoding=dict.fromkeys(stamps, "DELTA_BINARY_PACKED"),  # a grid takes no room
        write_statistics=False,
    )
    return buffer.getvalue()


def _frame(parts: list[bytes], labels: list[Any], types: list[str]) -> pd.DataFrame:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(parts[0]))
    for part in parts[1:]:
        more = pq.read_table(io.BytesIO(part))
        for name in more.column_names:
            table = table.append_column(more.schema.field(name), more[name])
    if len(parts) > 1:
        table = table.select([str(i) for i in range(len(labels))])
    frame: pd.DataFrame = table.to_pandas()
    for i, kind in enumerate(types):
        if str(frame.dtypes.iloc[i]) != kind:
            frame[str(i)] = frame[str(i)].astype(pandas_dtype(kind))
    frame.columns = pd.Index(labels)
    return frame
