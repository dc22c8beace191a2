"""The command line: each command is one step, reads and writes files, prints a short table."""

from wfm.cli import whole, commands, published  # noqa: F401, I001 - each adds its commands
from wfm.cli.app import main

__all__ = ["main"]
