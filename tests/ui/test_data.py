"""Data: a file becomes a history that a reload keeps, or a sentence beside the upload."""

import pandas as pd
import pytest

from wfm import io
from wfm.core.types import History
from wfm.ui.parts.quality import findings

MONDAY = pd.Timestamp("2026-03-02 09:00", tz="Europe/Istanbul")


def csv(rows: str) -> bytes:
    return rows.encode()


GOOD = csv(
    "start,queue,offered,aht_s\n"
    "2026-03-02 09:00,calls,12,200\n"
    "2026-03-02 09:30,calls,9,220\n"
    "2026-03-03 09:00,calls,x,200\n"
    "2026-03-03 09:30,calls,11,210\n"
)


def test_an_upload_is_saved_and_shown_again_after_a_reload(open_page, store):
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("calls.csv", GOOD, "text/csv")
    page.run()
    assert not page.app.exception
    assert page.figures()["Contacts offered"] == "32"
    history = store.load(store.latest("Empty", "history").id)
    assert history.frame["offered"].sum() == 32
    again = open_page("data", "Empty")
    assert again.figures()["Contacts offered"] == "32"
    assert "calls.csv" in again.said()


def test_rows_not_taken_are_listed_with_their_number(open_page, store):
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("calls.csv", GOOD, "text/csv")
    page.run()
    notes = store.table("Empty", "history_notes")
    assert notes[["row", "column", "value"]].to_numpy().tolist() == [[4, "offered", "x"]]


def test_the_same_numbers_as_the_function_gives(open_page, store, tmp_path):
    path = tmp_path / "calls.csv"
    path.write_bytes(GOOD)
    expected = io.read_history(path, time_zone="Europe/Istanbul", bad_rows="report")
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("calls.csv", GOOD, "text/csv")
    page.run()
    saved = store.load(store.latest("Empty", "history").id)
    pd.testing.assert_frame_equal(saved.frame, expected.frame)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 something", "PDF"),
        (csv("start,queue,calls_that_came\n2026-03-02 09:00,calls,3\n"), "offered"),
    ],
)
def test_a_bad_file_is_refused_beside_the_upload(open_page, store, content, told):
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("calls.csv", content, "text/csv")
    page.run()
    assert not page.app.exception
    assert told in page.app.error[0].value
    assert store.latest("Empty", "history") is None


def test_columns_can_be_mapped_by_hand_and_are_kept(open_page, store):
    page = open_page("data", "Empty")
    content = csv("start,queue,calls_that_came\n2026-03-02 09:00,calls,3\n")
    page.app.file_uploader[0].upload("calls.csv", content, "text/csv")
    page.run()
    page.field("selectbox", "Contacts offered").select("calls_that_came")
    page.run()
    assert not page.app.error
    assert page.figures()["Contacts offered"] == "3"
    assert store.settings("Empty")["history"]["columns"] == {"offered": "calls_that_came"}


def test_wrong_opening_hours_are_refused_and_the_saved_ones_stay(open_page, store):
    page = open_page("data", "Empty")
    page.field("text_input", "Opening hours").input("from nine to five")
    page.run()
    assert "opening hours" in page.app.error[0].value
    assert store.settings("Empty")["history"]["opening"] is None


def make(offered: list[float], **columns: list[float]) -> History:
    start = pd.date_range(MONDAY, periods=len(offered), freq="30min").as_unit("us")
    frame = pd.DataFrame({"start": start, "queue": "calls", "offered": offered})
    for column in ("answered", "abandoned", "aht_s"):
        frame[column] = columns.get(column, [float("nan")] * len(offered))
    return History(frame, (start[1] - start[0]).to_pytimedelta())


def test_unknown_intervals_and_impossible_counts_are_found():
    found = findings(make([1.0, float("nan"), 3.0], answered=[2.0, 0.0, 3.0]))
    assert dict(zip(found["check"], found["intervals"], strict=True)) == {
        "answered more than offered": 1,
        "no handle time although contacts were answered": 2,
        "unknown number of contacts": 1,
    }


def test_a_clean_history_has_no_findings():
    assert findings(make([1.0, 2.0], answered=[1.0, 2.0], aht_s=[200.0, 210.0])).empty


def test_calls_are_counted_and_tell_service_and_patience(open_page, store):
    minutes = [f"2026-03-{day:02d} 09:{minute:02d}:00" for day in (2, 3) for minute in range(40)]
    lines = ["ContactID,Queue_Name,Queue_EnqueueTimestamp,Queue_Duration,Abandoned,Talk"]
    for number, stamp in enumerate(minutes):
        lost = number % 10 == 0
        wait, talk = (60, "") if lost else (10, 200)
        lines.append(f"{number},calls,{stamp},{wait},{str(lost).lower()},{talk}")
    page = open_page("data", "Empty")
    page.field("selectbox", "One row is").select("call")
    page.run()
    page.app.file_uploader[0].upload("records.csv", "\n".join(lines).encode(), "text/csv")
    page.run()
    assert not page.app.exception
    assert not page.app.error
    assert page.figures()["calls"] == "90.0%"
    history = store.load(store.latest("Empty", "history").id)
    assert history.frame["offered"].sum() == 80
    page = open_page("requirement", "Empty")
    assert not page.app.exception
