"""Long work seen from a page: whether it runs, how far it is, and its Cancel button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wfm.planning.jobs import cancel_job, job_state, start_job
from wfm.store import JobInfo
from wfm.ui import state
from wfm.ui.parts.basics import beside, in_page_words
from wfm.ui.said import st

EVERY_S = 1.0
Show = Callable[[JobInfo], None]


def newest_job(kind: str) -> JobInfo | None:
    """The last job of a kind in the open project, whatever became of it."""
    jobs = state.store().jobs(state.project_id(), kind=kind)
    return job_state(state.store(), jobs[0].id) if jobs else None


def start(kind: str, arguments: Mapping[str, Any] | None = None) -> None:
    """Start a worker and draw the page again."""
    with beside():
        start_job(state.store(), state.project_id(), kind, arguments)
        st.rerun()


def watch(job: JobInfo, show: Show) -> None:
    """Show a job that runs, once a second until it ends; then draw the page again."""

    @st.fragment(run_every=EVERY_S)
    def poll() -> None:
        now = job_state(state.store(), job.id)
        show(now)
        left, right = st.columns([5, 1], vertical_alignment="center")
        if now.cancel_requested:
            left.caption("Stopping; the best so far is kept.")
        if right.button(
            "Cancel",
            key=f"cancel.{job.id}",
            icon=":material/stop_circle:",
            disabled=now.cancel_requested,
            width="stretch",
        ):
            cancel_job(state.store(), job.id)
        if now.ended:
            st.rerun()

    poll()


def told(job: JobInfo | None) -> None:
    """How the last job ended, when that needs a word."""
    if job is None or not job.ended:
        return
    if job.status == "failed":
        st.error(in_page_words(job.message), icon=":material/error:")
    elif job.status == "cancelled":
        st.info(job.message or "Stopped early; the best so far is kept.", icon=":material/stop:")
