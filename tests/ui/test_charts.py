"""Charts: pure functions of frames; the numbers behind them are right."""

from datetime import timedelta

import pandas as pd
import pytest

from wfm.planning.fairness import BURDENS
from wfm.ui.charts_dark import DARK, chart_in_dark
from wfm.ui.charts_told import chart_told
from wfm.ui.palette import ENOUGH, PAPER
from wfm.ui.parts import charts_demand, charts_price, charts_roster, charts_staff
from wfm.ui.parts.charts_time import unbroken, with_ends
from wfm.ui.parts.editor import from_screen, to_screen

ZONE = "Europe/Istanbul"


def stamps(*texts: str) -> pd.Series:
    return pd.Series(pd.DatetimeIndex(list(texts), tz=ZONE).as_unit("us"))


HISTORY = pd.DataFrame(
    {
        "start": stamps("2026-03-02 09:00", "2026-03-02 09:00", "2026-03-09 09:00"),
        "queue": ["a", "b", "a"],
        "offered": [4.0, 6.0, 20.0],
    }
)
MARKS = pd.DataFrame({"day": [pd.Timestamp("2026-03-05")], "name": ["sale"]})
COVERAGE = pd.DataFrame(
    {
        "start": stamps("2026-03-02 09:00", "2026-03-02 09:30", "2026-03-02 22:00"),
        "queue": "a",
        "required": [5.0, 5.0, 0.0],
        "scheduled": [3.0, 9.0, 0.0],
    }
)
BLOCKS = pd.DataFrame(
    {
        "agent": ["x", "x", "y"],
        "start": stamps("2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 09:00"),
        "end": stamps("2026-03-02 10:00", "2026-03-02 10:15", "2026-03-02 09:30"),
        "activity": ["inbound", "lunch", "outbound"],
        "queue": ["calls", "", "survey"],
    }
)


def test_weekday_means_add_queues_before_they_average():
    means = charts_demand.weekday_means(HISTORY, timedelta(minutes=30))
    assert means[["weekday", "time", "offered"]].to_numpy().tolist() == [["Mon", "09:00", 15.0]]


def test_day_totals_leave_unknown_days_out():
    frame = HISTORY.assign(offered=[4.0, 6.0, float("nan")])
    assert charts_demand.day_totals(frame, "offered")["offered"].tolist() == [10.0]


def test_what_is_missing_on_one_queue_shows_beside_what_is_over_on_another():
    start = pd.date_range("2027-01-04 09:00", periods=2, freq="30min", tz="Europe/Berlin")
    cover = pd.DataFrame(
        {
            "start": [*start, *start],
            "queue": ["a", "a", "b", "b"],
            "required": [4, 4, 4, 4],
            "scheduled": [6, 5, 2, 6],
        }
    )
    assert charts_staff.coverage_gaps(cover)["gap"].tolist() == [-2, 3]


def test_coverage_gaps_leave_closed_times_out():
    gaps = charts_staff.coverage_gaps(COVERAGE)
    assert gaps["gap"].tolist() == [-2.0, 4.0]


def test_coverage_colours_are_centred_at_0():
    chart = charts_staff.coverage_heat(charts_staff.coverage_gaps(COVERAGE)).to_dict()
    low, middle, high = chart["encoding"]["color"]["scale"]["domain"]
    assert (low, middle) == (-high, 0)


def test_heads_by_time_count_every_slice_of_a_block():
    heads = charts_roster.heads_by_time(BLOCKS, 15)
    calls = heads[heads["task"] == "calls"]
    assert calls["time"].tolist() == ["09:00", "09:15", "09:30", "09:45"]
    assert calls["heads"].tolist() == [1, 1, 1, 1]


def test_every_task_has_a_colour_of_its_own():
    chosen = charts_roster.colours(BLOCKS)
    assert set(chosen) == {"calls", "survey", "lunch"}
    assert len(set(chosen.values())) == 3


@pytest.mark.parametrize(
    "chart",
    [
        lambda: charts_demand.history_days(HISTORY),
        lambda: charts_demand.history_days(HISTORY, MARKS),
        lambda: charts_demand.weekday_heat(
            charts_demand.weekday_means(HISTORY, timedelta(minutes=30))
        ),
        lambda: charts_staff.need_and_roster(COVERAGE),
        lambda: charts_staff.requirement_steps(
            COVERAGE.assign(agents_exact=1.5, agents=2.0)[
                ["start", "agents_exact", "agents", "scheduled"]
            ]
        ),
        lambda: charts_roster.gantt(
            BLOCKS, {"x": "Ada (x)"}, charts_roster.colours(BLOCKS), charts_roster.span(BLOCKS)
        ),
        lambda: charts_roster.day_cover(COVERAGE, charts_roster.span(BLOCKS)),
    ],
)
def test_charts_are_valid_and_keep_wall_clock_times(chart):
    text = chart().to_json()
    assert "+03:00" not in text
    assert "T06:00" not in text


def test_what_is_typed_comes_back_without_empty_rows():
    columns = {"agent": "text", "from": "day", "cost": "number"}
    typed = pd.DataFrame(
        {"agent": [" a1 ", None], "from": [pd.Timestamp("2026-03-02"), None], "cost": [1.5, None]}
    )
    saved = from_screen(typed, columns)
    assert saved.to_dict("records") == [{"agent": "a1", "from": "2026-03-02", "cost": 1.5}]
    pd.testing.assert_frame_equal(from_screen(to_screen(saved, columns), columns), saved)


def test_a_chart_on_black_has_dark_cells_where_nothing_is_to_be_seen():
    chart = charts_staff.coverage_heat(charts_staff.coverage_gaps(COVERAGE))
    dark = chart_in_dark(chart).to_dict()
    assert dark["encoding"]["color"]["scale"]["range"][1] == DARK[ENOUGH]
    assert dark["mark"]["stroke"] == DARK[PAPER]
    assert chart.to_dict()["mark"]["stroke"] == PAPER
    assert dark["datasets"] == chart.to_dict()["datasets"]


def test_the_busiest_hours_are_the_brightest_on_black():
    means = pd.DataFrame({"weekday": ["Mon"], "time": ["09:00"], "offered": [3.0]})
    chart = charts_demand.weekday_heat(means, "Mon")
    assert chart_in_dark(chart).to_dict()["encoding"]["color"]["scale"]["reverse"]
    assert "reverse" not in chart.to_dict()["encoding"]["color"]["scale"]


def test_a_turkish_axis_has_the_mark_before_the_share():
    board = pd.DataFrame({"model": ["ets"], "wape": [0.2], "chosen": [True]})
    chart = charts_demand.accuracy_bars(board)
    axis = chart_told(chart, "tr").to_dict()["encoding"]["x"]["axis"]
    assert axis["labelExpr"] == "'%' + format(100 * datum.value, '.0f')"
    assert "labelExpr" not in chart_told(chart, "az").to_dict()["encoding"]["x"]["axis"]


def test_a_chart_in_another_language_keeps_its_looks():
    chart = charts_staff.coverage_heat(charts_staff.coverage_gaps(COVERAGE))
    plain, told = chart.to_dict()["config"], chart_told(chart, "tr").to_dict()["config"]
    assert told["view"] == plain["view"]
    assert told["axisBand"] == {"labelFlush": False}
    assert told["locale"]["number"]["decimal"] == ","


def test_prices_are_shown_from_the_first_time_that_is_worth_something_to_the_last():
    start = stamps("2026-03-02 00:00", "2026-03-02 09:00", "2026-03-02 09:30", "2026-03-02 23:00")
    prices = pd.DataFrame({"start": start, "price": [0.0, 4.0, 0.0, 0.0]})
    drawn = charts_price.price_heat(prices).to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert [row["time"] for row in rows] == ["09:00"]


@pytest.mark.parametrize(
    ("after", "told"),
    [(0.5, "The deviations fall from 3.00 to 1.50 shifts for 12 cost units more."),
     (1.0, "No fairer schedule was found.")],
)  # fmt: skip
def test_the_price_of_fairness_is_told_in_a_sentence(after, told):
    columns = {f"{name}_deviation": [1.0, after] for name in BURDENS}
    curve = pd.DataFrame(columns | {"weight": [0.0, 1.0], "change": [0.0, 12.0]})
    assert charts_price.fairness_text(curve) == told


def test_the_last_interval_of_each_day_is_as_wide_as_the_others():
    """Two days of two intervals: each step ends when its half hour does, and closed hours stay."""
    starts = [f"2027-01-0{day} {clock}" for day in (4, 5) for clock in ("08:00", "08:30")]
    table = pd.DataFrame({"start": pd.to_datetime(starts), "heads": [3, 4, 5, 6]})
    ended = with_ends(table.assign(piece=table["start"].map(unbroken(table["start"]))))
    ends = ended.groupby("piece")["start"].max().dt.strftime("%d %H:%M").tolist()
    assert ends == ["04 09:00", "05 09:00"]
    assert ended["heads"].tolist() == [3, 4, 4, 5, 6, 6]
