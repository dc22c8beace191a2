"""Files to hand out, made when they are asked for: bytes by name."""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from wfm import io
from wfm.planning.settings import Settings, write_settings
from wfm.ui import project, state

TABLES = {
    "agents": "people",
    "absences": "people",
    "contracts": "people",
    "queues": "people",
    "campaigns": "outbound",
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


def plan_files() -> dict[str, bytes]:
    """The open project as a plan folder that ``wfm plan plan.toml`` rebuilds."""
    settings = state.settings().model_copy(deep=True)
    files: dict[str, bytes] = {}
    history = project.history()
    if history is not None:
        files["history.csv"] = io.csv_bytes(history.frame)
        settings.history.file = "history.csv"
        settings.history.columns = {}
        settings.history.stamps = "start"
        settings.history.source_zone = None
    for table, section in TABLES.items():
        frame = state.table(table)
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
