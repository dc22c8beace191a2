"""What an edit of a forecast may do to the contacts of its period, read from a few words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from wfm.core.errors import DataError

FORMS = (
    "+10%, -5%, +30, -30, =500, min 5, max 40, smooth 3 or move 20% to 2026-11-25; after an amount "
    "'a day', 'a week' or 'an interval' (=500 a day), and 'flat' where the shape of the day is not "
    "to be kept"
)
_WORDS = re.compile(
    r"\s*(?P<kind>[+\-=]|min|max|smooth|move)\s*(?P<before>%?)\s*"
    r"(?P<amount>\d+(?:\.\d+|,\d{1,2})?)\s*(?P<percent>%?)"
    r"(?:\s+to\s+(?P<to>\d{4}-\d\d-\d\d))?(?:\s+(?:a|an)\s+(?P<per>interval|day|week))?"
    r"(?P<flat>\s+flat)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Change:
    """One change.

    Parameters
    ----------
    kind
        `+`, `-`, `=`, `min`, `max`, `smooth` or `move`.
    amount
        Contacts, a percentage, or the intervals that are smoothed over.
    percent
        Whether `amount` is a percentage.
    per
        What an amount is meant for: each `interval`, `day` or `week`, or the whole `period`.
    flat
        Whether an added or set amount is shared equally, not in proportion to the forecast.
    to
        Day that contacts are moved to.
    """

    kind: str
    amount: float
    percent: bool = False
    per: str = "period"
    flat: bool = False
    to: date | None = None


def parse_change(text: str) -> Change:
    """A change from its words.

    Raises
    ------
    DataError
        Words that say no change.

    Examples
    --------
    >>> parse_change("min 5")
    Change(kind='min', amount=5.0, percent=False, per='interval', flat=False, to=None)
    >>> parse_change("+%2,5") == parse_change("+2.5%")
    True
    >>> parse_change("move 20% to 2026-11-25").to
    datetime.date(2026, 11, 25)
    """
    found = _WORDS.fullmatch(text.replace("−", "-"))
    if found is None:
        raise DataError(_unknown(text))
    kind, to = found["kind"].lower(), found["to"]
    percent = bool(found["percent"] or found["before"])
    amount = float(found["amount"].replace(",", "."))
    wrong = (
        (percent and kind not in "+-" and kind != "move")
        or (bool(to) != (kind == "move"))
        or (bool(found["flat"]) and (percent or kind not in "+-="))
        or (bool(found["per"]) and (percent or kind in ("smooth", "move")))
        or (kind == "smooth" and (amount < 2 or amount != int(amount)))
    )
    if wrong:
        raise DataError(_unknown(text))
    try:
        day = date.fromisoformat(to) if to else None
    except ValueError as error:
        raise DataError(_unknown(text)) from error
    per = (found["per"] or ("interval" if kind in ("min", "max") else "period")).lower()
    return Change(kind, amount, percent, per, bool(found["flat"]), day)


def _unknown(text: str) -> str:
    return f"change {text!r} is not known. Write {FORMS}."


def changed(before: np.ndarray, change: Change, group: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Contacts after a change that stays within its period.

    Parameters
    ----------
    before
        Contacts of the period's intervals, in order of time; shape (n,).
    change
        Any but a move.
    group
        What `change.per` counts together, a number for each interval; shape (n,).
    day
        Local day of each interval, a number; shape (n,).

    Raises
    ------
    DataError
        More would be taken away than there is.

    Examples
    --------
    >>> one = np.zeros(3, dtype=int)
    >>> changed(np.array([10.0, 20, 30]), parse_change("=120"), one, one)
    array([20., 40., 60.])
    >>> changed(np.array([10.0, 20, 30]), parse_change("max 25"), np.arange(3), one)
    array([10., 20., 25.])
    >>> four = np.zeros(4, dtype=int)
    >>> changed(np.array([10.0, 40, 10, 0]), parse_change("smooth 3"), four, four)
    array([22.5, 18. , 15. ,  4.5])
    """
    if change.kind == "smooth":
        return _by(day, before, lambda part: _smooth(part, int(change.amount)))
    if change.percent:
        factor = 1 + change.amount / 100 * (1 if change.kind == "+" else -1)
        if factor < 0:
            message = f"-{change.amount:g}% takes more than there is. Use -100% at most."
            raise DataError(message)
        return before * factor
    return _by(group, before, lambda part: _to_total(part, change))


def moved(before: np.ndarray, there: np.ndarray, change: Change) -> tuple[np.ndarray, np.ndarray]:
    """Contacts of the period and of the day they are moved to; their sum stays.

    >>> moved(np.array([10.0, 30]), np.array([5.0, 5]), parse_change("move 20 to 2026-11-25"))
    (array([ 5., 15.]), array([15., 15.]))
    """
    total = float(before.sum())
    taken = total * change.amount / 100 if change.percent else change.amount
    if taken > total * (1 + 1e-12):
        message = (
            f"a move of {change.amount:g}{'%' * change.percent} takes more than the {total:.1f} "
            "contacts forecast. Move less."
        )
        raise DataError(message)
    return _scaled(before, total - taken), _scaled(there, float(there.sum()) + taken)


def _to_total(before: np.ndarray, change: Change) -> np.ndarray:
    total, amount = float(before.sum()), change.amount
    wanted = {
        "+": total + amount,
        "-": total - amount,
        "=": amount,
        "min": max(total, amount),
        "max": min(total, amount),
    }[change.kind]
    if wanted < 0:
        message = (
            f"-{amount:g} takes more than the {total:.1f} contacts forecast. "
            f"Use -{total:.0f} at most, or =0."
        )
        raise DataError(message)
    if not change.flat:
        return _scaled(before, wanted)
    if change.kind == "=":
        return np.full(len(before), wanted / len(before))
    if change.kind == "+":
        return before + amount / len(before)
    return _less(before, amount)


def _less(before: np.ndarray, amount: float) -> np.ndarray:
    """The same number less in each interval, none below 0; `amount` in all."""
    order = np.sort(before)
    above = len(order) - np.arange(len(order))
    gone = np.concatenate([[0.0], np.cumsum(np.diff(order, prepend=0.0) * above)])
    cut = float(np.interp(amount, gone, np.concatenate([[0.0], order])))
    return np.asarray(np.maximum(before - cut, 0.0))


def _scaled(before: np.ndarray, wanted: float) -> np.ndarray:
    total = float(before.sum())
    return before * (wanted / total) if total > 0 else np.full(len(before), wanted / len(before))


def _smooth(before: np.ndarray, width: int) -> np.ndarray:
    """Mean of the intervals around each, with the day's total kept."""
    weight = np.ones(width)
    if len(before) <= width:
        return np.full(len(before), before.mean())
    count = np.convolve(np.ones(len(before)), weight, mode="same")
    around = np.convolve(before, weight, mode="same") / count
    return _scaled(around, float(before.sum()))


def _by(
    group: np.ndarray, before: np.ndarray, change: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """A change of each group by itself."""
    after = before.copy()
    for one in np.unique(group):
        mine = group == one
        after[mine] = change(before[mine])
    return after
