"""Some hundred files that nobody should have to see, each made here from a seed."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator

import pandas as pd

HEAD = "start,queue,offered,answered,aht_s\n"


def lines(count: int = 12, *, stamp: str = "%Y-%m-%d %H:%M") -> list[str]:
    """Rows of a good file."""
    start = pd.date_range("2026-03-02 08:00", periods=count, freq="30min")
    return [f"{s:{stamp}},support,{20 + i},{18 + i},{180 + i}" for i, s in enumerate(start)]


def good(count: int = 12) -> str:
    return HEAD + "\n".join(lines(count)) + "\n"


CELLS = (
    "many", "-3", "inf", "-inf", "1e999", "nan%", "12abc", "1.2.3", "0x10", "½", "٣", "१२", "1 2",
    "=1+1", "#REF!", "#DIV/0!", "TRUE", "12:", ":30", "12;5", "€5", "5%", "--", "+", ".", ",",
    "1e-5e", "9" * 400, "\u200b5x", "null5", "<5>", "5\t6", "(5)", "5-", "NaN5", "Infinity",
)  # fmt: skip
STAMPS = (
    "2026-02-30 09:00", "2026-13-01 09:00", "2026-03-02 25:00", "2026-03-02 09:61", "0000-00-00",
    "soon", "2026-03-02", "09:00", "1e9", "31/04/2026 09:00", "2026-3-2T", "99999", "-1",
    "2026-W10-1 09:00", "March 2nd", "2026/03-02 9", "12026-03-02 09:00", "1899-12-31 09:00",
    "2500-01-01 09:00", "2026-03-02 09:00:00+99:00", "2026-03-02 09:00 Mars", "NaT",
)  # fmt: skip

NO_MEAN = ("--", "#DIV/0!")
"""What a report shows as the mean of no contacts: taken as unknown."""

MIDNIGHT = ("2026-03-02",)
"""Taken as the day's midnight, with a note."""


def changed(row: int, column: int, cell: str) -> str:
    """The good file with one other cell."""
    rows = [line.split(",") for line in lines()]
    rows[row][column] = f'"{cell}"' if any(c in cell for c in ',;\t"') else cell
    return HEAD + "\n".join(",".join(r) for r in rows) + "\n"


def corpus() -> Iterator[tuple[str, bytes, bool]]:
    """Name, bytes, and whether a message must say in which row the trouble is."""
    for column, name in ((2, "offered"), (3, "answered"), (4, "aht")):
        for number, cell in enumerate(CELLS):
            if name == "aht" and cell in NO_MEAN:
                continue
            yield f"{name} {number}", changed(5, column, cell).encode(), True
    for number, cell in enumerate(STAMPS):
        yield f"stamp {number}", changed(5, 0, cell).encode(), cell not in MIDNIGHT
    yield "no queue", changed(5, 1, "").encode(), True
    yield from _shapes()
    yield from _encodings()
    yield from _clocks()
    yield from _binaries()
    yield from _books()
    yield from _columnar()
    yield from _calls()
    yield from _torn()


def _shapes() -> Iterator[tuple[str, bytes, bool]]:
    for more in range(1, 12):
        yield f"{more} cells too many", (good() + f"x{',1' * (4 + more)}\n").encode(), True
    for fewer in range(1, 5):
        yield f"{fewer} cells too few", (good() + ",".join("x" * (5 - fewer)) + "\n").encode(), True
    for row in range(3, 10):
        rows = lines()
        rows[row] = f'"{rows[row]}'
        yield f"a quote left open in row {row}", (HEAD + "\n".join(rows) + "\n").encode(), True
    for mark in ";\t|":
        mixed = HEAD + "\n".join(lines()[:6] + [r.replace(",", mark) for r in lines()[6:]]) + "\n"
        yield f"half of it with {mark!r}", mixed.encode(), True
    for count in (1_000, 10_000, 100_000):
        names = ",".join(f"c{i}" for i in range(count))
        yield f"{count} columns", f"{names}\n{','.join('1' * count)}\n".encode(), False
        wide = "start,offered," + names
        yield f"{count} columns and a row", f"{wide}\n2026-03-02 08:00,many\n".encode(), True
    yield "a line of ten million letters", b"a" * 10_000_000, False
    yield "a cell of ten million letters", changed(5, 2, "7" * 10_000_000).encode(), True
    yield "headings only", HEAD.encode(), False
    yield "headings twice", (HEAD + good()).encode(), True
    yield "one heading twice", good().replace("aht_s", "offered", 1).encode(), False
    yield "a total below", (good() + "Total,,500,,\n").encode(), True
    yield "no headings", "\n".join(lines()).encode(), False
    for name, gone in (("stamps", "start"), ("volumes", "offered")):
        yield f"no {name}", good().replace(gone, "other", 1).encode(), False
    twice = HEAD + "\n".join([*lines(), lines()[4]])
    yield "a doubled row", twice.encode(), True
    yield (
        "a doubled row with other numbers",
        (HEAD + "\n".join([*lines(), lines()[4].replace("support,24", "support,99")])).encode(),
        True,
    )
    yield (
        "mixed dates",
        (HEAD + "\n".join([*lines(6), *lines(20, stamp="%d/%m/%Y %H:%M")[6:]])).encode(),
        True,
    )
    yield (
        "two orders of dates",
        (b"start,offered\n13/03/2026 08:00,1\n03/14/2026 08:30,2\n13/03/2026 09:00,4\n"),
        True,
    )
    yield "dates either way", b"start,offered\n02/03/2026 08:00,1\n02/03/2026 08:30,2\n", False
    yield "off the grid", changed(5, 0, "2026-03-02 10:37").encode(), True
    yield "far away", changed(5, 0, "1926-03-02 10:30").encode(), True
    yield "with and without offset", changed(5, 0, "2026-03-02 10:30+03:00").encode(), False
    yield (
        "numbers either way",
        (b"start,offered\n2026-03-02 08:00,1.234\n2026-03-02 08:30,2.500\n"),
        False,
    )
    daily = "\n".join(f"2026-03-{d:02d},support,{d},1,1" for d in range(1, 20))
    yield "days, not intervals", (HEAD + daily).encode(), False


def _encodings() -> Iterator[tuple[str, bytes, bool]]:
    bad = changed(5, 2, "çok")
    for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1254", "latin-1"):
        yield f"{name} with a bad cell", bad.encode(name), True
        yield f"{name} cut short", bad.encode(name)[:-1][:120], True
    for at in (0, 10, 60, 200):
        text = bytearray(good().encode())
        text[at] = 0
        yield f"NUL at {at}", bytes(text), False
        text[at] = 0xFF
        yield (
            f"0xFF at {at}",
            changed(5, 2, "x").encode()[:at] + b"\xff" + bad.encode("cp1254"),
            at > 0,
        )
    yield "half UTF-16, half UTF-8", good().encode("utf-16-le") + good().encode(), False
    yield "BOM twice", b"\xef\xbb\xbf\xef\xbb\xbf" + changed(5, 2, "x").encode(), True
    yield "utf-32", good().encode("utf-32"), False
    yield "ebcdic", good().encode("cp500"), False
    yield "only a BOM", b"\xef\xbb\xbf", False
    yield "only a wide BOM", b"\xff\xfe", False
    yield "odd bytes of UTF-16", good().encode("utf-16")[:-1], False


def _clocks() -> Iterator[tuple[str, bytes, bool]]:
    """Stamps in hours that the clock of Berlin skips or shows twice, with a bad cell below."""
    for day in ("2026-03-29", "2026-10-25"):
        stamps = pd.date_range(day, periods=12, freq="30min")
        rows = [f"{s:%Y-%m-%d %H:%M},support,{i},1,60" for i, s in enumerate(stamps)]
        twice = [*rows[:6], *rows[4:6], *rows[6:]]
        for name, kept in (("once", rows), ("twice", twice), ("three times", [*twice, *rows[4:6]])):
            bad = [*kept, f"{day} 06:00,support,many,1,60"]
            yield f"{day} {name}", (HEAD + "\n".join(bad)).encode(), True


def _binaries() -> Iterator[tuple[str, bytes, bool]]:
    chance = random.Random(1)
    for size in (1, 2, 3, 7, 100, 5_000):
        yield f"{size} random bytes", bytes(chance.randrange(256) for _ in range(size)), False
    for name, magic in {
        "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "PDF": b"%PDF-1.7\n",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "JPEG": b"\xff\xd8\xff\xe0",
        "gzip": b"\x1f\x8b\x08\x00",
        "database": b"SQLite format 3\x00",
        "parquet": b"PAR1",
        "zip": b"PK\x03\x04",
        "html": b"<html><body><table><tr><td>start</td></tr></table>",
        "xml": b'<?xml version="1.0"?><rows><row/></rows>',
        "json": b'{"start": ["2026-03-02 08:00"], "offered": [1]}',
        "7z": b"7z\xbc\xaf\x27\x1c",
        "bzip2": b"BZh91AY&SY",
    }.items():
        yield (
            f"a {name} called csv",
            magic + bytes(50) * (name not in ("html", "xml", "json")),
            False,
        )
    yield "nothing", b"", False
    yield "spaces", b" \n\t\n  ", False
    yield "newlines", b"\n" * 5_000, False
    yield "commas", b",,,,\n" * 500, False


def pack(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def workbook(cells: dict[str, list[object]]) -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(cells).to_excel(buffer, index=False)
    return buffer.getvalue()


def lying(data: bytes, declared: int) -> bytes:
    """A zip whose headers say that its biggest part unpacks to `declared` bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        biggest = max(archive.infolist(), key=lambda part: part.file_size)
    held = bytearray(data)
    local = biggest.header_offset
    held[local + 22 : local + 26] = struct.pack("<I", declared)
    name = biggest.filename.encode()
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(name))
    held[at + 24 : at + 28] = struct.pack("<I", declared)
    return bytes(held)


def corner(data: bytes) -> bytes:
    """The workbook with one more cell, in the last row and column that a sheet may have."""
    buffer = io.BytesIO()
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part).replace(b"</sheetData>", cell))
    return buffer.getvalue()


def _books() -> Iterator[tuple[str, bytes, bool]]:
    start = list(pd.date_range("2026-03-02 08:00", periods=12, freq="30min"))
    for number, cell in enumerate(("many", -3, float("inf"), "=1+1", "12abc", True, "1.2.3")):
        volumes: list[object] = [5] * 12
        volumes[6] = cell if cell != float("inf") else "inf"
        yield f"workbook {number}", workbook({"start": start, "offered": volumes}), number != 3
    for number, cell in enumerate(("soon", 45_000_000.5, "2026-02-30", None, -4)):
        stamps: list[object] = [str(s) for s in start]
        stamps[6] = cell
        yield f"workbook stamp {number}", workbook({"start": stamps, "offered": [5] * 12}), True
    whole = workbook({"start": start, "offered": [5] * 12})
    for part in range(1, 20):
        yield f"workbook cut at {part}/20", whole[: len(whole) * part // 20], False
    chance = random.Random(2)
    for number in range(40):
        torn = bytearray(whole)
        for _ in range(20):
            torn[chance.randrange(30, len(torn))] = chance.randrange(256)
        yield f"workbook torn {number}", bytes(torn), False
    sheet = b'<?xml version="1.0"?><worksheet><sheetData>' + b"<row><c/></row>" * 30_000_000
    bomb = pack(**{"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet})
    yield "zip bomb", bomb, False
    for declared in (0, 1_000, 50_000_000):
        yield f"zip bomb that says {declared}", lying(bomb, declared), False
        yield f"workbook that says {declared}", lying(whole, declared), False
    yield "far corner", corner(whole), False
    yield (
        "many parts",
        pack(**{"xl/workbook.xml": b"", **{f"p{i}": b"" for i in range(3000)}}),
        False,
    )
    yield "zip with a csv", pack(**{"calls.csv": good().encode()}), False
    yield "empty zip", b"PK\x05\x06" + bytes(18), False
    yield "workbook without sheets", pack(**{"xl/workbook.xml": b"<workbook/>"}), False
    yield "workbook of pictures", pack(**{"xl/workbook.xml": bytes(100)}), False


def _columnar() -> Iterator[tuple[str, bytes, bool]]:
    start = [str(s) for s in pd.date_range("2026-03-02 08:00", periods=12, freq="30min")]
    for number, cell in enumerate(("many", "-3", "inf", "")):
        volumes = ["5"] * 12
        volumes[6] = cell
        buffer = io.BytesIO()
        stamps = [*start[:8], "soon", *start[9:]]
        pd.DataFrame({"start": stamps, "offered": volumes}).to_parquet(buffer)
        yield f"parquet {number}", buffer.getvalue(), True
    buffer = io.BytesIO()
    pd.DataFrame({"start": pd.to_datetime(start), "offered": 5.0}).to_parquet(buffer)
    whole = buffer.getvalue()
    for part in range(1, 20):
        yield f"parquet cut at {part}/20", whole[: len(whole) * part // 20], False
    chance = random.Random(3)
    for number in range(40):
        torn = bytearray(whole)
        for _ in range(20):
            torn[chance.randrange(4, len(torn) - 4)] = chance.randrange(256)
        yield f"parquet torn {number}", bytes(torn), False


CALLS = "ContactID,Queue_Name,Queue_EnqueueTimestamp,Queue_Duration,Talk\n"


def calls(number: int, column: int, cell: str) -> bytes:
    rows = [[f"c{i}", "support", f"2026-03-02T08:{i:02d}:00Z", str(i), "60"] for i in range(30)]
    rows[number][column] = f'"{cell}"' if any(c in cell for c in ',;\t"') else cell
    return (CALLS + "\n".join(",".join(r) for r in rows) + "\n").encode()


def _calls() -> Iterator[tuple[str, bytes, bool]]:
    for number, cell in enumerate(c for c in CELLS if c not in ("--", "#REF!")):
        yield f"wait of a call {number}", calls(7, 3, cell), True
    for number, cell in enumerate(STAMPS):
        yield f"stamp of a call {number}", calls(7, 2, cell), True
    yield "calls ragged", calls(7, 3, "1") + b"c99,support,x\n", True
    yield "calls with a quote left open", calls(7, 3, "1") + b'c99,"support,x,1,1\n', True
    yield "calls with NUL", calls(7, 3, "1").replace(b"c9", b"c\x00"), False


def _torn() -> Iterator[tuple[str, bytes, bool]]:
    """Good text files with random bytes in them."""
    chance = random.Random(4)
    for number in range(60):
        torn = bytearray(good(40).encode())
        for _ in range(chance.randrange(1, 30)):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        yield f"text torn {number}", bytes(torn), False
