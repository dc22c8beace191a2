"""The day process against the textbook formula, on known truths, and at past origins."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.core.calendars import Calendar, Event
from wfm.forecast.covariance import Drift, calendar_covariance, time_covariance
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.models.day_process import SEASONAL, STEADY, TotalsProcess

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4])


def facts_of(days: int, events: tuple[Event, ...] = (), country: str | None = None) -> DayFacts:
    return day_facts(Calendar(country=country, events=events), "a", date(2024, 1, 1), days)


def totals_of(facts: DayFacts, size: float = 1000, seed: int = 0, noise: float = 0.05):
    rng = np.random.default_rng(seed)
    mean = size * WEEK[facts.weekday] * np.exp(rng.normal(0, noise, len(facts)))
    return rng.poisson(mean).astype(float)


def test_it_is_the_conditional_mean_of_a_gaussian():
    facts = facts_of(60)
    totals = totals_of(facts.between(0, 50))
    process = TotalsProcess(totals, facts.between(0, 50))
    fitted = process.fit(SEASONAL)
    ahead = process.designer.design(facts.between(50, 60))
    past = process.past
    cover = time_covariance(past.day, past.day, SEASONAL) + calendar_covariance(past, past)
    cross = time_covariance(ahead.day, past.day, SEASONAL) + calendar_covariance(ahead, past)
    weight = np.linalg.inv(cover + np.diag(process.noise)) @ process.error
    told = fitted.totals(facts.between(50, 60))
    plain = np.exp(process.centre + cross @ weight)
    assert np.allclose(told / plain, (told / plain)[0])
    assert (told / plain)[0] == pytest.approx(1, abs=0.02)


def test_what_it_knew_at_a_past_origin_is_what_a_fit_to_those_days_says():
    facts = facts_of(200)
    totals = totals_of(facts)
    whole = TotalsProcess(totals, facts)
    early = TotalsProcess(totals[:150], facts.between(0, 150))
    early.noise = whole.noise[:150]
    early.centre, early.error = whole.centre, whole.error[:150]
    early.designer = whole.designer
    early.past = early.designer.design(facts.between(0, 150))
    early.fixed = calendar_covariance(early.past, early.past)
    ahead = facts.between(150, 178)
    assert np.allclose(whole.fit(STEADY).totals(ahead, 150), early.fit(STEADY).totals(ahead))


def test_weekdays_of_a_steady_queue_are_recovered():
    facts = facts_of(428)
    told = TotalsProcess(totals_of(facts.between(0, 400)), facts.between(0, 400)).fit(STEADY)
    ahead = facts.between(400, 428)
    assert np.abs(told.totals(ahead) / (1000 * WEEK[ahead.weekday]) - 1).max() < 0.05


def test_the_mean_of_wild_days_is_not_too_low():
    facts = facts_of(400)
    totals = totals_of(facts, noise=0.5)
    told = TotalsProcess(totals, facts).fit(STEADY).totals(facts)
    assert told.sum() / totals.sum() == pytest.approx(1, abs=0.01)


def test_an_event_is_learned_with_its_standard_error():
    days = [date(2024, month, 10) for month in range(2, 12)]
    events = tuple(Event("mailing", d, d, "learn") for d in days)
    facts = facts_of(360, events)
    totals = totals_of(facts) * np.where(facts.learned, 1.5, 1.0)
    effects = {n: (m, e) for n, m, e in TotalsProcess(totals, facts).fit(STEADY).effects()}
    mean, error = effects["mailing"]
    assert mean == pytest.approx(np.log(1.5), abs=0.06)
    assert 0.01 < error < 0.06
    assert abs(mean - np.log(1.5)) < 3 * error


def test_a_yearly_peak_comes_again_with_last_year_and_not_without():
    facts = facts_of(600)
    season = 1 + 0.8 * np.exp(-0.5 * (((np.arange(600) % 366) - 210) / 15) ** 2)
    totals = totals_of(facts, noise=0.02) * season
    at_peak = facts.between(560, 590)
    known = TotalsProcess(totals[:560], facts.between(0, 560))
    with_year = known.fit(Drift(0.5, 0.25, 20000.0)).totals(at_peak).mean()
    young = TotalsProcess(totals[366:560], facts.between(366, 560))
    without = young.fit(Drift(0.5, 0.25, 20000.0)).totals(at_peak).mean()
    truth = totals[560:590].mean()
    assert abs(with_year / truth - 1) < 0.15
    assert with_year > 1.08 * without


def test_the_parts_multiply_to_the_total():
    facts = facts_of(300, country="DE")
    fitted = TotalsProcess(totals_of(facts), facts).fit(SEASONAL)
    ahead = facts_of(330, country="DE").between(300, 330)
    parts = sum(fitted.parts(ahead).values())
    ratio = fitted.totals(ahead) / np.exp(parts)
    assert np.allclose(ratio, ratio[0])
