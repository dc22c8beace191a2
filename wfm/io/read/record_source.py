"""Call records as DuckDB sees them: a csv, a Parquet file, an open file or a frame."""

from __future__ import annotations

import codecs
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.foreign import reason
from wfm.io.read.cells import Raw
from wfm.io.read.record_words import NOTHING
from wfm.io.read.source import Source, frame_cells, refuse_foreign, source_name
from wfm.io.read.text import decode, read_text

if TYPE_CHECKING:
    import duckdb

HEAD_BYTES = 512 * 1024
HEAD_ROWS = 20_000
_CHUNK = 8 * 2**20
NOT_TEXT = "bytes that are not text"
_REJECTED = {
    "TOO MANY COLUMNS": "too many or too few cells",
    "MISSING COLUMNS": "too many or too few cells",
    "UNQUOTED VALUE": "a quote that is not closed",
    "INVALID ENCODING": NOT_TEXT,
}


@dataclass(frozen=True)
class Records:
    """A relation whose columns are called "0", "1", ..., and what its first rows hold.

    Parameters
    ----------
    connection
        Where it lives; its clock is UTC.
    relation
        What stands behind FROM.
    head
        Headings and first rows; `head.lines[0]` is the line of the first one.
    types
        Type of each column as DuckDB names it.
    text
        Whether it is a text file, whose cells are texts unless DuckDB is told otherwise.
    pattern
        The relation of a text file with gaps for the types of its columns and for the cells that
        hold nothing.
    in_cp1254
        The same as Turkish Windows, where no other than plain letters were met yet.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    head: Raw
    types: tuple[str, ...]
    text: bool
    pattern: str = ""
    in_cp1254: Callable[[], Records] | None = None

    def with_numbers(self, headings: list[str], *, every_nothing: bool) -> Records:
        """The same with columns read as numbers; other cells in them become rejected lines.

        Words for nothing that the first rows do not hold stay words unless `every_nothing`: each
        word that is looked for costs time.
        """
        at = {self.head.names.index(h) for h in headings}
        types = tuple("DOUBLE" if i in at else kind for i, kind in enumerate(self.types))
        if not self.text:
            return replace(self, types=types)
        held = {str(v) for column in self.head.cells for v in column.values}
        words = [w for w in NOTHING if every_nothing or not w or w in held]
        return replace(self, relation=_relation(self.pattern, types, words), types=types)

    @property
    def first_line(self) -> int:
        """Line of the first row."""
        return _first_row(self.head)

    def column(self, heading: str) -> str:
        """The column below a heading, quoted."""
        return f'"{self.head.names.index(heading)}"'

    def type_of(self, heading: str) -> str:
        """Its type."""
        return self.types[self.head.names.index(heading)]

    def table(self, query: str) -> Any:
        """Arrow table of a query."""
        return self.connection.sql(query).to_arrow_table()

    def forget_rejected(self) -> None:
        """Begin anew with the lines that are no rows."""
        for table in ("reject_errors", "reject_scans"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")

    def rejected(self) -> pd.DataFrame:
        """Lines that DuckDB could not cut into cells: `line problem value`, first to last."""
        names = ["line", "problem", "value"]
        if not self.text:
            return pd.DataFrame(columns=names)
        rows = self.connection.execute(
            "SELECT line, min(error_type::VARCHAR), min(csv_line) FROM reject_errors "
            "GROUP BY line ORDER BY line LIMIT 100000"
        ).fetchall()
        found = pd.DataFrame(rows, columns=names)
        found["problem"] = found["problem"].map(lambda kind: _REJECTED.get(kind, "unreadable"))
        found["value"] = found["value"].astype("str").str.strip()
        return found


@contextmanager
def opened(source: Source, *, encoding: str, separator: str, memory_mb: int) -> Iterator[Records]:
    """Open call records; temporary files go when it is closed.

    Raises
    ------
    DataError
        The file is missing, empty, broken, or of a kind that is not read.
    """
    import duckdb

    name = source_name(source)
    with tempfile.TemporaryDirectory(prefix="wfm-records-") as folder:
        connection = duckdb.connect()
        try:
            connection.execute(f"SET memory_limit = '{memory_mb}MB'")
            connection.execute(f"SET temp_directory = '{_quoted(Path(folder) / 'spill')}'")
            connection.execute("SET TimeZone = 'UTC'")
            if isinstance(source, pd.DataFrame):
                yield _frame(connection, source, name)
            else:
                path = _on_disk(source, name, Path(folder))
                head = _first_bytes(path)
                if head.startswith(b"PAR1"):
                    yield _parquet(connection, path, name)
                else:
                    yield _csv(connection, path, head, name, encoding, separator, Path(folder))
        except duckdb.Error as error:
            first = str(error).strip().split("\n")[0]
            message = (
                f"{name}: it cannot be read as a table of calls. Export it again as csv or "
                f"parquet. Detail: {first}"
            )
            raise DataError(message) from error
        finally:
            connection.close()


def _on_disk(source: Any, name: str, folder: Path) -> Path:
    """The file itself, or a copy of an open one; never a name that DuckDB takes for a pattern."""
    if not isinstance(source, str | Path):
        copy = folder / "calls"
        with copy.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)
        return copy
    path = Path(source)
    if not path.exists():
        message = f"{source}: there is no such file. Check its name and folder."
        raise DataError(message)
    if not path.is_file():
        message = f"{source}: it cannot be opened (it is not a file). Check the file."
        raise DataError(message)
    if any(mark in str(path) for mark in "*?["):
        copy = folder / "calls"
        shutil.copyfile(path, copy)
        return copy
    return path


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        message = f"{path}: it cannot be opened ({reason(error)}). Check the file."
        raise DataError(message) from error


def _csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    head: bytes,
    name: str,
    encoding: str,
    separator: str,
    folder: Path,
) -> Records:
    refuse_foreign(head, name)
    if head.startswith(b"PK\x03\x04"):
        message = f"{name}: it is a workbook. Save the sheet as csv and read that."
        raise DataError(message)
    whole = len(head) < HEAD_BYTES
    cut = head if whole else head[: _last_line(head)]
    _, found = decode(cut, name, encoding)
    raw = read_text(cut, name, encoding=encoding, separator=separator)
    open_yet = encoding == "auto" and found == "utf-8" and not whole and cut.isascii()
    again = partial(_csv, connection, path, head, name, "cp1254", separator, folder)
    if found != "utf-8":
        path = _in_utf8(path, found, folder / "calls.csv", name)
    if len(raw.lines) == 0 and not len(raw.ragged):
        message = f"{name}: it has headings and no rows. Export it again."
        raise DataError(message)
    first = _first_row(raw)
    options = (
        f"auto_detect=false, header=false, skip={first - 1}, delim='{_quoted(raw.separator)}', "
        "quote='\"', escape='\"', store_rejects=true, rejects_limit=100000"
    )
    pattern = f"read_csv('{_quoted(path)}', {options}, ".replace("{", "{{").replace("}", "}}")
    pattern += "nullstr=[{nothing}], columns={columns})"
    types = ("VARCHAR",) * len(raw.names)
    relation = _relation(pattern, types, NOTHING)
    return Records(
        connection, relation, raw, types, text=True, pattern=pattern,
        in_cp1254=again if open_yet else None,
    )  # fmt: skip


def _relation(pattern: str, types: tuple[str, ...], nothing: Sequence[str]) -> str:
    columns = ", ".join(f"'{i}': '{kind}'" for i, kind in enumerate(types))
    words = ", ".join(f"'{word}'" for word in nothing)
    return pattern.format(columns="{" + columns + "}", nothing=words)


def _last_line(head: bytes) -> int:
    """Where the last whole line of the first bytes ends, also of two-byte texts."""
    if b"\0" in head[:4096]:
        at = max(head.rfind(b"\n\0"), head.rfind(b"\0\n"))
        return at + 2 - at % 2 if at > 0 else len(head)
    return max(head.rfind(b"\n"), head.rfind(b"\r")) + 1 or len(head)


def _in_utf8(path: Path, encoding: str, copy: Path, name: str) -> Path:
    """A copy in UTF-8, made piece by piece."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file, copy.open("wb") as out:
            while chunk := file.read(_CHUNK):
                out.write(decoder.decode(chunk).encode("utf-8"))
            out.write(decoder.decode(b"", final=True).encode("utf-8"))
    except (UnicodeDecodeError, LookupError) as error:
        message = (
            f"{name}: it cannot be read as {encoding}. Save it as UTF-8, "
            "or name its encoding, for example encoding='cp1254'."
        )
        raise DataError(message) from error
    return copy


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> Records:
    return _typed(connection, f"read_parquet('{_quoted(path)}')", name)


def _frame(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, name: str) -> Records:
    import pyarrow as pa

    named = frame.set_axis([str(c) for c in frame.columns], axis=1)
    connection.register("calls_given", pa.Table.from_pandas(named, preserve_index=False))
    return _typed(connection, "calls_given", name)


def _typed(connection: duckdb.DuckDBPyConnection, relation: str, name: str) -> Records:
    """Records of a relation whose columns have names and types of their own."""
    first = connection.sql(f"SELECT * FROM {relation} LIMIT 100")
    names = [str(name).strip() for name in first.columns]
    types = tuple(str(kind) for kind in first.types)
    renamed = ", ".join(f'"{i}"' for i in range(len(names)))
    head = first.to_arrow_table()
    if head.num_rows == 0:
        message = f"{name}: it has headings and no rows. Export it again."
        raise DataError(message)
    raw = frame_cells(head.to_pandas(), name, first_line=1)
    raw = Raw(name, tuple(names), raw.cells, np.arange(1, 2), raw.ragged)
    return Records(connection, f"{relation} AS calls({renamed})", raw, types, text=False)


def _first_row(head: Raw) -> int:
    """Line of the first row, whole or ragged."""
    return int(min([*head.lines[:1], *head.ragged["row"].iloc[:1]]))


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
