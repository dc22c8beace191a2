"""The files of a plan that are handed out, and the demo folder."""

from __future__ import annotations

from pathlib import Path

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.io.write.atomic import sentences
from wfm.io.write.calendars import SIGNATURE
from wfm.planning.band import forecast_table
from wfm.planning.by_settings import centre_of
from wfm.planning.demo import COUNTRY, TIME_ZONE, demo_centre
from wfm.planning.plan import Plan
from wfm.planning.settings import Settings, read_settings, settings_from, write_settings
from wfm.planning.sheets import workbook_parts

SCHEDULES = ("schedule.xlsx", "schedule.csv", "schedule.json")
TABLES = ("coverage.csv", "requirement.csv", "forecast.csv", "service.csv")
FITTED = ("agents.csv", "contracts.csv")


def output_folder(file: str | Path, out: Path | None = None) -> Path:
    """Return the folder that a plan's files go to.

    Parameters
    ----------
    file
        The plan.toml.
    out
        A folder that is taken instead of the one it names.

    Raises
    ------
    DataError
        It is a file, or a file that the plan reads would be overwritten, and the next run would
        start from it.
    """
    settings, base = read_settings(file), Path(file).parent
    folder = out or base / settings.output.folder
    if folder.exists() and not folder.is_dir():
        message = f"{folder}: it is a file. Name a folder for the plan's files."
        raise DataError(message)
    names = SCHEDULES + TABLES + (FITTED if settings.people.fit else ())
    made = {(folder / name).resolve() for name in names}
    for section, values in settings.model_dump().items():
        for key, value in values.items():
            if isinstance(value, str) and (base / value).resolve() in made:
                message = (
                    f"plan.toml, [{section}] {key}: {value} would be overwritten by the plan's own "
                    f"file in {folder}. Choose another folder under [output], or rename it."
                )
                raise DataError(message)
    return folder


def write_plan(plan: Plan, folder: str | Path) -> list[Path]:
    """Write everything a plan made into a folder and return the files.

    `schedule.xlsx`, `schedule.csv`, `schedule.json`, `coverage.csv`, `requirement.csv`, where there
    is one `forecast.csv` and `service.csv`, `agents.csv` and `contracts.csv` when people were made
    to fit, and one calendar for each agent who works in `calendars/`, where the calendars of an
    earlier run are taken away.
    """
    target = Path(folder)
    with sentences(target):
        target.mkdir(parents=True, exist_ok=True)
    project, currency = plan.settings.plan.name, plan.settings.plan.currency
    written: list[Path] = []
    frames = {"requirement.csv": plan.requirement.frame, "coverage.csv": plan.schedule.coverage}
    if plan.forecast is not None:
        frames["forecast.csv"] = forecast_table(plan.forecast, plan.settings.forecast.band)
    if plan.service is not None:
        frames["service.csv"] = plan.service
    for name, frame in frames.items():
        io.write_table(frame, target / name)
        written.append(target / name)
    centre = centre_of(plan.settings, plan.people, plan.queues)
    earlier = [plan.people.carry_in] if plan.people.carry_in else []
    told = workbook_parts(plan.schedule, plan.requirement, centre, earlier)
    campaigns = plan.people.campaigns
    for name in SCHEDULES:
        io.write_schedule(
            plan.schedule,
            target / name,
            campaigns=campaigns,
            project=project,
            currency=currency,
            **told,
        )
        written.append(target / name)
    if plan.settings.people.fit:
        people = target / "agents.csv"
        io.write_table(tables.agents_table(plan.people.agents), people)
        contracts = target / "contracts.csv"
        io.write_table(tables.contracts_table(plan.people.contracts), contracts)
        written += [people, contracts]
    written += io.write_calendars(plan.schedule, target / "calendars", project=project)
    for calendar in set((target / "calendars").glob("*.ics")) - set(written):
        if SIGNATURE in calendar.read_bytes():
            calendar.unlink()
    return written


def write_demo(
    folder: str | Path, *, agents: int = 60, time_zone: str = TIME_ZONE, seed: int = 0
) -> Path:
    """Write the demo centre as a plan folder and return its plan.toml.

    Parameters
    ----------
    folder
        Made if it is not there.
    agents
        People the centre employs; the contacts are set so that they can carry them.
    time_zone
        IANA zone of the centre.
    seed
        Same seed, same files.
    """
    zone(time_zone)
    target = Path(folder)
    with sentences(target):
        target.mkdir(parents=True, exist_ok=True)
    centre = demo_centre(agents, time_zone=time_zone, seed=seed)
    io.write_table(centre.history.frame, target / "history.csv")
    for name, frame in {
        "agents.csv": tables.agents_table(centre.agents),
        "absences.csv": tables.absences_table(centre.agents),
        "contracts.csv": tables.contracts_table(centre.contracts),
        "campaigns.csv": tables.campaigns_table(centre.campaigns),
        "queues.csv": tables.queues_table(centre.queues),
    }.items():
        io.write_table(frame, target / name)
    write_settings(demo_settings(time_zone), target / "plan.toml")
    return target / "plan.toml"


def demo_settings(time_zone: str = TIME_ZONE) -> Settings:
    """Return the settings of the demo centre's plan."""
    return settings_from(
        {
            "plan": {"name": "Demo service centre", "time_zone": time_zone},
            "history": {"file": "history.csv"},
            "calendar": {"country": COUNTRY},
            "people": {
                "agents": "agents.csv",
                "absences": "absences.csv",
                "contracts": "contracts.csv",
                "queues": "queues.csv",
            },
            "outbound": {"campaigns": "campaigns.csv"},
        }
    )
