"""The command line: each command is one step, reads and writes files, prints a short table."""

from wfm.cli import published  # noqa: F401 - adds its commands
from wfm.cli.commands import main

__all__ = ["main"]
