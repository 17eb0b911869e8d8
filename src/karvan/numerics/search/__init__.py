"""Route search: shortest paths, and the cheapest route of every sequence of gateway groups."""
