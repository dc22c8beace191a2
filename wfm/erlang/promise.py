"""What a promise to callers asks of a formula: which of its columns, and how much of it."""

from __future__ import annotations

from wfm.core.errors import DataError
from wfm.core.types import ServiceTarget
from wfm.erlang.base import find_model


def metric_of(target: ServiceTarget, model: str) -> tuple[str, float]:
    """Column of a model and the value of it that a target asks for.

    Raises
    ------
    DataError
        The model does not define what the target speaks of.

    Examples
    --------
    Nobody hangs up in Erlang C, so every way to count its service level is the same.

    >>> metric_of(ServiceTarget(0.8, within_s=20, variant="sl_handled"), "erlang_c")
    ('sl_offered', 0.8)
    """
    known = find_model(model).senses
    if "sl_offered" not in known:
        message = f"{model} has no queue and no service level. Use erlang_a or erlang_c."
        raise DataError(message)
    if target.service_level is not None:
        return level_of(target, model), target.service_level
    if target.abandoned is not None:
        if "p_abandon" not in known:
            message = f"{model}: a target for abandonment needs callers who hang up. Use erlang_a."
            raise DataError(message)
        return "p_abandon", target.abandoned
    if target.occupancy is not None:
        return "occupancy", target.occupancy
    assert target.asa_s is not None
    return "asa_served_s", target.asa_s


def level_of(target: ServiceTarget, model: str) -> str:
    """Column that counts the service level as the target does."""
    return target.variant if target.variant in find_model(model).senses else "sl_offered"
