"""The files of a project's zip or plan folder, opened with care, by their names."""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from wfm.core.errors import DataError
from wfm.core.foreign import reason
from wfm.planning.settings import Settings, read_settings

PLAN, OWN, HISTORY = "plan.toml", "project.toml", "history.csv"
REPAIRS, ORIGINAL = "repairs.csv", "original.csv"
PREVIOUS = "previous.json"
MORE = "tables"
# Table of a project: section and key of plan.toml that name its file.
FILES = {
    "agents": ("people", "agents"),
    "absences": ("people", "absences"),
    "contracts": ("people", "contracts"),
    "shifts": ("people", "shifts"),
    "queues": ("people", "queues"),
    "campaigns": ("outbound", "campaigns"),
    "callbacks": ("outbound", "callbacks"),
    "events": ("calendar", "events"),
    "locks": ("schedule", "locks"),
    "meetings": ("schedule", "meetings"),
    "limits": ("schedule", "limits"),
    "edits": ("forecast", "edits"),
    "shrinkage": ("staff", "shrinkage_table"),
}
MOST_FILES, MOST_BYTES = 200, 2**30


@dataclass(frozen=True)
class Folder:
    """Files of a plan by their name relative to plan.toml."""

    source: str
    files: Mapping[str, bytes]

    def need(self, name: str) -> streams.BytesIO:
        """One of the files, opened.

        Raises
        ------
        DataError
            It is not there.
        """
        if name not in self.files:
            message = (
                f"{self.source}: plan.toml names {name}, which is not there. Put the file beside "
                "plan.toml, or take its name out."
            )
            raise DataError(message)
        opened = streams.BytesIO(self.files[name])
        opened.name = PurePosixPath(name).name
        return opened


def opened(source: str | Path | IO[bytes]) -> Folder:
    """The files of a zip, open or by its path, or of the folder of a plan.toml.

    Raises
    ------
    DataError
        It cannot be opened, is too big, or there is no plan.toml in it.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            path = path / PLAN
        if path.suffix.lower() == ".toml":
            return _from_disk(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"{source}: it cannot be opened ({reason(error)}). Name a project's zip."
            raise DataError(message) from error
        return _from_zip(data, path.name)
    return _from_zip(source.read(), Path(str(getattr(source, "name", "zip"))).name)


def _from_zip(data: bytes, source: str) -> Folder:
    try:
        with zipfile.ZipFile(streams.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            size = sum(e.file_size for e in entries)
            if len(entries) > MOST_FILES or size > MOST_BYTES:
                message = (
                    f"{source}: it holds {len(entries):,} files of {size / 2**20:,.0f} MB; a "
                    f"project has at most {MOST_FILES} of {MOST_BYTES // 2**20:,} MB. Unpack it "
                    "and take out what does not belong to the plan."
                )
                raise DataError(message)
            plans = sorted(
                (e.filename for e in entries if PurePosixPath(e.filename).name == PLAN), key=len
            )
            if not plans:
                message = f"{source}: there is no plan.toml in it. Choose the zip of a project."
                raise DataError(message)
            root = plans[0].removesuffix(PLAN)
            files = {}
            for entry in entries:
                if entry.filename.startswith(root):
                    with archive.open(entry) as part:
                        files[entry.filename.removeprefix(root)] = part.read(MOST_BYTES)
    except DataError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        message = f"{source}: it is no zip, or a broken one. Choose the zip of a project."
        raise DataError(message) from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        message = f"{source}: it is a broken zip. Export the project again."
        raise DataError(message) from error
    return Folder(source, files)


def _from_disk(path: Path) -> Folder:
    settings = read_settings(path)
    named = [
        settings.history.file,
        settings.schedule.previous,
        *(named_in(settings, table) for table in FILES),
    ]
    files = {PLAN: path.read_bytes()}
    for name in [n for n in named if n]:
        file = path.parent / name
        if file.is_file():
            files[name] = file.read_bytes()
    for name in (OWN, REPAIRS, ORIGINAL):
        if (path.parent / name).is_file():
            files[name] = (path.parent / name).read_bytes()
    for file in sorted((path.parent / MORE).glob("*.csv")):
        files[f"{MORE}/{file.name}"] = file.read_bytes()
    return Folder(path.name, files)


def named_in(settings: Settings, table: str) -> str | None:
    """The file that plan.toml names for a table, None where it names none."""
    section, key = FILES[table]
    name: str | None = getattr(getattr(settings, section), key)
    return name


def settings_in(folder: Folder, name: str) -> Settings:
    """The settings that a file of a folder holds."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(folder.files[name])
        return read_settings(path)
