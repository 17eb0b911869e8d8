"""Scenarios: which levers are in force, what they change, and the state of a corridor in one year."""
