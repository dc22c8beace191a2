"""Rosters by shift type: who works which named shift on which day."""
