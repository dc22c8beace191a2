"""Workforce management for contact centres: forecast contacts, staff them, schedule people."""
