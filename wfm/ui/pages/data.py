"""Data: take the history from a file, and see whether it can be trusted."""

from __future__ import annotations

from typing import Literal
from zlib import crc32

import pandas as pd
from streamlit.runtime.uploaded_file_manager import UploadedFile

from wfm import io
from wfm.core.errors import WfmError
from wfm.core.types import History
from wfm.planning.by_settings import history_of
from wfm.planning.jobs import start_job
from wfm.planning.mappings import TABLE as MAPPINGS
from wfm.planning.mappings import mapping_for, with_mapping
from wfm.planning.measured import measured_service
from wfm.planning.taken import taken
from wfm.planning.uploads import keep_upload
from wfm.store import JobInfo, VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages.data_quality import quality
from wfm.ui.pages.requirement_names import VARIANTS
from wfm.ui.pages.start import FOUND, HOURS, zones
from wfm.ui.parts import charts_demand, fields, work
from wfm.ui.parts.basics import UNITS
from wfm.ui.said import st

ENCODINGS = ["utf-8", "utf-16", "cp1254", "cp1252", "cp1251", "latin-1"]
ENDINGS = ["csv", "tsv", "txt", "xlsx", "parquet"]
MEANINGS = {
    "start": "Date and time of the interval",
    "date": "Date",
    "time": "Time",
    "queue": "Queue",
    "offered": "Contacts offered",
    "answered": "Answered",
    "abandoned": "Abandoned",
    "aht_s": "AHT, mean seconds",
    "handle_s": "Handle time, total seconds",
    "talk_s": "Talk time, total seconds",
    "wrap_s": "After-contact work, total seconds",
}
STAMPS = {"start": "the start", "end": "the end"}
BASE = "history.base"
IMPORT, TOLD = "history.job", "history.job.told"
AT_ONCE = 2**20  # bytes; a larger file goes to a worker, so that the app stays quick for all
How = Literal["replace", "join"]
AUTOMATIC = "(found by its name)"


def page() -> None:
    """The page Data: what arrived, and whether it can be trusted."""
    if not parts.head("Data", "What arrived, and can it be trusted?"):
        return
    version = state.latest("history")
    with st.expander("Take in a file", icon=":material/upload_file:", expanded=version is None):
        _take_in()
    version = state.latest("history")
    if version is None:
        parts.empty(
            "No history yet.",
            "Upload the interval history of your ACD: one row for each interval and queue with the "
            "contacts offered. The handle time may be in it; if not, it is set on the page "
            "Requirement.",
        )
        return
    _show(state.content(version), version)


def _take_in() -> None:
    """Upload, how to read it, and what was understood."""
    upload = st.file_uploader(
        "Interval history (csv, tsv, xlsx or parquet)",
        type=ENDINGS,
        key=f"upload.{state.project_id()}",
        help="Comma, semicolon or tab; date and time in one or two columns; totals or means.",
    )
    kind, left, unit = st.columns(3, vertical_alignment="bottom")
    middle, right = st.columns(2, vertical_alignment="bottom")
    with kind:
        fields.choice(
            "history",
            "rows",
            "One row is",
            ["interval", "call"],
            names={"interval": "an interval", "call": "a call"}.__getitem__,
            help="Call records are counted into intervals; they also tell waits, the service level "
            "that callers got, and their patience.",
        )
    with left:
        fields.choice(
            "history",
            "stamps",
            "Times stand for",
            ["start", "end"],
            names=STAMPS.__getitem__,
            help="Of an interval: whether 09:30 means the contacts from 09:30 on, or those until "
            "then.",
        )
    with middle:
        fields.choice(
            "history",
            "source_zone",
            "Time zone of the file",
            [None, "UTC", *zones()],
            names=lambda z: z or "as the centre, or as written in the file",
            help="Many systems export in UTC: with a wrong zone the day's shape is shifted by "
            "hours.",
        )
    with unit:
        fields.choice(
            "history",
            "handle_unit",
            parts.FIELDS["handle_unit"],
            list(UNITS),
            names=UNITS.__getitem__,
            help="Counts where the heading does not say it.",
        )
    with parts.below(), right:
        fields.text(
            "history",
            "opening",
            "Opening hours",
            empty=FOUND,
            help=HOURS,
        )
    _written()
    how = _how()
    asked = st.session_state.get(IMPORT)
    if upload is None:
        _import_runs()
        st.caption("Settings here count for the next file that is taken in.")
        return
    if _import_runs(again=True):
        return
    _columns(upload)
    with parts.beside():
        _read(upload, how)
    if st.session_state.get(IMPORT) != asked:
        st.rerun()


def _written() -> None:
    """How the file is written, for files that can be read two ways."""
    names = {"auto": "as the file shows", "DMY": "day first", "MDY": "month first"}
    with st.expander("How the file is written", icon=":material/text_fields:"):
        marks, dates, length, letters = st.columns(4)
        with marks:
            fields.choice(
                "history", "decimal", parts.FIELDS["decimal"], ["auto", ",", "."],
                names=lambda mark: names.get(mark, mark), help="12,5 or 12.5.",
            )  # fmt: skip
        with dates:
            fields.choice(
                "history", "dates", parts.FIELDS["dates"], ["auto", "DMY", "MDY"],
                names=lambda order: names.get(order, order),
                help="Whether 02/03/2026 is the 2nd of March or the 3rd of February.",
            )  # fmt: skip
        with length:
            fields.text(
                "history", "source_interval", parts.FIELDS["source_interval"],
                empty="as the file shows", help="For example 15min; needed for uneven rows only.",
            )  # fmt: skip
        with letters:
            fields.choice(
                "history", "encoding", parts.FIELDS["encoding"], ["auto", *ENCODINGS],
                names=lambda name: names.get(name, name),
                help="Where names look wrong: cp1254 is Turkish, cp1251 Cyrillic.",
            )  # fmt: skip


def _columns(upload: UploadedFile) -> None:
    """Column mapping by hand, kept in the settings, and for each kind of file by its headings."""
    upload.seek(0)
    try:
        headings = [str(name) for name in io.read_headings(upload)]
    except WfmError:
        return
    kind = "|".join(headings)
    kept = state.table(MAPPINGS)
    mine = mapping_for(kept, headings)
    mapping = state.settings().history.columns
    if mine or not set(mapping.values()) <= set(headings):
        mapping = mine
        state.change("history", columns=mapping)
    with st.expander("Columns", icon=":material/view_column:", expanded=bool(mapping)):
        st.caption(
            "Choose a column where its name alone does not tell what it holds. The choice is "
            "remembered for files with these headings."
        )
        chosen = {}
        for number, (meaning, label) in enumerate(MEANINGS.items()):
            if number % 4 == 0:
                row = st.columns(4)
            saved = mapping.get(meaning, AUTOMATIC)
            options = [AUTOMATIC, *headings]
            with row[number % 4]:
                picked = st.selectbox(
                    label,
                    options,
                    index=options.index(saved) if saved in options else 0,
                    key=f"column.{meaning}.{state.project_id()}.{crc32(kind.encode())}",
                )
            if picked != AUTOMATIC:
                chosen[meaning] = picked
        if chosen != mapping:
            state.change("history", columns=chosen)
            state.save_table(MAPPINGS, with_mapping(kept, headings, chosen))


def _how() -> How:
    """Whether the next file joins what is there."""
    if state.latest("history") is None:
        return "replace"
    key = f"how.{state.project_id()}"
    joins = st.radio(
        "What is there already",
        ["join", "replace"],
        format_func={
            "join": "keep: add new days, replace corrected ones, count nothing twice",
            "replace": "begin anew with this file",
        }.__getitem__,
        key=key,
        horizontal=True,
    )
    return "join" if joins == "join" else "replace"


def _read(upload: UploadedFile, how: How) -> None:
    """Read the file as the settings say: a small one at once, a large one as a job."""
    settings = state.settings()
    section = settings.history
    opening = project.calendar().opening
    before = state.latest("history")
    base = st.session_state.get(BASE)
    if base is None or base[0] != upload.file_id:  # read otherwise, a file begins there again
        base = st.session_state[BASE] = (upload.file_id, before)
    onto = base[1] if how == "join" else None
    under = None if onto is None else onto.id
    mark = (upload.file_id, settings.plan, section.model_dump_json(), repr(opening), under)
    if st.session_state.get("read") == mark:  # the same file, read in the same way
        return
    if upload.size > AT_ONCE:
        file = keep_upload(state.store(), upload.getvalue(), upload.name)
        # None to join: the file is alone, as if it began anew
        joined = {"how": "replace"} if onto is None else {"how": "join", "onto": onto.id}
        job = start_job(state.store(), state.project_id(), "import", {"file": str(file), **joined})
        st.session_state["read"], st.session_state[IMPORT] = mark, job
        return
    with st.spinner("Reading the file"):
        upload.seek(0)
        history = history_of(settings, upload, project.calendar(), bad_rows="report")
        form = section.model_dump(mode="json")
        made = taken(state.store(), state.project_id(), history, form, onto)
        version = state.store().save(
            state.project_id(),
            "history",
            made.value,
            settings=made.settings,
            parents=made.parents,
            note=f"{upload.name}: {made.said}" if made.said else upload.name,
        )
    st.session_state["read"] = mark
    if before is None or before.id != version.id:
        st.toast(f"{upload.name} is taken in. {made.said}", icon=":material/check:")


def _import_runs(*, again: bool = False) -> bool:
    """Whether a file is being taken in by a worker, which is shown; or how this session's ended."""
    job = work.newest_job("import")
    if job is None:
        return False
    if not job.ended:
        work.watch(job, _reading)
        return True
    if job.id == st.session_state.get(IMPORT):
        work.told(job)
        if job.status == "done" and st.session_state.get(TOLD) != job.id:
            st.session_state[TOLD] = job.id
            st.toast(job.message, icon=":material/check:")
        elif (
            again and job.status != "done" and st.button("Take it in again", key=f"again.{job.id}")
        ):
            del st.session_state["read"], st.session_state[IMPORT]
            st.rerun()
    return False


def _reading(job: JobInfo) -> None:
    phase = "waiting for its turn" if job.waiting else job.progress.get("phase", "starting")
    st.info(f"A file is being taken in: {phase}.", icon=":material/hourglass_top:")


def _show(history: History, version: VersionInfo) -> None:
    queues = history.queues
    chosen = st.pills(
        "Queues", queues, selection_mode="multi", default=queues, key=f"queues.{version.id}"
    )
    frame = history.frame[history.frame["queue"].isin(chosen or queues)]
    _numbers(history, frame)
    first, last = (stamp.date() for stamp in frame["start"].agg(["min", "max"]))
    marks = project.marked_days(first, last)
    parts.card(
        "Contacts a day",
        charts_demand.history_days(frame, marks),
        "Bars are days, the line is the mean of four weeks."
        + (" Dotted lines: holidays and events." if len(marks) else ""),
    )
    means = charts_demand.weekday_means(frame, history.interval)
    parts.card(
        "When contacts arrive",
        charts_demand.weekday_heat(means),
        f"Mean contacts in an interval, wall-clock time of {history.time_zone}.",
    )
    quality(history, version)


def _service(history: History, chosen: set[str]) -> None:
    """The service level that callers got, where the file tells it."""
    if "answered_within" not in history.frame:
        return
    variant = state.settings().staff.variant
    with parts.beside():
        table = measured_service(history, variant)
        table = table[table["queue"].isin(chosen)]
        threshold = state.settings().history.threshold_s
        st.caption(f"Service level within {threshold:g} s as counted, {VARIANTS[variant]}:")
        parts.metrics(
            {str(row.queue): f"{row.service_level:.1%}" for row in table.head(8).itertuples()}
        )


def _numbers(history: History, frame: pd.DataFrame) -> None:
    offered = frame["offered"].sum()
    weight = frame["answered"].fillna(frame["offered"]).where(frame["aht_s"].notna(), 0.0)
    aht = (
        float((frame["aht_s"].fillna(0.0) * weight).sum() / weight.sum()) if weight.sum() else None
    )
    lost = (
        frame["abandoned"].sum() / offered if offered and frame["abandoned"].notna().any() else None
    )
    days = frame["start"].dt.tz_localize(None).dt.normalize()
    _service(history, set(frame["queue"]))
    parts.metrics(
        {
            "Contacts offered": f"{offered:,.0f}",
            "Days": (f"{days.nunique():,}", f"{days.min():%d %b %Y} to {days.max():%d %b %Y}"),
            "Contacts a day": f"{offered / max(days.nunique(), 1):,.0f}",
            "AHT": (
                f"{aht:,.0f} s" if aht else "not in the file",
                "Talk, hold and after-contact work, weighted by contacts answered.",
            ),
            "Abandoned": f"{lost:.1%}" if lost is not None else "not in the file",
        }
    )
