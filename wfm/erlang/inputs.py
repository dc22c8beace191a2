"""What a staffing model is asked: checked arrays of one length, errors in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError

Array = npt.NDArray[np.float64]
Numbers = float | npt.ArrayLike
Sense = Literal["min", "max"]  # a target is the least or the most the metric may be

TINY = 5e-324  # the least number above 0
BLOCK = 65_536  # rows that a model takes at a time: what it holds in memory
MOST_LINES = 250_000  # the sums over waiting places are long; beyond this no limit is felt

_CURES = {
    "load": "Write erlangs, 0 or more: contacts x AHT / interval length",
    "agents": "Write heads on contacts, 0 or more",
    "aht_s": "Write seconds above 0",
    "patience_s": "Write seconds above 0; for callers who never hang up use erlang_c",
    "threshold_s": "Write seconds, 0 or more",
    "short_s": "Write seconds, 0 or more",
    "redial": "Write the share of the abandoned who call again, 0 or more and below 1",
    "lines": f"Write whole lines, at least 1 and at most {MOST_LINES:,}: calls in progress and "
    "waiting; without a limit use erlang_a or erlang_c",
    "reconnect": "Write the share of the answered who call again, 0 or more and below 1",
}
_ABOVE_ZERO = ("aht_s", "patience_s", "lines")
_BELOW_ONE = ("redial", "reconnect")


@dataclass(frozen=True)
class Inputs:
    """Rows of a question to a staffing model; absent arguments are None.

    Parameters
    ----------
    load
        Offered load [erlangs], shape (n,).
    agents
        Agents on contacts [heads], whole or fractional, shape (n,).
    aht_s, patience_s, threshold_s
        Mean handle time, mean patience, and the wait that still counts [s], shape (n,).
    redial, reconnect
        Shares of the abandoned and of the answered who call again, shape (n,).
    lines
        Most calls in the system, in progress and waiting, shape (n,).
    short_s
        The wait up to which hanging up is a short abandon [s], shape (n,).
    """

    load: Array
    agents: Array
    aht_s: Array | None = None
    patience_s: Array | None = None
    threshold_s: Array | None = None
    redial: Array | None = None
    reconnect: Array | None = None
    lines: Array | None = None
    short_s: Array | None = None

    def at(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_], agents: Array) -> Inputs:
        """Some of the rows, with other agents."""

        def cut(values: Array | None) -> Array | None:
            return None if values is None else values[rows]

        return Inputs(
            load=self.load[rows],
            agents=agents,
            aht_s=cut(self.aht_s),
            patience_s=cut(self.patience_s),
            threshold_s=cut(self.threshold_s),
            redial=cut(self.redial),
            reconnect=cut(self.reconnect),
            lines=cut(self.lines),
            short_s=cut(self.short_s),
        )

    def blocks(self) -> Iterator[Inputs]:
        """The rows in order, so many at a time as a model should take."""
        for first in range(0, self.load.size, BLOCK):
            rows = np.arange(first, min(first + BLOCK, self.load.size))
            yield self.at(rows, self.agents[rows])

    def frame(self) -> pd.DataFrame:
        """The inputs as a frame, to show rows in an error."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return pd.DataFrame({name: v for name, v in given.items() if v is not None})


def read_inputs(model: str, needs: tuple[str, ...], values: Mapping[str, Numbers | None]) -> Inputs:
    """Broadcast scalars and arrays against each other, flatten them and check every number.

    Raises
    ------
    DataError
        An argument that the model needs is missing, shapes do not fit, or a number is outside
        what it can be; `.rows` holds the rows.
    """
    missing = [name for name in needs if values.get(name) is None]
    if missing:
        message = f"{model}: {' and '.join(missing)} missing. Give {', '.join(needs)}."
        raise DataError(message)
    given = {name: v for name, v in values.items() if v is not None}
    try:
        arrays = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in given.values()))
    except (TypeError, ValueError) as error:
        shapes = ", ".join(f"{k} {np.shape(v)}" for k, v in given.items())
        message = (
            f"{model}: the arguments do not fit together or are not numbers ({shapes}). "
            "Give numbers, or arrays of one length."
        )
        raise DataError(message) from error
    flat = {k: np.array(v, dtype=float).ravel() for k, v in zip(given, arrays, strict=True)}
    frame = pd.DataFrame(flat)
    for name, numbers in flat.items():
        low = numbers <= 0.0 if name in _ABOVE_ZERO else numbers < 0.0
        high = numbers >= (1.0 if name in _BELOW_ONE else np.inf)
        if name == "lines":
            low |= numbers != np.floor(numbers)
            high |= numbers > MOST_LINES
        refuse(model, frame, low | high | np.isnan(numbers), name)
    flat.setdefault("agents", np.zeros_like(flat["load"]))
    return Inputs(**flat)


def refuse(model: str, frame: pd.DataFrame, wrong: npt.NDArray[np.bool_], name: str) -> None:
    """Raise a DataError for the rows of `frame` whose `name` cannot be used, if there are any."""
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        more = f" and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
        value = float(frame[name].iloc[first])
        message = f"{model}: {name} is {value:g} in row {first:d}{more}. {_CURES[name]}."
        raise DataError(message, rows=frame.loc[wrong])


def one_number(
    where: str,
    name: str,
    value: float,
    write: str,
    *,
    least: float = 0.0,
    below: float = np.inf,
    whole: bool = False,
) -> float:
    """A single number within its bounds, or a DataError that says what to write.

    Parameters
    ----------
    where, name
        What is asked and which argument, for the message.
    value
        What was given.
    write
        How the message ends: "Write ...".
    least, below
        Least value allowed, and the one it must stay below.
    whole
        Whether it must be a whole number.

    Examples
    --------
    >>> one_number("campaign", "records", 12, "records, 0 or more")
    12.0
    """
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        message = f"{where}: {name} is {value!r}. Write {write}."
        raise DataError(message) from error
    if not least <= number < below or (whole and number != np.floor(number)):
        message = f"{where}: {name} is {number:g}. Write {write}."
        raise DataError(message)
    return number


def is_share(metric: str) -> bool:
    """Whether a column holds shares (between 0 and 1) and not a time or a length.

    Examples
    --------
    >>> is_share("sl_offered"), is_share("asa_served_s")
    (True, False)
    """
    return metric == "occupancy" or metric.startswith(("p_", "sl_"))


def spread(
    live: npt.NDArray[np.bool_], columns: Mapping[str, Array], otherwise: Mapping[str, float]
) -> dict[str, Array]:
    """Columns over all rows: computed where `live`, a known value elsewhere (0 unless told).

    Shares are held at 1, which the rounding of a quotient may pass by one digit.
    """
    result = {}
    for name, values in columns.items():
        whole = np.full(live.shape, otherwise.get(name, 0.0))
        whole[live] = np.minimum(values, 1.0) if is_share(name) else values
        result[name] = whole
    return result
