"""Schedule: who works when. The solve runs in a worker; the page watches, and can stop it."""

from __future__ import annotations

from datetime import timedelta

from wfm.core import tables
from wfm.core.types import Requirement
from wfm.planning.project_people import first_day_of
from wfm.store import JobInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_limits, schedule_result, schedule_rules, schedule_weights
from wfm.ui.parts import fields, work
from wfm.ui.parts.fields import Field
from wfm.ui.said import say, st

PHASES = {
    "queued": "Waiting for its turn",
    "running": "Getting ready",
    "start": "Making a first schedule",
    "guide": "Working out the least cost",
    "days": "Building the days",
    "improve": "Improving",
    "names": "Giving shifts to people",
    "finish": "Checking every rule",
}

MOST_SEED = 2**31 - 1
SEARCH = (
    Field(
        fields.number,
        "days",
        "Days",
        {"least": 1, "most": 35, "step": 1, "help": "From the first day on; 1 to 35."},
    ),
    Field(
        fields.number,
        "seconds",
        "Search [s]",
        {
            "least": 1,
            "most": 3600,
            "step": 10.0,
            "help": "Longest search. It ends sooner when the schedule is proven best.",
        },
    ),
    Field(
        fields.number,
        "seed",
        "Seed",
        {
            "least": 0,
            "most": MOST_SEED,
            "step": 1,
            "help": "Same seed, same start of the search.",
        },
    ),
)


def page() -> None:
    """The page Schedule: who works when."""
    if not parts.head("Schedule", "Who works when, and how good is that?"):
        return
    needed = _needed()
    jobs = [job for job in map(work.newest_job, ("schedule", "replan")) if job is not None]
    job = max(jobs, key=lambda one: one.id, default=None)
    if needed is not None:
        _build(needed, running=job is not None and not job.ended)
    if job is not None and not job.ended:
        with st.container(border=True):
            work.watch(job, progress)
        return
    work.told(job)
    schedule, version, covered = project.schedule()
    if schedule is None or version is None:
        if needed is not None:
            parts.empty(
                "No schedule yet.",
                "Press Build schedule: shifts, breaks and outbound work are placed together.",
            )
        return
    if not state.reads("requirement", version):
        parts.stale("This schedule", "the requirement changed")
    elif since := project.changed_since(version):
        parts.stale("This schedule", since)
    schedule_result.show(schedule, version, covered)


def _needed() -> Requirement | None:
    """The requirement that a new schedule would cover; None where none can be, and says why."""
    with parts.beside():
        needed = project.requirement()
        if needed is None:
            parts.empty("No requirement yet.", "A schedule covers a requirement.", "forecast")
        elif state.table("agents").empty:
            parts.empty(
                "Nobody to schedule yet.",
                "Enter agents and contracts, upload them, or have people made who fit.",
                "people",
            )
        else:
            return needed
    return None


def _build(needed: Requirement, *, running: bool) -> None:
    """What a new schedule is asked for; starts it where that is pressed."""
    with st.container(border=True):
        pressed = _ask(needed, running=running)
    if pressed:
        with parts.beside():
            checked()
            first = first_day_of(needed, state.settings(), today=parts.today())
            work.start("schedule", {"first_day": first.isoformat()})


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
    newest = f"{needed.frame['start'].min():%a %d %b %Y}"
    first_day = Field(
        fields.day,
        "first_day",
        "First day",
        {"help": f"Empty: the next week in the requirement, which begins on {newest}."},
    )
    *_, place = fields.row("schedule", (first_day, *SEARCH), [2, 1, 1, 1, 2])
    pressed: bool = place.button(
        "Build schedule",
        type="primary",
        icon=":material/play_arrow:",
        disabled=running,
        width="stretch",
    )
    with parts.beside():
        section = state.settings().schedule
        first = first_day_of(needed, state.settings(), today=parts.today())
        last = first + timedelta(days=section.days - 1)
        over = "These days are over: choose another first day, or forecast from newer contacts."
        plans = f"Plans {first:%a %d %b %Y} to {last:%a %d %b %Y}."
        held = needed.frame["start"].dt.date
        days = [first + timedelta(days=day) for day in range(section.days)]
        empty = sorted({*days} - {*held})
        if len(empty) == len(days):
            parts.refused(
                "First day",
                f"The requirement holds no day from {first:%d %b %Y} to {last:%d %b %Y}. Choose "
                f"one from {held.min():%d %b %Y} to {held.max():%d %b %Y}, or forecast further.",
            )
        with st.container(horizontal=True):
            st.caption(plans, width="content")
            if 0 < len(empty) < len(days):
                count, day = len(empty), empty[0]
                st.caption(
                    f"The requirement has no row on {count} of these days, first on "
                    f"{day:%a %d %b %Y}: right where the centre is closed, else forecast further.",
                    width="content",
                )
            if last < parts.today():
                st.caption(over, width="content")
    sections = st.columns([4, 5, 6])  # above the result instead of before it
    with sections[0].popover("Rules for everybody", icon=":material/gavel:", width="stretch"):
        schedule_rules.show()
    with sections[1].popover("What counts how much", icon=":material/balance:", width="stretch"):
        schedule_weights.show()
    with sections[2].popover(
        "Fewest and most at work", icon=":material/event_seat:", width="stretch"
    ):
        schedule_limits.show()
    return pressed


def progress(job: JobInfo) -> None:
    """How far the solve is: seconds, objective, bound and gap."""
    report = job.progress
    limit = float(state.settings().schedule.seconds)
    seconds = float(report.get("seconds") or 0.0)
    phase = str(report.get("phase") or job.status)
    st.progress(
        min(1.0, seconds / limit),
        text=f"{say(PHASES.get(phase, phase.capitalize()))} · {seconds:.0f} of {limit:.0f} s",
    )
    parts.metrics(
        {
            "Cost so far": _number(report.get("objective")),
            "Proven least cost": _number(report.get("bound")),
            "Gap": _share(report.get("gap")),
        }
    )


def _number(value: object) -> str:
    return f"{float(value):,.0f} cost units" if isinstance(value, (int, float)) else "not yet"


def _share(value: object) -> str:
    return f"{float(value):.2%}" if isinstance(value, (int, float)) else "not yet"
