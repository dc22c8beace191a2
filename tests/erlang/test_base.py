"""The table of models: every entry keeps the same promises."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.erlang.base import STAFFING, find_model
from wfm.erlang.inputs import read_inputs

ARGUMENTS = {"load": 10.0, "aht_s": 300.0, "patience_s": 120.0, "redial": 0.2, "reconnect": 0.1}
ARGUMENTS |= {"lines": 15.0}


@pytest.mark.parametrize("name", STAFFING)
def test_every_model_keeps_its_promises(name: str) -> None:
    model = find_model(name)
    assert model.name == name
    asked = read_inputs(
        name,
        model.needs,
        {
            **{k: ARGUMENTS[k] for k in (*model.needs, *model.takes)},
            "agents": [0.0, 1.5, 12.0],
            "threshold_s": 20.0,
            "short_s": 5.0,
        },
    )
    columns = model.columns(asked)
    assert set(model.senses) <= set(columns)
    assert set(model.senses.values()) <= {"min", "max"}
    for column, values in columns.items():
        assert values.shape == (3,), column
        assert not np.isnan(values).any(), column


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(DataError, match="staffing model 'x' is not known"):
        find_model("x")
