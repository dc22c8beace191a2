"""Start: create, open and delete projects, and the demo."""


def test_a_new_project_is_saved_with_its_settings_and_opened(open_page, store):
    page = open_page("start")
    page.field("text_input", "Name of the centre").input("North desk")
    page.field("selectbox", "Time zone").select("Asia/Baku")
    page.field("selectbox", "Interval").select(15)
    page.field("text_input", "Opening hours").input("Mon-Fri 08:00-18:00")
    page.field("selectbox", "Weeks begin on").select("Sun")
    page.field("selectbox", "Service level counts").select("sl_handled")
    page.field("selectbox", "Offered contacts are").select("less_short")
    page.field("number_input", "Short abandon [s]").set_value(3.0)
    page.press("Create project")
    assert not page.app.exception
    info = store.project("North desk")
    assert info.settings["plan"] == {
        "name": "North desk",
        "time_zone": "Asia/Baku",
        "interval": "15min",
        "currency": "EUR",
        "week_start": "Sun",
    }
    assert info.settings["history"]["opening"] == "Mon-Fri 08:00-18:00"
    assert info.settings["staff"]["variant"] == "sl_handled"
    history = info.settings["history"]
    assert (history["offered"], history["short_s"]) == ("less_short", 3.0)
    assert info.settings["forecast"]["horizon"] == "42D"
    assert page.app.query_params["project"] in (str(info.id), [str(info.id)])


def test_opening_hours_that_cannot_be_read_are_refused_beside_the_form(open_page, store):
    page = open_page("start")
    page.field("text_input", "Name of the centre").input("North desk")
    page.field("text_input", "Opening hours").input("from nine to five")
    page.press("Create project")
    assert "from nine to five" in page.said()
    assert len(store.projects()) == 2


def test_a_taken_name_is_refused_beside_the_form(open_page, store):
    page = open_page("start")
    page.field("text_input", "Name of the centre").input("Tiny")
    page.press("Create project")
    assert "exists already" in page.said()
    assert len(store.projects()) == 2


def test_a_project_is_opened_from_the_list(open_page):
    page = open_page("start")
    page.app.button(key="open.2").click()
    page.run()
    assert page.app.query_params["project"] in ("2", ["2"])
    assert "version 1" in page.said()


def test_a_project_is_deleted_for_good(open_page, store):
    page = open_page("start", "Tiny")
    page.app.button(key="delete.2").click()
    page.run()
    assert [info.name for info in store.projects()] == ["Empty"]
    assert not page.app.exception


def test_the_demo_is_one_click(open_page, store):
    page = open_page("start")
    page.press("Open the demo centre")
    assert not page.app.exception
    demo = store.projects()[0]
    assert demo.name == "Demo service centre"
    assert len(store.table(demo.id, "agents")) == 60
    history = store.load(store.latest(demo.id, "history").id)
    assert history.queues == ["billing", "chat", "e-mail", "orders", "post", "support"]


def test_name_and_currency_can_be_changed_later(open_page, store):
    page = open_page("start", "Tiny")
    page.app.text_input(key="name.2").input("Tiny and merry")
    page.run()
    assert not page.app.exception
    page.app.selectbox(key="plan.currency.2.0").select("AZN")
    page.run()
    plan = store.project("Tiny and merry").settings["plan"]
    assert (plan["name"], plan["currency"]) == ("Tiny and merry", "AZN")


def test_weeks_follow_their_first_day_on_the_pages_and_in_the_plan(open_page, store):
    page = open_page("start", "Tiny")
    page.app.selectbox(key="plan.week_start.2.0").select("Sun")
    page.run()
    assert store.settings("Tiny")["plan"]["week_start"] == "Sun"
    page = open_page("requirement", "Tiny")
    weeks = page.field("selectbox", "Week").options
    assert weeks[0] == "08 Mar to 14 Mar 2026"  # a Sunday
    assert not page.app.exception
    assert store.load(store.latest("Tiny", "requirement").id).week_start == "Sun"


def test_what_was_made_before_a_change_is_out_of_date(open_page, store):
    """A forecast made with other settings, and the newer one that its requirement does not read."""

    def outdated():
        captions = [c.value for c in open_page("start", "Tiny").app.caption]
        return ["out of date" in caption for caption in captions if "version" in caption]

    assert outdated() == [False, True, False, False]  # it was saved without its settings
    page = open_page("forecast", "Tiny")
    page.field("selectbox", "Model").select("seasonal_naive")
    page.run()
    page.press("Run forecast")
    assert not page.app.exception
    assert outdated() == [False, False, True, False]
