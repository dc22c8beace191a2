"""Matrix work in blocks so small that the library keeps to one thread.

The factor of a matrix found by several threads differs from that of one in its last bits, so a
forecast made in one process would not equal that of a worker; and threads that wait for a busy core
cost more than they save at this size.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.linalg import solve_triangular

BLOCK = 64
"""Rows and columns of a block: 64 cubed is the size up to which OpenBLAS keeps to one thread."""


def cholesky_lower(matrix: np.ndarray) -> np.ndarray:
    """Lower triangular factor of a symmetric positive definite matrix, which is overwritten.

    >>> cholesky_lower(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[2., 0.],
           [1., 2.]])
    """
    size = len(matrix)
    edges = [*range(0, size, BLOCK), size]
    spans = [slice(a, b) for a, b in pairwise(edges)]
    for i, here in enumerate(spans):
        corner = np.linalg.cholesky(matrix[here, here])
        matrix[here, here] = corner
        width = here.stop - here.start
        inverse = solve_triangular(corner, np.eye(width), lower=True, check_finite=False).T
        for below in spans[i + 1 :]:
            matrix[below, here] = matrix[below, here] @ inverse
        for j, below in enumerate(spans[i + 1 :], i + 1):
            for across in spans[i + 1 : j + 1]:
                matrix[below, across] -= matrix[below, here] @ matrix[across, here].T
    return np.tril(matrix)


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two matrices, block by block.

    >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    """
    found = np.zeros((a.shape[0], b.shape[1]))
    for i in range(0, a.shape[0], BLOCK):
        for k in range(0, a.shape[1], BLOCK):
            left = np.ascontiguousarray(a[i : i + BLOCK, k : k + BLOCK])
            for j in range(0, b.shape[1], BLOCK):
                found[i : i + BLOCK, j : j + BLOCK] += left @ b[k : k + BLOCK, j : j + BLOCK]
    return found


def times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """A matrix times a vector, without the library.

    >>> times(np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
    array([11.])
    """
    return np.asarray(np.einsum("ij,j->i", matrix, vector))
