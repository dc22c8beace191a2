"""The week on paper: one A4 page for each team, as a page that any browser prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape

import pandas as pd

from wfm.core.language import told
from wfm.core.types import Schedule
from wfm.core.wording import work_name
from wfm.io.formula import guard
from wfm.io.write.calendars import clean
from wfm.io.write.shifts import Shift, shifts

WEEK = 7
MANY = 9  # people of a team, above which they are written smaller and names shorter
SMALLEST, LARGEST, FULL = 7.5, 9.0, 48  # letters [pt], and the lines a sheet holds of the smallest
STYLE = """
@page { size: A4 landscape; margin: 9mm; }
* { box-sizing: border-box; }
body { font: 9pt/1.25 Arial, "Liberation Sans", "DejaVu Sans", sans-serif; color: #1c2b30;
  margin: 0 auto; max-width: 279mm; }
section { break-after: page; }
section:last-child { break-after: auto; }
h1 { font-size: 15pt; margin: 0; }
p { margin: 1mm 0 3mm; color: #495057; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #adb5bd; padding: 1mm 1.3mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #e9eff1; }
th:first-child { width: 12%; }
th:last-child { width: 5.5%; }
td:last-child { text-align: right; }
small { display: block; font-size: 7pt; line-height: 1.15; color: #495057; }
.legend { margin: 1.5mm 0 0; font-size: 7pt; }
.many { line-height: 1.15; }
.many h1 { font-size: 12pt; }
.many p { margin: 0.5mm 0 1.5mm; }
.many td { padding: 0.3mm 0.7mm; }
.many th:first-child { width: 10.5%; }
.many th:last-child { width: 4.5%; }
.many small { font-size: 0.77em; }
.many td:first-child small { display: inline; }
.out { color: #5f3dc4; }
@media screen { body { padding: 8mm; } section { margin-bottom: 12mm; } }
"""


def schedule_page(schedule: Schedule, *, project: str = "", language: str = "en") -> bytes:
    """A page (HTML) with a section for each team and week, which prints on A4 by itself.

    Each row is an agent, each column a day: shift, breaks and outbound blocks. A team of more than
    9 is written smaller, with short names of breaks and campaigns that a line below explains, so
    that 16 people fit on a sheet. The page asks no other host for anything and runs no
    script; no cell begins like a formula, so that a spreadsheet may open it too.

    Parameters
    ----------
    schedule
        What is printed.
    project
        Name of the plan, for the line above each table.
    language
        ``en``, ``tr``, ``az`` or ``ka``.

    Returns
    -------
    bytes
        The page in UTF-8.
    """
    every = shifts(schedule)
    days = [schedule.first_day + timedelta(days=i) for i in range(schedule.days)]
    weeks = [days[i : i + WEEK] for i in range(0, len(days), WEEK)]
    known = schedule.totals.drop_duplicates("agent").set_index("agent")
    teams = known["team"].fillna("") if "team" in known else pd.Series("", index=known.index)
    sections = [
        _section(
            str(team), teams.index[teams == team], week, every, known, schedule, project, language
        )
        for team in sorted(teams.unique())
        for week in weeks
    ]
    title = _text(project or told("Schedule", language))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(sections)
        + "\n</body>\n</html>\n"
    ).encode()


def _section(
    team: str,
    agents: pd.Index,
    week: Sequence[date],
    every: Sequence[Shift],
    known: pd.DataFrame,
    schedule: Schedule,
    project: str,
    language: str,
) -> str:
    """One team's week: its heading and its table."""
    held: dict[tuple[str, date], list[Shift]] = {}
    for shift in every:
        held.setdefault((shift.agent, shift.day), []).append(shift)
    names = known["name"] if "name" in known else pd.Series(known.index, index=known.index)
    order = sorted(map(str, agents), key=lambda a: (str(names[a]).casefold(), a))
    heads = [told("Name", language), *(told(f"{day:%a %d %b}", language) for day in week)]
    heads.append(told("Paid h", language))
    weeks = {agent: [held.get((agent, day), []) for day in week] for agent in order}
    own = [shift for days in weeks.values() for day in days for shift in day]
    short = _short_names(own, language) if len(order) > MANY else {}
    paid = _paid_share(every, known)
    rows = [
        _row(str(names[agent]), agent, days, short, language, paid.get(agent, 1.0))
        for agent, days in weeks.items()
    ]
    when = told(f"{week[0]:%a %d %b %Y} to {week[-1]:%a %d %b %Y}", language)
    above = " · ".join(filter(None, (project, when, schedule.time_zone)))
    heading = team or told("People without a team", language)
    opened = "<section>"
    if short:
        opened = f'<section class="many" style="font-size: {_points(weeks):.1f}pt">'
    explained = " · ".join(f"{letters} = {name}" for name, letters in short.items())
    legend = f'\n<p class="legend">{_text(explained)}</p>' if explained else ""
    return (
        f"{opened}\n<h1>{_text(heading)}</h1>\n<p>{_text(above)}</p>\n<table>\n<thead><tr>"
        + "".join(f"<th>{_text(head)}</th>" for head in heads)
        + "</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + f"\n</tbody>\n</table>{legend}\n</section>"
    )


def _paid_share(every: Sequence[Shift], known: pd.DataFrame) -> dict[str, float]:
    """Paid hours of an hour at work by agent: shifts of one contract are paid alike."""
    paid = known["paid_h"].to_dict() if "paid_h" in known else {}
    at_work: dict[str, float] = {}
    for shift in every:
        at_work[shift.agent] = at_work.get(shift.agent, 0.0) + _hours(shift)
    return {agent: paid[agent] / h for agent, h in at_work.items() if h and agent in paid}


def _hours(shift: Shift) -> float:
    return (shift.end - shift.start).total_seconds() / 3600


def _points(weeks: Mapping[str, Sequence[Sequence[Shift]]]) -> float:
    """Size of the letters [pt] that fills a sheet with a large team, by its lines."""
    lines = sum(
        max((_lines(shift) for day in days for shift in day), default=1) for days in weeks.values()
    )
    return min(max(SMALLEST, SMALLEST * FULL / lines), LARGEST)


def _lines(shift: Shift) -> int:
    """Lines that a shift takes in its cell: its hours, its breaks, its calls."""
    breaks = any(block.is_break for block in shift.blocks)
    return 1 + breaks + 2 * any(block.activity == "outbound" for block in shift.blocks)


def _short_names(own: Iterable[Shift], language: str) -> dict[str, str]:
    """Breaks and campaigns by the fewest letters that tell them apart; campaigns with a capital."""
    blocks = [block for shift in own for block in shift.blocks]
    pauses = sorted({told(block.activity, language) for block in blocks if block.is_break})
    calls = sorted({work_name(block.queue) for block in blocks if block.activity == "outbound"})
    short = {name: letters.lower() for name, letters in shortest(pauses).items()}
    return short | {name: letters.capitalize() for name, letters in shortest(calls).items()}


def shortest(names: Sequence[str]) -> dict[str, str]:
    """Each name's shortest beginning that no other has, letters and figures only, else all of it.

    >>> shortest(["callbacks", "collections", "=survey"])
    {'callbacks': 'ca', 'collections': 'co', '=survey': 's'}
    """
    plain = {name: "".join(filter(str.isalnum, name)) or name for name in names}
    found = {}
    for name, own in plain.items():
        others = [other.casefold() for key, other in plain.items() if key != name]
        lengths = range(1, len(own) + 1)
        alone = (n for n in lengths if not any(o.startswith(own[:n].casefold()) for o in others))
        found[name] = own[: next(alone, len(own))]
    return found


def _row(
    name: str,
    agent: str,
    days: Sequence[Sequence[Shift]],
    short: Mapping[str, str],
    language: str,
    paid: float,
) -> str:
    worked = paid * sum(_hours(shift) for day in days for shift in day)
    hours = told(f"{worked:,.1f}", language) if worked else ""
    beside = f" <small>{_text(agent)}</small>" if name and name != agent else ""
    cells = "".join(
        f"<td>{'<br>'.join(_shift(shift, short, language) for shift in day)}</td>" for day in days
    )
    return f"<tr><td>{_text(name or agent)}{beside}</td>{cells}<td>{hours}</td></tr>"


def _shift(shift: Shift, short: Mapping[str, str], language: str) -> str:
    """A shift with its breaks and outbound blocks in small, each kind once with its times."""
    breaks: dict[str, list[str]] = {}
    calls: dict[str, list[str]] = {}
    for block in shift.blocks:
        if block.activity == "outbound":
            name = work_name(block.queue)
            calls.setdefault(short.get(name, name), []).append(block.hours())
        elif block.is_break:
            name = told(block.activity, language)
            breaks.setdefault(short.get(name, name), []).append(f"{block.start:%H:%M}")
    lines = [f"<b>{shift.hours()}</b>"]
    for kind, found in (("", breaks), (' class="out"', calls)):
        text = "; ".join(f"{name} {', '.join(times)}" for name, times in found.items())
        lines += [f"<small{kind}>{_text(text)}</small>"] if found else []
    return "".join(lines)


def _text(text: str) -> str:
    """A text as a page may hold it."""
    return escape(guard(clean(text)))
