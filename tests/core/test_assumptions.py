from __future__ import annotations

from datetime import timedelta

import pandas as pd

from wfm.core.assumptions import ASSUMPTIONS, assumed_text
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import Queue
from wfm.erlang.requirement import requirement

HALF_HOUR = timedelta(minutes=30)
START = pd.date_range("2026-03-02 10:00", periods=4, freq="30min", tz="Europe/Istanbul")


def forecast(queues: list[str]) -> Forecast:
    frame = pd.concat(
        pd.DataFrame({"start": START, "queue": name, "volume": 20.0, "aht_s": float("nan")})
        for name in queues
    )
    frame["volume_q10"], frame["volume_q90"] = 15.0, 25.0
    return Forecast(frame.reset_index(drop=True), HALF_HOUR)


def test_every_assumed_number_is_told_with_its_queues() -> None:
    queues = [Queue("c", "c", "chat", aht_s=300.0), Queue("m", "m", "email")]
    made = requirement(
        forecast(["a", "b", "c", "m"]), ServiceTarget(0.8), aht_s=300.0, queues=queues
    )
    assert assumed_text(made) == (
        "patience of 120 s (a, b, c); AHT of 300 s (a, b, c, m); work due within 24 h (m); "
        "handle times of parallel chats of 300, 300 s (c)"
    )
    marks = set(made.frame["assumed"].str.split("|").explode())
    assert marks == set(ASSUMPTIONS)


def test_measured_numbers_are_not_called_assumed() -> None:
    measured = forecast(["a"]).frame.assign(aht_s=240.0)
    made = requirement(Forecast(measured, HALF_HOUR), ServiceTarget(0.8), patience_s=90.0)
    assert assumed_text(made) == ""


def test_a_requirement_of_one_s_own_may_mark_what_it_does_not_hold() -> None:
    frame = pd.DataFrame({"start": START[:1], "queue": "a", "agents": 2, "scheduled": 3})
    assert assumed_text(Requirement(frame, HALF_HOUR)) == ""
    marked = Requirement(frame.assign(assumed="patience_s"), HALF_HOUR)
    assert assumed_text(marked) == "patience of unknown s (a)"
