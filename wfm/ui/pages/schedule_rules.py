"""Rules for everybody: rest, days, weekends, breaks, nights, hours; inside the page Schedule."""

from __future__ import annotations

from wfm.ui.parts.fields import Field, choice, grid, number, percent, text
from wfm.ui.said import st

OF = {False: "everybody together", True: "each team by itself"}
CLOCK = "By each agent's clock, such as 23:00."
TEAMS = "Whether the two limits of breaks count everybody, or each team for itself."
BESIDE_BREAKS = "Before, between and after the breaks of a shift."
RULES = (
    Field(
        number,
        "rest_min",
        "Rest between shifts [min]",
        {"least": 0, "step": 30, "help": "From the end of a shift to the next start."},
    ),
    Field(
        number,
        "band_min",
        "Starts of a week within [min]",
        {
            "least": 0,
            "step": 30,
            "placeholder": "free",
            "help": "All starts of an agent in a week lie this close together; empty: free.",
        },
    ),
    Field(
        number,
        "outbound_block_min",
        "Shortest outbound block [min]",
        {
            "least": 5,
            "step": 5,
            "help": "Unbroken time on a campaign, so that nobody is switched to and fro. Default "
            "30.",
        },
    ),
    Field(
        number,
        "max_days_in_row",
        "Most days in a row",
        {
            "least": 1,
            "most": 14,
            "step": 1,
            "placeholder": "no limit",
            "help": "Last week's days count too.",
        },
    ),
    Field(
        number,
        "weekends_off_in",
        "One weekend free in [weekends]",
        {
            "least": 2,
            "most": 8,
            "step": 1,
            "placeholder": "no rule",
            "help": "Of so many weekends in a row at least one is free of shifts.",
        },
    ),
    Field(
        number,
        "preferred_within_min",
        "A wish is granted within [min]",
        {
            "least": 0,
            "step": 15,
            "help": "How far a start may lie from the one an agent prefers.",
        },
    ),
    Field(
        number,
        "break_gap_min",
        "Least work beside a break [min]",
        {"least": 0, "step": 15, "help": BESIDE_BREAKS},
    ),
    Field(
        number,
        "break_gap_max",
        "Most work without a break [min]",
        {"least": 15, "step": 15, "placeholder": "no limit", "help": BESIDE_BREAKS},
    ),
    Field(
        percent,
        "break_share_max",
        "Most on a break at once [%]",
        {
            "placeholder": "no limit",
            "help": "Of those on duty, rounded up to a whole person.",
        },
    ),
    Field(
        number,
        "break_heads_max",
        "Most on a break at once [heads]",
        {
            "least": 1,
            "step": 1,
            "placeholder": "no limit",
            "help": "At the same time; a limit that cannot be kept gives way and is told.",
        },
    ),
    Field(
        choice,
        "break_by_team",
        "These limits hold for",
        {"options": (False, True), "names": OF.__getitem__, "help": TEAMS},
    ),
)
REST = (
    Field(
        number,
        "weekly_rest_min",
        "Weekly rest [min]",
        {
            "least": 60,
            "step": 60,
            "placeholder": "no rule",
            "help": "Unbroken free time in every week: 2100 is 35 h, 1440 is 24 h.",
        },
    ),
    Field(
        text,
        "late_end",
        "After a shift that ends after",
        {
            "empty": "no rule",
            "help": "Such as 22:00; together with the start beside it.",
        },
    ),
    Field(
        text,
        "start_after_late",
        "Next start not before",
        {
            "empty": "no rule",
            "help": "Such as 10:00; a day off is allowed in any case.",
        },
    ),
    Field(
        number,
        "max_nights_week",
        "Most nights a week",
        {
            "least": 0,
            "most": 7,
            "step": 1,
            "placeholder": "no limit",
            "help": "A night belongs to the week in which it starts.",
        },
    ),
    Field(
        number,
        "max_nights_in_row",
        "Most nights in a row",
        {
            "least": 0,
            "most": 14,
            "step": 1,
            "placeholder": "no limit",
            "help": "Last week's nights count too.",
        },
    ),
    Field(
        number,
        "rest_after_nights_min",
        "Rest after a row of nights [min]",
        {
            "least": 0,
            "step": 60,
            "placeholder": "no rule",
            "help": "From the end of the last night to the next shift.",
        },
    ),
    Field(
        number,
        "night_least_min",
        "A night holds at least [min]",
        {
            "least": 15,
            "step": 15,
            "help": "So much of a shift between the two times beside makes a night of it.",
        },
    ),
    Field(text, "night_from", "The night begins", {"help": CLOCK}),
    Field(text, "night_to", "The night ends", {"help": CLOCK}),
    Field(
        number,
        "max_hours_average_week",
        "Most paid hours a week on average",
        {
            "least": 1.0,
            "most": 168.0,
            "placeholder": "no limit",
            "help": "Over all planned days and the newest schedule before them.",
        },
    ),
)


def show() -> None:
    """A field for each rule, saved when changed."""
    grid("schedule", RULES)
    st.markdown("##### Weekly rest, nights and hours")
    grid("schedule", REST)
