"""Briefs and claims as pages and text: what was known on a day, line by line with its sources."""
