"""Volume to heads by formula: the Erlang models, the least agents, risk, other channels."""

from wfm.erlang.ask import evaluate, required_agents, solve
from wfm.erlang.base import STAFFING
from wfm.erlang.blending import best_kept_free, blend
from wfm.erlang.callback import evaluate_callback
from wfm.erlang.carry_over import carried_load, compare_carry_over, effective_load
from wfm.erlang.concurrency import evaluate_chat, required_chat_agents
from wfm.erlang.confidence import (
    agents_at_confidence,
    chance_of_meeting,
    confidence_curve,
    expected_metric,
)
from wfm.erlang.outbound import campaign_hours
from wfm.erlang.patience import Patience, kaplan_meier, patience_from_waits
from wfm.erlang.patience_counts import patience_from_counts, patience_from_history
from wfm.erlang.prediction import predict, predict_days
from wfm.erlang.risk import split_risk
from wfm.erlang.scope import agents_for_day
from wfm.erlang.service_level import SERVICE_LEVELS, service_level
from wfm.erlang.shrinkage import heads_on_contacts, scheduled_heads
from wfm.erlang.spreads import Gamma, Quantiles
from wfm.erlang.workload import Items, least_capacity, serve_earliest_due

__all__ = [
    "SERVICE_LEVELS",
    "STAFFING",
    "Gamma",
    "Items",
    "Patience",
    "Quantiles",
    "agents_at_confidence",
    "agents_for_day",
    "best_kept_free",
    "blend",
    "campaign_hours",
    "carried_load",
    "chance_of_meeting",
    "compare_carry_over",
    "confidence_curve",
    "effective_load",
    "evaluate",
    "evaluate_callback",
    "evaluate_chat",
    "expected_metric",
    "heads_on_contacts",
    "kaplan_meier",
    "least_capacity",
    "patience_from_counts",
    "patience_from_history",
    "patience_from_waits",
    "predict",
    "predict_days",
    "required_agents",
    "required_chat_agents",
    "scheduled_heads",
    "serve_earliest_due",
    "service_level",
    "solve",
    "split_risk",
]
