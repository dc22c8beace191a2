"""Saved plans: projects, typed tables, versions of every value, and jobs."""

from wfm.store.jobs import JobInfo
from wfm.store.projects import ProjectInfo
from wfm.store.repository import Store, default_url, open_store
from wfm.store.versions import KINDS, VersionInfo

__all__ = ["KINDS", "JobInfo", "ProjectInfo", "Store", "VersionInfo", "default_url", "open_store"]
