"""The agent hours that a calling list takes, hour of the day by hour of the day."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfm.core.cell import Row
from wfm.planning.service import list_hours
from wfm.ui import parts
from wfm.ui.parts.numbers import number
from wfm.ui.said import st

COLUMNS = {"hour": "text", "mix": "number", "connect_rate": "number", "right_party_rate": "number"}
RATES = {
    "hour": st.column_config.TextColumn("Hour", disabled=True, help="By the customers' clock."),
    "mix": st.column_config.NumberColumn(
        "Tries made then", format="percent", help="Share of all tries; together 100 %."
    ),
    "connect_rate": st.column_config.NumberColumn(
        "Connect rate", format="percent", help="Answered / tries."
    ),
    "right_party_rate": st.column_config.NumberColumn(
        "Right person", format="percent", help="Of the answers."
    ),
}
FOUND = {
    "hour": st.column_config.TextColumn("Hour"),
    "attempts": st.column_config.NumberColumn("Tries", format="%.0f"),
    "connects": st.column_config.NumberColumn("Answered", format="%.0f"),
    "right_parties": st.column_config.NumberColumn("Right persons", format="%.0f"),
    "hours": st.column_config.NumberColumn("Agent hours", format="%.1f"),
}


def calculator() -> None:
    """List, tries, rates by hour and handle times give tries, conversations and agent hours."""
    first = st.columns(4)
    from_hour, to_hour = first[2].slider("Between", 0, 24, (10, 19), format="%d:00")
    with parts.below():
        records = _number(
            "Records on the list", 1000, first[0], "People who may be called.", whole=True
        )
        attempts = _number(
            "Most tries a record", 3, first[1], "Until it is reached.", least=1, whole=True
        )
        wrong_s = _number(
            "With somebody else [s]", 20.0, first[3], "Talk where another person answers."
        )
    second = st.columns(3)
    with parts.below():
        set_up = _number(
            "Set-up of a try [s]", 20.0, second[0], "Reading the record, dialling, ringing."
        )
        talk = _number("Talk with the right person [s]", 150.0, second[1], "Mean, without wrap-up.")
        wrap = _number("Wrap-up [s]", 30.0, second[2], "After talking to the right person.")
    hours = [f"{hour}:00" for hour in range(from_hour, max(to_hour, from_hour + 1))]
    rates = pd.DataFrame({"hour": hours, "mix": _even(len(hours))})
    rates["connect_rate"], rates["right_party_rate"] = 0.35, 0.7
    st.caption("Rates by hour: type your own. The tries made in each hour add up to 100 %.")
    with parts.beside():
        typed = parts.edited(
            "rates",
            rates,
            COLUMNS,
            config=RATES,
            key=f"list.rates.{from_hour}.{to_hour}",
            alt="Rates by hour",
        )
        table = list_hours(
            pd.DataFrame([_shares(row) for row in typed]),
            records=int(records),
            attempts=int(attempts),
            set_up_s=set_up,
            talk_s=talk,
            wrap_s=wrap,
            wrong_party_s=wrong_s,
        )
        total = table[["attempts", "connects", "right_parties", "hours"]].sum()
        parts.metrics(
            {
                "Agent hours": f"{total['hours']:,.1f}",
                "Tries": f"{total['attempts']:,.0f}",
                "Answered": f"{total['connects']:,.0f}",
                "Right persons": f"{total['right_parties']:,.0f}",
            }
        )
        st.dataframe(table, hide_index=True, column_config=FOUND)
        st.caption("Type the agent hours above as the campaign's wanted hours.")


def _even(hours: int) -> list[float]:
    """Whole percents as even as they can be, 100 together.

    >>> _even(3)
    [0.34, 0.33, 0.33]
    """
    whole, rest = divmod(100, hours)
    return [(whole + (hour < rest)) / 100 for hour in range(hours)]


def _shares(row: Row) -> dict[str, Any]:
    """An hour and its shares, each from 0 to 1."""
    found: dict[str, Any] = {"hour": row.text("hour")}
    for column in ("mix", "connect_rate", "right_party_rate"):
        found[column] = share = row.number(column)
        if not 0 <= share <= 1:
            row.refuse(column, f"{share:.0%} is no share. Write 35 % or 0.35.")
    return found


def _number(
    label: str, first: float, place: Any, help: str, *, least: float = 0, whole: bool = False
) -> float:
    """A number that is not negative; an empty field counts as it stood at first."""
    typed = number(label, first, least=least, whole=whole, help=help, place=place)
    return first if typed is None else typed
