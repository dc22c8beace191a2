"""Compare: two versions side by side."""


def test_one_version_alone_says_what_is_needed(open_page):
    page = open_page("compare", "Tiny")
    assert not page.app.exception
    assert "Nothing to compare yet" in page.said()


def test_two_requirements_show_what_the_change_costs(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(30.0)
    page.run()
    page = open_page("compare", "Tiny")
    page.app.segmented_control[0].set_value("requirement")
    page.run()
    assert not page.app.exception
    assert not page.app.error
    shown = page.app.dataframe[0].value
    roster = shown[shown["Measure"] == "On the roster"].iloc[0]
    assert roster["Difference"].startswith("+")


def test_two_schedules_show_whose_shifts_differ(open_page, store):
    info = store.latest("Tiny", "schedule")
    made = store.load(info.id)
    frame = made.frame[made.frame["agent"] != made.frame["agent"].iloc[0]]
    from dataclasses import replace

    store.save("Tiny", "schedule", replace(made, frame=frame), parents=info.parents)
    page = open_page("compare", "Tiny")
    assert not page.app.exception
    assert not page.app.error
    gone = made.frame["agent"].iloc[0]
    assert "of 1 people differ" in page.said()
    assert page.app.dataframe[-2].value["agent"].unique().tolist() == [gone]
