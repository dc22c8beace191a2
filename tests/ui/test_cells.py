"""Tables in the reader's language: what is shown is written, what lies behind stays a value."""

from datetime import date

import pandas as pd
import pytest

from wfm.ui.cells import MOST_ROWS, written


def column(kind: str, form: str | None = None) -> dict:
    return {"label": "x", "type_config": {"type": kind} | ({"format": form} if form else {})}


def shown(table: pd.DataFrame, config: dict | None = None, language: str = "en") -> list[str]:
    return written(table, config, language)[0].to_string(delimiter="|").split("\n")[1:-1]


@pytest.mark.parametrize(
    ("form", "english", "turkish"),
    [
        ("percent", "123,450.0%", "%123.450,0"),
        ("%.1f", "1,234.5", "1.234,5"),
        ("%d", "1,234", "1.234"),
        ("%+.2f", "+1,234.50", "+1.234,50"),
        ("localized", "1,234.5", "1.234,5"),
        (None, "1,234.5", "1.234,5"),
    ],
)
def test_numbers_have_the_marks_of_the_language(form, english, turkish):
    table = pd.DataFrame({"a": [1234.5]})
    config = {"a": column("number", form)}
    assert shown(table, config) == [f"0|{english}"]
    assert shown(table, config, "tr") == [f"0|{turkish}"]


def test_a_number_is_written_without_any_configuration():
    assert shown(pd.DataFrame({"a": [1520]}), language="tr") == ["0|1.520"]


def test_what_lies_behind_stays_a_number_and_the_table_is_not_changed():
    table = pd.DataFrame({"a": [0.5, None]}, index=[7, 7])
    config = {"a": column("number", "percent")}
    styled, left = written(table, config)
    assert styled.data["a"].tolist()[0] == 0.5
    assert table.index.tolist() == [7, 7]
    assert left["a"]["type_config"] == {"type": "number"}
    assert config["a"]["type_config"]["format"] == "percent"


def test_an_unknown_number_is_empty():
    table = pd.DataFrame({"a": [1.0, None]})
    assert shown(table, {"a": column("number", "%.1f")}) == ["0|1.0", "1|"]


def test_days_are_named_in_the_language_and_stay_days():
    days = pd.DataFrame({"a": [date(2026, 3, 2)], "b": pd.to_datetime(["2026-03-02 08:30"])})
    config = {"a": column("date", "ddd D MMM YYYY"), "b": column("datetime", "ddd D MMM HH:mm")}
    assert shown(days, config) == ["0|Mon 2 Mar 2026|Mon 2 Mar 08:30"]
    assert shown(days, config, "tr") == ["0|Pzt 2 Mar 2026|Pzt 2 Mar 08:30"]
    assert written(days, config, "tr")[0].data["a"].iloc[0] == date(2026, 3, 2)


def test_bars_yes_and_no_and_texts_are_left_to_the_browser():
    table = pd.DataFrame({"a": [0.5], "b": [True], "c": ["1234"]})
    config = {"a": column("progress", "percent")}
    assert shown(table, config, "tr") == ["0|0.500000|True|1234"]
    assert written(table, config)[1] == config


def test_long_tables_and_what_is_no_table_come_back_as_they_are():
    long = pd.DataFrame({"a": range(MOST_ROWS + 1)})
    assert written(long, None)[0] is long
    assert written([1, 2], {"a": None}) == ([1, 2], {"a": None})
