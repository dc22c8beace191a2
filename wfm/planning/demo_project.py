"""The demo centre as a project of a database."""

from __future__ import annotations

from wfm.core import tables
from wfm.planning.demo import TIME_ZONE, demo_centre
from wfm.planning.hand_out import demo_settings
from wfm.store import Store

NAME = "Demo service centre"
FILES = {
    "people": ("agents", "absences", "contracts", "queues"),
    "outbound": ("campaigns",),
    "history": ("file",),
}


def create_demo(store: Store, agents: int = 60, *, time_zone: str = TIME_ZONE) -> int:
    """Create the demo centre under a name of its own and return the project's id.

    Parameters
    ----------
    store
        Where it is kept.
    agents, time_zone
        As in `wfm.planning.demo.demo_centre`.
    """
    taken = {info.name for info in store.projects()}
    name = next(n for n in (NAME, *(f"{NAME} {i}" for i in range(2, 1000))) if n not in taken)
    settings = demo_settings(time_zone)
    settings.plan.name = name
    for section, keys in FILES.items():
        for key in keys:
            setattr(getattr(settings, section), key, None)
    info = store.create_project(name, settings.model_dump(mode="json"))
    centre = demo_centre(agents, time_zone=time_zone)
    for table, frame in {
        "agents": tables.agents_table(centre.agents),
        "absences": tables.absences_table(centre.agents),
        "contracts": tables.contracts_table(centre.contracts),
        "campaigns": tables.campaigns_table(centre.campaigns),
        "queues": tables.queues_table(centre.queues),
    }.items():
        store.save_table(info.id, table, frame)
    store.save(info.id, "history", centre.history, note="generated demo data")
    return info.id
