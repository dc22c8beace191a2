"""Volume to heads by formula: Erlang B, C and A, the least agents, shrinkage, requirements."""

from wfm.erlang.ask import evaluate, required_agents, solve
from wfm.erlang.base import STAFFING
from wfm.erlang.prediction import predict, predict_days
from wfm.erlang.shrinkage import heads_on_contacts, scheduled_heads

__all__ = [
    "STAFFING",
    "evaluate",
    "heads_on_contacts",
    "predict",
    "predict_days",
    "required_agents",
    "scheduled_heads",
    "solve",
]
