"""The steps of a plan: each takes values and returns a new value.

The page, the command line and a script call these, so they cannot disagree. Engines are loaded
when a step runs, which keeps ``import wfm`` quick.
"""

from wfm.planning.steps.forecast import (
    BASELINES,
    backtest,
    make_forecast,
    model_names,
    reforecast,
    sample_paths,
    score_forecast,
)
from wfm.planning.steps.rules import schedule_rules, schedule_weights
from wfm.planning.steps.schedule import (
    check_schedule,
    explain_schedule,
    find_clashes,
    make_schedule,
    schedule_problem,
)
from wfm.planning.steps.staff import staff
from wfm.planning.steps.told import calendar_effects, explain_forecast, treated_days

__all__ = [
    "BASELINES",
    "backtest",
    "calendar_effects",
    "check_schedule",
    "explain_forecast",
    "explain_schedule",
    "find_clashes",
    "make_forecast",
    "make_schedule",
    "model_names",
    "reforecast",
    "sample_paths",
    "schedule_problem",
    "schedule_rules",
    "schedule_weights",
    "score_forecast",
    "staff",
    "treated_days",
]
