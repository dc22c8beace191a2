"""What counts how much in a schedule: presets, and each price for itself."""

from __future__ import annotations

from wfm.ui import parts, state
from wfm.ui.parts import fields
from wfm.ui.parts.fields import Field
from wfm.ui.said import st

ACROSS = 3
PRESETS: dict[str, dict[str, float]] = {
    "Balanced": {},
    "Cover first": {"missing_cost": 30.0},
    "Save hours": {"missing_cost": 6.0, "over_cost": 2.0, "labour_cost": 3.0},
    "Outbound first": {"outbound_cost": 9.0},
    "Wishes first": {"wish_cost": 20.0},
}
PRICES = {
    "missing_cost": (
        "Missing agent",
        "For 15 minutes while few are missing. Of the second tenth of the requirement each costs "
        "2.5 times as much, beyond that 6 times. Default 10.",
    ),
    "over_cost": ("Agent too many", "Above the requirement, for 15 minutes. Default 1."),
    "labour_cost": ("Paid time", "15 paid minutes; all other prices compare with it. Default 2."),
    "outbound_cost": ("Outbound not placed", "15 minutes of a campaign. Default 3."),
    "wish_cost": (
        "Wish not granted",
        "A shift that does not start near the agent's preferred start. Default 4.",
    ),
    "switch_cost": (
        "Change of queue",
        "Within a shift. 0 avoids only the changes that bring nothing. Default 0.",
    ),
}


def show() -> None:
    """Buttons of the presets and a field for each price."""
    st.caption(
        "The search makes the sum of these prices as small as it can [cost units]. A preset sets "
        "them all. What a change of a published schedule costs is in the tab Change."
    )
    with st.container(horizontal=True):
        for name, prices in PRESETS.items():
            if st.button(name, key=f"preset.{name}"):
                with parts.beside():
                    state.change("schedule", **(defaults() | prices))
                    state.refresh()
                    st.rerun()
    asked = [
        Field(fields.number, name, label, {"least": 0, "most": 1000, "step": 1.0, "help": help_})
        for name, (label, help_) in PRICES.items()
    ]
    fields.grid("schedule", asked, across=ACROSS)


def defaults() -> dict[str, float]:
    """Each price as it is without a choice."""
    known = type(state.settings().schedule).model_fields
    return {name: float(known[name].default) for name in PRICES}
