"""What callers are promised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wfm.core.errors import DataError

SL_VARIANTS = (
    "sl_offered",
    "sl_handled",
    "sl_abandon_counts",
    "sl_excl_short_abandon",
    "sl_short_counts",
    "sl_excl_short",
)
SHORT_VARIANTS = ("sl_short_counts", "sl_excl_short")  # need to know what a short abandon is
SCOPES = ("interval", "day")
FLOOR_SHARE = 0.75  # of the promise: what every interval keeps when it is kept over the day


@dataclass(frozen=True)
class ServiceTarget:
    """What callers are promised: one of a service level, an ASA, an abandonment or an occupancy.

    Parameters
    ----------
    service_level
        Least share answered within `within_s`.
    within_s
        The wait that still counts [s].
    asa_s
        Most mean wait of the answered [s].
    abandoned
        Most share that abandons.
    occupancy
        Most share of time on contacts.
    variant
        How the service level is counted: `sl_offered` (answered in time / offered), `sl_handled`
        (/ answered), `sl_abandon_counts` (abandoned in time count as served),
        `sl_excl_short_abandon` (abandoned in time are left out), `sl_short_counts` (short abandons
        count as served) or `sl_excl_short` (short abandons are left out).
    short_s
        A caller who leaves within so many seconds is a short abandon [s]; needed by the last two.
    scope
        `interval`: kept in every interval; `day`: kept over the day's contacts, so that a quiet
        interval may fall below, but not below `floor`.
    floor
        With `scope="day"` the value that every interval keeps, in the promise's own measure; None
        is three quarters of a service level, or an abandonment a third higher.
    confidence
        Share of days on which the promise is kept although the forecast may be off; None staffs
        the forecast itself, which a busy day misses about every other time.

    Examples
    --------
    >>> str(ServiceTarget(0.80, within_s=20))
    '80 % in 20 s'
    """

    service_level: float | None = None
    within_s: float = 20.0
    asa_s: float | None = None
    abandoned: float | None = None
    occupancy: float | None = None
    variant: str = "sl_offered"
    short_s: float | None = None
    scope: str = "interval"
    floor: float | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        shares = {
            "service level": self.service_level,
            "abandoned": self.abandoned,
            "occupancy": self.occupancy,
        }
        given = [name for name, share in shares.items() if share is not None]
        given += ["asa_s"] if self.asa_s is not None else []
        if len(given) != 1:
            message = (
                f"service target: {', '.join(given) or 'nothing'} given. Give exactly one of "
                "service_level, asa_s, abandoned and occupancy."
            )
            raise DataError(message)
        for name, share in shares.items():
            if share is not None and not 0 < share < 1:
                message = (
                    f"service target: {name} is {share:g}. Write a share above 0 and below 1, "
                    "for example 0.80."
                )
                raise DataError(message)
        if self.asa_s is not None and not self.asa_s > 0:
            message = f"service target: asa_s is {self.asa_s:g}. Use more than 0 seconds."
            raise DataError(message)
        if not 0 <= self.within_s < float("inf"):
            message = f"service target: within_s is {self.within_s:g}. Use 0 seconds or more."
            raise DataError(message)
        if self.variant not in SL_VARIANTS:
            message = f"service target: variant {self.variant!r} is not one of {SL_VARIANTS}."
            raise DataError(message)
        self._check_reach()

    def _check_reach(self) -> None:
        """Refuse a scope, a floor, a confidence or a short abandon that nobody can mean."""
        if self.variant in SHORT_VARIANTS and self.short_s is None:
            message = (
                f"service target: {self.variant} needs short_s, the seconds of a short abandon. "
                "Give it, for example short_s=5."
            )
            raise DataError(message)
        if self.short_s is not None and not 0 <= self.short_s < float("inf"):
            message = f"service target: short_s is {self.short_s:g}. Use 0 seconds or more."
            raise DataError(message)
        if self.scope not in SCOPES:
            message = f"service target: scope {self.scope!r} is not one of {', '.join(SCOPES)}."
            raise DataError(message)
        if self.scope == "day" and self.service_level is None and self.abandoned is None:
            message = (
                f"service target: {self} cannot be kept over the day. Use a service level or an "
                "abandonment, or scope='interval'."
            )
            raise DataError(message)
        if self.floor is not None and not 0 < self.floor < 1:
            message = f"service target: floor is {self.floor:g}. Write a share such as 0.60."
            raise DataError(message)
        if self.confidence is not None and not 0 < self.confidence < 1:
            message = (
                f"service target: confidence is {self.confidence:g}. Write a share of days above 0 "
                "and below 1, for example 0.90."
            )
            raise DataError(message)

    def least_kept(self) -> float:
        """What every interval keeps when the promise is kept over the day.

        >>> ServiceTarget(0.80, scope="day").least_kept()
        0.6
        """
        if self.floor is not None:
            return self.floor
        if self.abandoned is not None:
            return min(self.abandoned / FLOOR_SHARE, (1 + self.abandoned) / 2)
        return round(FLOOR_SHARE * (self.service_level or 0.0), 9)

    @classmethod
    def parse(cls, text: str) -> ServiceTarget:
        """Target from ``"80/20"``, ``"ASA 30"``, ``"abandoned 5%"`` or ``"occupancy 85%"``.

        >>> ServiceTarget.parse("80/20") == ServiceTarget(0.80, within_s=20)
        True
        """
        if match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*", text):
            return cls(float(match[1]) / 100, within_s=float(match[2]))
        if match := re.fullmatch(r"\s*asa\s*(\d+(?:\.\d+)?)\s*s?\s*", text.lower()):
            return cls(asa_s=float(match[1]))
        pattern = r"\s*(abandoned|occupancy)\s*(\d+(?:\.\d+)?)\s*%\s*"
        if match := re.fullmatch(pattern, text.lower()):
            share = float(match[2]) / 100
            return cls(abandoned=share) if match[1] == "abandoned" else cls(occupancy=share)
        message = (
            f"target: {text!r} is not known. Write 80/20 for 80 % in 20 s, ASA 30, abandoned 5% "
            "or occupancy 85%."
        )
        raise DataError(message)

    def __str__(self) -> str:
        of_days = f" on {100 * self.confidence:g} % of days" if self.confidence else ""
        over_day = " over the day" if self.scope == "day" else ""
        return self._promise() + over_day + of_days

    def _promise(self) -> str:
        if self.service_level is not None:
            return f"{100 * self.service_level:g} % in {self.within_s:g} s"
        if self.asa_s is not None:
            return f"ASA {self.asa_s:g} s"
        if self.abandoned is not None:
            return f"abandoned {100 * self.abandoned:g}%"
        return f"occupancy {100 * (self.occupancy or 0):g}%"
