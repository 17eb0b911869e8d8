"""Held to the record: free levers fitted to what was known on a day, and judged on what came later."""
