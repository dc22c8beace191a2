"""Saved plans: projects, typed tables, versions of every value, the change log, and jobs."""

from wfm.store.backup import restore_backup
from wfm.store.changes import ChangeInfo
from wfm.store.errors import ChangedMeanwhile, DamagedError
from wfm.store.jobs import JobInfo
from wfm.store.place import default_url
from wfm.store.projects import ProjectInfo
from wfm.store.repository import Store, open_store
from wfm.store.undo import Step
from wfm.store.versions import KINDS, STATES, VersionInfo

__all__ = [
    "KINDS",
    "STATES",
    "ChangeInfo",
    "ChangedMeanwhile",
    "DamagedError",
    "JobInfo",
    "ProjectInfo",
    "Step",
    "Store",
    "VersionInfo",
    "default_url",
    "open_store",
    "restore_backup",
]
