"""People and campaigns made to fit a load, for the demo and for centres without lists yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN, Opening
from wfm.core.errors import DataError
from wfm.core.people import Agent, Break, Contract
from wfm.core.types import Requirement
from wfm.core.weeks import week_of
from wfm.core.work import Campaign
from wfm.planning.callbacks import callback_skills


def _pauses(*rows: tuple[str, int, int, int]) -> tuple[Break, ...]:
    return tuple(Break(n, length, lo, hi, n == "break") for n, length, lo, hi in rows)


CONTRACTS = (
    Contract(
        "full time",
        shift_min=510,
        paid_min=480,
        min_days_week=4,
        max_days_week=5,
        start_from_min=7 * 60,
        start_to_min=14 * 60 + 30,
        breaks=_pauses(("break", 15, 60, 150), ("lunch", 30, 210, 300), ("break", 15, 360, 450)),
    ),
    Contract(
        "long days",
        shift_min=630,
        paid_min=600,
        min_days_week=3,
        max_days_week=4,
        start_from_min=7 * 60,
        start_to_min=12 * 60 + 30,
        breaks=_pauses(("break", 15, 90, 180), ("lunch", 30, 270, 360), ("break", 15, 450, 540)),
    ),
    Contract(
        "part time",
        shift_min=360,
        paid_min=330,
        min_days_week=4,
        max_days_week=5,
        start_from_min=7 * 60,
        start_to_min=17 * 60,
        breaks=_pauses(("break", 15, 45, 105), ("lunch", 30, 150, 195), ("break", 15, 240, 300)),
    ),
    Contract(
        "short days",
        shift_min=240,
        paid_min=240,
        min_days_week=4,
        max_days_week=5,
        start_from_min=7 * 60,
        start_to_min=19 * 60,
        breaks=_pauses(("break", 15, 75, 150)),
    ),
)
CONTRACT_SHARES = (0.60, 0.15, 0.15, 0.10)
COST_PER_H = (9.5, 9.5, 9.0, 8.5)
FIRST_NAMES = (  # noqa: SIM905 - first and last names are drawn apart: nobody real
    "Ada Aylin Baran Berk Burcu Can Ceren Deniz Derya Ece Efe Elif Emre Esra Fatma Gizem Gül "
    "Hakan İpek Kaan Kerem Lale Leyla Mehmet Merve Mert Murat Nazlı Nehir Onur Ozan Pelin Seda "
    "Selin Sena Serkan Sibel Tolga Tuba Umut Yasemin Yusuf Zehra Zeynep"
).split()
LAST_NAMES = (  # noqa: SIM905
    "Acar Akın Aksoy Arslan Aydın Bulut Can Çelik Demir Doğan Erdem Güneş Kaplan Kara Kaya Kılıç "
    "Koç Kurt Özdemir Özkan Polat Şahin Şen Tekin Tunç Uçar Yalçın Yavuz Yıldız Yılmaz"
).split()
BREADTH_SHARES = (0.50, 0.35, 0.15)  # of people, by how many other queues they know
TEAM_SIZE = 15
FIT_SLACK = 0.12
SHORTEST_NIGHT_MIN = 240  # centres that close for less are taken as open all day


def net_hours(contract: Contract) -> float:
    """Hours a week that an agent of this contract is on contacts at most: no break counts."""
    pauses = sum(b.length_min for b in contract.breaks)
    return (contract.shift_min - pauses) * contract.max_days_week / 60


def make_people(
    agents: int,
    *,
    queues: Mapping[str, float],
    campaigns: Sequence[Campaign] = (),
    seed: int = 0,
) -> list[Agent]:
    """People for a centre: contracts, skills and teams.

    Parameters
    ----------
    agents
        How many.
    queues
        Share of the work of each queue's skill, any unit. Half of the people serve one queue, a
        third the largest one beside their own, the rest three, as far as there are as many.
    campaigns
        Their skills go round the groups of people who serve the same queues, largest group first.
    seed
        Same seed, same people.
    """
    rng = np.random.default_rng([seed, 1000])
    counts = np.diff(np.round(np.cumsum([0.0, *CONTRACT_SHARES]) * agents)).astype(int)
    contract_of = rng.permutation(np.repeat(np.arange(len(CONTRACTS)), counts))
    sets = _skill_sets(queues, campaigns)
    weights = np.cumsum(list(sets.values()))
    set_of = np.searchsorted(weights, (np.arange(agents) + 0.5) / agents * weights[-1])
    people = []
    for number in range(agents):
        kind = int(contract_of[number])
        first = FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]
        last = LAST_NAMES[int(rng.integers(len(LAST_NAMES)))]
        people.append(
            Agent(
                agent=f"a{number + 1:03d}",
                name=f"{first} {last}",
                contract=CONTRACTS[kind].contract,
                skills=list(sets)[int(set_of[number])],
                team=f"Team {number // TEAM_SIZE + 1}",
                cost_per_h=COST_PER_H[kind],
            )
        )
    return people


def _skill_sets(
    queues: Mapping[str, float], campaigns: Sequence[Campaign]
) -> dict[frozenset[str], float]:
    """Return the skill sets of a centre with the share of its people who have them.

    A centre trains people in groups: few sets, each with many people.
    """
    by_size = sorted(queues, key=lambda name: (-queues[name], name))
    total = sum(queues.values())
    sets: dict[frozenset[str], float] = {}
    for main in by_size:
        others = [name for name in by_size if name != main]
        for others_known, share in enumerate(BREADTH_SHARES):
            known = frozenset([main, *others[:others_known]])
            sets[known] = sets.get(known, 0.0) + share * queues[main] / total
    ranked = sorted(sets, key=lambda known: (-sets[known], sorted(known)))
    asked = list(dict.fromkeys(campaign.skill for campaign in campaigns))
    outbound: dict[frozenset[str], set[str]] = {known: set() for known in ranked}
    for turn in range(max(len(ranked), len(asked)) if asked else 0):
        outbound[ranked[turn % len(ranked)]].add(asked[turn % len(asked)])
    return {known | outbound[known]: sets[known] for known in sorted(sets, key=sorted)}


def people_to_fit(
    requirement: Requirement,
    *,
    campaigns: Sequence[Campaign] = (),
    days: int = 7,
    skills: Mapping[str, str] | None = None,
    seed: int = 0,
    week_start: str = "Mon",
) -> tuple[list[Agent], list[Contract]]:
    """People who can carry a requirement, for a centre that has not typed in its own yet.

    Their contracted hours exceed the hours the busiest week needs by `FIT_SLACK`, since shifts
    never follow the demand exactly. Shifts lie inside the hours of the requirement and of the
    campaigns; one that is longer than these hours begins before them or ends after them.

    Parameters
    ----------
    requirement
        Its `scheduled` heads and the work that waits for quiet periods decide how many people and
        with which skills.
    campaigns
        Outbound work to carry beside it, for the skills and the hours.
    days
        Days in which the campaigns' targets are due.
    skills
        Skill that each queue asks for; a queue that is not named asks for its own name.
    seed
        Same seed, same people.
    week_start
        Day on which weeks begin: Mon, Sun or Sat.
    """
    frame, asked = requirement.frame, _asked_h(requirement)
    week = _weeks(frame["start"], week_start)
    busiest = asked.groupby([frame["queue"], week]).sum()
    by_queue = busiest.groupby("queue").max()
    by_queue = by_queue[by_queue > 0]
    if by_queue.empty:
        message = "people: the requirement needs nobody in any interval, so nobody can fit it."
        raise DataError(message)
    mean_h = float(np.dot(CONTRACT_SHARES, [net_hours(contract) for contract in CONTRACTS]))
    outbound_h_week = sum(c.target_h for c in campaigns) / max(days / 7, 1)
    count = int(np.ceil((by_queue.sum() + outbound_h_week) * (1 + FIT_SLACK) / mean_h))
    shares: dict[str, float] = {}
    known = callback_skills(requirement.queues, skills)
    for name, value in by_queue.items():
        skill = known.get(str(name), str(name))
        shares[skill] = shares.get(skill, 0.0) + float(value)
    open_from, open_to = _hours(requirement, campaigns)
    contracts = [_inside(contract, open_from, open_to) for contract in CONTRACTS]
    people = make_people(max(count, len(shares)), queues=shares, campaigns=campaigns, seed=seed)
    return people, contracts


def assumed_costs(agents: Sequence[Agent]) -> str:
    """Costs per hour that nobody has told: those with which people are made, in words.

    Parameters
    ----------
    agents
        Anybody; who still has the contract and the cost of people made to fit counts.

    Returns
    -------
    str
        How many they are and from what to what they cost, in the plan's currency; empty when every
        cost was typed or read.

    Examples
    --------
    >>> people = make_people(20, queues={"orders": 1.0})
    >>> assumed_costs(people)
    'cost per hour of 20 people made to fit (8.5 to 9.5)'
    >>> assumed_costs([replace(agent, cost_per_h=31.0) for agent in people])
    ''
    """
    made = dict(zip((c.contract for c in CONTRACTS), COST_PER_H, strict=True))
    costs = [a.cost_per_h for a in agents if made.get(a.contract) == a.cost_per_h]
    if not costs:
        return ""
    return f"cost per hour of {len(costs):,} people made to fit ({min(costs):g} to {max(costs):g})"


def _weeks(start: pd.Series, week_start: str) -> pd.Series:
    """The week of each interval; from the first day on where no week of the calendar is whole.

    From a Thursday to a Wednesday the hours of both parts are one week's work.
    """
    day = start.dt.tz_localize(None).dt.normalize()
    week = week_of(start, week_start).rename("week")
    begins = pd.to_datetime(pd.Series(week.unique())).dt.tz_localize(None).dt.normalize()
    whole = (begins >= day.min()) & (begins + pd.Timedelta(days=6) <= day.max())
    if whole.any():
        return week
    number: pd.Series = (day - day.min()) // pd.Timedelta(days=7)
    return number.rename("week")


def _asked_h(requirement: Requirement) -> pd.Series:
    """Agent hours that each interval brings: heads, and work that waits for quiet periods [h]."""
    frame = requirement.frame
    asked = frame["scheduled"] * (requirement.interval / timedelta(hours=1))
    if "quiet_h" in frame:
        asked += (frame["quiet_h"] / (1 - frame["shrinkage"])).fillna(0.0)
    return asked


def _hours(requirement: Requirement, campaigns: Sequence[Campaign]) -> tuple[int, int]:
    """From when to when anybody is needed on any day, by the clock [min]; a night means all day."""
    frame = requirement.frame
    needed = frame.loc[_asked_h(requirement) > 0, "start"]
    minutes = needed.dt.hour * 60 + needed.dt.minute
    length = requirement.interval // timedelta(minutes=1)
    windows = [(int(minutes.min()), int(minutes.max()) + length)]
    windows += [(w.from_min, w.to_min) for c in campaigns for w in c.permitted.windows]
    if any(first >= last for first, last in windows):
        return 0, DAY_MIN
    return min(first for first, _ in windows), max(last for _, last in windows)


def _inside(contract: Contract, open_from: int, open_to: int) -> Contract:
    """The contract with starts that keep its shift inside these hours, at any time if all day."""
    if open_to - open_from >= DAY_MIN - SHORTEST_NIGHT_MIN:
        return replace(contract, start_from_min=0, start_to_min=DAY_MIN - contract.start_grid_min)
    latest = max(open_to - contract.shift_min, 0)
    return replace(
        contract, start_from_min=min(open_from, latest), start_to_min=max(open_from, latest)
    )


def make_campaigns(agents: int = 60) -> list[Campaign]:
    """Five outbound campaigns of a service centre, whose hours grow with the number of agents.

    Promised callbacks and reminders come first; collections know their list, the tries and the
    hours at which people answer.
    """

    def hours(each: float) -> float:
        return round(agents * each, 1)

    return [
        Campaign(
            "after-visit survey",
            "survey",
            Opening.parse("Mon-Sat 10:00-20:00"),
            target_h=hours(0.6),
            set_up_s=20,
            talk_s=150,
            wrap_s=30,
            connect_rate=0.35,
        ),
        Campaign(
            "appointment reminders",
            "reminders",
            Opening.parse("Mon-Fri 10:00-19:00"),
            target_h=hours(0.4),
            set_up_s=15,
            talk_s=60,
            wrap_s=15,
            connect_rate=0.55,
            value=2.0,
        ),
        Campaign(
            "callbacks",
            "reminders",
            Opening.parse("Mon-Sat 09:00-20:00"),
            target_h=hours(0.2),
            set_up_s=15,
            talk_s=240,
            wrap_s=45,
            connect_rate=0.75,
            value=3.0,
        ),
        Campaign(
            "collections",
            "collections",
            Opening.parse("Mon-Fri 10:00-19:00"),
            target_h=hours(0.3),
            set_up_s=25,
            talk_s=200,
            wrap_s=60,
            connect_rate=0.30,
            value=2.5,
            records=float(10 * agents),
            attempts=3,
            gap_days=2,
            right_party_rate=0.6,
            wrong_party_s=25,
            by_hour=((10, 0.25, 0.55), (12, 0.28, 0.6), (17, 0.4, 0.7)),
            consent=0.92,
            do_not_call=float(agents // 4),
        ),
        Campaign(
            "welcome calls",
            "survey",
            Opening.parse("Mon-Sat 10:00-20:00"),
            target_h=hours(0.3),
            set_up_s=20,
            talk_s=180,
            wrap_s=40,
            connect_rate=0.45,
            value=1.5,
        ),
    ]
