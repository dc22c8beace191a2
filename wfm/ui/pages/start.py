"""Start: open a project, create one, or try the demo centre."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES
from wfm.core.weeks import WEEK_STARTS
from wfm.planning.bundle_in import import_project
from wfm.planning.demo_project import create_demo
from wfm.planning.settings import settings_from
from wfm.store import ProjectInfo, VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages.requirement_names import VARIANTS
from wfm.ui.parts import fields, headings
from wfm.ui.parts.closing import popover
from wfm.ui.parts.numbers import read_number, write_number
from wfm.ui.said import st

NAME = "Stands in the list of projects, on workbooks and in calendars."
CURRENCIES = ("EUR", "TRY", "AZN", "GEL", "USD", "GBP", "CHF")
ZONE = "Opening hours and shifts are wall-clock times of this zone."
INTERVAL = "Planning slice. A contact belongs to the interval of its arrival."
CURRENCY = "Of costs per hour and of what a schedule costs. Another one may be typed."
FOUND = "found in the file"
HOURS = (
    "Of every queue, such as Mon-Fri 08:00-18:00; Sat 09:00-13:00. Empty: the hours in which the "
    "file has contacts. Hours of single queues are set on the page People."
)
COUNTS = "Service level counts"
VARIANT = (
    "How abandoned contacts enter the service level; ask whoever reports it today, so that the "
    "numbers compare."
)
WEEK = "Weeks begin on"
FIRST_DAYS = {"Mon": "Monday", "Sun": "Sunday", "Sat": "Saturday"}
WEEKS = (
    "Contracts, schedules, edits, charts, tables and exports cut weeks there. A weekend stays "
    "Saturday and Sunday; accuracy by week counts from the day of a forecast, and fairness back "
    "from the end of a schedule."
)
OFFERED = "Offered contacts are"
COUNTED = {
    "all": "everybody who called",
    "less_short": "without short abandons: take them off",
    "no_short": "without short abandons already",
}
OFFERED_HELP = (
    "Whether callers who hang up at once count as offered in the next file that is taken in. They "
    "can be taken off where the file counts them or has a row a call. Forecast, requirement and "
    "workbook say what they count."
)
SHORT = "Short abandon [s]"
SHORT_HELP = "A caller who leaves sooner. Counted so in call records; told for other files."
LENGTHS = [f"{m}min" for m in MINUTES]
MADE_FROM = {"forecast": "history", "requirement": "forecast", "schedule": "requirement"}
STEPS = (
    ("data", "history", "Data", "what arrived"),
    ("forecast", "forecast", "Forecast", "what will arrive"),
    ("requirement", "requirement", "Requirement", "how many agents"),
    ("schedule", "schedule", "Schedule", "who works when"),
)


@cache
def zones() -> list[str]:
    """IANA zones that a centre may be in."""
    return sorted(
        z for z in available_timezones() if "/" in z and not z.startswith(("Etc", "posix"))
    )


def page() -> None:
    """Choose what to work on."""
    st.title("Plan a contact centre")
    st.caption(
        "Forecast contacts, see how many agents each interval needs, and build a legal schedule "
        "with outbound work in the quiet periods."
    )
    info = state.project()
    if info is not None:
        _progress(info)
    left, right = st.columns(2, gap="large")
    with left:
        _list(info)
        _demo()
        _zip()
    with right:
        _new()


def _progress(info: ProjectInfo) -> None:
    """The steps of the open project and what each holds."""
    with st.container(border=True):
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(f"##### {info.name}")
        with right.popover("Settings", icon=":material/settings:", width="stretch"):
            _settings(info)
        newest = project.newest()
        following = next((step for step in STEPS if step[1] not in newest), None)
        for column, (page_name, kind, title, what) in zip(
            st.columns(len(STEPS)), STEPS, strict=True
        ):
            done = newest.get(kind)
            with column:
                if done is not None and _outdated(kind, done):
                    st.badge(title, icon=":material/update:", color="orange")
                    st.caption(f"version {done.number}, {parts.when(done.created_at)}, out of date")
                elif done is not None:
                    st.badge(title, icon=":material/check:", color="green")
                    st.caption(f"version {done.number}, {parts.when(done.created_at)}")
                else:
                    st.badge(title, icon=":material/radio_button_unchecked:", color="gray")
                    st.caption(f"to do: {what}")
                parts.link(
                    page_name,
                    "Next step" if (page_name, kind, title, what) == following else "Open",
                )


def _outdated(kind: str, version: VersionInfo) -> bool:
    """Whether what a version was made from has changed since."""
    if kind == "forecast" and version.settings != project.made_with():
        return True
    if kind == "schedule" and project.changed_since(version):
        return True
    return kind in MADE_FROM and not state.reads(MADE_FROM[kind], version)


def _settings(info: ProjectInfo) -> None:
    """What the open project was begun with, changeable later."""
    with parts.beside("Name of the centre"):
        name = st.text_input(
            "Name of the centre", value=info.name, key=f"name.{info.id}", help=NAME
        ).strip()
        if name != info.name:
            state.store().rename_project(info.id, name)
            state.choose(info.id)
            state.change("plan", name=name)
            st.rerun()
    fields.choice("plan", "time_zone", "Time zone", zones(), help=ZONE)
    fields.choice("plan", "interval", "Interval", LENGTHS, names=parts.minutes, help=INTERVAL)
    fields.choice("plan", "currency", "Currency", CURRENCIES, help=CURRENCY, new=True)
    fields.text("history", "opening", "Opening hours", empty=FOUND, help=HOURS)
    fields.choice(
        "staff", "variant", COUNTS, list(VARIANTS), names=VARIANTS.__getitem__, help=VARIANT
    )
    fields.choice(
        "history", "offered", OFFERED, list(COUNTED), names=COUNTED.__getitem__, help=OFFERED_HELP
    )
    fields.number("history", "short_s", SHORT, least=0, most=3600, step=1.0, help=SHORT_HELP)
    fields.choice("plan", "week_start", WEEK, WEEK_STARTS, names=FIRST_DAYS.__getitem__, help=WEEKS)
    st.caption(
        "Zone, interval, hours and what is offered count for the next file that is taken in. The "
        "language is chosen in the sidebar."
    )


def _list(opened: ProjectInfo | None) -> None:
    st.subheader("Projects")
    projects = state.store().projects()
    if not projects:
        parts.empty("No project yet.", "Try the demo centre, or create a project of your own.")
    for info in projects:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            plan = settings_from(info.settings, name="settings").plan
            current = opened is not None and opened.id == info.id
            badge = " :green-badge[open]" if current else ""
            st.markdown(
                f"**{info.name}**{badge}  \n:gray[{plan.time_zone} · "
                f"every {parts.minutes(plan.interval)} · changed {parts.when(info.updated_at)}]",
                width="stretch",
            )
            if not current and st.button(
                "Open", key=f"open.{info.id}", icon=":material/folder_open:"
            ):
                state.choose(info.id)
                st.rerun()
            _delete(info)


def _delete(info: ProjectInfo) -> None:
    place, close = popover(
        f"delete.{info.id}", "", icon=":material/delete:", help="Delete this project"
    )
    with place:
        st.markdown(f"Delete **{info.name}** with everything in it? This cannot be undone.")
        pressed = st.button(
            "Delete for good", key=f"delete.{info.id}", type="primary", on_click=close
        )
    if pressed:
        state.store().delete_project(info.id)
        if st.session_state.get(state.PARAMETER) == info.id:
            state.choose(None)
        st.rerun()


def _demo() -> None:
    st.subheader("Try it")
    with st.container(border=True):
        st.markdown(
            "**Demo centre** - a service centre in Istanbul: two years of calls in three queues, "
            "of chat, e-mail and post, 60 agents, five outbound campaigns. Generated, so nothing "
            "personal is in it."
        )
        if st.button("Open the demo centre", type="primary", icon=":material/play_arrow:"):
            with parts.beside():
                with st.spinner("Making two years of calls"):
                    made = create_demo(state.store())
                state.choose(made)
                parts.go("data")


def _zip() -> None:
    st.subheader("From a zip")
    with st.form("zip", clear_on_submit=True):
        upload = st.file_uploader(
            "A project that was downloaded, or a zipped plan folder", type=["zip"]
        )
        if st.form_submit_button("Import", icon=":material/folder_zip:"):
            with parts.beside():
                if upload is None:
                    message = "no zip is chosen. Drop one above."
                    raise DataError(message)
                with st.spinner("Reading the project"):
                    made = import_project(state.store(), upload)
                state.choose(made.id)
                parts.go("data")


def _name_fields() -> None:
    """What the fields of the form are called, for messages about what was typed."""
    for section, name, label in (
        ("plan", "name", "Name of the centre"),
        ("plan", "currency", "Currency"),
        ("history", "opening", "Opening hours"),
        ("history", "short_s", SHORT),
    ):
        headings.name_field(section, name, label)


def _new() -> None:
    st.subheader("New project")
    with st.form("new"):
        name = st.text_input("Name of the centre", max_chars=200, help=NAME)
        known = zones()
        here = st.context.timezone
        zone = st.selectbox(
            "Time zone",
            known,
            index=known.index(here) if here in known else known.index("Europe/Istanbul"),
            help=ZONE,
        )
        left, right = st.columns(2)
        minutes = left.selectbox(
            "Interval",
            MINUTES,
            index=MINUTES.index(30),
            format_func=lambda m: f"{m} min",
            help=INTERVAL,
        )
        currency = right.selectbox("Currency", CURRENCIES, accept_new_options=True, help=CURRENCY)
        with st.expander("Hours, weeks and how calls are counted", icon=":material/tune:"):
            opening = st.text_input("Opening hours", placeholder=FOUND, help=HOURS)
            week = st.selectbox(WEEK, WEEK_STARTS, format_func=FIRST_DAYS.__getitem__, help=WEEKS)
            variant = st.selectbox(
                COUNTS, list(VARIANTS), format_func=VARIANTS.__getitem__, help=VARIANT
            )
            offered = st.selectbox(
                OFFERED, list(COUNTED), format_func=COUNTED.__getitem__, help=OFFERED_HELP
            )
            short = st.text_input(SHORT, write_number(5.0), help=SHORT_HELP)
        if st.form_submit_button("Create project", icon=":material/add:"):
            short_s = None
            with parts.beside(SHORT):
                short_s = read_number(short, least=0, most=3600) or 0.0
            if short_s is None:
                return
            with parts.beside():
                plan = {
                    "name": name.strip(),
                    "time_zone": zone,
                    "interval": f"{minutes}min",
                    "currency": currency,
                    "week_start": week,
                }
                _name_fields()
                asked = {
                    "plan": plan,
                    "history": {
                        "opening": opening.strip() or None,
                        "offered": offered,
                        "short_s": short_s,
                    },
                    "staff": {"variant": variant},
                }
                checked = settings_from(asked, name="settings").model_dump(mode="json")
                state.choose(state.store().create_project(name, checked).id)
                parts.go("data")
