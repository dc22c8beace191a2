"""Files to hand out: bytes by name.

They are made when a button is pressed, outside the run of a page: nothing here may ask which
project is open.
"""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from wfm import io
from wfm.planning.settings import Settings, settings_from, write_settings
from wfm.store import Store

TABLES = {
    "agents": "people",
    "absences": "people",
    "contracts": "people",
    "queues": "people",
    "campaigns": "outbound",
    "locks": "schedule",
    "meetings": "schedule",
    "limits": "schedule",
    "events": "calendar",
    "edits": "forecast",
}


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip of some files in one folder.

    >>> len(zipped({"a.txt": b"a"}, "plan")) > 0
    True
    """
    buffer = streams.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(f"{folder}/{name}", data)
    return buffer.getvalue()


def plan_files(store: Store, project: int) -> dict[str, bytes]:
    """A project as a plan folder that ``wfm plan plan.toml`` rebuilds."""
    settings = settings_from(store.settings(project), name="settings")
    files: dict[str, bytes] = {}
    version = store.latest(project, "history")
    if version is not None:
        files["history.csv"] = io.csv_bytes(store.load(version.id).frame)
        settings.history.file = "history.csv"
        settings.history.columns = {}
        settings.history.stamps = "start"
        settings.history.source_zone = None
    for table, section in TABLES.items():
        frame = store.table(project, table)
        if len(frame):
            files[f"{table}.csv"] = io.csv_bytes(frame)
            setattr(getattr(settings, section), table, f"{table}.csv")
    settings.people.fit = settings.people.agents is None
    files["plan.toml"] = _toml(settings)
    return files


def _toml(settings: Settings) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        write_settings(settings, path)
        return path.read_bytes()
