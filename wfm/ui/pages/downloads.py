"""Downloads: the files that are handed out."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from wfm import io
from wfm.core.types import Requirement, Schedule
from wfm.planning.bundle import project_zip
from wfm.planning.service import predict_service
from wfm.planning.sheets import schedule_sheets
from wfm.planning.why import covered_curve
from wfm.ui import parts, project, state
from wfm.ui.said import language, st

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page() -> None:
    """The page Downloads: what is handed out."""
    if not parts.head("Downloads", "What do I hand out?"):
        return
    schedule, _, covered = project.schedule()
    forecast = needed = None
    with parts.beside():
        forecast = project.edited_forecast()[0]
        needed = project.requirement()
    if forecast is None and schedule is None:
        parts.empty("Nothing to hand out yet.", "Run a forecast first.", "forecast")
        return
    name = _file_name()
    if schedule is not None:
        with parts.beside():
            _schedule_files(schedule, covered, name)
    else:
        parts.empty("No schedule yet.", "Its workbook and calendars will be here.", "schedule")
    _tables(name, forecast.frame if forecast else None, needed)
    _snippet()


def _file_name() -> str:
    """The project's name as a file name."""
    name = state.settings().plan.name
    return "".join(c if c.isalnum() else "-" for c in name).strip("-").lower() or "plan"


def _offer(
    label: str, data: Callable[[], bytes], file_name: str, mime: str, icon: str, text: str
) -> None:
    """One file: what it is, and its button; it is made when it is asked for."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{label}**")
        st.caption(text)
        st.download_button(
            f"Download {file_name.rpartition('.')[2]}",
            data=data,
            file_name=file_name,
            mime=mime,
            icon=icon,
            on_click="ignore",
            width="stretch",
            key=f"offer.{file_name}",
        )


def _schedule_files(schedule: Schedule, covered: Requirement | None, name: str) -> None:
    plan, reads = state.settings().plan.name, language()
    campaigns, centre = project.campaigns(), project.centre(schedule)
    history = project.earlier(schedule)

    def service() -> pd.DataFrame | None:
        if covered is None or not covered.model:
            return None
        return predict_service(schedule, covered)

    def curve(ending: str) -> pd.DataFrame | None:
        if covered is None or ending != ".xlsx":
            return None
        return covered_curve(schedule, covered)

    def written(ending: str) -> Callable[[], bytes]:
        return lambda: io.schedule_bytes(
            schedule,
            ending,
            requirement=covered,
            service=service(),
            curve=curve(ending),
            campaigns=campaigns,
            project=plan,
            language=reads,
            sheets=schedule_sheets(schedule, covered, centre, history)
            if covered is not None and ending == ".xlsx"
            else None,
        )

    st.subheader("Schedule")
    row = st.columns(4)
    with row[0]:
        _offer(
            "Workbook",
            written(".xlsx"),
            f"{name}.xlsx",
            XLSX,
            ":material/table:",
            "A sheet a day, coverage, requirement, everybody's totals, fairness, causes, "
            "ready to print.",
        )
    with row[1]:
        _offer(
            "Calendars",
            written(".zip"),
            f"{name}-calendars.zip",
            "application/zip",
            ":material/event:",
            "One .ics for each agent, for Outlook, Google and phones.",
        )
    with row[2]:
        _offer(
            "Table",
            written(".csv"),
            f"{name}.csv",
            "text/csv",
            ":material/csv:",
            "One row for each block: agent, start, end, activity, queue.",
        )
    with row[3]:
        _offer(
            "Data",
            written(".json"),
            f"{name}.json",
            "application/json",
            ":material/data_object:",
            "Everything of the schedule, for programs.",
        )


def _tables(name: str, forecast: pd.DataFrame | None, needed: Requirement | None) -> None:
    store, number = state.store(), state.project_id()
    st.subheader("Forecast, requirement and plan")
    row = st.columns(4)
    if forecast is not None:
        with row[0]:
            _offer(
                "Forecast",
                lambda: io.csv_bytes(forecast),
                f"{name}-forecast.csv",
                "text/csv",
                ":material/trending_up:",
                "Contacts, 80 % band and AHT by interval, edits included.",
            )
    if needed is not None:
        with row[1]:
            _offer(
                "Requirement",
                lambda: io.csv_bytes(needed.frame),
                f"{name}-requirement.csv",
                "text/csv",
                ":material/groups:",
                "Agents by interval, with the service they give.",
            )
    with row[2]:
        _offer(
            "Project",
            lambda: project_zip(store, number),
            f"{name}-plan.zip",
            "application/zip",
            ":material/folder_zip:",
            "plan.toml and csv files: the page Start takes it back, `wfm plan plan.toml` runs it.",
        )


def _snippet() -> None:
    with st.expander("The same from Python or the command line", icon=":material/code:"):
        settings = state.settings()
        staff, plan = settings.staff, settings.plan
        st.code(
            f'''import wfm

history = wfm.read_history("history.csv", time_zone="{plan.time_zone}", interval="{plan.interval}")
calendar = wfm.Calendar(country={settings.calendar.country!r})
forecast = wfm.make_forecast(history, horizon="{settings.forecast.horizon}", calendar=calendar)
target = wfm.ServiceTarget.parse("{staff.target}")
requirement = wfm.staff(forecast, target, model="{staff.model}", shrinkage={staff.shrinkage:g})
schedule = wfm.make_schedule(requirement, agents, contracts, campaigns=campaigns)
wfm.write_schedule(schedule, "schedule.xlsx")''',
            language="python",
        )
        st.code("wfm plan plan.toml", language="bash")
