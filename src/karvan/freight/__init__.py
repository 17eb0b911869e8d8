"""Freight: routes over the supernetwork, choice among them, and what a year of it loads."""
