"""Who works which band and days where everybody differs."""

import dataclasses
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfm.core.edits import Lock
from wfm.core.people import CarryIn
from wfm.scheduling.check import check
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import exact_layout, kinds_of
from wfm.scheduling.patterns import days_together, legal_patterns
from wfm.scheduling.people.appoint import appoint
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = datetime(2027, 1, 4, tzinfo=ZoneInfo("Europe/Istanbul"))
RULES = Rules(prorate_days=False, max_days_in_row=4, weekends_off_in=2)


def crowd(make, parts, seed, people=12, days=7):
    """People of whom everybody has a past of its own and some a lock."""
    random = np.random.default_rng(seed)
    problem = make(parts["people"](people), days=days, rules=RULES, hours=(0, 24))
    carried = {}
    for agent in problem.agents:
        row = int(random.integers(0, 5))
        end = MONDAY + timedelta(minutes=30 * int(random.integers(-20, 10)))
        carried[agent.agent] = CarryIn(end if row else None, row, (bool(random.random() < 0.5),))
    problem = dataclasses.replace(problem, carried=carried)
    crew = first_crew(problem)
    shifts = [(i, d, s) for i, own in enumerate(crew.starts) for d, s in own.items()]
    chosen = [shifts[k] for k in random.choice(len(shifts), size=4, replace=False)]
    locks = tuple(
        Lock(
            problem.agents[i].agent,
            date(2027, 1, 4) + timedelta(days=d),
            int(problem.clock[s.start]),
        )
        for i, d, s in chosen
    )
    return dataclasses.replace(problem, locks=locks)


@pytest.mark.parametrize("seed", range(6))
def test_counts_of_alike_people_get_names_without_a_loss(make, parts, seed):
    problem = crowd(make, parts, seed)
    matrix = make_matrix(problem, exact_layout(make_matrix(problem).layout))
    values = count_crew(matrix, first_crew(problem))
    assert len(broken_rows(matrix, values)) == 0
    crew = name_counts(matrix, values)
    assert check(problem, crew.frame()) == []
    assert crew.cost() - crew.wishes == pytest.approx(float(matrix.cost @ values))


@pytest.mark.parametrize("seed", range(6))
def test_posts_keep_everybodys_days_and_their_locks(make, parts, seed):
    problem = crowd(make, parts, seed)
    crew = first_crew(problem)
    empty = Crew(crew.layout)
    for number, group in enumerate(crew.layout.groups):
        starts = np.zeros(len(group.starts))
        for agent in group.agents.tolist():
            for begin in crew.starts[agent].values():
                starts[group.number[begin]] += 1
        posts = appoint(empty, number, 0, starts, 30.0)
        for agent, post in zip(group.agents.tolist(), posts, strict=True):
            fewest, most = problem.limits(agent, 0)
            assert fewest <= len(post.days) <= most
            assert not post.days & problem.closed[agent]
            assert {d for d, s in problem.locked[agent].items() if s is not None} <= post.days
            run = problem.before(agent).days_in_row
            for day in range(7):
                run = run + 1 if day in post.days else 0
                assert run <= 4


def test_everybody_is_of_one_kind(make, parts):
    problem = crowd(make, parts, 3)
    layout = make_matrix(problem).layout
    for number, group in enumerate(layout.groups):
        kinds = kinds_of(Crew(layout), number, 0)
        found = sorted(agent for kind in kinds for agent in kind.agents)
        assert found == sorted(group.agents.tolist())


@pytest.mark.parametrize("seed", range(4))
def test_what_people_can_do_together_is_what_each_can_added_up(make, parts, seed):
    problem = crowd(make, parts, seed)
    layout = make_matrix(problem).layout
    for one in layout.classes:
        ways = []
        for agent in one.agents.tolist():
            must = tuple(d for d, s in problem.locked[agent].items() if s is not None)
            run = problem.before(agent).days_in_row
            own = legal_patterns(7, problem.limits(agent, 0), 4, must, run, 0)
            ways.append(own[~own[:, sorted(problem.closed[agent])].any(axis=1)])
        if np.prod([len(way) for way in ways]) > 20000:
            ways = ways[:2]
        together = days_together(problem, one.agents[: len(ways)], 0)
        every = [sum(way.astype(int) for way in chosen) for chosen in product(*ways)]
        for days, fewest, most in together:
            sums = [int(worked[days].sum()) for worked in every]
            assert not np.isfinite(fewest) or min(sums) == fewest
            assert not np.isfinite(most) or max(sums) == most


def test_a_week_of_people_who_differ_is_solved_near_its_bound(make, parts):
    problem = crowd(make, parts, 2)
    schedule = solve(problem, seconds=8)
    assert schedule.violations == ()
    assert schedule.bound <= schedule.objective


def test_people_without_anything_of_their_own_add_no_rows(make, parts):
    problem = make(parts["people"](6), days=7)
    for one in make_matrix(problem).layout.classes:
        assert days_together(problem, one.agents, one.week) == []
