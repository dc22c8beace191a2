"""Workforce management for contact centres: forecast contacts, staff them, schedule people."""

from wfm.core.calendars import Calendar, Event, Opening
from wfm.core.callbacks import Callback
from wfm.core.edits import Lock, ShiftEdit
from wfm.core.errors import DataError, ForecastError, InfeasibleError, WfmError
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Absence, Agent, Break, CarryIn, Contract, ShiftKind
from wfm.core.rota import Rota, RotaContract, ShiftType, Wish
from wfm.core.shrinkage import Shrinkage, ShrinkageComponent
from wfm.core.types import Forecast, History, Requirement, Schedule, ServiceTarget, Violation
from wfm.core.work import Campaign, Queue
from wfm.core.working_time import check_contract, working_time, working_time_rules
from wfm.io import (
    read_agents,
    read_callbacks,
    read_campaigns,
    read_contracts,
    read_forecast,
    read_history,
    read_limits,
    read_locks,
    read_meetings,
    read_queues,
    read_records,
    read_requirement,
    read_schedule,
    read_shrinkage,
    write_calendars,
    write_schedule,
    write_table,
)
from wfm.planning.callbacks import add_callbacks
from wfm.planning.changes import (
    Edited,
    edit_schedule,
    locks_of,
    place_meetings,
    replan_schedule,
    sick_call,
    swap_partners,
)
from wfm.planning.compare import changed_shifts, compare, compare_days, side_by_side
from wfm.planning.edit_scores import score_edits
from wfm.planning.edits import Edit, apply_edits
from wfm.planning.fairer import fairer_schedule, price_of_fairness
from wfm.planning.fairness import Fairness, fairness
from wfm.planning.fixes import Fixed, smallest_fix
from wfm.planning.hand_out import write_demo, write_plan
from wfm.planning.measured import measured_patience, measured_service
from wfm.planning.money import contact_costs
from wfm.planning.outbound import outbound_report
from wfm.planning.patience import estimate_patience
from wfm.planning.people import people_to_fit
from wfm.planning.plan import Plan, run_plan
from wfm.planning.rota import check_rota, make_rota, rota_locks
from wfm.planning.rule_prices import price_rules
from wfm.planning.service import predict_service
from wfm.planning.steps import (
    backtest,
    calendar_effects,
    check_schedule,
    explain_forecast,
    explain_schedule,
    find_clashes,
    make_forecast,
    make_schedule,
    reforecast,
    sample_paths,
    schedule_rules,
    schedule_weights,
    score_forecast,
    staff,
    treated_days,
)
from wfm.planning.why import explain_requirement, price_of_confidence, service_curve

__version__ = "0.1.0"

__all__ = [
    "Absence",
    "Agent",
    "Break",
    "Calendar",
    "Callback",
    "Campaign",
    "CarryIn",
    "Contract",
    "DataError",
    "Edit",
    "Edited",
    "Event",
    "Fairness",
    "Fixed",
    "Forecast",
    "ForecastError",
    "History",
    "InfeasibleError",
    "Lock",
    "Meeting",
    "Opening",
    "Plan",
    "Queue",
    "Requirement",
    "Rota",
    "RotaContract",
    "Schedule",
    "ServiceTarget",
    "ShiftEdit",
    "ShiftKind",
    "ShiftType",
    "Shrinkage",
    "ShrinkageComponent",
    "StaffLimit",
    "Violation",
    "WfmError",
    "Wish",
    "add_callbacks",
    "apply_edits",
    "backtest",
    "calendar_effects",
    "changed_shifts",
    "check_contract",
    "check_rota",
    "check_schedule",
    "compare",
    "compare_days",
    "contact_costs",
    "edit_schedule",
    "estimate_patience",
    "explain_forecast",
    "explain_requirement",
    "explain_schedule",
    "fairer_schedule",
    "fairness",
    "find_clashes",
    "locks_of",
    "make_forecast",
    "make_rota",
    "make_schedule",
    "measured_patience",
    "measured_service",
    "outbound_report",
    "people_to_fit",
    "place_meetings",
    "predict_service",
    "price_of_confidence",
    "price_of_fairness",
    "price_rules",
    "read_agents",
    "read_callbacks",
    "read_campaigns",
    "read_contracts",
    "read_forecast",
    "read_history",
    "read_limits",
    "read_locks",
    "read_meetings",
    "read_queues",
    "read_records",
    "read_requirement",
    "read_schedule",
    "read_shrinkage",
    "reforecast",
    "replan_schedule",
    "rota_locks",
    "run_plan",
    "sample_paths",
    "schedule_rules",
    "schedule_weights",
    "score_edits",
    "score_forecast",
    "service_curve",
    "sick_call",
    "side_by_side",
    "smallest_fix",
    "staff",
    "swap_partners",
    "treated_days",
    "working_time",
    "working_time_rules",
    "write_calendars",
    "write_demo",
    "write_plan",
    "write_schedule",
    "write_table",
]
