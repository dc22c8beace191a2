"""How good the models would have been on the history itself, beside the simple baselines."""

from __future__ import annotations

import re

import pandas as pd

from wfm.store import JobInfo
from wfm.ui import parts, state
from wfm.ui.cells import lean
from wfm.ui.palette import Chart
from wfm.ui.parts import charts_demand, work
from wfm.ui.said import say, st

TITLE = "Error of each model on your own past"
NAMES = {
    "auto": "Automatic",
    "day_process": "Day process",
    "day_total": "Day total × profile",
    "boosting": "Boosted trees",
    "svd": "SVD",
    "poisson_glm": "Poisson",
    "double_seasonal": "Holt-Winters",
    "ets": "ETS",
    "mstl_ets": "MSTL + ETS",
    "harmonic": "Harmonic",
    "sarimax": "SARIMA",
    "unobserved_components": "Components",
    "seasonal_mean": "8-week mean (simple)",
    "seasonal_median": "8-week median (simple)",
    "seasonal_naive": "Last week (simple)",
}
SHOWN = {
    "queue": st.column_config.TextColumn("Queue"),
    "model": st.column_config.TextColumn("Model"),
    "wape": st.column_config.NumberColumn(
        "WAPE", format="percent", help="Sum of the absolute errors by interval / sum of contacts."
    ),
    "bias": st.column_config.NumberColumn(
        "Bias", format="percent", help="Above 0: forecast too high."
    ),
    "coverage80": st.column_config.NumberColumn(
        "In the band", format="percent", help="Share of intervals inside the 80 % band."
    ),
    "day_wape": st.column_config.NumberColumn("WAPE, days", format="percent"),
    "day_bias": st.column_config.NumberColumn("Bias, days", format="percent"),
    "day_coverage80": st.column_config.NumberColumn("In the band, days", format="percent"),
}


AHEAD = {"lead": st.column_config.TextColumn("Ahead")}


def show(chosen: list[str]) -> None:
    """The board of the last backtest, and the way to a new one."""
    job = work.newest_job("backtest")
    running = job is not None and not job.ended
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(
        "Forecasts are made as if today were some weeks ago, eight times, and compared with what "
        "came. A model that does not beat the simple ones is not worth its trouble."
    )
    if right.button("Compare models", icon=":material/balance:", disabled=running, width="stretch"):
        work.start("backtest")
    if job is not None and running:
        with st.container(border=True):
            work.watch(job, _progress)
        return
    work.told(job)
    version = state.latest("board")
    if version is None:
        st.info(
            "No comparison yet. Press Compare models; it takes a few seconds for each queue.",
            icon=":material/info:",
        )
        return
    board: pd.DataFrame = state.content(version)
    part, by_lead = parted(board[board["queue"].isin(chosen)])
    if part.empty:
        st.info("The comparison has other queues. Run it again.", icon=":material/info:")
        return
    chart, told = board_chart(part)
    parts.card(
        TITLE,
        chart,
        "Mean of the queues shown; shorter is better. The model in use is coloured.",
        alt_text=told,
    )
    table = part.assign(model=part["model"].map(lambda m: NAMES.get(m, m)))
    table = lean(table[[c for c in SHOWN if c in table]])
    st.dataframe(table, hide_index=True, column_config=SHOWN)
    _ahead(by_lead)
    st.caption(f"Compared {parts.when(version.created_at)}.")
    if not state.reads("history", version):
        parts.stale("This comparison", "the history changed")


def parted(board: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The board itself, and its rows by how far ahead the forecast was."""
    if "lead" not in board:  # saved before the leads were
        return board, board.iloc[:0]
    whole = board["lead"] == "all"
    return board[whole], board[~whole]


def _ahead(by_lead: pd.DataFrame) -> None:
    """How error and bias of the model in use grow with the days ahead."""
    used = by_lead[by_lead["model"] == state.settings().forecast.model] if len(by_lead) else by_lead
    if used.empty:
        return
    st.markdown("##### How far ahead")
    st.caption("The model in use: its first day, and its first, second and later weeks.")
    shown = lean(used.assign(lead=[_lead(lead) for lead in used["lead"]]))  # some are of the whole
    columns = [c for c in ("queue", "lead", *SHOWN) if c in shown and c != "model"]
    st.dataframe(shown[list(dict.fromkeys(columns))], hide_index=True, column_config=SHOWN | AHEAD)


def _lead(lead: str) -> str:
    number = int(lead.split()[-1])
    return "First day" if lead.startswith("day") else f"Week {number}"


def board_chart(part: pd.DataFrame) -> tuple[Chart, str]:
    """Mean error of each model over some rows of a board, and the best one in a sentence."""
    means = part.groupby("model")["wape"].mean().reset_index()
    means["chosen"] = means["model"] == state.settings().forecast.model
    means["model"] = means["model"].map(lambda m: NAMES.get(m, m))
    means = means.sort_values("wape")
    best, last = means.iloc[0], means.iloc[-1]
    return charts_demand.accuracy_bars(means), (
        f"Smallest error: {say(best['model'])} with {best['wape']:.1%}; "
        f"largest: {say(last['model'])} with {last['wape']:.1%}."
    )


def _progress(job: JobInfo) -> None:
    """A bar for the forecasts made so far."""
    phase = str(job.progress.get("phase") or job.status)
    seconds = float(job.progress.get("seconds") or 0.0)
    counts = re.match(r"(\d+) of (\d+)", phase)
    share = int(counts[1]) / max(int(counts[2]), 1) if counts else 0.0
    st.progress(min(share, 1.0), text=f"Comparing models · {phase} · {seconds:.0f} s")
