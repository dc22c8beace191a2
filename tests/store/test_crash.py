"""Killed processes, full disks and long locks: what was acknowledged stays, with its log."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from wfm.core.errors import WfmError
from wfm.store import Store, open_store

# Edits settings and a table, goes back and forth, and tells each step once it is saved. The
# process that has everything imported stays; each planner is a copy of it, and is killed.
PLANNER = """
import os, random, sys
import pandas as pd
from wfm.store import open_store

def plan(seed):
    store, chance = open_store(sys.argv[1]), random.Random(seed)
    for i in range(100000):
        turn = chance.random()
        if turn < 0.3:
            store.save_settings("A", {"i": seed * 1000 + i})
        elif turn < 0.6:
            frame = pd.DataFrame({"agent": [str(j) for j in range(300)], "i": float(i)})
            store.save_table("A", "agents", frame)
        elif turn < 0.8 and store.can_undo("A"):
            store.undo("A")
        elif store.can_redo("A"):
            store.redo("A")
        else:
            continue
        line = store.changes("A", limit=1).iloc[0]
        told = "{change} {action} {what}\\n".format(**line)
        os.write(1, told.encode())  # at once: half a line would run into the next process's

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        plan(int(line))
    os.waitpid(child, 0)
    print("end", flush=True)
"""


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A", {"i": -1})
    return store


def kill_while_it_saves(source: "subprocess.Popen[str]", seed: int, after_s: float) -> list[str]:
    """Steps that a planner's process had acknowledged when it was killed."""
    assert source.stdin is not None
    assert source.stdout is not None
    print(seed, file=source.stdin, flush=True)
    planner = int(source.stdout.readline())
    lines = [source.stdout.readline()]
    time.sleep(after_s)
    os.kill(planner, signal.SIGKILL)
    while lines[-1] != "end\n":
        lines.append(source.stdout.readline())
    return [line.strip() for line in lines[:-1]]


def check_log(store: Store, acknowledged: list[str], untold: int = 40) -> None:
    """The log holds every acknowledged step, and the present is what the log says.

    A server may still save what it was last asked by a process that is dead, so log and present
    are read again if the log has grown meanwhile.
    """
    some = len(acknowledged) + untold  # and at least what was saved and not yet told
    newest = -1
    while newest != store.changes("A", limit=1)["change"].iloc[0]:
        lines = store.changes("A", limit=some).set_index("change").sort_index()
        newest = lines.index[-1]
        settings, table = store.settings("A"), store.table("A", "agents")
    for step in acknowledged:
        change, action, what = step.split(" ", 2)
        assert lines.loc[int(change), ["action", "what"]].tolist() == [action, what]
    present: dict[str, object] = {}
    for change in lines.index[-20:]:
        line = store.change(int(change))
        if line.kind in present:
            assert same(line.before, present[line.kind]), "each line begins where the last ended"
        present[line.kind] = line.after
    if "settings" in present:
        assert settings == present["settings"]
    if "table" in present:
        assert same(table, present["table"])


def same(one: object, other: object) -> bool:
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        return one.equals(other)
    if isinstance(one, pd.DataFrame):
        return one.empty and not other
    return one == other


def kills(store: Store, place: str, count: int, most_back: int | None = None) -> None:
    acknowledged: list[str] = []
    command = [sys.executable, "-c", PLANNER, place]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as source:
        for seed in range(count):
            steps = kill_while_it_saves(source, seed, 0.05 + 0.02 * (seed % 10))
            acknowledged += steps
            again = open_store(place)
            check_log(again, steps)
            again.close()
        assert source.stdin is not None
        source.stdin.close()
    assert len(acknowledged) >= count  # one before each kill, more where the machine is free
    check_log(store, acknowledged, untold=count + 40)
    back = 0
    while store.can_undo("A") and back != most_back:
        store.undo("A")
        back += 1
    if most_back is None:
        assert store.settings("A") == {"i": -1}
        assert store.tables("A") == []
    check_log(store, [])


def test_kills_lose_no_acknowledged_edit_undo_or_log_line(store: Store, place: str) -> None:
    kills(store, place, 3)


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing(store: Store, place: str) -> None:
    kills(store, place, 100, most_back=100)


NO_ROOM = """
import resource, sys
import numpy as np, pandas as pd
from wfm.core.errors import WfmError
from wfm.store import open_store
store = open_store(sys.argv[1])
size = int(sys.argv[2]) + 40_000
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
big = pd.DataFrame({"agent": [str(i) for i in range(20_000)], "x": np.random.rand(20_000)})
for save in (
    lambda: store.save_table("A", "agents", big),
    lambda: store.save_settings("A", {"notes": big["x"].tolist()}),
    lambda: store.save("A", "board", big),
    lambda: store.backup(),
):
    try:
        save()
        print("saved")
    except WfmError as error:
        print(error)
store.save_settings("A", {"i": 2})
store.undo("A")
print("small ones fit")
"""


def test_a_file_that_may_not_grow_keeps_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "plans.db"
    store = open_store(file)
    store.create_project("A", {"i": 0})
    store.save_settings("A", {"i": 1})
    before = store.changes("A")
    command = [sys.executable, "-c", NO_ROOM, str(file), str(file.stat().st_size)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    for line in lines[:3]:
        assert "plans.db: the dis" in line
        assert "nothing was saved" in line
    assert lines[4] == "small ones fit"
    again = open_store(file)
    assert again.settings("A") == {"i": 1}
    assert again.tables("A") == []
    assert again.versions("A") == []
    assert len(again.changes("A")) == len(before) + 2
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.slow
def test_a_lock_of_ten_seconds_is_said_and_goes_by(tmp_path: Path) -> None:
    store = open_store(tmp_path / "plans.db")
    store.create_project("A")
    holder = sqlite3.connect(store.file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    free = threading.Timer(10, holder.rollback)
    free.start()
    began = time.monotonic()
    with pytest.raises(WfmError, match="another program is writing to it; nothing was saved"):
        store.save_settings("A", {"x": 1})
    assert 4 < time.monotonic() - began < 8
    assert store.settings("A") == {}
    time.sleep(max(0.0, 6 - (time.monotonic() - began)))
    store.save_settings("A", {"x": 2})
    free.join()
    holder.close()
    assert len(store.changes("A")) == 2
