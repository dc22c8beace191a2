"""Rules for everybody: rest, bands, rows of days, weekends, breaks; inside the page Schedule."""

from __future__ import annotations

from wfm.ui.parts import fields
from wfm.ui.said import st

OF = {False: "everybody together", True: "each team by itself"}


def show() -> None:
    """A field for each rule, saved when changed."""
    with st.expander("Rules for everybody", icon=":material/gavel:"):
        rules = st.columns(3)
        with rules[0]:
            fields.number(
                "schedule",
                "rest_min",
                "Rest between shifts [min]",
                least=0,
                step=30,
                help="From the end of a shift to the next start.",
            )
        with rules[1]:
            fields.number(
                "schedule",
                "band_min",
                "Starts of a week within [min]",
                least=0,
                step=30,
                placeholder="free",
                help="All starts of an agent in a week lie this close together; empty: free.",
            )
        with rules[2]:
            fields.number(
                "schedule",
                "outbound_block_min",
                "Shortest outbound block [min]",
                least=5,
                step=5,
                help="Unbroken time on a campaign, so that nobody is switched to and fro. Default "
                "30.",
            )
        more = st.columns(3)
        with more[0]:
            fields.number(
                "schedule",
                "max_days_in_row",
                "Most days in a row",
                least=1,
                most=14,
                step=1,
                placeholder="no limit",
                help="Last week's days count too.",
            )
        with more[1]:
            fields.number(
                "schedule",
                "weekends_off_in",
                "One weekend free in",
                least=2,
                most=8,
                step=1,
                placeholder="no rule",
                help="Of so many weekends in a row at least one is free of shifts.",
            )
        with more[2]:
            fields.number(
                "schedule",
                "preferred_within_min",
                "A wish is granted within [min]",
                least=0,
                step=15,
                help="How far a start may lie from the one an agent prefers.",
            )
        gaps = st.columns(3)
        with gaps[0]:
            fields.number(
                "schedule",
                "break_gap_min",
                "Least work beside a break [min]",
                least=0,
                step=15,
                help="Before, between and after the breaks of a shift.",
            )
        with gaps[1]:
            fields.number(
                "schedule",
                "break_gap_max",
                "Most work without a break [min]",
                least=15,
                step=15,
                placeholder="no limit",
                help="Before, between and after the breaks of a shift.",
            )
        bunched = st.columns(3)
        with bunched[0]:
            fields.percent(
                "schedule",
                "break_share_max",
                "Most on a break at once [%]",
                placeholder="no limit",
                help="Of those on duty, rounded up to a whole person.",
            )
        with bunched[1]:
            fields.number(
                "schedule",
                "break_heads_max",
                "Most on a break at once [heads]",
                least=1,
                step=1,
                placeholder="no limit",
                help="At the same time; a limit that cannot be kept gives way and is told.",
            )
        with bunched[2]:
            fields.choice(
                "schedule",
                "break_by_team",
                "These limits hold for",
                [False, True],
                names=OF.__getitem__,
            )
