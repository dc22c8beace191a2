"""Heads and people to shifts: the problem, the solver's phases and an independent checker."""
