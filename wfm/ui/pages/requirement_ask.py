"""What the requirement is asked for: the promise, how surely it is kept, and what it takes."""

from __future__ import annotations

from wfm.core.types import Forecast, ServiceTarget
from wfm.ui import parts, state
from wfm.ui.pages import requirement_away, requirement_patience
from wfm.ui.pages.requirement_names import MODELS, VARIANTS
from wfm.ui.parts import fields
from wfm.ui.parts.fields import Field, choice, grid, number, percent
from wfm.ui.parts.numbers import number as typed_number
from wfm.ui.said import st

KINDS = {
    "service_level": "Service level",
    "asa_s": "Mean wait (ASA)",
    "abandoned": "Abandoned",
    "occupancy": "Occupancy",
}
SCOPES = {"interval": "in every interval", "day": "over the day's contacts"}
CARRY_OVER = {
    "auto": "for long handle times",
    "carried": "always",
    "steady": "never, each interval by itself",
}
DAY_S = 86_400.0
TYPED = {
    "service_level": "80/20",
    "asa_s": "ASA 30",
    "abandoned": "abandoned 5%",
    "occupancy": "occupancy 85%",
}


COUNTED = (
    Field(
        choice,
        "variant",
        "Service level counts",
        {
            "options": tuple(VARIANTS),
            "names": VARIANTS.__getitem__,
            "help": "How abandoned contacts enter the service level.",
        },
    ),
    Field(
        choice,
        "scope",
        "Kept",
        {
            "options": tuple(SCOPES),
            "names": SCOPES.__getitem__,
            "help": "Over the day needs fewer agents: quiet intervals may fall to the floor.",
        },
    ),
    Field(
        choice,
        "carry_over",
        "Carry-over",
        {
            "options": tuple(CARRY_OVER),
            "names": CARRY_OVER.__getitem__,
            "help": "Contacts that began in one interval still hold an agent in the next: modified "
            "offered load. Long handle times are those of half an interval and longer.",
        },
    ),
)
"""What the promise counts and over what it is kept; long words, so three in a row."""
NUMBERS = (
    Field(
        percent,
        "shrinkage",
        "Shrinkage %",
        {
            "most": 94.0,
            "help": "Paid time away from contacts that the schedule does not place itself: "
            "sickness, training, coaching. Breaks and known absences are placed by the schedule: "
            "leave them out. Heads on the roster = heads on contacts / (1 - shrinkage).",
        },
    ),
    Field(
        number,
        "patience_s",
        "Patience [s]",
        {
            "least": 1,
            "most": DAY_S,
            "step": 10.0,
            "placeholder": "120",
            "help": "Mean time a caller would wait before hanging up. Erlang A only; 120 s is "
            "assumed until you know better.",
        },
    ),
    Field(
        number,
        "aht_s",
        "AHT if unknown [s]",
        {
            "least": 1,
            "most": DAY_S,
            "step": 10.0,
            "placeholder": "from the data",
            "help": "Handle time for queues whose history has none; such rows are marked as "
            "assumed.",
        },
    ),
    Field(
        number,
        "min_agents",
        "Minimum agents",
        {
            "least": 0,
            "most": 10_000,
            "step": 1,
            "help": "On every queue while it is open, also without a contact. Default 0.",
        },
    ),
    Field(
        percent,
        "max_occupancy",
        "Highest occupancy %",
        {
            "least": 0.1,
            "most": 99.9,
            "placeholder": "no limit",
            "help": "Most share of time on contacts that you allow, however good the service is.",
        },
    ),
    Field(
        percent,
        "floor",
        "Floor of an interval %",
        {
            "least": 0.1,
            "most": 99.9,
            "placeholder": "three quarters",
            "help": "What every interval keeps when the promise is kept over the day.",
        },
    ),
    Field(
        percent,
        "confidence",
        "Kept on % of days",
        {
            "least": 0.1,
            "most": 99.9,
            "placeholder": "forecast itself",
            "help": "The forecast may be off. 90: the promise is kept on nine days of ten. Empty: "
            "the forecast itself is staffed, which a busy day misses about every other time.",
        },
    ),
    Field(
        number,
        "short_s",
        "Short abandon [s]",
        {
            "least": 0,
            "most": 3600,
            "step": 1.0,
            "help": "A caller who leaves sooner; for the two ways to count that ask for it.",
        },
    ),
)


def ask(forecast: Forecast) -> None:
    """The promise and what it takes; every change counts at once."""
    first = st.columns([10, 11, 14], vertical_alignment="bottom")
    saved = ServiceTarget.parse(state.settings().staff.target)
    kind = next(name for name in KINDS if getattr(saved, name) is not None)
    with first[0]:
        picked = st.selectbox(
            "Promise",
            list(KINDS),
            index=list(KINDS).index(kind),
            format_func=KINDS.__getitem__,
            key=fields.key_of("staff", "target.kind"),
            help="What callers are promised. Queues may have a promise of their own on the page "
            "People.",
        )
    with parts.below(), first[1], parts.beside("Promise"):
        text = _promise(picked, saved if picked == kind else ServiceTarget.parse(TYPED[picked]))
        state.change("staff", target=text)
    with first[2]:
        choice(
            "staff",
            "model",
            "Model",
            list(MODELS),
            names=MODELS.__getitem__,
            help="Erlang C overstaffs where callers hang up, and has no answer above full load. "
            "Default Erlang A.",
        )
    grid("staff", COUNTED)
    grid("staff", NUMBERS, across=4)
    with st.expander("Shrinkage by component", icon=":material/event_busy:"):
        requirement_away.show()
    with st.expander("Estimate the patience from data", icon=":material/hourglass_top:"):
        requirement_patience.estimate()
    with parts.beside():
        _unknown(forecast)


def _promise(kind: str, saved: ServiceTarget) -> str:
    """The target in words that `ServiceTarget.parse` takes."""
    key = fields.key_of("staff", f"target.{kind}")
    if kind == "asa_s":
        typed = typed_number(
            "Seconds",
            saved.asa_s,
            least=1,
            most=DAY_S,
            key=key,
            help="Longest mean wait of those who are answered.",
        )
        mean = saved.asa_s if typed is None else typed
        return f"ASA {mean:g}"
    if kind in ("abandoned", "occupancy"):
        share = 100 * float(getattr(saved, kind))
        typed = typed_number(
            "At most %",
            share,
            least=0,
            most=100,
            percent=True,
            key=key,
            help="Of contacts abandoned, or of agents' time on contacts.",
        )
        return f"{kind} {share if typed is None else typed:g}%"
    left, right = st.columns(2, vertical_alignment="bottom")
    share = 100 * (saved.service_level or 0.8)
    level = typed_number(
        "% of contacts",
        share,
        least=0,
        most=100,
        percent=True,
        key=key,
        help="Share that is answered in time. Default 80.",
        place=left,
    )
    within = typed_number(
        "within [s]",
        saved.within_s,
        least=0,
        most=DAY_S,
        key=f"{key}.within",
        help="Longest wait that counts as in time. Default 20.",
        place=right,
    )
    level = share if level is None else level
    return f"{level:g}/{saved.within_s if within is None else within:g}"


def _unknown(forecast: Forecast) -> None:
    """A badge where a handle time is missing."""
    if forecast.frame["aht_s"].isna().any() and not state.settings().staff.aht_s:
        st.badge("The history has no AHT: type one", icon=":material/help:", color="red")
