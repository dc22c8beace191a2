"""Several schedules side by side: what each costs, covers and brings."""

from __future__ import annotations

import pandas as pd

from wfm.planning.compare import side_by_side
from wfm.ui import parts, project, state
from wfm.ui.parts import figures
from wfm.ui.parts.figures import written
from wfm.ui.said import st

SHOWN = 3


def show() -> None:
    """The tab Scenarios."""
    st.caption(
        "Every schedule that is built, changed or planned again is kept. Change rules, people or "
        "the target, build again, and put the results side by side."
    )
    versions = state.store().versions(state.project_id(), "schedule")
    chosen = st.multiselect(
        "Schedules",
        versions,
        default=versions[:SHOWN],
        format_func=parts.version_name,
        key=f"scenarios.{state.project_id()}",
    )
    if not chosen:
        return
    with parts.beside():
        names = {parts.version_name(version): version for version in chosen}
        table = side_by_side(
            {name: state.content(version) for name, version in names.items()},
            {name: project.covered(version) for name, version in names.items()},
        )
        currency = state.settings().plan.currency
        shown = pd.DataFrame({"Measure": table["measure"]})
        for name in names:
            pairs = zip(table[name], table["unit"], strict=True)
            shown[name] = [written(value, unit, currency) for value, unit in pairs]
        config = figures.right(*names)
        st.dataframe(shown, hide_index=True, height="content", column_config=config)
