"""What other programs refuse is told in our words."""

import errno
import os
import sqlite3

import pytest

from wfm.core.foreign import REASONS, reason
from wfm.core.language import LANGUAGES, told


@pytest.mark.parametrize("number", sorted(REASONS))
def test_no_known_error_of_the_system_is_quoted(number):
    words = reason(OSError(number, os.strerror(number)))
    assert os.strerror(number) not in words
    for language in set(LANGUAGES) - {"en"}:
        assert (
            told(f"calls.csv: it cannot be opened ({words}). Check the file.", language).find(words)
            < 0
        )


def test_a_database_error_is_told_by_its_sign():
    assert reason(sqlite3.OperationalError("database or disk is full")) == "the disk is full"
    assert "readonly" not in reason(
        sqlite3.OperationalError("attempt to write a readonly database")
    )


def test_an_unknown_error_is_quoted_behind_our_sentence():
    assert reason(OSError(errno.EXDEV, "Invalid link.")) == "the system says: Invalid link"
