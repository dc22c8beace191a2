"""Counts to named people, and the weeks of one person: legal, cheap, fair in turn."""
