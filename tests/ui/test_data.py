"""Data: a file becomes a history that a reload keeps, or a sentence beside the upload."""

import time
from pathlib import Path

import pandas as pd
import pytest

from wfm import io
from wfm.ui.pages import data


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


def test_handle_times_in_minutes_are_taken_as_such(open_page, store):
    page = open_page("data", "Empty")
    page.field("selectbox", "Handle times are in").select("min")
    page.run()
    rows = csv("start,queue,offered,AHT\n2026-03-02 09:00,calls,12,3.5\n")
    page.app.file_uploader[0].upload("calls.csv", rows, "text/csv")
    page.run()
    assert not page.app.exception
    assert page.figures()["AHT"] == "210 s"


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


def file_of(*volumes: object, day: str = "2026-03-02") -> bytes:
    start = pd.date_range(f"{day} 09:00", periods=len(volumes), freq="30min")
    rows = [f"{s:%Y-%m-%d %H:%M},calls,{v},{v},0,0" for s, v in zip(start, volumes, strict=True)]
    return csv("start,queue,offered,answered,abandoned,aht_s\n" + "\n".join(rows))


def take(page, data: bytes, name: str = "calls.csv"):
    page.app.file_uploader[0].upload(name, data, "text/csv")
    return page.run()


def test_a_finding_is_repaired_and_the_repair_taken_back(open_page, store):
    page = take(open_page("data", "Empty"), file_of(5, 6, 7))
    read = store.load(store.latest("Empty", "history").id)
    assert "AHT 0 with calls" in page.said()
    page.press("Forget the handle time")
    assert not page.app.exception
    assert store.load(store.latest("Empty", "history").id).frame["aht_s"].isna().all()
    assert store.changes("Empty")["reason"].iloc[0] == "repair: AHT 0 with calls, calls"
    again = open_page("data", "Empty")
    assert "Repairs made" in again.said()
    again.press("Take back")
    assert not again.app.exception
    latest = store.load(store.latest("Empty", "history").id)
    pd.testing.assert_frame_equal(latest.frame, read.frame)
    assert "Taken back: " in again.said()
    again.press("Repair again")
    assert store.load(store.latest("Empty", "history").id).frame["aht_s"].isna().all()
    again.press("Undo")
    latest = store.load(store.latest("Empty", "history").id)
    pd.testing.assert_frame_equal(latest.frame, read.frame)
    again.press("Redo")
    assert store.load(store.latest("Empty", "history").id).frame["aht_s"].isna().all()


DOUBLED = csv(
    "start,queue,offered,aht_s\n"
    "2026-03-28 09:00,calls,12,200\n"
    "2026-03-28 09:00,calls,12,200\n"
    "2026-03-29 02:30,calls,7,200\n"
    "2026-03-29 03:30,calls,5,200\n"
)


def test_what_reading_did_to_a_file_is_a_repair_like_any_other(open_page, store):
    settings = store.settings("Empty")
    settings["plan"]["time_zone"] = "Europe/Berlin"
    store.save_settings("Empty", settings)
    page = take(open_page("data", "Empty"), DOUBLED)
    assert not page.app.exception
    assert page.figures()["Contacts offered"] == "17"
    said = page.said()
    assert "Leave out: calls, Sun 29 Mar 2026 03:30, 1 intervals" in said
    assert "Count once: calls, Sat 28 Mar 2026 09:00, 1 intervals (doubled rows)" in said
    assert "Contacts: 24 became 12" in said
    assert "Contacts: 12 became 5" in said
    for label, contacts in (("Take back", "24"), ("Take back", "36"), ("Undo", "24")):
        page.press(label)
        assert page.figures()["Contacts offered"] == contacts
    take(open_page("data", "Empty"), DOUBLED, "again.csv")
    page = open_page("data", "Empty")
    assert page.figures()["Contacts offered"] == "24", "what was taken back stays so"


def test_a_night_is_shifted_by_the_minutes_that_the_planner_says(open_page, store):
    start = pd.date_range("2026-03-02", periods=14 * 48, freq="30min")
    rows = [f"{s:%Y-%m-%d %H:%M},calls,{40 if s.hour < 4 or s.hour > 20 else 2}" for s in start]
    page = take(open_page("data", "Empty"), csv("start,queue,offered\n" + "\n".join(rows)))
    first = store.load(store.latest("Empty", "history").id)
    box = page.field("number_input", "Minutes later")
    assert box.value in (-720, 720, -660, 660)
    box.set_value(-600)
    page.run()
    page.press("Shift by -600 min")
    assert not page.app.exception
    moved = store.load(store.latest("Empty", "history").id).frame
    assert moved["start"].iloc[0] == first.frame["start"].iloc[0] - pd.Timedelta(hours=10)
    page.press("Take back")
    assert store.load(store.latest("Empty", "history").id).equals(first)


def test_a_wrong_file_is_undone_with_its_notes(open_page, store):
    take(open_page("data", "Empty"), file_of(5, 6, 7))
    page = take(open_page("data", "Empty"), GOOD, "wrong.csv")
    assert "wrong.csv" in page.said()
    page.press("Undo")
    assert not page.app.exception
    assert page.figures()["Contacts offered"] == "18"
    assert "were not taken as they stand" not in page.said()


def test_newer_days_are_joined_and_never_counted_twice(open_page, store):
    take(open_page("data", "Empty"), file_of(5, 6, 7))
    for _ in range(2):
        page = take(open_page("data", "Empty"), file_of(8, 9, 4, day="2026-03-03"))
        assert not page.app.exception
        assert page.figures()["Contacts offered"] == "39"
    take(open_page("data", "Empty"), file_of(8, 9, 5, day="2026-03-03"))
    assert store.load(store.latest("Empty", "history").id).frame["offered"].sum() == 40


def test_repairs_stay_when_newer_days_come(open_page, store):
    take(open_page("data", "Empty"), file_of(5, 6, 7))
    open_page("data", "Empty").press("Forget the handle time")
    page = take(open_page("data", "Empty"), file_of(8, 9, 4, day="2026-03-03"))
    assert "Repairs made" in page.said()
    frame = store.load(store.latest("Empty", "history").id).frame
    assert frame["offered"].sum() == 39
    assert frame["aht_s"].isna().sum() == 3


def test_a_mapping_is_remembered_for_files_with_the_same_headings(open_page, store):
    ours = csv("start,queue,calls_that_came\n2026-03-02 09:00,calls,3\n")
    page = take(open_page("data", "Empty"), ours)
    page.field("selectbox", "Contacts offered").select("calls_that_came")
    page.run()
    other = take(open_page("data", "Empty"), file_of(5, 6, day="2026-03-04"))
    assert not other.app.error
    back = take(open_page("data", "Empty"), ours.replace(b"02 09:00,calls,3", b"05 09:00,calls,4"))
    assert not back.app.error
    assert back.figures()["Contacts offered"] == "18"


@pytest.mark.parametrize("name", [n for n in io.LAYOUTS if n != "contact_records"])
def test_a_file_of_each_system_is_taken_in_as_it_is(open_page, store, name):
    golden = next((Path(__file__).parent.parent / "io" / "golden").glob(f"{name}.*"))
    page = take(open_page("data", "Empty"), golden.read_bytes(), golden.name)
    assert not page.app.exception
    assert not page.app.error
    expected = io.read_history(golden, time_zone="Europe/Istanbul")
    saved = store.load(store.latest("Empty", "history").id)
    assert saved.frame["offered"].tolist() == expected.frame["offered"].tolist()


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


def ended(page, store):
    """Wait for the import's worker, and draw the page as its fragment would."""
    until = time.monotonic() + 60
    while not store.jobs("Empty", kind="import")[0].ended:
        assert time.monotonic() < until
        time.sleep(0.1)
    return page.run(), store.jobs("Empty", kind="import")[0]


def test_a_large_file_goes_through_a_worker_and_gives_the_same(open_page, store, monkeypatch):
    monkeypatch.setattr(data, "AT_ONCE", 10)
    page = open_page("data", "Empty")
    page.field("text_input", "Your name").input("Ayşe")
    page = take(page.run(), GOOD)
    assert not page.app.exception
    assert "is being taken in" in page.said() or store.jobs("Empty")[0].ended
    page, job = ended(page, store)
    assert (job.status, job.author) == ("done", "Ayşe")
    assert page.figures()["Contacts offered"] == "32"
    assert store.table("Empty", "history_notes")["value"].tolist() == ["x"]
    assert not list((store.file.parent / "uploads").glob("*")), "the upload is gone"
    for _ in range(2):
        page = page.run()
    assert len(store.jobs("Empty")) == 1, "read once"
    page = take(open_page("data", "Empty"), file_of(8, 9, 4, day="2026-03-04"), "newer.csv")
    page, job = ended(page, store)
    assert page.figures()["Contacts offered"] == "53"
    assert "newer.csv" in page.said()


def test_a_large_file_that_cannot_be_read_is_told_and_changes_nothing(
    open_page, store, monkeypatch
):
    monkeypatch.setattr(data, "AT_ONCE", 10)
    page = take(open_page("data", "Empty"), csv("start,queue,calls_that_came\n1,calls,3\n"))
    page, job = ended(page, store)
    assert job.status == "failed"
    assert "offered" in page.app.error[0].value
    assert store.latest("Empty", "history") is None
    assert not list((store.file.parent / "uploads").glob("*"))


def test_a_file_that_can_be_read_two_ways_is_settled_on_the_page(open_page, store):
    rows = "start,queue,offered,aht_s\n03.02.2026 08:00,a,1.234,200\n03.02.2026 08:30,a,1.300,200\n"
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("calls.csv", csv(rows), "text/csv")
    page.run()
    shown = " ".join(error.value for error in page.app.error)
    assert "*Decimal mark*: ." in shown
    assert "decimal=" not in shown
    next(box for box in page.app.selectbox if box.label == "Decimal mark").set_value(",")
    page.run()
    assert not page.app.error
    assert page.figures()["Contacts offered"] == "2,534"


def test_a_missing_column_is_asked_for_in_the_page_s_words(open_page):
    page = open_page("data", "Empty")
    page.app.file_uploader[0].upload("a.csv", csv("start,queue,Q17\n2026-03-02 09:00,a,3\n"), "")
    page.run()
    shown = " ".join(error.value for error in page.app.error)
    assert "*Columns*, offered: Q17" in shown
    assert "columns={" not in shown
