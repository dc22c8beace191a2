"""The commands of a whole plan: the demo centre, a plan folder, and the app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from wfm import planning
from wfm.cli.app import Seed, app
from wfm.cli.given import as_in_plan, tell_report, words_of_plan
from wfm.cli.show import progress
from wfm.planning import hand_out
from wfm.planning.plan import run_plan


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the plan folder is made.")] = Path("demo"),
    agents: Annotated[int, typer.Option(min=5, max=2000, help="People the centre employs.")] = 60,
    time_zone: Annotated[str, typer.Option(help="IANA zone of the centre.")] = "Europe/Istanbul",
    seed: Seed = 0,
    with_app: Annotated[
        bool, typer.Option("--app/--no-app", help="Serve the app when the plan is done.")
    ] = True,
) -> None:
    """Make the demo centre, plan its next week and open the app.

    Example: wfm demo --agents 60 --time-zone Europe/Istanbul --no-app
    """
    file = hand_out.write_demo(folder, agents=agents, time_zone=time_zone, seed=seed)
    _run_plan(file, folder / "out")
    if with_app:
        serve(8501)


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="The plan.toml; files in it are relative to it.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files.")] = None,
) -> None:
    """Rebuild a plan folder in one go: forecast, requirement, schedule, workbook, calendars.

    Example: wfm plan demo/plan.toml
    """
    _run_plan(file, out)


def _run_plan(file: Path, out: Path | None) -> None:
    folder = hand_out.output_folder(file, out)
    with progress() as report, words_of_plan():
        made = run_plan(file, tell=report.tell, progress=report.solver)
    written = hand_out.write_plan(made, folder)
    if made.history is not None:
        tell_report(made.history, as_in_plan)
    typer.echo(made.summary())
    calendars = sum(1 for path in written if path.suffix == ".ics")
    names = ", ".join(path.name for path in written if path.suffix != ".ics")
    typer.echo(f"written      {names} and {calendars} calendars into {folder}")


@app.command(name="app")
def app_command(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on this machine.")] = 8501,
) -> None:
    """Open the planner's app in the browser; it listens on this machine only.

    Example: wfm app --port 8501
    """
    serve(port)


def serve(port: int) -> None:
    """Run the app's server until it is stopped."""
    page = Path(planning.__file__).parent.parent / "ui" / "script" / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += ["--client.toolbarMode", "minimal", "--client.showErrorDetails", "none"]
    typer.echo(f"Open http://127.0.0.1:{port} in a browser; Ctrl+C stops the app.")
    raise SystemExit(subprocess.run(command, check=False).returncode)
