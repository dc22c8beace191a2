"""The least agents that meet a target, for any model and metric, and the fraction before rounding.

Start: square-root staffing, load + beta sqrt(load) with the normal quantile of the target (Halfin
and Whitt; Garnett, Mandelbaum and Reiman). From there the answer is bracketed and closed in on
with a quadrature of a few nodes, which costs a sixth and is good to about four digits. The result
is then proved with the exact one: `n` must meet the target and `n - 1` must miss it, otherwise the
search walks on until both hold.

References
----------
Halfin, Whitt (1981); Garnett, Mandelbaum, Reiman (2002); Gans, Koole, Mandelbaum (2003).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from wfm.core.errors import DataError
from wfm.erlang.base import StaffingModel
from wfm.erlang.inputs import BLOCK, Array, Inputs, is_share
from wfm.erlang.integrals import COARSE, EXACT, Rule
from wfm.erlang.steps import LEAST_ROWS, look_up

GUIDES = 48
MOST_TURNS = 300  # about eight are needed
CLOSE = 1e-7  # heads: how close the fraction comes to the exact root


@dataclass(frozen=True)
class Search:
    """One question: which metric of which model shall reach what, in every row.

    Parameters
    ----------
    model
        A model of the table.
    metric
        Column that the target speaks of.
    target
        Least or most value of it, shape (n,).
    asked
        Rows; their `agents` are not used.
    """

    model: StaffingModel
    metric: str
    target: Array
    asked: Inputs

    def margin(self, agents: Array, rows: npt.NDArray[np.intp], rule: Rule = EXACT) -> Array:
        """How far the metric is on the right side of its target (0 or more: met)."""
        if not rows.size:
            return np.zeros(0)
        value = np.empty(rows.size)
        for first in range(0, rows.size, BLOCK):
            at = slice(first, first + BLOCK)
            asked = self.asked.at(rows[at], agents[at])
            value[at] = self.model.columns(asked, rule)[self.metric]
        return self._sign() * (value - self.target[rows])

    def whole(self) -> Array:
        """Least whole agents, at least 1 where there is load and 0 where there is none."""
        load = self.asked.load
        floor = np.floor(load) if self.model.above_load else np.zeros_like(load)
        rows = np.flatnonzero(load > 0.0)
        self._check_lines(rows)
        answer = np.zeros_like(load)
        if self._one_question(rows):
            found, sure = self._staircase(rows, floor)
            answer[rows] = found
            rest = rows[~sure]
            answer[rest] = self._prove(rest, found[~sure], floor[rest])
        else:
            answer[rows] = self._alone(rows, floor)
        return answer

    def _alone(self, rows: npt.NDArray[np.intp], floor: Array) -> Array:
        """Least whole agents, row by row; of many rows some are asked first, to guide the rest."""
        load = self.asked.load[rows]
        start = self._start(load, self.target[rows])
        step = np.ceil(0.1 * np.sqrt(load)) + 1.0
        if rows.size >= 8 * GUIDES:
            order = np.argsort(load, kind="stable")
            guides = order[np.linspace(0, rows.size - 1, GUIDES).astype(int)]
            known, root = self._alone(rows[guides], floor), np.sqrt(load[guides])
            factor = np.interp(load, load[guides], (known - load[guides]) / root)
            start = np.rint(load + factor * np.sqrt(load))
            step = np.ceil(0.03 * np.sqrt(load))
        near = self._near(rows, floor[rows], start, step)
        return self._prove(rows, near, floor[rows])

    def _one_question(self, rows: npt.NDArray[np.intp]) -> bool:
        """Whether many rows differ in their load alone, and more load never helps."""
        if rows.size < LEAST_ROWS or self.asked.lines is not None:
            return False
        others = [getattr(self.asked, f.name) for f in fields(self.asked)]
        given = [v for v in others if v is not None and v is not self.asked.load]
        return all(np.all(v == v[0]) for v in (*given, self.target))

    def _staircase(
        self, rows: npt.NDArray[np.intp], floor: Array
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Least agents of every row between the edges of the staircase, and where it is proved."""
        load = self.asked.load[rows]
        ends = rows[[int(np.argmin(load)), int(np.argmax(load))]]
        first, last = self._alone(ends, floor).tolist()
        if last - first > rows.size:
            return self._alone(rows, floor), np.ones(rows.size, dtype=bool)

        def margin(loads: Array, agents: Array, rule: Rule = EXACT) -> Array:
            asked = self.asked.at(np.repeat(ends[:1], loads.size), agents)
            value = self.model.columns(replace(asked, load=loads), rule)[self.metric]
            away: Array = self._sign() * (value - self.target[ends[0]])
            return away

        return look_up(load, (first, last), margin, lambda x, n: margin(x, n, COARSE))

    def _sign(self) -> float:
        return 1.0 if self.model.senses[self.metric] == "min" else -1.0

    def _check_lines(self, rows: npt.NDArray[np.intp]) -> None:
        """Refuse what agents cannot mend: with one for every line calls are still blocked."""
        lines = self.asked.lines
        if lines is None or self.metric == "occupancy":
            return
        short = rows[self.margin(lines[rows], rows) < 0.0]
        if short.size:
            first = short[0]
            message = (
                f"{self.model.name}: {lines[first]:g} lines block too many of "
                f"{self.asked.load[first]:g} erlangs for a {self.metric} of {self.target[first]:g} "
                f"in row {first}, whatever the agents. Give more lines."
            )
            raise DataError(message, rows=self.asked.frame().loc[short])

    def _start(self, load: Array, target: Array) -> Array:
        share = is_share(self.metric)
        up = target if self.model.senses[self.metric] == "min" else 1.0 - target
        beta = np.clip(ndtri(np.clip(up, 0.01, 0.999999)), -1.0, 4.0) if share else 0.5
        return np.ceil(load + beta * np.sqrt(load))

    def _near(self, rows: npt.NDArray[np.intp], floor: Array, start: Array, step: Array) -> Array:
        """Least agents that meet the target as the coarse rule sees it; nobody looks below floor.

        Outwards from the start until the answer is bracketed, then false position on whole
        numbers, with a bisection every fourth turn.
        """
        load = self.asked.load[rows]
        low, high = floor.copy(), np.full_like(load, np.inf)  # misses, meets
        f_low, f_high = np.full_like(load, np.nan), np.full_like(load, np.nan)
        guess = np.maximum(start, floor + 1.0)
        for turn in range(MOST_TURNS):
            at = np.flatnonzero(high - low > 1.0)
            if not at.size:
                return high
            value = self.margin(guess[at], rows[at], COARSE)
            met = value >= 0.0
            high[at], f_high[at] = np.where(met, (guess[at], value), (high[at], f_high[at]))
            low[at], f_low[at] = np.where(met, (low[at], f_low[at]), (guess[at], value))
            lo, hi, wide = low[at], high[at], step[at]
            between = np.where(np.isinf(hi), lo + 2.0 * wide, hi)
            share = f_low[at] / (f_low[at] - f_high[at])
            if turn % 4 == 3:
                share = np.where(np.isfinite(share), 0.5, share)
            found = np.ceil(lo + (between - lo) * share)
            outwards = np.where(np.isinf(hi), lo + wide, np.maximum(hi - wide, lo + 1.0))
            guess[at] = np.clip(np.where(np.isnan(share), outwards, found), lo + 1.0, between - 1.0)
            step[at] = 2.0 * wide
        message = (
            f"{self.model.name}: no number of agents brings {self.metric} to its target. "
            "Choose another target."
        )
        raise DataError(message)

    def _prove(self, rows: npt.NDArray[np.intp], agents: Array, floor: Array) -> Array:
        """Walk until `agents` meets and one less misses, by the exact formula."""
        walk = np.arange(rows.size)
        while walk.size:
            walk = walk[self.margin(agents[walk], rows[walk]) < 0.0]
            agents[walk] += 1.0
            floor[walk] = agents[walk] - 1.0  # known to miss
        walk = np.flatnonzero(agents - 1.0 > floor)
        while walk.size:
            walk = walk[self.margin(agents[walk] - 1.0, rows[walk]) >= 0.0]
            agents[walk] -= 1.0
            walk = walk[agents[walk] - 1.0 > floor[walk]]
        return agents

    def exact(self, whole: Array) -> Array:
        """Real-valued agents at which the metric meets its target, in (whole - 1, whole].

        The root of the model's continuous formula, by false position (Illinois) with bisection
        where a wait is endless, to 1e-7 heads. 0 where there is no load, or where less
        than any agent would do.
        """
        rows = np.flatnonzero(whole > 0.0)
        high, low = whole[rows].copy(), whole[rows] - 1.0
        if self.model.above_load:
            low = np.maximum(low, self.asked.load[rows])
        f_high, f_low = self.margin(high, rows), self.margin(low, rows)
        high = np.where(f_low >= 0.0, low, high)  # one agent at least was asked for; fewer would do
        side = np.zeros(rows.size)
        for turn in range(60):
            at = np.flatnonzero((high - low > CLOSE) & (f_low < 0.0) & (f_high > 0.0))
            if not at.size:
                break
            lo, hi, fl, fh = low[at], high[at], f_low[at], f_high[at]
            with np.errstate(invalid="ignore"):
                guess = (lo * fh - hi * fl) / (fh - fl)
            usable = np.isfinite(guess) & (turn % 6 != 5)
            guess = np.clip(
                np.where(usable, guess, (lo + hi) / 2.0), lo + CLOSE / 4, hi - CLOSE / 4
            )
            value = self.margin(guess, rows[at])
            met = value >= 0.0
            again = side[at] == np.where(met, 1.0, -1.0)
            f_low[at] = np.where(met, np.where(again, fl / 2.0, fl), value)
            f_high[at] = np.where(met, value, np.where(again, fh / 2.0, fh))
            high[at], low[at] = np.where(met, guess, hi), np.where(met, lo, guess)
            side[at] = np.where(met, 1.0, -1.0)
        result = np.zeros_like(whole)
        result[rows] = high
        return result


def check_target(model: StaffingModel, metric: str, target: Array, *, called: str = "") -> None:
    """Refuse a metric the model does not define and a target nobody can mean.

    Raises
    ------
    DataError
        Unknown metric (the message lists the known ones), a share of 0 or 1 or outside, or a time
        or length that is not above 0.
    """
    if metric not in model.senses:
        known = ", ".join(model.senses)
        why = "" if "lines" not in model.needs else " (behind lines more agents may block more)"
        message = f"{model.name}: metric {metric!r} is not known{why}. Use one of: {known}."
        raise DataError(message)
    share = is_share(metric)
    high = 1.0 if share else np.inf
    wrong = ~((target > 0.0) & (target < high))
    if wrong.any():
        example = "0.8" if model.senses[metric] == "min" or metric == "occupancy" else "0.05"
        more = f" and below 1, for example {example}" if share else ""
        what = f"target {target[wrong][0]:g} for {metric}" + (f" ({called})" if called else "")
        where = f" in row {int(np.flatnonzero(wrong)[0])}" if target.size > 1 else ""
        message = f"{model.name}: {what}{where}. Write a number above 0{more}."
        raise DataError(message)
