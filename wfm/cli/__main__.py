"""``python -m wfm.cli``."""

from wfm.cli import main

main()
