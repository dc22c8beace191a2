"""Job kinds for the tests: quick stand-ins that do what real ones do."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wfm.core.errors import DataError
from wfm.planning.jobs import Outcome
from wfm.store import Store


def _search(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Any, stop: Any
) -> Outcome:
    """Count up to `steps`, a tenth of a second each; a stop keeps the count reached."""
    best = 0
    for i in range(1, arguments["steps"] + 1):
        best = i
        progress({"phase": "search", "seconds": i / 10, "objective": 100 - i, "bound": -1e999})
        if stop():
            break
        time.sleep(0.1)
    return Outcome("board", pd.DataFrame({"best": [best]}), {"asked": arguments["steps"]})


def _refuse(*_: Any) -> Outcome:
    message = "agent 'Ada' has the unknown contract 'x'. Correct it in People."
    raise DataError(message)


def _crash(*_: Any) -> Outcome:
    return Outcome("board", 1 / 0)


def _die(*_: Any) -> Outcome:
    os.kill(os.getpid(), 9)
    raise AssertionError


def _deaf(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Any, stop: Any
) -> Outcome:
    """Start a process of its own and hear no stop."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    progress({"phase": "deaf", "seconds": child.pid})
    time.sleep(300)
    raise AssertionError


def _stuck(*_: Any) -> Outcome:
    """Hold the interpreter, so that nothing else runs in this process."""
    ctypes.PyDLL(None).sleep(300)
    raise AssertionError


def _orphan(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Any, stop: Any
) -> Outcome:
    """Start a process and be killed."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    Path(arguments["note"]).write_text(str(child.pid))
    return _die()


JOBS: dict[str, Callable[..., Outcome]] = {
    "search": _search,
    "refuse": _refuse,
    "crash": _crash,
    "die": _die,
    "deaf": _deaf,
    "stuck": _stuck,
    "orphan": _orphan,
}
