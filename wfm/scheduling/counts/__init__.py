"""Schedules as counts of alike agents: one matrix, its linear programme, whole days."""
