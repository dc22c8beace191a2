"""Projects of the app from the command line: out and in as zips, and long work as the same jobs."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wfm import io
from wfm.cli.given import Columns, Reading, columns_given, readings_given
from wfm.cli.show import err, progress, show
from wfm.core.errors import DataError, WfmError
from wfm.planning.bundle import export_project
from wfm.planning.bundle_in import import_project
from wfm.planning.jobs import cancel_job, job_state, start_job
from wfm.planning.mappings import read_as, use_mapping
from wfm.store import JobInfo, Store, open_store

app = typer.Typer(
    no_args_is_help=True, help="Projects of the app: list, zip, import, and their long work."
)
Name = Annotated[str, typer.Argument(help="Name or number of the project.")]
EVERY_S = 0.5


@app.command("list")
def listed() -> None:
    """List the projects of the database that WFM_DATABASE names.

    Example: wfm project list
    """
    rows = [(p.id, p.name, p.updated_at) for p in open_store().projects()]
    table = pd.DataFrame(rows, columns=["id", "project", "changed"])
    show(
        table.assign(changed=table["changed"].map(lambda t: f"{t:%Y-%m-%d %H:%M} UTC")), "Projects"
    )


@app.command("export")
def exported(
    name: Name, out: Annotated[Path, typer.Option(help="The zip to write.")] = Path("project.zip")
) -> None:
    """Write a project into one zip of plan.toml and csv files, which wfm plan runs.

    Example: wfm project export Istanbul --out istanbul.zip
    """
    store = open_store()
    typer.echo(f"written {export_project(store, _project(store, name), out)}")


@app.command("import")
def imported(
    file: Annotated[Path, typer.Argument(help="A project's zip, or the plan.toml of a folder.")],
    name: Annotated[str | None, typer.Option(help="Another name than its own.")] = None,
) -> None:
    """Make a project of the app from a zip or a plan folder.

    Example: wfm project import istanbul.zip
    """
    info = import_project(open_store(), file, name=name)
    typer.echo(f"project {info.id}: {info.name}")


@app.command()
def history(
    name: Name,
    file: Annotated[Path, typer.Argument(help="Interval history or call records.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Begin anew instead of joining newer days.")
    ] = False,
    column: Columns = None,
    reading: Reading = None,
) -> None:
    """Take a file into a project's history, in a worker process, read as its settings say.

    Example: wfm project history Istanbul calls.parquet
    """
    how = "replace" if replace else "join"
    store, chosen, headings = open_store(), columns_given(column), None
    read_as(store, _project(store, name), readings_given(reading))
    with contextlib.suppress(DataError):  # what is wrong with the file is the worker's to tell
        headings = io.read_headings(file)
    if headings:
        use_mapping(store, _project(store, name), headings, chosen)
    _run(name, "import", {"file": str(file.absolute()), "how": how})


@app.command()
def schedule(name: Name) -> None:
    """Schedule a project's people for its newest requirement, in a worker process.

    Example: wfm project schedule Istanbul
    """
    _run(name, "schedule", {})


@app.command()
def backtest(name: Name) -> None:
    """Compare forecasting models on a project's history, in a worker process.

    Example: wfm project backtest Istanbul
    """
    _run(name, "backtest", {})


@app.command()
def jobs(
    name: Annotated[str | None, typer.Argument(help="One project; else all.")] = None,
    cancel: Annotated[int | None, typer.Option(help="Number of a job to cancel.")] = None,
) -> None:
    """List long work, whoever asked for it, or cancel one.

    Example: wfm project jobs --cancel 7
    """
    store = open_store()
    if cancel is not None:
        cancel_job(store, cancel)
    rows = [
        (j.id, j.kind, j.status, j.author, j.progress.get("phase", ""), j.message)
        for j in store.jobs(None if name is None else _project(store, name))
    ]
    columns = ["id", "kind", "status", "author", "phase", "message"]
    show(pd.DataFrame(rows, columns=columns), "Jobs")


def _run(name: str, kind: str, arguments: dict[str, Any]) -> None:
    """Start a job and follow it; Ctrl+C cancels it, and its best so far is kept."""
    store = open_store()
    job_id = start_job(store, _project(store, name), kind, arguments)
    job = store.job(job_id)
    with progress() as report:
        while not job.ended:
            report.tell(_told(job))
            try:
                time.sleep(EVERY_S)
            except KeyboardInterrupt:
                cancel_job(store, job_id)
            job = job_state(store, job_id)
    if job.status == "failed":
        raise WfmError(job.message)
    if job.version_id is not None:
        version = store.version(job.version_id)
        typer.echo(f"{job.status}: {version.kind} {version.number} saved. {job.message}".strip())
    else:
        typer.echo(f"{job.status}: {job.message}")


def _told(job: JobInfo) -> str:
    if job.waiting:
        return f"{job.kind}: waiting for its turn"
    gap = job.progress.get("gap")
    return f"{job.kind}: {job.progress.get('phase', 'started')}{f', gap {gap:.2%}' if gap else ''}"


def _project(store: Store, name: str) -> int:
    try:
        return store.project(name).id
    except DataError:
        if name.isdigit():
            return store.project(int(name)).id
        err.print(", ".join(p.name for p in store.projects()), markup=False, highlight=False)
        raise
