"""The ways to count a service level by what becomes of the contacts, short abandons included."""

from __future__ import annotations

import numpy as np

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array, Inputs, Sense

SHORT_SENSES: dict[str, Sense] = {"sl_short_counts": "min", "sl_excl_short": "min"}
LEVEL_SENSES: dict[str, Sense] = {
    "sl_offered": "min",
    "sl_handled": "min",
    "sl_abandon_counts": "min",
    "sl_excl_short_abandon": "min",
    **SHORT_SENSES,
}


def asks_short(asked: Inputs) -> bool:
    """Whether the rows say what a short abandon is, and which wait still counts."""
    return asked.short_s is not None and asked.threshold_s is not None


def short_levels(columns: dict[str, Array], early: dict[str, Array]) -> dict[str, Array]:
    """The two levels from a model's columns at the threshold, and those at the short time.

    Parameters
    ----------
    columns
        Columns of the model for the threshold.
    early
        Columns of the same rows with the short time for a threshold. All but the short abandons
        are ``sl_offered / sl_excl_short_abandon`` there, which keeps its digits where nearly
        everybody hangs up at once.

    Examples
    --------
    >>> now, soon = {"sl_offered": np.array([0.8])}, {"sl_offered": np.array([0.7])}
    >>> soon |= {"p_abandon_within_T": np.array([0.02])}
    >>> soon |= {"sl_excl_short_abandon": soon["sl_offered"] / 0.98}
    >>> {name: values.round(4).tolist() for name, values in short_levels(now, soon).items()}
    {'sl_short_counts': [0.82], 'sl_excl_short': [0.8163]}
    """
    in_time, left = columns["sl_offered"], early["p_abandon_within_T"]
    soon, of_others = early["sl_offered"], early["sl_excl_short_abandon"]
    sure = of_others > 0.0
    others = np.where(sure, soon / np.where(sure, of_others, 1.0), 1.0 - left)
    some = others > 0.0
    return {
        "sl_short_counts": np.minimum(in_time + left, 1.0),
        "sl_excl_short": np.minimum(
            np.where(some, in_time, 0.0) / np.where(some, others, 1.0), 1.0
        ),
    }


def levels_of(
    in_time: Array, answered: Array, counted: Array, left: Array, left_short: Array | None
) -> dict[str, Array]:
    """Every way to count a service level, from shares of the same contacts.

    Parameters
    ----------
    in_time, answered
        Answered within the threshold, and answered at all.
    counted
        Offered to the agents: all, or all but those served in another way.
    left, left_short
        Abandoned within the threshold, and within the short time; without the latter the two
        levels that ask for it are absent.

    Examples
    --------
    The published vector: 1000 answered, 860 in 20 s; 60 abandoned, 20 in 20 s, 10 in 5 s.

    >>> counts = (np.array([n / 1060]) for n in (860.0, 1000.0, 1060.0, 20.0, 10.0))
    >>> {name: round(100 * float(level[0]), 2) for name, level in levels_of(*counts).items()}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'sl_offered': 81.13, 'sl_handled': 86.0, 'sl_abandon_counts': 83.02,
     'sl_excl_short_abandon': 82.69, 'sl_short_counts': 82.08, 'sl_excl_short': 81.9}
    """

    def share(part: Array, whole: Array) -> Array:
        some = whole > 0.0
        return np.clip(np.where(some, part, 0.0) / np.where(some, whole, 1.0), 0.0, 1.0)

    levels = {
        "sl_offered": share(in_time, counted),
        "sl_handled": share(in_time, answered),
        "sl_abandon_counts": share(in_time + left, counted),
        "sl_excl_short_abandon": share(in_time, counted - left),
    }
    if left_short is not None:
        levels["sl_short_counts"] = share(in_time + left_short, counted)
        levels["sl_excl_short"] = share(in_time, counted - left_short)
    return levels


def check_short(where: str, metric: str, asked: Inputs) -> None:
    """Refuse a target on short abandons that nobody defined, or that more agents may miss."""
    if asked.short_s is None:
        message = f"{where}: {metric} needs short_s, the wait of a short abandon. Give it."
        raise DataError(message)
    assert asked.threshold_s is not None
    over = (asked.short_s > asked.threshold_s) & (asked.load > 0.0)
    if over.any():
        first = int(np.flatnonzero(over)[0])
        message = (
            f"{where}: short_s is {asked.short_s[first]:g} and threshold_s "
            f"{asked.threshold_s[first]:g} in row {first}. A late answer would count less than "
            f"hanging up, and more agents could lower {metric}: for a target give a short_s of at "
            "most threshold_s."
        )
        raise DataError(message, rows=asked.frame().loc[over])
