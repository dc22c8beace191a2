"""What a careless planner types: told in one sentence beside the field, and nothing is lost."""

import re
from datetime import date

import pytest

from wfm.core.errors import DataError
from wfm.ui.parts.numbers import read_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12,5", 12.5), (" 12.5 ", 12.5), ("1e3", 1000.0), ("", None), ("-0", 0.0), ("+7", 7.0)],
)
def test_a_number_may_have_a_comma_or_a_point(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["abc", "12..5", "1,234", "5 %", "1e999", "nan", "10-20"])
def test_what_is_no_number_is_refused_in_one_sentence(typed):
    with pytest.raises(DataError, match=re.escape(typed)) as refused:
        read_number(typed)
    assert str(refused.value).count(". ") == 1  # what is wrong, and what to write


def test_bounds_are_named():
    with pytest.raises(DataError, match=r"0 is too small\. It has to be at least 1"):
        read_number("0", least=1)
    with pytest.raises(DataError, match=r"95 is too large\. It may be at most 94"):
        read_number("95", most=94)
    with pytest.raises(DataError, match="whole number"):
        read_number("2.5", whole=True)


@pytest.mark.parametrize("nonsense", ["abc", "12..5", "400", "-3", "1,234", "==", "*$~"])
def test_nonsense_in_a_field_is_told_beside_it_and_the_saved_number_stays(
    open_page, store, nonsense
):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(nonsense)
    page.run()
    assert not page.app.exception
    (error,) = page.app.error
    assert error.value.startswith("**Shrinkage %**: ")
    assert "Until then 10 counts." in error.value
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.10


def test_an_error_stands_below_its_row_of_fields_not_inside_it(open_page):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value("abc")
    page.run()
    assert len(page.app.error) == 1
    assert not any(column.error for column in page.app.columns)


def test_a_comma_is_a_decimal_mark(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value("12,5 %")
    page.run()
    assert not page.app.error
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.125


def test_a_needed_number_that_is_emptied_is_told_by_its_label(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Minimum agents").set_value(None)
    page.run()
    (error,) = page.app.error
    assert error.value == "**Minimum agents**: it cannot be empty. Correct it."


def test_an_error_is_told_in_the_planner_s_language(open_page):
    page = open_page("requirement", "Tiny")
    page.app.selectbox(key="language.choice").set_value("tr").run()
    field = next(w for w in page.app.text_input if w.key.startswith("staff.shrinkage"))
    field.set_value("1.234")
    page.run()
    (error,) = page.app.error
    assert "cannot" not in error.value
    assert "two ways" not in error.value
    assert "'1.234'" in error.value


def test_a_bad_block_is_kept_and_told_by_its_heading(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("agents", edited={2: {"cost_per_h": "twelve"}})
    assert not page.app.exception
    assert "*Agents*, row 3, column *Cost per hour*: 'twelve' cannot be read." in page.said()
    assert store.table("Tiny", "agents")["cost_per_h"][2] == "twelve"
    page.type_rows("agents", edited={2: {"cost_per_h": "12,5"}})
    assert "cannot be read" not in page.said()
    assert store.table("Tiny", "agents")["cost_per_h"][2] == 12.5


def test_a_share_typed_without_its_mark_is_shown_as_it_was_understood(open_page, store):
    page = open_page("outbound", "Tiny")
    page.type_rows("campaigns", edited={0: {"connect_rate": "0,35"}})
    assert not page.app.exception
    assert store.table("Tiny", "campaigns")["connect_rate"].tolist() == [0.35]
    number = page.app.session_state["project"]
    base = page.app.session_state[f"base.campaigns.{number}"][0]
    assert base["connect_rate"].tolist() == ["35 %"]
    page.type_rows("campaigns", edited={0: {"connect_rate": "35"}})
    assert "*Connect rate* is 35." in page.said()


def test_rates_by_hour_are_typed_as_texts_and_nothing_is_dropped(open_page):
    page = open_page("outbound", "Tiny")

    def typed(**cells):
        page.app.session_state["list.rates.10.19"] = {
            "edited_rows": {2: cells},
            "added_rows": [],
            "deleted_rows": [],
        }
        page.run()
        assert not page.app.exception
        return page.said()

    before = float(page.figures()["Agent hours"].replace(",", ""))
    half = typed(connect_rate="70 %")
    assert "cannot be read" not in half
    more = float(page.figures()["Agent hours"].replace(",", ""))
    assert more != before
    typed(connect_rate="0,7")
    assert float(page.figures()["Agent hours"].replace(",", "")) == more
    said = typed(connect_rate="many")
    assert "*Rates by hour*, row 3, column *Connect rate*: 'many' cannot be read." in said
    assert "Agent hours" not in page.figures()
    assert "*Tries made then*: 1500% is no share." in typed(mix="15")
    assert "*Right person*: it is empty." in typed(right_party_rate="")


def test_a_day_that_is_none_is_kept_and_told(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("absences", {"agent": "a1", "from": "soon"})
    assert "*Absences*, row 1, column *From*: 'soon' cannot be read." in page.said()
    page.type_rows("absences", {"agent": "a1", "from": "02.03.2026"})
    assert store.table("Tiny", "absences")["from"].tolist() == ["2026-03-02"]


FREE = {"Your name", "Reason", "Author", "Name of the centre"}


@pytest.mark.parametrize("name", ["data", "requirement", "schedule"])
def test_nonsense_in_any_field_is_told_beside_it(open_page, name):
    page = open_page(name, "Tiny", tab="Change" if name == "schedule" else None)
    fields = {(w.key, w.label): w.value for w in page.app.text_input if w.label not in FREE}
    assert fields
    for (key, label), before in fields.items():
        field = next(w for w in page.app.text_input if (w.key, w.label) == (key, label))
        field.set_value("?!x")
        page.run()
        assert not page.app.exception
        (error,) = page.app.error
        assert error.value.startswith(f"**{label}**: "), error.value
        assert "settings, [" not in error.value
        next(w for w in page.app.text_input if (w.key, w.label) == (key, label)).set_value(before)
    page.run()
    assert not page.app.error


@pytest.mark.parametrize(
    ("label", "typed"),
    [("Name of the centre", "  "), ("Opening hours", "soon"), ("Short abandon [s]", "x")],
)
def test_a_new_project_says_which_field_is_wrong(open_page, store, label, typed):
    page = open_page("start")
    page.field("text_input", "Name of the centre").set_value("Mine")
    page.field("text_input", label).set_value(typed)
    page.press("Create project")
    (error,) = page.app.error
    assert error.value.startswith(f"**{label}**: "), error.value


def test_an_empty_name_is_refused_beside_it(open_page, store):
    page = open_page("start", "Tiny")
    page.app.text_input(key=f"name.{store.project('Tiny').id}").set_value("  ")
    page.run()
    (error,) = page.app.error
    assert error.value.startswith("**Name of the centre**: ")
    assert store.settings("Tiny")["plan"]["name"] == "Tiny"


def test_a_first_day_without_a_requirement_is_told_beside_it(open_page):
    page = open_page("schedule", "Tiny")
    page.app.date_input[0].set_value(date(2030, 1, 7))
    page.run()
    (error,) = page.app.error
    assert error.value.startswith("**First day**: The requirement holds no day from 07 Jan 2030")
