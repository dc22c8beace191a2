"""Schedule: who works when. The solve runs in a worker; the page watches, and can stop it."""

from __future__ import annotations

from wfm.core import tables
from wfm.core.types import Requirement
from wfm.store import JobInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_limits, schedule_result, schedule_weights
from wfm.ui.parts import fields, work
from wfm.ui.said import st

GRACE_S = 30.0


def page() -> None:
    """The page Schedule: who works when."""
    if not parts.head("Schedule", "Who works when, and how good is that?"):
        return
    needed = None
    with parts.beside():
        needed = project.requirement()
    if needed is None:
        parts.empty("No requirement yet.", "A schedule covers a requirement.", "forecast")
        return
    if state.table("agents").empty:
        parts.empty(
            "Nobody to schedule yet.",
            "Enter agents and contracts, upload them, or have people made who fit.",
            "people",
        )
        return
    jobs = [job for job in map(work.newest_job, ("schedule", "replan")) if job is not None]
    job = max(jobs, key=lambda one: one.id, default=None)
    with st.container(border=True):
        pressed = _ask(needed, running=job is not None and not job.ended)
    if pressed:
        with parts.beside():
            checked()
            work.start("schedule")
    if job is not None and not job.ended:
        with st.container(border=True):
            work.watch(job, progress)
        return
    work.told(job)
    schedule, version, covered = project.schedule()
    if schedule is None or version is None:
        parts.empty(
            "No schedule yet.",
            "Press Build schedule: shifts, breaks and outbound work are placed together.",
        )
        return
    if not state.reads("requirement", version):
        parts.stale("This schedule", "the requirement changed")
    schedule_result.show(schedule, version, covered)


def checked() -> None:
    """Refuse what the worker would refuse, before it is started.

    Raises
    ------
    WfmError
        Agents without contract, a campaign that cannot be, no contracts.
    """
    agents, contracts = project.people()
    tables.check_people(agents, contracts)
    project.campaigns()


def _ask(needed: Requirement, *, running: bool) -> bool:
    """Days, time, rules; whether the button was pressed."""
    row = st.columns([2, 1, 1, 1, 2], vertical_alignment="bottom")
    with row[0]:
        fields.day(
            "schedule",
            "first_day",
            "First day",
            help=f"Empty: the first Monday of the requirement, which begins on "
            f"{needed.frame['start'].min():%a %d %b %Y}.",
        )
    with row[1]:
        fields.number(
            "schedule",
            "days",
            "Days",
            least=1,
            most=35,
            step=1,
            help="From the first day on; 1 to 35.",
        )
    with row[2]:
        fields.number(
            "schedule",
            "seconds",
            "Seconds",
            least=1,
            most=3600,
            step=10.0,
            help="Longest search. It ends sooner when the schedule is proven best.",
        )
    with row[3]:
        fields.number(
            "schedule", "seed", "Seed", least=0, step=1, help="Same seed, same start of the search."
        )
    with row[4]:
        pressed = st.button(
            "Build schedule",
            type="primary",
            icon=":material/play_arrow:",
            disabled=running,
            width="stretch",
        )
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
    with st.expander("What counts how much", icon=":material/balance:"):
        schedule_weights.show()
    with st.expander("Fewest and most at work", icon=":material/event_seat:"):
        schedule_limits.show()
    return pressed


def progress(job: JobInfo) -> None:
    """How far the solve is: seconds, objective, bound and gap."""
    report = job.progress
    limit = float(state.settings().schedule.seconds)
    seconds = float(report.get("seconds") or 0.0)
    phase = str(report.get("phase") or job.status)
    st.progress(
        min(1.0, seconds / limit), text=f"{phase.capitalize()} · {seconds:.0f} of {limit:.0f} s"
    )
    parts.metrics(
        {
            "Cost so far": _number(report.get("objective")),
            "Proven least cost": _number(report.get("bound")),
            "Gap": _share(report.get("gap")),
        }
    )


def _number(value: object) -> str:
    return f"{float(value):,.0f}" if isinstance(value, (int, float)) else "not yet"


def _share(value: object) -> str:
    return f"{float(value):.2%}" if isinstance(value, (int, float)) else "not yet"
