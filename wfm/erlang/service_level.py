"""The six ways in which centres count a service level, from what was counted in each interval.

They differ in what becomes of those who hung up: a centre chooses one and keeps it.

References
----------
Cleveland, Call Center Management on Fast Forward, ch. 8; Koole, Call Center Mathematics, ch. 2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array

_Counts = dict[str, Array]
_NEEDS_EVERY = ("answered", "answered_within", "abandoned")
_FORMULAS: dict[str, tuple[Callable[[_Counts], Array], Callable[[_Counts], Array], str | None]] = {
    "sl_abandon_counts": (
        lambda c: c["answered_within"] + c["abandoned_within"],
        lambda c: c["answered"] + c["abandoned"],
        "abandoned_within",
    ),
    "sl_handled": (lambda c: c["answered_within"], lambda c: c["answered"], None),
    "sl_offered": (
        lambda c: c["answered_within"],
        lambda c: c["answered"] + c["abandoned"],
        None,
    ),
    "sl_excl_short_abandon": (
        lambda c: c["answered_within"],
        lambda c: c["answered"] + c["abandoned"] - c["abandoned_within"],
        "abandoned_within",
    ),
    "sl_short_counts": (
        lambda c: c["answered_within"] + c["short"],
        lambda c: c["answered"] + c["abandoned"],
        "short",
    ),
    "sl_excl_short": (
        lambda c: c["answered_within"],
        lambda c: c["answered"] + c["abandoned"] - c["short"],
        "short",
    ),
}
SERVICE_LEVELS = tuple(_FORMULAS)


def service_level(
    variant: str,
    *,
    answered: npt.ArrayLike,
    answered_within: npt.ArrayLike,
    abandoned: npt.ArrayLike,
    abandoned_within: npt.ArrayLike | None = None,
    short: npt.ArrayLike | None = None,
) -> Array:
    """Service level as counted, in the centre's own way.

    Parameters
    ----------
    variant
        | name | formula |
        |---|---|
        | `sl_abandon_counts` | (answered within + abandoned within) / (answered + abandoned) |
        | `sl_handled` | answered within / answered |
        | `sl_offered` | answered within / (answered + abandoned) |
        | `sl_excl_short_abandon` | answered within / (answered + abandoned later) |
        | `sl_short_counts` | (answered within + short) / (answered + abandoned) |
        | `sl_excl_short` | answered within / (answered + abandoned - short) |
    answered, answered_within
        Contacts answered, and those of them answered within the threshold.
    abandoned, abandoned_within
        Contacts abandoned, and those of them abandoned within the threshold.
    short
        Contacts abandoned within the few seconds of a short abandon.

    Returns
    -------
    array
        Share for each element of the broadcast counts. NaN where a count is NaN (unknown) and
        where there is nothing to divide by: an interval without contacts has no service level.

    Raises
    ------
    DataError
        Unknown variant, a count that the variant needs and was not given, negative counts, or more
        within a limit than in all.

    Examples
    --------
    >>> counts = {"answered": 1000, "answered_within": 860, "abandoned": 60, "abandoned_within": 20}
    >>> float(service_level("sl_abandon_counts", **counts).round(4))
    0.8302
    >>> float(service_level("sl_excl_short", short=10, **counts).round(4))
    0.819
    """
    if variant not in _FORMULAS:
        known = ", ".join(SERVICE_LEVELS)
        message = f"service level {variant!r} is not known. Use one of: {known}."
        raise DataError(message)
    part, whole, needs = _FORMULAS[variant]
    given = {
        "answered": answered,
        "answered_within": answered_within,
        "abandoned": abandoned,
        "abandoned_within": abandoned_within,
        "short": short,
    }
    if needs is not None and given[needs] is None:
        message = f"service level: {variant} needs {needs}. Give it, or choose another variant."
        raise DataError(message)
    used = (*_NEEDS_EVERY, needs) if needs is not None else _NEEDS_EVERY
    counts = _checked({name: values for name, values in given.items() if name in used})
    below = whole(counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0.0, part(counts) / below, np.nan))


def _checked(given: dict[str, npt.ArrayLike | None]) -> _Counts:
    """Counts as arrays of one shape: 0 or more or unknown, and no part larger than its whole."""
    try:
        arrays = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in given.values()))
    except (TypeError, ValueError) as error:
        shapes = ", ".join(f"{name} {np.shape(v)}" for name, v in given.items())  # type: ignore[arg-type]
        message = (
            f"service level: the counts do not fit together or are not numbers ({shapes}). Give "
            "numbers, or arrays of one length."
        )
        raise DataError(message) from error
    counts = dict(zip(given, arrays, strict=True))
    for name, values in counts.items():
        _refuse(counts, (values < 0.0) | np.isinf(values), name, "Write contacts, 0 or more")
    for name, all_of in (
        ("answered_within", "answered"),
        ("abandoned_within", "abandoned"),
        ("short", "abandoned"),
    ):
        if name in counts:
            more = counts[name] > counts[all_of]
            _refuse(counts, more, name, f"It is part of {all_of} and cannot be more")
    return counts


def _refuse(counts: _Counts, wrong: npt.NDArray[np.bool_], name: str, cure: str) -> None:
    if np.any(wrong):
        first = int(np.flatnonzero(wrong)[0])
        value = counts[name].ravel()[first]
        more = f" and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
        message = f"service level: {name} is {value:g} in row {first:d}{more}. {cure}."
        frame = pd.DataFrame({key: values.ravel() for key, values in counts.items()})
        raise DataError(message, rows=frame.loc[wrong.ravel()])
