from __future__ import annotations

from pathlib import Path

import pytest

import wfm
from wfm.core.errors import DataError
from wfm.core.people import Break, Contract
from wfm.core.working_time import check_contract, working_time, working_time_rules


def test_every_figure_has_a_unit_a_source_and_says_whether_it_is_verified():
    table = working_time()
    assert not table.isna().any().any()
    assert set(table["verified"]) <= {"yes", "no"}
    assert not table.duplicated(["preset", "rule"]).any()


@pytest.mark.parametrize("preset", working_time()["preset"].unique())
def test_a_preset_makes_rules_of_a_schedule(preset):
    rules = wfm.schedule_rules(**working_time_rules(preset))
    assert rules.rest_min >= 660


def test_a_contract_beside_the_limits():
    lunch = Break("lunch", 30, 180, 300, paid=False)
    nine = Contract("nine", 570, 540, 5, 6, breaks=(lunch,))
    found = check_contract(nine, "Türkiye")
    assert [f.split(": ")[1].split(",")[0] for f in found] == ["54 h a week", "30 min of breaks"]
    eight = Contract("eight", 540, 480, 5, 5, breaks=(Break("lunch", 60, 180, 300, paid=False),))
    assert check_contract(eight, "Türkiye") == []
    assert check_contract(eight, "EU") == []


def test_a_table_of_ones_own_is_used(tmp_path: Path):
    table = working_time("EU")
    table.loc[table["rule"] == "daily_rest", "value"] = 12
    path = tmp_path / "own.csv"
    table.to_csv(path, index=False)
    assert working_time_rules("EU", path)["rest_min"] == 720
    with pytest.raises(DataError, match="no preset 'Mars'"):
        working_time("Mars", path)
