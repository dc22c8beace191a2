"""Shared by all tests: where the optional shared data lies, and what may be skipped."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
settings.register_profile("wfm", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("wfm")
REQUIRE_ALL = os.environ.get("WFM_REQUIRE_ALL") == "1"


def skip_or_fail(reason: str) -> None:
    """Skip with the reason, or fail where nothing may be skipped."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared data beside the checkout."""
    if not SHARED.is_dir():
        skip_or_fail("the folder of shared data is not beside the checkout")
    return SHARED
