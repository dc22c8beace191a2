"""What pytest leaves alone: migrations run by Alembic only, and pages run by Streamlit only."""

collect_ignore_glob = ["wfm/store/migrations/*", "wfm/data/*", "app.py"]
