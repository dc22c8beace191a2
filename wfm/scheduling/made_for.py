"""A mark of what a schedule was made for, so that its bound is kept for nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from wfm.scheduling.problem import Problem

LEFT_OUT = frozenset(("seed", "published", "grid", "day", "clock"))
"""What no cost that a bound is of depends on, and what follows from the horizon."""


def mark_of(problem: Problem) -> str:
    """SHA-256 of all that rules and costs of a schedule depend on, the same in every process."""
    asked = [_plain(getattr(problem, f.name)) for f in fields(problem) if f.name not in LEFT_OUT]
    return sha256(json.dumps(asked, default=repr).encode()).hexdigest()


def is_bound_of(made_for: str, problem: Problem) -> bool:
    """Whether a bound that was proven for one problem holds for another.

    It does for the same, and for one that has locks beside it: they leave fewer schedules.
    """
    return made_for in (mark_of(problem), mark_of(replace(problem, locks=())))


def _plain(value: Any) -> Any:
    """The content of a value as JSON takes it, in an order of its own where it has none."""
    if isinstance(value, np.ndarray):
        return [value.shape, str(value.dtype), sha256(value.tobytes()).hexdigest()]
    if isinstance(value, (int, float, np.number)):
        return float(value)  # 40 and 40.0 are the same price
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return sorted([_plain(key), _plain(content)] for key, content in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return [_plain(getattr(value, item.name)) for item in fields(value)]
    return value
