"""Service levels of a model that count short abandons as served, or leave them out."""

from __future__ import annotations

import numpy as np

from wfm.erlang.inputs import Array, Inputs, Sense

SHORT_SENSES: dict[str, Sense] = {"sl_short_counts": "min", "sl_excl_short": "min"}


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
