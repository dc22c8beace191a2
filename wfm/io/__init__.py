"""The borders: readers of files, and writers of what a plan hands out."""

from wfm.io.formula import unguard
from wfm.io.read.append import Appended, append
from wfm.io.read.history import read_history
from wfm.io.read.layouts import LAYOUTS
from wfm.io.read.people import (
    read_agents,
    read_callbacks,
    read_campaigns,
    read_contracts,
    read_events,
    read_limits,
    read_locks,
    read_meetings,
    read_queues,
    read_shrinkage,
)
from wfm.io.read.plan_values import read_forecast, read_requirement
from wfm.io.read.quality import Quality, quality
from wfm.io.read.quality_finding import Finding
from wfm.io.read.record_report import RecordsReport
from wfm.io.read.records import read_records
from wfm.io.read.repair_actions import PUTS, Repair
from wfm.io.read.repairs import Repaired, repair, repaired
from wfm.io.read.report import ReadReport
from wfm.io.read.schedule import read_blocks, read_schedule
from wfm.io.read.tables import read_frame, read_headings
from wfm.io.write.atomic import sentences, write_bytes, write_folder
from wfm.io.write.calendars import agent_feed, calendar_files, write_calendars
from wfm.io.write.csv_table import csv_bytes
from wfm.io.write.schedule import WRITERS, schedule_bytes, write_schedule
from wfm.io.write.tables import write_table
from wfm.io.write.template import template, template_bytes

__all__ = [
    "LAYOUTS",
    "PUTS",
    "WRITERS",
    "Appended",
    "Finding",
    "Quality",
    "ReadReport",
    "RecordsReport",
    "Repair",
    "Repaired",
    "agent_feed",
    "append",
    "calendar_files",
    "csv_bytes",
    "quality",
    "read_agents",
    "read_blocks",
    "read_callbacks",
    "read_campaigns",
    "read_contracts",
    "read_events",
    "read_forecast",
    "read_frame",
    "read_headings",
    "read_history",
    "read_limits",
    "read_locks",
    "read_meetings",
    "read_queues",
    "read_records",
    "read_requirement",
    "read_schedule",
    "read_shrinkage",
    "repair",
    "repaired",
    "schedule_bytes",
    "sentences",
    "template",
    "template_bytes",
    "unguard",
    "write_bytes",
    "write_calendars",
    "write_folder",
    "write_schedule",
    "write_table",
]
