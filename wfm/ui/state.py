"""What the pages work on: the store, the open project, its settings, tables and saved values.

Nothing lives here but the choice of the project, which also stands in the address
(``?project=3``), so a reload or a restart of the server comes back to it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfm.core import tables
from wfm.core.errors import DataError, WfmError
from wfm.core.weeks import WeekStart
from wfm.planning.settings import Settings, settings_from
from wfm.store import DamagedError, ProjectInfo, Store, VersionInfo, default_url, open_store
from wfm.ui.said import st
from wfm.ui.whole import at_once, presses

Json = dict[str, Any]
PARAMETER = "project"
NAME = "planner.name"  # of whoever sits at this session
SEEN = "settings.seen"  # project and revision of the settings that this session shows


@st.cache_resource(show_spinner=False)
def _open(url: str) -> Store:
    return open_store(url)


@st.cache_resource(show_spinner=False)
def _opened(url: str) -> Store | DamagedError:
    try:
        return _open(url)
    except DamagedError as error:
        return error


@st.cache_resource(show_spinner=False)
def _read_only(url: str) -> Store:
    return open_store(url, read_only=True)


def store() -> Store:
    """The database that WFM_DATABASE names, opened once; a damaged one to read only."""
    url = default_url()
    found = _opened(url)
    if isinstance(found, DamagedError):
        return _read_only(url)
    name = str(st.session_state.get(NAME) or "").strip()
    return _by(url, name) if name else found


@st.cache_resource(show_spinner=False, max_entries=64)
def _by(url: str, name: str) -> Store:
    return _open(url).by(name)


def damage() -> DamagedError | None:
    """What is wrong with the database file, None when it is sound."""
    found = _opened(default_url())
    return found if isinstance(found, DamagedError) else None


@st.cache_resource(show_spinner="Loading", max_entries=48)
def _load(url: str, version_id: int, data_hash: str) -> Any:
    return store().load(version_id)


def begin(page: str) -> None:
    """Find the project of this run: the address first, else the one opened last.

    Another page than the last run's forgets the tables being typed on it, so that every page
    starts from what is saved.
    """
    if st.session_state.get("page") != page:
        for key in [k for k in st.session_state if str(k).startswith("base.")]:
            del st.session_state[key]
        st.session_state["page"] = page
        presses().clear()
    asked = st.query_params.get(PARAMETER) or st.session_state.get(PARAMETER)
    st.session_state["_open"] = None
    if asked is None:
        return
    try:
        info = store().project(int(asked))
    except (DataError, ValueError):
        st.session_state.pop(PARAMETER, None)
        st.query_params.pop(PARAMETER, None)
        return
    st.session_state["_open"] = info
    st.session_state[PARAMETER] = info.id
    _notice(info)
    if st.query_params.get(PARAMETER) != str(info.id):
        st.query_params[PARAMETER] = str(info.id)


def _notice(info: ProjectInfo) -> None:
    """Start the fields afresh, and say so, when someone else has changed the settings meanwhile.

    A field that still shows what this session saw would otherwise write it over their change.
    """
    seen = st.session_state.get(SEEN)
    if seen is not None and seen[0] == info.id and seen[1] != info.revision:
        refresh()
        st.warning(
            "The settings were changed meanwhile by someone else. The saved ones are shown; what "
            "you typed last was not taken. Look at them and type it again.",
            icon=":material/group:",
        )
    st.session_state[SEEN] = (info.id, info.revision)


def choose(project_id: int | None) -> None:
    """Open a project in this session, or none."""
    if project_id is None:
        st.session_state.pop(PARAMETER, None)
        st.query_params.pop(PARAMETER, None)
        st.session_state["_open"] = None
        return
    st.session_state[PARAMETER] = project_id
    st.query_params[PARAMETER] = str(project_id)
    st.session_state["_open"] = store().project(project_id)


def fact(name: str) -> str | None:
    """A small fact of the project that the address names, None where there is none.

    It is asked for before a project is open: the language in which its pages begin.
    """
    asked = st.query_params.get(PARAMETER)
    try:
        return None if asked is None else store().kept(int(asked), name)
    except (WfmError, ValueError):
        return None


def project() -> ProjectInfo | None:
    """The open project, None before one is chosen."""
    info: ProjectInfo | None = st.session_state.get("_open")
    return info


def project_id() -> int:
    """Id of the open project."""
    info = project()
    if info is None:
        message = "no project is open. Open or create one on the page Start."
        raise DataError(message)
    return info.id


def settings() -> Settings:
    """Checked settings of the open project."""
    info = project()
    return settings_from({} if info is None else info.settings, name="settings")


def week_start() -> WeekStart:
    """Day on which the weeks of the open project begin."""
    return settings().plan.week_start


def change(section: str, **values: Any) -> None:
    """Save some settings of one section, if they are valid and differ from what is saved.

    Raises
    ------
    DataError
        Names the wrong setting; nothing is saved then.
    """
    info = store().project(project_id())
    before = settings_from(info.settings, name="settings").model_dump(mode="json")
    after = {**before, section: {**before[section], **values}}
    checked = settings_from(after, name="settings").model_dump(mode="json")
    if checked != before:
        at_once(lambda: _save_settings(info, checked))


def _save_settings(info: ProjectInfo, settings: Json) -> None:
    """Save settings, and that this session has seen them."""
    store().save_settings(info.id, settings, seen=info.revision)
    st.session_state["_open"] = changed = store().project(info.id)
    st.session_state[SEEN] = (changed.id, changed.revision)


def table(name: str) -> pd.DataFrame:
    """A table of the open project as it is saved; one that never was has its columns, no row."""
    saved = store().table(project_id(), name)
    if not len(saved.columns) and name in tables.ORDER:
        empty = pd.DataFrame(columns=list(tables.ORDER[name]), dtype="str")
        empty.attrs = dict(saved.attrs)
        return empty
    return saved


def save_table(name: str, frame: pd.DataFrame) -> None:
    """Save a table of the open project and let its editor start from it."""

    def save() -> None:
        store().save_table(project_id(), name, frame)
        renew(name)

    at_once(save)


def renew(name: str) -> None:
    """Let the editor of a table start afresh from what is saved."""
    st.session_state.pop(f"base.{name}.{project_id()}", None)
    count = f"count.{name}.{project_id()}"
    st.session_state[count] = st.session_state.get(count, 0) + 1


def turn() -> int:
    """How often this session has started its fields afresh; part of their keys."""
    return int(st.session_state.get("turn", 0))


def refresh() -> None:
    """Let every field and table of the open project start afresh from what is saved."""
    for key in [str(k) for k in st.session_state if str(k).startswith("base.")]:
        renew(key.split(".")[1])
    st.session_state["turn"] = turn() + 1
    st.session_state["_open"] = saved = store().project(project_id())
    st.session_state[SEEN] = (saved.id, saved.revision)


def latest(kind: str) -> VersionInfo | None:
    """The newest saved value of a kind, without its content."""
    return store().latest(project_id(), kind)


def content(version: VersionInfo) -> Any:
    """The value of a version; loaded once and never changed."""
    return _load(default_url(), version.id, version.data_hash)


def value(kind: str) -> Any:
    """The newest value of a kind, None before the first."""
    version = latest(kind)
    return None if version is None else content(version)


def reads(kind: str, version: VersionInfo | None) -> bool:
    """Whether a version was made from the newest value of another kind, or from its like."""
    newest = latest(kind)
    if version is None or newest is None:
        return False
    if newest.id in version.parents:
        return True
    made_from = (store().version(parent) for parent in version.parents)
    return any(p.kind == kind and p.data_hash == newest.data_hash for p in made_from)
