"""The command line itself, its options that several commands share, and how it ends on an error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm.cli.given import as_typed
from wfm.cli.projects import app as projects
from wfm.cli.show import err
from wfm.core.asked import asked
from wfm.core.errors import WfmError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Forecast contacts, staff them and schedule people in a contact centre.",
    pretty_exceptions_enable=False,
)

app.add_typer(projects, name="project")

Zone = Annotated[
    str | None, typer.Option("--time-zone", help="IANA zone of the centre, e.g. Europe/Istanbul.")
]
Out = Annotated[Path | None, typer.Option("--out", help="File to write: .csv or .parquet.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same answer.")]
Shown = Annotated[
    bool | None,
    typer.Option("--progress/--no-progress", help="A progress bar; as it is: on a terminal only."),
]
Jobs = Annotated[
    int, typer.Option("--jobs", help="Processes to spread the queues over; -1 for all cores.")
]
Seconds = Annotated[
    float, typer.Option("--seconds", min=1, help="Wall time of the solver at most.")
]


def main() -> None:
    """Run the command line; a WfmError becomes one sentence on standard error and exit status 1."""
    try:
        app()
    except WfmError as error:
        told = asked(str(error), as_typed)
        err.print(f"Error: {told}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None
