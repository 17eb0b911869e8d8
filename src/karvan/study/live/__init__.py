"""A session at which levers move: routes once, a year under some owners once, then an answer to each move."""
