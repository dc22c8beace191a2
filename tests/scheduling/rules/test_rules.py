"""What holds for every rule."""

import inspect
from pathlib import Path

import numpy as np
import pytest

from wfm.scheduling import rules
from wfm.scheduling.check import check
from wfm.scheduling.counts.build import Build
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.roster import read_roster

FOLDER = Path(rules.__file__).parent


def test_each_rule_has_a_file_and_each_file_a_rule():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert {Path(inspect.getfile(type(rule))).stem for rule in rules.RULES} == files
    assert {rule.name for rule in rules.RULES} == files


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_each_rule_says_its_unit_its_default_and_its_source(rule):
    assert rule.unit
    assert rule.default
    assert rule.source.endswith(".")
    row = f"| `{rule.name}` | {rule.unit} | {rule.default} | {rule.source} |"
    guide = Path(__file__).parents[3] / "docs" / "guides" / "schedule.md"
    assert row in guide.read_text(encoding="utf-8").splitlines(), row


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_a_legal_schedule_breaks_no_rule(make, rule):
    problem = make(7, days=9)
    roster = read_roster(problem, first_crew(problem).frame())
    assert rule.violations(problem, roster) == []


def test_the_solver_says_of_legal_schedules_what_the_checker_says(make):
    for bands in (None, 90):
        problem = make(7, days=9, rules=rules_of(bands))
        matrix = make_matrix(problem)
        crew = first_crew(problem)
        assert check(problem, crew.frame()) == []
        values = count_crew(matrix, crew)
        assert not len(broken_rows(matrix, values))
        assert (values <= matrix.high).all()


def rules_of(bands):
    from wfm.scheduling.settings import Rules

    return Rules(band_min=bands)


def test_leaving_out_a_rule_that_adds_rows_shrinks_the_matrix(make):
    problem = make(7, days=3)
    whole = make_matrix(problem).rows.shape
    build = Build(problem)
    for rule in rules.RULES:
        if rule.name != "outbound_block":
            rule.constrain(build)
    assert build.matrix().rows.shape[0] < whole[0]
    assert build.matrix().rows.shape[1] == whole[1]


def test_absent_days_are_closed_to_the_solver(make, parts):
    from datetime import date

    from wfm.core.people import Absence

    away = (Absence(date(2027, 1, 5), date(2027, 1, 5)),)
    problem = make(parts["people"](2, absences=away), days=3)
    matrix = make_matrix(problem)
    for m in matrix.columns.m:
        assert (matrix.high[m[:, 1]] == 0).all()
        assert (matrix.high[m[:, 0]] > 0).all()


def test_costs_in_the_matrix_are_the_weights(make):
    problem = make(7, days=2)
    matrix = make_matrix(problem)
    for queue in range(len(problem.queues)):
        under = matrix.columns.under[queue]
        for row, rate in zip(under, problem.weights.under, strict=True):
            assert set(matrix.cost[row[row >= 0]]) <= {rate}
    assert matrix.cost[matrix.columns.short].tolist() == [problem.weights.outbound_short]
    assert np.isclose(matrix.cost[matrix.columns.y[0]], 2 * 450 / 15).all()
