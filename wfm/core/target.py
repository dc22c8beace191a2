"""What callers are promised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wfm.core.errors import DataError

SL_VARIANTS = ("sl_offered", "sl_handled", "sl_abandon_counts", "sl_excl_short_abandon")


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
        (/ answered), `sl_abandon_counts` (abandoned in time count as served) or
        `sl_excl_short_abandon` (abandoned in time are left out).

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
        if self.service_level is not None:
            return f"{100 * self.service_level:g} % in {self.within_s:g} s"
        if self.asa_s is not None:
            return f"ASA {self.asa_s:g} s"
        if self.abandoned is not None:
            return f"abandoned {100 * self.abandoned:g}%"
        return f"occupancy {100 * (self.occupancy or 0):g}%"
