"""What pytest leaves alone: migrations run by Alembic only, and pages run by Streamlit only.

The package is imported before pytest looks for examples in its files: it would import a file of
its own accord a second time otherwise, and there would be two of each class in it.
"""

import wfm  # noqa: F401

collect_ignore_glob = ["wfm/store/migrations/*", "wfm/data/*", "app.py"]
