"""A project is one zip: out and in again it is the same, and ``wfm plan`` runs it."""

import io as streams
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.types import History, Schedule, Violation
from wfm.planning.bundle import export_project, project_files, project_zip
from wfm.planning.bundle_folder import FILES
from wfm.planning.bundle_in import import_project
from wfm.planning.demo import demo_centre
from wfm.planning.hand_out import write_demo
from wfm.planning.plan import plan_history
from wfm.planning.project_people import earlier_schedules, previous_schedule
from wfm.planning.settings import Settings, read_settings
from wfm.store import Store, open_store

ZONE = "Europe/Berlin"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "plans.db")


def history(seed: int = 0, zone: str = ZONE, first: str = "2026-10-20") -> History:
    """Nine days with both passes of a doubled hour, unknown days, and odd handle times."""
    start = pd.date_range(first, periods=9 * 48, freq="30min", tz=zone).as_unit("us")
    chance = np.random.default_rng(seed)
    offered = chance.poisson(9, len(start)).astype(float)
    frame = pd.DataFrame({"start": start, "queue": '=calls, "new"', "offered": offered})
    frame["answered"] = np.floor(offered * 0.9)
    frame["abandoned"] = frame["offered"] - frame["answered"]
    frame["aht_s"] = np.where(
        frame["answered"] > 0, chance.random(len(start)) * 300 + 1 / 3, np.nan
    )
    frame.loc[48:95, ["offered", "answered", "abandoned", "aht_s"]] = np.nan
    return History(frame, timedelta(minutes=30))


def project(store: Store) -> int:
    chosen = Settings()
    chosen.plan.name, chosen.plan.time_zone, chosen.plan.currency = "Büro, Köln", ZONE, "EUR"
    chosen.history.columns = {"offered": "Anrufe"}
    chosen.history.rows, chosen.history.decimal, chosen.history.source_zone = "call", ",", "UTC"
    chosen.staff.shrinkage = 0.123456789012345678
    made = store.create_project("Büro, Köln", chosen.model_dump(mode="json")).id
    tables = {
        "agents": pd.DataFrame({"agent": ["007", "8"], "name": ["=Ada", "O'Neil, \"Bo\""],
                                "contract": "full", "skills": "calls|mail",
                                "cost_per_h": [0.1 + 0.2, np.nan]}),
        "contracts": pd.DataFrame({"contract": ["full"], "shift_min": [480], "paid_min": [450.0],
                                   "starts": ["07:00-10:00, 30"], "max_days_week": [5]}),
        "shifts": pd.DataFrame({"contract": ["full"], "shift": ["short"], "shift_min": [240]}),
        "shrinkage": pd.DataFrame({"component": ["sick"], "share": ["5 %"], "placed": ["no"]}),
        "edits": pd.DataFrame({"from": ["2026-11-01"], "to": [None], "change": ["+10 %"]}),
        "locks": pd.DataFrame({"agent": ["007"], "day": ["2026-11-02"], "shift": ["off"]}),
        "history_notes": pd.DataFrame({"row": [4], "value": ["-3"], "problem": ["negative"]}),
    }  # fmt: skip
    for name, frame in tables.items():
        store.save_table(made, name, frame)
    store.save(made, "history", history())
    return made


def same(store: Store, one: int, other: int) -> None:
    assert store.settings(one) == store.settings(other)
    assert store.tables(one) == store.tables(other)
    for name in store.tables(one):
        pd.testing.assert_frame_equal(store.table(one, name), store.table(other, name))
    versions = [store.latest(number, "history") for number in (one, other)]
    a, b = (store.load(version.id) for version in versions if version)
    pd.testing.assert_frame_equal(a.frame, b.frame, check_exact=True)
    assert a.interval == b.interval
    assert a.time_zone == b.time_zone


def test_a_project_comes_back_as_it_was_to_the_last_digit(store: Store, tmp_path: Path) -> None:
    one = project(store)
    file = export_project(store, one, tmp_path / "plan.zip")
    info = import_project(store, file, author="ayse")
    assert info.name == "Büro, Köln 2"
    same(store, one, info.id)
    inside = [zipfile.ZipFile(streams.BytesIO(project_zip(store, n))) for n in (one, info.id)]
    held = [{Path(n).name: z.read(n) for n in z.namelist()} for z in inside]
    assert held[0] == held[1]
    assert store.changes(info.id)["reason"].iloc[0] == "import of plan.zip"


def test_the_same_project_gives_the_same_bytes(store: Store) -> None:
    one = project(store)
    assert project_zip(store, one) == project_zip(store, one)


def before(first: date) -> Schedule:
    """A week of one agent, as a solver would have made it."""
    start = pd.DatetimeIndex([f"{first + timedelta(days=d)} 08:00" for d in range(6)]).tz_localize(
        ZONE
    )
    frame = pd.DataFrame({"agent": "007", "start": start, "activity": "inbound", "queue": "calls"})
    frame["end"] = frame["start"] + pd.Timedelta("7h45min")
    coverage = pd.DataFrame({"start": start, "queue": "calls", "required": 1.0, "scheduled": 1.0})
    coverage[["under", "over"]] = 0.1 + 0.2
    outbound = pd.DataFrame({"campaign": ["x"], "target_h": [1.5], "placed_h": [1 / 3]})
    totals = pd.DataFrame({"agent": ["007"], "name": ["=Ada"], "team": [""], "paid_h": [46.5]})
    return Schedule(
        frame, timedelta(minutes=15), first, 7, "feasible", "time", 1 / 3, 0.1, 0.1, {"cover": 0.1},
        coverage, outbound.assign(blocks=1), totals.assign(days=6, cost=0.0), 3.0, 0,
        (Violation("rest", "7 h, least 11 h", "007", "Tue"),),
    )  # fmt: skip


def test_the_schedule_of_the_days_before_goes_along(store: Store, tmp_path: Path) -> None:
    one = project(store)
    chosen = store.settings(one)
    chosen["schedule"]["first_day"] = "2026-11-09"
    store.save_settings(one, chosen)
    for first in (date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)):
        store.save(one, "schedule", before(first))
    info = import_project(store, export_project(store, one, tmp_path / "plan.zip"))
    same(store, one, info.id)
    (version,) = store.versions(info.id, "schedule")
    assert store.load(version.id).equals(before(date(2026, 11, 2)))
    carried = previous_schedule(store, info.id, date(2026, 11, 9))
    assert carried is not None
    assert carried.first_day == date(2026, 11, 2)
    assert {Path(n).name for n in zipfile.ZipFile(tmp_path / "plan.zip").namelist()} >= {
        "previous.json"
    }
    again = export_project(store, info.id, tmp_path / "again.zip")
    held = [
        {Path(n).name: z.read(n) for n in z.namelist()}
        for z in (zipfile.ZipFile(tmp_path / "plan.zip"), zipfile.ZipFile(again))
    ]
    assert held[0] == held[1]


def test_the_week_before_is_found_behind_any_number_of_newer_versions(store: Store) -> None:
    one = project(store)
    first = [date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]
    store.save(one, "schedule", before(first[0]))
    kept = store.save(one, "schedule", before(first[1]))
    for seed in range(30):
        store.save(one, "schedule", replace(before(first[2]), seed=seed))
    found = previous_schedule(store, one, first[2])
    assert found is not None
    assert found.first_day == first[1]
    earlier = earlier_schedules(store, one, first[2])
    assert [schedule.first_day for schedule in earlier] == first[:2]
    store.set_state(kept.id, "withdrawn")
    assert previous_schedule(store, one, first[2]) is None
    assert [schedule.first_day for schedule in earlier_schedules(store, one, first[2])] == first[:1]


def test_without_a_day_to_plan_the_newest_schedule_goes_along(store: Store) -> None:
    one = project(store)
    assert "previous.json" not in project_files(store, one)
    store.save(one, "schedule", before(date(2026, 10, 26)))
    assert "previous.json" in project_files(store, one)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cells=st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=9),
        min_size=1,
        max_size=4,
    ),
    numbers=st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=4, max_size=4),
)  # fmt: skip
def test_any_table_comes_back(store: Store, cells: list[str], numbers: list[float]) -> None:
    made = store.create_project(f"p{len(store.projects())}", Settings().model_dump(mode="json")).id
    texts = [c.strip() for c in cells]
    frame = pd.DataFrame({"agent": "a", "name": texts, "cost_per_h": numbers[: len(texts)]})
    store.save_table(made, "agents", frame)
    again = import_project(store, streams.BytesIO(project_zip(store, made)))
    pd.testing.assert_frame_equal(store.table(again.id, "agents"), store.table(made, "agents"))


def test_wfm_plan_reads_the_history_of_the_zip(store: Store, tmp_path: Path) -> None:
    one = project(store)
    whole = history(first="2026-06-01")
    store.save(one, "history", whole)
    for name, data in project_files(store, one).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    plan = read_settings(tmp_path / "plan.toml")
    from wfm.core.calendars import Calendar

    read = plan_history(plan, tmp_path, Calendar())
    pd.testing.assert_frame_equal(read.frame, whole.frame, check_exact=True)


@pytest.mark.parametrize("name_of", [Path, lambda file: file.parent], ids=["plan.toml", "folder"])
def test_a_plan_folder_made_by_hand_is_taken_in(store: Store, tmp_path: Path, name_of) -> None:
    file = write_demo(tmp_path / "demo", agents=10)
    info = import_project(store, name_of(file))
    version = store.latest(info.id, "history")
    assert version is not None
    centre = demo_centre(10)
    pd.testing.assert_frame_equal(store.load(version.id).frame, centre.history.frame)
    assert set(store.tables(info.id)) <= set(FILES)
    assert store.settings(info.id)["people"]["agents"] is None


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no zip"),
        (b"PK\x03\x04 broken", "no zip"),
        (b"start,offered\n", "no zip"),
    ],
)
def test_what_is_no_zip_is_told(store: Store, data: bytes, told: str) -> None:
    with pytest.raises(DataError, match=told):
        import_project(store, streams.BytesIO(data))
    assert store.projects() == []


def packed(**files: str) -> streams.BytesIO:
    buffer = streams.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"notes_txt": "x"}, "no plan.toml in it"),
        ({"plan_toml": "[history]\nfile = 'calls.csv'\n"}, "names calls.csv, which is not there"),
        ({"plan_toml": "[plan]\ncolour = 1\n"}, "colour: not known"),
        ({"plan_toml": "[people]\nagents = 'agents.csv'\n", "agents_csv": "a,b\n1\n"},
         "line 2 has too many or too few cells"),
        ({"plan_toml": "[history]\nfile = 'calls.csv'\n", "calls_csv": "start,offered\nsoon,1\n"},
         "not a date"),
        ({"plan_toml": "[people]\nagents = '../../etc/passwd'\n"}, "which is not there"),
    ],
)  # fmt: skip
def test_a_zip_that_cannot_be_read_leaves_nothing(store: Store, files: dict, told: str) -> None:
    with pytest.raises(DataError, match=told):
        import_project(store, packed(**files))
    assert store.projects() == []


def test_a_save_that_fails_half_way_leaves_no_project(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = project_zip(store, project(store))

    def full(*_: object, **__: object) -> None:
        message = "the disk is full"
        raise DataError(message)

    monkeypatch.setattr(store, "save", full)
    with pytest.raises(DataError, match="the disk is full"):
        import_project(store, streams.BytesIO(data))
    assert len(store.projects()) == 1
