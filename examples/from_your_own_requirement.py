"""Schedule people for a requirement of your own: no history, no forecast.

Run it in any folder: ``python from_your_own_requirement.py``; it writes week.xlsx.
"""

import pandas as pd

import wfm

start = pd.date_range("2026-11-23 09:00", "2026-11-27 16:30", freq="30min", tz="Europe/Istanbul")
start = start[(start.hour >= 9) & (start.hour < 17)]
heads = [3 if 10 <= hour < 15 else 2 for hour in start.hour]
need = wfm.Requirement(
    pd.DataFrame({"start": start, "queue": "support", "agents": heads, "scheduled": heads}),
    interval=pd.Timedelta("30min").to_pytimedelta(),
)

lunch = wfm.Break("lunch", length_min=30, earliest_min=180, latest_min=270, paid=False)
full_time = wfm.Contract(
    "full time",
    shift_min=480,
    paid_min=450,
    min_days_week=4,
    max_days_week=5,
    start_from_min=9 * 60,
    start_to_min=9 * 60,
    breaks=(lunch,),
)
agents = [
    wfm.Agent(f"a{number}", name, "full time", frozenset({"support", "survey"}))
    for number, name in enumerate(["Ada", "Baran", "Ceren", "Deniz"], 1)
]
survey = wfm.Campaign(
    "survey", "survey", wfm.Opening.parse("Mon-Fri 10:00-17:00"), target_h=12, talk_s=180
)

schedule = wfm.make_schedule(need, agents, [full_time], campaigns=[survey], seconds=5)
broken = wfm.check_schedule(schedule, need, agents, [full_time], campaigns=[survey])
wfm.write_schedule(schedule, "week.xlsx", requirement=need)
print(f"{schedule.status}, gap {schedule.gap:.1%}, {schedule.hours:g} paid hours")
print(f"{schedule.outbound['placed_h'].sum():g} of 12 hours of survey placed, {len(broken)} broken")
