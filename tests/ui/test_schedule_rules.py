"""Rules for everybody on the page Schedule: typed, saved, refused."""

from __future__ import annotations


def test_weekly_rest_nights_and_late_ends_are_saved(open_page, store):
    page = open_page("schedule", "Tiny")
    page.field("number_input", "Weekly rest [min]").set_value(2100)
    page.field("number_input", "Most nights in a row").set_value(3)
    page.field("number_input", "Most paid hours a week on average").set_value(45.0)
    page.field("text_input", "After a shift that ends after").set_value("22:00")
    page.field("text_input", "Next start not before").set_value("10:00")
    page.run()
    assert not page.app.exception
    saved = store.settings("Tiny")["schedule"]
    assert (saved["weekly_rest_min"], saved["max_nights_in_row"]) == (2100, 3)
    assert saved["max_hours_average_week"] == 45
    assert (saved["late_end"], saved["start_after_late"]) == ("22:00", "10:00")


def test_a_time_that_is_none_is_refused_beside_its_field(open_page, store):
    page = open_page("schedule", "Tiny")
    page.field("text_input", "The night begins").set_value("late")
    page.run()
    assert not page.app.exception
    assert "HH:MM" in page.said()
    assert store.settings("Tiny")["schedule"].get("night_from", "23:00") == "23:00"
