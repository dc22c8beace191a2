"""The app: its pages in the order of a planner's work, and the frame around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from streamlit.delta_generator import DeltaGenerator

from wfm.ui import links, looks, parts, planner, reader, state
from wfm.ui.parts import undo
from wfm.ui.parts.restore import restore
from wfm.ui.parts.tabs import keep
from wfm.ui.said import say, st

HERE = Path(__file__).parent
LOGO, ICON = HERE / "logo.svg", HERE / "icon.png"  # a named icon would come from another host

ROOT = "root"  # what Streamlit calls the page whose address is the shortest


@dataclass(frozen=True)
class Screen:
    """One page: its module in `wfm.ui.pages`, its place in the navigation, title and icon."""

    name: str
    group: str
    title: str
    icon: str


PAGES = (
    Screen("start", "", "Start", ":material/home:"),
    Screen("data", "Demand", "Data", ":material/upload_file:"),
    Screen("calendar", "Demand", "Calendar", ":material/calendar_month:"),
    Screen("forecast", "Demand", "Forecast", ":material/trending_up:"),
    Screen("requirement", "Staffing", "Requirement", ":material/groups:"),
    Screen("people", "Staffing", "People", ":material/badge:"),
    Screen("schedule", "Roster", "Schedule", ":material/view_timeline:"),
    Screen("outbound", "Roster", "Outbound", ":material/phone_forwarded:"),
    Screen("compare", "Results", "Compare", ":material/compare_arrows:"),
    Screen("reports", "Results", "Reports", ":material/summarize:"),
)


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="wfm", page_icon=str(ICON), layout="wide")
    st.logo(str(LOGO), size="large")
    reader.begin()
    looks.show()
    planner.begin()
    keep()
    pages = {screen.name: _page(screen) for screen in PAGES}
    groups: dict[str, list[st.Page]] = {}
    for screen in PAGES:
        groups.setdefault(say(screen.group), []).append(pages[screen.name])
    groups[""].append(st.Page(_to_start, url_path="start", visibility="hidden"))
    st.session_state["pages"] = pages
    chosen = st.navigation(groups, expanded=True)
    with parts.beside():
        damaged = state.damage()
        if damaged is not None:
            restore(damaged)
        state.begin(chosen.url_path or "start")
        turns = _project_in_sidebar()
        planner.choose()
        reader.choose()
        links.begin()
        chosen.run()
        _onward(chosen.url_path or "start")
        with turns:
            undo.buttons()


def _onward(page: str) -> None:
    """A link to the page that comes after this one in the order of work."""
    names = [screen.name for screen in PAGES]
    if state.project() is not None and page != names[-1]:
        parts.onward(names[names.index(page) + 1])


def _page(screen: Screen) -> st.Page:
    return st.Page(
        _runner(screen.name),
        title=say(screen.title),
        icon=screen.icon,
        url_path=screen.name if screen.name != "start" else ROOT,
        default=screen.name == "start",
    )


def _to_start() -> None:
    """The address /start: Start itself has the shortest one."""
    parts.go("start")


def _runner(name: str) -> Callable[[], None]:
    """A page's function, loaded when it is opened."""

    def run() -> None:
        import_module(f"wfm.ui.pages.{name}").page()

    run.__name__ = name
    return run


def _project_in_sidebar() -> DeltaGenerator:
    """The open project, and the place below it for what the page's run may still change."""
    info = state.project()
    with st.sidebar:
        if info is None:
            st.caption("No project is open.")
            return st.container()
        plan = state.settings().plan
        st.markdown(f"**{info.name}**")
        st.caption(f"{plan.time_zone} · {parts.minutes(plan.interval)} · {plan.currency}")
        return st.container()
