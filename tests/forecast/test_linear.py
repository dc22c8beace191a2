"""Blocked matrix work: right, and the same however many threads the library may use."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.forecast.linear import cholesky_lower, product


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 200), seed=st.integers(0, 99))
def test_the_factor_times_itself_is_the_matrix(size, seed):
    a = np.random.default_rng(seed).normal(size=(size, size + 5))
    matrix = a @ a.T + np.eye(size)
    lower = cholesky_lower(matrix.copy())
    assert np.allclose(lower @ lower.T, matrix)
    assert (lower == np.tril(lower)).all()
    assert np.allclose(lower, np.linalg.cholesky(matrix))


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 700])
def test_the_product_is_the_product(rows):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(rows, 40)), rng.normal(size=(40, 700))
    assert np.allclose(product(a, b), a @ b)


CODE = """
import hashlib
import numpy as np
from wfm.forecast.linear import cholesky_lower, product
a = np.random.default_rng(0).normal(size=(700, 750))
whole = product(a, np.ascontiguousarray(a.T)) + np.eye(700)
print(hashlib.sha256(cholesky_lower(whole).tobytes()).hexdigest())
"""


def test_one_thread_and_two_give_the_same_bits():
    found = set()
    for threads in ("1", "2"):
        variables = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", CODE], env=variables, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1
