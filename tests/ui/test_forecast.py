"""Calendar and Forecast: run, edit, run again; nothing typed is lost."""

from dataclasses import replace

import pandas as pd

from wfm.planning import steps


def test_running_a_forecast_saves_what_the_function_gives(open_page, store):
    history = store.load(store.latest("Tiny", "history").id)
    expected = steps.make_forecast(history, "7D", model="seasonal_naive")
    page = open_page("forecast", "Tiny")
    page.field("selectbox", "How far").select("7D")
    page.field("selectbox", "Model").select("seasonal_naive")
    page.press("Run forecast")
    assert not page.app.exception
    version = store.latest("Tiny", "forecast")
    assert version.number == 2
    assert version.parents == (store.latest("Tiny", "history").id,)
    pd.testing.assert_frame_equal(store.load(version.id).frame, expected.frame)


def test_changed_settings_mark_the_forecast_as_old(open_page):
    page = open_page("forecast", "Tiny")
    page.press("Run forecast")
    assert "Run it again" not in page.said()
    page.field("selectbox", "How far").select("21D")
    page.run()
    assert "Run it again" in page.said()


def type_edit(page, day: str, change: str):
    row = {"from": day, "to": day, "queue": "", "change": change, "reason": "mailing"}
    return page.type_rows("edits", row)


def test_an_edit_is_saved_and_survives_the_next_run(open_page, store):
    page = type_edit(open_page("forecast", "Tiny", tab="Edits"), "2026-03-11", "+50%")
    assert not page.app.exception
    assert store.table("Tiny", "edits")["change"].tolist() == ["+50%"]
    before, after = page.figures()["Before edits"], page.figures()["After edits"]
    assert float(after.replace(",", "")) > float(before.replace(",", ""))
    page.press("Run forecast")
    again = open_page("forecast", "Tiny", tab="Edits")
    assert again.figures()["After edits"] == after
    assert again.figures()["Contacts expected"] == after


def test_a_wrong_edit_is_told_and_can_be_mended(open_page):
    page = type_edit(open_page("forecast", "Tiny", tab="Edits"), "2026-03-11", "twice")
    assert not page.app.exception
    assert "change 'twice' is not known" in page.said()
    again = open_page("forecast", "Tiny", tab="Edits")
    assert "change 'twice' is not known" in again.said()
    again.type_rows("edits", edited={0: {"change": "+5%"}})
    assert not again.app.error


def test_an_older_version_can_be_used_again(open_page, store):
    page = open_page("forecast", "Tiny", tab="Versions")
    page.field("selectbox", "How far").select("7D")
    page.press("Run forecast")
    page.press("Use it again")
    newest, _, oldest = store.versions("Tiny", "forecast")
    assert newest.number == 3
    assert newest.data_hash == oldest.data_hash


def test_a_country_brings_its_holidays_and_an_event_is_checked(open_page, store):
    page = open_page("calendar", "Tiny")
    page.field("selectbox", "Country").select("TR")
    page.run()
    assert store.settings("Tiny")["calendar"]["country"] == "TR"
    row = {"event": "sale", "from": "2026-03-12", "to": "2026-03-10", "effect": "learn"}
    page.type_rows("events", row)
    assert not page.app.exception
    assert "before it starts" in page.app.error[0].value
    assert store.table("Tiny", "events")["event"].tolist() == ["sale"]


def test_a_page_with_empty_intervals_is_drawn_once_and_rests(open_page, store):
    version = store.latest("Tiny", "forecast")
    forecast = store.load(version.id)
    frame = forecast.frame.copy()
    frame.loc[:3, ["volume", "volume_q10"]] = 0.0
    bands = forecast.bands.copy()
    bands.iloc[:4] = 0.1
    store.save("Tiny", "forecast", replace(forecast, frame=frame, bands=bands))
    page = open_page("forecast", "Tiny")
    assert not page.app.exception
    assert float(page.figures()["Contacts expected"].replace(",", "")) > 0


def test_a_day_s_forecast_says_what_it_is_made_of(open_page):
    page = open_page("forecast", "Tiny", tab="Why")
    assert "contacts for calls?" in page.said()


def test_edits_show_what_they_ask_for_in_contacts_and_agents_a_week(open_page):
    page = type_edit(open_page("forecast", "Tiny", tab="Edits"), "2026-03-11", "+100%")
    assert not page.app.exception
    shown = next(t.value for t in page.app.dataframe if "what" in t.value.columns)
    asked = shown.set_index("what")["change"]
    assert asked["contacts"].sum() > 0
    assert asked["agent hours"].sum() > 0


def test_the_newest_forecast_is_published_and_withdrawn(open_page, store):
    page = open_page("forecast", "Tiny", tab="Versions")
    page.press("Publish the newest version")
    assert not page.app.exception
    assert store.latest("Tiny", "forecast").state == "published"
    page.press("Withdraw the newest version")
    assert store.latest("Tiny", "forecast").state == "withdrawn"


def test_a_new_edit_is_seen_before_it_is_kept_and_gets_its_time(open_page, store):
    page = open_page("forecast", "Tiny", tab="Edits")
    page.field("text_input", "Change").set_value("+50%")
    page.run()
    assert not page.app.exception
    assert "What this edit would change" in page.said()
    assert store.table("Tiny", "edits").empty
    page.press("Keep this edit")
    assert not page.app.exception
    kept = store.table("Tiny", "edits")
    assert kept["change"].tolist() == ["+50%"]
    assert pd.Timestamp(kept["made"][0]).year >= 2026
    assert page.field("text_input", "Change").value == ""


def test_an_edit_typed_into_the_table_gets_its_time(open_page, store):
    type_edit(open_page("forecast", "Tiny", tab="Edits"), "2026-03-11", "+50%")
    assert pd.Timestamp(store.table("Tiny", "edits")["made"][0]).year >= 2026


def test_a_new_edit_that_cannot_be_read_is_told_and_not_kept(open_page, store):
    page = open_page("forecast", "Tiny", tab="Edits")
    page.field("text_input", "Change").set_value("twice")
    page.run()
    assert "change 'twice' is not known" in page.said()
    assert store.table("Tiny", "edits").empty


def test_the_board_tells_error_and_bias_by_how_far_ahead(open_page, store):
    columns = ["queue", "model", "lead", "wape", "bias"]
    rows = [
        ("calls", model, "all", wape, 0.0) for model, wape in (("seasonal_mean", 0.2), ("ets", 0.3))
    ]
    rows += [
        ("calls", "seasonal_mean", "day 1", 0.1, 0.01),
        ("calls", "seasonal_mean", "week 2", 0.25, -0.02),
    ]
    rows += [("calls", "ets", "week 2", 0.9, 0.5)]
    store.save("Tiny", "board", pd.DataFrame(rows, columns=columns))
    page = open_page("forecast", "Tiny", tab="Accuracy")
    assert not page.app.exception
    ahead = next(f.value for f in page.app.dataframe if "lead" in f.value)
    assert ahead[["lead", "wape", "bias"]].to_numpy().tolist() == [
        ["First day", 0.1, 0.01],
        ["Week 2", 0.25, -0.02],
    ]


def test_the_band_is_chosen_and_charts_and_download_follow(open_page, store):
    page = open_page("forecast", "Tiny")
    assert "Band: 80% of days end inside it." in page.said()
    page.field("selectbox", "Band").select(0.95)
    page.run()
    assert not page.app.exception
    assert store.settings("Tiny")["forecast"]["band"] == 0.95
    assert "Band: 95% of days end inside it." in page.said()


def test_a_forecast_of_some_contacts_says_which(open_page, store):
    version = store.latest("Tiny", "forecast")
    made = replace(store.load(version.id), counted="without contacts abandoned within 5 s")
    store.save("Tiny", "forecast", made, parents=version.parents)
    page = open_page("forecast", "Tiny")
    assert "Offered contacts are without contacts abandoned within 5 s." in page.said()
