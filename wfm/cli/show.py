"""What a command says: a bar while it runs, a short table when it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from wfm import io

err = Console(stderr=True)


class Report:
    """What a long step says while it runs."""

    def __init__(
        self,
        tell: Callable[[str], None],
        solver: Callable[[Any], None],
        count: Callable[[int, int], None],
    ) -> None:
        self.tell, self.solver, self.count = tell, solver, count


@contextmanager
def progress(shown: bool | None = None) -> Iterator[Report]:
    """Show a bar on standard error: on a terminal, not in a pipe, unless `shown` says otherwise."""
    visible = err.is_terminal if shown is None else shown
    console = err if err.is_terminal else Console(stderr=True, force_terminal=visible)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not visible,
    ) as bar:
        task = bar.add_task("reading", total=None)

        def tell(text: str) -> None:
            bar.update(task, description=text)

        def count(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        def solver(state: Any) -> None:
            gap = f", gap {state.gap:.2%}" if state.gap is not None else ""
            best = f"{state.objective:,.0f}" if state.objective is not None else "none yet"
            bar.update(task, description=f"scheduling: {state.phase}, best {best}{gap}")

        yield Report(tell, solver, count)


def write(frame: pd.DataFrame, out: Path | None) -> None:
    """Write a table where a file is asked for, and say so."""
    if out is not None:
        io.write_table(frame, out)
        err.print(f"{len(frame)} rows written to {out}", markup=False, highlight=False)


def show(frame: pd.DataFrame, title: str, most: int = 60) -> None:
    """Print the first rows of a frame."""
    table = Table(title=title, title_justify="left")
    for name in frame.columns:
        number = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(str(name), justify="right" if number else "left")
    for row in frame.head(most).itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if len(frame) > most:
        typer.echo(f"... and {len(frame) - most} more rows; --out writes them all")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return escape(str(value))  # a name in brackets is a name, not a style
