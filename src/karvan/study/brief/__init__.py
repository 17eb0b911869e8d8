"""The state of cooperation on a day: targets with their trends, and what was known, subject by subject."""
