"""How a script or the command line makes the plan of a project that was downloaded."""

from __future__ import annotations


def command_line(name: str) -> str:
    """How the command line makes the plan of a downloaded project.

    >>> print(command_line("demo"))
    python -m zipfile -e demo-plan.zip .
    wfm plan demo/plan.toml
    """
    return f"python -m zipfile -e {name}-plan.zip .\nwfm plan {name}/plan.toml"


def python(name: str) -> str:
    """How a script makes the plan of a downloaded project, and reaches each of its values."""
    return f'''import zipfile

import wfm

zipfile.ZipFile("{name}-plan.zip").extractall()
plan = wfm.run_plan("{name}/plan.toml")

forecast = plan.forecast.frame          # start queue volume volume_q10 volume_q90 aht_s
requirement = plan.requirement.frame    # start queue agents scheduled service_level ...
schedule = plan.schedule.frame          # agent start end activity queue
costs = wfm.contact_costs(plan.schedule, plan.requirement)
wfm.write_plan(plan, "{name}/out")      # the files that `wfm plan` writes'''
