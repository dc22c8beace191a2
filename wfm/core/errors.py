"""The errors a user can meet; each message names the value, the place and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class WfmError(Exception):
    """Base of every error that is meant to be read by a user.

    Parameters
    ----------
    message
        One sentence: what is wrong, where, and what to do next.
    rows
        The offending rows, when there are any.
    """

    def __init__(self, message: str, *, rows: pd.DataFrame | None = None) -> None:
        super().__init__(message)
        self.rows = rows


class DataError(WfmError, ValueError):
    """A file, frame or argument is missing, misshaped or contradictory."""


class ForecastError(WfmError):
    """A model cannot be fitted to this history."""


class InfeasibleError(WfmError):
    """No schedule keeps the hard rules.

    Parameters
    ----------
    nearest
        The nearest schedule that the search built; None where it was refused before.
    violations
        What gives way in it, where.
    """

    def __init__(self, message: str, *, nearest: Any = None, violations: Any = ()) -> None:
        super().__init__(message)
        self.nearest = nearest
        self.violations = tuple(violations)


class ClashError(DataError, InfeasibleError):
    """What is asked of somebody breaks a rule; found before any solver.

    It is bad input and leaves no schedule, so it can be caught as either. Without a search there is
    no nearest schedule: `nearest` is None; `smallest_fix` makes one.

    Parameters
    ----------
    message
        One sentence: what is wrong, where, and what to do next.
    violations
        Rule, agent and day of each clash.
    """

    def __init__(self, message: str, violations: Any = ()) -> None:
        InfeasibleError.__init__(self, message, violations=violations)
