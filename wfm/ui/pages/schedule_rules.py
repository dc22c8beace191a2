"""Rules for everybody: rest, bands, rows of days, weekends, breaks; inside the page Schedule."""

from __future__ import annotations

from wfm.ui.parts.fields import Field, choice, grid, number, percent

OF = {False: "everybody together", True: "each team by itself"}
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
        "One weekend free in",
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


def show() -> None:
    """A field for each rule, saved when changed."""
    grid("schedule", RULES)
