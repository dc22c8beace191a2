"""pyworkforce's scheduling and rostering, asked in an environment of its own.

    python rosters_others.py < cases.json

Cases are a JSON list of objects with `kind` (a key of `KINDS`) and the arguments of its class; the
answer is a JSON list of value, status and seconds. `own` gives the rostering case that pyworkforce
ships. This file imports nothing of wfm: it runs where only pyworkforce is installed.
"""

import json
import sys
import time
from pathlib import Path

SECONDS = 600.0


def ask(case):
    """Value, status and seconds of one case."""
    from pyworkforce.rostering import MinHoursRoster
    from pyworkforce.scheduling import MinAbsDifference, MinRequiredResources

    kinds = {
        "difference": MinAbsDifference,
        "required": MinRequiredResources,
        "roster": MinHoursRoster,
    }
    arguments = {key: value for key, value in case.items() if key != "kind"}
    began = time.perf_counter()
    found = kinds[case["kind"]](**arguments, max_search_time=SECONDS).solve()
    seconds = time.perf_counter() - began
    return {"value": found["cost"], "status": found["status"], "seconds": seconds}


def own():
    """The rostering case among pyworkforce's tests."""
    import pyworkforce

    folder = Path(pyworkforce.__file__).parent / "rostering" / "tests"
    return json.loads((folder / "rostering_data.json").read_text())


if __name__ == "__main__":
    if sys.argv[1:] == ["own"]:
        print(json.dumps(own()))
    else:
        print(json.dumps([ask(case) for case in json.load(sys.stdin)]))
