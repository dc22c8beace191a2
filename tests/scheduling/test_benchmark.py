"""The checker against the benchmark's own scorer, on legal and on mutated schedules."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfm.scheduling.check import check, hard, price
from wfm.scheduling.crew import CAMPAIGN, QUEUE
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.solve import solve

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "benchmarks" / "contact_centre"
SAME = {"days_per_week": "min_days|max_days", "starts": "start_grid"}


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bench():
    if not SHARED.exists():
        if os.environ.get("WFM_REQUIRE_ALL") == "1":
            pytest.fail(f"{SHARED} is missing")
        pytest.skip("the benchmark's scorer is not there")
    return (
        load(SHARED / "score.py", "contact_centre_score"),
        load(SHARED / "generate.py", "contact_centre_generate"),
        load(ROOT / "benchmarks" / "contact_centre.py", "contact_centre_bench"),
    )


@pytest.fixture(scope="module")
def tiny(bench, tmp_path_factory):
    return write(bench, "TINY", 0, tmp_path_factory.mktemp("tiny"))


def write(bench, case, seed, folder):
    raw, agents, needs = bench[1].generate(case, seed)
    (folder / "problem.json").write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    agents.to_csv(folder / "agents.csv", index=False, lineterminator="\n")
    needs.to_csv(folder / "requirement.csv", index=False, lineterminator="\n")
    return folder


def report(bench, folder, frame):
    path = folder / "schedule.csv"
    bench[2].write_csv(frame, path)
    loaded = bench[0].load_problem(folder)
    return bench[0].Score(loaded, pd.read_csv(path, dtype=str, keep_default_na=False)).result()


def test_tiny_is_legal_and_costs_what_the_scorer_says(bench, tiny):
    problem = bench[2].read_problem(tiny)
    schedule = solve(problem, seconds=4)
    told = report(bench, tiny, schedule.frame)
    assert told["legal"]
    assert told["objective"] == schedule.objective
    assert told["terms"] == schedule.terms
    assert told["min_labour"] == schedule.min_labour
    assert 620 <= schedule.bound <= 624


def test_rules_of_single_people_are_drawn_and_kept(bench, tmp_path):
    problem = bench[2].read_problem(write(bench, "A", 3, tmp_path))
    problem = bench[2].with_individual_rules(problem, 0)
    assert problem.locks
    frame = first_crew(problem).frame()
    assert hard(check(problem, frame)) == []


def test_the_first_schedule_of_a_larger_case_is_legal(bench, tmp_path):
    folder = write(bench, "E", 3, tmp_path)
    problem = bench[2].read_problem(folder)
    frame = first_crew(problem).frame()
    told = report(bench, folder, frame)
    assert told["legal"]
    assert told["terms"] == price(problem, frame).terms
    assert check(problem, frame) == []


def mutate(random, problem, crew):
    """Change one thing: an interval's activity, a shift moved, dropped or doubled."""
    agent = int(random.choice([i for i, s in enumerate(crew.starts) if s]))
    day = int(random.choice(list(crew.starts[agent])))
    kind = random.choice(["code", "move", "drop", "day"])
    if kind == "code":
        start = crew.starts[agent][day].start
        at = start + int(random.integers(0, 12))
        code = int(random.choice([0, 1, QUEUE, CAMPAIGN]))
        own = problem.contracts[problem.agents[agent].contract].breaks
        if code >= len(own) and code < QUEUE:
            code = QUEUE
        crew.plan[agent, at] = code
        return
    (start, _), codes = crew.drop(agent, day)
    if kind == "move":
        start = max(0, start + int(random.choice([-1, 1, 2, 40])))
    elif kind == "day":
        start = (start + 96) % problem.intervals
    if kind != "drop" and start + len(codes) <= crew.plan.shape[1]:
        crew.plan[agent, start : start + len(codes)] = codes


@pytest.mark.parametrize("seed", range(30))
def test_mutants_are_judged_as_the_scorer_judges_them(bench, tiny, seed):
    problem = bench[2].read_problem(tiny)
    random = np.random.default_rng(seed)
    crew = first_crew(problem)
    for _ in range(int(random.integers(1, 4))):
        mutate(random, problem, crew)
        if not any(crew.starts):
            break
    frame = crew.frame()
    told = report(bench, tiny, frame)
    ours = check(problem, frame)
    assert told["legal"] == (not ours)
    theirs = {v["rule"] for v in told["violations"]}
    for rule in {v.rule for v in ours}:
        assert theirs & set(
            SAME.get(rule, rule.replace("one_shift_a_day", "one_shift_per_day")).split("|")
        ) or theirs & {rule}
    if told["legal"]:
        assert told["objective"] == price(problem, frame).objective


def test_growth_is_measured_on_weeks_of_any_size(bench, tmp_path, monkeypatch, capsys):
    growth = load(ROOT / "benchmarks" / "growth.py", "growth_bench")
    assert growth.exponent([50, 200, 800], [1.0, 3.0, 9.0]) == pytest.approx(np.log(3) / np.log(4))
    growth.write_problem(SHARED / "generate.py", 10, 0, tmp_path)
    monkeypatch.setattr(sys, "argv", ["growth.py", str(tmp_path), "--seconds", "3", "--gap", "0.5"])
    monkeypatch.setitem(sys.modules, "contact_centre", bench[2])
    growth.main()
    row = json.loads(capsys.readouterr().out)
    assert row["agents"] == 10
    assert row["gap"] <= 0.5
    assert row["violations"] == 0
