"""Causes and cures by hand, and cures that do what they say."""

import dataclasses

import numpy as np
import pytest

from wfm.core.people import Absence
from wfm.scheduling.finished.explain import CAUSES, crew_of, explain
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.solve import solve


@pytest.fixture(scope="module")
def short(make):
    problem = make(3, days=2, heads={"voice": 3})
    return problem, solve(problem, seconds=4)


def test_a_crew_read_back_is_the_crew_itself(make):
    problem = make(5, days=3)
    crew = first_crew(problem)
    again = crew_of(problem, crew.frame())
    assert (again.plan == crew.plan).all()
    assert again.cost() == pytest.approx(crew.cost())


def test_every_short_interval_has_a_cause_and_a_cure(short):
    problem, schedule = short
    found = explain(problem, schedule.frame).frame
    missing = schedule.coverage[schedule.coverage["under"] > 0]
    assert len(found) == len(missing)
    assert found["under"].sum() == missing["under"].sum()
    assert set(found["cause"]) <= set(CAUSES)
    assert (found["cure"] != "").all()


def test_no_skill_and_absent_people_are_told_apart(make, parts):
    people = parts["people"](2)
    problem = make(people, days=1, heads={"voice": 1, "orders": 1})
    found = explain(problem, first_crew(problem).frame()).frame
    orders = found[found["queue"] == "orders"]
    assert set(orders["cause"]) == {"skill"}
    away = (Absence(problem.first_day, problem.first_day),)
    nobody = [dataclasses.replace(a, absences=away) for a in people]
    problem = make(nobody, days=2, heads={"voice": 1})
    found = explain(problem, first_crew(problem).frame()).frame
    first = found[found["start"].dt.date == problem.first_day]
    assert set(first["cause"]) == {"absent"}


def test_prices_are_those_of_missing_and_surplus_staff(short):
    problem, schedule = short
    prices = explain(problem, schedule.frame).prices
    assert len(prices) == problem.intervals
    assert prices["price"].between(0, max(problem.weights.under) + 1e-6).all()
    assert prices["price"].max() > 0
    closed = np.asarray(problem.required[0] == 0)
    assert (prices["price"][closed] <= prices["price"].max()).all()


def test_an_extra_shift_saves_what_it_says(make, parts):
    problem = make(parts["people"](4), days=3, heads={"voice": 3})
    crew = first_crew(problem)
    agent = next(i for i, days in enumerate(crew.starts) if days)
    crew.drop(agent, next(iter(crew.starts[agent])))
    found = explain(problem, crew.frame()).frame
    gains = found[found["saves"] > 0]
    assert len(gains)
    assert gains["cure"].str.contains("shift|break|agent").all()
