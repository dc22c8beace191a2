"""Many queues side by side: by processes, on a cluster, and told how far they are."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.forecast.test_run import history_of
from wfm.core.types import History
from wfm.forecast import make


def three_queues() -> History:
    parts = [history_of(queue=name, seed=i, days=60) for i, name in enumerate("abc")]
    return History(pd.concat([p.frame for p in parts], ignore_index=True), parts[0].interval)


def test_the_queues_that_are_done_are_told_one_by_one():
    told: list[tuple[int, int]] = []
    make(three_queues(), horizon="7D", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the cluster's own ports and sockets
def test_a_local_cluster_gives_the_same_forecast_bit_for_bit():
    distributed = pytest.importorskip("distributed")
    joblib = pytest.importorskip("joblib")
    alone = make(three_queues(), horizon="7D")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        spread = make(three_queues(), horizon="7D", n_jobs=-1)
    pd.testing.assert_frame_equal(alone.frame, spread.frame, check_exact=True)
    assert alone.bands is not None
    assert spread.bands is not None
    pd.testing.assert_frame_equal(alone.bands, spread.bands, check_exact=True)
