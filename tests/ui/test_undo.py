"""Undo and redo: what was typed is taken back and brought back, and the log says so."""


def test_a_changed_setting_is_taken_back_and_brought_back(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(30.0)
    page.run()
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.3
    page.press("Undo")
    assert not page.app.exception
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.1
    assert page.field("number_input", "Shrinkage %").value == 10.0
    page.press("Redo")
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.3
    assert page.field("number_input", "Shrinkage %").value == 30.0


def test_a_pasted_table_is_taken_back(open_page, store):
    before = store.table("Tiny", "agents")
    page = open_page("people", "Tiny")
    page.type_rows("agents", {"agent": "b1", "contract": "half", "skills": "calls"})
    assert len(store.table("Tiny", "agents")) == len(before) + 1
    page.press("Undo")
    assert not page.app.exception
    assert store.table("Tiny", "agents").equals(before)
    assert page.figures()["Agents"] == str(len(before))


def test_the_buttons_rest_where_there_is_nothing_to_take_back(open_page):
    page = open_page("start", "Empty")
    assert page.field("button", "Undo").disabled
    assert page.field("button", "Redo").disabled


def test_the_log_tells_who_changed_what(open_page):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(30.0)
    page.run()
    page = open_page("compare", "Tiny")
    assert not page.app.exception
    log = page.app.dataframe[-1].value
    line = log[log["what"].str.contains("settings")].iloc[0]
    assert line["before"] == "Shrinkage %: 0.1"
    assert line["after"] == "Shrinkage %: 0.3"
    assert line["author"]


def test_a_setting_that_someone_else_changed_is_not_written_over(open_page, store):
    mine = open_page("requirement", "Tiny")
    theirs = open_page("requirement", "Tiny")
    theirs.field("number_input", "Shrinkage %").set_value(30.0)
    theirs.run()
    mine.field("number_input", "Minimum agents").set_value(2)
    mine.run()
    assert not mine.app.exception
    assert store.settings("Tiny")["staff"]["shrinkage"] == 0.3
    assert "changed meanwhile by someone else" in mine.said()
    assert mine.field("number_input", "Shrinkage %").value == 30.0
    mine.field("number_input", "Minimum agents").set_value(2)
    mine.run()
    saved = store.settings("Tiny")["staff"]
    assert (saved["shrinkage"], saved["min_agents"]) == (0.3, 2)
    assert "changed meanwhile" not in mine.said()


def test_two_planners_of_one_table_see_both_versions_and_choose(open_page, store):
    events = {"event": "sale", "from": "2026-03-02", "to": "2026-03-03", "effect": "learn"}
    mine, theirs = open_page("calendar", "Tiny"), open_page("calendar", "Tiny")
    theirs.type_rows("events", events)
    mine.type_rows("events", events | {"event": "outage"})
    assert "changed meanwhile by" in mine.app.error[0].value
    assert store.table("Tiny", "events")["event"].tolist() == ["sale"]
    mine.press("Keep mine")
    assert not mine.app.exception
    assert store.table("Tiny", "events")["event"].tolist() == ["outage"]


def test_the_name_in_the_sidebar_stands_in_the_log_and_stays_in_the_address(open_page, store):
    page = open_page("data", "Empty")
    page.field("text_input", "Your name").input("Ayşe Yılmaz")
    page.run()
    page.field("text_input", "Opening hours").input("Mon-Fri 08:00-18:00")
    page.run()
    assert not page.app.exception
    assert store.changes("Empty")["author"].iloc[0] == "Ayşe Yılmaz"
    assert page.app.query_params["name"] in ("Ayşe Yılmaz", ["Ayşe Yılmaz"])


def test_a_browser_keeps_the_name_for_its_next_visit(open_page, monkeypatch):
    kept = {"wfm_name": "Ay%C5%9Fe%3B%20Y%C4%B1lmaz"}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", property(lambda _: kept))
    page = open_page("data", "Empty")
    assert page.field("text_input", "Your name").value == "Ayşe; Yılmaz"
