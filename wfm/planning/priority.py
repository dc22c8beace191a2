"""A worker's place in the queue for the processor: behind the pages that people wait for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BEHIND = 10
"""How far behind, in the system's own steps of 0 to 19; a process alone loses nothing by it."""
GROUP = Path("/proc/self/autogroup")


def give_way() -> None:
    """Let this process, and all that it starts, take the time that others leave over.

    Linux shares the processor between groups of processes first, so the group gives way as well.
    Where the system knows no such order nothing happens; on Windows the one who starts it asks.
    """
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    with suppress(OSError):  # no Linux, or a kernel without groups
        GROUP.write_text(str(BEHIND))
