"""Forecast: what will arrive, how sure that is, and what the planner knows better."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from wfm.core.types import Forecast, History
from wfm.planning import steps
from wfm.planning.band import band_of, forecast_table
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import forecast_accuracy, forecast_edits, forecast_versions, forecast_why
from wfm.ui.palette import Chart
from wfm.ui.parts import charts_demand, fields
from wfm.ui.parts.tabs import tabs
from wfm.ui.said import say, st

WEEKS = {"7D": "1 week"} | {f"{7 * n}D": f"{n} weeks" for n in (2, 3, 4, 6, 8, 13, 26)}
MODELS = {
    "auto": "Automatic (combination)",
    "day_process": "Level, season, weekday and calendar at once",
    "day_total": "Day total × weekday profile",
    "boosting": "Boosted trees (LightGBM)",
    "svd": "Shape factors (SVD)",
    "poisson_glm": "Poisson regression",
    "double_seasonal": "Double-seasonal smoothing (Holt-Winters)",
    "ets": "Exponential smoothing (ETS)",
    "mstl_ets": "Decomposition (MSTL) + ETS",
    "harmonic": "Harmonic regression, ARIMA errors",
    "sarimax": "Seasonal ARIMA",
    "unobserved_components": "Unobserved components",
    "seasonal_mean": "Mean of the last 8 same weekdays",
    "seasonal_median": "Median of the last 8 same weekdays",
    "seasonal_naive": "Same weekday a week before",
}
WEEKS_SHOWN = 8
BANDS = (0.5, 0.8, 0.9, 0.95)
BAND = (
    "Share of days, and of intervals, that end inside the band of charts and downloads; as many "
    "end above as below. Accuracy always tells the band of 80 %."
)


def page() -> None:
    """The page Forecast: how many contacts will arrive."""
    if not parts.head("Forecast", "How many contacts will arrive, and how sure is that?"):
        return
    history = project.history()
    if history is None and state.latest("forecast") is None:
        parts.empty("No history yet.", "A forecast learns from what arrived.", "data")
        return
    if history is not None:
        _ask(history)
    version = state.latest("forecast")
    if version is None:
        parts.empty(
            "No forecast yet.",
            "Choose how far it shall reach and press Run forecast. The model is chosen by how well "
            "each one would have done on your own past.",
        )
        return
    forecast: Forecast = state.content(version)
    used = state.table("edits")
    with parts.beside():
        forecast = project.edited_forecast()[0] or forecast
    _show(forecast, version, history, used)


def _ask(history: History) -> None:
    """Horizon, model, first day, and the button."""
    row = st.columns([2, 3, 2, 2], vertical_alignment="bottom")
    with row[0]:
        fields.choice(
            "forecast",
            "horizon",
            "How far",
            list(WEEKS),
            names=lambda h: WEEKS.get(h, h),
            help="From the first day on, in whole weeks of local days. Default 6 weeks.",
        )
    with row[1]:
        fields.choice(
            "forecast",
            "model",
            "Model",
            [model for model in MODELS if model in steps.model_names()],
            names=lambda m: MODELS.get(m, m),
            help="Automatic weighs several models by their errors on your own history.",
        )
    with row[2]:
        fields.day(
            "forecast", "start", "First day", help="Empty: the day after the last recorded one."
        )
    with row[3]:
        pressed = st.button(
            "Run forecast", type="primary", icon=":material/play_arrow:", width="stretch"
        )
    if pressed:
        bar = st.progress(0.0, text="Forecasting each queue and testing it on the past")

        def told(done: int, total: int) -> None:
            bar.progress(done / total, text=f"{done} of {total} queues are forecast")

        with parts.beside():
            run(history, told)
            st.rerun()
    version = state.latest("forecast")
    if version is not None and version.settings != project.made_with():
        parts.stale("This forecast", "the settings or the calendar changed")
    elif version is not None and not state.reads("history", version):
        parts.stale("This forecast", "the history changed")


def run(history: History, progress: Callable[[int, int], None] | None = None) -> None:
    """Forecast as the settings say, and save it; `progress` gets the queues done and all."""
    section, source = state.settings().forecast, state.latest("history")
    forecast = steps.make_forecast(
        history,
        horizon=section.horizon,
        start=section.start,
        model=section.model,
        calendar=project.calendar(),
        progress=progress,
    )
    state.store().save(
        state.project_id(),
        "forecast",
        forecast,
        settings=project.made_with(),
        parents=() if source is None else (source.id,),
        note=f"{MODELS.get(section.model, section.model)}, {section.horizon}",
    )


def _show(
    forecast: Forecast, version: VersionInfo, history: History | None, used: pd.DataFrame
) -> None:
    largest = str(forecast.frame.groupby("queue")["volume"].sum().idxmax())
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    queue = left.segmented_control(
        "Queue", ["All", *forecast.queues], default=largest, key=f"queue.{version.id}"
    )
    with right:
        fields.choice(
            "forecast", "band", "Band", BANDS, names=lambda share: f"{share:.0%}", help=BAND
        )
    chosen = forecast.queues if queue in (None, "All") else [queue]
    _numbers(forecast, chosen)
    if forecast.counted:
        st.caption(f"Offered contacts are {forecast.counted}.")
    tabs(
        "forecast",
        {
            "Forecast": lambda: _days(forecast, version, history, chosen),
            "Why": lambda: forecast_why.show(forecast, chosen),
            "Accuracy": lambda: forecast_accuracy.show(chosen),
            "Edits": lambda: forecast_edits.show(version, used),
            "Versions": lambda: forecast_versions.show(version, history),
        },
    )


def _days(
    forecast: Forecast, version: VersionInfo, history: History | None, chosen: list[str]
) -> None:
    """The tab Forecast: its days, and one of them by interval."""
    _chart(forecast, version, history, chosen)
    _one_day(forecast, chosen)
    parts.download_table(
        forecast_table(forecast, state.settings().forecast.band), "forecast", "Forecast as csv"
    )


def _numbers(forecast: Forecast, chosen: list[str]) -> None:
    days = _expected(forecast, chosen)
    total = days["volume"].sum()
    busiest = days.sort_values("volume").iloc[-1]
    frame = forecast.frame[forecast.frame["queue"].isin(chosen)]
    weight = frame["volume"].where(frame["aht_s"].notna(), 0.0)
    aht = (frame["aht_s"].fillna(0.0) * weight).sum() / weight.sum() if weight.sum() else None
    used = sorted({forecast.model[q] for q in chosen if q in forecast.model})
    models = [say(forecast_accuracy.NAMES.get(model, model)) for model in used]
    parts.metrics(
        {
            "Contacts expected": f"{total:,.0f}",
            "Days": (f"{len(days)}", f"{days['day'].min():%d %b} to {days['day'].max():%d %b %Y}"),
            "A day": f"{days['volume'].mean():,.0f}",
            "Busiest day": (f"{busiest['volume']:,.0f}", f"{busiest['day']:%a %d %b}"),
            "AHT": (f"{aht:,.0f} s", "Weighted by contacts.")
            if aht
            else ("not known", "It is assumed on the page Requirement."),
            "Model": (", ".join(models) or "your own", "The model that was used for these queues."),
        }
    )


def _expected(forecast: Forecast, chosen: list[str]) -> pd.DataFrame:
    """Day totals `day volume`, for one queue with its band `low high`."""
    days = band_of(forecast, state.settings().forecast.band, "day")
    days = days[days["queue"].isin(chosen)]
    if len(chosen) == 1 and forecast.day_bands is not None:
        return days.drop(columns="queue")
    return days.groupby("day")["volume"].sum().reset_index()


def _chart(
    forecast: Forecast, version: VersionInfo, history: History | None, chosen: list[str]
) -> None:
    chart, banded, marked = days_chart(forecast, version, history, chosen)
    notes = ["Dots: what came. Line: what is expected."]
    if banded:
        notes.append(f"Band: {state.settings().forecast.band:.0%} of days end inside it.")
    else:
        notes.append("Choose one queue to see its band; bands of queues do not add up.")
    if marked:
        notes.append("Dotted lines: holidays and events.")
    parts.card("Contacts a day", chart, " ".join(notes))


def days_chart(
    forecast: Forecast, version: VersionInfo, history: History | None, chosen: list[str]
) -> tuple[Chart, bool, bool]:
    """Day totals of some queues; whether they have their band, and marked days."""
    expected = _expected(forecast, chosen)
    if forecast.edits is not None:
        plain = _expected(state.content(version), chosen).rename(columns={"volume": "model"})
        expected = expected.merge(plain[["day", "model"]], on="day")
    first, last = expected["day"].min(), expected["day"].max()
    actual = pd.DataFrame({"day": pd.to_datetime([]), "offered": []})
    if history is not None:
        begin = first - pd.Timedelta(weeks=WEEKS_SHOWN)
        frame = history.frame  # years long: what is not shown is left out first
        late = frame["start"] >= (begin - pd.Timedelta(days=1)).tz_localize("UTC")
        frame = frame[late & frame["queue"].isin(chosen)]
        actual = charts_demand.day_totals(frame, "offered")
        actual = actual[actual["day"] >= begin]
    since = min(first, actual["day"].min()) if len(actual) else first
    marks = project.marked_days(since.date(), last.date())
    share = state.settings().forecast.band
    chart = charts_demand.forecast_days(actual, expected, marks, share)
    return chart, "low" in expected, bool(len(marks))


def _one_day(forecast: Forecast, chosen: list[str]) -> None:
    share = state.settings().forecast.band
    frame = band_of(forecast, share)
    frame = frame[frame["queue"].isin(chosen)]
    naive = frame["start"].dt.tz_localize(None).dt.normalize()
    days = sorted(naive.unique())
    with st.container(border=True):
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown("##### One day by interval")
        day = right.selectbox(
            "Day", days, format_func=lambda d: f"{d:%a %d %b %Y}", label_visibility="collapsed"
        )
        st.altair_chart(
            charts_demand.forecast_intervals(frame[naive == day], share),
            width="stretch",
            alt="One day by interval",
        )
