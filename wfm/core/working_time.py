"""Working-time presets: limits of some countries as a table to edit, not legal advice."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from wfm.core.errors import DataError
from wfm.core.people import Contract

COLUMNS = ("preset", "rule", "value", "unit", "applies_to", "source", "verified")
BREAKS = (("break_to_4_h", 0, 240), ("break_to_7_5_h", 240, 450), ("break_above_7_5_h", 450, 1440))
"""Rule, and the minutes of work above which and up to which it asks for a break."""


@cache
def _shipped() -> pd.DataFrame:
    with resources.files("wfm.core").joinpath("working_time.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def working_time(preset: str | None = None, path: Path | str | None = None) -> pd.DataFrame:
    """Return the limits of a preset, each with its unit, its source and whether it is verified.

    The shipped figures are defaults to edit: none is verified, and works agreements often differ.

    Parameters
    ----------
    preset
        `EU`, `Türkiye`, `Georgia` or `Azerbaijan`; None for all.
    path
        A csv of one's own with the same columns.

    Returns
    -------
    pandas.DataFrame
        `preset rule value unit applies_to source verified`.

    Raises
    ------
    DataError
        An unknown preset or missing columns.

    Examples
    --------
    >>> working_time("Türkiye").set_index("rule")["value"]["week"]
    np.float64(45.0)
    """
    table = _shipped().copy() if path is None else pd.read_csv(path)
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        message = f"working time: missing columns {', '.join(missing)}. Add them."
        raise DataError(message)
    if preset is None:
        return table
    found = table[table["preset"] == preset].reset_index(drop=True)
    if found.empty:
        names = ", ".join(table["preset"].unique())
        message = f"working time: no preset {preset!r}. Use one of {names}."
        raise DataError(message)
    return found


def working_time_rules(preset: str, path: Path | str | None = None) -> dict[str, Any]:
    """Return what a preset says to `schedule_rules`, as its arguments.

    Parameters
    ----------
    preset, path
        As in `working_time`.

    Returns
    -------
    dict
        `rest_min`, `max_days_in_row`, `weekly_rest_min` and `max_hours_average_week`, as far as the
        preset has them; a week's hours stand for the average where it has no other.

    Examples
    --------
    >>> for name, value in working_time_rules("EU").items():
    ...     print(name, value)
    rest_min 660
    max_days_in_row 6
    weekly_rest_min 2100
    max_hours_average_week 48.0
    """
    value = working_time(preset, path).set_index("rule")["value"]
    found: dict[str, Any] = {}
    if "daily_rest" in value:
        found["rest_min"] = round(60 * float(value["daily_rest"]))
    if "days_in_row" in value:
        found["max_days_in_row"] = int(value["days_in_row"])
    if "weekly_rest" in value:
        found["weekly_rest_min"] = round(60 * float(value["weekly_rest"]))
    for rule in ("week", "average_week"):
        if rule in value:
            found["max_hours_average_week"] = float(value[rule])
    return found


def check_contract(contract: Contract, preset: str, path: Path | str | None = None) -> list[str]:
    """Tell in words where a contract passes a preset's limits; empty where it does not.

    Parameters
    ----------
    contract
        Its shift, breaks and days a week are compared with the limits.
    preset, path
        As in `working_time`.

    Examples
    --------
    >>> long = Contract("long", shift_min=600, paid_min=600, min_days_week=5, max_days_week=5)
    >>> for line in check_contract(long, "Azerbaijan"):
    ...     print(line)
    contract 'long': 10 h a day, Azerbaijan has at most 8 h (Labour Code of Azerbaijan).
    contract 'long': 50 h a week, Azerbaijan has at most 40 h (Labour Code of Azerbaijan).
    """
    table = working_time(preset, path).set_index("rule")
    name = f"contract {contract.contract!r}"
    pauses = sum(pause.length_min for pause in contract.breaks)
    work = contract.shift_min - sum(p.length_min for p in contract.breaks if not p.paid)
    found = []
    for rule, hours, what in (
        ("day", work / 60, "h a day"),
        ("week", work * contract.max_days_week / 60, "h a week"),
        ("average_week", work * contract.max_days_week / 60, "h a week"),
    ):
        if rule in table.index and hours > float(table["value"][rule]):
            limit, source = float(table["value"][rule]), table["source"][rule]
            found.append(f"{name}: {hours:g} {what}, {preset} has at most {limit:g} h ({source}).")
    for rule, above, most in BREAKS:
        if rule in table.index and above < work <= most and pauses < float(table["value"][rule]):
            least, source = float(table["value"][rule]), table["source"][rule]
            found.append(f"{name}: {pauses} min of breaks, {preset} asks for {least:g} ({source}).")
    return found
