"""Reports: what managers, teams, agents and other programs are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wfm import io
from wfm.core.types import Forecast, Requirement, Schedule
from wfm.planning.band import forecast_table
from wfm.planning.bundle import folder_name, project_zip
from wfm.planning.sheets import workbook_parts
from wfm.ui import parts, project, state
from wfm.ui.pages import reports_feeds, reports_snippets
from wfm.ui.pictures import pictures
from wfm.ui.said import language, st

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOG_LINES = 100_000
ACROSS = 3


@dataclass(frozen=True)
class Offer:
    """One file: what it is called, how it is made when it is asked for, and for whom it is."""

    label: str
    make: Callable[[], bytes]
    file_name: str
    mime: str
    icon: str
    text: str


def page() -> None:
    """The page Reports: what is handed out."""
    if not parts.head("Reports", "What do I hand out?"):
        return
    forecast = needed = None
    schedule, version, covered = project.schedule()
    with parts.beside():
        forecast = project.edited_forecast()[0]
        needed = project.requirement()
    if forecast is None and schedule is None:
        parts.empty("Nothing to hand out yet.", "Run a forecast first.", "forecast")
        return
    name = folder_name(state.settings().plan.name)
    if schedule is not None and version is not None:
        with parts.beside():
            st.subheader("For managers and teams")
            _for_people(schedule, covered, name)
            reports_feeds.show(schedule, version)
    else:
        parts.empty("No schedule yet.", "Its workbook and calendars will be here.", "schedule")
    st.subheader("For other programs")
    offers = _for_programs(schedule, forecast, needed, name)
    for first in range(0, len(offers), ACROSS):
        for place, offer in zip(st.columns(ACROSS), offers[first : first + ACROSS], strict=False):
            with place:
                _card(offer)
    with st.expander("The same from Python or the command line", icon=":material/code:"):
        st.caption("Download the project above, and unpack it beside the script.")
        st.code(reports_snippets.python(name), language="python")
        st.code(reports_snippets.command_line(name), language="bash")


def _card(offer: Offer) -> None:
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        with st.container():
            st.markdown(f"**{offer.label}**")
            st.caption(offer.text)
        st.download_button(
            f"Download {offer.file_name.rpartition('.')[2]}",
            data=offer.make,
            file_name=offer.file_name,
            mime=offer.mime,
            icon=offer.icon,
            on_click="ignore",
            width="stretch",
            key=f"offer.{offer.file_name}",
        )


def _for_people(schedule: Schedule, covered: Requirement | None, name: str) -> None:
    made = _Made(schedule, covered)
    offers = [
        Offer(
            "Manager pack",
            lambda: made.written(".xlsx"),
            f"{name}.xlsx",
            XLSX,
            ":material/table:",
            "Summary, charts, schedule by day and by agent, coverage, requirement, cost of a "
            "contact, fairness, causes.",
        ),
        Offer(
            "Page to print",
            lambda: made.written(".html"),
            f"{name}.html",
            "text/html",
            ":material/print:",
            "A4, one page for each team and week. Open it and print.",
        ),
        Offer(
            "Calendars",
            lambda: made.written(".zip"),
            f"{name}-calendars.zip",
            "application/zip",
            ":material/event:",
            "One .ics for each agent, for Outlook, Google and phones.",
        ),
    ]
    *places, last = st.columns(len(offers) + 1)
    for place, offer in zip(places, offers, strict=True):
        with place:
            _card(offer)
    with last:
        _pictures(name)


def _pictures(name: str) -> None:
    """Pictures are drawn at a press, as that takes a while, and then offered."""
    newest = "-".join(str(version.id) for version in project.newest().values())
    key = f"pictures.{newest}.{language()}"
    text = "Every chart of this project as PNG and SVG, for slides."
    if key in st.session_state:
        drawn = st.session_state[key]
        _card(
            Offer(
                "Pictures",
                lambda: drawn,
                f"{name}-charts.zip",
                "application/zip",
                ":material/image:",
                text,
            )
        )
        return
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        with st.container():
            st.markdown("**Pictures**")
            st.caption(text)
        if st.button("Draw pictures", icon=":material/image:", width="stretch"):
            with st.spinner("Drawing every chart"):
                st.session_state[key] = pictures()
            st.rerun()


class _Made:
    """The schedule in the formats that it is handed out in, with all that belongs to it."""

    def __init__(self, schedule: Schedule, covered: Requirement | None) -> None:
        self.schedule, self.covered = schedule, covered
        self.plan, self.language = state.settings().plan.name, language()
        self.campaigns, self.centre = project.campaigns(), project.centre(schedule)
        self.history = project.earlier(schedule)

    def written(self, ending: str) -> bytes:
        """The file with that ending."""
        return io.schedule_bytes(
            self.schedule,
            ending,
            campaigns=self.campaigns,
            project=self.plan,
            language=self.language,
            currency=state.settings().plan.currency,
            **(self._tables() if ending == ".xlsx" else {"requirement": self.covered}),
        )

    def _tables(self) -> dict[str, Any]:
        """What only the workbook tells."""
        if self.covered is None:
            return {}
        return workbook_parts(self.schedule, self.covered, self.centre, self.history)


def _for_programs(
    schedule: Schedule | None, forecast: Forecast | None, needed: Requirement | None, name: str
) -> list[Offer]:
    store, number = state.store(), state.project_id()
    offers = []
    if schedule is not None:
        offers += [
            Offer(
                "Schedule",
                lambda: io.schedule_bytes(schedule, ".csv"),
                f"{name}.csv",
                "text/csv",
                ":material/csv:",
                "One row for each block: agent, start, end, activity, queue.",
            ),
            Offer(
                "Schedule, whole",
                lambda: io.schedule_bytes(schedule, ".json"),
                f"{name}.json",
                "application/json",
                ":material/data_object:",
                "Everything in the schedule, for programs.",
            ),
        ]
    if forecast is not None:
        offers.append(
            Offer(
                "Forecast",
                lambda: io.csv_bytes(forecast_table(forecast, state.settings().forecast.band)),
                f"{name}-forecast.csv",
                "text/csv",
                ":material/trending_up:",
                "Contacts, their band and AHT by interval, edits included.",
            )
        )
    if needed is not None:
        offers.append(
            Offer(
                "Requirement",
                lambda: io.csv_bytes(needed.frame),
                f"{name}-requirement.csv",
                "text/csv",
                ":material/groups:",
                "Agents by interval, with the service they give.",
            )
        )
    return [
        *offers,
        Offer(
            "Project",
            lambda: project_zip(store, number),
            f"{name}-plan.zip",
            "application/zip",
            ":material/folder_zip:",
            "plan.toml and csv files: the page Start reads it back, `wfm plan plan.toml` runs it.",
        ),
        Offer(
            "Change log",
            lambda: io.csv_bytes(store.changes(number, limit=LOG_LINES)),
            f"{name}-changes.csv",
            "text/csv",
            ":material/history:",
            "Who changed what, when, before and after.",
        ),
    ]
