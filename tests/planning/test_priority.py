"""Work in the background stands behind the pages."""

import os
import subprocess
import sys

import pytest

from wfm.planning.priority import BEHIND

TELL = "from wfm.planning.priority import give_way\nimport os\ngive_way()\nprint(os.nice(0))"


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system knows no order of processes")
def test_a_process_that_gives_way_stands_behind():
    done = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    assert int(done.stdout) == min(os.nice(0) + BEHIND, 19)
