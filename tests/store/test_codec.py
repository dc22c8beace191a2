import io
import zipfile
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError, WfmError
from wfm.core.intervals import day_grid
from wfm.core.types import Forecast, History, Requirement, Schedule, ServiceTarget, Violation
from wfm.store import codec
from wfm.store.codec import decode, encode

HALF_HOUR = timedelta(minutes=30)
BERLIN = "Europe/Berlin"
CLOCKS_BACK = date(2026, 10, 25)


def grid(queues: tuple[str, ...] = ("sales", "çağrı 📞")) -> pd.DataFrame:
    """Three days around the end of summer time: 48, 50 and 48 half hours for each queue."""
    start = day_grid(CLOCKS_BACK - timedelta(days=1), 3, HALF_HOUR, BERLIN)
    parts = [pd.DataFrame({"start": start, "queue": queue}) for queue in sorted(queues)]
    return pd.concat(parts, ignore_index=True)


def history(**changes: Any) -> History:
    offered = np.arange(len(grid()), dtype=float)
    offered[3] = np.nan
    columns = {"offered": offered, "answered": np.nan, "abandoned": 0.0, "aht_s": 1 / 3}
    return History(grid().assign(**columns | changes), HALF_HOUR, report="read 2 rows")


def forecast() -> Forecast:
    frame = grid().assign(volume=1.5, volume_q10=np.nan, volume_q90=2.5, aht_s=np.nan)
    levels = (0.1, 0.5, 0.9)
    day = pd.Series(pd.to_datetime(["2026-10-24", "2026-10-25"])).astype("datetime64[us]")
    days = pd.DataFrame({"day": day, "queue": "sales", "volume": 7.5})
    edits = frame.head(2)[["queue", "start"]].assign(volume_before=1.0, volume=1.5, edit="+50 %")
    return Forecast(
        frame,
        HALF_HOUR,
        bands=pd.DataFrame({level: np.full(len(frame), level) for level in levels}),
        day_bands=days.join(pd.DataFrame({v: [v, v] for v in levels})),
        model={"sales": "auto", "çağrı 📞": "seasonal_mean"},
        edits=edits,
    )


def requirement() -> Requirement:
    targets = {
        "sales": ServiceTarget(0.8, within_s=20),
        "çağrı 📞": ServiceTarget(asa_s=30.5, variant="sl_handled"),
    }
    frame = grid().assign(load=0.1, agents=2, scheduled=3, assumed="aht_s|patience_s")
    return Requirement(frame, HALF_HOUR, targets, "erlang_a")


def schedule() -> Schedule:
    start = grid()["start"]
    blocks = pd.DataFrame(
        {
            "agent": ["a1", "a1", "Ünal"],
            "start": start.iloc[[0, 4, 52]].array,
            "end": start.iloc[[4, 6, 54]].array,
            "activity": ["inbound", "lunch", "outbound"],
            "queue": ["sales", "", "survey"],
        }
    )
    return Schedule(
        blocks,
        HALF_HOUR,
        first_day=date(2026, 10, 24),
        days=3,
        status="nearest",
        stopped_by="cancel",
        objective=np.float64(120.25),  # engines hand over numpy's numbers
        bound=float("-inf"),
        min_labour=80.0,
        terms={"labour": 0.1 + 0.2, "short": 12},
        coverage=grid().assign(required=3, scheduled=2, under=1, over=0),
        outbound=pd.DataFrame({"campaign": ["survey"], "target_h": [9.0], "placed_h": [1.0]}),
        totals=pd.DataFrame({"agent": ["a1"], "name": ["Ada"], "paid_h": [8.0], "cost": [np.nan]}),
        seconds=12.75,
        seed=3,
        violations=(Violation("rest", "8 h, least 11", agent="a1", when="Sat"),),
    )


@pytest.mark.parametrize("value", [history(), forecast(), requirement(), schedule()])
def test_every_value_comes_back_the_same(value: Any) -> None:
    back = decode(encode(value))
    assert type(back) is type(value)
    assert back.equals(value)
    assert back.time_zone == value.time_zone
    for name in ("frame", "bands", "day_bands", "edits", "coverage", "outbound", "totals"):
        before, after = getattr(value, name, None), getattr(back, name, None)
        if before is not None:
            pd.testing.assert_frame_equal(after, before, check_exact=True, check_freq=False)


@pytest.mark.parametrize("value", [history(), forecast(), requirement(), schedule()])
def test_the_same_value_gives_the_same_bytes(value: Any) -> None:
    assert encode(decode(encode(value))) == encode(value)


def test_what_does_not_count_in_a_comparison_is_kept_too() -> None:
    assert decode(encode(history())).report == "read 2 rows"
    assert decode(encode(schedule())).seconds == 12.75


def test_a_report_of_any_kind_is_kept_as_its_text() -> None:
    told = History(history().frame, HALF_HOUR, report={"rows": 3})
    assert decode(encode(told)).report == "{'rows': 3}"


def test_both_passes_of_the_doubled_hour_are_kept_apart() -> None:
    back = decode(encode(history()))
    day = back.frame[back.frame["queue"] == "sales"].iloc[48:98]
    assert day["start"].is_unique
    assert (day["start"].dt.hour == 2).sum() == 4


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MOMENT = st.datetimes(
    min_value=pd.Timestamp("2026-10-20").to_pydatetime(),
    max_value=pd.Timestamp("2026-11-01").to_pydatetime(),
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Frames of text with gaps, any floats, whole numbers, days and zoned stamps."""
    rows = draw(st.integers(0, 5))

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(cells, min_size=rows, max_size=rows))

    stamps = pd.Series(column(MOMENT | st.none()), dtype="datetime64[us]").dt.tz_localize("UTC")
    return pd.DataFrame(
        {
            draw(TEXT) + "t": pd.Series(column(TEXT | st.none()), dtype="str"),
            draw(TEXT) + "f": pd.Series(column(st.floats()), dtype="float64"),
            draw(TEXT) + "i": pd.Series(column(st.integers(-(2**63), 2**63 - 1)), dtype="int64"),
            draw(TEXT) + "b": pd.Series(column(st.booleans()), dtype="bool"),
            draw(TEXT) + "s": stamps.dt.tz_convert(BERLIN),
            draw(TEXT) + "n": pd.Series(column(MOMENT | st.none()), dtype="datetime64[us]"),
            draw(TEXT) + "d": pd.Series(column(st.dates() | st.none()), dtype="object"),
        }
    )


@given(frame=frames())
@settings(max_examples=40, deadline=None)
def test_any_frame_comes_back_the_same(frame: pd.DataFrame) -> None:
    back = decode(encode(frame))
    pd.testing.assert_frame_equal(back, frame, check_exact=True)


def test_the_index_and_labels_of_other_kinds_come_back() -> None:
    frame = pd.DataFrame({0.1: [1.0], 3: [2.0], "x": [3.0]}, index=pd.Index(["auto"], name="model"))
    pd.testing.assert_frame_equal(decode(encode(frame)), frame)


def test_types_that_parquet_does_not_know_come_back() -> None:
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None], dtype="object"),
            "nothing": pd.Series([None, None], dtype="object"),
            "day": pd.Series(pd.to_datetime(["2026-10-25", None])).astype("datetime64[s]"),
            "team": pd.Categorical(["b", "a"], categories=["b", "a"]),
            "heads": pd.array([1, None], dtype="Int64"),
        }
    )
    back = decode(encode(frame))
    assert back.dtypes.equals(frame.dtypes)
    assert back.equals(frame)


def test_a_value_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DataError, match="set cannot be saved"):
        encode({1, 2})


def test_a_column_of_mixed_kinds_is_refused() -> None:
    with pytest.raises(DataError, match="mixes kinds"):
        encode(pd.DataFrame({"x": ["a", 1, b"c"]}))


def test_damaged_bytes_are_called_damaged() -> None:
    with pytest.raises(WfmError, match="damaged"):
        decode(encode(history())[:-20])


def test_a_type_of_a_newer_program_is_named() -> None:
    newer = io.BytesIO()
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr("value.json", '{"type": "Violation", "fields": {"rule": "x", "cure": 1}}')
    with pytest.raises(WfmError, match="Violation was saved by a newer program"):
        decode(newer.getvalue())


def test_a_large_frame_in_parts_comes_back_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encode(history())
    monkeypatch.setattr(codec, "LARGE", 0)
    parts = encode(history())
    with zipfile.ZipFile(io.BytesIO(parts)) as archive:
        assert sum(name.endswith(".parquet") for name in archive.namelist()) == codec.PARTS
    for payload in (whole, parts):
        again = decode(payload)
        assert again.equals(history())
        pd.testing.assert_frame_equal(again.frame, history().frame)
    frame = pd.DataFrame({"only": [1, 2]})
    assert decode(encode(frame)).equals(frame)
    named = pd.DataFrame({"a": [1.0], "b": ["x"]}, index=["auto"])
    assert decode(encode(named)).equals(named)
